"""What the sample hands on: people drawn without their outcomes, the seal, and the same people followed.

``Drawn`` holds nothing dated after time zero, so everything a check may look at before the seal runs on it.
``Followed`` is made by ``follow`` alone, which asks for a ``Sealed``. Arrays share one row order: the canonical key.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import ArmFacts, Exclusions, Missing, Question

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Covariates:
    """What was known before time zero.

    ``x`` (n, p) float64, no NaN, no infinite value (missing ones filled by the declared rule and counted in
    ``missing``); ``names`` (p,) readable, e.g. ``education=3``; ``block`` (p,) the declared column each came from;
    ``binary`` (p,) True for 0/1 columns.
    """

    names: tuple[str, ...]
    block: tuple[str, ...]
    x: Floats
    binary: NDArray[np.bool_]
    missing: tuple[Missing, ...] = ()

    def without(self, blocks: tuple[str, ...]) -> Covariates:
        """The same without the columns that came from ``blocks``."""
        keep = np.array([b not in blocks for b in self.block], dtype=bool)
        kept = [i for i, k in enumerate(keep) if k]
        return replace(
            self,
            names=tuple(self.names[i] for i in kept),
            block=tuple(self.block[i] for i in kept),
            x=self.x[:, keep],
            binary=self.binary[keep],
            missing=tuple(m for m in self.missing if m.column not in blocks),
        )


@dataclass(frozen=True, eq=False)
class Panel:
    """One outcome of everybody: ``y`` (n, M) float32 in the outcome's unit, by period.

    ``observed`` (n, M) is False where the outcome is not known (``y`` is NaN there), or None when all is known.
    ``months`` has the period of each column, or (None,) for an outcome without time. ``at_work`` (n, M), of a wage
    alone: who has one. Who is not at work is ``observed`` (it is known that there is no wage) with y = 0; whose work or
    wage is not known is not.
    """

    outcome: str
    months: tuple[int | None, ...]
    y: NDArray[np.float32]
    observed: NDArray[np.bool_] | None = None
    at_work: NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class Placebo:
    """An outcome dated before time zero, with what was known before *it* (METHODS 4.3).

    ``declared``: the question says that it is not used in selection, so a rejection closes. ``y`` (n,);
    ``smallest_effect`` in its unit, None when nobody declared one; ``covariates`` what this check adjusts for.
    """

    name: str
    y: Floats
    covariates: Covariates
    declared: bool
    smallest_effect: float | None


@dataclass(frozen=True, eq=False)
class Group:
    """A declared group: ``labels`` (L,) and the code of each row (n,), −1 where unknown."""

    name: str
    labels: tuple[str, ...]
    code: Codes


@dataclass(frozen=True, eq=False)
class Drawn:
    """Rows at risk with their arm and their past: no outcome, by construction.

    n rows, K arms with ``arms[0]`` the comparison.
    ``key`` (n,) str, unique and sorted: row order in the source changes nothing. ``arm`` (n,) 0 … K−1.
    ``person`` (n,) codes of persons: the fold. ``cluster`` (n,) codes of what errors are summed by (persons, or the
    clusters of a randomisation). ``stratum`` (n,) codes. ``weight`` (n,) design weight × 1/rate of the row's own arm,
    i.e. METHODS' s. ``rate`` (n, K): the probability with which the row would have been drawn in each arm.
    ``office`` (n,) codes of the offices that decide, −1 where it is not known, or None where no register tells.
    ``takeup`` (n,) 0/1 for compliers, or None. ``ident`` (n,) the person's id in the source and ``zero`` (n,) time zero
    (datetime64[D], NaT for a table): what ``follow`` needs to find the same rows again. ``until``: the last day that
    the register covers, ``known_on`` the day as of which it was read, both "" where there is none.
    """

    question: Question
    snapshot: str
    synthetic: bool
    threshold: int
    arms: tuple[str, ...]
    key: NDArray[np.str_]
    arm: Codes
    person: Codes
    cluster: Codes
    stratum: Codes
    weight: Floats
    rate: Floats
    covariates: Covariates
    exclusions: Exclusions
    ident: NDArray[np.str_]
    zero: NDArray[np.datetime64]
    groups: tuple[Group, ...] = ()
    placebos: tuple[Placebo, ...] = ()
    facts: tuple[ArmFacts, ...] = ()
    takeup: Floats | None = None
    office: Codes | None = None
    currency: str = ""
    until: str = ""
    known_on: str = ""

    def __len__(self) -> int:
        return len(self.key)

    def some(self, at: Codes) -> Drawn:
        """The rows ``at`` alone, without groups and placebos."""
        of_rows = ("key", "arm", "person", "cluster", "stratum", "weight", "rate", "ident", "zero", "takeup", "office")
        kept = {name: own[at] for name in of_rows if (own := getattr(self, name)) is not None}
        return replace(
            self, covariates=replace(self.covariates, x=self.covariates.x[at]), groups=(), placebos=(), **kept
        )

    def earlier(self, placebo: Placebo) -> Followed:
        """The same people followed to an outcome before time zero: a check is the same estimator on this sample."""
        panel = Panel(placebo.name, (None,), placebo.y[:, None].astype(np.float32))
        return Followed(replace(self, covariates=placebo.covariates, groups=()), (panel,), later=None)


@dataclass(frozen=True)
class Sealed:
    """A question that can no longer change: its fingerprint, and what had been set aside when it was sealed."""

    fingerprint: str
    exclusions: Exclusions


@dataclass(frozen=True, eq=False)
class Followed:
    """Drawn people and what became of them.

    ``panels`` one an outcome. ``later`` (n,) first period after zero in which a comparison row starts a compared arm
    (−1: not within the horizon), or None where that has no meaning. ``got`` the same of each arm, (name, (n,)).
    """

    drawn: Drawn
    panels: tuple[Panel, ...]
    later: Codes | None = None
    got: tuple[tuple[str, Codes], ...] = ()

    def panel(self, outcome: str) -> Panel:
        """The panel of one outcome; KeyError if it is not there."""
        return {p.outcome: p for p in self.panels}[outcome]
