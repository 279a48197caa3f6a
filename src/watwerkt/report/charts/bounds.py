"""Two bounds over time: a line each, what lies between them shaded, and the interval for the number as a band."""

from __future__ import annotations

from collections.abc import Iterator

from watwerkt.dossier import Effect
from watwerkt.report import names
from watwerkt.report.charts.axes import axes, during, during_name, invented
from watwerkt.report.charts.canvas import dot, line, path, rect, text
from watwerkt.report.charts.drawing import Drawing, month
from watwerkt.report.charts.frame import Box, Frame, Places
from watwerkt.report.charts.path import beside, gaps, labelled, zero_name
from watwerkt.report.phrases import value_text
from watwerkt.report.shown import Shown
from watwerkt.report.words import text as word


def is_bounds(d: Drawing) -> bool:
    """Whether it is a wage between two bounds."""
    return d.effects[0].cell.measure == "bound_low"


def upper(d: Drawing, effect: Effect) -> float:
    """The upper bound in the reader's unit; the lower one where it stands alone."""
    other = Shown(d.look.dossier, effect).upper
    return d.value(other.effect if other is not None else effect, "estimate")


def marks(d: Drawing) -> list[str]:
    """All marks, back to front."""
    f = d.frame
    band = [(f.x(month(e)), f.y(d.value(e, "high")), f.y(d.value(e, "low"))) for e in d.opened]
    places = Places(Box(f.left, f.top, f.size[0] if not d.narrow else f.right + 4, f.bottom), band)
    places.take(Box(f.left, f.y(0) - 2, f.right, f.y(0) + 2))
    zero = line("zero", (f.left, f.y(0)), (f.right, f.y(0)))
    behind = [*during(d), *axes(d), *_areas(d), zero, *_lines(d), *gaps(d)]
    named = [*zero_name(d, places), *_end(d, places)]
    return [*behind, *named, *during_name(d, places), *_aid(d, places), *invented(d, places)]


def _areas(d: Drawing) -> Iterator[str]:
    """The interval, and between the bounds a darker stretch."""
    for run in d.runs():
        x = [d.frame.x(month(e)) for e in run]
        for css, lows, highs in (
            ("b95", [d.value(e, "low") for e in run], [d.value(e, "high") for e in run]),
            ("b80", [d.value(e, "estimate") for e in run], [upper(d, e) for e in run]),
        ):
            top, bottom = ([(a, d.frame.y(v)) for a, v in zip(x, values, strict=True)] for values in (highs, lows))
            yield path(css, [*top, *reversed(bottom)], closed=True)


def _lines(d: Drawing) -> Iterator[str]:
    for run in d.runs():
        for values in ([d.value(e, "estimate") for e in run], [upper(d, e) for e in run]):
            points = [(d.frame.x(month(e)), d.frame.y(v)) for e, v in zip(run, values, strict=True)]
            yield path("line", points) if len(points) > 1 else dot("dot", points[0], 4)


def _end(d: Drawing, places: Places) -> Iterator[str]:
    """Both bounds at the end in words: beside the plot, or inside it when narrow."""
    end = d.look.end
    if end is None or end.estimate is None:
        return
    f, words = d.frame, value_text(Shown(d.look.dossier, end), d.lang)
    low, high = d.value(end, "estimate"), upper(d, end)
    x, middle = f.x(month(end)), (low + high) / 2
    yield dot("dot", (x, f.y(low)))
    yield dot("dot", (x, f.y(high)))
    last = month(end) == month(d.effects[-1])
    if d.narrow or not last:
        when = names.clock(month(end), d.unit.period, d.lang)
        said = words if last else word("label.at", d.lang).format(x=words, when=when)
        yield from labelled(d, places, (x, f.y(high)), said)
        return
    lines = broken(words, d.lang)
    y = beside(f.y(middle), f.y(0), len(lines), above=middle >= 0)
    for i, said in enumerate(lines):
        yield text("c-a", (f.right + 14, y + 18 * i), said)


def broken(words: str, lang: str) -> list[str]:
    """Words beside the plot on two lines: the second begins with "and"."""
    first, mark, rest = words.partition(f" {word('list.and', lang)} ")
    return [first, f"{mark.strip()} {rest}"] if rest else [words]


def _aid(d: Drawing, places: Places) -> Iterator[str]:
    """How to read it, in an empty corner of the wide drawing."""
    if d.narrow:
        return
    spot = places.corner(d.frame, 214.0, 92.0)
    if spot is None:
        return
    x, y = spot
    yield text("c-b", (x, y + 14), word("aid.title", d.lang))
    yield rect("b95", (x, y + 26), 36, 60)
    yield rect("b80", (x, y + 44), 36, 24)
    yield line("line", (x, y + 44), (x + 36, y + 44))
    yield line("line", (x, y + 68), (x + 36, y + 68))
    for key, dy in (("aid.chance", 38), ("aid.bounds", 60)):
        yield text("c-s", (x + 46, y + dy), word(key, d.lang))


def at_one_moment(d: Drawing, f: Frame, effect: Effect) -> Iterator[str]:
    """Without a path: the interval as a bar, the bounds as its darker part between two points."""
    y, low, high = 92.0, d.value(effect, "estimate"), upper(d, effect)
    ends = d.value(effect, "low"), d.value(effect, "high")
    for css, (a, b) in (("b95", ends), ("b80", (low, high))):
        yield rect(css, (f.x(a), y - 13), f.x(b) - f.x(a), 26)
    yield line("whisker", (f.x(ends[0]), y), (f.x(ends[1]), y))
    yield line("zero", (f.x(0), f.top - 8), (f.x(0), f.bottom + 4))
    for value in (low, high):
        yield dot("dot", (f.x(value), y), 6.5)
