"""One arm against another, picked out of an answer."""

from __future__ import annotations

from dataclasses import replace

import experiments
import numpy as np
import pytest

from watwerkt import effects
from watwerkt.dossier import Arm, Design
from watwerkt.effects.nouns import Answer, Settings
from watwerkt.errors import DifferentPopulations, UnknownArm


@pytest.fixture(scope="module")
def answered() -> Answer:
    """Two arms of the same instrument against none, in an experiment of 600 people."""
    rng = np.random.default_rng(1)
    arm = rng.permutation(600) % 3
    arms = (Arm("a0", "none"), Arm("a1", "training"), Arm("a2", "training"))
    asked = experiments.question(3, arms=arms, design=Design(use=("randomised",)))
    plans = effects.prepare(experiments.drawn(arm, asked=asked), Settings())
    checks = tuple(effects.check(plan) for plan in plans)
    seen = experiments.followed(plans[0].drawn, rng.normal(size=600) + 0.5 * arm)
    return effects.open_(plans, checks, tuple(effects.estimate(plan, seen) for plan in plans), seen)


def test_the_pair_and_nothing_else(answered: Answer) -> None:
    """a2 against a1 in one population, its own variance, and a cell that no other effect has."""
    pair = effects.compare(answered, "a2", "a1")
    cells = [(j.exact.arm, j.exact.cell) for j in answered.judged]

    assert {(f.arm, f.compared_with, f.target) for e in pair.estimates for f in e.families} == {("a2", "a1", "all")}
    assert [j.exact.cell.compared_with for j in pair.judged] == ["a1"]
    assert len(set(cells)) == len(cells)
    assert pair.claims == ()


def test_the_comparison_may_stand_second(answered: Answer) -> None:
    """Against the comparison it is the arm's own effect."""
    pair = effects.compare(answered, "a2", "a0")

    assert {j.exact.cell.compared_with for j in pair.judged} == {"none"}


@pytest.mark.parametrize(("first", "second"), [("a9", "a1"), ("a1", "a9"), ("a0", "a1")])
def test_unknown_arms(answered: Answer, first: str, second: str) -> None:
    """An arm that is not there, or the comparison in first place: an error that lists what may stand there."""
    with pytest.raises(UnknownArm, match="a1, a2"):
        effects.compare(answered, first, second)


def test_no_population_in_common(answered: Answer) -> None:
    """Where an answer holds each arm among its own people only, their difference is refused."""
    apart = replace(
        answered,
        estimates=tuple(
            replace(e, families=tuple(f for f in e.families if f.compared_with == "a0")) for e in answered.estimates
        ),
    )

    with pytest.raises(DifferentPopulations, match="no population in common"):
        effects.compare(apart, "a2", "a1")
