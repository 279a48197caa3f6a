"""Real data that must end closed or open (METHODS 14): NSW against surveys, and Pennsylvania by quarter."""

from __future__ import annotations

from pathlib import Path

import builders
import numpy as np
import pytest

from watwerkt import effects
from watwerkt.dossier import Design
from watwerkt.effects.nouns import Answer, Settings
from watwerkt.sample.nouns import Drawn

pyreadstat = pytest.importorskip("pyreadstat")
DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the reference data lie beside the repository, not in it")

GIVEN = ("age", "education", "black", "hispanic", "married", "nodegree", "re74", "re75")
GROUPS = {"psid1": "psid_controls", "psid2": "psid_controls2", "psid3": "psid_controls3",
          "cps1": "cps_controls", "cps2": "cps_controls2", "cps3": "cps_controls3"}  # fmt: skip


def answered(of: Drawn, y, seed: int = 1) -> Answer:
    """The four verbs."""
    plans = effects.prepare(of, Settings(seed=seed))
    checks = tuple(effects.check(plan) for plan in plans)
    followed = builders.followed(of, y)
    return effects.open_(plans, checks, tuple(effects.estimate(plan, followed) for plan in plans), followed)


def table(name: str):
    """A Stata file's numeric columns."""
    columns, _ = pyreadstat.read_dta(DATA / "lalonde_nsw" / f"{name}.dta", output_format="dict")
    return {k: np.asarray(v, dtype=float) for k, v in columns.items() if k in (*GIVEN, "re78", "treat")}


def nsw(trained: float):
    """NSW's trained people or its controls."""
    columns = table("nsw_dw")
    kept = columns["treat"] == trained
    return {k: v[kept] for k, v in columns.items()}


def against(mine, others, design: str = "adjusted", seed: int = 1) -> Answer:
    """NSW people against others, on earnings in 1978 in thousands of dollars."""
    x = np.vstack([np.column_stack([t[c] for c in GIVEN]) for t in (mine, others)])
    arm = np.repeat([1, 0], [len(mine["re78"]), len(others["re78"])])
    of = builders.drawn(x, arm, builders.question(design=Design(use=(design,))))
    return answered(of, np.concatenate([mine["re78"], others["re78"]]) / 1000, seed)


def treated(answer: Answer):
    """The headline, exact, with its reason."""
    return next(j for j in answer.judged if j.exact.target == "treated" and j.exact.design == "adjusted")


def effective(answer: Answer) -> float:
    """Effective persons of the comparison under `treated`."""
    return next(c.statistic for c in answer.checks if c.name == "overlap" and "treated" in c.closes)


@pytest.mark.parametrize("group", ["psid1", "psid2", "psid3", "cps3"])
def test_surveys_with_nobody_like_them_are_closed(group):
    """Fewer than 100 effective persons carry the comparison: closed, whatever the number looks like."""
    answer = against(nsw(1.0), table(GROUPS[group]))

    assert effective(answer) < 100
    assert treated(answer).reason == "overlap"
    assert all(e.estimate is None for e in answer.effects)


def test_of_psid_no_bound_on_hidden_bias_exists():
    """nu² is negative in its debiased form (ref f: −272 where mean(alpha²) is 616): failed, and no NaN anywhere."""
    answer = against(nsw(1.0), table(GROUPS["psid1"]))

    (check,) = (c for c in answer.checks if c.name == "hidden")
    assert (check.verdict, check.reason) == ("failed", "overlap")
    (bound,) = (b for beside in answer.beside for b in beside.bounds)
    assert bound.nu2 < 0
    assert (bound.rv, bound.rva, bound.benchmarks) == (None, None, ())


@pytest.mark.parametrize("group", GROUPS)
def test_where_the_truth_is_zero_nothing_opens_away_from_it(group):
    """NSW *controls* against each survey: nobody was trained, so an opened interval must hold 0."""
    answer = against(nsw(0.0), table(GROUPS[group]))

    opened = [e for e in answer.effects if e.opened]
    assert all(e.low <= 0 <= e.high for e in opened)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_experiment_opens(seed):
    """185 v. 260: Lin 1,621.58 (694.72), raw 1,794.34, open whatever the folds of a check are."""
    answer = against(nsw(1.0), nsw(0.0), "randomised", seed)

    (effect,) = answer.effects
    assert (effect.estimate, effect.std_error) == pytest.approx((1.62158311, 0.69472157), rel=1e-6)
    raw = next(j.exact for j in answer.judged if j.exact.design == "difference")
    assert raw.estimate == pytest.approx(1.79434240, rel=1e-6)


def penn(design: str, stratified: bool):
    """Pennsylvania: six bonuses against none, given the quarter of enrolment."""
    lines = (DATA / "penn_bonus" / "penn_jae.dat").read_text("utf-8").splitlines()
    names = [name.strip('"') for name in lines[0].split()]
    values = np.array([[float(v) for v in line.split()] for line in lines[1:]])
    d = {name: values[:, j - len(names)] for j, name in enumerate(names)}
    quarter = np.column_stack([d[f"q{k}"] for k in range(1, 7)])
    arms = tuple(str(k) for k in range(7))
    asked = builders.question(arms, design=Design(use=(design,)))
    x = np.column_stack([d["female"], d["black"], d["agelt35"], d["agegt54"], quarter[:, 1:]])
    strata = {"stratum": quarter.argmax(axis=1)} if stratified else {}
    return builders.drawn(x, d["tg"].astype(np.int64), asked, **strata), np.log(d["inuidur1"])


@pytest.mark.parametrize(("design", "targets"), [("adjusted", ("all", "overlap", "pair")), ("randomised", ("all",))])
def test_an_arm_that_is_absent_in_two_quarters(design, targets):
    """Nobody of arm 6 enrolled in quarters 5 and 6: it has no effect on everybody, and one on its own people."""
    of, y = penn(design, stratified=design == "randomised")
    answer = answered(of, y)
    reasons = {
        (j.exact.arm, j.exact.target): j.reason
        for j in answer.judged
        if j.exact.design == design and j.exact.cell.compared_with == "0"
    }

    assert {reasons["6", t] for t in targets if ("6", t) in reasons} == {"no_support"}
    assert reasons["6", "treated"] == ""
    assert {reasons[str(k), "all"] for k in range(1, 6)} == {""}
