"""Questionnaires that not everybody answers: weighted answers hold the truth where complete rows miss it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from monthly import Silence, also, gained, questionnaire
from scipy.stats import t as student

from watwerkt.effects.designs import adjusted
from watwerkt.effects.nouns import Family, Settings
from watwerkt.sample.nouns import Followed

DRAWS = 60
KEY = ("short", "not_now", "treated")


def headline(seen: Followed) -> Family:
    """One contrast alone: `short` against not now, among those who started it."""
    plan = adjusted.prepare(seen.drawn, Settings())
    kept = tuple(c for c in plan.contrasts if (c.arm, c.compared_with, c.target) == KEY)
    return adjusted.estimate(replace(plan, contrasts=kept), seen).families[0]


def complete(seen: Followed) -> Followed:
    """Only those who answered the second wave, as if nobody else had been asked."""
    answered = np.flatnonzero(seen.panels[0].observed[:, 2])
    fewer = also(seen, answered)
    panel = fewer.panels[0]
    return replace(fewer, panels=(replace(panel, months=(2,), y=panel.y[:, 2:3], observed=None),))


def test_weighted_answers_cover_and_complete_rows_do_not() -> None:
    """Response hangs on covariates and arm, and the outcome only through these; who gains more answers more."""
    true = gained("short", "treated")
    held, z, alone = [], [], []
    for seed in range(DRAWS):
        seen = questionnaire(seed, Silence(), persons=3000)
        one = headline(seen)
        if one.closed[2]:
            continue
        z.append((one.theta[2] - true) / one.V[2, 2] ** 0.5)
        held.append(abs(z[-1]) <= student.ppf(0.975, one.df))
        rest = headline(complete(seen))
        alone.append((rest.theta[0] - true) / rest.V[0, 0] ** 0.5)

    assert len(held) > 0.9 * DRAWS
    assert np.mean(held) >= 0.90  # 95 % less two Monte-Carlo errors of 60 draws
    assert abs(np.mean(z)) < 0.4
    assert np.mean(alone) > 2.5
    assert np.mean(np.abs(alone) < 1.96) < 0.3
