"""An earlier outcome: shown to be small passes, shown to be large fails where declared, else it says nothing."""

from __future__ import annotations

from dataclasses import replace

import builders
import numpy as np
import pytest

from watwerkt.effects.checks import placebo
from watwerkt.effects.checks.levels import informs, level
from watwerkt.effects.checks.placebo import Bounds


def bounds(declared=True):
    """±1, a 90 % interval to pass, a 95 % one to fail."""
    return Bounds(1.0, 0.10, 0.05, declared)


@pytest.mark.parametrize(
    ("theta", "error", "declared", "verdict"),
    [
        (0.0, 0.3, True, "passed"),
        (0.0, 1.0, True, "not_informative"),
        (1.0, 0.1, True, "failed"),
        (1.0, 0.1, False, "not_informative"),
        (0.5, 0.1, True, "passed"),
        (0.5, 0.4, True, "not_informative"),
        (1.5, 0.1, True, "failed"),
        (-1.5, 0.1, True, "failed"),
        (1.5, 0.1, False, "not_informative"),
        (float("nan"), float("nan"), True, "not_informative"),
    ],
)
def test_equivalence_not_absence_of_rejection(theta, error, declared, verdict):
    """Ref k: with an error as large as delta nothing passes; a difference that is surely there fails, if declared
    and not shown to be small."""
    assert placebo.verdict(theta, error, 1e6, bounds(declared)) == verdict


def test_its_operating_characteristics_are_those_of_the_reference():
    """Ref k: no bias and an error of .3 delta passes .909; a bias of delta passes at most .05."""
    rng = np.random.default_rng(1)

    def passed(bias, error):
        estimates = bias + error * rng.normal(size=8000)
        return np.mean([placebo.verdict(float(t), error, 1e6, bounds()) == "passed" for t in estimates])

    assert passed(0.0, 0.3) == pytest.approx(0.909, abs=0.012)
    assert passed(1.0, 0.3) == pytest.approx(0.05, abs=0.012)


def test_what_it_could_have_seen_is_told():
    """2.8 standard errors with many people, more with few."""
    assert placebo.detectable(1.0, 1e6) == pytest.approx(2.802, abs=0.001)
    assert placebo.detectable(1.0, 10.0) > 3.0


def looked(of, earlier, **changes):
    """Verdicts under `treated` of one earlier outcome in the adjusted design."""
    of = replace(of, placebos=(replace(builders.placebo(earlier, of), **changes),))
    e = np.full((len(of), 2), 0.5)
    return placebo.check(builders.plan(of, e, targets=("treated",)))


def world(hidden: float, seed: int = 1):
    """2,500 people; a hidden trait moves the start and, by ``hidden``, an earlier outcome."""
    rng = np.random.default_rng(seed)
    x, trait = rng.normal(size=(2500, 3)), rng.normal(size=2500)
    arm = (rng.uniform(size=2500) < 1 / (1 + np.exp(1 - x[:, 0] - trait))).astype(np.int64)
    return builders.drawn(x, arm), x[:, 0] + hidden * trait + rng.normal(size=2500)


def test_an_honest_world_passes():
    """The earlier outcome depends on what is adjusted for alone: the same estimator finds nothing."""
    (check,) = looked(*world(0.0))

    assert check.verdict == "passed"
    assert check.closes == ("treated",)
    assert check.outcome == "earlier"


def test_a_hidden_trait_fails_it_where_it_was_declared():
    """The trait moves both: half a standard deviation, and the question said it was not used in selection."""
    of, earlier = world(0.6)

    assert [c.verdict for c in looked(of, earlier)] == ["failed"]
    assert [c.verdict for c in looked(of, earlier, declared=False)] == ["not_informative"]


def test_without_anything_to_look_at_it_does_not_apply():
    """No earlier outcome, no smallest effect, or nearly everybody the same."""
    of, earlier = world(0.0)
    constant = np.where(np.arange(len(of)) < 20, 0.0, 12.0)

    assert [c.verdict for c in placebo.check(builders.plan(of, np.full((len(of), 2), 0.5)))] == ["not_applicable"]
    assert [c.verdict for c in looked(of, earlier, smallest_effect=None)] == ["not_applicable"]
    assert [c.verdict for c in looked(of, constant)] == ["not_applicable"]
    assert not informs(builders.placebo(constant, of))


def test_levels_are_split_over_the_tests_that_can_close():
    """Balance and prognosis share .05 with every declared earlier outcome that says something; others take no part."""
    of, earlier = world(0.0)
    e = np.full((len(of), 2), 0.5)
    placebos = (builders.placebo(earlier, of), builders.placebo(earlier, of, declared=False))

    assert level(builders.plan(of, e)) == pytest.approx(0.05 / 2)
    assert level(builders.plan(replace(of, placebos=placebos), e)) == pytest.approx(0.05 / 3)
