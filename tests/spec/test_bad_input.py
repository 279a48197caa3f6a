"""Whatever is wrong with what somebody brings: one clear sentence of its kind, no traceback, nothing half written."""

from __future__ import annotations

import contextlib
import pickle
import runpy
from pathlib import Path

import bad_input
import pytest
from bad_input import ON_DELIVERY, ON_REGISTER, ON_TABLE, Case
from bad_registers import BROKEN, COUNTED, Counted

from watwerkt import errors, question, register, sample
from watwerkt.errors import WatwerktError

ROOT = Path(__file__).parents[2]
CASES = (*bad_input.CASES, *BROKEN)


def files(folder: Path) -> set[str]:
    """Everything in a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def planted(case: Case, folder: Path) -> set[str]:
    """The files of a case, before anything is read."""
    with contextlib.chdir(folder):
        bad_input.plant(case)
    return files(folder)


@pytest.mark.parametrize("base", [ON_TABLE, ON_REGISTER, ON_DELIVERY], ids=["table", "register", "delivery"])
def test_what_the_cases_break_is_sound(base: str, tmp_path: Path) -> None:
    """Without an edit nothing is wrong, so each case fails for what was planted in it."""
    sound = Case("nothing", WatwerktError, "", (), base)

    assert bad_input.said(sound, tmp_path) is None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.planted)
def test_a_mistake_is_told_in_one_clear_sentence(case: Case, tmp_path: Path) -> None:
    """The error has the class, and so the exit code, of its kind; its line names what, where and what now."""
    before = planted(case, tmp_path)
    error = bad_input.said(case, tmp_path)

    assert type(error) is case.error
    line = str(error)
    assert case.says in line
    assert "\n" not in line
    assert "{" not in line.replace("{t}", "").replace("{'", "")
    assert line.count(f"({error.where})") == 1
    assert line.endswith(error.now.format(**error.facts()))
    assert files(tmp_path) == before


@pytest.mark.parametrize("case", COUNTED, ids=lambda case: case.planted)
def test_what_is_no_error_is_counted(case: Counted, tmp_path: Path) -> None:
    """The rule counts what was planted, the rest is answered, and rows add up: of each table and of the people."""
    with contextlib.chdir(tmp_path):
        bad_input.plant(Case(case.planted, WatwerktError, "", (case.edit,), ON_REGISTER))
        found = register.read(bad_input.REGISTER)
        drawn = sample.draw(question.read(bad_input.QUESTION), found, 1)
        with found.connect(*found.tables) as connection:
            kept = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in found.tables}
    gone = {name: sum(d.rows for d in found.defects if d.table == name and d.sets_aside) for name in found.tables}

    assert case.rule in {(d.table, d.rule, d.rows, d.sets_aside) for d in found.defects}
    assert {state.table: state.rows for state in found.states} == {name: kept[name] + gone[name] for name in kept}
    assert drawn.exclusions.read == drawn.exclusions.used + sum(rows for _, _, rows in drawn.exclusions.set_aside())


def test_there_are_enough_and_none_twice() -> None:
    """At least 25 different mistakes, and 40 more of deliveries."""
    assert len({case.planted for case in CASES}) == len(CASES) >= 25 + 40
    assert len(BROKEN) + len(COUNTED) >= 40


@pytest.mark.parametrize(
    ("kind", "code"),
    [(errors.QuestionError, 3), (errors.TableError, 4), (errors.FitError, 5), (errors.MethodError, 6)],
)
def test_each_kind_has_its_exit_code(kind: type[WatwerktError], code: int) -> None:
    """Whatever is below a kind in the tree leaves with the kind's code."""
    assert {case.error.code for case in CASES if issubclass(case.error, kind)} <= {code}
    assert kind.code == code


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """One run names them all, in the order of the file."""
    (case,) = (case for case in CASES if case.planted == "three mistakes at once")
    error = bad_input.said(case, tmp_path)

    assert isinstance(error, errors.QuestionError)
    assert [problem.split(":")[0] for problem in error.problems] == [
        "table.person, line 7",
        "outcomes.earnings.kind, line 19",
        "design.use, line 22",
    ]


def test_the_page_of_errors_is_made_from_these_cases() -> None:
    """docs/errors.md is what `make docs` writes."""
    page = runpy.run_path(str(ROOT / "docs" / "make_errors.py"))["page"]

    assert (ROOT / "docs" / "errors.md").read_text("utf-8") == page()


def test_a_worker_hands_an_error_over_whole() -> None:
    """Loops run in other processes: what goes wrong there is told as if it had gone wrong here."""
    told = errors.MissingColumn(where="person.csv", column="end", near=("END",))
    again = pickle.loads(pickle.dumps(told))  # noqa: S301

    assert type(again) is errors.MissingColumn
    assert str(again) == str(told)
    assert "close to it: END" in str(again)
