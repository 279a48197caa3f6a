"""Clustered errors against R's clubSandwich and estimatr: data/reference b."""

from __future__ import annotations

import experiments
import numpy as np
import pytest
from experiments import Floats, pennsylvania, reference, table

from watwerkt._numerics.cluster import Kind, fit, functional

pytestmark = pytest.mark.skipif(not experiments.DATA.is_dir(), reason=experiments.ABSENT)

Regression = tuple[Floats, Floats, Floats, Floats]


def konstantopoulos(weighted: bool) -> Regression:
    """yi on year − 1990 by district: X, y, weights, cluster."""
    d = table("metadat/dat_konstantopoulos2011.csv")
    year, y, v = (d[name].astype(float) for name in ("year", "yi", "vi"))
    return np.column_stack([np.ones_like(y), year - 1990]), y, 1 / v if weighted else np.ones_like(y), d["district"]


def assink() -> Regression:
    """yi on publication, year and overt behaviour by study."""
    d = table("metadat/dat_assink2016.csv")
    y, published, year = (d[name].astype(float) for name in ("yi", "pubstatus", "year"))
    return np.column_stack([np.ones_like(y), published, year, d["deltype"] == "overt"]), y, np.ones_like(y), d["study"]


def penn() -> Regression:
    """Log duration on arms by enrolment day: 13,913 rows, clusters that hold several arms."""
    d = pennsylvania()
    y = np.log(d["inuidur1"])
    return np.column_stack([d["tg"] == k if k else np.ones_like(y) for k in range(7)]), y, np.ones_like(y), d["abdt"]


RUNS = {
    "konstantopoulos_ols": lambda: konstantopoulos(False),
    "konstantopoulos_wls": lambda: konstantopoulos(True),
    "assink_ols": assink,
    "penn_by_day": penn,
}


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR2"])
def test_standard_errors(run: str, kind: Kind) -> None:
    """Coefficients, CR0, CR1 and CR2, ordinary and weighted, to 1e-8."""
    X, y, w, names = RUNS[run]()
    printed = reference("b_cluster_cr2")[run]
    cluster = np.unique(names, return_inverse=True)[1]
    fitted = fit(X.astype(float), y[:, None], w)
    found = [functional(fitted, c, cluster, printed["clusters"], kind) for c in np.eye(X.shape[1])]

    assert [f.value[0] for f in found] == pytest.approx(printed["beta"], rel=1e-8)
    assert [np.sqrt(f.covariance[0, 0]) for f in found] == pytest.approx(printed[kind], rel=1e-8)


@pytest.mark.parametrize("run", RUNS)
def test_degrees_of_freedom(run: str) -> None:
    """Satterthwaite's: "17 clusters" sounds fine and is worth 1.7."""
    X, y, w, names = RUNS[run]()
    printed = reference("b_cluster_cr2")[run]
    cluster = np.unique(names, return_inverse=True)[1]
    fitted = fit(X.astype(float), y[:, None], w)

    found = [functional(fitted, c, cluster, printed["clusters"]).df for c in np.eye(X.shape[1])]

    assert found == pytest.approx(printed["df"], rel=1e-8)


def test_the_design_uses_them() -> None:
    """Arms drawn by enrolment day, several arms a day: the design's errors and df are those of the one regression."""
    d = pennsylvania()
    arm, day = d["tg"].astype(int), np.unique(d["abdt"], return_inverse=True)[1]
    printed = reference("b_cluster_cr2")["penn_by_day"]
    arms = experiments.of_arms(experiments.estimated(experiments.drawn(arm, cluster=day), np.log(d["inuidur1"])))

    assert [experiments.se(f)[0] for f in arms] == pytest.approx(printed["CR2"][1:], rel=1e-6)
    assert [f.df for f in arms] == pytest.approx(printed["df"][1:], rel=1e-8)
    assert {f.clusters for f in arms} == {69}
