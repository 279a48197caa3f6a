"""The check of one contrast: whom it speaks of, and the two ways in which most of them decide."""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt.dossier import Check, Verdict
from watwerkt.effects.nouns import Contrast, Plan


@dataclass(frozen=True)
class About:
    """Whom a check speaks of: an arm, what it is compared with ("" = the question's comparison), what it may close."""

    arm: str
    compared_with: str
    closes: tuple[str, ...]

    @classmethod
    def of(cls, plan: Plan, contrast: Contrast) -> About:
        """One contrast, whose target it may close."""
        other = "" if contrast.compared_with == plan.drawn.arms[0] else contrast.compared_with
        return cls(contrast.arm, other, _with_others(plan, (contrast.target,)))

    def at_least(
        self, name: str, statistic: float, threshold: float, refused: bool = False, level: float | None = None
    ) -> Check:
        """Failed below the threshold, or when the design itself ``refused``."""
        return self.says(name, refused or statistic < threshold, statistic, threshold, level)

    def at_most(self, name: str, statistic: float, threshold: float, level: float | None = None) -> Check:
        """Failed above the threshold."""
        return self.says(name, statistic > threshold, statistic, threshold, level)

    def says(self, name: str, failed: bool, statistic: float, threshold: float, level: float | None = None) -> Check:
        """A verdict with its numbers."""
        verdict: Verdict = "failed" if failed else "passed"
        return Check(
            name=name,
            arm=self.arm,
            outcome="",
            verdict=verdict,
            statistic=float(statistic),
            threshold=float(threshold),
            closes=self.closes,
            level=level,
            compared_with=self.compared_with,
        )


def identified(plan: Plan) -> tuple[Contrast, ...]:
    """The contrasts whose weights exist: the others are closed by the design, and there is nothing to look at."""
    return tuple(contrast for contrast in plan.contrasts if not contrast.closed)


def targets(plan: Plan) -> tuple[str, ...]:
    """Every target that this plan speaks of."""
    return _with_others(plan, tuple(dict.fromkeys(contrast.target for contrast in plan.contrasts)))


def _with_others(plan: Plan, of: tuple[str, ...]) -> tuple[str, ...]:
    """Those who took it up because they were offered it are found by the comparison of all, and those who work either
    way by the one that leads: its checks are theirs."""
    took = ("compliers",) if "all" in of and plan.drawn.takeup is not None else ()
    wages = any(outcome.kind == "wage" for outcome in plan.drawn.question.outcomes)
    return (*of, *took, *(("always_workers",) if wages and plan.leading in of else ()))
