"""What a cell must be to leave, by unrounded counts: what checkers of output ask everywhere, applied before they look.

Hundepool et al. (2012), Statistical Disclosure Control, ch. 4; Brandt et al. (2010), Guidelines for the checking of
output based on microdata research. Limits are the defaults of ACRO (Green, Ritchie & Smith 2021), but the threshold is
the register's own. A cell that breaks a rule is closed, here and not by the reader: docs/decisions/0151.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import isnan

import numpy as np

from watwerkt.dossier import Cell, Effect, Question, Target
from watwerkt.dossier.control import RULES, Behind, Counted, Limit
from watwerkt.dossier.verify import BINARY, smallest
from watwerkt.effects.behind import AMOUNTS
from watwerkt.effects.nouns import Answer, Family, Side
from watwerkt.effects.nouns import Behind as Sides

LARGEST_TWO = 0.9  # (n, k): the two largest have less than so much of a total
LARGEST_ONE = 0.1  # p %: without the two largest at least so much of the largest is left, or the second knows the first
FREEDOM = 10.0  # residual degrees of freedom
OVER_MONTHS = ("total", "mean_lock_in", "break_even")
OF_WORKERS = ("bound_low", "bound_high", "always_workers")
CLOSES = dict(zip(RULES, (*["small_cell"] * 4, *["dominated"] * 2, "few_degrees"), strict=True))
Key = tuple[str, str, Target, Cell]


def limits(threshold: int) -> tuple[Limit, ...]:
    """The rules in force."""
    held = (*[float(threshold)] * 4, LARGEST_TWO, LARGEST_ONE, FREEDOM)
    return tuple(Limit(rule, limit) for rule, limit in zip(RULES, held, strict=True))


def key(effect: Effect) -> Key:
    """What no other effect of an answer has."""
    return effect.design, effect.arm, effect.target, effect.cell


def counted(answer: Answer) -> tuple[Counted, ...]:
    """Every exact effect that its checks let open, with what stands behind it and the verdict of every rule."""
    sides = {one.family: one for one in answer.behind}
    place = {
        (estimates.design, family.arm, family.target, cell): (family, i)
        for estimates in answer.estimates
        for family in estimates.families
        for i, cell in enumerate(family.cells)
    }
    found = ((effect, place.get(key(effect)) or place.get(_own_month(effect))) for effect in answer.effects)
    return tuple(
        _counted(effect, _At(*at, sides.get(at[0].name)), answer) for effect, at in found if at and effect.opened
    )


def reason(one: Counted) -> str:
    """Why the door closes a cell; "" where it breaks no rule."""
    return next((CLOSES[rule] for rule in one.failed), "")


def broken(rows: tuple[Counted, ...]) -> Mapping[Key, str]:
    """The cells that break a rule, and why each is closed."""
    return {key(one.effect): reason(one) for one in rows if one.failed}


def _own_month(effect: Effect) -> Key:
    """The cell of the last month that a number over months rests on."""
    return effect.design, effect.arm, effect.target, replace(effect.cell, measure="at")


@dataclass(frozen=True, eq=False)
class _At:
    """Where an effect stands: its family, which of its cells, and the sides that were counted again (None: not)."""

    family: Family
    index: int
    sides: Sides | None

    def months(self, over: bool) -> list[int]:
        """The cells that a number rests on: its own, and for one ``over`` months the earlier ones too."""
        return list(range(self.index + 1)) if over else [self.index]


def _counted(effect: Effect, at: _At, answer: Answer) -> Counted:
    with_, without = Behind(), Behind()
    if at.sides is not None:
        with_, without = _side(at.sides.arm, at.index), _side(at.sides.other, at.index)
    made = Counted(effect, effect.n, effect.n_without, with_, without, at.family.clusters, at.family.df, ())
    return replace(made, verdicts=tuple(_verdicts(made, at, answer)))


def _side(side: Side, i: int) -> Behind:
    """One side of one cell."""
    persons, events, others = (int(column[i]) for column in (side.persons, side.events, side.others))
    largest, second = float(side.largest[i]), float(side.second[i])
    if isnan(largest):
        return Behind(persons, events, others)
    return Behind(persons, events, others, largest + second, _left(largest, second))


def _left(largest: float, second: float) -> float:
    """What is left of a total without the two largest, as a share of the largest."""
    return max(1.0 - largest - second, 0.0) / largest


def _verdicts(one: Counted, at: _At, answer: Answer) -> Iterator[tuple[str, bool]]:
    """The verdict of each rule that applies, in the order of RULES. Of two counts either may break a rule."""
    effect, both, least = one.effect, (one.with_, one.without), answer.threshold
    over = effect.cell.measure in OVER_MONTHS
    happens, amount = _kind(effect, answer.question)
    persons = [n for n in (one.n, one.n_without, *(side.persons for side in both)) if n is not None]
    yield "persons", all(n >= least for n in persons)
    if (happens or amount) and not over:
        events = [side.events for side in both if side.events is not None]
        yield "events", all(n >= least for n in (*events, float(at.family.events[at.index])))
    if happens and not over and effect.cell.measure not in OF_WORKERS:
        yield "others", all(side.others is None or side.others >= least for side in both)
    yield "levels", smallest(effect, answer.question, least) >= 0
    if amount and at.sides is not None and effect.cell.measure != "break_even":  # that is a month, and no amount
        found = [_side(side, i) for side in (at.sides.arm, at.sides.other) for i in at.months(over)]
        yield "largest_two", all(side.largest_two is None or side.largest_two < LARGEST_TWO for side in found)
        yield "largest_one", all(side.largest_one is None or side.largest_one >= LARGEST_ONE for side in found)
    if effect.std_error is not None:
        yield "freedom", bool(np.isfinite(at.family.df)) and at.family.df >= FREEDOM


def _kind(effect: Effect, question: Question) -> tuple[bool, bool]:
    """Whether it counts who something happens to, and whether it is an amount of which one person can have most."""
    kind = question.outcome(effect.cell.outcome).kind
    if effect.cell.measure in ("started_later", "always_workers"):
        return True, False
    return kind in BINARY, kind in AMOUNTS
