"""Who answers: the check that closes where groups answer differently, and weights where they do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from monthly import Silence, gained, questionnaire
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from watwerkt import effects
from watwerkt.dossier import Check
from watwerkt.effects.checks import response
from watwerkt.effects.designs import adjusted
from watwerkt.effects.nouns import Plan, Settings
from watwerkt.effects.response import Answering, filled, patterns, weight_of
from watwerkt.sample.nouns import Followed, Panel

WORK = Silence(by_x=(0.2, 0.2, 0.2), by_y=0.7)  # whoever does well answers, and the arms make people do well


def looked(seen: Followed) -> tuple[Plan, tuple[Check, ...]]:
    """The plan and the check of a questionnaire."""
    plan = adjusted.prepare(seen.drawn, Settings())
    return plan, response.check(plan, seen, adjusted.estimate(plan, seen))


def treated(checks: tuple[Check, ...], arm: str) -> Check:
    """The one that may close the headline of an arm."""
    return next(c for c in checks if (c.arm, c.closes, c.compared_with) == (arm, ("treated",), ""))


def test_who_answers_is_learned_in_each_arm() -> None:
    """rho follows the planted chance of an answer, also where arms answer differently."""
    silence = Silence(by_x=(0.2, 1.5, -1.0))
    seen = questionnaire(3, silence, persons=6000)
    of = seen.drawn
    plan = adjusted.prepare(of, Settings())
    rho = Answering(plan).rho(seen.panels[0].observed[:, 0])
    x = of.covariates.x[:, 0]
    true = 1 / (1 + np.exp(-silence.level - np.array(silence.by_x)[of.arm] * x))

    assert all(np.corrcoef(rho[of.arm == a], true[of.arm == a])[0, 1] > 0.9 for a in (1, 2))
    assert np.abs(rho - true).mean() < 0.05


def test_an_arm_in_which_everybody_answers_has_weight_one() -> None:
    """No logit is asked what it cannot know."""
    seen = questionnaire(1, Silence(), persons=1500)
    plan = adjusted.prepare(seen.drawn, Settings())
    known = seen.panels[0].observed[:, 0] | (seen.drawn.arm == 1)

    assert (Answering(plan).rho(known)[seen.drawn.arm == 1] == 1).all()


def test_waves_are_patterns() -> None:
    """Months with the same people known are one pattern; complete and empty ones are none."""
    wave = np.arange(100) % 2 == 0
    observed = np.column_stack([wave, np.ones(100, bool), wave, np.zeros(100, bool), ~wave])
    panel = Panel("wellbeing", (0, 1, 2, 3, 4), np.where(observed, 1, np.nan).astype(np.float32), observed)

    assert [p.at.tolist() for p in patterns(panel, np.ones(100))] == [[0, 2], [4]]
    assert weight_of(np.array([True, False]), np.array([0.5, 0.5])).tolist() == [2, 0]
    assert filled(np.array([[1.0], [3.0], [np.nan]]), np.array([True, True, False])).tolist() == [[1], [3], [2]]


def test_equal_response_opens() -> None:
    """Half of the people answer, alike in the arm and beside it: the check passes and the effect may open."""
    _, checks = looked(questionnaire(1, Silence(by_x=(0.8, 0.8, 0.8)), persons=12_000))
    found = treated(checks, "short")

    assert found.verdict == "passed"
    assert 0 < found.statistic < response.POINTS == found.threshold
    assert found.outcome == "wellbeing"


def test_response_that_the_instrument_moves_closes() -> None:
    """Where the outcome itself decides who answers, arms answer more often: closed as non-response, with the figure."""
    seen = questionnaire(1, WORK, persons=6000)
    plan = adjusted.prepare(seen.drawn, Settings())
    answer = effects.open_((plan,), (effects.check(plan),), (effects.estimate(plan, seen),), seen)
    found = treated(tuple(c for c in answer.checks if c.name == "response"), "short")

    assert found.verdict == "failed"
    assert found.statistic > response.POINTS
    mine = [j for j in answer.judged if (j.exact.arm, j.exact.target) == ("short", "treated")]
    assert {j.reason for j in mine if j.exact.cell.compared_with == "not_now"} == {"non_response"}


def test_nothing_missing_has_nothing_to_check() -> None:
    """No outcome with more than 5 % unknown: not applicable, which costs nothing."""
    _, checks = looked(questionnaire(1, None, persons=900))

    assert [c.verdict for c in checks] == ["not_applicable"]


def test_another_learner_weighs_answers_too() -> None:
    """The given classifier says who answers, the given regressor learns from those who did."""
    seen = questionnaire(2, Silence(), persons=2500)
    learner = (RandomForestRegressor(20, min_samples_leaf=10), RandomForestClassifier(60, min_samples_leaf=20))
    plan = adjusted.prepare(seen.drawn, Settings(learner=learner))
    found = next(f for f in adjusted.estimate(plan, seen).families if (f.arm, f.target) == ("short", "treated"))

    assert found.theta[0] == pytest.approx(gained("short", "treated"), abs=4 * found.V[0, 0] ** 0.5)


def test_one_person_cannot_weigh_without_bound() -> None:
    """People who hardly ever answer close the month: nobody stands in for them."""
    seen = questionnaire(1, Silence(), persons=3000)
    of = seen.drawn
    hidden = of.covariates.x[:, 0] < -1
    observed = seen.panels[0].observed & ~hidden[:, None]
    panel = replace(seen.panels[0], observed=observed)
    found = adjusted.estimate(adjusted.prepare(of, Settings()), replace(seen, panels=(panel,)))

    assert {reason for f in found.families for reason in f.closed if f.target == "all"} == {"non_response"}
