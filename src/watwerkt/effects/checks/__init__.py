"""Checks: one file each, a pure function of arrays and a thin ``check``. A design's row says which of them it runs.

``before`` runs on plans alone, when no outcome has been read; ``after`` adds those that need to know who could be
followed, who answered, how many degrees of freedom are left, and what the outcomes say. Those can only close.
``beside`` works out once what the costly ones of them hold against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from watwerkt.dossier import Check
from watwerkt.effects.checks import (
    attrition,
    balance,
    clusters,
    fake_arms,
    hidden,
    negative_control,
    one_person,
    overlap,
    placebo,
    preference,
    prognosis,
    response,
    sensitivity,
    share,
    support,
    too_few,
    wait,
)
from watwerkt.effects.dispatch import entry
from watwerkt.effects.nouns import Beside, Estimates, Plan
from watwerkt.sample.nouns import Followed

BEFORE: Mapping[str, Callable[[Plan], tuple[Check, ...]]] = MappingProxyType(
    {
        "too_few": too_few.check,
        "support": support.check,
        "overlap": overlap.check,
        "one_person": one_person.check,
        "preference": preference.check,
        "share": share.check,
        "balance": balance.check,
        "placebo": placebo.check,
        "wait": wait.check,
    }
)


def before(plan: Plan) -> tuple[Check, ...]:
    """Every check of a plan that needs no outcome, in the design's order."""
    asked = entry(plan.design).checks
    found = (check for name in asked if name in BEFORE for check in BEFORE[name](plan))
    return tuple(replace(check, design=plan.design) for check in found)


def beside(plan: Plan, followed: Followed, estimates: Estimates) -> Beside:
    """What the checks of a design estimate once more, for their verdicts and for the tables inside."""
    asked = entry(plan.design).checks
    return Beside(
        bounds=hidden.bounds(plan, followed) if "hidden" in asked else (),
        variants=sensitivity.variants(plan, followed, estimates) if "sensitivity" in asked else (),
    )


def after(plan: Plan, followed: Followed, estimates: Estimates, found: Beside) -> tuple[Check, ...]:
    """Every check that had to wait for ``follow``, in the design's order; ``found`` by ``beside``."""
    late: Mapping[str, Callable[[], tuple[Check, ...]]] = {
        "clusters": lambda: clusters.check(plan, estimates),
        "prognosis": lambda: prognosis.check(plan, followed),
        "attrition": lambda: attrition.check(plan, followed),
        "negative_control": lambda: negative_control.check(plan, estimates),
        "sensitivity": lambda: sensitivity.check(plan, found.variants),
        "hidden": lambda: hidden.check(plan, found.bounds),
        "response": lambda: response.check(plan, followed, estimates),
        "fake_arms": lambda: fake_arms.check(plan, followed),
    }
    made = (check for name in entry(plan.design).checks if name in late for check in late[name]())
    return tuple(replace(check, design=plan.design) for check in made)
