"""The wage of those who work either way as families: numbers, keys, closing, and what a reader gets of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from experiments import Codes, Floats, drawn, question

from watwerkt._numerics import lee
from watwerkt.dossier import Check, Outcome
from watwerkt.effects import bounds
from watwerkt.effects.checks.verdict import targets
from watwerkt.effects.designs import adjusted, randomised
from watwerkt.effects.nouns import Family, Plan, Settings
from watwerkt.effects.opening import reason
from watwerkt.effects.summaries import summarise
from watwerkt.sample.nouns import Followed, Panel

Mask = np.ndarray
ASKED = replace(
    question(2, (1, 2)),
    outcomes=(Outcome("work", "employed"), Outcome("wage", "wage", unit="EUR a month")),
)


def people(n: int, seed: int = 1, gap: float = 0.1) -> tuple[Codes, Floats, Mask, Floats]:
    """Arm, covariates (n, 2), work and wages (n, 2) of an experiment with ``gap`` more at work in the arm."""
    rng = np.random.default_rng(seed)
    arm, x = (rng.random(n) < 0.5).astype(np.int64), rng.normal(size=(n, 2))
    u = rng.random((n, 1))
    work = u < (0.6 + gap * arm + 0.05 * x[:, 0])[:, None] + np.array([0.0, 0.03])
    wage = 2000 + 200 * x[:, :1] + 300 * rng.normal(size=(n, 2)) - 300 * u + 50 * arm[:, None]
    return arm, x, work, np.round(wage)


def panel(work: Mask, wage: Floats) -> Panel:
    """The panel of a wage, months 1 and 2."""
    return Panel("wage", (1, 2), np.where(work, wage, 0.0).astype(np.float32), None, work)


def planned(arm: Codes, x: Floats | None = None, design=randomised, **more: object) -> Plan:
    """A plan of the question with a wage."""
    return design.prepare(drawn(arm, x, asked=ASKED, **more), Settings())


def both(arm: Codes, work: Mask, wage: Floats, **more: object) -> Family:
    """The bounds without covariates."""
    return bounds.families(planned(arm, **more), panel(work, wage), learn=False)[0]


def test_without_covariates_they_are_lees_own() -> None:
    """To the last digit, at every period; and the share who work either way is the smaller share at work."""
    arm, _, work, wage = people(800)
    found, share = bounds.families(planned(arm), panel(work, wage), learn=True)
    for m in range(2):
        low, high, _ = lee.published(wage[:, m].astype(np.float32).astype(float), work[:, m], arm == 1)
        assert (found.theta[m], found.theta[m + 2]) == pytest.approx((low, high))
        assert share.theta[m] == pytest.approx(min(work[arm == k, m].mean() for k in (0, 1)))
    assert [(c.month, c.measure) for c in found.cells] == [
        (1, "bound_low"), (2, "bound_low"), (1, "bound_high"), (2, "bound_high")
    ]  # fmt: skip
    assert (found.target, found.outcome, share.cells[0].measure) == ("always_workers", "wage", "always_workers")


def test_both_bounds_carry_the_one_interval() -> None:
    """As effects: low ≤ either bound ≤ high, the same ends; no total, no band, no lock-in, no break-even."""
    arm, _, work, wage = people(800)
    for family in bounds.families(planned(arm), panel(work, wage), learn=False):
        summary = summarise(family, "randomised", ASKED, 1)
        assert {e.cell.measure for e in summary.effects} == {c.measure for c in family.cells}
        assert summary.bands == ()
        assert summary.lock_in is None
        assert all(e.level is None and e.level_without is None and e.std_error for e in summary.effects)
    low, _, high, _ = summarise(both(arm, work, wage), "randomised", ASKED, 1).effects
    assert (low.low, low.high) == (high.low, high.high)
    assert low.low < low.estimate < high.estimate < high.high


def test_covariates_narrow_them() -> None:
    """Wages and work follow x: bounds that know it lie closer together, and still about the truth of 50."""
    arm, x, work, wage = people(6000)
    plain, fine = (bounds.families(planned(arm, x), panel(work, wage), learn=learn)[0] for learn in (False, True))

    assert (fine.theta[2:] - fine.theta[:2] < plain.theta[2:] - plain.theta[:2]).all()
    assert (fine.theta[:2] < 50).all()
    assert (fine.theta[2:] > 50).all()


def test_the_trimmed_side_may_differ_by_person() -> None:
    """Half of the people work more with the arm, half less, as many in all: Lee's own trimming sees no selection."""
    rng = np.random.default_rng(4)
    n = 8000
    arm, side = (rng.random(n) < 0.5).astype(np.int64), rng.integers(0, 2, n)
    u = rng.random(n)
    work = np.repeat((u < 0.6 + np.where(side == 1, 0.15, -0.15) * (arm - 0.5))[:, None], 2, axis=1)
    wage = 2000 + 300 * rng.normal(size=(n, 2))
    x = np.stack([side, rng.normal(size=n)], axis=1).astype(float)
    (plain, all_), (fine, either) = (
        bounds.families(planned(arm, x), panel(work, wage), learn=learn) for learn in (False, True)
    )

    assert plain.theta[0] == plain.theta[2]  # one number: "nobody is selected"
    assert fine.theta[2] - fine.theta[0] > 100
    assert either.theta[0] == pytest.approx(0.525, abs=0.02)
    assert all_.theta[0] == pytest.approx(0.6, abs=0.02)


def test_nobody_selected_is_one_number_with_the_bounds_own_interval() -> None:
    """Shares at work within two points: both bounds are their middle; the interval is not shortened by that."""
    arm, _, work, wage = people(4000, gap=0.0)
    work = np.repeat((np.arange(4000) % 5 < 3)[:, None], 2, axis=1)
    found = both(arm, work, wage)
    (from_, to), width = found.sets[0][0], found.sets[0][0][1] - found.sets[0][0][0]

    assert found.theta[0] == found.theta[2]
    assert from_ < found.theta[0] < to
    assert width > 2 * 1.959 * np.sqrt(found.V[0, 0]) * 0.99


def test_swapped_arms_mirror_the_bounds() -> None:
    """What is called the arm changes the sign and which bound is which, where everybody is the population."""
    arm, _, work, wage = people(600)
    found, back = (both(a, work, wage) for a in (arm, 1 - arm))

    assert back.theta == pytest.approx(-np.roll(found.theta, 2))
    ends, other = (np.array([s[0] for s in f.sets]) for f in (found, back))
    assert other == pytest.approx(-ends[:, ::-1])


def test_a_copied_person_is_one_of_weight_two() -> None:
    """The same bounds and share, though not the same error."""
    arm, _, work, wage = people(300)
    twice = np.r_[np.arange(300), np.arange(0, 300, 7)]
    weight = np.where(np.arange(300) % 7 == 0, 2.0, 1.0)
    copied, weighted = both(arm[twice], work[twice], wage[twice]), both(arm, work, wage, weight=weight)

    assert copied.theta == pytest.approx(weighted.theta)
    assert not np.allclose(copied.V, weighted.V)


def test_clusters_make_the_interval_wider() -> None:
    """Everybody three times under one person's code: the same bounds, and the error of a third as many."""
    arm, _, work, wage = people(400)
    thrice = np.tile(np.arange(400), 3)
    one = both(arm, work, wage)
    many = both(arm[thrice], work[thrice], wage[thrice], person=thrice, cluster=thrice)

    assert many.theta == pytest.approx(one.theta)
    assert np.diag(many.V) == pytest.approx(np.diag(one.V), rel=0.02)


def test_a_month_with_too_few_at_work_is_closed() -> None:
    """Nineteen workers in the arm: no number in that month, and the other month is what it was."""
    arm, _, work, wage = people(800)
    few = work.copy()
    few[np.flatnonzero((arm == 1) & work[:, 0])[19:], 0] = False
    found = both(arm, few, wage)

    assert found.closed == ("too_few", "") * 2
    assert np.isnan(found.theta).tolist() == [True, False] * 2
    assert found.theta[1] == pytest.approx(both(arm, work, wage).theta[1])
    assert found.events.tolist()[0] == 19


def test_not_known_is_not_out_of_work() -> None:
    """Who is not known is left out; a month in which more than five of a hundred are not known is closed."""
    arm, _, work, wage = people(1000)
    seen = np.ones((1000, 2), dtype=bool)
    seen[:30, 0] = False
    seen[:100, 1] = False
    asked = replace(panel(work, wage), observed=seen)
    found = bounds.families(planned(arm), asked, learn=False)[0]

    assert found.closed == ("", "non_response") * 2
    assert found.theta[0] == pytest.approx(both(arm[30:], work[30:], wage[30:]).theta[0])


def test_outside_a_draw_weights_make_people_comparable() -> None:
    """Starters have higher wages to begin with; weighted, the bounds lie about the planted effect for starters."""
    rng = np.random.default_rng(2)
    n = 8000
    x = rng.normal(size=(n, 2))
    arm = (rng.random(n) < 1 / (1 + np.exp(0.5 - x[:, 0]))).astype(np.int64)
    work = np.repeat((rng.random(n) < 0.6 + 0.05 * arm)[:, None], 2, axis=1)
    wage = 2000 + 300 * x[:, :1] + 200 * rng.normal(size=(n, 2)) + 50 * arm[:, None]
    plan = planned(arm, x, adjusted)
    found, share = bounds.families(plan, panel(work, wage), learn=True)

    assert plan.leading == "treated"
    assert (found.theta[:2] < 50).all()
    assert (found.theta[2:] > 50).all()
    assert (np.abs((found.theta[:2] + found.theta[2:]) / 2 - 50) < 30).all()  # the plain difference is about 250 off
    assert share.theta == pytest.approx([0.6, 0.6], abs=0.03)


# ---- opening -----------------------------------------------------------------------------------------------------


def test_checks_of_the_leading_population_close_it() -> None:
    """What closes work closes the wage: a failed check on those whom the design leads with; other targets do not."""
    arm, x, work, wage = people(1000)
    plan = planned(arm, x)
    found = both(arm, work, wage)
    failed = Check("balance", "a1", "", "failed", 3.0, 1.0, targets(plan), design="randomised")

    assert "always_workers" in targets(plan)
    assert reason(plan, found, [failed]) == "balance"
    assert reason(plan, found, [replace(failed, closes=("compliers",))]) == ""
    assert reason(plan, found, []) == ""


def test_a_contrast_without_support_has_no_bounds() -> None:
    """The design's own reason stands in every cell."""
    arm, x, work, wage = people(400)
    plan = planned(arm, x)
    shut = replace(plan, contrasts=tuple(replace(c, closed="no_support") for c in plan.contrasts))
    found, share = bounds.families(shut, panel(work, wage), learn=False)

    assert (set(found.closed), set(share.closed)) == ({"no_support"}, {"no_support"})
    assert reason(shut, found, []) == "no_support"


def test_no_other_number_is_made_of_a_wage() -> None:
    """Neither design regresses the wages of who happens to work, and nothing is claimed to work by them."""
    arm, x, work, wage = people(1200)
    for design in (randomised, adjusted):
        plan = planned(arm, x, design)
        both_panels = (Panel("work", (1, 2), work.astype(np.float32)), panel(work, wage))
        found = design.estimate(plan, Followed(plan.drawn, both_panels))
        assert {f.target for f in found.families if f.outcome == "wage"} == {"always_workers"}
        assert {f.outcome for f in found.families} == {"work", "wage"}
        assert all(across.target != "always_workers" for across in found.across)
