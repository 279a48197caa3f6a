"""An effect: open with every number, or closed with a reason and no number at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from watwerkt.dossier.cell import Cell
from watwerkt.errors import DossierError

Target = Literal["all", "treated", "overlap", "pair", "compliers", "always_workers"]
TARGETS: tuple[Target, ...] = ("all", "treated", "overlap", "pair", "compliers", "always_workers")

# A break-even may be open-ended: it has no point within the horizon, and still an earliest month by the band.
OPEN_ENDED = ("beyond_horizon", "no_loss")
NUMBERS = ("estimate", "std_error", "low", "high", "band_low", "band_high", "level", "level_without", "n", "n_without")


@dataclass(frozen=True)
class Effect:
    """One number with its range, or the reason why there is none.

    ``estimate`` = ``level`` − ``level_without`` in the outcome's unit; ``low, high`` is the pointwise 95 % interval,
    ``band_low, band_high`` the simultaneous one over ``family`` (None where an effect has no family). ``n`` and
    ``n_without`` count persons. Invariants: ``reason == ""`` if and only if there are numbers, except a break-even
    with an open end; a closed effect has no n either; low ≤ estimate ≤ high.
    """

    cell: Cell
    arm: str
    target: Target
    design: str
    reason: str = ""
    estimate: float | None = None
    std_error: float | None = None
    low: float | None = None
    high: float | None = None
    band_low: float | None = None
    band_high: float | None = None
    level: float | None = None
    level_without: float | None = None
    n: int | None = None
    n_without: int | None = None
    family: str = ""

    def __post_init__(self) -> None:
        where = f"effect of {self.arm} on {self.cell.outcome}, {self.cell.period} {self.cell.month}"
        if self.target not in TARGETS:
            raise DossierError(where=where, because=f"no target is called {self.target!r}")
        if self.is_open_ended:
            if self.estimate is not None or self.high is not None:
                raise DossierError(where=where, because="an open-ended break-even has no point and no latest month")
            return
        if self.reason and any(getattr(self, name) is not None for name in NUMBERS):
            raise DossierError(where=where, because="a closed effect carries a number")
        if not self.reason:
            self._check_range(where)

    def _check_range(self, where: str) -> None:
        if self.estimate is None:
            raise DossierError(where=where, because="an open effect without an estimate")
        for low, high in ((self.low, self.high), (self.band_low, self.band_high)):
            if (low is not None and low > self.estimate) or (high is not None and high < self.estimate):
                raise DossierError(where=where, because="the range does not hold the estimate")
        if self.std_error is not None and self.std_error < 0:
            raise DossierError(where=where, because="a negative standard error")

    def closed(self, reason: str) -> Effect:
        """The same cell without any number."""
        return Effect(self.cell, self.arm, self.target, self.design, reason, family=self.family)

    @property
    def is_open_ended(self) -> bool:
        """A break-even that lies beyond the horizon, or that has no loss to make good."""
        return self.cell.measure == "break_even" and self.reason in OPEN_ENDED

    @property
    def opened(self) -> bool:
        """Whether a reader may see this effect's numbers."""
        return self.reason == "" or self.is_open_ended
