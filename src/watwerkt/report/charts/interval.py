"""An effect without time: one interval on one axis, with its zero line; or the two levels behind it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from watwerkt.dossier import Effect
from watwerkt.report import names
from watwerkt.report.charts.bounds import at_one_moment, is_bounds, upper
from watwerkt.report.charts.canvas import dot, hatch, line, rect, text, wide_of
from watwerkt.report.charts.drawing import NARROW, WIDE, Drawing
from watwerkt.report.charts.frame import Frame, padded, ticks
from watwerkt.report.charts.path import BANDS
from watwerkt.report.numbers import count
from watwerkt.report.phrases import range_short, value_text
from watwerkt.report.rows import reason_name
from watwerkt.report.shown import Shown
from watwerkt.report.unit import cell_text
from watwerkt.report.words import text as word

HEIGHT, LINE = 196, 17


def frame(d: Drawing) -> Frame:
    """Values run from left to right here: ``span`` holds them."""
    effect = d.effects[0]
    names_ = ("level", "level_without") if d.levels else ("low", "high")
    seen = [0.0] if effect.estimate is None else [0.0, *(d.value(effect, n) for n in names_)]
    low, high = padded(min(seen), max(seen), 0.12) if effect.estimate is not None else (-1.0, 1.0)
    low = 0.0 if d.levels and min(seen) >= 0 else low
    width = NARROW if d.narrow else WIDE
    return Frame((width, HEIGHT), 8, width - (8 if d.narrow else 150), 54, 134, (low, high), (0, 1))


def size(d: Drawing) -> tuple[int, int]:
    """Width and height: taller by a line where the title takes two."""
    return NARROW if d.narrow else WIDE, HEIGHT + LINE * (len(d.title) - 1)


def marks(d: Drawing) -> list[str]:
    """The interval with its labels and axis, below the title."""
    f, effect = frame(d), d.effects[0]
    head = [text("c-t", (0 if d.narrow else f.left, 13 + LINE * i), words) for i, words in enumerate(d.title)]
    if effect.estimate is None:
        said = f"{word('closed.word', d.lang)}: {reason_name(effect.reason, d.lang)}"
        body = [text("c-b", (f.left, 64), said), hatch(f.left, 82, f.right, 106), *_fake(d, f)]
    else:
        inner = _levels(d, f, effect) if d.levels else _interval(d, f, effect)
        body = [*_axis(d, f), *inner, *_people(d, f, effect), *_fake(d, f)]
    down = LINE * (len(d.title) - 1)
    return [*head, f'<g transform="translate(0 {down})">', *body, "</g>"] if down else [*head, *body]


def _axis(d: Drawing, f: Frame) -> Iterator[str]:
    marks_ = ticks(*f.span, about=3 if d.narrow else 6)
    step = marks_[1] - marks_[0] if len(marks_) > 1 else Decimal(1)
    for value in marks_:
        x = f.x(float(value))
        words = cell_text(d.unit, value, d.lang, step, signed=not d.levels) if value else "0"
        half = wide_of(words, 13) / 2
        x_text = min(max(x, half), f.size[0] - half)
        yield line("grid", (x, f.top - 8), (x, f.bottom))
        yield text("c-s", (x_text, f.bottom + 18), words, "middle")
    zero = f.x(0)
    yield line("zero", (zero, f.top - 8), (zero, f.bottom + 4))


def _interval(d: Drawing, f: Frame, effect: Effect) -> Iterator[str]:
    shown, middle, zero = Shown(d.look.dossier, effect), d.value(effect, "estimate"), f.x(0)
    if is_bounds(d):
        yield from at_one_moment(d, f, effect)
        middle, words = (middle + upper(d, effect)) / 2, value_text(shown, d.lang)
    else:
        yield from _bar(d, f, effect)
        words = f"{value_text(shown, d.lang)} ({range_short(shown, d.lang)})"
    yield text("c-a halo", _inside(f, f.x(middle), words, 71), words, "middle")
    name = word("no_difference", d.lang)
    yield text("c-b halo", _inside(f, zero, name, f.top - 14), name, "middle")


def _bar(d: Drawing, f: Frame, effect: Effect) -> Iterator[str]:
    """The graded interval, the zero line and the point."""
    y, middle = 92.0, d.value(effect, "estimate")
    for css, share in BANDS:
        low, high = (middle + (d.value(effect, n) - middle) * share for n in ("low", "high"))
        yield rect(css, (f.x(low), y - 13), f.x(high) - f.x(low), 26)
    yield line("whisker", (f.x(d.value(effect, "low")), y), (f.x(d.value(effect, "high")), y))
    yield line("zero", (f.x(0), f.top - 8), (f.x(0), f.bottom + 4))
    yield dot("dot", (f.x(middle), y), 6.5)


def _inside(f: Frame, x: float, words: str, y: float) -> tuple[float, float]:
    half = wide_of(words, 14, bold=True) / 2
    return min(max(x, half), f.size[0] - half), y


def _levels(d: Drawing, f: Frame, effect: Effect) -> Iterator[str]:
    shown = Shown(d.look.dossier, effect)
    for y, name, form in ((70.0, "level", "with"), (112.0, "level_without", "without")):
        if getattr(effect, name) is None:
            continue
        x = f.x(d.value(effect, name))
        number = cell_text(shown.unit, shown.shown(name), d.lang, shown.fine)
        words = f"{number} {names.comparison(d.look.dossier, effect, d.lang, form)}"
        yield line("line" if name == "level" else "without", (f.x(0), y), (x, y))
        yield dot("dot" if name == "level" else "dot-without", (x, y), 6)
        css = "c-a" if name == "level" else "c-s"
        if x + 12 + wide_of(words, 14) < f.size[0]:
            yield text(f"{css} halo", (x + 12, y + 5), words)
        else:
            yield text(f"{css} halo", (x, y - 12), words, "end")


def _people(d: Drawing, f: Frame, effect: Effect) -> Iterator[str]:
    n = (effect.n or 0) + (effect.n_without or 0)
    label = word("axis.followed", d.lang).format(people=names.people(d.look.dossier, d.lang))
    yield text("c-s", (f.left if not d.narrow else 0, HEIGHT - 10), f"{label} {count(n, d.lang)}")


def _fake(d: Drawing, f: Frame) -> Iterator[str]:
    if d.look.dossier.synthetic:
        yield text("fake", (f.size[0] - 4, HEIGHT - 10), word("invented.mark", d.lang), "end")
