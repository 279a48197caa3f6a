"""Several effects on one axis, a small picture each: bands, hairline, point; zero runs through them all."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from watwerkt.dossier import Effect
from watwerkt.report.charts.canvas import dot, hatch, line, ornament, rect, text, wide_of
from watwerkt.report.charts.frame import padded, ticks
from watwerkt.report.charts.path import BANDS
from watwerkt.report.unit import Unit, cell_text
from watwerkt.report.words import text as word

WIDTH, HEIGHT = 300, 52
LEFT, RIGHT = 14.0, 286.0


def axis(effects: Sequence[Effect], unit: Unit) -> tuple[float, float]:
    """The range of values that all strips share; zero is inside."""
    factor = float(unit.factor)
    seen = [0.0, *(float(v) * factor for e in effects for v in (e.low, e.high) if v is not None)]
    return padded(min(seen), max(seen), 0.06) if len(seen) > 1 else (-1.0, 1.0)


def _x(value: float, span: tuple[float, float]) -> float:
    return LEFT + (value - span[0]) / (span[1] - span[0]) * (RIGHT - LEFT)


def head(unit: Unit, span: tuple[float, float], lang: str) -> str:
    """The axis itself: its ends and zero."""
    marks = [line("lead-line", (LEFT, 20), (RIGHT, 20))]
    values = ticks(*span, about=4)
    step = values[1] - values[0] if len(values) > 1 else Decimal(1)
    for value in values:
        x = _x(float(value), span)
        words = cell_text(unit, value, lang, step, signed=True) if value else "0"
        half = wide_of(words, 12) / 2
        marks.append(line("lead-line", (x, 16), (x, 20)))
        marks.append(text("ax", (min(max(x, half), WIDTH - half), 12), words, "middle"))
    return ornament("strip-head", (WIDTH, 22), marks)


def strip(effect: Effect, unit: Unit, span: tuple[float, float], lang: str, synthetic: bool) -> str:
    """One effect; a hatched bar over the whole axis where it is closed."""
    middle, zero = HEIGHT / 2, _x(0, span)
    marks = [line("z", (zero, 0), (zero, HEIGHT))]
    if effect.estimate is None or effect.low is None or effect.high is None:
        marks.append(hatch(LEFT, middle - 7, RIGHT, middle + 7))
    else:
        marks += _interval(effect, unit, span, middle)
    if synthetic:
        x, anchor = (WIDTH - 2, "end") if zero < WIDTH / 2 else (2, "start")
        marks.append(text("fake", (x, HEIGHT - 3), word("invented.mark", lang), anchor))
    return ornament("strip", (WIDTH, HEIGHT), marks)


def _interval(effect: Effect, unit: Unit, span: tuple[float, float], y: float) -> list[str]:
    factor = float(unit.factor)
    estimate, low, high = (float(v or 0) * factor for v in (effect.estimate, effect.low, effect.high))
    marks = []
    for css, share in BANDS:
        a, b = (_x(estimate + (v - estimate) * share, span) for v in (low, high))
        marks.append(rect(css, (a, y - 7), b - a, 14))
    marks.append(line("whisker", (_x(low, span), y), (_x(high, span), y)))
    return [*marks, dot("dot", (_x(estimate, span), y), 5)]
