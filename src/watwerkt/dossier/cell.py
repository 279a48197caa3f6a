"""The key of everything that travels: what was compared with what, on which outcome, when, for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from watwerkt.errors import DossierError

Measure = Literal[
    "at", "total", "mean_lock_in", "break_even", "started_later", "bound_low", "bound_high", "always_workers"
]
MEASURES: tuple[Measure, ...] = get_args(Measure)
PERIODS = ("month", "week", "")


@dataclass(frozen=True, order=True)
class Cell:
    """Instrument × compared with × outcome × month × group.

    ``month`` is the integer period of the question (``period`` = "month" or "week"), or None for an outcome without
    time. ``measure`` says what the number is: the difference *at* that period, the *total* up to it, the mean over
    the declared *lock-in* window, the period of *break-even*, or the share of the comparison that *started later*. Of a
    wage it is the lower or the upper *bound*, or the share that works either way, the *always-workers* it is about.
    """

    instrument: str
    compared_with: str
    outcome: str
    month: int | None
    group: str = "all"
    period: str = "month"
    measure: Measure = "at"

    def __post_init__(self) -> None:
        if self.measure not in MEASURES:
            raise DossierError(where=str(self.outcome), because=f"no measure is called {self.measure!r}")
        if self.period not in PERIODS:
            raise DossierError(where=str(self.outcome), because=f"no period is called {self.period!r}")
        if not (self.instrument and self.compared_with and self.outcome and self.group):
            raise DossierError(where=repr(self), because="a cell names instrument, comparison, outcome and group")
