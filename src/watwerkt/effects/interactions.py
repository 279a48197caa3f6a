"""Corners: products of three variables in which an arm starts more or less often than its propensity says.

An effect is biased by what moves both starting and the outcome and is in neither model. Main terms and pairs do not see
an interaction of three that changes sign (older *and* woman *and* in a couple, against any two of them). All triples of
variables are too many to fit, but starting tells which matter: a test of each (Rao 1948) against the fitted
propensity, at 5 % over all of them and all arms. It looks at arms and covariates only, so no outcome leaks. What stands
out becomes a main term of both models; mostly nothing does (docs/decisions/0006).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from watwerkt.effects.outcomes import largest
from watwerkt.sample.nouns import Covariates, Drawn

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Codes = NDArray[np.int64]
Triple = tuple[str, str, str]

LEVEL = 0.05  # that any triple is found where none is missed (Bonferroni)
MOST, LOOKED = 4, 40  # triples that are kept, and that are looked at more closely
ALIKE = 0.3  # correlation of two columns from which their product is a bend of one thing, and no corner of two
AND = " × "  # between the variables of a corner, in the name of its block
DECILES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
FEWEST = 0.2  # of the rows on either side: where nearly all are on one, a product of three is a bend of two or one
CATEGORIES = 6  # a variable with more columns than this has corners of too few people
ROWS = 6_000  # of an arm and the rest, that a test looks at: it has to find what is strong, not to weigh it


def with_corners(drawn: Drawn, e: Floats) -> Drawn:
    """The rows with covariates for each corner that stands out; mostly the same rows. ``e`` (n, K) without them."""
    c = drawn.covariates
    made = [(AND.join(triple), column) for triple in missed(drawn, e) for column in corner(c, triple)]
    if not made:
        return drawn
    names = tuple(f"{name} {i}" for i, (name, _) in enumerate(made, start=1))
    wider = replace(
        c,
        names=(*c.names, *names),
        block=(*c.block, *(name for name, _ in made)),
        x=np.column_stack([c.x, *(column for _, column in made)]),
        binary=np.append(c.binary, np.zeros(len(made), dtype=bool)),
    )
    return replace(drawn, covariates=wider)


def corner(covariates: Covariates, triple: Triple) -> list[Floats]:
    """The products (n,), each -1 or 1, of a side of each variable: its own for a 0/1 column; above a decile or not, or
    above the median where more than one of the three is a number."""
    at = [[j for j, block in enumerate(covariates.block) if block == name] for name in triple]
    numbers = sum(not covariates.binary[j] for of in at for j in of)
    cuts = DECILES if numbers == 1 else DECILES[4:5]
    signs = [
        [s for j in of for s in _signs(covariates.x[:, j], bool(covariates.binary[j]), cuts) if np.ptp(s)] for of in at
    ]
    return [np.prod(sides, axis=0) for sides in product(*signs)]


def _signs(column: Floats, binary: bool, cuts: tuple[float, ...]) -> list[Floats]:
    """-1 and 1 (n,) on either side of each cut."""
    at = [0.5] if binary else np.unique(np.quantile(column, cuts)).tolist()
    return [np.where(column > cut, 1.0, -1.0) for cut in at]


def missed(drawn: Drawn, e: Floats) -> list[Triple]:
    """The triples of variables that the propensity misses, the strongest first."""
    x, blocks = sides(drawn.covariates)
    apart, tests = _apart(x, blocks)
    looked = residuals(drawn, e)
    if not looked or not tests:
        return []
    bound = float(norm.isf(LEVEL / 2 / (tests * len(looked))))
    found: dict[Triple, float] = {}
    for u, rows in looked:
        for triple, at in strongest(z(x[rows], u) * apart, blocks):
            found[triple] = max(pure(x[rows][:, list(at)], u), found.get(triple, 0.0))
    return sorted((t for t, value in found.items() if value > bound), key=lambda t: -found[t])[:MOST]


def sides(covariates: Covariates) -> tuple[Singles, tuple[str, ...]]:
    """(n, p) standardised columns and their variables: 0/1 columns as they are, others above or below their median."""
    names = covariates.block
    columns, blocks = [], []
    for j, name in enumerate(names):
        own = covariates.x[:, j]
        side = own if covariates.binary[j] else (own > np.median(own)) * 1.0
        if names.count(name) <= CATEGORIES and FEWEST < side.mean() < 1 - FEWEST:
            columns.append(_standard(side))
            blocks.append(name)
    x = np.stack(columns, axis=1) if columns else np.zeros((len(covariates.x), 0), dtype=np.float32)
    return x, tuple(blocks)


def residuals(drawn: Drawn, e: Floats) -> list[tuple[Floats, Codes]]:
    """For each arm but the largest: D − f among the rows drawn, and the rows it is looked at in.

    f is e back in the drawn sample: f ∝ e · rate. Where a side is too large to be looked at whole, its rows count for
    those left out: starters' 1 − f and the others' −f must go on cancelling, or every corner would stand out.
    """
    f = e * drawn.rate
    f /= f.sum(1, keepdims=True)
    found = []
    for a in range(len(drawn.arms)):
        mine = np.flatnonzero(drawn.arm == a)
        if a == largest(drawn.arm) or not len(mine):
            continue
        rest = np.flatnonzero(drawn.arm != a)
        kept = [_spread(side, ROWS // 2) for side in (mine, rest)]
        counts = [np.full(len(some), len(side) / len(some)) for some, side in zip(kept, (mine, rest), strict=True)]
        rows = np.concatenate(kept)
        found.append((np.concatenate(counts) * ((drawn.arm[rows] == a) - f[rows, a]), rows))
    return found


def z(x: Singles, u: Floats) -> Floats:
    """(p, p, p) test statistics Σ u xⱼ xₖ xₗ / √Σ (u xⱼ xₖ xₗ)² of every triple of columns."""
    p, v = x.shape[1], u.astype(np.float32)
    squares, out = x * x, np.zeros((p, p, p), dtype=np.float32)
    for j in range(p):
        out[j] = ((v * x[:, j])[:, None] * x).T @ x
        out[j] /= np.sqrt(np.maximum(((v * v * squares[:, j])[:, None] * squares).T @ squares, 1e-12))
    return np.asarray(out, dtype=np.float64)


def strongest(of: Floats, blocks: tuple[str, ...]) -> list[tuple[Triple, tuple[int, ...]]]:
    """The triples of different variables whose best columns stand out most, at most LOOKED, with those columns."""
    at = {name: np.array([i for i, b in enumerate(blocks) if b == name]) for name in dict.fromkeys(blocks)}
    best = []
    for triple in combinations(at, 3):
        columns = np.ix_(*(at[name] for name in triple))
        place = np.unravel_index(int(np.abs(of[columns]).argmax()), of[columns].shape)
        best.append((triple, tuple(int(at[name][i]) for name, i in zip(triple, place, strict=True))))
    return sorted(best, key=lambda found: -abs(of[found[1]]))[:LOOKED]


def pure(x: Singles, u: Floats) -> float:
    """|z| of the product of three columns x (n, 3), less what any two of them say: the interaction and nothing else.

    What a model misses of one variable or two would else stand out in every triple that holds them.
    """
    a, b, c = np.asarray(x, dtype=np.float64).T
    lower = np.column_stack([np.ones(len(u)), a, b, c, a * b, a * c, b * c])
    t = a * b * c
    t -= lower @ np.linalg.lstsq(lower, t, rcond=None)[0]
    squared = float(u**2 @ t**2)
    return abs(float(u @ t)) / np.sqrt(squared) if squared > 0 else 0.0


def _apart(x: Singles, blocks: tuple[str, ...]) -> tuple[NDArray[np.bool_], int]:
    """(p, p, p) whether three columns belong to three variables and are not alike, and how many such triples are."""
    names = np.array(blocks, dtype=str)
    own = names[:, None] == names
    alike = own | (np.abs(x.T @ x) / max(len(x), 1) > ALIKE)
    apart = ~(alike[:, :, None] | alike[:, None, :] | alike[None, :, :])
    return apart, int(apart.sum()) // 6


def _spread(rows: Codes, most: int) -> Codes:
    """At most so many of the rows, evenly spread over their order."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]


def _standard(column: Floats | Singles) -> Singles:
    return np.asarray((column - column.mean()) / column.std(), dtype=np.float32)
