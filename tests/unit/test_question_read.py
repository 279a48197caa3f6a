"""Reading a question.toml: what it becomes, which defaults are written out, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_input import ON_REGISTER, ON_TABLE

from watwerkt import question
from watwerkt.dossier import Arm, Outcome, Population, Primary, Table, Time, Where, Words
from watwerkt.errors import NoQuestion, QuestionError

QUESTIONS = sorted((Path(__file__).parents[2] / "questions").glob("*/question.toml"))


def read(folder, text):
    """The question of this text."""
    (folder / "question.toml").write_text(text, "utf-8")
    return question.read(folder)


def problems(folder, text):
    """What is wrong with this text."""
    with pytest.raises(QuestionError) as error:
        read(folder, text)
    return error.value.problems


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.parent.name)
def test_every_question_of_the_repository_is_sound(path):
    """Each is read, and reads again from what is written of it."""
    asked = question.read(path)

    assert asked.id == path.parent.name
    assert all(text.nl and text.en for text in (asked.title, asked.source.people) if text != Words())


def test_a_question_on_a_table(tmp_path):
    """The [table] form, field by field."""
    asked = read(tmp_path, ON_TABLE)

    assert asked.table == Table("people.csv", person="person")
    assert asked.given == ("age", "region")
    assert asked.arms == (
        Arm("course", "training", (Where("course", (1,)),)),
        Arm("none", "", (Where("course", (0,)),)),
    )
    assert asked.outcomes == (Outcome("earnings", "earnings", None, "EUR a month", "earnings"),)
    assert (asked.population, asked.design.use, asked.primary) == (None, ("randomised",), Primary("earnings"))


def test_a_question_on_a_register(tmp_path):
    """The register form: dates as ISO text, a planned length as a range, defaults of the vocabulary written out."""
    asked = read(tmp_path, ON_REGISTER)

    assert asked.population == Population(("ww",), (25, 60), ("2017-01-01", "2019-12-31"))
    assert asked.time == Time("each month", 3, 12, (1, 3), "month", Primary("work", 12))
    assert asked.arms[0].where == (Where("instrument", ("training",)), Where("planned_months", (0, 3), True))
    assert [(o.kind, o.smallest_effect) for o in asked.outcomes] == [("employed", 0.02), ("earnings", 50.0)]


def test_the_primary_cell_is_the_first_outcome_at_the_end(tmp_path):
    """Where none is declared it is written out, so that the seal covers it."""
    asked = read(tmp_path, ON_REGISTER.replace('primary = { outcome = "work", month = 12 }\n', ""))

    assert asked.time.primary == Primary("work", 12)


def test_the_last_week_of_a_path_is_its_primary_one(tmp_path):
    """A table's path ends where its periods do."""
    path = 'work = { kind = "employed", columns = "week_{t}", periods = [1, 208] }'
    text = ON_TABLE.replace('earnings = { kind = "earnings", column = "earnings", unit = "EUR a month" }', path)
    asked = read(tmp_path, text.replace('outcome = "earnings"', 'outcome = "work"'))

    assert asked.time.primary == Primary("work", 208)


def test_less_benefit_is_better(tmp_path):
    """The direction of a kind comes from the vocabulary; saying the opposite is a mistake."""
    text = ON_REGISTER.replace('kind = "earnings"', 'kind = "on_benefit"')

    assert read(tmp_path, text).outcome("earnings").better == "less"
    assert problems(tmp_path, text.replace('"on_benefit"', '"on_benefit", better = "more"')) == (
        "outcomes.earnings.better, line 22: less is better of 'on_benefit'; leave 'better' out",
    )


def test_a_table_has_the_smallest_effect_it_declares(tmp_path):
    """The vocabulary's is in euros a month, which a table need not be."""
    assert read(tmp_path, ON_TABLE).outcomes[0].smallest_effect is None
    declared = read(tmp_path, ON_TABLE.replace('column = "earnings"', 'column = "earnings", smallest_effect = 5'))
    assert declared.outcomes[0].smallest_effect == 5.0


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    """Windows writes one."""
    (tmp_path / "question.toml").write_text(ON_TABLE, "utf-8-sig")

    assert question.read(tmp_path / "question.toml") == read(tmp_path, ON_TABLE)


def test_a_folder_without_a_question(tmp_path):
    """Named as it was given."""
    with pytest.raises(NoQuestion) as error:
        question.read(tmp_path)
    assert error.value.where == str(tmp_path)


SENSELESS = {
    "no arms": ("[arms]", "[arms]\nlong = 3\n[known_arms]", "arms.long, line 17: must be a table"),
    "arm called not_now": ("short = {", "not_now = {", "needs another name"),
    "range of text": ("[0, 3]", '["a", "b"]', "must be two numbers, from and below"),
    "empty choice": ('instrument = "training"', "instrument = []", "not an empty list"),
    "a table's column": (
        'kind = "earnings"',
        'kind = "earnings", column = "pay"',
        "belongs to a question on a [table]",
    ),
    "no measure": ('kind = "earnings"', 'kind = "measure"', "earnings.measure, line 22: is missing"),
    "no share": ('kind = "earnings"', 'kind = "employed_at"', "say which share of the previous wage"),
    "a number": ('kind = "earnings"', 'kind = "number"', "on a register use 'measure'"),
    "a size": ("0.02", "-0.02", "must be above 0"),
    "weeks": ("until = 3", 'until = 3\nperiod = "week"', "a register is followed by month"),
    "another clock": ("until = 3", 'zero = "start"', 'the one clock there is: "each month"'),
    "endless": ("horizon = 12", "horizon = 100000", "must be a number of months from 1 to 600"),
    "lock-in too long": ("[1, 3]", "[1, 13]", "ends after the last period that is followed, 12"),
    "ages": ("[25, 60]", "[60, 25]", "must be the youngest and the oldest age"),
    "schemes": ('["ww"]', "[]", "is empty; leave it out to take every scheme"),
    "take-up": ('["adjusted"]', '["adjusted"]\ntakeup = "x"', "a register knows who started"),
    "never opens": ('["adjusted"]', '["difference"]', "'difference' is not one of the designs: randomised, adjusted"),
    "a placebo": ("[design]", '[checks]\nnot_used_in_selection = ["wage"]\n[design]', "a window like earnings_13_24"),
    "a control": ("[design]", '[checks]\nnegative_controls = ["x"]\n[design]', "is not one of the outcomes"),
    "few fake arms": ("[design]", "[checks]\nfake_arms = 20\n[design]", "from 100 to 5000; 0 for not at all"),
    "minus fake arms": ("[design]", "[checks]\nfake_arms = -400\n[design]", "from 100 to 5000; 0 for not at all"),
    "endless fake arms": ("[design]", "[checks]\nfake_arms = 5001\n[design]", "from 100 to 5000; 0 for not at all"),
    "fake arms in words": ("[design]", '[checks]\nfake_arms = "yes"\n[design]', "must be a whole number"),
    "a source": ("[design]", '[source]\nname = { nl = "x" }\n[design]', "source.name.en, line 25: is missing"),
    "a finding": ("[design]", '[[known]]\ntext = { nl = "x", en = "x" }\n[design]', "a finding names its source"),
    "infinite": ("0.02", "inf", "must be a number, not a number 'inf'"),
}


@pytest.mark.parametrize("case", SENSELESS)
def test_what_makes_no_sense_on_a_register(case, tmp_path):
    """Each mistake is one problem with its key, its line and what would be right."""
    old, new, says = SENSELESS[case]

    assert any(says in problem for problem in problems(tmp_path, ON_REGISTER.replace(old, new)))


SENSELESS_TABLE = {
    "no file": ('file = "people.csv"', 'remarks = ["unweighted"]', "table.file, line 5: is missing"),
    "a remark": ('person = "person"', 'remarks = ["heavy"]', "not one of the remarks"),
    "twice": ('["age", "region"]', '["age", "age"]', "names 'age' twice"),
    "a register's clock": ("[time]", "[time]\nhorizon = 12", "the columns of a table say it"),
    "not_now": ('compared_with = "none"', 'compared_with = "not_now"', "'not_now' is not one of: course, none"),
    "a weight": ('person = "person"', 'weight = "earnings"', "'earnings' is an outcome"),
    "an arm by outcome": ("where = { course = 0 }", "where = { earnings = 0 }", "an arm is known before"),
    "two columns": ('column = "earnings"', 'column = "a", columns = "b_{t}"', "name one 'column', or 'columns'"),
    "no period": ('column = "earnings"', 'columns = "week"', "must hold {t} once"),
    "periods": ('column = "earnings"', 'columns = "w_{t}", periods = [9, 1]', "the first and the last period"),
    "timeless": ('outcome = "earnings"', 'outcome = "earnings", month = 3', "one column, without time"),
}


@pytest.mark.parametrize("case", SENSELESS_TABLE)
def test_what_makes_no_sense_on_a_table(case, tmp_path):
    """Each mistake is one problem with its key, its line and what would be right."""
    old, new, says = SENSELESS_TABLE[case]

    assert any(says in problem for problem in problems(tmp_path, ON_TABLE.replace(old, new)))


def test_wrong_values_hide_no_other_mistake(tmp_path):
    """What has the wrong type is left out, and everything else is looked at too; nothing is told twice."""
    text = ON_REGISTER.replace("age = [25, 60]", 'age = [25, "sixty"]').replace('"training.short"', '"trening"')

    assert [problem.split(",")[0] for problem in problems(tmp_path, text)] == ["population.age", "arms.short.counts_as"]


def test_an_empty_file_says_what_a_question_needs(tmp_path):
    """Everything that must be there, at once."""
    keys = {problem.split(":")[0] for problem in problems(tmp_path, "")}

    assert keys == {"question.id", "arms", "arms.compared_with", "outcomes", "time.horizon"}
