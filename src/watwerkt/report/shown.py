"""The one way to show an effect: together with everything a number may not travel without."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from watwerkt.dossier import Dossier, Effect
from watwerkt.errors import DossierError
from watwerkt.report.unit import Unit, unit_of

# The low and the high end of a range: they round outward (numbers.nearest).
ENDS = {"low": -1, "band_low": -1, "high": 1, "band_high": 1}


@dataclass(frozen=True, eq=False)
class Shown:
    """An effect in its dossier. Raises DossierError when comparison, range, horizon, unit, n or version is missing."""

    dossier: Dossier
    effect: Effect

    def __post_init__(self) -> None:
        missing = [name for name, there in self._must() if not there]
        if missing:
            where = f"{self.effect.arm} on {self.effect.cell.outcome}"
            raise DossierError(where=where, because=f"an effect without {', '.join(missing)} is never shown")

    def _must(self) -> list[tuple[str, bool]]:
        effect, dossier = self.effect, self.dossier
        outcomes = {o.name: o for o in dossier.question.outcomes}
        outcome = outcomes.get(effect.cell.outcome)
        timeless = outcome is not None and not outcome.is_path
        must = [
            ("an outcome of the question", outcome is not None),
            ("a comparison", bool(effect.cell.compared_with)),
            ("a version", bool(dossier.engine and dossier.snapshot)),
            ("a horizon", effect.cell.month is not None or timeless or effect.cell.measure == "break_even"),
        ]
        if outcome is not None:
            unit = unit_of(dossier, effect.cell)
            must.append(("a unit", unit.kind != "plain" or bool(unit.word)))
        return must + ([] if effect.reason else self._must_have_numbers())

    def _must_have_numbers(self) -> list[tuple[str, bool]]:
        effect = self.effect
        if effect.cell.measure == "started_later":
            return [("n", effect.n_without is not None)]
        counted = ("n", effect.n is not None and effect.n_without is not None)
        latest = effect.high is not None or effect.cell.measure == "break_even"
        return [counted, ("a range", effect.low is not None and latest)]

    @cached_property
    def upper(self) -> Shown | None:
        """The upper bound that belongs to a lower one; None of any other effect."""
        mine, cell = self.effect, self.effect.cell
        if cell.measure != "bound_low":
            return None
        key = (mine.arm, mine.design, mine.target, replace(cell, measure="bound_high"))
        found = (e for e in self.dossier.effects if (e.arm, e.design, e.target, e.cell) == key)
        other = next(found, None)
        return None if other is None or other.estimate is None else Shown(self.dossier, other)

    @cached_property
    def unit(self) -> Unit:
        """What its numbers count."""
        return unit_of(self.dossier, self.effect.cell)

    @property
    def step(self) -> Decimal:
        """The step its numbers have in a sentence."""
        return self.unit.coarse(self.effect.std_error)

    def said(self, name: str) -> Decimal:
        """One of its numbers, as a sentence has it."""
        return self.unit.said(self._number(name), self.effect.std_error, ENDS.get(name, 0))

    def shown(self, name: str) -> Decimal:
        """One of its numbers, as chart and table have it. ``level`` is what adds up: level_without + estimate."""
        if name == "level":
            return self.shown("level_without") + self.shown("estimate")
        return self.unit.shown(self._number(name), self.effect.std_error)

    @property
    def fine(self) -> Decimal:
        """The step its numbers have in chart and table."""
        return self.unit.fine(self.effect.std_error)

    def _number(self, name: str) -> float:
        value = getattr(self.effect, name)
        if value is None:
            raise DossierError(where=self.effect.cell.outcome, because=f"the number {name} is missing or closed")
        return float(value)
