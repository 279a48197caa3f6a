"""From what is known of each row to a matrix without gaps: codes become 0/1 columns, unknown numbers get a rule.

The declared rule (METHODS, covariates): an unknown code is a category of its own; an unknown number gets the median of
the known ones and a column that says so. Both are counted. Nothing is dropped for being unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Missing
from watwerkt.sample.nouns import Covariates

# A category with fewer rows joins "other"; a column that sets fewer rows apart says too little to be one.
FEW = 30


@dataclass(frozen=True, eq=False)
class Number:
    """A number of each row (n,), NaN where unknown; ``block`` is the declared source that it came from."""

    name: str
    block: str
    values: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Code:
    """A code of each row (n,) object, None where unknown."""

    name: str
    block: str
    values: NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class _Column:
    name: str
    block: str
    values: NDArray[np.float64]
    binary: bool


def build(known: Iterable[Number | Code], rows: int, few: int = FEW) -> Covariates:
    """All columns side by side: (rows, p). A column that is the same for everybody is left out: it adjusts nothing."""
    columns: list[_Column] = []
    missing: list[Missing] = []
    for one in known:
        made, unknown = _number(one, few) if isinstance(one, Number) else _code(one, few)
        columns += made
        if unknown:
            missing.append(Missing(one.name, unknown))
    columns = [c for c in columns if rows and c.values.min() < c.values.max()]
    return Covariates(
        names=tuple(c.name for c in columns),
        block=tuple(c.block for c in columns),
        x=np.column_stack([c.values for c in columns]) if columns else np.zeros((rows, 0)),
        binary=np.array([c.binary for c in columns], dtype=bool),
        missing=tuple(missing),
    )


def _number(one: Number, few: int) -> tuple[list[_Column], int]:
    """The number, filled, and who was filled."""
    unknown = ~np.isfinite(one.values)
    count = int(unknown.sum())
    if count == len(unknown):
        return [], count
    filled = np.where(unknown, np.median(one.values[~unknown]), one.values)
    binary = bool(np.isin(filled, (0.0, 1.0)).all())
    columns = [_Column(one.name, one.block, filled, binary)]
    if count >= few:
        columns.append(_Column(f"{one.name}=unknown", one.block, unknown.astype(np.float64), True))
    return columns, count


def _code(one: Code, few: int) -> tuple[list[_Column], int]:
    """One 0/1 column a category but the most frequent, which the others are compared with."""
    known = np.array([v is not None for v in one.values], dtype=bool)
    labels = np.where(known, one.values, "unknown").astype(str)
    categories, code, counts = np.unique(labels, return_inverse=True, return_counts=True)
    often = counts >= few
    names = [str(c) for c in categories[often]]
    columns = [_Column(f"{one.name}={c}", one.block, (labels == c).astype(np.float64), True) for c in names]
    rest = ~often[code]
    if rest.sum() >= few:
        columns.append(_Column(f"{one.name}=other", one.block, rest.astype(np.float64), True))
    if columns:
        columns.remove(max(columns, key=lambda column: float(column.values.sum())))
    return columns, int((~known).sum())
