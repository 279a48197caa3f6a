"""A question as text: canonical, readable, and the same question again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from answers import question

from watwerkt.dossier import Arm, Design, Known, Outcome, Population, Primary, Source, Table, Time, Where, Words
from watwerkt.dossier.question import Checks
from watwerkt.dossier.question_text import from_toml, to_toml
from watwerkt.errors import DossierError

FULL = question(
    id="vol",
    title=Words('Wat "werkt"?\nÉén', "What\\works?\t"),
    population=None,
    table=Table("a.csv", "id", "w", "c", "s", ("unweighted",)),
    given=("leeftijd", "re 74"),
    arms=(Arm("kort", "training.short", (Where("naam met blank", ("ja", "nee")), Where("n", (1,)))), Arm("geen")),
    compared_with="geen",
    outcomes=(
        Outcome("work", "employed", 0.02, columns="week_{t}", periods=(1, 208)),
        Outcome("pay", "number", 1e-05, "EUR", "pay", better="less"),
    ),
    time=Time(period="week", lock_in=(1, 35), primary=Primary("work", 208)),
    groups=("sex",),
    never_split_on=(),
    checks=Checks(fake_arms=400),
    design=Design(("randomised",), "takeup", (("kort", 0.6), ("geen", 0.4))),
    source=Source(name=Words("Een", "One"), people=Words("jongeren", "young people")),
    known=(Known(Words("later", "later"), "Schochet (2018)"), Known(Words("nog later", "later still"), "elders")),
    inquiry="i-7",
)


@pytest.mark.parametrize("asked", [question(), FULL], ids=["register", "everything"])
def test_the_text_holds_the_whole_question(asked):
    """Reading what was written gives the same question, so the same fingerprint."""
    again = from_toml(to_toml(asked))

    assert again == asked
    assert again.fingerprint == asked.fingerprint


def test_the_text_is_what_a_person_would_write():
    """Tables in the order of the design, defaults left out, days as days, a range as two numbers."""
    assert to_toml(question()) == (
        "[question]\n"
        'id = "short-or-long"\n'
        'title = { nl = "Kort of lang?", en = "Short or long?" }\n'
        "\n"
        "[population]\n"
        'scheme = ["ww"]\n'
        "age = [25, 60]\n"
        "entry = [2017-01-01, 2019-12-31]\n"
        "\n"
        "[time]\n"
        'zero = "each month"\n'
        "horizon = 12\n"
        "\n"
        "[arms]\n"
        'short = { counts_as = "training.short", where = { instrument = "training", planned_months = [0, 3] } }\n'
        'long = { counts_as = "training.long", where = { instrument = "training", planned_months = [6, 24] } }\n'
        'compared_with = "not_now"\n'
        "\n"
        "[outcomes]\n"
        'work = { kind = "employed", smallest_effect = 0.02 }\n'
        'earnings = { kind = "earnings", smallest_effect = 50.0, unit = "EUR a month" }\n'
        "\n"
        "[design]\n"
        'use = ["adjusted"]\n'
    )


def test_two_numbers_are_a_range_of_planned_months_only():
    """On any other column a list of two is a choice."""
    arm = Arm("a", "training", (Where("planned_months", (0, 3), True), Where("office", (1, 2)), Where("n", (1, 2, 3))))

    assert from_toml(to_toml(question(arms=(arm,)))).arms == (arm,)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text + "# a remark that names somebody\n",
        lambda text: text.replace('id = "short-or-long"', 'id = "short-or-long"\nname = "anna"'),
        lambda text: text.replace("horizon = 12", 'horizon = "12"'),
        lambda text: text.replace("[0, 3]", "[0,3]"),
        lambda text: text.replace("[arms]", "[armen]"),
        lambda text: "",
        lambda text: "not toml",
        lambda text: "a = " + "[" * 5000,
    ],
    ids=["comment", "extra key", "type", "blanks", "missing", "empty", "nonsense", "deep"],
)
def test_only_what_was_written_here_is_read(spoil):
    """A remark, a key too many or a wrong type in a dossier's question: refused, for it could carry anything."""
    with pytest.raises(DossierError):
        from_toml(spoil(to_toml(question())))


def test_titles_and_sources_change_no_fingerprint():
    """The seal covers what changes a number, so the text may be improved."""
    other = replace(FULL, title=Words("anders", "other"), source=Source(), known=(), inquiry="")

    assert other.fingerprint == FULL.fingerprint
    assert replace(FULL, given=("leeftijd",)).fingerprint != FULL.fingerprint


def test_a_register_without_limits_stays_one():
    """An empty [population] is written and read."""
    asked = question(population=Population())

    assert "[population]\n\n" in to_toml(asked)
    assert from_toml(to_toml(asked)) == asked
