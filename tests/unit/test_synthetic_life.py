"""Lives in an invented world keep the law that the world declares."""

from dataclasses import replace

import numpy as np
import pytest

from watwerkt.synthetic import Effect, Leaning, Register, make, worlds
from watwerkt.synthetic.clock import MONTH
from watwerkt.synthetic.jobs import NEVER, Jobs, path
from watwerkt.synthetic.life import NO_ARM, Chances, Moment, live
from watwerkt.synthetic.people import invent


@pytest.fixture(scope="module")
def demo() -> Register:
    """The register of the demonstration."""
    return make(worlds.demo(), 10_000, seed=1)


def test_people_leave_benefit_fast_at_first_and_slowly_later(demo: Register) -> None:
    """Of those still on benefit some 12 % find work in the first month and 4 to 7 % in the twelfth."""
    last, found = demo.life.last_on_benefit, demo.life.found_work
    shares = []
    for month in (0, 11):
        opens, closes = month * MONTH, (month + 1) * MONTH
        at_risk = last >= opens
        shares.append((found & at_risk & (last < closes)).sum() / at_risk.sum())

    assert 0.09 < shares[0] < 0.15
    assert 0.03 < shares[1] < 0.07


def test_an_offer_falls_within_the_spell(demo: Register) -> None:
    """Nobody is offered anything on a day without benefit, and a programme starts after its offer, on benefit."""
    plan, life = demo.life.programme.plan, demo.life
    has = plan.arm != NO_ARM
    started = life.programme.started

    assert (plan.offered[has] <= life.last_on_benefit[has]).all()
    assert (plan.offered[~has] == NEVER).all()
    assert (plan.begins[has] > plan.offered[has]).all()
    assert (plan.begins[started] <= life.last_on_benefit[started]).all()
    assert (life.programme.end[started] <= plan.planned_end[started]).all()


def test_some_offers_are_never_started(demo: Register) -> None:
    """Because of work that came first or for no reason: 5 to 20 % of each arm."""
    programme = demo.life.programme
    shares = [1 - programme.started[programme.plan.arm == arm].mean() for arm in range(4)]

    assert all(0.05 < share < 0.20 for share in shares), shares


def test_the_demonstration_has_four_hundred_starters_an_arm() -> None:
    """Within twelve months, for any seed that one tries."""
    for seed in range(1, 6):
        programme = make(worlds.demo(), 10_000, seed=seed).life.programme
        early = programme.started & (programme.plan.offered < 365)

        assert min(np.bincount(programme.plan.arm[early])) >= 400


def test_jobs_follow_each_other() -> None:
    """A job begins after the last one ended, and the first one when benefit ends by work."""
    register = make(worlds.tiny())
    jobs, life = register.life.jobs, register.life
    entry = register.people.entry

    assert (jobs.start[:, 1:] > jobs.end[:, :-1])[jobs.start[:, 1:] < NEVER].all()
    by_work = life.found_work
    assert (jobs.start[by_work, 0] == (entry + life.last_on_benefit + 1)[by_work]).all()
    assert (register.people.before.end[:, 0] < entry).all()


def test_lock_in_delays_work_and_a_gain_hastens_it() -> None:
    """Two futures of one person share every chance, so nobody's order can turn around."""
    arm = replace(worlds.LONG, effect=Effect(lock_in=-1.0), never_started=0.0, dropped=0.0)
    slow = replace(worlds.demo(), arms=(arm,))
    fast = replace(slow, arms=(replace(arm, effect=Effect(finding=1.0)),))
    rng = np.random.default_rng(1)
    people = invent(slow, 2_000, rng)
    chances = Chances.draw(2_000, 1, rng)
    moment = Moment(*(np.full(2_000, v) for v in (1, 0, 0, 0)))  # all offered on the first day
    plain = replace(slow, arms=(replace(arm, effect=Effect()),))
    start = {
        name: live(world, people, chances, moment).jobs.start[:, 0]
        for name, world in (("slow", slow), ("plain", plain), ("fast", fast))
    }

    assert (start["slow"] >= start["plain"]).all()
    assert (start["slow"] > start["plain"]).mean() > 0.2
    assert (start["fast"] <= start["plain"]).all()


def test_the_hidden_trait_shows_only_in_earlier_wages() -> None:
    """With and without it the same chances give the same people, the same jobs before, and the same last wage."""
    with_it, without = (make(worlds.hidden(strength), 3_000, seed=2).people for strength in (1.0, 0.0))

    for name in ("entry", "birth", "education", "region", "office", "hours", "recent_work", "log_wage"):
        assert (getattr(with_it, name) == getattr(without, name)).all(), name
    assert (with_it.before.start == without.before.start).all()
    recent = with_it.before.end >= with_it.entry[:, None] - 365
    assert (with_it.before.wage == without.before.wage)[recent].all()
    assert np.corrcoef(with_it.trait, with_it.before.wage[:, 3] - without.before.wage[:, 3])[0, 1] > 0.5


def test_offers_lean_on_what_the_world_says() -> None:
    """Short training goes to those who worked until lately, long to those who did not, coaching to the trait."""
    register = make(worlds.demo(), 10_000, seed=1)
    arm, people = register.life.programme.plan.arm, register.people
    mean = {name: people.recent_work[arm == i].mean() for i, name in enumerate(("short", "long"))}

    assert mean["short"] > people.recent_work.mean() + 0.08
    assert mean["long"] < people.recent_work.mean() - 0.12
    assert people.trait[arm == 2].mean() > 0.3
    assert abs(people.trait[arm == 0].mean()) < 0.25


def test_without_leanings_offers_go_to_anybody() -> None:
    """The world of immortal time selects on nothing: those offered something are like the others."""
    register = make(worlds.immortal(), seed=1)
    early = register.life.programme.plan.offered < 10
    people = register.people

    assert worlds.immortal().arms[0].leaning == Leaning()
    for name in ("age", "school", "recent_work", "trait"):
        column = getattr(people, name).astype(float)
        apart = (column[early].mean() - column.mean()) / (column.std() / np.sqrt(early.sum()))
        assert abs(apart) < 3.5, name


def test_a_month_is_worked_if_one_day_of_it_is() -> None:
    """Work counts one day of a job; earnings the covered share of the month."""
    january, february = 17_532, 17_563  # 1 January and 1 February 2018
    jobs = Jobs(np.array([[january + 30]]), np.array([[february + 13]]), np.array([[2_800.0]]), np.array([[40]]))

    seen = path(jobs, np.array([576]), 4)  # from January 2018

    assert seen.work.tolist() == [[True, True, False, False]]
    assert np.allclose(seen.earnings, [[2_800 / 31, 1_400, 0, 0]])
