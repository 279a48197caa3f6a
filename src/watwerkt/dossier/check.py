"""A check and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from watwerkt.errors import DossierError

Verdict = Literal["passed", "failed", "not_informative", "not_applicable", "not_reported"]
VERDICTS: tuple[Verdict, ...] = ("passed", "failed", "not_informative", "not_applicable", "not_reported")


@dataclass(frozen=True)
class Check:
    """One check of one arm (METHODS 4.1).

    ``arm`` and ``outcome`` are "" where a check is about all of them; ``compared_with`` is "" for the question's own
    comparison, and an arm where two arms are set against each other. ``statistic`` and ``threshold`` are in the
    check's own unit (vocabulary/checks.toml says which). ``closes`` lists the targets that a *failed* check closes
    (of ``all treated overlap pair compliers``). ``level`` is the share of sound effects that this check may fail.
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

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise DossierError(where=f"check {self.name}", because=f"no verdict is called {self.verdict!r}")
        if self.verdict in ("passed", "failed") and self.statistic is None:
            raise DossierError(where=f"check {self.name}", because="a verdict without a statistic")
