"""Small cells: what would describe fewer persons than the threshold, directly or by subtraction, is closed."""

from __future__ import annotations

from dataclasses import replace

from watwerkt.dossier import Dossier, Effect, Got
from watwerkt.dossier.verify import BINARY, partitions, smallest

OF_WORKERS = ("bound_low", "bound_high", "always_workers")


def suppress(dossier: Dossier, events: dict[tuple[str, object], float]) -> Dossier:
    """The dossier with small cells closed. ``events`` maps (family, cell) to the smaller of events and non-events.

    First the cells themselves, then a second of each partition in which exactly one is closed; a total of a path with
    a closed period shows no level, so that the period's own level cannot be computed from it.
    """
    first = tuple(_close_small(e, dossier, events) for e in dossier.effects)
    second = _close_beside(first)
    return replace(dossier, effects=_totals_without_level(second))


def suppress_got(got: tuple[Got, ...], threshold: int) -> tuple[Got, ...]:
    """What the comparison got without small counts; where one arm alone would be hidden in a period, the smallest other
    is hidden with it, since the effects say how many started anything."""
    kept: list[Got] = []
    for key in dict.fromkeys((g.arm, g.month) for g in got):
        same = [g for g in got if (g.arm, g.month) == key]
        shown = [g for g in same if min(g.n, g.n_rest) >= threshold]
        if len(same) - len(shown) == 1 and shown:
            shown.remove(min(shown, key=lambda g: g.n))
        kept += shown
    return tuple(kept)


def _close_small(effect: Effect, dossier: Dossier, events: dict[tuple[str, object], float]) -> Effect:
    if effect.reason:
        return effect
    kinds = {outcome.name: outcome.kind for outcome in dossier.question.outcomes}
    of_workers = effect.cell.measure in OF_WORKERS  # events are people at work: a wage of fewer is a person's wage
    counted = of_workers or (effect.cell.measure == "at" and kinds[effect.cell.outcome] in BINARY)
    few = counted and events.get((effect.family, effect.cell), float("inf")) < dossier.threshold
    return effect.closed("small_cell") if few or _exactly_small(effect, dossier) else effect


def _exactly_small(effect: Effect, dossier: Dossier) -> bool:
    """On exact numbers: fewer persons than the threshold; or by the readers' rule, which allows for rounding."""
    persons = [n for n in (effect.n, effect.n_without) if n is not None]
    return any(n < dossier.threshold for n in persons) or smallest(effect, dossier) < 0


def _close_beside(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    closing = set()
    for group in partitions(effects).values():
        hidden = [e for e in group if e.reason == "small_cell"]
        others = [e for e in group if not e.reason]
        if len(hidden) == 1 and others:
            closing.add(id(min(others, key=lambda e: (e.n or 0) + (e.n_without or 0))))
    return tuple(e.closed("small_cell_beside") if id(e) in closing else e for e in effects)


def _totals_without_level(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    hidden = {(e.arm, e.cell.outcome, e.cell.group, e.target) for e in effects if e.reason == "small_cell"}
    return tuple(
        replace(e, level=None, level_without=None)
        if e.cell.measure == "total" and (e.arm, e.cell.outcome, e.cell.group, e.target) in hidden
        else e
        for e in effects
    )
