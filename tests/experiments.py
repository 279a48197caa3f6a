"""Experiments as drawn samples, from plain arrays: for tests of the design `randomised` and of what follows from it."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Arm, Exclusions, Outcome, Question, Step, Time, Words
from watwerkt.effects.designs import randomised
from watwerkt.effects.nouns import Estimates, Family, Settings
from watwerkt.sample.nouns import Covariates, Drawn, Followed, Panel

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

DATA = Path(__file__).parents[2] / "shared" / "data"
ABSENT = "the reference data lie beside the repository, not in it"


def question(K: int, months: tuple[int | None, ...] = (None,), **changes: object) -> Question:
    """K arms a0 (the comparison), a1, …, one outcome, weekly where it has periods."""
    arms = tuple(Arm(f"a{k}") for k in range(K))
    time = Time() if months == (None,) else Time(horizon=months[-1], period="week")
    parts = {
        "id": "experiment", "title": Words(), "arms": arms, "compared_with": "a0", "time": time,
        "outcomes": (Outcome("work", "employed" if months != (None,) else "number"),),
    }  # fmt: skip
    return Question(**{**parts, **changes})  # type: ignore[arg-type]


def drawn(arm: Codes, x: Floats | None = None, *, asked: Question | None = None, **changes: object) -> Drawn:
    """One row a person; ``changes`` are fields of Drawn."""
    n, K = len(arm), int(arm.max()) + 1
    x = np.empty((n, 0)) if x is None else x
    names = tuple(f"x{j}" for j in range(x.shape[1]))
    people = np.arange(n)
    parts = {
        "question": asked or question(K), "snapshot": "0" * 64, "synthetic": True, "threshold": 10,
        "arms": tuple(f"a{k}" for k in range(K)), "key": np.array([f"{i:07d}" for i in people]),
        "arm": arm.astype(np.int64), "person": people, "cluster": people, "stratum": np.zeros(n, dtype=np.int64),
        "weight": np.ones(n), "rate": np.ones((n, K)),
        "covariates": Covariates(names, names, x.astype(float), np.zeros(len(names), dtype=bool)),
        "exclusions": Exclusions((Step("read", "", n),)), "ident": np.array([f"{i:07d}" for i in people]),
        "zero": np.full(n, np.datetime64("NaT"), dtype="datetime64[D]"),
    }  # fmt: skip
    return Drawn(**{**parts, **changes})  # type: ignore[arg-type]


def followed(people: Drawn, y: Floats, observed: NDArray[np.bool_] | None = None) -> Followed:
    """The people and one outcome, (n,) or (n, M) over periods 1 … M."""
    table = y[:, None] if y.ndim == 1 else y
    months = (None,) if y.ndim == 1 else tuple(range(1, table.shape[1] + 1))
    return Followed(people, (Panel("work", months, table.astype(np.float32), observed),))


def estimated(people: Drawn, y: Floats, design: ModuleType = randomised, **more: Any) -> Estimates:
    """What the design makes of them."""
    return design.estimate(design.prepare(people, Settings()), followed(people, y, **more))


def family(found: Estimates, arm: str = "a1", other: str = "a0", target: str = "all", group: str = "all") -> Family:
    """The one family of that key."""
    key = (arm, other, target, group)
    return next(f for f in found.families if (f.arm, f.compared_with, f.target, f.cells[0].group) == key)


def of_arms(found: Estimates, target: str = "all") -> tuple[Family, ...]:
    """Everybody's families of each arm against the comparison."""
    return tuple(f for f in found.families if (f.compared_with, f.target, f.cells[0].group) == ("a0", target, "all"))


def se(of: Family) -> Floats:
    """Standard errors (M,)."""
    return np.sqrt(np.diag(of.V))


# ---- what others measured --------------------------------------------------------------------------------------------


def reference(name: str) -> dict[str, Any]:
    """The values of a reference file that R made."""
    return dict(json.loads((DATA / "reference" / f"{name}.json").read_text("utf-8"))["values"])


def table(path: str, delimiter: str = ",") -> dict[str, NDArray[np.str_]]:
    """Columns of a text file, as text."""
    content = (DATA / path).read_bytes()
    lines = (gzip.decompress(content) if path.endswith(".gz") else content).decode().splitlines()
    if delimiter == " ":
        rows = [[cell.strip('"') for cell in line.split()] for line in lines]
    else:
        rows = list(csv.reader(lines))
    return {name: np.array(column) for name, column in zip(rows[0], zip(*rows[1:], strict=True), strict=True)}


def pennsylvania() -> dict[str, Floats]:
    """The bonus experiment: columns as numbers, with ``quarter``, ``dep1`` and ``dep2``."""
    columns = {name: values.astype(float) for name, values in table("penn_bonus/penn_jae.dat", " ").items()}
    quarters = np.column_stack([columns[f"q{j}"] for j in range(1, 7)])
    return {
        **columns,
        "quarter": quarters.argmax(axis=1).astype(float),
        "dep1": (columns["dep"] == 1).astype(float),
        "dep2": (columns["dep"] == 2).astype(float),
    }
