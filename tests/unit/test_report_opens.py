"""What would open it: each reason has a sentence to act on, in both languages, with the numbers that checks know."""

from __future__ import annotations

from dataclasses import replace

import dossiers
import pytest
from answers import question

from watwerkt import report, vocabulary
from watwerkt.dossier import Check, Checks, Dossier, Exclusions, Step
from watwerkt.effects.opening import ORDER
from watwerkt.report.opens import FAR, firmer, opens, times

LANGUAGES = ("nl", "en")
CLOSES = (*ORDER, "few_events", "small_cell", "small_cell_beside", "not_measured")


def dossier(*checks: Check, steps: tuple[Step, ...] = ()) -> Dossier:
    """A dossier with these checks and exclusions, and no effect."""
    return Dossier(
        question(), "", "0", "0", 1, False, Exclusions((Step("read", "", 900), *steps)), tuple(checks), ()
    )  # fmt: skip


def failed(name: str, statistic: float, threshold: float, arm: str = "short") -> Check:
    """A check that failed for those treated."""
    return Check(name, arm, "", "failed", statistic, threshold, ("treated",))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reason", [r for r in CLOSES if r not in ("plain", "control")])
def test_every_reason_says_what_would_open_it(reason, lang):
    """Whatever closes an effect that readers see, a manager reads why, and what to do; nothing is left unfilled."""
    entry = vocabulary.load("reasons")[reason]
    said = opens(dossier(), reason, (), lang)

    assert (entry.why_nl if lang == "nl" else entry.why_en).endswith(".")
    assert said.endswith(".")
    assert "{" not in said


@pytest.mark.parametrize(
    ("lang", "statistic", "words"),
    [
        ("nl", 130.4, ("130 mensen", "nodig zijn er 300", "ongeveer 2,3 keer", "samen met 2 andere diensten")),
        ("en", 130.4, ("130 people", "300 are needed", "about 2.3 times", "together with 2 other services")),
        ("nl", 160.0, ("1,9 keer", "samen met één andere dienst van")),
        ("en", 160.0, ("1.9 times", "together with one other service of")),
        ("nl", 100.0, ("3 keer", "2 andere diensten")),
        ("en", 12.0, ("12 people", "300 are needed", "the whole country")),
        ("nl", 12.0, ("12 mensen", "nodig zijn er 300", "het hele land")),
    ],
)
def test_too_few_says_how_many_times_as_many(lang, statistic, words):
    """From what was counted and what is needed; with enough services of this size the count reaches the limit."""
    check = failed("too_few", statistic, 300.0)
    said = opens(dossier(check), "too_few", (check,), lang)

    assert all(word in said for word in words), said
    assert ("keer zo veel" in said or "times as many" in said) == (300 / statistic <= FAR)


@pytest.mark.parametrize(
    ("name", "statistic", "threshold", "ratio"),
    [("too_few", 100, 300, 3.0), ("overlap", 50, 100, 2.0), ("clusters", 2.5, 5, 2.0), ("one_person", 0.1, 0.05, 2.0),
     ("balance", 9.0, 3.0, 0.0), ("placebo", 180.0, 50.0, 0.0), ("too_few", 0.0, 300.0, 0.0)],
)  # fmt: skip
def test_more_people_help_where_people_are_counted(name, statistic, threshold, ratio):
    """A difference that was there before does not shrink with numbers, and nobody promises it."""
    assert times(failed(name, statistic, threshold)) == pytest.approx(ratio)


def test_the_worst_of_several_is_told():
    """Where two contrasts lack people, the one that lacks more decides."""
    checks = (failed("overlap", 80, 100), failed("overlap", 40, 100), failed("overlap", 60, 100))

    assert "rests on 40 people" in opens(dossier(*checks), "overlap", checks, "en")


def test_a_design_that_refused_with_enough_people_promises_no_number():
    """Closed as too few by its folds, though the count is above the limit: no ratio below one."""
    check = failed("too_few", 320.0, 300.0)

    assert opens(dossier(check), "too_few", (check,), "en") == vocabulary.load("reasons")["too_few"].opens_en


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_threshold_and_the_horizon_are_the_dossiers_own(lang):
    """A small cell names the door's threshold; outcomes that are not there yet name the months to wait."""
    assert "17" in opens(replace(dossier(), threshold=17), "small_cell", (), lang)
    assert "12" in opens(dossier(), "not_covered", (), lang)


def silent(name: str, **more: object) -> Check:
    """A check that gives no answer."""
    return Check(name, "short", "", "not_informative", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("check", "nl", "en"),
    [
        (silent("wait", statistic=45.0, threshold=30.0), "bij elk aanbod de dag", "the day of every offer"),
        (silent("placebo", statistic=0.1, threshold=0.2), "waar begeleiders niet naar kijken", "do not look at"),
        (silent("placebo", threshold=50.0, level=0.05, detectable=100.0), "ongeveer 4 keer", "about 4 times"),
        (silent("preference", statistic=0.1, threshold=0.2), "beide echt mogelijk", "both were really possible"),
        (Check("placebo", "", "", "not_applicable"), "de banen van twee jaar", "the two years before"),
    ],
)
def test_what_is_open_could_be_firmer(check, nl, en):
    """Offers that are not recorded, a history that is too short, a placebo that is not declared or not sharp enough."""
    for lang, words in (("nl", nl), ("en", en)):
        (said,) = firmer(dossier(check), (check,), lang)
        assert words in said
        assert "short" not in said.lower() or "training" in said.lower()


def test_who_declared_one_is_not_asked_to_declare_one():
    """The one that every question gets may stay silent; another one has been declared."""
    made = dossier(silent("placebo", statistic=0.1, threshold=0.2))
    checks = Checks(not_used_in_selection=("earnings_13_24",))

    assert list(firmer(replace(made, question=question(checks=checks)), made.checks, "en")) == []


def test_a_closed_arm_is_not_asked_to_be_firmer():
    """Of what is closed `why` says what would open it, and nothing about how firm it would then be."""
    closed = dossiers.three_arms()
    firm = report.why(closed, "en").split("What would make the judgement firmer?")[1]

    assert "Short training: with about 2.9 times as many people" in firm
    assert "oaching" not in firm


def test_a_sharp_placebo_asks_for_nothing():
    """It saw a difference that matters; more people would show the same."""
    check = silent("placebo", threshold=50.0, level=0.05, detectable=20.0)

    assert list(firmer(dossier(check), (check,), "en")) == []


@pytest.mark.parametrize(("lang", "word"), [("nl", "momenten"), ("en", "moments")])
def test_a_longer_delivery_says_how_much_it_adds(lang, word):
    """Rows that were set aside because the registers begin too late or stop too soon."""
    steps = (Step("history_not_covered", "", 700), Step("not_covered", "short", 660), Step("not_covered", "long", 600))
    said = list(firmer(dossier(steps=steps), (), lang))

    assert [line.split()[0] for line in said] == ["200", "100"]
    assert all(word in line for line in said)


@pytest.mark.parametrize(("lang", "words"), [("nl", "Wat zou dit openen?"), ("en", "What would open this?")])
def test_the_command_line_says_it_with_the_closed_effect(lang, words):
    """Whoever reads that an effect is closed reads in the same line what would open it; `why` says it too."""
    closed = dossiers.nsw_psid()
    line = next(line for line in report.say(closed, lang).splitlines() if words in line)

    assert "gesloten" in line or "closed" in line
    assert words in report.why(closed, lang)
