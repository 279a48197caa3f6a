"""What is drawn: one path of effects in the reader's unit, in one language and one of two shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from watwerkt.dossier import Effect
from watwerkt.report.charts.canvas import wide_of
from watwerkt.report.charts.frame import Frame, padded, ticks
from watwerkt.report.charts.titles import broken, start, title
from watwerkt.report.chosen import Look
from watwerkt.report.story import Story, story
from watwerkt.report.unit import Unit, cell_text, unit_of

WIDE, NARROW = 800, 344


def month(effect: Effect) -> int:
    """The period of an effect with time."""
    return effect.cell.month or 0


@dataclass(frozen=True, eq=False)
class Drawing:
    """Effects of one measure in order of time. ``levels``: with and without in place of their difference."""

    look: Look
    effects: tuple[Effect, ...]
    lang: str
    narrow: bool = False
    levels: bool = False

    @property
    def is_total(self) -> bool:
        """Whether it is the path that adds up."""
        return self.effects[0].cell.measure == "total"

    @cached_property
    def unit(self) -> Unit:
        """What its numbers count."""
        return unit_of(self.look.dossier, self.effects[0].cell)

    @cached_property
    def opened(self) -> tuple[Effect, ...]:
        """The effects with numbers (and with levels, where levels are drawn)."""
        numbered = (e for e in self.effects if e.estimate is not None and e.low is not None and e.high is not None)
        return tuple(e for e in numbered if not self.levels or None not in (e.level, e.level_without))

    @cached_property
    def title(self) -> list[str]:
        """What one unit is, in lines."""
        return broken(title(self.look, self.effects[0], self.lang, self.levels), self.narrow)

    @property
    def start(self) -> str:
        """What time zero is called."""
        return start(self.effects[0], self.lang)

    @cached_property
    def story(self) -> Story:
        """What the difference does over time."""
        return story(self.look)

    def value(self, effect: Effect, name: str) -> float:
        """A number in the reader's unit; the pointwise range where there is no simultaneous one."""
        found = getattr(effect, name)
        if found is None:
            found = getattr(effect, name.removeprefix("band_"))
        return float(found) * float(self.unit.factor)

    def runs(self) -> Iterator[list[Effect]]:
        """Runs of neighbouring open effects: a closed period is a gap, never a line."""
        run: list[Effect] = []
        there = set(map(id, self.opened))
        for effect in self.effects:
            if id(effect) in there:
                run.append(effect)
            elif run:
                yield run
                run = []
        if run:
            yield run

    @cached_property
    def values(self) -> tuple[float, float]:
        """Lowest and highest value to be seen; zero is always inside."""
        names = ("level", "level_without") if self.levels else ("band_low", "band_high")
        seen = [0.0, *(self.value(e, name) for e in self.opened for name in names)]
        return min(seen), max(seen)

    @cached_property
    def ticks(self) -> tuple[Decimal, ...]:
        """Round values on the y-axis."""
        return ticks(*self.frame_range)

    @cached_property
    def frame_range(self) -> tuple[float, float]:
        """Values from the bottom to the top of the plot; levels of shares and money begin at zero."""
        low, high = padded(*self.values)
        return (0.0, high) if self.levels and self.values[0] >= 0 else (low, high)

    def tick(self, value: Decimal) -> str:
        """A value on the y-axis, with plus or minus where it is a difference."""
        step = self.ticks[1] - self.ticks[0] if len(self.ticks) > 1 else Decimal(1)
        return cell_text(self.unit, value, self.lang, step, signed=not self.levels) if value else "0"

    @cached_property
    def frame(self) -> Frame:
        """Where things stand."""
        widest = max((wide_of(self.tick(t), 13) for t in self.ticks), default=20.0)
        span = (0.0, float(month(self.effects[-1])))
        if not self.opened:
            size, right = ((NARROW, 168), 336) if self.narrow else ((WIDE, 148), 640)
            return Frame(size, 0 if self.narrow else 44, right, 24, size[1] - 46, span, (0.0, 1.0))
        if self.narrow:
            top = 26 + 17 * (len(self.title) - 1)
            height = 304 if self.is_total or self.levels else 392
            foot = 36 if self.is_total or self.levels else 82
            return Frame((NARROW, height), max(30, widest + 10), 336, top, height - foot, span, self.frame_range)
        height = 284 if self.is_total else 364 if self.levels else 424
        foot = 28 if self.is_total or self.levels else 68
        return Frame((WIDE, height), max(44, widest + 12), 640, 24, height - foot, span, self.frame_range)
