"""The invented country has the magnitudes that it says, and every switch of a world shows in its people."""

import json
from dataclasses import replace

import numpy as np
import pytest
from magnitudes import measure

from watwerkt.synthetic import Policy, Register, Swing, make, make_chunk, planted, worlds
from watwerkt.synthetic.clock import day, month_of
from watwerkt.synthetic.jobs import NEVER
from watwerkt.synthetic.law import Profile, law_of
from watwerkt.synthetic.world import ENTRY


@pytest.fixture(scope="module")
def country() -> Register:
    """60,000 people of it."""
    return make(worlds.country(), 60_000, seed=2)


def test_magnitudes_are_as_they_should_be(country: Register) -> None:
    """Every line of the table, published or invented, lies in its range."""
    assert [row for row in measure(country) if not row.within] == []


def test_switched_off_the_magnitudes_miss() -> None:
    """Without its switches the same country has no cycle, no spike, no shorter right and no small jobs."""
    plain = replace(
        worlds.country(), inflow=Swing(), on_finding_by_calendar=Swing(), spike=0.0, policy=None, part_time=0.0
    )
    missed = {row.what.split(",")[0] for row in measure(make(plain, 20_000)) if not row.within}

    assert len(missed) >= 5, missed


def test_the_cycle_moves_finding_work_against_the_inflow(country: Register) -> None:
    """Of those who entered in the first half year fewer find work within 90 days than of those of the last."""
    month = month_of(country.people.entry)
    first = country.life.jobs.start[:, 0] - country.people.entry
    early, late = month < month.min() + 6, month > month.max() - 6

    assert (first[late] < 90).mean() > (first[early] < 90).mean() + 0.02


def test_the_policy_shortens_the_right_of_later_entrants_alone() -> None:
    """By a quarter, from its day on; the same people without it keep theirs."""
    world = worlds.country()
    assert world.policy is not None
    with_it, without = (make(w, 4_000).people for w in (world, replace(world, policy=None)))
    later = with_it.entry >= day(world.policy.since)
    ww = ~with_it.welfare

    assert (with_it.entitled_to == without.entitled_to)[~later].all()
    assert (with_it.entitled_to < without.entitled_to)[later & ww].all()


def test_offices_and_caseworkers_offer_differently() -> None:
    """The same people elsewhere, or with another caseworker of their office, are offered more or less of an arm."""
    world = worlds.country()
    people = make(world, 20_000).people
    nobody = replace(world, caseworkers=0.0)
    every, offices, neither = (
        np.log(law_of(w, people).offer) for w in (world, nobody, replace(nobody, offices=0.0))
    )  # fmt: skip
    of_caseworkers, of_offices = every - offices, offices - neither

    for arm in range(len(world.arms)):
        assert len(np.unique(of_caseworkers[:, arm].round(9))) == 96
        assert len(np.unique(of_offices[:, arm].round(9))) == 12
    assert 0.2 < of_caseworkers.std() < 0.3
    assert 0.1 < of_offices.std() < 0.2


def test_small_jobs_do_not_end_benefit_and_end_with_it_when_work_comes(country: Register) -> None:
    """Many are held before the last day on benefit, none on or after the first day of the job that ends it."""
    people, life = country.people, country.life
    small = people.small.until(people.entry + life.last_on_benefit)
    held = (small.end >= small.start).any(axis=1)
    columns = slice(-people.small.start.shape[1], None)
    start, end = life.jobs.start[:, columns], life.jobs.end[:, columns]
    real = end >= start

    assert 0.05 < held.mean() < 0.3
    assert (end < life.jobs.start[:, [0]])[real].all()
    assert set(np.unique(people.small.hours)) <= {8, 12, 16}


def test_welfare_has_no_end_of_right(country: Register) -> None:
    """Nobody on it leaves but for work."""
    welfare = country.people.welfare

    assert (country.people.entitled_to[welfare] == NEVER).all()
    assert country.life.found_work[welfare & (country.life.last_on_benefit < 2_000)].all()
    assert not country.life.found_work[~welfare].all()


def test_an_inflow_without_swings_is_even() -> None:
    """Every day of three years gets its share, and with swings all days still lie in them."""
    entry = make(replace(worlds.tiny(), inflow=Swing()), 40_000).people.entry
    swinging = make(worlds.country(), 5_000).people.entry

    thirds = np.histogram(entry, bins=3)[0]
    assert np.abs(thirds / thirds.mean() - 1).max() < 0.03
    assert day(ENTRY[0]) <= swinging.min()
    assert swinging.max() <= day(ENTRY[1])


def test_a_profile_of_many_rows_inverts_each() -> None:
    """``when`` undoes ``upto`` in every row; beyond the end it is never."""
    rng = np.random.default_rng(1)
    profile = Profile.of((0.1, 0.05, 0.02), rng.uniform(0.5, 2.0, (7, 240)))
    row, days = rng.integers(0, 7, 500), rng.uniform(0, 7_000, 500)

    assert np.allclose(profile.when(profile.upto(days, row), row), days)
    assert (profile.when(np.full(7, 1e9), np.arange(7)) == NEVER).all()


def test_what_is_planted_can_be_read_back() -> None:
    """One line of JSON with every setting that is not usual, and none that is."""
    told = json.loads(planted(replace(worlds.tiny(), policy=Policy(ENTRY[0], 0.5))))

    assert told["policy"] == {"since": "2017-01-01", "share": 0.5}
    assert told["people"] == 300
    assert [arm["name"] for arm in told["arms"]] == ["short", "long", "coaching", "matching"]
    assert told["arms"][1]["effect"]["lock_in"] == -0.7
    assert "selection" not in told
    assert "\n" not in planted(worlds.demo())


def test_a_late_chunk_has_people_of_its_own() -> None:
    """Chunk 999 of a country can be made without the others."""
    first, late = (make_chunk(worlds.country(), chunk, 500) for chunk in (0, 999))

    assert len(first.people) == len(late.people) == 500
    assert not (first.people.birth == late.people.birth).all()
