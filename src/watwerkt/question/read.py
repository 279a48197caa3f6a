"""From a file, or from keywords, to a question: every mistake at once, each with its key and its line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from watwerkt import vocabulary
from watwerkt.dossier import Outcome, Population, Primary, Question, Time
from watwerkt.dossier.question_text import question_of
from watwerkt.errors import NeverIsNotBuilt, NoQuestion, QuestionError
from watwerkt.question import meaning, shape
from watwerkt.question.problem import Path as KeyPath
from watwerkt.question.problem import Problem, line_of, lines, place
from watwerkt.question.time import EACH_MONTH

FILE = "question.toml"
_LONGEST = 300
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_DUTCH_DATE = re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b")


def read(path: str | Path) -> Question:
    """Read a question.toml, or the one in a folder.

    Raises QuestionError with every mistake at once, NoQuestion where there is none, NeverIsNotBuilt.
    """
    file = Path(path)
    file = file / FILE if file.is_dir() else file
    if not file.is_file():
        raise NoQuestion(where=str(path))
    text = _text(file)
    return declare(_document(text, str(file)), str(file), lines(text))


def declare(document: dict[str, Any], where: str, where_is: dict[KeyPath, int]) -> Question:
    """The question of a document; ``where`` names it in errors, ``where_is`` the lines of its keys."""
    written, wrong = shape.written(document)
    problems = [*wrong, *(p for p in meaning.problems(written) if not _said(p, wrong))]
    if problems:
        ordered = sorted(enumerate(problems), key=lambda one: (line_of(one[1].path, where_is), one[0]))
        told = tuple(_printable(f"{place(p.path, where_is)}: {p.says}") for _, p in ordered)
        raise QuestionError(where=where, problems=tuple(dict.fromkeys(told)))
    if written.arms is not None and written.arms.compared_with == meaning.NEVER:
        raise NeverIsNotBuilt(where=where)
    return resolved(question_of(document))


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise QuestionError(where=str(file), problems=("the file is not in UTF-8",)) from None


def _document(text: str, where: str) -> dict[str, Any]:
    """The tables of a TOML text."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line = _AT_LINE.search(str(error))
        said = _AT_LINE.sub("", str(error)).strip() if isinstance(error, ValueError) else "Nested too deeply"
        says = f"this is not TOML ({said[:1].lower()}{said[1:]})"
        if line and _DUTCH_DATE.search(text.splitlines()[int(line[1]) - 1]):
            says += "; a date is written year-month-day, like 2019-12-31"
        raise QuestionError(where=where, problems=(_printable(f"line {line[1]}: {says}" if line else says),)) from None


def _printable(text: str) -> str:
    """A problem on one line, whatever keys and values somebody wrote."""
    return "".join(c if c.isprintable() else " " for c in text)[:_LONGEST]


def _said(problem: Problem, wrong: tuple[Problem, ...]) -> bool:
    """Whether a key was reported before: what was left out for its type is then not missing as well."""
    return any(w.path[: len(problem.path)] == problem.path or problem.path[: len(w.path)] == w.path for w in wrong)


# ---- defaults ----------------------------------------------------------------------------------------------------


def resolved(question: Question) -> Question:
    """The question with its defaults written out, so that the seal covers them."""
    outcomes = tuple(_outcome(o, question.table is None) for o in question.outcomes)
    time = _time(question, tuple(o for o in outcomes if o.name not in question.checks.negative_controls))
    population = question.population
    if question.table is None and population is None:
        population = Population()
    return replace(question, outcomes=outcomes, time=time, population=population)


def _outcome(outcome: Outcome, on_register: bool) -> Outcome:
    """Direction by kind; on a register also the public smallest effect, whose unit is that of the kind."""
    kind = vocabulary.load("outcomes")[outcome.kind]
    smallest = outcome.smallest_effect
    if smallest is None and on_register:
        smallest = kind.smallest_effect
    less = "less" in (outcome.better, kind.better)
    return replace(outcome, smallest_effect=smallest, better="less" if less else "more")


def _time(question: Question, outcomes: tuple[Outcome, ...]) -> Time:
    """The clock, and the cell on which *works* is decided: the first outcome in the last period."""
    time = question.time
    primary = time.primary or Primary(outcomes[0].name)
    if primary.month is None:
        leading = {o.name: o for o in outcomes}[primary.outcome]
        last = time.horizon if question.table is None else leading.periods and leading.periods[1]
        primary = replace(primary, month=last)
    return replace(time, zero=time.zero or (EACH_MONTH if question.table is None else ""), primary=primary)
