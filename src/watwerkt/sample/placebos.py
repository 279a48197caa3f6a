"""Outcomes dated before time zero, each with what was known before it (METHODS 4.3, docs/decisions/0003)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Question
from watwerkt.errors import NotInRegister
from watwerkt.sample.covariates import Number
from watwerkt.sample.history import MONTHS, History
from watwerkt.sample.nouns import Covariates, Placebo
from watwerkt.sample.past import Known, blocks_of
from watwerkt.vocabulary import load

_NAME = re.compile(r"(work|earnings)_(\d+)(?:_(\d+))?")
_YEAR = "work_1_12"
# What was known a year before the spell, and where the row stands in time and place.
_BEFORE_THE_YEAR = (
    "sex", "age", "education", "region", "household", "office", "elapsed", "calendar", "entry",
    "work_13_24", "earnings_13_24", "jobs_13_24",
)  # fmt: skip


@dataclass(frozen=True)
class Window:
    """Months before the spell, from ``first`` back to ``last``, of work or earnings."""

    kind: str
    first: int
    last: int

    @property
    def months(self) -> int:
        """How many months it has."""
        return self.last - self.first + 1


def parse(name: str) -> Window | None:
    """``earnings_13_24`` as a window, None if the name is none or its months are not looked at."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    first, last = int(found[2]), int(found[3] or found[2])
    return Window(found[1], first, last) if 1 <= first <= last <= MONTHS else None


def smallest(question: Question, kind: str) -> float | None:
    """The smallest effect that matters on an outcome of this kind: as the question declares, else the public one."""
    declared = [o.smallest_effect for o in question.outcomes if o.kind == kind and o.smallest_effect is not None]
    return declared[0] if declared else load("outcomes")[kind].smallest_effect


@dataclass(frozen=True, eq=False)
class Sources:
    """What placebos are made from: history by spell (None without jobs), the spell of each row, all that is known."""

    past: History | None
    spell: NDArray[np.int64]
    known: Sequence[Known]
    full: Covariates


def placebos(question: Question, sources: Sources) -> tuple[Placebo, ...]:
    """``work_1_12``, which every question gets, and what the question declares as not used in selection."""
    declared = question.checks.not_used_in_selection
    always = () if sources.past is None or _YEAR in declared else (_YEAR,)
    return tuple(_placebo(name, question, sources) for name in (*always, *declared))


def _placebo(name: str, question: Question, sources: Sources) -> Placebo:
    """One placebo by its name: a window of the history, or a declared extra column that is a number."""
    window, is_declared = parse(name), name in question.checks.not_used_in_selection
    if window is not None and sources.past is not None:
        return _of_history(name, window, question, sources)
    for one in sources.known:
        if isinstance(one, Number) and one.name == name and name in question.given:
            values = np.where(np.isnan(one.values), np.nanmedian(one.values), one.values)
            return Placebo(name, values, sources.full.without((name,)), is_declared, None)
    raise NotInRegister(where=f"question {question.id}", needed=name)


def _of_history(name: str, window: Window, question: Question, sources: Sources) -> Placebo:
    """Months worked, or mean earnings a month, in a window before the spell."""
    assert sources.past is not None
    delta = smallest(question, "employed" if window.kind == "work" else "earnings")
    if window.kind == "work":
        y = sources.past.months_worked(window.first, window.last)[sources.spell]
        delta = None if delta is None else window.months * delta
    else:
        y = sources.past.mean_earnings(window.first, window.last)[sources.spell]
    full, is_declared = sources.full, name in question.checks.not_used_in_selection
    if is_declared:
        left_out = blocks_of(window.kind, window.first, window.last)
    else:
        left_out = tuple(block for block in set(full.block) if block not in _BEFORE_THE_YEAR)
    return Placebo(name, y, full.without(left_out), is_declared, delta)
