"""The worlds that the tests, the demonstration and the truth tables use. Each is a value; change one with replace()."""

from __future__ import annotations

from dataclasses import replace

from watwerkt.synthetic.world import Arm, Effect, Leaning, World

SHORT = Arm(
    "short", "training", rate=0.0125, planned_weeks=(3, 6, 8), weights=(0.9, 1.2, 1.3, 1.2, 1.0, 0.8, 0.7),
    leaning=Leaning(older=-0.25, schooled=0.30, recent_work=1.6, woman=0.1, older_and_schooled=0.15),
    effect=Effect(lock_in=-0.45, finding=0.24, finding_low_schooled=0.12, finding_later=0.04, keeping=0.06),
)  # fmt: skip
LONG = Arm(
    "long", "training", rate=0.0125, planned_weeks=(28, 40, 52), weights=(0.5, 0.8, 1.0, 1.1, 1.2, 1.2, 1.1, 1.0, 0.9),
    wait=17, never_started=0.08, dropped=0.10,
    leaning=Leaning(older=-0.20, schooled=-0.25, recent_work=-1.4, woman=0.2, older_and_schooled=-0.15),
    effect=Effect(lock_in=-0.70, finding=0.50, finding_low_schooled=0.15, finding_later=0.06, keeping=0.35, wage=0.04),
)  # fmt: skip
COACHING = Arm(
    "coaching", "coaching", rate=0.0125, planned_weeks=(12,), weights=(0.7, 1.0, 1.1, 1.1), wait=10,
    leaning=Leaning(older=0.25, recent_work=-0.8, woman=0.2, trait=0.8),
    effect=Effect(lock_in=-0.10, finding=0.12),
)  # fmt: skip
MATCHING = Arm(
    "matching", "matching", rate=0.0125, planned_weeks=(4,), weights=(0.8, 1.0), wait=7,
    leaning=Leaning(older=0.1, schooled=-0.15, recent_work=0.9), effect=Effect(finding=0.04, keeping=0.06),
)  # fmt: skip


def demo() -> World:
    """10,000 people and four instruments with 400 starters or more; coaching goes to people with a hidden trait."""
    return World(
        "demo",
        10_000,
        (SHORT, LONG, COACHING, MATCHING),
        trait_on_finding=0.38,
        trait_on_earlier_wage=0.32,
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
        trait_on_finding=strength * world.trait_on_finding,
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


def immortal() -> World:
    """One arm that begins the day it is agreed, given without regard to person, early in spells that end fast.

    Some 3,100 starters: the standard error on work is below 1 point. A broken clock, which gives the others the same
    day in the month but does not ask them to be on benefit that day, sets 5.7, 4.0, 3.4 and 2.3 points against the arm
    in months 1, 3, 4 and 6: exits before that day are luck that a starter cannot have had. (Starting only the others on
    the first day of the month is no such mistake: they are then as long at risk as the starters.)
    """
    arm = Arm(
        "short", "training", rate=0.05, planned_weeks=(2, 3), never_started=0.0, dropped=0.0, wait=0,
        effect=Effect(finding=0.10),
    )  # fmt: skip
    return World(
        "immortal", 18_000, (arm,), finding=(0.18,), losing=(0.02,), selection=0.0, offers_recorded=False, until=6
    )


def tiny() -> World:
    """300 people for unit tests, with some twenty offers an arm."""
    return World("tiny", 300, tuple(replace(arm, rate=4 * arm.rate) for arm in (SHORT, LONG, COACHING, MATCHING)))
