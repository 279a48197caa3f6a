"""Where things stand in a picture: scales, ticks, and places for labels that touch nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from watwerkt.report.charts.canvas import Point, wide_of

OFFSETS = (0, 14, -14, 30, -30, 60, -60, 100, -100, 150, -150)


@dataclass(frozen=True)
class Frame:
    """The plot inside a picture: pixels ``left … right``, ``top … bottom``; values ``first … last``, ``low … high``."""

    size: tuple[int, int]
    left: float
    right: float
    top: float
    bottom: float
    span: tuple[float, float]
    range: tuple[float, float]

    def x(self, t: float) -> float:
        """Pixels from the left of a moment."""
        first, last = self.span
        return self.left + (t - first) / ((last - first) or 1) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Pixels from the top of a value."""
        low, high = self.range
        return self.bottom - (value - low) / ((high - low) or 1) * (self.bottom - self.top)


def ticks(low: float, high: float, about: int = 6) -> tuple[Decimal, ...]:
    """Round values from low to high, at most ``about`` + 1 of them, zero among them where it lies inside."""
    step = round_step((high - low) / about)
    first = int(Decimal(repr(low)) // step) - 1
    multiples = (step * i for i in range(first, first + 3 * about + 5))
    return tuple(m + Decimal(0) for m in multiples if low <= float(m) <= high)


def round_step(least: float) -> Decimal:
    """The smallest of … 1, 2, 5, 10, 20, 50 … that is at least so large."""
    power = Decimal(10) ** Decimal(repr(least)).adjusted() if least > 0 else Decimal(1)
    for factor in (1, 2, 5, 10):
        if float(power * factor) >= least - 1e-12:
            return Decimal(format(power * factor, "f"))
    return power * 10


def padded(low: float, high: float, share: float = 0.05) -> tuple[float, float]:
    """A range with a little air, never empty."""
    air = (high - low) * share or 1.0
    return low - air, high + air


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def distance(self, point: Point) -> float:
        """Pixels from a point to the nearest edge."""
        across = max(self.left - point[0], 0.0, point[0] - self.right)
        down = max(self.top - point[1], 0.0, point[1] - self.bottom)
        return math.hypot(across, down)

    def meets(self, other: Box) -> bool:
        """Whether two boxes overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass
class Places:
    """Room for labels: boxes that are taken, and a band (pixels: x, top, bottom) that labels keep clear of."""

    bounds: Box
    band: Sequence[tuple[float, float, float]] = ()
    taken: list[Box] = field(default_factory=list)

    def edge(self, left: float, right: float) -> tuple[float, float]:
        """Top and bottom of the band between two places; the middle of the picture where there is no band."""
        inside = [(top, bottom) for x, top, bottom in self.band if left - 4 <= x <= right + 4]
        if not inside:
            middle = (self.bounds.top + self.bounds.bottom) / 2
            return middle, middle
        return min(t for t, _ in inside), max(b for _, b in inside)

    def free(self, box: Box) -> bool:
        """Whether a box lies inside the picture and touches neither a label nor the band."""
        inside = (
            box.left >= self.bounds.left
            and box.right <= self.bounds.right
            and box.top >= self.bounds.top
            and box.bottom <= self.bounds.bottom
        )
        return (
            inside
            and not any(box.meets(other) for other in self.taken)
            and not any(box.left <= x <= box.right and t < box.bottom and b > box.top for x, t, b in self.band)
        )

    def take(self, box: Box) -> None:
        """Keep a box for oneself."""
        self.taken.append(box)

    def corner(self, frame: Frame, width: float, height: float) -> Point | None:
        """The top left of a box of this size in an empty corner of a frame, kept; None if there is none."""
        corners = [(x, y) for y in (frame.bottom - height - 6, frame.top + 4)
                   for x in (frame.right - width - 6, frame.left + 120)]  # fmt: skip
        for x, y in corners:
            box = Box(x, y, x + width, y + height)
            if self.free(box):
                self.take(box)
                return x, y
        return None

    def label(self, words: str, near: Point, size: float = 14) -> tuple[Point, str] | None:
        """The free place for a label that is nearest to a mark, above or below the band; None if all is full."""
        width = wide_of(words, size, bold=True)
        free = [c for c in self._candidates(width, near[0], size) if self.free(c[2])]
        if not free:
            return None
        place, anchor, box = min(free, key=lambda c: c[2].distance(near))
        self.take(box)
        return place, anchor

    def _candidates(self, width: float, x: float, size: float) -> Iterator[tuple[Point, str, Box]]:
        for offset in OFFSETS:
            for anchor, left in (
                ("middle", x + offset - width / 2),
                ("start", x + offset),
                ("end", x + offset - width),
            ):
                top, bottom = self.edge(left, left + width)
                for y in (bottom + size + 6, bottom + size + 22, top - 8, top - 24):
                    yield (x + offset, y), anchor, Box(left - 2, y - size, left + width + 2, y + 4)
