"""What a scenario world plants is in its data, and nothing else: who is offered what, and what offers cannot know."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from watwerkt.synthetic import World, make, make_chunk, truth, worlds
from watwerkt.synthetic.clock import Floats, month_of
from watwerkt.synthetic.jobs import NEVER, path
from watwerkt.synthetic.life import NO_ARM
from watwerkt.synthetic.risk import at_risk

MANY = 40_000
COLUMNS = ("age", "school", "woman", "recent_work", "older_work", "deep", "trait", "news")


@cache
def leanings(world: World, arm: int) -> dict[str, float]:
    """What offers of an arm lean on: z of each column in a regression on all of them of an offer in the first month.

    Later on whoever finds work fast has left, so that offers say who stays as well.
    """
    register, names = make(world, 2 * MANY), COLUMNS
    plan = register.life.programme.plan
    columns = np.column_stack([_standard(getattr(register.people, name)) for name in names])
    offered = ((plan.arm == arm) & (plan.offered < 31)).astype(float)
    given = np.column_stack([np.ones(len(offered)), columns])
    coefficients, *_ = np.linalg.lstsq(given, offered, rcond=None)
    left = offered - given @ coefficients
    spread = np.sqrt(np.diag(np.linalg.inv(given.T @ given)) * left.var())
    return dict(zip(names, (coefficients / spread)[1:].tolist(), strict=True))


def _standard(values: np.ndarray) -> Floats:
    numbers = values.astype(float)
    return (numbers - numbers.mean()) / numbers.std()


@pytest.mark.parametrize(
    ("world", "planted", "absent"),
    [
        (worlds.honest_older(), "older_work", ("recent_work", "deep", "trait", "news")),
        (worlds.honest_recent(), "recent_work", ("older_work", "deep", "trait", "news")),
        (worlds.hidden_trait(worlds.STRONG), "trait", ("older_work", "deep", "news")),
        (worlds.hidden_trait(worlds.WEAK), "trait", ("older_work", "deep", "news")),
        (worlds.hidden_news(), "news", ("older_work", "deep", "trait")),
        (worlds.deep(), "deep", ("older_work", "trait", "news")),
    ],
    ids=lambda given: given.name if isinstance(given, World) else None,
)
def test_offers_lean_on_what_is_planted_and_on_nothing_else(
    world: World, planted: str, absent: tuple[str, ...]
) -> None:
    """Coaching, in 80,000 people: far beyond chance on what is planted, within it on what is not."""
    found = leanings(world, 1)

    assert abs(found[planted]) > 4.5, found
    assert max(abs(found[name]) for name in absent) < 4, found


@pytest.mark.parametrize("world", [worlds.hidden_trait(worlds.STRONG), worlds.hidden_news()], ids=lambda w: w.name)
def test_short_training_stays_honest_beside_what_is_hidden(world: World) -> None:
    """It leans on neither the trait nor the news."""
    found = leanings(world, 0)

    assert max(abs(found[name]) for name in ("trait", "news")) < 4, found


def test_news_has_no_trace_in_anything_recorded_before() -> None:
    """No column of the person, no month of work or earnings in four years; a trait does leave one, in old wages."""
    found = {}
    for hidden, world in (("news", worlds.hidden_news()), ("trait", worlds.hidden_trait(worlds.STRONG))):
        people = make(world, MANY).people
        past = path(people.before, month_of(people.entry) - 48, 48)
        recorded = [getattr(people, name) for name in ("age", "woman", "education", "office", "household", "hours")]
        columns = np.column_stack([*recorded, people.entry, past.work, past.earnings, people.before.wage]).astype(float)
        columns = columns[:, columns.std(axis=0) > 0]
        correlations = np.corrcoef(np.column_stack([getattr(people, hidden), columns]), rowvar=False)[0, 1:]
        found[hidden] = np.abs(correlations).max() * np.sqrt(MANY)

    assert found["news"] < 4.5
    assert found["trait"] > 20


def test_the_deep_interaction_shows_in_no_single_column_nor_pair() -> None:
    """Regressed on age, sex, household and their pairs it keeps nine tenths of its spread."""
    people = make(worlds.deep(), MANY).people
    one = np.column_stack([_standard(people.age), _standard(people.woman), _standard(people.household >= 2)])
    pairs = np.column_stack([one[:, [0]] * one[:, [1]], one[:, [0]] * one[:, [2]], one[:, [1]] * one[:, [2]]])
    given = np.column_stack([np.ones(MANY), one, pairs])
    left = people.deep - given @ np.linalg.lstsq(given, people.deep, rcond=None)[0]

    assert left.var() > 0.9


def test_one_office_never_offers_coaching() -> None:
    """And offers short training as often as others do; other offices offer both."""
    register = make(worlds.one_office(), MANY)
    arm, there = register.life.programme.plan.arm, register.people.office == 0

    assert (arm[there] == 1).sum() == 0
    assert (arm[there] == 0).mean() > 0.03
    assert min((arm[register.people.office == office] == 1).mean() for office in range(1, 12)) > 0.03


def test_waiting_is_long_and_not_recorded() -> None:
    """The median wait is two months, and rows begin at the start of a programme."""
    register = make(worlds.waiting(), MANY)
    plan, rows = register.life.programme.plan, at_risk(register, np.random.default_rng(1))
    offers = rows.take(rows.arm != NO_ARM)

    assert 50 < np.median((plan.begins - plan.offered)[plan.arm != NO_ARM]) < 70
    assert (offers.zero == plan.begins[offers.person]).all()
    assert register.life.programme.started[offers.person].all()


def test_whoever_waits_finds_work_slower() -> None:
    """With the waiting effect taken away, the same chances bring fewer starts: less is found before them."""
    world = worlds.waiting()
    plain = replace(world, arms=tuple(replace(a, effect=replace(a.effect, waiting=0.0)) for a in world.arms))
    started = {w: make(w, 10_000).life.programme.started.sum() for w in (world, plain)}

    assert started[world] > 1.02 * started[plain]


@pytest.mark.parametrize("seed", [1, 2])
def test_rare_arms_have_just_above_a_hundred_offers(seed: int) -> None:
    """Each of the three, at the world's own size."""
    register = make(worlds.rare(), seed=seed)
    plan = register.life.programme.plan
    offers = np.bincount(plan.arm[(plan.arm != NO_ARM) & (plan.offered < 365)])

    assert len(offers) == 3
    assert all(100 <= n <= 165 for n in offers), offers


@pytest.mark.parametrize(
    "world",
    [worlds.honest_older(), worlds.honest_recent(), worlds.hidden_trait(worlds.MIDDLE), worlds.hidden_news(),
     worlds.deep(), worlds.one_office(), worlds.waiting(), worlds.nothing()],
    ids=lambda world: world.name,
)  # fmt: skip
def test_a_scenario_gives_each_arm_its_starters(world: World) -> None:
    """150 to 480 in twelve months, at the world's own size."""
    programme = make(world).life.programme
    starters = np.bincount(programme.plan.arm[programme.started & (programme.plan.offered < 365)])

    assert len(starters) == len(world.arms)
    assert all(150 <= n <= 480 for n in starters), starters


def test_arms_that_do_nothing_have_no_effect_at_all() -> None:
    """Seven arms, alone or beside each other: exactly zero, in every month, for the treated and for all."""
    rows = truth(worlds.nothing(), 3_000)

    assert {row.arm for row in rows} == {arm.name for arm in worlds.nothing().arms}
    assert {(row.value, row.mc_error) for row in rows if row.measure != "always_workers"} == {(0.0, 0.0)}


def test_a_start_now_has_an_effect_from_its_first_day() -> None:
    """Where only starts are known the futures begin there: lock-in, then more work; no wait between them."""
    work = {
        (row.arm, row.month): row.value
        for row in truth(worlds.waiting(), 30_000)
        if (row.compared_with, row.outcome, row.measure, row.target) == ("not_now", "work", "at", "treated")
    }

    assert work["short", 1] < -0.01
    assert work["short", 12] > 0.03


def test_a_chunk_is_the_same_whatever_stands_beside_it() -> None:
    """The same seed and number give the same people and lives; another number, others."""
    world = worlds.tiny()
    one, again, other = (make_chunk(world, chunk, 300, seed=5) for chunk in (3, 3, 4))

    for part in ("entry", "birth", "trait", "news", "office"):
        assert (getattr(one.people, part) == getattr(again.people, part)).all(), part
    assert (one.life.jobs.start == again.life.jobs.start).all()
    assert (one.life.programme.plan.offered == again.life.programme.plan.offered).all()
    assert (one.people.birth != other.people.birth).mean() > 0.9
    assert one.chunk == 3


def test_a_register_in_one_piece_is_its_first_chunk() -> None:
    """So that a small register and a streamed one begin with the same people."""
    whole, chunk = make(worlds.tiny(), 200, seed=2), make_chunk(worlds.tiny(), 0, 200, seed=2)

    assert (whole.people.birth == chunk.people.birth).all()
    assert (np.minimum(whole.life.jobs.start, NEVER) == np.minimum(chunk.life.jobs.start, NEVER)).all()
