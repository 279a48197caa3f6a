"""What only invented data have: a planted number beside its estimate, and tables that are known to be wrong."""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt.dossier.effect import Effect
from watwerkt.dossier.question import Question


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


@dataclass(frozen=True)
class Tempting:
    """A table that one would make first: ``effects`` of its question's primary cell, exact, and the ``reason`` (of the
    vocabulary) why they are wrong. It stands in no dossier and passes no door."""

    reason: str
    question: Question
    effects: tuple[Effect, ...]
