"""The waist: what every design returns, and what opening makes of it.

``Family`` is one simultaneous family (the periods of one arm × outcome × target × group, or the arms of the primary
cell); ``Estimates`` is all of them. Differences between arms are families of their own, made from influence in one
population (METHODS 2.2), so no later stage needs a covariance across families. See docs/decisions/0002.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Cell, Check, Claim, Effect, Exclusions, Facts, Question, Target
from watwerkt.sample.nouns import Drawn

Floats = NDArray[np.float64]

INSIDE = ("plain", "control")  # reasons of what is no effect for a reader, open or closed


@dataclass(frozen=True, eq=False)
class Settings:
    """How to estimate. ``learner`` replaces the default outcome and propensity models (a pair of scikit-learn
    regressor, classifier, or None); ``folds`` of cross-fitting, by person; ``repeats`` is METHODS 2.5's S;
    ``products`` of main terms in the default regression of the comparison (MEASURED 2: 209 columns in all)."""

    seed: int = 1
    learner: tuple[object, object] | None = None
    folds: int = 5
    repeats: int = 1
    products: int = 150


@dataclass(frozen=True, eq=False)
class Contrast:
    """How one arm is compared with another in one target population, known before any outcome is.

    All (n,): ``weight_with`` and ``weight_without`` are the rows' weights on either side (sampling weight included, 0
    off that side), ``weight_target`` those of the population the effect speaks of: balance compares means under them.
    ``ratio`` = e_arm/e_other, NaN for rows in neither arm. ``closed``: reason code when the design cannot identify it.
    """

    arm: str
    compared_with: str
    target: Target
    weight_with: Floats
    weight_without: Floats
    weight_target: Floats
    ratio: Floats
    closed: str = ""


@dataclass(frozen=True, eq=False)
class Plan:
    """What a design decided from arms and covariates alone. Checks look at its contrasts; ``estimate`` completes it.

    ``fold`` (n,) 0 … folds−1 by person; ``e`` (n, K) propensities corrected for the draw, rows sum to 1.
    """

    design: str
    drawn: Drawn
    settings: Settings
    fold: NDArray[np.int64]
    e: Floats
    contrasts: tuple[Contrast, ...]

    @property
    def leading(self) -> Target:
        """The target that leads: ``treated`` where the design has it, else ``all``."""
        return "treated" if any(contrast.target == "treated" for contrast in self.contrasts) else "all"


@dataclass(frozen=True, eq=False)
class Influence:
    """The pairs (z, q) of METHODS 2.1 of one family, per row: theta = Σ s z / Σ s q.

    ``z`` (n, M), ``q`` (n,) or (n, M), ``s`` (n,) weights, ``cluster`` (n,) codes.
    """

    z: Floats
    q: Floats
    s: Floats
    cluster: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Family:
    """M estimates that are looked at together, and how they move together.

    ``cells`` (M,); ``theta`` (M,) in the outcome's unit; ``V`` (M, M); ``level_without`` (M,) the comparison's level in
    the target population (level with = level_without + theta). ``df`` of the t quantile; ``clusters`` behind V;
    ``n``, ``n_without`` persons in the arm and in the comparison; ``effective`` effective persons that carry it;
    ``events`` (M,) the smaller of events and non-events among persons of either side (METHODS 15: below 10 a period
    stays out of the band's family). ``closed`` (M,) reason codes of cells that this design cannot estimate ("" = can).
    ``compared_with`` the arm it is compared with; ``set`` for compliers: a list of intervals per cell (Anderson–Rubin).
    """

    name: str
    arm: str
    compared_with: str
    outcome: str
    target: Target
    cells: tuple[Cell, ...]
    theta: Floats
    V: Floats
    level_without: Floats
    df: float
    clusters: int
    n: int
    n_without: int
    effective: float
    events: Floats
    closed: tuple[str, ...]
    sets: tuple[tuple[tuple[float, float], ...], ...] = ()


@dataclass(frozen=True, eq=False)
class Across:
    """The arms at the primary cell, jointly: ``theta`` (A,), ``V`` (A, A) for *works* over arms (METHODS 4.6)."""

    arms: tuple[str, ...]
    target: Target
    cell_month: int | None
    theta: Floats
    V: Floats
    df: float


@dataclass(frozen=True, eq=False)
class Estimates:
    """Every family of one design. The waist: nothing later needs more."""

    design: str
    families: tuple[Family, ...]
    across: tuple[Across, ...] = ()


@dataclass(frozen=True)
class Benchmark:
    """A known group of columns as a yardstick for hidden ones (METHODS 4.8): the shares ``cf_y`` and ``cf_d`` that it
    explains beside the others, its ``rho``, the robustness value that it would overcome (``strength``), and the bias of
    a hidden trait like it ``at_worst`` (rho = 1) and at its ``own`` rho, in the outcome's unit."""

    group: str
    cf_y: float
    cf_d: float
    rho: float
    strength: float
    at_worst: float
    own: float


@dataclass(frozen=True)
class Bound:
    """How strong a hidden difference would have to be to explain an arm's effect at the primary cell (METHODS 4.8).

    ``rv`` the robustness value, ``rva`` less its uncertainty; None where ``nu2`` ≤ 0, so that there is no bound.
    """

    arm: str
    theta: float
    sigma2: float
    nu2: float
    rv: float | None
    rva: float | None
    benchmarks: tuple[Benchmark, ...]


@dataclass(frozen=True)
class Variant:
    """An arm's primary cell estimated in another way: ``move`` in standard errors of the answer. None: no number."""

    arm: str
    name: str
    estimate: float | None
    std_error: float | None
    move: float | None


@dataclass(frozen=True)
class Beside:
    """What checks work out beside their verdicts. Exact: it hangs on the size of effects, and stays inside."""

    bounds: tuple[Bound, ...] = ()
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, eq=False)
class Side:
    """One side of M cells as it was counted again, (M,) each: ``persons`` whose outcome is known, those who have the
    event or any amount, ``others`` who have none (somebody with several rows may be both); the parts that the
    ``largest`` and the ``second`` contributor have in the total, NaN where the outcome is no amount."""

    persons: NDArray[np.int64]
    events: NDArray[np.int64]
    others: NDArray[np.int64]
    largest: Floats
    second: Floats

    def at(self, cells: NDArray[np.int64]) -> Side:
        """The same for some cells, in their order."""
        return Side(
            self.persons[cells], self.events[cells], self.others[cells], self.largest[cells], self.second[cells]
        )


@dataclass(frozen=True, eq=False)
class Behind:
    """Who stands behind the cells of one family, unrounded. Stays inside: the door and its controller look at it."""

    family: str
    arm: Side
    other: Side


@dataclass(frozen=True)
class Judged:
    """An exact effect (with numbers) and why a reader may not see it ("" = may)."""

    exact: Effect
    reason: str

    @property
    def effect(self) -> Effect:
        """What travels: the exact effect when open; the same cell without any number when closed."""
        return self.exact.closed(self.reason) if self.reason else self.exact


@dataclass(frozen=True, eq=False)
class Answer:
    """A sealed question answered: estimates, checks and verdicts, exact. Stays inside; ``door`` makes the dossier."""

    question: Question
    estimates: tuple[Estimates, ...]
    judged: tuple[Judged, ...]
    checks: tuple[Check, ...]
    exclusions: Exclusions
    facts: Facts
    snapshot: str
    seed: int
    synthetic: bool
    threshold: int
    engine: str
    beside: tuple[Beside, ...] = ()
    behind: tuple[Behind, ...] = ()

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Every effect as a reader may see it: closed ones without numbers. Plain differences and negative controls are
        for inside only."""
        return tuple(j.effect for j in self.judged if j.reason not in INSIDE)

    def inside(self) -> tuple[Judged, ...]:
        """The exact table, closed numbers too. Never shown outside the house."""
        return self.judged

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Which arms *work* on the primary cell, over all arms at once."""
        return self.facts.claims
