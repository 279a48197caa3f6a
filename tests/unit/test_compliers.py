"""Those who took it up because they were offered it: Wald's ratio and Anderson–Rubin's set."""

from __future__ import annotations

from math import inf

import experiments
import numpy as np
import pytest
from experiments import estimated, family

from watwerkt.effects.designs.compliers import anderson_rubin
from watwerkt.effects.summaries import summarise
from watwerkt.errors import MixedUptake


def offers(n: int, seed: int, pull: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Offer, take-up that it raises by ``pull``, and an outcome that take-up raises by .7."""
    rng = np.random.default_rng(seed)
    offer = rng.permutation(n) % 2
    took = (rng.random(n) < 0.1 + pull * offer).astype(float)
    return offer, took, rng.normal(size=n) + 0.7 * took


def test_wald_by_hand() -> None:
    """The ratio of two differences in means; its set is all b without an effect on y − b · take-up."""
    offer, took, y = offers(400, 1, pull=0.6)
    y = y.astype(np.float32).astype(float)
    one = family(estimated(experiments.drawn(offer, takeup=took), y), target="compliers")
    dy, dd = (v[offer == 1].mean() - v[offer == 0].mean() for v in (y, took))
    ((low, high),) = one.sets[0]

    assert one.theta[0] == pytest.approx(dy / dd)
    for b, inside in ((low - 0.01, False), (low + 0.01, True), (high - 0.01, True), (high + 0.01, False)):
        people = family(estimated(experiments.drawn(offer), y - b * took))
        e = summarise(people, "randomised", experiments.question(2), 1).effects[0]
        assert (e.low <= 0 <= e.high) is inside  # type: ignore[operator]


def test_level_without_is_that_of_compliers() -> None:
    """Nobody else can take it up: the offered who did not are like those of the others who never would."""
    rng = np.random.default_rng(2)
    offer = rng.permutation(20000) % 2
    keen = rng.random(20000) < 0.5
    y = rng.normal(size=20000) + 2.0 * keen + offer * keen
    one = family(estimated(experiments.drawn(offer, takeup=(offer * keen).astype(float)), y), target="compliers")

    assert one.theta[0] == pytest.approx(1.0, abs=0.1)
    assert one.level_without[0] == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(
    ("moments", "shape"),
    [
        ((0.5, 0.5, 0.01, 0.0, 0.01), "interval"),
        ((0.5, 0.05, 0.01, 0.0, 0.01), "half lines"),
        ((0.05, 0.05, 0.01, 0.0, 0.01), "line"),
    ],
)
def test_shapes_of_the_set(moments: tuple[float, float, float, float, float], shape: str) -> None:
    """Strong take-up: one interval. Weak: two half lines, or the whole line. Always a list, always with the ratio."""
    found = anderson_rubin(moments, 1.96)
    ratio = moments[0] / moments[1]

    assert any(low <= ratio <= high for low, high in found)
    if shape == "interval":
        assert len(found) == 1
        assert np.isfinite(found[0]).all()
    elif shape == "half lines":
        assert found[0][0] == -inf
        assert found[1][1] == inf
        assert found[0][1] < found[1][0]
    else:
        assert found == ((-inf, inf),)


def test_no_bounded_set_no_bounds() -> None:
    """Where the set has no ends, the effect has no interval and no standard error that would suggest one."""
    offer, took, y = offers(400, 3, pull=0.0)
    one = family(estimated(experiments.drawn(offer, takeup=took), y), target="compliers")
    (effect,) = summarise(one, "randomised", experiments.question(2), 1).effects

    assert effect.estimate is not None
    assert (effect.low, effect.high, effect.std_error) == (None, None, None)


def test_several_arms_are_refused() -> None:
    """One ratio would mix the arms: refused before any outcome is read, with what to do instead."""
    arm = np.arange(90) % 3

    with pytest.raises(MixedUptake, match=r"a1, a2.*takeup"):
        estimated(experiments.drawn(arm, takeup=np.ones(90)), np.zeros(90))


def test_set_covers() -> None:
    """In 300 small experiments with a weak pull the set holds the true effect in about 95 of 100."""
    hits = 0
    for seed in range(300):
        offer, took, y = offers(100, seed, pull=0.15)
        one = family(estimated(experiments.drawn(offer, takeup=took), y), target="compliers")
        hits += any(low <= 0.7 <= high for low, high in one.sets[0])

    assert 0.91 <= hits / 300 <= 0.985
