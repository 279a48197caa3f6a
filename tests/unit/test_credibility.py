"""Credibility: the weakest link, told step by step; and why effects are closed."""

from __future__ import annotations

import dataclasses

import pytest
from answers import dossier

from watwerkt.dossier import Check
from watwerkt.dossier.credibility import LEVELS, credibility, weigh
from watwerkt.dossier.why import compared_arm, counts, why


def check(name, verdict, closes=("treated",), **changes):
    """A check of the short training."""
    statistic = 1.0 if verdict in ("passed", "failed") else None
    return Check(**{"name": name, "arm": "short", "outcome": "", "verdict": verdict, "statistic": statistic,
                    "closes": closes, **changes})  # fmt: skip


@pytest.mark.parametrize(
    ("checks", "level"),
    [
        ((), "high"),
        ((check("balance", "passed"), check("share", "not_applicable"), check("hidden", "not_reported")), "high"),
        ((check("attrition", "not_informative"),), "moderate"),
        ((check("placebo", "not_informative"), check("placebo", "not_informative", outcome="older")), "moderate"),
        ((check("placebo", "not_informative"), check("wait", "not_informative")), "low"),
        ((check("wait", "not_informative"), check("balance", "failed")), "none"),
        ((check("balance", "failed", closes=("all",)),), "moderate"),
    ],
)
def test_caps(checks, level):
    """One kind of silence caps at moderate, two at low, a failure leaves nothing, nothing to look at costs nothing."""
    assert weigh("high", checks, "treated").level == level


def test_every_step_is_told():
    """The ceiling, and each cap with its check and verdict, in order."""
    found = weigh("high", [check("placebo", "not_informative"), check("wait", "not_informative")], "treated")

    assert found.ceiling == "high"
    assert found.caps == (("placebo", "not_informative", "moderate"), ("wait", "not_informative", "low"))


def test_it_reads_the_checks_of_its_own_arm_and_target():
    """Another arm's failure, and a failure that closes another target, say nothing about this one."""
    others = (check("balance", "failed", arm="long"), check("support", "failed", closes=("all",)))
    of = dataclasses.replace(dossier(), checks=others)

    assert credibility(of, "short", "treated", "work").level == "moderate"  # the ceiling of an adjusted comparison


def test_another_designs_failure_says_nothing():
    """Overlap that fails in an adjusted comparison does not touch a lottery in the same dossier."""
    failed = dataclasses.replace(check("overlap", "failed"), design="randomised")
    of = dataclasses.replace(dossier(), checks=(failed,))

    assert credibility(of, "short", "treated", "work").level == "moderate"
    assert credibility(dataclasses.replace(of, checks=(dataclasses.replace(failed, design="adjusted"),)),
                       "short", "treated", "work").level == "none"  # fmt: skip


def test_what_is_closed_has_none():
    """Nothing open, nothing to believe, whatever closed it."""
    assert credibility(dossier(reason="too_few"), "short", "treated", "work").level == "none"


def test_why_names_reason_numbers_and_periods():
    """Of a closed path: the reason, the failed checks with statistic and threshold, and that nothing of it is open."""
    failed = check("overlap", "failed", statistic=9.7, threshold=100.0)
    (closed,) = why(dataclasses.replace(dossier(reason="overlap"), checks=(failed, check("balance", "passed"))))

    assert (closed.arm, closed.outcome, closed.target, closed.whole) == ("short", "work", "treated", True)
    assert closed.reasons == ("overlap",)
    assert closed.checks == (failed,)
    assert closed.periods == tuple(range(13))


def test_why_is_silent_about_what_is_open():
    """An open dossier has nothing to explain; opened and closed are counted all the same."""
    opened = dossier()

    assert why(opened) == ()
    assert counts(opened) == (len(opened.effects), 0)
    assert counts(dossier(reason="overlap")) == (0, len(opened.effects))


@pytest.mark.parametrize(
    ("compared_with", "arm"), [("not_now", ""), ("training.long", "long"), ("long", "long"), ("nobody", "")]
)
def test_the_other_arm_is_found_by_its_name_or_what_it_counts_as(compared_with, arm):
    """Cells name vocabulary ids, checks name arms."""
    of = dossier()
    effect = dataclasses.replace(
        of.effects[0], cell=dataclasses.replace(of.effects[0].cell, compared_with=compared_with)
    )

    assert compared_arm(of.question, effect) == arm


def test_levels_are_in_order():
    """From nothing to high."""
    assert LEVELS == ("none", "low", "moderate", "high")
