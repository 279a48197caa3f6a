"""Tables that are known to be wrong: made of invented people only, struck through, and out of every dossier."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import registers

import watwerkt as ww
from watwerkt import cli, inside
from watwerkt.dossier import Cell, Effect, Tempting
from watwerkt.effects.nouns import Answer, Settings
from watwerkt.errors import OnlyInvented, QuestionError
from watwerkt.register import Register
from watwerkt.report import say_reveal, say_tempting
from watwerkt.sample.register_draw import draw_register
from watwerkt.synthetic import make, worlds, write
from watwerkt.synthetic.reveal import main, reveal, tempted
from watwerkt.synthetic.tempting import tempting

QUESTION = Path(__file__).parents[2] / "questions/short-or-long"
HEAD = "arm,compared_with,outcome,month,measure,target,value,mc_error\n"


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    """Six thousand invented people."""
    folder = tmp_path_factory.mktemp("demo")
    write(make(worlds.demo(), 6_000, 1), folder)
    return ww.read(folder)


@pytest.fixture(scope="module")
def tables(register) -> tuple[Tempting, ...]:
    """The two tables of the example question."""
    return tempting(ww.ask(QUESTION), register, Settings())


def test_a_stay_that_was_cut_short_is_a_short_training_only_there(register):
    """Of those who count as short by what they did, hundreds had been planned long; a question sees the plan alone."""
    question = ww.ask(QUESTION)
    planned, realised = (draw_register(question, register, 1, length=kind) for kind in ("planned", "realised"))
    long = planned.key[planned.arm == planned.arms.index("long")]
    short = realised.key[realised.arm == realised.arms.index("short")]

    assert len(np.intersect1d(long, short)) > 50
    assert (planned.facts[1].planned or 0) < 3


def test_there_are_two_and_both_mislead(tables):
    """Short seems to beat long by far more than the truth's six in a thousand; and the reasons say why."""
    assert [table.reason for table in tables] == ["plain", "realised"]
    for table in tables:
        short, long, between = table.effects
        assert (short.arm, long.arm, between.arm) == ("short", "long", "short")
        assert short.cell.compared_with == long.cell.compared_with == "not_now"
        assert between.estimate > 0.03
        assert {e.cell.month for e in table.effects} == {24}


def test_a_question_without_lengths_has_the_plain_table_only(register):
    """Where no arm is told apart by its length there is no length to get wrong."""
    question = ww.ask(QUESTION)
    question = replace(question, arms=tuple(arm for arm in question.arms if arm.name == "coaching"))
    found = tempting(question, register, Settings())

    assert [(t.reason, [e.arm for e in t.effects]) for t in found] == [("plain", ["coaching"])]


def test_real_people_are_refused(tmp_path):
    """Of them such a table would be a way round every check."""
    settings = registers.SETTINGS.replace("synthetic = true", "synthetic = false")
    folder = registers.write(
        tmp_path,
        settings,
        person=[registers.person("a")],
        benefit_spell=[registers.spell("a", "2018-01-10", "2018-12-31")],
        provision=[registers.training("a", "2018-02-15", "2018-03-01", "2018-04-15")],
    )

    with pytest.raises(OnlyInvented, match="real people"):
        tempting(ww.ask(QUESTION), ww.read(folder), Settings())


@pytest.mark.parametrize("column", ["end", "dropped", "realised_months", "realised_weeks"])
def test_no_question_can_ask_for_what_only_time_tells(column, tmp_path):
    """A question that sorts people by what became of them is refused, by the name of the column."""
    text = (QUESTION / "question.toml").read_text(encoding="utf-8").replace("planned_months = [0, 3]", f"{column} = 1")
    (tmp_path / "question.toml").write_text(text, encoding="utf-8")

    with pytest.raises(QuestionError, match=rf"arms.short.where.{column}.*known only afterwards"):
        ww.ask(tmp_path)


def test_they_stay_inside(register, tmp_path):
    """Kept beside the answer, found by `reveal`; the dossier has the same bytes with and without them."""
    question = ww.ask(QUESTION)
    answered = ww.answer(question, register, folder=tmp_path, seed=1)
    before = {p.name: p.read_bytes() for p in _written(answered, tmp_path / "before")}
    assert inside.beside(tmp_path, "tempting") is None

    cli.tempting(QUESTION, register=register.folder, out=tmp_path, seed=1)
    after = {p.name: p.read_bytes() for p in _written(inside.latest(tmp_path), tmp_path / "after")}

    assert [table.reason for table in inside.beside(tmp_path, "tempting")] == ["plain", "realised"]
    assert after == before
    assert not any("realised" in name or b"realised" in content for name, content in after.items())


def _written(answered: Answer, folder: Path) -> list[Path]:
    ww.release(answered, folder)
    return sorted(p for p in folder.iterdir() if p.name != "manifest.json")


def effect(arm: str, compared_with: str, estimate: float) -> Effect:
    """One cell of work after 24 months."""
    cell = Cell("training.short" if arm == "short" else "training.long", compared_with, "work", 24)
    return Effect(
        cell, arm, "treated", "difference", "", estimate, 0.01, estimate - 0.02, estimate + 0.02, None, None,
        0.5 + estimate, 0.5, 400, 4000,
    )  # fmt: skip


@pytest.fixture
def table() -> Tempting:
    """A table made by hand."""
    rows = (effect("short", "not_now", 0.1), effect("long", "not_now", -0.014), effect("short", "training.long", 0.114))
    return Tempting("realised", ww.ask(QUESTION), rows)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("nl", ("Verzonnen gegevens", "doorgestreept, niet gebruiken", "Korte training tegen lange training", "−1,4",
                "Fout: wie werk vindt, stopt met de training")),
        ("en", ("Invented data", "struck through, do not use", "Short training against long training", "−1.4",
                "Wrong: who finds work stops the training")),
    ],
)  # fmt: skip
def test_it_is_said_with_a_line_through_it_and_a_word(table, lang, words):
    """Where a terminal can, every line of the table is struck through; the word and the reason stand there always."""
    plain, struck = (say_tempting([table], lang, terminal) for terminal in (False, True))

    assert all(word in plain and word in struck for word in words)
    assert "\x1b" not in plain
    assert struck.count("\x1b[9m") == struck.count("\x1b[29m") == 4
    assert all("\x1b[9m" in line for line in struck.splitlines() if "training  " in line)


def test_the_truth_stands_beside_them_too(table, tmp_path):
    """Also beside one arm against another, which a dossier names by what it counts as and the truth by its name."""
    truth = tmp_path / "truth.csv"
    truth.write_text(
        HEAD + "short,not_now,work,24,at,treated,0.09,0\nshort,long,work,24,at,treated,0.006,0\n", encoding="utf-8"
    )
    rows = tempted(truth, [table])

    assert [(r.compared_with, r.truth, r.inside) for r in rows] == [("not_now", 0.09, True), ("long", 0.006, False)]
    for lang, word in (("nl", "fout: ingedeeld naar hoe lang het duurde"), ("en", "wrong: sorted by how long")):
        said = say_reveal((), lang, rows)
        assert said.count(word) == 2
        assert {"2", "1"} <= set(said.splitlines()[-1].split())
    assert main(rows, table.question) == rows
    assert reveal(truth, (), table.question) == ()
