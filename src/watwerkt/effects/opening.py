"""Opening: every effect is closed until its checks pass, and the first reason in a fixed order is the one that is told.

An effect opens when its design can identify it, enough people carry it, and no check that may close its arm, target and
outcome failed. Nothing here looks at the size of an effect. What is closed keeps its numbers inside (``Judged``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from math import ceil

from watwerkt.dossier import Check, Claim, Facts, Question
from watwerkt.effects import checks as checking
from watwerkt.effects import fakes
from watwerkt.effects.behind import behind
from watwerkt.effects.cells import EVERYONE, good_sign
from watwerkt.effects.checks.clusters import LEAST as LEAST_DF
from watwerkt.effects.checks.clusters import is_clustered
from watwerkt.effects.claims import among, claims
from watwerkt.effects.detectable import facts as arm_facts
from watwerkt.effects.dispatch import entry
from watwerkt.effects.got import got
from watwerkt.effects.nouns import Across, Answer, Behind, Beside, Estimates, Family, Judged, Plan
from watwerkt.effects.summaries import Summary, summarise
from watwerkt.sample.nouns import Drawn, Followed
from watwerkt.version import VERSION

# From "cannot be known" to "is not believed": what a reader could mend first comes first.
ORDER = (
    "plain", "control", "not_covered", "no_support", "few_clusters", "too_few", "non_response", "overlap", "share",
    "attrition", "balance", "placebo", "negative_control", "fake_arms",
)  # fmt: skip

OF_SELECTION = ("placebo", "negative_control")  # what they find is how an arm was given, whatever it is compared with


@dataclass(frozen=True, eq=False)
class Looked:
    """One design: its plan, what it found, every check of it, and what those worked out beside their verdicts."""

    plan: Plan
    estimates: Estimates
    checks: tuple[Check, ...]
    beside: Beside


@dataclass(frozen=True, eq=False)
class Told:
    """A family, all that follows from it, and why it is closed ("" = it is open)."""

    family: Family
    summary: Summary
    reason: str
    is_primary: bool

    @property
    def judged(self) -> tuple[Judged, ...]:
        """Each exact effect with the family's reason, or its own."""
        return tuple(Judged(e, self.reason or ("" if e.is_open_ended else e.reason)) for e in self.summary.effects)


def open_(
    plans: tuple[Plan, ...],
    checks: tuple[tuple[Check, ...], ...],
    estimates: tuple[Estimates, ...],
    followed: Followed,
) -> Answer:
    """The answer. ``checks``: those of each plan that were decided before any outcome was read."""
    looked = tuple(
        _look(plan, early, found, followed) for plan, early, found in zip(plans, checks, estimates, strict=True)
    )
    told = tuple(_tell(one, family) for one in looked for family in one.estimates.families)
    drawn = plans[0].drawn
    return Answer(
        question=drawn.question,
        estimates=estimates,
        judged=tuple(judged for each in told for judged in each.judged),
        checks=tuple(chain.from_iterable(one.checks for one in looked)),
        exclusions=drawn.exclusions,
        facts=_facts(looked, told, followed),
        snapshot=drawn.snapshot,
        seed=plans[0].settings.seed,
        synthetic=drawn.synthetic,
        threshold=drawn.threshold,
        engine=VERSION,
        beside=tuple(one.beside for one in looked),
        behind=tuple(chain.from_iterable(_behind(one, told, followed) for one in looked)),
    )


def _behind(one: Looked, told: tuple[Told, ...], followed: Followed) -> tuple[Behind, ...]:
    """Who stands behind the families of a design that may open: of the others nothing leaves."""
    opened = {each.family.name for each in told if not each.reason}
    return behind(one.plan, followed, tuple(f for f in one.estimates.families if f.name in opened and f.n))


def _look(plan: Plan, early: tuple[Check, ...], found: Estimates, followed: Followed) -> Looked:
    """A design with the checks that had to wait for its outcomes."""
    beside = checking.beside(plan, followed, found)
    return Looked(plan, found, (*early, *checking.after(plan, followed, found, beside)), beside)


# ---- why an effect is closed -------------------------------------------------------------------------------------


def reason(plan: Plan, family: Family, checks: Iterable[Check]) -> str:
    """Why a whole family is closed; "" when it is open. Reasons of single cells are the cells' own."""
    found = [
        *_of_question(plan, family),
        *_of_design(plan, family),
        *_of_size(plan, family),
        *_of_checks(plan, family, checks),
    ]
    return min(found, key=rank, default="")


def rank(code: str) -> int:
    """The place of a reason in the order of seriousness; one that is not listed comes last."""
    return ORDER.index(code) if code in ORDER else len(ORDER)


def _of_question(plan: Plan, family: Family) -> list[str]:
    """A negative control is no effect that could *work*: what it finds is a check's, and stays inside."""
    return ["control"] if family.outcome in plan.drawn.question.checks.negative_controls else []


def _of_design(plan: Plan, family: Family) -> list[str]:
    """What the design said: it never opens, or it cannot identify this contrast."""
    target = plan.leading if family.target == "always_workers" else family.target
    key = (family.arm, family.compared_with, target)
    closed = [c.closed for c in plan.contrasts if (c.arm, c.compared_with, c.target) == key and c.closed]
    never = entry(plan.design).reason
    return [*closed, *([never] if never else [])]


def _of_size(plan: Plan, family: Family) -> list[str]:
    """A declared group is an effect of its own, with fewer people than the checks counted."""
    if not family.cells or family.cells[0].group == EVERYONE:
        return []
    least = entry(plan.design).least
    target = plan.leading if family.target == "always_workers" else family.target
    if least and family.effective < least[0 if target == "treated" else 1]:
        return ["too_few"]
    return ["few_clusters"] if is_clustered(plan.drawn) and family.df < LEAST_DF else []


def _of_checks(plan: Plan, family: Family, checks: Iterable[Check]) -> list[str]:
    """Reasons of the checks that failed and may close this arm, target and outcome; of two arms also those that show
    that either goes by something hidden, which is no less hidden among the other's people (docs/decisions/0012)."""
    other = "" if family.compared_with == plan.drawn.arms[0] else family.compared_with
    found = [check for check in checks if check.shuts(family.arm, family.target, family.outcome, other)]
    if other:
        pair = (family.arm, family.compared_with)
        found += [
            c for c in checks if c.name in OF_SELECTION and any(c.shuts(a, "treated", family.outcome) for a in pair)
        ]
    return [check.reason for check in found]


# ---- what stands beside the effects ------------------------------------------------------------------------------


def _tell(one: Looked, family: Family) -> Told:
    """All that a family says, and whether it may."""
    plan, drawn = one.plan, one.plan.drawn
    planned = next((f.planned for f in drawn.facts if f.arm == family.arm), None)
    summary = summarise(family, plan.design, drawn.question, plan.settings.seed, window(drawn.question, planned))
    return Told(family, summary, reason(plan, family, one.checks), is_primary(plan, family))


def window(question: Question, planned: float | None) -> tuple[int, int] | None:
    """The declared lock-in, or the arm's median planned length; None where neither is known."""
    if question.time.lock_in is not None or not planned:
        return question.time.lock_in
    return 1, max(ceil(planned), 1)


def _facts(looked: tuple[Looked, ...], told: tuple[Told, ...], followed: Followed) -> Facts:
    """Arms as the first design counts them; claims, bands and lock-in of every design."""
    drawn = looked[0].plan.drawn
    return Facts(
        arms=arm_facts(looked[0].plan, followed),
        # One family of claims a design, in the population that leads: two would be two chances of a false *works*.
        claims=tuple(claim for one in looked for across in one.estimates.across[:1] for claim in _claims(one, across)),
        bands=tuple(band for each in told for band in each.summary.bands),
        missing=drawn.covariates.missing,
        remarks=_remarks(looked),
        windows=tuple(_windows(drawn)),
        lock_in=tuple(_lock_in(told)),
        got=got(looked[0].plan, followed),
        until=drawn.until,
        known_on=drawn.known_on,
    )


def _remarks(looked: tuple[Looked, ...]) -> tuple[str, ...]:
    """What a reader must know of the file, of how starts count, and of checks that looked at some rows only."""
    table = looked[0].plan.drawn.question.table
    some = any(
        check.name == "fake_arms" and check.verdict != "not_applicable" and fakes.is_some(one.plan)
        for one in looked
        for check in one.checks
    )
    return (*(("per_start",) if table is None else table.remarks), *(("fake_arms_some",) if some else ()))


def _windows(drawn: Drawn) -> Iterable[tuple[str, int, int]]:
    """(arm, first, last) of each programme whose length is declared or planned."""
    planned = {fact.arm: fact.planned for fact in drawn.facts}
    for arm in drawn.question.treatments:
        found = window(drawn.question, planned.get(arm.name))
        if found is not None:
            yield (arm.name, *found)


def _lock_in(told: tuple[Told, ...]) -> Iterable[tuple[str, int, int]]:
    """(arm, at least, at most) of the path that leads on the primary outcome; a closed one says nothing."""
    for arm in dict.fromkeys(each.family.arm for each in told):
        leading = next((each for each in told if each.family.arm == arm and each.is_primary), None)
        if leading is not None and not leading.reason and leading.summary.lock_in is not None:
            yield (arm, *leading.summary.lock_in)


def _claims(one: Looked, across: Across) -> tuple[Claim, ...]:
    """*Works*, over the arms whose primary cell is open (METHODS 4.6)."""
    question = one.plan.drawn.question
    opened = {
        family.arm
        for family in one.estimates.families
        if is_primary(one.plan, family) and family.target == across.target and not reason(one.plan, family, one.checks)
    }
    left = among(across, opened)
    return claims(left, good_sign(question.outcome(question.primary.outcome)), one.plan.settings.seed) if opened else ()


def is_primary(plan: Plan, family: Family) -> bool:
    """Whether it is a path of everybody on the primary outcome, against the question's comparison."""
    whole = bool(family.cells) and family.cells[0].group == EVERYONE and family.cells[0].measure == "at"
    against = family.compared_with == plan.drawn.arms[0]
    return whole and against and family.outcome == plan.drawn.question.primary.outcome
