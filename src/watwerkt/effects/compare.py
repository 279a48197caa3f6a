"""One arm against another, in one population and with a variance of its own (METHODS 2.2).

The difference is not made here: A's effect minus B's, each among its own people, would mix effect and composition.
Every design gives a family for each pair of arms, made in one population: those in the first arm (``treated``), or
everybody in an experiment (``all``). This picks them out of an answer.
"""

from __future__ import annotations

from dataclasses import replace

from watwerkt.dossier import Check, Effect, Facts, Question
from watwerkt.effects.cells import comparison
from watwerkt.effects.nouns import Answer, Estimates, Family
from watwerkt.errors import DifferentPopulations, UnknownArm


def compare(answer: Answer, first: str, second: str) -> Answer:
    """The part of an answer that says how arm ``first`` does against ``second``; opened and closed as it was.

    Raises UnknownArm, and DifferentPopulations where no family holds both arms in one population.
    """
    question = answer.question
    arms = tuple(arm.name for arm in question.treatments)
    _known(first, arms)
    _known(second, (*arms, question.compared_with))
    estimates = tuple(replace(e, families=between(e, first, second), across=()) for e in answer.estimates)
    families = tuple(family for e in estimates for family in e.families)
    if not families:
        raise DifferentPopulations(where=question.id, first=first, second=second)
    key = (first, comparison(question, second))
    judged = tuple(j for j in answer.judged if (j.exact.arm, j.exact.cell.compared_with) == key)
    other = "" if second == question.compared_with else second
    return replace(
        answer,
        question=_narrowed(question, first, second),
        estimates=estimates,
        judged=judged,
        checks=tuple(replace(c, compared_with="") for c in answer.checks if _about(c, first, other)),
        facts=_facts(answer.facts, (first, second), tuple(j.exact for j in judged)),
    )


def _narrowed(question: Question, first: str, second: str) -> Question:
    """The question between these two arms alone: one arm, and the other is what it is compared with."""
    arms = tuple(arm for arm in question.arms if arm.name in (first, second))
    return replace(question, arms=arms, compared_with=second)


def between(estimates: Estimates, first: str, second: str) -> tuple[Family, ...]:
    """The families of one arm against another."""
    return tuple(f for f in estimates.families if (f.arm, f.compared_with) == (first, second))


def _known(name: str, among: tuple[str, ...]) -> None:
    if name not in among:
        raise UnknownArm(where="compare", arm=name, known=among)


def _about(check: Check, arm: str, other: str) -> bool:
    return check.arm == "" or (check.arm, check.compared_with) == (arm, other)


def _facts(facts: Facts, arms: tuple[str, str], effects: tuple[Effect, ...]) -> Facts:
    """What stands beside these two arms. Claims are over all arms against the comparison, so none is left."""
    told = {effect.family for effect in effects}
    return replace(
        facts,
        arms=tuple(a for a in facts.arms if a.arm in arms),
        claims=(),
        bands=tuple(b for b in facts.bands if b.family in told),
        windows=tuple(row for row in facts.windows if row[0] in arms),
        got=(),  # that is about the question's own comparison
        lock_in=tuple(row for row in facts.lock_in if row[0] in arms),
    )
