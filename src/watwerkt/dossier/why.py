"""Why effects are closed: codes and numbers of a dossier, for ``watwerkt why`` and for the page. Words come later."""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt.dossier.check import Check
from watwerkt.dossier.dossier import Dossier
from watwerkt.dossier.effect import Effect
from watwerkt.dossier.question import Question

Key = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Closed:
    """What is closed of one arm on one outcome, in one target and group.

    ``reasons`` of the vocabulary, the one that closes most first; ``periods`` that are closed (None: an outcome without
    time, or a number over periods); ``whole``: nothing of it is open. ``checks``: every one that failed and closes
    these; mending the first reason opens nothing while another stands.
    """

    arm: str
    compared_with: str
    outcome: str
    target: str
    design: str
    group: str
    whole: bool
    reasons: tuple[str, ...]
    periods: tuple[int | None, ...]
    checks: tuple[Check, ...]


def why(dossier: Dossier) -> tuple[Closed, ...]:
    """Every arm, outcome, target and group of which something is closed, in the order of the effects."""
    families: dict[Key, list[Effect]] = {}
    for effect in dossier.effects:
        families.setdefault(_key(effect), []).append(effect)
    return tuple(_closed(dossier, effects) for effects in families.values() if not all(e.opened for e in effects))


def counts(dossier: Dossier) -> tuple[int, int]:
    """(opened, closed) effects: shown beside every list of opened ones, since opening is a choice (METHODS 4.7)."""
    opened = sum(effect.opened for effect in dossier.effects)
    return opened, len(dossier.effects) - opened


def _key(effect: Effect) -> Key:
    cell = effect.cell
    return effect.arm, cell.compared_with, cell.outcome, effect.target, effect.design, cell.group


def _closed(dossier: Dossier, effects: list[Effect]) -> Closed:
    shut = [e for e in effects if not e.opened]
    one = shut[0]
    reasons = [e.reason for e in shut]
    against = compared_arm(dossier.question, one)
    own = (c for c in dossier.checks if c.design in ("", one.design))
    return Closed(
        arm=one.arm,
        compared_with=one.cell.compared_with,
        outcome=one.cell.outcome,
        target=one.target,
        design=one.design,
        group=one.cell.group,
        whole=len(shut) == len(effects),
        reasons=tuple(sorted(dict.fromkeys(reasons), key=lambda r: -reasons.count(r))),
        periods=tuple(dict.fromkeys(e.cell.month for e in shut)),
        checks=tuple(c for c in own if c.shuts(one.arm, one.target, one.cell.outcome, against)),
    )


def compared_arm(question: Question, effect: Effect) -> str:
    """The arm that an effect is compared with, as checks name it: "" for the question's own comparison."""
    named = effect.cell.compared_with
    ids = {arm.name: arm.counts_as or arm.name for arm in question.arms}
    own = question.compared_with
    if named in (own, ids.get(own, own)):
        return ""
    return named if named in ids else next((name for name, id_ in ids.items() if id_ == named), "")
