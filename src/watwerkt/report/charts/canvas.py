"""Marks of an SVG as text. Coordinates are written by Python, never by a locale: 12.5 and not 12,5."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

Point = tuple[float, float]


def xy(value: float) -> str:
    """A coordinate with one decimal, as short as it can be."""
    written = f"{value:.1f}".removesuffix(".0")
    return "0" if written in ("-0", "") else written


def line(css: str, start: Point, end: Point) -> str:
    """A straight line."""
    return f'<line class="{css}" x1="{xy(start[0])}" y1="{xy(start[1])}" x2="{xy(end[0])}" y2="{xy(end[1])}"/>'


def rect(css: str, corner: Point, width: float, height: float) -> str:
    """A rectangle from its upper left corner."""
    x, y = corner
    return f'<rect class="{css}" x="{xy(x)}" y="{xy(y)}" width="{xy(width)}" height="{xy(max(height, 0))}"/>'


def dot(css: str, at: Point, radius: float = 5) -> str:
    """A point."""
    return f'<circle class="{css}" cx="{xy(at[0])}" cy="{xy(at[1])}" r="{xy(radius)}"/>'


def text(css: str, at: Point, words: str, anchor: str = "start") -> str:
    """Words; ``anchor`` is start, middle or end."""
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text class="{css}" x="{xy(at[0])}" y="{xy(at[1])}"{side}>{escape(words, quote=False)}</text>'


def path(css: str, points: Sequence[Point], closed: bool = False) -> str:
    """A line through points, in small steps from rounded places so that nothing drifts."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    x0, y0 = tenths[0]
    steps = [f"M{xy(x0 / 10)},{xy(y0 / 10)}"]
    for (xa, ya), (xb, yb) in pairwise(tenths):
        steps.append(f"{xy((xb - xa) / 10)},{xy((yb - ya) / 10)}")
    drawn = steps[0] + ("l" + " ".join(steps[1:]) if steps[1:] else "h0")
    return f'<path class="{css}" d="{drawn}{"z" if closed else ""}"/>'


def hatch(left: float, top: float, right: float, bottom: float) -> str:
    """A box with lines at 45°, without a pattern and so without an id."""
    gap, height = 7.0, bottom - top
    lines = []
    start = left - height
    while start < right:
        a, b = max(start, left), min(start + height, right)
        lines.append(f"M{xy(a)},{xy(bottom - (a - start))}L{xy(b)},{xy(bottom - (b - start))}")
        start += gap
    box = f'<rect class="hatch-box" x="{xy(left)}" y="{xy(top)}" width="{xy(right - left)}" height="{xy(height)}"/>'
    return box + f'<path class="hatch-line" d="{"".join(lines)}"/>'


def svg(css: str, size: tuple[int, int], words: str, marks: Sequence[str]) -> str:
    """A whole picture with the sentence that says what it shows."""
    width, height = size
    label = escape(words, quote=True)
    return (
        f'<svg class="{css}" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{label}">{"".join(marks)}</svg>'
    )


def ornament(css: str, size: tuple[int, int], marks: Sequence[str]) -> str:
    """A picture whose words stand beside it: hidden from the ear."""
    width, height = size
    return (
        f'<svg class="{css}" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" aria-hidden="true">{"".join(marks)}</svg>'
    )


def wide_of(words: str, size: float = 14, bold: bool = False) -> float:
    """About how many pixels words take: enough to keep labels apart."""
    narrow = sum(c in " .,:;'()|ijltf\u00a0" for c in words)
    return (len(words) - narrow * 0.5) * size * (0.605 if bold else 0.58)
