"""The keys of estimates: how a cell and a family are named, the same for every design."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from watwerkt.dossier import Cell, Outcome, Question, Target
from watwerkt.vocabulary import load

EVERYONE = "all"


@dataclass(frozen=True)
class Place:
    """Which arm against which, for which people: all of a family's key but its outcome."""

    arm: str
    compared_with: str
    target: Target
    group: str = EVERYONE


def instrument(question: Question, arm: str) -> str:
    """The vocabulary id an arm counts as; its own name where it has none (``not_now`` is its own id)."""
    return next((a.counts_as or a.name for a in question.arms if a.name == arm), arm)


def comparison(question: Question, arm: str) -> str:
    """The id of an arm as comparison: its own name where several arms count as the same, so that cells stay apart."""
    ids = Counter(instrument(question, a.name) for a in question.arms)
    own = instrument(question, arm)
    return arm if ids[own] > 1 else own


def cells(question: Question, place: Place, outcome: str, months: tuple[int | None, ...]) -> tuple[Cell, ...]:
    """One cell a period (M,)."""
    with_, without = instrument(question, place.arm), comparison(question, place.compared_with)
    return tuple(
        Cell(
            instrument=with_,
            compared_with=without,
            outcome=outcome,
            month=month,
            group=place.group,
            period="" if month is None else question.time.period,
        )
        for month in months
    )


def family_name(design: str, place: Place, outcome: str) -> str:
    """A name that no other family of an answer has."""
    return "/".join((design, place.target, place.arm, place.compared_with, outcome, place.group))


def good_sign(outcome: Outcome) -> int:
    """+1 where more of an outcome is better, −1 where less is (declared, or by its kind: benefit)."""
    by_kind = load("outcomes")[outcome.kind].better
    return -1 if "less" in (outcome.better, by_kind) else 1
