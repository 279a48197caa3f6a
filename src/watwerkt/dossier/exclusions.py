"""What was set aside, counted to the row."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from watwerkt.errors import DossierError


@dataclass(frozen=True)
class Step:
    """One exclusion: why (a reason of the vocabulary), for which arm ("" = before arms exist), and rows left after."""

    reason: str
    arm: str
    left: int


@dataclass(frozen=True)
class Exclusions:
    """All steps from the rows read to the rows used. The first step is ``read``; rows never come back.

    ``rows read = rows used + the sum of what each step set aside``, by construction: a step stores what is left, and
    what it set aside is the difference with the step before it.
    """

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if not self.steps or self.steps[0].reason != "read":
            raise DossierError(where="exclusions", because="the first step must be 'read'")
        lefts = [step.left for step in self.steps]
        if any(left < 0 for left in lefts) or any(after > before for before, after in pairwise(lefts)):
            raise DossierError(where="exclusions", because="a step cannot bring rows back")

    @property
    def read(self) -> int:
        """Rows at the start."""
        return self.steps[0].left

    @property
    def used(self) -> int:
        """Rows at the end."""
        return self.steps[-1].left

    def set_aside(self) -> tuple[tuple[str, str, int], ...]:
        """(reason, arm, rows set aside) of each step after the first."""
        return tuple((b.reason, b.arm, a.left - b.left) for a, b in pairwise(self.steps))

    def then(self, reason: str, arm: str, left: int) -> Exclusions:
        """These exclusions and one more step."""
        return Exclusions((*self.steps, Step(reason, arm, left)))
