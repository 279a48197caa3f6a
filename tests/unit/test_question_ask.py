"""Asking in a notebook is the same as writing a file."""

from __future__ import annotations

import numpy as np
import pytest
from bad_input import ON_TABLE

from watwerkt import question
from watwerkt.dossier import Arm, Primary, Where, Words
from watwerkt.errors import QuestionError

OFFER = {"offer": {"TREATMNT": 1}, "none": {"TREATMNT": 0}}


def test_the_lines_of_the_design(tmp_path):
    """Arms by value, outcomes by pattern, kind and period by their names."""
    asked = question.ask(
        arms=OFFER,
        compared_with="none",
        outcomes={"work": "week_{t}"},
        given=["age", "schooling"],
        design="randomised",
    )

    assert asked.arms == (Arm("offer", "", (Where("TREATMNT", (1,)),)), Arm("none", "", (Where("TREATMNT", (0,)),)))
    assert (asked.outcomes[0].kind, asked.outcomes[0].columns, asked.time.period) == ("employed", "week_{t}", "week")
    assert (asked.given, asked.design.use) == (("age", "schooling"), ("randomised",))


def test_a_path_is_read_from_its_file(tmp_path):
    """One word for both ways of asking."""
    (tmp_path / "question.toml").write_text(ON_TABLE, "utf-8")

    assert question.ask(tmp_path) == question.read(tmp_path)


def test_keywords_say_what_the_file_says(tmp_path):
    """The same question by keywords has the same fingerprint as by file."""
    (tmp_path / "question.toml").write_text(ON_TABLE, "utf-8")
    asked = question.ask(
        id="course",
        title={"nl": "Helpt de cursus?", "en": "Does the course help?"},
        file="people.csv",
        person="person",
        given=["age", "region"],
        arms={"course": {"counts_as": "training", "where": {"course": 1}}, "none": {"course": 0}},
        compared_with="none",
        outcomes={"earnings": "earnings"},
        unit="EUR a month",
        primary="earnings",
        design="randomised",
    )

    assert asked == question.read(tmp_path)


def test_fake_arms_are_asked_by_number():
    """Kept as a whole number; nothing is nothing, and a handful is a mistake."""
    said = {"arms": {"a": {"x": 1}, "b": {"x": 2}}, "compared_with": "b", "outcomes": {"y": "y"}, "unit": "points"}

    assert question.ask(**said, fake_arms=400).checks.fake_arms == 400
    assert question.ask(**said).checks.fake_arms == 0
    with pytest.raises(QuestionError, match=r"checks\.fake_arms.*from 100 to 5000"):
        question.ask(**said, fake_arms=5)


def test_values_from_arrays_are_plain_values():
    """A question holds no numpy number, or its canonical text would differ from machine to machine."""
    arms = {"a": {"x": np.int64(1)}, "b": {"x": np.array([2, 3])}}
    asked = question.ask(arms=arms, compared_with="b", outcomes={"y": {"column": "y", "unit": "points"}})

    assert [type(v) for arm in asked.arms for one in arm.where for v in one.values] == [int, int, int]
    assert question.write(asked)


def test_one_title_is_the_title_in_both_languages():
    """A notebook's title is a string."""
    asked = question.ask(title="Werkt het?", arms=OFFER, compared_with="none", outcomes={"work": "work"})

    assert asked.title == Words("Werkt het?", "Werkt het?")


def test_periods_reach_every_pattern():
    """First and last period, and with them the primary cell."""
    outcomes = {"work": "w_{t}", "pay": {"columns": "p_{t}", "kind": "earnings", "unit": "EUR a week"}}
    asked = question.ask(arms=OFFER, compared_with="none", outcomes=outcomes, periods=(1, 12), period="week")

    assert [o.periods for o in asked.outcomes] == [(1, 12), (1, 12)]
    assert asked.primary == Primary("work", 12)


def test_every_mistake_is_told_without_lines():
    """There is no file, so no line."""
    with pytest.raises(QuestionError) as error:
        question.ask(arms=OFFER, compared_with="nothing", outcomes={"pay": "re78"}, design="lottery")
    assert [problem.split(":")[0] for problem in error.value.problems] == [
        "arms.compared_with",
        "outcomes.pay.unit",
        "design.use",
    ]


def test_asking_nothing_says_what_is_needed():
    """No keywords at all."""
    with pytest.raises(QuestionError, match=r"arms: is missing.*outcomes: is missing"):
        question.ask()


def test_what_is_asked_can_be_written_and_read(tmp_path):
    """A notebook's question becomes a file."""
    asked = question.ask(
        arms=OFFER,
        compared_with="none",
        outcomes={"work": "week_{t}"},
        takeup="took",
        shares={"offer": 0.6, "none": 0.4},
    )
    (tmp_path / "question.toml").write_text(question.write(asked), "utf-8")

    assert question.read(tmp_path) == asked
