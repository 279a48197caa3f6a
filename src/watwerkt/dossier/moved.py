"""Two dossiers of one question, an earlier and a later one: which numbers moved, and why. Made of dossiers alone.

Between them stands a third, which is never published: the later data up to the last day that the earlier ones covered.
What lies between the first and the second was registered or mended since; what lies between the second and the third
are people and months that were not there yet. The differences are of rounded numbers and add up exactly.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from io import StringIO

from watwerkt.dossier.cell import Cell
from watwerkt.dossier.dossier import Dossier
from watwerkt.dossier.effect import Effect
from watwerkt.dossier.text import number

Key = tuple[Cell, str, str, str]
COLUMNS = (
    "instrument", "arm", "compared_with", "outcome", "month", "group", "measure", "target", "design",
    "old", "old_reason", "as_then", "as_then_reason", "new", "new_reason", "moved", "by_corrections", "by_new_people",
    "n_old", "n_as_then", "n_new",
)  # fmt: skip
# Counts are rounded to 5 on either side: so much may two of them differ while as many people do not.
_SLACK = 5


@dataclass(frozen=True)
class Move:
    """One effect in the earlier dossier, in the later data up to the earlier last day, and in the later dossier.

    None where a dossier does not have it. A closed effect has no number, so it moves by nothing that one can tell.
    """

    old: Effect | None
    as_then: Effect | None
    new: Effect | None

    @property
    def effect(self) -> Effect:
        """The effect that the numbers are of: the later one where it is there."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def moved(self) -> float | None:
        """Later minus earlier."""
        return _minus(self.new, self.old)

    @property
    def by_corrections(self) -> float | None:
        """What was registered or mended since (and, where it changed, the engine)."""
        return _minus(self.as_then, self.old)

    @property
    def by_new_people(self) -> float | None:
        """People and months that were not there yet."""
        return _minus(self.new, self.as_then)

    @property
    def turned(self) -> bool:
        """Whether it opened or closed."""
        return (self.old is not None and self.old.opened) != (self.new is not None and self.new.opened)


@dataclass(frozen=True)
class Moved:
    """What moved between an earlier dossier (``digest`` names it) and the later one that replaces it.

    ``as_then``: the later data up to the earlier last day; None where they cannot be cut (a table, a dossier of before
    it said its last day, or nobody is left to compare).
    """

    old: Dossier
    as_then: Dossier | None
    new: Dossier
    digest: str

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """Every effect of either dossier, in the order of the later one, then what only the earlier one has."""
        old, new = _by_key(self.old), _by_key(self.new)
        between = _by_key(self.as_then) if self.as_then is not None else {}
        keys = dict.fromkeys((*new, *old))
        return tuple(Move(old.get(key), between.get(key), new.get(key)) for key in keys)

    @property
    def causes(self) -> tuple[str, ...]:
        """What is different: ``engine``, ``seed``, ``known_on``, ``until``, ``corrections``."""
        old, new = self.old, self.new
        found = {
            "engine": old.engine != new.engine,
            "seed": old.seed != new.seed,
            "known_on": old.facts.known_on != new.facts.known_on,
            "until": old.facts.until != new.facts.until,
            "corrections": any(move.by_corrections for move in self.moves),
        }
        return tuple(name for name, differs in found.items() if differs)

    @property
    def alike(self) -> bool:
        """Whether so few people may differ between the two that together they describe those few."""
        before, after = ({arm.arm: arm.n or 0 for arm in d.facts.arms} for d in (self.old, self.new))
        least = self.new.threshold + _SLACK
        return before.keys() == after.keys() and all(abs(after[arm] - before[arm]) < least for arm in after)


def moved_csv(moved: Moved) -> str:
    """The moves as CSV, a row an effect. For inside alone (docs/decisions/0161)."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for move in moved.moves:
        writer.writerow([v if isinstance(v, str) else number(v) for v in _row(move)])
    return out.getvalue()


def _row(move: Move) -> list[str | float | None]:
    effect, cell = move.effect, move.effect.cell
    row: list[str | float | None] = [cell.instrument, effect.arm, cell.compared_with, cell.outcome, cell.month]
    row += [cell.group, cell.measure, effect.target, effect.design]
    for one in (move.old, move.as_then, move.new):
        row += [None, "absent"] if one is None else [one.estimate, one.reason]
    row += [move.moved, move.by_corrections, move.by_new_people]
    return row + [None if one is None else one.n for one in (move.old, move.as_then, move.new)]


def _by_key(dossier: Dossier) -> dict[Key, Effect]:
    return {(e.cell, e.arm, e.target, e.design): e for e in dossier.effects}


def _minus(after: Effect | None, before: Effect | None) -> float | None:
    """The difference of two published numbers, in decimals: differences of differences add up to the last digit."""
    if after is None or before is None or after.estimate is None or before.estimate is None:
        return None
    return float(Decimal(repr(after.estimate)) - Decimal(repr(before.estimate)))
