"""Which arms work, over all arms at once."""

from __future__ import annotations

import numpy as np
import pytest
from experiments import Floats
from scipy.stats import norm

from watwerkt.effects.claims import among, band, claims
from watwerkt.effects.nouns import Across


def across(t: list[float], df: float = np.inf) -> Across:
    """Independent arms with these t values."""
    names = tuple(f"a{k}" for k in range(1, len(t) + 1))
    return Across(names, "all", None, np.array(t), np.eye(len(t)), df)


def sidak(t: float, k: int) -> float:
    """Adjusted p of one of k independent arms."""
    return float(1 - (1 - 2 * norm.sf(abs(t))) ** k)


def test_step_down() -> None:
    """The strongest arm is held against all three, the next against two, the last against itself."""
    found = [claim.adjusted_p for claim in claims(across([1.0, -3.0, 2.2]), better=1, seed=1)]

    assert found == pytest.approx([sidak(1.0, 1), sidak(3.0, 3), sidak(2.2, 2)], abs=0.002)


def test_never_below_a_stronger_arm() -> None:
    """Adjusted p values never fall as |t| does."""
    found = [claim.adjusted_p for claim in claims(across([2.0, 1.99, 1.98, 0.1]), better=1, seed=1)]

    assert found == sorted(found)


@pytest.mark.parametrize(("better", "works"), [(1, ["a1"]), (-1, ["a2"])])
def test_works_in_the_good_direction_only(better: int, works: list[str]) -> None:
    """A significant harm is not said to work; where less is better the signs turn."""
    found = claims(across([4.0, -4.0, 0.5]), better, seed=1)

    assert [claim.arm for claim in found if claim.works] == works


def test_one_arm_is_its_own_family() -> None:
    """One arm: the plain p value on its df, and no band."""
    (found,) = claims(across([2.5], df=12.0), better=1, seed=1)

    assert found.adjusted_p == pytest.approx(0.0279, abs=0.0001)
    assert band(across([2.5]), seed=1) is None


def test_only_opened_arms() -> None:
    """Handed fewer arms, the family is smaller."""
    everybody = across([2.3, 0.0, 0.0, 0.0])
    fewer = among(everybody, {"a1", "a2"})

    assert fewer.arms == ("a1", "a2")
    assert claims(fewer, 1, seed=1)[0].adjusted_p < claims(everybody, 1, seed=1)[0].adjusted_p


def test_false_claims_are_rare() -> None:
    """Six arms that do nothing, 1,000 times: some arm is said to work in at most one of twenty."""
    rng = np.random.default_rng(1)
    V: Floats = 0.5 + 0.5 * np.eye(6)
    draws = rng.multivariate_normal(np.zeros(6), V, size=1000)
    arms = tuple("abcdef")
    false = sum(any(c.works for c in claims(Across(arms, "all", None, d, V, np.inf), 1, 1)) for d in draws)

    assert false / 1000 <= 0.05
