"""Which of a dossier's effects a reader sees first: per arm and outcome one target, one design, one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from watwerkt import vocabulary
from watwerkt.dossier import Dossier, Effect, Outcome
from watwerkt.report import names
from watwerkt.report.shown import Shown

# The first that exists is the headline (METHODS 2): each starter counts once under "treated".
TARGETS = ("treated", "all", "overlap", "pair", "compliers", "always_workers")
PLAIN = "plain"  # the raw difference, estimated beside another design, is for inside only


@dataclass(frozen=True, eq=False)
class Look:
    """One arm on one outcome against one comparison, in the target that a page speaks of. Effects in order of time."""

    dossier: Dossier
    arm: str
    outcome: Outcome
    effects: tuple[Effect, ...]

    def of(self, measure: str) -> tuple[Effect, ...]:
        """The effects of one measure, for everyone."""
        return tuple(e for e in self.effects if e.cell.measure == measure and e.cell.group == "all")

    @property
    def path(self) -> tuple[Effect, ...]:
        """The difference period by period, closed periods included; of a wage its lower bound."""
        return self.of("at") or self.of("bound_low")

    @property
    def moments(self) -> tuple[int, ...]:
        """The periods of the path; none for an outcome without time."""
        return tuple(e.cell.month for e in self.path if e.cell.month is not None)

    @property
    def end(self) -> Effect | None:
        """The effect at the primary period where the path has it, else at its last period."""
        at = {e.cell.month: e for e in self.path}
        primary = self.dossier.question.primary.month
        return at.get(primary) or (self.path[-1] if self.path else None)

    @property
    def total(self) -> Effect | None:
        """The total up to the last period."""
        return self._last("total")

    @property
    def break_even(self) -> Effect | None:
        """When the loss is made good."""
        return self._last("break_even")

    @property
    def lock_in(self) -> Effect | None:
        """The mean over the declared first periods."""
        return self._last("mean_lock_in")

    @property
    def target(self) -> str:
        """Of whom these effects speak."""
        return self.effects[0].target if self.effects else ""

    @property
    def opened(self) -> bool:
        """Whether there is an answer at the end."""
        return self.end is not None and self.end.opened

    @property
    def reason(self) -> str:
        """Why there is no answer at the end; "" where there is."""
        return self.end.reason if self.end is not None else "not_measured"

    @property
    def sign(self) -> int:
        """+1 where more is better, −1 where less is."""
        return -1 if "less" in (self.outcome.better, vocabulary.load("outcomes")[self.outcome.kind].better) else 1

    def _last(self, measure: str) -> Effect | None:
        found = self.of(measure)
        return found[-1] if found else None

    def shown(self, effect: Effect) -> Shown:
        """One of its effects, ready to be shown."""
        return Shown(self.dossier, effect)


def look(dossier: Dossier, arm: str, outcome: str, other: str = "") -> Look:
    """One arm on one outcome, against the question's comparison or against another arm."""
    found = [
        e
        for e in dossier.effects
        if e.arm == arm and e.cell.outcome == outcome and e.reason != PLAIN and _against(dossier, e, other)
    ]
    designs = [d for d in dossier.question.design.use if any(e.design == d for e in found)]
    designs += [e.design for e in found]
    targets = [t for t in TARGETS if any(e.target == t and e.design == designs[0] for e in found)]
    kept = [e for e in found if e.design == designs[0] and e.target == targets[0]]
    kept.sort(key=lambda e: (e.cell.group, e.cell.measure, -1 if e.cell.month is None else e.cell.month))
    return Look(dossier, arm, dossier.question.outcome(outcome), tuple(kept))


def _against(dossier: Dossier, effect: Effect, other: str) -> bool:
    if not other:
        return names.is_main(dossier.question, effect.cell)
    return names.compared_arm(dossier.question, effect.cell.compared_with) == other


def looks(dossier: Dossier) -> Iterator[Look]:
    """Every arm on every outcome that has effects, primary outcome first."""
    for arm in dossier.question.treatments:
        for outcome in outcomes(dossier):
            found = look(dossier, arm.name, outcome.name)
            if found.path:
                yield found


def outcomes(dossier: Dossier) -> tuple[Outcome, ...]:
    """The outcomes in the order of a page: the primary one first."""
    primary = dossier.question.primary.outcome
    return tuple(sorted(dossier.question.effects, key=lambda o: o.name != primary))


def main(dossier: Dossier, arm: str) -> Look:
    """An arm on the primary outcome."""
    return look(dossier, arm, dossier.question.primary.outcome)


def versus(dossier: Dossier) -> tuple[Look, ...]:
    """Arms set against each other on the primary outcome: one look a pair, in the first order that is open."""
    arms = [a.name for a in dossier.question.treatments]
    primary = dossier.question.primary.outcome
    found = []
    for i, first in enumerate(arms):
        for second in arms[i + 1 :]:
            both = [look(dossier, a, primary, b) for a, b in ((first, second), (second, first))]
            there = [one for one in both if one.path]
            found += [next((one for one in there if one.opened), there[0])] if there else []
    return tuple(found)
