"""What happens along a path: its low point, where it crosses zero, and where the difference is clear.

*Clear* is a statement about many periods at once, so it comes from the simultaneous band alone (METHODS 3.2). The low
point is biased downwards, so it is said with "about" and with that band (3.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from watwerkt import vocabulary
from watwerkt.dossier import Effect
from watwerkt.report.chosen import Look

State = Literal["better", "worse", "little", "unclear", "closed"]


@dataclass(frozen=True)
class Spell:
    """A run of periods, first and last."""

    first: int
    last: int


@dataclass(frozen=True)
class Story:
    """Of one path. ``low``: the worst clear period before the end; ``crossing``: the first period after it at zero or
    better; ``loss`` and ``gain``: runs of periods in which the difference is clear; ``gain_from``: clear from then on.
    """

    low: Effect | None
    crossing: int | None
    loss: tuple[Spell, ...]
    gain: tuple[Spell, ...]
    gain_from: int | None

    @property
    def loss_first(self) -> Spell | None:
        """The longest clear loss, if it comes before any clear gain."""
        if not self.loss or (self.gain and self.gain[0].first < self.loss[0].first):
            return None
        return max(self.loss, key=lambda s: s.last - s.first)

    @property
    def gain_periods(self) -> int:
        """In how many periods there is clearly a gain."""
        return sum(s.last - s.first + 1 for s in self.gain)


def story(look: Look) -> Story:
    """The story of a path; empty where nothing is clear."""
    path = [e for e in look.path if e.reason == "" and e.cell.month is not None]
    loss = spells([_month(e) for e in path if _side(e, look.sign) < 0], look.moments)
    gain = spells([_month(e) for e in path if _side(e, look.sign) > 0], look.moments)
    low = _low(path, look.sign) if loss and path[-1:] != [_low(path, look.sign)] else None
    last = look.moments[-1] if look.moments else None
    crossing = next((_month(e) for e in path if low and _month(e) > _month(low) and _good(e, look.sign) >= 0), None)
    steady = gain[0].first if len(gain) == 1 and gain[0].last == last else None
    return Story(low, crossing, loss, gain, steady)


def spells(months: list[int], all_months: tuple[int, ...]) -> tuple[Spell, ...]:
    """Runs of neighbouring periods among those that were followed."""
    following = dict(pairwise(all_months))
    found: list[Spell] = []
    for month in months:
        if found and following.get(found[-1].last) == month:
            found[-1] = Spell(found[-1].first, month)
        else:
            found.append(Spell(month, month))
    return tuple(found)


def state(look: Look) -> State:
    """What the end point says. ``little``: its whole range lies within the smallest effect that matters."""
    end = look.end
    if end is None or not end.opened or end.low is None or end.high is None:
        return "closed"
    if end.low > 0 or end.high < 0:
        return "better" if (end.low > 0) == (look.sign > 0) else "worse"
    least = look.outcome.smallest_effect or vocabulary.load("outcomes")[look.outcome.kind].smallest_effect
    within = least is not None and max(abs(end.low), abs(end.high)) < least
    return "little" if within else "unclear"


def disagrees(look: Look) -> bool:
    """Whether the end point and the total clearly say opposite things: both are true, and both are shown."""
    total = look.total
    if total is None or total.low is None or total.high is None or not total.opened:
        return False
    bad = total.high < 0 if look.sign > 0 else total.low > 0
    good = total.low > 0 if look.sign > 0 else total.high < 0
    return (state(look) == "better" and bad) or (state(look) == "worse" and good)


def works(look: Look) -> bool | None:
    """Whether the dossier claims that the arm works, over all arms at once; None where it makes no claim."""
    claims = look.dossier.facts.claims
    return next((c.works for c in claims if c.arm == look.arm and c.target == look.target), None)


def _month(effect: Effect) -> int:
    return effect.cell.month or 0


def _good(effect: Effect, sign: int) -> float:
    return sign * (effect.estimate or 0.0)


def _side(effect: Effect, sign: int) -> int:
    """−1 clearly worse, +1 clearly better, 0 neither: by the simultaneous band."""
    if effect.band_low is None or effect.band_high is None:
        return 0
    return sign * ((effect.band_low > 0) - (effect.band_high < 0))


def _low(path: list[Effect], sign: int) -> Effect:
    return min(path, key=lambda e: _good(e, sign))
