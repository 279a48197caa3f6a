"""What nuisances are regressed on: standardised columns, hinges, spikes, and products of main terms (METHODS 15).

A basis looks at covariates and arms only, so choosing it once on all rows leaks no outcome into a fold. Columns have
mean 0, and a standard deviation that says how readily they are believed under one penalty: straight lines first, their
bends next, products last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Codes = NDArray[np.int64]

KNOTS = (0.2, 0.5, 0.8)  # quantiles at which the slope of a continuous column may change
SPIKE = 0.05  # a value of a continuous column that more than this share has (no earnings) gets a column of its own
TAIL = 5.0  # standard deviations at which a column is bent flat: one odd wage must not move a fit
LINEAR, PRODUCT = 3.0, 0.5  # standard deviations beside 1 for hinges and spikes
CHUNK = 8192  # rows that are held in double precision at once


@dataclass(frozen=True, eq=False)
class Terms:
    """A basis in single precision: ``x`` (n, p); the first ``main`` columns are main terms, the rest products."""

    x: Singles
    main: int


def terms(x: Floats, binary: NDArray[np.bool_], block: tuple[str, ...], arm: Codes, products: int) -> Terms:
    """Main terms and at most ``products`` products of linear terms, those of columns that differ most between arms.

    ``x`` (n, p) covariates without missing values, ``binary`` (p,) 0/1 columns, ``block`` (p,) the variable a column
    codes (two columns of one variable have no product), ``arm`` (n,). Constant columns add nothing and are left out.
    """
    linear, names, bent = _main(x, binary, block)
    main = np.hstack([_stack(linear, LINEAR, len(x)), _stack(bent, 1.0, len(x))])
    pairs = _pairs(linear, names, arm, products)
    second = _stack((linear[j] * linear[k] for j, k in pairs), PRODUCT, len(x))
    return Terms(np.ascontiguousarray(np.hstack([main, second])), main.shape[1])


def _main(x: Floats, binary: NDArray[np.bool_], block: tuple[str, ...]) -> tuple[list[Floats], list[str], list[Floats]]:
    """Linear columns with their variables, and what bends them: hinges and spikes."""
    linear: list[Floats] = []
    names: list[str] = []
    bent: list[Floats] = []
    for j in range(x.shape[1]):
        column = x[:, j]
        if column.min(initial=np.inf) == column.max(initial=-np.inf):
            continue
        flat = _standard(column)
        linear.append(flat if binary[j] else np.clip(flat, -TAIL, TAIL))
        names.append(block[j])
        if not binary[j]:
            bent += _bends(column, linear[-1])
    return linear, names, bent


def _bends(column: Floats, flat: Floats) -> list[Floats]:
    """Hinges max(0, x − knot) at quantiles, and an indicator of each value that many rows share."""
    values, counts = np.unique(column, return_counts=True)
    if len(values) == 2:
        return []
    spikes = values[counts > SPIKE * len(column)] if len(values) > 12 else values[:0]
    inside = np.quantile(flat, KNOTS)
    inside = np.unique(inside[(inside > flat.min()) & (inside < flat.max())])
    return [np.maximum(flat - knot, 0.0) for knot in inside] + [(column == v).astype(float) for v in spikes]


def _pairs(linear: list[Floats], names: list[str], arm: Codes, products: int) -> list[tuple[int, int]]:
    """The first ``products`` pairs of columns, in the order of how much both differ between arms."""
    rank = np.argsort(-_separation(linear, arm), kind="stable").tolist()
    pairs = [(j, k) for j, k in combinations(rank, 2) if names[j] != names[k]]
    place = {j: i for i, j in enumerate(rank)}
    return sorted(pairs, key=lambda p: max(place[p[0]], place[p[1]]))[:products]


def _separation(linear: list[Floats], arm: Codes) -> Floats:
    """Variance between the arms of each standardised column, (p,)."""
    n = np.bincount(arm)
    sums = [np.bincount(arm, column, len(n)) for column in linear]
    return np.array([float((s[n > 0] ** 2 / n[n > 0]).sum()) for s in sums])


def _stack(columns: Iterable[Floats], sd: float, n: int) -> Singles:
    """Columns of mean 0 and the given sd in single precision; those that do not vary are left out."""
    kept = [(sd * _standard(c)).astype(np.float32) for c in columns if float(np.ptp(c)) > 1e-9]
    return np.stack(kept, axis=1) if kept else np.zeros((n, 0), dtype=np.float32)


def _standard(column: Floats) -> Floats:
    """Mean 0, standard deviation 1."""
    centred = np.asarray(column - column.mean(), dtype=np.float64)
    return np.asarray(centred / centred.std())


def doubles(x: Singles, start: int, stop: int) -> Floats:
    """Rows start … stop of a basis in double precision, with a column of ones first."""
    a = np.empty((stop - start, x.shape[1] + 1))
    a[:, 0] = 1.0
    a[:, 1:] = x[start:stop]
    return a
