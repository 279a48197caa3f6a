"""Small cells: what would describe fewer persons than the threshold, directly or by subtraction, is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from watwerkt.door.rules import Key, key
from watwerkt.dossier import Dossier, Effect, Got
from watwerkt.dossier.verify import SUPPRESSED, partitions


def suppress(dossier: Dossier, broken: Mapping[Key, str]) -> Dossier:
    """The dossier with small cells closed. ``broken`` maps cells that break a rule to the reason why they close.

    First the cells themselves, then a second of each partition in which exactly one is closed; a total of a path with
    a closed period shows no level, so that the period's own level cannot be computed from it.
    """
    first = tuple(_close_broken(e, broken) for e in dossier.effects)
    second = _close_beside(first)
    return replace(dossier, effects=_totals_without_level(second))


def suppress_got(got: tuple[Got, ...], threshold: int) -> tuple[Got, ...]:
    """What the comparison got without small counts; where one arm alone would be hidden in a period, the smallest other
    is hidden with it, since the effects say how many started anything."""
    kept: list[Got] = []
    for place in dict.fromkeys((g.arm, g.month) for g in got):
        same = [g for g in got if (g.arm, g.month) == place]
        shown = [g for g in same if min(g.n, g.n_rest) >= threshold]
        if len(same) - len(shown) == 1 and shown:
            shown.remove(min(shown, key=lambda g: g.n))
        kept += shown
    return tuple(kept)


def _close_broken(effect: Effect, broken: Mapping[Key, str]) -> Effect:
    return effect.closed(broken[key(effect)]) if effect.opened and key(effect) in broken else effect


def _close_beside(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    closing = set()
    for group in partitions(effects).values():
        hidden = [e for e in group if e.reason in SUPPRESSED]
        others = [e for e in group if not e.reason]
        if len(hidden) == 1 and others:
            closing.add(id(min(others, key=lambda e: (e.n or 0) + (e.n_without or 0))))
    return tuple(e.closed("small_cell_beside") if id(e) in closing else e for e in effects)


def _totals_without_level(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    hidden = {
        (e.arm, e.cell.outcome, e.cell.group, e.target)
        for e in effects
        if e.reason in SUPPRESSED and e.cell.measure == "at"
    }
    return tuple(
        replace(e, level=None, level_without=None)
        if e.cell.measure == "total" and (e.arm, e.cell.outcome, e.cell.group, e.target) in hidden
        else e
        for e in effects
    )
