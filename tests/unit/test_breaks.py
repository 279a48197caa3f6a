"""Where registration broke down: found where it did, silent where offices merely differ, all move, or little begins."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest
from registers import SETTINGS, person, spell, training, write
from scipy.stats import hypergeom, nchypergeom_fisher

from watwerkt import register, report
from watwerkt.dossier import Doubt
from watwerkt.register import breaks

OFFICES, QUARTERS = 8, 12


def counts(rng: np.random.Generator, mean: float = 30.0) -> tuple[np.ndarray, np.ndarray]:
    """Eight offices that differ by a factor of four, twelve quarters of which the last halves everywhere."""
    level = np.geomspace(0.5, 2.0, OFFICES)[:, None] * np.where(np.arange(QUARTERS) >= 8, 0.5, 1.0)
    n = rng.poisson(mean * level).astype(float)
    e = np.full(n.shape, mean)
    return n, e * n.sum(0) / e.sum(0)


def found(n: np.ndarray, e: np.ndarray, level: float = 0.05) -> list[breaks.Look]:
    """Quarters in which an office broke down."""
    looks = [*breaks.against_past(n, e, np.zeros(n.shape, bool), 1)]
    at_most = breaks.threshold((look.least for look in looks), level)
    return [look for look in looks if look.low and look.p <= at_most]


# ---- the tests ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("a", "here", "now", "total"), [(3, 20, 15, 60), (0, 12, 9, 200), (9, 10, 15, 22)])
def test_the_tail_is_that_of_the_exact_distribution(a, here, now, total):
    """With and without a change in what is to be expected; the least is that of the smallest count possible."""
    low = max(0, here + now - total)
    for odds in (0.5, 1.0, 3.0):
        p, least = breaks.tail(a, here, now, total, float(np.log(odds)))

        assert p == pytest.approx(nchypergeom_fisher.cdf(a, total, here, now, odds))
        assert least == pytest.approx(nchypergeom_fisher.pmf(low, total, here, now, odds))
    assert breaks.tail(a, here, now, total, 0.0)[0] == pytest.approx(hypergeom.cdf(a, total, here, now))


def test_tests_that_cannot_find_anything_cost_nothing():
    """Tarone: two that could be found share the level, and a hundred that could not take none of it."""
    assert breaks.threshold([0.001, 0.002, *[0.3] * 100], 0.05) == 0.025
    assert breaks.threshold([], 0.05) == 0.05
    assert breaks.threshold([1e-9] * 10, 0.05) == pytest.approx(0.005)


def test_steps_up_as_benjamini_and_hochberg():
    """Of four, the second lies below its own step."""
    assert breaks.steps([0.02, 0.9, 0.01, 0.5], 0.05) == 0.02
    assert breaks.steps([0.04, 0.9], 0.05) == 0.0
    assert breaks.steps([], 0.05) == 0.0


def test_sound_offices_are_left_alone():
    """Offices differ and all of them halve at once: in 100 registers an alarm at all in 5 % at most, as stated (9 of
    100 is beyond what that allows)."""
    alarms = [bool(found(*counts(np.random.default_rng(seed)))) for seed in range(100)]

    assert sum(alarms) < 9


@pytest.mark.parametrize("office", [3, 7])
def test_a_quarter_that_was_hardly_registered_is_found(office):
    """A fifth of it is left in one office: found in nearly every register, there and nowhere else."""
    hits, others = 0, 0
    for seed in range(40):
        n, _ = counts(np.random.default_rng(seed))
        n[office, 6] = np.random.default_rng([seed, 1]).binomial(int(n[office, 6]), 0.2)
        e = np.full(n.shape, 30.0)
        looks = found(n, e * n.sum(0) / e.sum(0))
        hits += any((look.office, look.first) == (office, 6) for look in looks)
        others += any((look.office, look.first) != (office, 6) for look in looks)

    assert hits >= 36
    assert others <= 6


def test_a_small_office_is_not_judged():
    """Three starts a quarter: none at all is no surprise, and nothing is said of it."""
    n, e = counts(np.random.default_rng(1), mean=3.0)
    n[0, 6] = 0
    looks = [look for look in breaks.against_past(n, e, np.zeros(n.shape, bool), 1) if look.office == 0]

    assert not any(look.least <= 0.05 / OFFICES / QUARTERS for look in looks)
    assert not found(n, e)


def test_starts_in_groups_count_for_fewer():
    """Ten at a time are no ten: the spread beyond chance is seen, and a quarter without a group is no break."""
    rng = np.random.default_rng(5)
    n = 10.0 * rng.poisson(3.0, (OFFICES, QUARTERS))
    e = np.full(n.shape, 30.0)
    e *= n.sum(0) / e.sum(0)

    assert breaks.spread(n, e) > 4
    assert breaks.spread(*counts(rng)) < 1.8
    assert not found(n, e)


def test_an_office_that_does_half_all_along_is_found_among_others_that_differ():
    """Where counts are large enough; those that merely differ are not."""
    rng = np.random.default_rng(3)
    n = rng.poisson(400 * np.exp(0.15 * rng.standard_normal(20))).astype(float)
    n[4] *= 0.4
    looks = [*breaks.against_others(n, np.full(20, n.mean()))]
    at_most = breaks.steps((look.p for look in looks), 0.05)

    assert [look.office for look in looks if look.low and look.p <= at_most] == [4]


# ---- a register --------------------------------------------------------------------------------------------------


def service(stopped: str = "", lost: str = "") -> dict[str, list[dict[str, object]]]:
    """Five offices with a spell every third day from 2017 on; of four people three are coached and one is trained.
    ``stopped``: the first day from which office0 registers nothing; ``lost``: a month in which office1 does not."""
    tables: dict[str, list[dict[str, object]]] = {"person": [], "benefit_spell": [], "provision": []}
    for office, i in product(range(5), range(300)):
        who, start = f"{office}-{i}", date(2017, 1, 1) + timedelta(3 * i)
        day, code = start + timedelta(5 + i % 7), f"office{office}"
        tables["person"].append(person(who))
        tables["benefit_spell"].append(spell(who, str(start), str(start + timedelta(60)), office=code))
        gone = (office == 0 and stopped and str(day) >= stopped) or (office == 1 and lost == str(day)[:7])
        if not gone:
            kind = "coaching" if i % 4 else "training"
            tables["provision"].append(
                training(who, str(day), str(day), str(day + timedelta(20))) | {"instrument": kind, "office": code}
            )
    return tables


def check(folder, quality: str = "", **told):
    """What is said of such a service."""
    return register.check(register.read(write(folder, SETTINGS + quality, **service(**told))))


def test_nothing_is_in_doubt_where_nothing_is(tmp_path):
    """Every cell is fine or cannot be judged."""
    quality = check(tmp_path)

    assert quality.doubts == ()
    assert {cell.state for cell in quality.registered} == {"fine", "unjudged"}
    assert report.check_files(quality, "en")["quality.toml"] == ""


def test_an_office_that_stops_is_in_doubt_from_then_on(tmp_path):
    """One stretch, from the quarter in which it stopped; the others, and its other quarters, are not."""
    quality = check(tmp_path, stopped="2018-07-01")
    coaching = [doubt for doubt in quality.doubts if doubt.instrument == "coaching"]

    assert {doubt.office for doubt in quality.doubts} == {"office0"}
    assert [(doubt.kind, doubt.first, doubt.found) for doubt in coaching] == [("break", "2018-07-01", 0)]
    assert coaching[0].last >= "2019-03-31"
    states = {c.quarter: c.state for c in quality.registered if (c.office, c.instrument) == ("office0", "coaching")}
    assert states["2018-07-01"] == "doubt"
    assert "doubt" not in {state for quarter, state in states.items() if quarter < "2018-07-01"}


def test_what_is_pasted_is_what_is_declared(tmp_path):
    """The lines of `check` are read by `register.toml`, and the doubt is then said to be declared; so is `fit = true`,
    of which nothing leaves."""
    before = check(tmp_path / "a", stopped="2018-07-01")
    lines = report.check_files(before, "nl")["quality.toml"]
    after = check(tmp_path / "b", lines, stopped="2018-07-01")
    right = check(tmp_path / "c", lines.replace("fit = false", "fit = true"), stopped="2018-07-01")

    assert [doubt.said for doubt in after.doubts] == ["unfit"] * len(before.doubts)
    assert [doubt.said for doubt in right.doubts] == ["fit"] * len(before.doubts)
    assert {c.state for c in after.registered if c.office == "office0" and c.quarter == "2018-07-01"} >= {"unfit"}
    assert report.check_files(after, "nl")["quality.toml"] == ""


def test_a_lost_month_is_one_doubt_of_every_instrument(tmp_path):
    """Ten a month are enough; the quarter around it is no second doubt."""
    tables = service()
    for i, day in product(range(5), range(0, 900, 2)):
        when = date(2017, 1, 1) + timedelta(day)
        if not (i == 1 and str(when)[:7] == "2018-03"):
            row = training(f"{i}-{day // 3}", str(when), str(when), str(when), office=f"office{i}")
            tables["provision"].append(row | {"instrument": "talk", "provision_id": f"t{i}-{day}"})
    tables["provision"] = [
        row for row in tables["provision"] if not (row["office"] == "office1" and str(row["offered"])[:7] == "2018-03")
    ]
    quality = register.check(register.read(write(tmp_path, **tables)))

    assert [(d.kind, d.office, d.instrument, d.first, d.last) for d in quality.doubts] == [
        ("lost", "office1", "", "2018-03-01", "2018-03-31")
    ]


def test_without_offices_nobody_can_say(tmp_path):
    """That is said, and nothing else."""
    tables = service()
    for row in tables["benefit_spell"]:
        del row["office"]
    quality = register.check(register.read(write(tmp_path, **tables)))

    assert (quality.registered, quality.doubts) == ((), ())
    assert report.words.text("fitness.nothing", "nl") in report.page(quality)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_says_each_doubt_and_each_cell(tmp_path, lang):
    """In words and numbers, with the lines to paste; the table says its states to who cannot see it."""
    quality = check(tmp_path, stopped="2018-07-01")
    page, said = report.page(quality), report.say(quality, lang)

    assert Doubt.__name__ not in page
    assert report.words.text("fitness.kind.break", lang) in said
    assert "office0" in said
    for state in ("doubt", "fine", "unjudged"):
        assert f'<span class="vh">{report.words.text(f"fitness.state.{state}", lang)}</span>' in page
    assert "[[quality]]" in page
