"""Whether the outcomes of a question make sense: on a register by kind, on a table by column."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watwerkt import vocabulary
from watwerkt.dossier.question import KINDS
from watwerkt.question.problem import Path, Problem, nearest
from watwerkt.question.written import OutcomePart, Written

NAME = re.compile(r"[^\W\d][\w-]*")
PERIOD_MARK = "{t}"
MOST_PERIODS = 5000
# Kinds whose unit the vocabulary cannot know for a table: it says neither which money nor which points.
NEEDS_UNIT = ("earnings", "wage", "measure", "number")
_OF_A_TABLE = ("column", "columns", "periods", "at_work")


def outcomes(written: Written) -> Iterator[Problem]:
    """What is wrong with [outcomes]."""
    if not written.outcomes:
        yield Problem(("outcomes",), "is missing: say what is looked at")
    for name, outcome in (written.outcomes or {}).items():
        path = ("outcomes", name)
        if not NAME.fullmatch(name):
            yield Problem(path, "needs another name: a letter, then letters, digits, - and _")
        yield from _any(outcome, path)
        yield from _wage(outcome, path)
        yield from _on_table(outcome, path) if written.table is not None else _on_register(outcome, path)


def is_column_of(outcome: OutcomePart, name: str) -> bool:
    """Whether a column of the table holds this outcome."""
    return name == outcome.column or any(_fits(pattern, name) for pattern in (outcome.columns, outcome.at_work))


def _fits(pattern: str, name: str) -> bool:
    """Whether a name is a column, or one of the columns, that a pattern names."""
    before, mark, after = pattern.partition(PERIOD_MARK)
    return re.fullmatch(f"{re.escape(before)}{'[0-9]+' if mark else ''}{re.escape(after)}", name) is not None


def _any(outcome: OutcomePart, path: Path) -> Iterator[Problem]:
    if outcome.kind is None:
        yield Problem((*path, "kind"), f"is missing: one of {', '.join(KINDS)}")
    elif outcome.kind not in KINDS:
        says = f"'{outcome.kind}' is not one of {', '.join(KINDS)}{nearest(outcome.kind, KINDS)}"
        yield Problem((*path, "kind"), says)
    if outcome.smallest_effect is not None and outcome.smallest_effect <= 0:
        yield Problem((*path, "smallest_effect"), "must be above 0: it is a size, without direction")
    yield from _better(outcome, path)


def _wage(outcome: OutcomePart, path: Path) -> Iterator[Problem]:
    """Who is at work belongs to a wage, and looks like it: one column, or one a period."""
    if outcome.at_work and outcome.kind != "wage":
        yield Problem((*path, "at_work"), "says who has a wage: it goes with kind 'wage'")
    elif outcome.at_work and outcome.at_work.count(PERIOD_MARK) != outcome.columns.count(PERIOD_MARK):
        yield Problem((*path, "at_work"), f"must be like the wage: one column, or {PERIOD_MARK} where 'columns' has it")


def _better(outcome: OutcomePart, path: Path) -> Iterator[Problem]:
    kind = vocabulary.load("outcomes").get(outcome.kind or "")
    if outcome.better not in (None, "more", "less"):
        yield Problem((*path, "better"), f'must be "more" or "less", not \'{outcome.better}\'')
    elif outcome.better == "more" and kind is not None and kind.better == "less":
        yield Problem((*path, "better"), f"less is better of '{outcome.kind}'; leave 'better' out")


def _on_register(outcome: OutcomePart, path: Path) -> Iterator[Problem]:
    for name in _OF_A_TABLE:
        if getattr(outcome, name):
            yield Problem((*path, name), "belongs to a question on a [table]; a register knows its outcomes by kind")
    if outcome.kind == "number":
        yield Problem((*path, "kind"), "'number' is a column of a [table]; on a register use 'measure'")
    if outcome.kind == "measure" and not outcome.measure:
        yield Problem((*path, "measure"), "is missing: say which measure of the table 'measurement'")
    if outcome.kind == "employed_at" and outcome.share_of_previous_wage is None:
        yield Problem((*path, "share_of_previous_wage"), "is missing: say which share of the previous wage, like 0.9")
    if outcome.share_of_previous_wage is not None and not 0 < outcome.share_of_previous_wage <= 2:
        yield Problem((*path, "share_of_previous_wage"), "must lie above 0 and not above 2")
    if outcome.window is not None and outcome.window < 1:
        yield Problem((*path, "window"), "must be a number of months, 1 or more")


def _on_table(outcome: OutcomePart, path: Path) -> Iterator[Problem]:
    if bool(outcome.column) == bool(outcome.columns):
        yield Problem((*path, "column"), f"name one 'column', or 'columns' with {PERIOD_MARK} for the period")
    if outcome.columns and outcome.columns.count(PERIOD_MARK) != 1:
        yield Problem((*path, "columns"), f"must hold {PERIOD_MARK} once, like week_{PERIOD_MARK}")
    if outcome.periods is not None:
        yield from _periods(outcome, path)
    if outcome.kind in NEEDS_UNIT and not outcome.unit:
        yield Problem((*path, "unit"), 'is missing: say what one is, like "EUR a month" or "points"')


def _periods(outcome: OutcomePart, path: Path) -> Iterator[Problem]:
    assert outcome.periods is not None
    first, last = outcome.periods
    if not outcome.columns:
        yield Problem((*path, "periods"), f"goes with 'columns' and {PERIOD_MARK}")
    if not 0 <= first <= last <= MOST_PERIODS:
        yield Problem((*path, "periods"), f"must be the first and the last period, 0 to {MOST_PERIODS}, in this order")
