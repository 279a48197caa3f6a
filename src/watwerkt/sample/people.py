"""Who of a prepared table is in which arm, and what was known of them: everything a draw holds, and no outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Arm, ArmFacts, Exclusions, Question, Step, Where
from watwerkt.errors import EmptyArm, NoSharedStratum, OverlappingArms, TooManyValues, TooSmallToRead, UselessColumn
from watwerkt.sample import values
from watwerkt.sample.covariates import FEW, Code, Number, build
from watwerkt.sample.nouns import Codes, Covariates, Drawn, Floats, Group, Placebo
from watwerkt.sample.values import Known

SMALL_CELLS = 10
MOST_BANDS, MOST_LABELS, MOST_CATEGORIES = 8, 20, 50
# In a small table a category counts from a twentieth of its rows, in a larger one from FEW rows.
SMALLEST_SHARE = 20
# Two columns that say who is unknown are two only if so many people of every arm are in one and not in the other.
APART = 5
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class People:
    """A prepared table without its outcomes: n rows in the order of their ``key`` (n,) str.

    ``known``: its columns by name; ``where`` names the table in errors; ``snapshot``: sha256 of all its values,
    outcomes included, whatever the order of rows.
    """

    where: str
    snapshot: str
    key: NDArray[np.str_]
    known: dict[str, Known]
    synthetic: bool = False
    threshold: int = SMALL_CELLS

    def __len__(self) -> int:
        return len(self.key)


def draw_people(question: Question, source: People) -> Drawn:
    """The rows that belong to an arm, in the order of their key."""
    names = (question.compared_with, *(arm.name for arm in question.treatments))
    inside = np.column_stack([_belongs(question.arm(name), source) for name in names])
    _refuse_overlap(inside, names, source)
    rows = np.flatnonzero(inside.any(axis=1))
    arm = inside[rows].argmax(axis=1).astype(np.int64)
    counts = np.bincount(arm, minlength=len(names))
    _refuse_small(counts, names, source)
    known = {name: at(column, rows) for name, column in source.known.items()}
    covariates = _without_echoes(_covariates(question, known, len(rows), source.where), arm)
    stratum = _codes(known, question.table.stratum if question.table else "", np.zeros(len(rows), dtype=np.int64))
    _refuse_apart(arm, stratum, question, source)
    takeup = known[question.design.takeup].values.astype(np.float64) if question.design.takeup else None
    exclusions = Exclusions((Step("read", "", len(source)),))
    return Drawn(
        question=question,
        snapshot=source.snapshot,
        synthetic=source.synthetic,
        threshold=source.threshold,
        arms=names,
        key=source.key[rows],
        arm=arm,
        person=np.arange(len(rows)),
        cluster=_codes(known, question.table.cluster if question.table else "", np.arange(len(rows))),
        stratum=stratum,
        weight=_weight(question, known, len(rows)),
        rate=np.ones((len(rows), len(names))),
        covariates=covariates,
        exclusions=exclusions if len(rows) == len(source) else exclusions.then("no_arm", "", len(rows)),
        ident=source.key[rows],
        zero=np.full(len(rows), np.datetime64("NaT"), dtype="datetime64[D]"),
        groups=tuple(_group(known[name], source.where) for name in question.groups),
        placebos=_placebos(question, known, covariates, source.where),
        facts=tuple(ArmFacts(name, int(n)) for name, n in zip(names, counts, strict=True)),
        takeup=takeup,
    )


# ---- arms --------------------------------------------------------------------------------------------------------


def _belongs(arm: Arm, source: People) -> Mask:
    """(n,) whether a row meets every condition of an arm."""
    inside = np.ones(len(source), dtype=bool)
    for one in arm.where:
        inside &= _meets(source.known[one.column], one)
    return inside


def _meets(column: Known, one: Where) -> Mask:
    """(n,) whether a value is one of those named, or lies in the range. Unknown meets nothing."""
    if one.between and isinstance(column, Number):
        low, high = (float(v) for v in one.values)
        return (column.values >= low) & (column.values < high)
    if isinstance(column, Number):
        return np.isin(column.values, [v for v in map(_number, one.values) if v is not None])
    wanted = {v if isinstance(v, str) else values.label(float(v)) for v in one.values}
    return np.array([v in wanted for v in column.values.tolist()], dtype=bool)


def _number(value: object) -> float | None:
    """A value of a question as the number it stands for; None where it stands for none."""
    try:
        return float(value)  # type: ignore[arg-type]
    except ValueError:
        return None


def _refuse_overlap(inside: Mask, names: tuple[str, ...], source: People) -> None:
    twice = inside.sum(axis=1) > 1
    if twice.any():
        both = tuple(name for name, column in zip(names, inside[twice].T, strict=True) if column.any())
        raise OverlappingArms(where=source.where, arms=both, count=int(twice.sum()))


def _refuse_small(counts: Codes, names: tuple[str, ...], source: People) -> None:
    """Nobody is a mistake in the question; a handful may not even be described."""
    for name, count in zip(names, counts.tolist(), strict=True):
        if count == 0:
            raise EmptyArm(where=source.where, arm=name)
    for name, count in zip(names, counts.tolist(), strict=True):
        if count < source.threshold:
            raise TooSmallToRead(where=source.where, arm=name, count=count, least=source.threshold)


def _refuse_apart(arm: Codes, stratum: Codes, question: Question, source: People) -> None:
    """An arm that meets its comparison in no stratum cannot be compared within one."""
    if question.table is None or not question.table.stratum:
        return
    here = set(stratum[arm == 0].tolist())
    for number, treatment in enumerate(question.treatments, start=1):
        if here.isdisjoint(stratum[arm == number].tolist()):
            raise NoSharedStratum(
                where=source.where,
                arm=treatment.name,
                compared_with=question.compared_with,
                column=question.table.stratum,
            )


# ---- what was known ----------------------------------------------------------------------------------------------


def at(column: Known, rows: Codes) -> Known:
    """A column at some rows."""
    if isinstance(column, Number):
        return replace(column, values=column.values[rows])
    return replace(column, values=column.values[rows])


def _covariates(question: Question, known: dict[str, Known], rows: int, where: str) -> Covariates:
    """The declared columns as a matrix. One that cannot be adjusted for is an error: the question asks for it."""
    given = [known[name] for name in question.given]
    for column in given:
        _refuse_useless(column, where)
    made = build(given, rows, few=min(FEW, -(-rows // SMALLEST_SHARE)))
    for name in question.given:
        if name not in made.block:
            raise UselessColumn(where=where, column=name, because="no value of it occurs often enough to compare")
    return made


def _without_echoes(of: Covariates, arm: Codes) -> Covariates:
    """Whoever has one value unknown often has the next one unknown too: such columns nearly say the same.

    Where two of them part in a person or two of an arm, a regression within that arm would rest on those: the later
    column is left out. Its block keeps its values; only the remark that they were unknown is not made twice.
    """
    kept: list[int] = []
    for j, name in enumerate(of.names):
        others = [i for i in kept if of.names[i].endswith("=unknown")] if name.endswith("=unknown") else []
        apart = (np.bincount(arm, of.x[:, i] != of.x[:, j], minlength=arm.max() + 1).min() for i in others)
        if all(count >= APART for count in apart):
            kept.append(j)
    return replace(
        of,
        names=tuple(of.names[j] for j in kept),
        block=tuple(of.block[j] for j in kept),
        x=of.x[:, kept],
        binary=of.binary[kept],
    )


def _refuse_useless(column: Known, where: str) -> None:
    said = values.labels(column).tolist()
    there = {v for v in said if v is not None}
    if not there:
        raise UselessColumn(where=where, column=column.name, because="it is empty for everybody")
    if len(there) == 1 and None not in said:
        raise UselessColumn(where=where, column=column.name, because=f"it is {there.pop()} for everybody")
    if isinstance(column, Code) and len(there) > MOST_CATEGORIES:
        raise TooManyValues(where=where, column=column.name, count=len(there), most=MOST_CATEGORIES)


def _weight(question: Question, known: dict[str, Known], rows: int) -> Floats:
    name = question.table.weight if question.table else ""
    return np.asarray(known[name].values, dtype=np.float64) if name else np.ones(rows)


def _codes(known: dict[str, Known], name: str, default: Codes) -> Codes:
    """(n,) codes of a column in the order of its values; ``default`` where no column is named."""
    if not name:
        return default
    column = known[name]
    found = column.values if isinstance(column, Number) else column.values.astype(str)
    return np.asarray(np.unique(found, return_inverse=True)[1], dtype=np.int64)


def _group(column: Known, where: str) -> Group:
    """A declared group: its values in order as labels, −1 where unknown."""
    said = values.labels(column)
    known = np.array([v is not None for v in said.tolist()], dtype=bool)
    there, code = np.unique(
        column.values[known].astype(float if isinstance(column, Number) else str), return_inverse=True
    )
    most = MOST_BANDS if isinstance(column, Number) else MOST_LABELS
    if len(there) > most:
        raise TooManyValues(where=where, column=column.name, count=len(there), most=most)
    codes = np.full(len(said), -1, dtype=np.int64)
    codes[known] = code
    return Group(column.name, tuple(values.label(v) if isinstance(v, float) else v for v in there.tolist()), codes)


def _placebos(question: Question, known: dict[str, Known], drawn: Covariates, where: str) -> tuple[Placebo, ...]:
    """Declared columns that were not used in selection; nobody declares what would matter on them."""
    found = []
    for name in question.checks.not_used_in_selection:
        column = known[name]
        if not isinstance(column, Number):
            raise UselessColumn(where=where, column=name, because="only numbers can be compared as an earlier outcome")
        y = np.where(np.isnan(column.values), np.nanmedian(column.values), column.values)
        found.append(Placebo(name, y, drawn.without((name,)), True, None))
    return tuple(found)
