"""Numbers that R gave, to the sixth digit: data/reference a (Pennsylvania) and f (NSW against PSID)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from builders import drawn, followed, question
from numpy.typing import NDArray

from watwerkt._numerics import logit, ratio
from watwerkt._numerics.ridge import least_squares
from watwerkt.dossier import Target
from watwerkt.effects.contrasts import Weights, weights
from watwerkt.effects.designs import adjusted
from watwerkt.effects.nouns import Settings

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the reference data lie beside the repository, not in it")


@dataclass(frozen=True)
class Sample:
    """Rows with everything that was estimated on them without cross-fitting: e (n, K), mu (n, K)."""

    y: Floats
    arm: Codes
    e: Floats
    mu: Floats
    loglik: float

    def pair(self, a: int, target: Target, hajek: bool = False) -> tuple[float, Floats]:
        """theta and psi/n (n,) of arm a against 0."""
        w = weights(self.arm, self.e, a, 0, target)
        z = self.treated(w, hajek) if target == "treated" else self.side(a, w, hajek) - self.side(0, w, hajek)
        s = np.ones(len(self.y))
        P = ratio.influence_by_cluster(z, w.q, s, ratio.clusters(np.arange(len(s))))
        return float(ratio.theta(z, w.q, s)[0]), P[:, 0]

    def side(self, k: int, w: Weights, hajek: bool = False) -> Floats:
        """z of one arm's level."""
        inverse = w.other if k == 0 else w.arm
        u = (self.y - self.mu[:, k])[inverse != 0, None]
        return ratio.side(self.mu[:, [k]], u, ratio.Weights(np.ones(len(self.y)), w.q, inverse), hajek)

    def treated(self, w: Weights, hajek: bool) -> Floats:
        """z of the treated against the comparison."""
        return ratio.pair_difference((self.y - self.mu[:, 0])[:, None], w.arm, w.other, np.ones(len(self.y)), hajek)


def fitted(X: Floats, y: Floats, arm: Codes, X_outcome: Floats | None = None) -> Sample:
    """Unpenalised multinomial logit and least squares within each arm."""
    arms = int(arm.max()) + 1
    e, _, loglik = logit.multinomial(X, arm, arms)
    Z = X if X_outcome is None else X_outcome
    mu = np.column_stack([Z @ least_squares(Z[arm == k], y[arm == k, None]) for k in range(arms)])
    return Sample(y, arm, e, mu, loglik)


def se(psi: Floats) -> float:
    """The reference's standard error: no small-sample factor."""
    return float(np.sqrt((psi**2).sum()))


def reference(name: str) -> dict[str, dict[str, object]]:
    """The values of a reference file."""
    return dict(json.loads((DATA / "reference" / f"{name}.json").read_text("utf-8"))["values"])


# ---- Pennsylvania: many arms -------------------------------------------------------------------------------------

RUNS = {
    "seven_arms_quarters_1_4": (("q2", "q3", "q4"), lambda d: d["q5"] + d["q6"] == 0),
    "six_arms_all_quarters": (("q2", "q3", "q4", "q5", "q6"), lambda d: d["tg"] < 6),
}


def penn() -> dict[str, Floats]:
    """The file's columns by name."""
    lines = (DATA / "penn_bonus" / "penn_jae.dat").read_text("utf-8").splitlines()
    names = lines[0].split()
    values = np.array([[float(v) for v in line.split()] for line in lines[1:]])
    columns = {name.strip('"'): values[:, j - len(names)] for j, name in enumerate(names)}
    return {**columns, "dep1": (columns["dep"] == 1) * 1.0, "dep2": (columns["dep"] == 2) * 1.0}


@pytest.fixture(scope="module", params=RUNS)
def run(request: pytest.FixtureRequest) -> tuple[Sample, dict[str, object], Codes]:
    """One of the two runs, refitted, with what R printed and the enrolment day."""
    quarters, rows = RUNS[request.param]
    d = penn()
    kept = rows(d)
    names = ("female", "black", "hispanic", "othrace", "dep1", "dep2", *quarters)
    names = (*names, "recall", "agelt35", "agegt54", "durable", "nondurable", "lusd", "husd")
    X = np.column_stack([np.ones(int(kept.sum())), *(d[name][kept] for name in names)])
    sample = fitted(X, np.log(d["inuidur1"][kept]), d["tg"][kept].astype(np.int64))
    return sample, reference("a_penn_multiarm")[request.param], d["abdt"][kept].astype(np.int64)


def test_multinomial_likelihood(run: tuple[Sample, dict[str, object], Codes]) -> None:
    """The unpenalised multinomial logit reaches the likelihood and the probabilities that R printed."""
    sample, printed, _ = run

    assert sample.loglik == pytest.approx(printed["loglik"], rel=1e-9)
    assert sample.e[0] == pytest.approx(printed["e_row1"], rel=1e-6)
    assert sample.e.min(0) == pytest.approx(printed["e_min"], rel=1e-6)


@pytest.mark.parametrize(
    ("target", "hajek", "theta", "error"),
    [
        ("all", False, "all", "all_se"),
        ("all", True, "all_hajek", "all_hajek_se"),
        ("treated", False, "treated", "treated_se"),
        ("overlap", False, "overlap_orthogonal", "overlap_orthogonal_se"),
        ("pair", False, "overlap_pairwise", "overlap_pairwise_se"),
    ],
)
def test_every_target_of_the_table(
    run: tuple[Sample, dict[str, object], Codes], target: Target, hajek: bool, theta: str, error: str
) -> None:
    """Each row of METHODS 2.1, estimates and influence errors, arm by arm, to 1e-6."""
    sample, printed, _ = run
    found = [sample.pair(a, target, hajek) for a in range(1, sample.e.shape[1])]

    assert [one for one, _ in found] == pytest.approx(printed[theta], rel=1e-6)
    assert [se(psi) for _, psi in found] == pytest.approx(printed[error], rel=1e-6)


def test_joint_covariance_over_arms(run: tuple[Sample, dict[str, object], Codes]) -> None:
    """The arms' covariance, on which *works* over arms rests, and the error of arm 4 less arm 2."""
    sample, printed, _ = run
    P = np.column_stack([sample.pair(a, "all")[1] for a in range(1, sample.e.shape[1])])
    V = ratio.covariance(P, corrected=False)

    assert pytest.approx(np.array(printed["cov_all"]), rel=1e-6) == V
    assert np.sqrt(V[3, 3] + V[1, 1] - 2 * V[3, 1]) == pytest.approx(printed["arm4_minus_arm2_se"], rel=1e-6)


def test_errors_by_enrolment_day(run: tuple[Sample, dict[str, object], Codes]) -> None:
    """Summed by cluster before squaring: CR0 by day."""
    sample, printed, day = run
    w = weights(sample.arm, sample.e, 1, 0, "all")
    z = sample.side(1, w) - sample.side(0, w)
    P = ratio.influence_by_cluster(z, w.q, np.ones(len(z)), ratio.clusters(day))

    assert se(P[:, 0]) == pytest.approx(printed["all_se_cluster_day_CR0"][0], rel=1e-6)  # type: ignore[index]


def test_raw_differences() -> None:
    """Nothing adjusted: differences in mean log duration, as data/README and ref f have them."""
    d = penn()
    arm, y = d["tg"].astype(np.int64), np.log(d["inuidur1"])
    means = np.bincount(arm, y) / np.bincount(arm)

    assert means[1:] - means[0] == pytest.approx(reference("f_randomised")["penn"]["unadjusted"], rel=1e-6)


def test_the_design_itself_on_all_quarters() -> None:
    """Arm 6 enrolled nobody in two quarters: its `all` and `overlap` close, its `treated` does not, and cross-fitted
    penalised nuisances move the others by less than a third of an error from R's unpenalised ones."""
    d = penn()
    names = ("female", "black", "hispanic", "othrace", "dep1", "dep2", "q2", "q3", "q4", "q5", "q6")
    x = np.column_stack(
        [d[n] for n in (*names, "recall", "agelt35", "agegt54", "durable", "nondurable", "lusd", "husd")]
    )
    arms = tuple(f"arm{k}" for k in range(7))
    of = drawn(x, d["tg"].astype(np.int64), question(arms))
    plan = adjusted.prepare(of, Settings())
    found = adjusted.estimate(plan, followed(of, np.log(d["inuidur1"])))
    printed = reference("a_penn_multiarm")["six_arms_all_quarters"]
    treated = {f.arm: f for f in found.families if f.target == "treated" and f.compared_with == "arm0"}

    assert {(c.arm, c.target) for c in plan.contrasts if c.closed and c.target != "treated"} == {
        ("arm6", "all"),
        ("arm6", "overlap"),
    }
    assert treated["arm6"].closed == ("",)
    for k in range(1, 6):
        error = printed["treated_se"][k - 1]  # type: ignore[index]
        assert treated[f"arm{k}"].theta[0] == pytest.approx(printed["treated"][k - 1], abs=error / 3)  # type: ignore[index]
        assert treated[f"arm{k}"].V[0, 0] ** 0.5 == pytest.approx(error, rel=0.02)


# ---- NSW against PSID: hardly any overlap ------------------------------------------------------------------------

COVARIATES = ("age", "education", "black", "hispanic", "married", "nodegree", "re74", "re75")


@pytest.fixture(scope="module")
def psid() -> Sample:
    """The trained of NSW against the survey; earnings in thousands in the logit, as ref f has it."""
    pyreadstat = pytest.importorskip("pyreadstat")
    blocks = []
    for file in ("nsw_dw.dta", "psid_controls.dta"):
        columns, _ = pyreadstat.read_dta(str(DATA / "lalonde_nsw" / file), output_format="dict")
        blocks.append({name: np.asarray(columns[name], dtype=float) for name in (*COVARIATES, "treat", "re78")})
    trained = blocks[0]["treat"] == 1
    d = {name: np.append(blocks[0][name][trained], blocks[1][name]) for name in (*COVARIATES, "treat", "re78")}
    X = np.column_stack(
        [np.ones(len(d["age"])), *(d[name] for name in COVARIATES), d["re74"] == 0, d["re75"] == 0]
    ).astype(float)
    in_thousands = X.copy()
    in_thousands[:, [7, 8]] /= 1000
    return fitted(in_thousands, d["re78"], d["treat"].astype(np.int64), X)


def test_inverse_weights_alone(psid: Sample) -> None:
    """Horvitz–Thompson, Hajek and the effective comparison: 9.7 people of 2,490."""
    printed = reference("f_randomised")["nsw_psid"]
    w = weights(psid.arm, psid.e, 1, 0, "treated")
    n = w.q.sum()
    raw = (w.arm - w.other) @ psid.y / n
    hajek = w.arm @ psid.y / n - w.other @ psid.y / w.other.sum()

    assert psid.loglik == pytest.approx(printed["loglik"], rel=1e-6)
    assert raw == pytest.approx(printed["att_ht"], rel=1e-6)
    assert hajek == pytest.approx(printed["att_hajek"], rel=1e-6)
    assert ratio.effective(w.other) == pytest.approx(printed["ess_comparison"], rel=1e-6)


def test_augmented(psid: Sample) -> None:
    """AIPW for the treated with its error, normalised (3,090.214), and overlap (−289.2035), where all disagree."""
    printed = reference("f_randomised")["nsw_psid"]
    plain, psi = psid.pair(1, "treated")
    overlap, psi_overlap = psid.pair(1, "overlap")

    assert plain == pytest.approx(printed["att_aipw"], rel=1e-6)
    assert se(psi) == pytest.approx(printed["att_aipw_se"], rel=1e-6)
    assert psid.pair(1, "treated", hajek=True)[0] == pytest.approx(printed["att_aipw_hajek"], rel=1e-6)
    assert overlap == pytest.approx(printed["overlap_orthogonal"], rel=1e-6)
    assert se(psi_overlap) == pytest.approx(printed["overlap_orthogonal_se"], rel=1e-6)
