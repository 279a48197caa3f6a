"""Offices decide, and people of one office share more than a register shows: the wider of two errors holds it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from builders import drawn, followed
from scipy.stats import t as student

from watwerkt.effects.designs import adjusted
from watwerkt.effects.nouns import Family, Settings
from watwerkt.sample.nouns import Followed

EFFECT = 0.5
DRAWS = 100


@dataclass(frozen=True)
class Service:
    """Offices, people, and the standard deviation over offices of what the arm does there."""

    offices: int = 20
    people: int = 1600
    shock: float = 0.0


def service(how: Service, seed: int) -> Followed:
    """One service: who starts hangs on a covariate and the office, and so does what it brings."""
    rng = np.random.default_rng(seed)
    office = rng.integers(0, how.offices, how.people)
    x = rng.normal(size=(how.people, 3))
    lean = 0.4 * rng.normal(size=how.offices)
    arm = (0.7 * x[:, 0] + lean[office] - 0.8 > rng.logistic(size=how.people)).astype(np.int64)
    gain = EFFECT + how.shock * rng.normal(size=how.offices)
    y = x[:, 0] + gain[office] * arm + rng.normal(size=how.people)
    of = replace(drawn(x, arm), office=office)
    return followed(of, y)


def headline(seen: Followed) -> Family:
    """The effect on those who started."""
    plan = adjusted.prepare(seen.drawn, Settings())
    plan = replace(plan, contrasts=tuple(c for c in plan.contrasts if c.target == "treated"))
    return adjusted.estimate(plan, seen).families[0]


def both(how: Service) -> tuple[float, float, float]:
    """Coverage of the interval, that of the interval by person alone, and how much wider the first is on average."""
    held, alone, wider = [], [], []
    for seed in range(DRAWS):
        seen = service(how, seed)
        ways = (headline(seen), headline(replace(seen, drawn=replace(seen.drawn, office=None))))
        reach = [float(student.ppf(0.975, f.df) * f.V[0, 0] ** 0.5) for f in ways]
        missed = abs(float(ways[0].theta[0]) - EFFECT)
        assert ways[0].theta[0] == ways[1].theta[0]
        assert reach[0] >= reach[1] * (1 - 1e-12)
        held.append(missed <= reach[0])
        alone.append(missed <= reach[1])
        wider.append(reach[0] / reach[1])
    return float(np.mean(held)), float(np.mean(alone)), float(np.mean(wider))


@pytest.mark.parametrize("offices", [12, 20])
def test_shocks_of_offices_are_in_the_interval(offices: int) -> None:
    """What an arm brings differs by office: by person alone the interval misses too often, the wider one does not."""
    held, alone, _ = both(Service(offices, shock=0.4))

    assert alone < 0.85
    assert 0.91 < held <= 1


@pytest.mark.parametrize("offices", [12, 20])
def test_without_shocks_the_price_is_small(offices: int) -> None:
    """Where offices do not matter, the interval is a fifth wider at most, and holds the truth."""
    held, alone, wider = both(Service(offices))

    assert wider < 1.2
    assert alone > 0.93
    assert held > 0.94
