"""Lee's bounds on Job Corps in week 208: published figures, and where ours differ from them and why."""

from __future__ import annotations

import experiments
import numpy as np
import pytest
from experiments import drawn, question, table

from watwerkt._numerics import lee
from watwerkt.dossier import Outcome
from watwerkt.effects import bounds
from watwerkt.effects.designs import randomised
from watwerkt.effects.nouns import Settings
from watwerkt.sample.nouns import Panel

pytestmark = pytest.mark.skipif(not experiments.DATA.is_dir(), reason=experiments.ABSENT)

Week = tuple[np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def week() -> Week:
    """Offer, work and log hourly wage in week 208, of 9,145 people."""
    baseline = table("job_corps/JobCorps_baseline.csv.gz")
    found = [table(f"job_corps/JobCorps_{name}_weekly.csv.gz") for name in ("employment", "logwage")]
    columns = []
    for one in found:
        by_person = dict(zip(one["MPRID"], one["week_208"].astype(float), strict=True))
        columns.append(np.array([by_person[person] for person in baseline["MPRID"]]))
    return baseline["TREATMNT.y"].astype(float) == 1, columns[0] == 1, columns[1]


def test_published(week: Week) -> None:
    """[−.016, .100] unweighted, with .058 trimmed: every wage at the threshold kept whole."""
    offer, work, wage = week
    low, high, trimmed = lee.published(wage, work, offer, whole=True)

    assert (round(low, 3), round(high, 3), round(trimmed, 3)) == (-0.016, 0.100, 0.058)


def test_ties_in_part_widen_them(week: Week) -> None:
    """Wages of a whole number of dollars tie at the threshold: counted in part the bounds are [−.017, .103]."""
    offer, work, wage = week
    low, high, trimmed = lee.published(wage, work, offer)

    assert (round(low, 3), round(high, 3), round(trimmed, 3)) == (-0.017, 0.103, 0.058)


def test_the_design_gives_the_same(week: Week) -> None:
    """Through plan and families, without covariates; 58 of 100 work either way, and zero lies in the interval."""
    offer, work, wage = week
    asked = question(2, outcomes=(Outcome("work", "employed"), Outcome("wage", "wage", unit="log points")))
    plan = randomised.prepare(drawn(offer.astype(np.int64), asked=asked), Settings())
    panel = Panel("wage", (None,), np.where(work, wage, 0)[:, None].astype(np.float32), None, work[:, None])
    found, share = bounds.families(plan, panel, learn=True)
    ((from_, to),) = found.sets[0]

    assert found.theta == pytest.approx(lee.published(wage, work, offer)[:2], abs=1e-6)
    assert share.theta[0] == pytest.approx(0.5768, abs=1e-4)
    assert from_ < 0 < found.theta[1] < to
    assert to - from_ < 0.18
