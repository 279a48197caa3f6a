"""A planted number of an invented world beside its estimate. Only invented data have a truth to reveal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Revealed:
    """One planted number (``truth``) and what was estimated, in the outcome's unit.

    ``low, high`` is the pointwise 95 % interval; ``reason`` why readers of the dossier may not see the number ("" =
    they may).
    """

    arm: str
    compared_with: str
    outcome: str
    month: int
    measure: str
    target: str
    truth: float
    estimate: float
    low: float
    high: float
    reason: str

    @property
    def inside(self) -> bool:
        """Whether the interval holds the truth."""
        return self.low <= self.truth <= self.high
