"""The worlds that the tests, the demonstration and the truth tables use. Each is a value; change one with replace()."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from watwerkt.synthetic.world import Arm, Effect, Leaning, Policy, Swing, World

_COUNTRY_FINDING = tuple(0.055 + 0.085 * max(0.0, 1 - month / 15) ** 1.5 for month in range(16))
SHORT = Arm(
    "short", "training", rate=0.0125, planned_days=(1, 42, 42, 56), weights=(0.9, 1.2, 1.3, 1.2, 1.0, 0.8, 0.7),
    leaning=Leaning(older=-0.25, schooled=0.30, recent_work=1.6, woman=0.1, older_and_schooled=0.15),
    effect=Effect(lock_in=-0.45, finding=0.24, finding_low_schooled=0.12, finding_later=0.04, keeping=0.06),
)  # fmt: skip
LONG = Arm(
    "long", "training", rate=0.0125, planned_days=(184, 280, 365), wait=17,
    weights=(0.5, 0.8, 1.0, 1.1, 1.2, 1.2, 1.1, 1.0, 0.9),
    never_started=0.08, dropped=0.10,
    leaning=Leaning(older=-0.20, schooled=-0.25, recent_work=-1.4, woman=0.2, older_and_schooled=-0.15),
    effect=Effect(lock_in=-0.70, finding=0.50, finding_low_schooled=0.15, finding_later=0.06, keeping=0.35, wage=0.04),
)  # fmt: skip
COACHING = Arm(
    "coaching", "coaching", rate=0.0125, planned_days=(91,), weights=(0.7, 1.0, 1.1, 1.1), wait=10,
    leaning=Leaning(older=0.25, recent_work=-0.8, woman=0.2, trait=0.8),
    effect=Effect(lock_in=-0.10, finding=0.12),
)  # fmt: skip
MATCHING = Arm(
    "matching", "matching", rate=0.0125, planned_days=(28,), weights=(0.8, 1.0), wait=7,
    leaning=Leaning(older=0.1, schooled=-0.15, recent_work=0.9), effect=Effect(finding=0.04, keeping=0.06),
)  # fmt: skip


def demo() -> World:
    """60,000 spells of the country and four instruments that one in six is offered, far more than in life.

    Coaching goes to people with a hidden trait. 10,000 people give each instrument 400 starters.
    """
    return replace(
        country(),
        name="demo",
        people=60_000,
        arms=(SHORT, LONG, COACHING, MATCHING),
        on_finding=Leaning(trait=0.38),
        trait_on_earlier_wage=0.32,
        welfare=0.1,
        outside=0.04,
    )


def country() -> World:
    """A country's inflow of three years, with as few offers as in life: one in a hundred is trained.

    With a business cycle and seasons, a spike where a right to benefit ends, shorter rights for who enters from July
    2018 on, offices and caseworkers who offer differently, small jobs beside benefit, and welfare as a second scheme.
    Nothing is hidden. Which magnitudes are published stands in docs/explanation/invented-world.md.
    """
    rates = ((SHORT, 0.0008), (LONG, 0.0005), (COACHING, 0.004), (MATCHING, 0.003))
    return World(
        "country",
        1_000_000,
        tuple(replace(arm, rate=rate, leaning=replace(arm.leaning, trait=0.0)) for arm, rate in rates),
        finding=_COUNTRY_FINDING,
        inflow=Swing(cycle=0.46, season=0.15),
        on_finding_by_calendar=Swing(cycle=-0.15, season=-0.08),
        spike=0.7,
        policy=Policy(date(2018, 7, 1), share=0.75),
        offices=0.15,
        caseworkers=0.25,
        part_time=0.018,
        welfare=0.25,
        outside=0.04,
    )


def hidden(strength: float = 1.0) -> World:
    """The demo world with all that the trait says times ``strength``; 0 is honest."""
    world = demo()
    return replace(
        world,
        name=f"hidden-{strength:g}",
        arms=tuple(
            replace(arm, leaning=replace(arm.leaning, trait=strength * arm.leaning.trait)) for arm in world.arms
        ),
        on_finding=replace(world.on_finding, trait=strength * world.on_finding.trait),
        trait_on_earlier_wage=strength * world.trait_on_earlier_wage,
    )


def small() -> World:
    """For coverage: 5,000 people, dynamic selection, no hidden trait.

    In twelve months some 390 people are offered short, 250 long, 150 coaching, and 30 matching, the rare one.
    """
    honest = replace(COACHING.leaning, trait=0.0)
    arms = (
        replace(SHORT, rate=0.0125),
        replace(LONG, rate=0.0075),
        replace(COACHING, rate=0.0045, leaning=honest),
        replace(MATCHING, rate=0.0010, effect=Effect(finding=0.10)),
    )
    return World("small", 5_000, arms)


# Strengths of hidden_trait(): log points by which one spread of the trait moves offers, and finding work. The adjusted
# effect on work in months 12, 18 and 24 is then too high by .76, 1.54 and 3.01 standard errors of one draw of 6,000,
# and earnings of months 13 … 24, as a placebo, are off by 2.0, 2.9 and 3.9 of theirs (means of six draws of 30,000
# people, a regression on all that is recorded, ± .2: tests/truth/test_synthetic_selection.py).
WEAK, MIDDLE, STRONG = 0.25, 0.40, 0.60


def _two(name: str, short: Leaning, coaching: Leaning, on_finding: Leaning | None = None) -> World:
    """6,000 people; some 350 are offered a short training and as many coaching, which lean as told."""
    arms = (replace(SHORT, rate=0.0095, leaning=short), replace(COACHING, rate=0.0085, leaning=coaching))
    return World(name, 6_000, arms, on_finding=on_finding or Leaning())


def honest_older() -> World:
    """Offers lean on months 13 … 24 before the spell, which also move finding work; never on recent work.

    Nothing is hidden: given older history nothing recent moves an offer, so the months worked in the last year are a
    placebo that should pass. Months 13 … 24 are used here: who declares work in them as unused declares wrongly.
    """
    return _two(
        "honest-older",
        Leaning(older=-0.25, schooled=0.30, older_work=1.6, woman=0.1),
        Leaning(older=0.25, older_work=-1.2, woman=0.2),
        on_finding=Leaning(older_work=0.7),
    )


def honest_recent() -> World:
    """Dynamic selection: offers lean on the last three months before the spell, which also move finding work.

    Nothing is hidden. Recent work cannot serve as a placebo here: a check that takes it for one rejects what is right.
    Earnings of months 13 … 24 are used by nobody.
    """
    return _two("honest-recent", SHORT.leaning, replace(COACHING.leaning, trait=0.0, recent_work=-1.2))


def hidden_trait(strength: float) -> World:
    """Coaching goes to people with a trait that finds work faster; short training is honest, by ``honest_recent``.

    One spread of the trait adds ``strength`` log points to offers of coaching and to finding work, and 25 % to wages of
    jobs that ended a year or more before the spell; it shows nowhere else.
    """
    honest = honest_recent()
    short, coaching = honest.arms
    return replace(
        honest,
        name=f"hidden-trait-{strength:g}",
        arms=(short, replace(coaching, leaning=replace(coaching.leaning, trait=strength))),
        on_finding=Leaning(trait=strength),
        trait_on_earlier_wage=0.25,
    )


def hidden_news() -> World:
    """Something learned after history ended, a job promised, say: it moves offers of coaching and finding work.

    It is as strong as a strong trait (3.5 standard errors of one draw, measured alike) and has no trace in anything
    recorded before time zero, so no placebo can see it: every check may pass and coaching still looks better than it
    is. Short training is honest.
    """
    honest = honest_recent()
    short, coaching = honest.arms
    told = replace(coaching, leaning=replace(coaching.leaning, news=STRONG))
    return replace(honest, name="hidden-news", arms=(short, told), on_finding=Leaning(news=STRONG))


def deep() -> World:
    """An interaction of age, sex and household that changes sign moves offers of both arms, and finding work.

    All three columns are recorded and nothing is hidden, but a model that adds them up, or takes them two by two, does
    not see it: for such a model it is a hidden trait, of 2.7 standard errors for short and -2.5 for coaching.
    """
    return _two(
        "deep",
        replace(SHORT.leaning, deep=0.5),
        Leaning(older=0.25, recent_work=-1.2, woman=0.2, deep=-0.5),
        on_finding=Leaning(deep=0.4),
    )


def rare() -> World:
    """8,000 people, three arms with some 130 offers each: just above what may open. Nothing is hidden."""
    arms = tuple(
        replace(arm, rate=rate, leaning=replace(arm.leaning, trait=0.0))
        for arm, rate in ((SHORT, 0.0024), (COACHING, 0.0022), (MATCHING, 0.0028))
    )
    return World("rare", 8_000, arms)


def one_office() -> World:
    """Office 0 (noord-1) never offers coaching and is otherwise like the others. Nothing is hidden.

    For people of that office nobody knows what coaching does: *treated* speaks of other offices, *all* cannot be known.
    """
    honest = honest_recent()
    short, coaching = honest.arms
    return replace(honest, name="one-office", arms=(short, replace(coaching, not_in=(0,))))


def waiting() -> World:
    """Between agreement and start lie 1 to 120 days in which people search less, and only the start is recorded.

    Who finds work while waiting never starts; who waits still stands among those not started. So starters are compared
    with some who hold back already, and the truth is of *a start now* against *no agreement yet*. Nothing is hidden;
    the bias of the adjusted effect is below .3 standard errors of one draw.
    """
    honest = honest_recent()
    arms = tuple(replace(arm, wait=60, effect=replace(arm.effect, waiting=-0.6)) for arm in honest.arms)
    return replace(honest, name="waiting", arms=arms, offers_recorded=False)


def nothing() -> World:
    """Seven arms that do nothing at all, not even lock in, given by what is recorded. Nothing is hidden."""
    kinds = (
        ("short", "training", (21, 42, 56), SHORT.leaning),
        ("long", "training", (196, 280, 364), LONG.leaning),
        ("coaching", "coaching", (84,), replace(COACHING.leaning, trait=0.0)),
        ("matching", "matching", (28,), MATCHING.leaning),
        ("subsidy", "wage_subsidy", (182,), Leaning(older=0.3, recent_work=-0.6)),
        ("public_job", "public_job", (182, 364), Leaning(older=0.2, schooled=-0.4, recent_work=-1.2)),
        ("education", "education", (364, 546), Leaning(older=-0.5, schooled=0.2, older_and_schooled=0.15)),
    )
    arms = tuple(Arm(name, kind, 0.0085, days, leaning=lean) for name, kind, days, lean in kinds)
    return World("nothing", 8_000, arms)


def immortal() -> World:
    """One arm that begins the day it is agreed, given without regard to person, early in spells that end fast.

    Some 3,100 starters: the standard error on work is below 1 point. A broken clock, which gives the others the same
    day in the month but does not ask them to be on benefit that day, sets 5.7, 4.0, 3.4 and 2.3 points against the arm
    in months 1, 3, 4 and 6: exits before that day are luck that a starter cannot have had. (Starting only the others on
    the first day of the month is no such mistake: they are then as long at risk as the starters.)
    """
    arm = Arm(
        "short", "training", rate=0.05, planned_days=(14, 21), never_started=0.0, dropped=0.0, wait=0,
        effect=Effect(finding=0.10),
    )  # fmt: skip
    return World(
        "immortal", 18_000, (arm,), finding=(0.18,), losing=(0.02,), selection=0.0, offers_recorded=False, until=6
    )


def tiny() -> World:
    """300 people for unit tests, with some twenty offers an arm."""
    return World("tiny", 300, tuple(replace(arm, rate=4 * arm.rate) for arm in (SHORT, LONG, COACHING, MATCHING)))
