"""The planted truth of an invented world beside what was estimated, opened and closed."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from watwerkt.dossier import Effect, Revealed
from watwerkt.errors import MissingFile

MOMENTS = (6, 12, 24, 36)


@dataclass(frozen=True)
class Exact:
    """What ``reveal`` needs of a judged effect: its numbers, and why readers may not see them ("" = may)."""

    exact: Effect
    reason: str


def reveal(truth: Path, judged: Iterable[Exact]) -> tuple[Revealed, ...]:
    """Every planted number of ``truth`` that was estimated, in the order of the file. Raises MissingFile."""
    if not truth.exists():
        raise MissingFile(where=str(truth))
    with truth.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    estimated = {_key(j.exact): j for j in judged if j.exact.cell.group == "all" and j.exact.estimate is not None}
    found = []
    for row in rows:
        j = estimated.get(
            (row["arm"], row["compared_with"], row["outcome"], row["month"], row["measure"], row["target"])
        )
        if j is not None:
            found.append(_revealed(row, j))
    return tuple(found)


def main(rows: Iterable[Revealed]) -> tuple[Revealed, ...]:
    """What a first look needs: arms against not now, the treated, at half a year to three years, lock-in and total."""
    return tuple(
        row
        for row in rows
        if row.compared_with == "not_now" and row.target == "treated" and (row.measure != "at" or row.month in MOMENTS)
    )


def _key(effect: Effect) -> tuple[str, ...]:
    cell = effect.cell
    return (effect.arm, cell.compared_with, cell.outcome, str(cell.month), cell.measure, effect.target)


def _revealed(row: dict[str, str], judged: Exact) -> Revealed:
    e = judged.exact
    assert e.estimate is not None
    return Revealed(
        arm=row["arm"], compared_with=row["compared_with"], outcome=row["outcome"], month=int(row["month"]),
        measure=row["measure"], target=row["target"], truth=float(row["value"]), estimate=e.estimate,
        low=e.low if e.low is not None else e.estimate, high=e.high if e.high is not None else e.estimate,
        reason=judged.reason,
    )  # fmt: skip
