"""The planted truth of an invented world beside what was estimated, opened and closed."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from watwerkt.dossier import Effect, Question, Revealed, Tempting
from watwerkt.dossier.why import compared_arm
from watwerkt.errors import MissingFile

MOMENTS = (6, 12, 24, 36)


@dataclass(frozen=True)
class Exact:
    """What ``reveal`` needs of a judged effect: its numbers, and why readers may not see them ("" = may)."""

    exact: Effect
    reason: str


def reveal(truth: Path, judged: Iterable[Exact], question: Question) -> tuple[Revealed, ...]:
    """Every planted number of ``truth`` that was estimated, in the order of the file. Raises MissingFile."""
    if not truth.exists():
        raise MissingFile(where=str(truth))
    with truth.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    estimated = {
        _key(j.exact, question): j for j in judged if j.exact.cell.group == "all" and j.exact.estimate is not None
    }
    found = []
    for row in rows:
        j = estimated.get(
            (row["arm"], row["compared_with"], row["outcome"], row["month"], row["measure"], row["target"])
        )
        if j is not None:
            found.append(_revealed(row, j))
    return tuple(found)


def tempted(truth: Path, tables: Iterable[Tempting]) -> tuple[Revealed, ...]:
    """The same of tables that are known to be wrong."""
    found = (reveal(truth, (Exact(e, table.reason) for e in table.effects), table.question) for table in tables)
    return tuple(row for rows in found for row in rows)


def main(rows: Iterable[Revealed], question: Question) -> tuple[Revealed, ...]:
    """What a first look needs: arms against not now, the treated, at half a year to three years, lock-in and total; and
    the first arm against the second on the primary cell."""
    return tuple(row for row in rows if row.target == "treated" and (_plain(row) or _first_pair(row, question)))


def _plain(row: Revealed) -> bool:
    return row.compared_with == "not_now" and (row.measure != "at" or row.month in MOMENTS)


def _first_pair(row: Revealed, question: Question) -> bool:
    pair = tuple(arm.name for arm in question.treatments[:2])
    asked = (question.primary.outcome, question.primary.month, "at")
    return (row.arm, row.compared_with) == pair and (row.outcome, row.month, row.measure) == asked


def _key(effect: Effect, question: Question) -> tuple[str, ...]:
    """As the truth names it: the other arm by its name, not by what it counts as."""
    cell, other = effect.cell, compared_arm(question, effect) or question.compared_with
    return (effect.arm, other, cell.outcome, str(cell.month), cell.measure, effect.target)


def _revealed(row: dict[str, str], judged: Exact) -> Revealed:
    e = judged.exact
    assert e.estimate is not None
    return Revealed(
        arm=row["arm"], compared_with=row["compared_with"], outcome=row["outcome"], month=int(row["month"]),
        measure=row["measure"], target=row["target"], truth=float(row["value"]), estimate=e.estimate,
        low=e.low if e.low is not None else e.estimate, high=e.high if e.high is not None else e.estimate,
        reason=judged.reason,
    )  # fmt: skip
