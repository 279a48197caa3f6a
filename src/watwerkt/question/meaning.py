"""Whether a question whose keys and types are right also makes sense: who, which arms, judged how.

Each function yields problems; ``time`` and ``outcomes`` have their own modules. A word of the vocabulary that does not
exist is named together with the closest one that does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from watwerkt import vocabulary
from watwerkt.dossier.question_text import COMPARED_WITH, RANGE_COLUMN, is_range
from watwerkt.question.outcomes import is_column_of, outcomes
from watwerkt.question.problem import Problem, nearest
from watwerkt.question.time import time
from watwerkt.question.written import ArmPart, Both, Condition, Written

NOT_NOW, NEVER = "not_now", "never"
NAME = re.compile(r"[^\W\d][\w-]*")
_OLDEST = 120
# Fewer fake arms show misspecification of a size that nobody doubts; more than this show none that matters.
FEWEST_DRAWS, MOST_DRAWS = 100, 5_000
_ROUNDED = 0.005
_ROLES = ("person", "weight", "cluster", "stratum")
# What only time tells of a provision: an arm that is known by it is known by its own success.
_LATER = ("end", "dropped", "realised_months", "realised_weeks")
_WINDOW = re.compile(r"(work|earnings)_\d+(_\d+)?")


def problems(written: Written) -> Iterator[Problem]:
    """Everything that is wrong with the meaning of a question."""
    yield from _head(written)
    yield from _where_from(written)
    yield from _arms(written)
    yield from _compared_with(written)
    yield from outcomes(written)
    yield from time(written)
    yield from _groups(written)
    yield from _checks(written)
    yield from _design(written)
    yield from _source(written)


def _head(written: Written) -> Iterator[Problem]:
    head = written.question
    if not head.id:
        yield Problem(("question", "id"), "is missing")
    elif not re.fullmatch(r"[\w-]+", head.id):
        yield Problem(("question", "id"), f"'{head.id}' may hold letters, digits, - and _ only")
    yield from _both(head.title, ("question", "title"))


def _both(text: Both | None, path: tuple[str, ...]) -> Iterator[Problem]:
    """A text has both languages."""
    for lang, said in (("nl", text.nl), ("en", text.en)) if text is not None else ():
        if not said:
            yield Problem((*path, lang), "is missing: pages speak Dutch and English")


# ---- who ---------------------------------------------------------------------------------------------------------


def _where_from(written: Written) -> Iterator[Problem]:
    if written.table is not None and written.population is not None:
        yield Problem(("population",), "belongs to a question on a register, and this one has its own [table]")
    if written.table is not None:
        yield from _table(written)
    if written.population is not None:
        yield from _population(written)


def _table(written: Written) -> Iterator[Problem]:
    table = written.table
    assert table is not None
    if not table.file:
        yield Problem(("table", "file"), "is missing")
    yield from _once(table.given, ("table", "given"))
    yield from _known("remarks", table.remarks, ("table", "remarks"))
    for key, names in (("given", table.given), *((k, (getattr(table, k),)) for k in _ROLES)):
        for name in names:
            if _is_later(name, written):
                yield Problem(("table", key), f"'{name}' is an outcome: what comes later cannot be used before")


def _is_later(name: str, written: Written) -> bool:
    """Whether a column of the table is one of the outcomes."""
    outcomes = (written.outcomes or {}).values()
    return written.table is not None and any(name and is_column_of(outcome, name) for outcome in outcomes)


def _population(written: Written) -> Iterator[Problem]:
    population = written.population
    assert population is not None
    yield from _once(population.given, ("population", "given"))
    if population.scheme == ():
        yield Problem(("population", "scheme"), "is empty; leave it out to take every scheme")
    if population.age is not None and not 0 <= population.age[0] < population.age[1] <= _OLDEST:
        yield Problem(("population", "age"), "must be the youngest and the oldest age, in this order")
    if population.entry is not None and population.entry[0] > population.entry[1]:
        first, last = population.entry
        yield Problem(("population", "entry"), f"is in the wrong order: {first} lies after {last}")


def _once(names: Iterable[str], path: tuple[str, ...]) -> Iterator[Problem]:
    names = list(names)
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield Problem(path, f"names '{name}' twice")
    if "" in names:
        yield Problem(path, "holds an empty name")


def _known(kind: vocabulary.Kind, ids: Iterable[str], path: tuple[str, ...]) -> Iterator[Problem]:
    """Ids that the vocabulary does not have."""
    there = vocabulary.load(kind)
    for one in ids:
        if one not in there:
            yield Problem(path, f"'{one}' is not one of the {kind} of the vocabulary{nearest(one, there)}")


# ---- arms --------------------------------------------------------------------------------------------------------


def _arms(written: Written) -> Iterator[Problem]:
    arms = written.arms.arms if written.arms is not None else {}
    if not arms:
        yield Problem(("arms",), "is missing: say what is compared")
    for name, arm in arms.items():
        yield from _arm(name, arm, written)


def _arm(name: str, arm: ArmPart, written: Written) -> Iterator[Problem]:
    path = ("arms", name)
    if not NAME.fullmatch(name) or name in (NOT_NOW, NEVER):
        yield Problem(path, "needs another name: a letter, then letters, digits, - and _; not not_now, not never")
    if arm.counts_as:
        yield from _known("instruments", [arm.counts_as], (*path, "counts_as"))
    elif written.table is None:
        yield Problem((*path, "counts_as"), "is missing: say which instrument of the vocabulary this is")
    if not arm.where:
        yield Problem((*path, "where"), "is missing: say by which values this arm is known")
    for column, condition in (arm.where or {}).items():
        yield from _condition(column, condition, (*path, "where", column))
        if _is_later(column, written):
            yield Problem((*path, "where", column), "is an outcome: an arm is known before what comes of it")
        if written.table is None and column in _LATER:
            says = "is known only afterwards: an arm is told apart by what was planned, like planned_months"
            yield Problem((*path, "where", column), says)


def _condition(column: str, condition: Condition, path: tuple[str, ...]) -> Iterator[Problem]:
    values = condition.values
    if column == RANGE_COLUMN and condition.is_list and len(values) == 2:
        if not is_range(column, values):
            yield Problem(path, "must be two numbers, from and below")
        elif float(values[0]) >= float(values[1]):
            yield Problem(path, f"is in the wrong order: from {values[0]} to below {values[1]} there is nothing")


def _compared_with(written: Written) -> Iterator[Problem]:
    path = ("arms", COMPARED_WITH)
    arms = written.arms.arms if written.arms is not None else {}
    said = written.arms.compared_with if written.arms is not None else None
    allowed = [*arms, *([NOT_NOW] if written.table is None else [])]
    if not said:
        yield Problem(path, "is missing: an effect is always compared with something")
    elif said != NEVER and said not in allowed:
        yield Problem(path, f"'{said}' is not one of: {', '.join(allowed)}{nearest(said, allowed)}")
    elif said in arms and len(arms) == 1:
        yield Problem(path, f"'{said}' is the only arm: add the arm that is compared with it")


# ---- how it is judged --------------------------------------------------------------------------------------------


def _groups(written: Written) -> Iterator[Problem]:
    by = written.groups.by
    yield from _once(by, ("groups", "by"))
    if written.table is None:
        yield from _known("groups", by, ("groups", "by"))
        if "all" in by:
            yield Problem(("groups", "by"), "'all' is always there; leave it out")


def _checks(written: Written) -> Iterator[Problem]:
    part, path = written.checks, ("checks", "not_used_in_selection")
    source = written.table or written.population
    given = source.given if source is not None else ()
    for name in part.not_used_in_selection:
        if name not in given and not (written.table is None and _WINDOW.fullmatch(name)):
            windows = "" if written.table is not None else ", nor a window like earnings_13_24"
            yield Problem(path, f"'{name}' is not in 'given'{windows}{nearest(name, given)}")
    if part.fake_arms and not FEWEST_DRAWS <= part.fake_arms <= MOST_DRAWS:
        says = f"must be how many times starters are drawn, from {FEWEST_DRAWS} to {MOST_DRAWS}; 0 for not at all"
        yield Problem(("checks", "fake_arms"), says)
    yield from _controls(written)


def _controls(written: Written) -> Iterator[Problem]:
    """A negative control is an outcome beside others, with a size below which a difference does not matter."""
    path, outcomes = ("checks", "negative_controls"), written.outcomes or {}
    names = written.checks.negative_controls
    public = [id_ for id_, kind in vocabulary.load("outcomes").items() if kind.smallest_effect is not None]
    yield from _once(names, path)
    for name in names:
        outcome = outcomes.get(name)
        if outcome is None:
            yield Problem(path, f"'{name}' is not one of the outcomes: {', '.join(outcomes)}{nearest(name, outcomes)}")
        elif written.time.primary is not None and written.time.primary.outcome == name:
            yield Problem(path, f"'{name}' is the primary outcome: what is judged cannot be a check of itself")
        elif outcome.smallest_effect is None and (written.table is not None or outcome.kind not in public):
            yield Problem(("outcomes", name, "smallest_effect"), "is missing: a control needs a size that would matter")
    if outcomes and set(outcomes) <= set(names):
        yield Problem(path, "names every outcome: nothing is left that the instrument could change")


def _design(written: Written) -> Iterator[Problem]:
    design, arms = written.design, written.arms.arms if written.arms is not None else {}
    if design.use is not None:
        yield from _once(design.use, ("design", "use"))
        yield from _designs(design.use)
        if not design.use:
            yield Problem(("design", "use"), "is empty: name a design, or leave it out")
    if design.takeup and written.table is None:
        yield Problem(("design", "takeup"), "names a column of a [table]; a register knows who started")
    if design.shares is not None:
        yield from _shares(design.shares, arms)


def _designs(use: Iterable[str]) -> Iterator[Problem]:
    """A design that never opens runs by itself; asking for it would promise an answer."""
    askable = {name: entry for name, entry in vocabulary.load("designs").items() if not entry.reason}
    for name in use:
        if name not in askable:
            says = f"'{name}' is not one of the designs: {', '.join(askable)}{nearest(name, askable)}"
            yield Problem(("design", "use"), says)


def _shares(shares: dict[str, float], arms: dict[str, ArmPart]) -> Iterator[Problem]:
    path = ("design", "shares")
    if set(shares) != set(arms):
        yield Problem(path, f"must give a share to each arm: {', '.join(arms)}")
    elif not all(0 < share < 1 for share in shares.values()) or abs(sum(shares.values()) - 1) > _ROUNDED:
        yield Problem(path, "must be shares above 0 that add up to 1")


def _source(written: Written) -> Iterator[Problem]:
    for name in ("name", "funder", "people"):
        yield from _both(getattr(written.source, name), ("source", name))
    for number, known in enumerate(written.known):
        path = ("known", str(number))
        if known.text is None:
            yield Problem((*path, "text"), "is missing")
        yield from _both(known.text, (*path, "text"))
        if not known.found_in:
            yield Problem((*path, "found_in"), "is missing: a finding names its source")
