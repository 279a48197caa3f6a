"""A check and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from watwerkt import vocabulary
from watwerkt.errors import DossierError

Verdict = Literal["passed", "failed", "not_informative", "not_applicable", "not_reported"]
VERDICTS: tuple[Verdict, ...] = ("passed", "failed", "not_informative", "not_applicable", "not_reported")


@dataclass(frozen=True)
class Check:
    """One check of one arm (METHODS 4.1).

    ``arm`` and ``outcome`` are "" where a check is about all of them; ``compared_with`` is "" for the question's own
    comparison, and an arm where two arms are set against each other; ``design`` is "" for every design.
    ``statistic`` and ``threshold`` are in the check's own unit (vocabulary/checks.toml says which). ``closes`` lists
    the targets that a *failed* check closes (of ``all treated overlap pair compliers``). ``level`` is the share of
    sound effects that this check may fail.
    """

    name: str
    arm: str
    outcome: str
    verdict: Verdict
    statistic: float | None = None
    threshold: float | None = None
    closes: tuple[str, ...] = ()
    level: float | None = None
    detectable: float | None = None
    compared_with: str = ""
    design: str = ""

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise DossierError(where=f"check {self.name}", because=f"no verdict is called {self.verdict!r}")
        if self.verdict in ("passed", "failed") and self.statistic is None:
            raise DossierError(where=f"check {self.name}", because="a verdict without a statistic")

    def concerns(self, arm: str, target: str, outcome: str, compared_with: str = "") -> bool:
        """Whether this check is about an effect of ``arm`` on ``outcome`` in ``target``.

        ``compared_with`` is "" for the question's comparison. A placebo names the earlier outcome that it looked at,
        and speaks of every later one; the vocabulary says which checks name something else than an outcome.
        """
        own_arm = self.arm == "" or (self.arm == arm and self.compared_with == compared_with)
        known = vocabulary.load("checks").get(self.name)
        own_outcome = self.outcome in ("", outcome) or (known is not None and known.names != "")
        return own_arm and own_outcome and (not self.closes or target in self.closes)

    def shuts(self, arm: str, target: str, outcome: str, compared_with: str = "") -> bool:
        """Whether it failed, and so closes such an effect."""
        return self.verdict == "failed" and target in self.closes and self.concerns(arm, target, outcome, compared_with)

    @property
    def reason(self) -> str:
        """The reason of the vocabulary for which this check closes when it fails."""
        return vocabulary.load("checks")[self.name].reason or self.name
