"""Small exact answers and dossiers, made by hand, for tests of the door and of what lies beyond it."""

from __future__ import annotations

import numpy as np

from watwerkt.dossier import (
    Arm,
    Cell,
    Check,
    Dossier,
    Effect,
    Exclusions,
    Facts,
    Outcome,
    Population,
    Question,
    Step,
    Time,
    Where,
    Words,
)
from watwerkt.effects.nouns import Answer, Estimates, Family, Judged


def question(**changes: object) -> Question:
    """A question on a register: short or long training, work and earnings, 12 months."""
    parts = {
        "id": "short-or-long",
        "title": Words(nl="Kort of lang?", en="Short or long?"),
        "arms": (
            Arm("short", "training.short", (Where("instrument", ("training",)), Where("planned_months", (0, 3), True))),
            Arm("long", "training.long", (Where("instrument", ("training",)), Where("planned_months", (6, 24), True))),
        ),
        "compared_with": "not_now",
        "outcomes": (Outcome("work", "employed", 0.02), Outcome("earnings", "earnings", 50.0, unit="EUR a month")),
        "population": Population(scheme=("ww",), age=(25, 60), entry=("2017-01-01", "2019-12-31")),
        "time": Time(zero="each month", until=12, horizon=12),
    }
    return Question(**{**parts, **changes})  # type: ignore[arg-type]


def family(n: int = 400, group: str = "all", level: float = 0.4, clusters: int = 2000) -> Family:
    """A path of work over months 0 … 12 with a lock-in: theta, a stationary V, and n persons in the arm."""
    months = np.arange(13)
    theta = -0.05 + 0.01 * months
    deviation = 0.5 / np.sqrt(n)
    V = deviation**2 * 0.9 ** np.abs(np.subtract.outer(months, months))
    cells = tuple(Cell("training.short", "not_now", "work", int(m), group) for m in months)
    share = np.minimum(level, 1 - level)
    return Family(
        name=f"short work treated {group}", arm="short", compared_with="not_now", outcome="work", target="treated",
        cells=cells, theta=theta, V=V, level_without=np.full(13, level), df=float(n - 1), clusters=clusters, n=n,
        n_without=5 * n, effective=float(n), events=np.full(13, np.floor(n * share)), closed=("",) * 13,
    )  # fmt: skip


def exact(of: Family) -> tuple[Effect, ...]:
    """The effects of a family, exact."""
    errors = np.sqrt(np.diag(of.V))
    return tuple(
        Effect(
            cell=cell, arm=of.arm, target=of.target, design="adjusted", estimate=float(t), std_error=float(s),
            low=float(t - 1.96 * s), high=float(t + 1.96 * s),
            band_low=float(t - 2.8 * s), band_high=float(t + 2.8 * s),
            level=float(without + t), level_without=float(without), n=of.n, n_without=of.n_without, family=of.name,
        )
        for cell, t, s, without in zip(of.cells, of.theta, errors, of.level_without, strict=True)
    )  # fmt: skip


def answer(*families: Family, reason: str = "", **changes: object) -> Answer:
    """An answer that holds these families, all open or all closed for ``reason``."""
    families = families or (family(),)
    parts = {
        "question": question(),
        "estimates": (Estimates("adjusted", families),),
        "judged": tuple(Judged(e, reason) for f in families for e in exact(f)),
        "checks": (Check("overlap", "short", "", "passed", 812.3456, 100.0, ("treated",), 0.0125),),
        "exclusions": Exclusions((Step("read", "", 10_003), Step("not_covered", "", 9_001), Step("no_arm", "", 2_402))),
        "facts": Facts(remarks=("per_start",)),
        "snapshot": "0" * 64,
        "seed": 1,
        "synthetic": True,
        "threshold": 10,
        "engine": "0.1.0",
    }
    return Answer(**{**parts, **changes})  # type: ignore[arg-type]


def dossier(**changes: object) -> Dossier:
    """A released dossier."""
    from watwerkt.door import release

    return release(answer(**changes))
