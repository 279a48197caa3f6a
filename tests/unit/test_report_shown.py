"""A number never travels alone: an effect that lacks what it may not lack cannot be shown at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from watwerkt import report
from watwerkt.dossier import Arm, Cell, Dossier, Effect, Exclusions, Outcome, Question, Step, Time, Words
from watwerkt.errors import DossierError

CELL = Cell("training.short", "not_now", "work", 24)
EFFECT = Effect(
    CELL, "short", "treated", "adjusted", estimate=0.035, std_error=0.0105, low=0.0147, high=0.0559, level=0.6,
    level_without=0.565, n=400, n_without=4000,
)  # fmt: skip
OUTCOMES = (Outcome("work", "employed"), Outcome("index", "number"), Outcome("once", "employed", column="y"))


def dossier(effect: Effect = EFFECT, engine: str = "0.1.0", snapshot: str = "ab", synthetic: bool = False) -> Dossier:
    """A dossier with one effect."""
    question = Question("q", Words("Vraag", "Question"), (Arm("short", "training.short"),), "not_now", OUTCOMES)
    question = replace(question, time=Time(horizon=36))
    exclusions = Exclusions((Step("read", "", 100),))
    return Dossier(question, "", engine, snapshot, 1, synthetic, exclusions, (), (effect,))


def test_a_whole_effect_is_shown() -> None:
    """Comparison, range, horizon, unit, people and version are there: it can be said."""
    said = report.say(report.Shown(dossier(), EFFECT), "nl")

    assert said == (
        "Korte training: na 24 maanden werken er 4 méér van elke 100 deelnemers (tussen 1 en 6) "
        "dan bij vergelijkbare mensen die nog niet begonnen."
    )


@pytest.mark.parametrize(
    ("lacks", "effect"),
    [
        ("n", replace(EFFECT, n=None)),
        ("n", replace(EFFECT, n_without=None)),
        ("a range", replace(EFFECT, low=None)),
        ("a range", replace(EFFECT, high=None)),
        ("a horizon", replace(EFFECT, cell=replace(CELL, month=None, period=""))),
        ("a unit", replace(EFFECT, cell=replace(CELL, outcome="index"))),
        ("an outcome of the question", replace(EFFECT, cell=replace(CELL, outcome="health"))),
    ],
)
def test_what_is_missing_is_named(lacks: str, effect: Effect) -> None:
    """Each missing part raises, and the sentence says which."""
    with pytest.raises(DossierError, match=f"an effect without {lacks}"):
        report.Shown(dossier(effect), effect)


@pytest.mark.parametrize("version", [{"engine": ""}, {"snapshot": ""}])
def test_a_number_has_a_version(version: dict[str, str]) -> None:
    """Without engine and data it cannot be quoted later."""
    with pytest.raises(DossierError, match="a version"):
        report.Shown(dossier(**version), EFFECT)


def test_an_outcome_without_time_needs_no_horizon() -> None:
    """A table's number that is looked at once has none."""
    effect = replace(EFFECT, cell=replace(CELL, outcome="once", month=None, period=""))

    assert "afterwards" in report.say(report.Shown(dossier(effect), effect), "en")


def test_an_effect_alone_is_not_said() -> None:
    """Its unit and its people stand in its dossier."""
    with pytest.raises(TypeError, match="in its dossier"):
        report.say(EFFECT, "en")


def test_invented_data_say_so_in_every_sentence() -> None:
    """The word goes where the sentence goes."""
    made = dossier(synthetic=True)

    assert report.say(report.Shown(made, EFFECT), "nl").startswith("Verzonnen gegevens: ")
    assert report.say(report.Shown(made, EFFECT), "en").startswith("Invented data: ")


def test_a_closed_effect_says_no_number() -> None:
    """Only its moment and the reason remain."""
    effect = Effect(CELL, "short", "treated", "adjusted", "overlap")

    assert report.say(report.Shown(dossier(effect), effect), "en") == (
        "Short training: work, after 24 months: closed. The comparison would rest on a handful of people who happen to "
        "resemble the participants."
    )
