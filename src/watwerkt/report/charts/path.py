"""The path of a difference over time: line, graded pointwise band, dotted simultaneous outline, labels at the marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from watwerkt.dossier import Effect
from watwerkt.report import names
from watwerkt.report.charts.axes import axes, during, during_name, invented, time_axis
from watwerkt.report.charts.canvas import Point, dot, hatch, line, path, rect, text, wide_of
from watwerkt.report.charts.drawing import Drawing, month
from watwerkt.report.charts.frame import Box, Places
from watwerkt.report.phrases import range_lines, range_short, value_text
from watwerkt.report.rows import reason_name
from watwerkt.report.shown import Shown
from watwerkt.report.words import text as word

# Shares of the 95 % half width, from the normal quantiles .975, .9 and .75.
BANDS = (("b95", 1.0), ("b80", 0.6539), ("b50", 0.3441))


def marks(d: Drawing) -> list[str]:
    """All marks of a path, back to front."""
    f = d.frame
    places = Places(Box(f.left, f.top, f.size[0] if not d.narrow else f.right + 4, f.bottom), _band(d))
    places.take(Box(f.left, f.y(0) - 2, f.right, f.y(0) + 2))
    zero = line("zero", (f.left, f.y(0)), (f.right, f.y(0)))
    behind = [*during(d), *axes(d), *_bands(d), zero, *_lines(d), *gaps(d)]
    named = [*zero_name(d, places), *_end(d, places), *_low(d, places), *_crossing(d, places)]
    return [*behind, *named, *during_name(d, places), *_aid(d, places), *invented(d, places)]


def _band(d: Drawing) -> list[tuple[float, float, float]]:
    """What labels keep clear of, in pixels: the outline of the band, between its points too."""
    f, found = d.frame, []
    for run in d.runs():
        ends = [(f.x(month(e)), f.y(d.value(e, "band_high")), f.y(d.value(e, "band_low"))) for e in run]
        found += ends
        for a, b in pairwise(ends):
            steps = int((b[0] - a[0]) // 6)
            found += [
                tuple(a[i] + (b[i] - a[i]) * (k + 1) / (steps + 1) for i in range(3))  # type: ignore[misc]
                for k in range(steps)
            ]
    return found


def _points(d: Drawing, run: list[Effect], value: Callable[[Effect], float]) -> list[Point]:
    return [(d.frame.x(month(e)), d.frame.y(value(e))) for e in run]


def _bands(d: Drawing) -> Iterator[str]:
    for run in d.runs():
        for css, share in BANDS:

            def edge(e: Effect, name: str, share: float = share) -> float:
                middle = d.value(e, "estimate")
                return middle + (d.value(e, name) - middle) * share

            upper = _points(d, run, lambda e: edge(e, "high"))
            lower = _points(d, run, lambda e: edge(e, "low"))
            yield path(css, [*upper, *reversed(lower)], closed=True)
        banded = [e for e in run if e.band_low is not None and e.band_high is not None]
        if banded:
            yield path("outline", _points(d, banded, lambda e: d.value(e, "band_high")))
            yield path("outline", _points(d, banded, lambda e: d.value(e, "band_low")))


def _lines(d: Drawing) -> Iterator[str]:
    for run in d.runs():
        points = _points(d, run, lambda e: d.value(e, "estimate"))
        yield path("line", points) if len(points) > 1 else dot("dot", points[0], 4)


def gaps(d: Drawing) -> Iterator[str]:
    """Closed periods: a hatched stretch on the zero line."""
    closed = [month(e) for e in d.effects if e.estimate is None]
    f = d.frame
    for t in closed:
        yield hatch(max(f.x(t - 0.5), f.left), f.y(0) - 7, min(f.x(t + 0.5), f.right), f.y(0) + 7)


def _end(d: Drawing, places: Places) -> Iterator[str]:
    """The end point with its range: beside the plot, or inside it when narrow or when the path goes on."""
    end = d.look.end if not d.is_total else d.look.total
    if end is None or end.estimate is None:
        return
    f, shown = d.frame, Shown(d.look.dossier, end)
    at = (f.x(month(end)), f.y(d.value(end, "estimate")))
    yield dot("dot", at)
    last = month(end) == month(d.effects[-1])
    if d.narrow or not last:
        words = f"{value_text(shown, d.lang)} ({range_short(shown, d.lang)})"
        when = names.clock(month(end), d.unit.period, d.lang)
        yield from labelled(d, places, at, words if last else word("label.at", d.lang).format(x=words, when=when))
        return
    lines = [value_text(shown, d.lang, of=True), *range_lines(shown, d.lang)]
    y = beside(at[1], f.y(0), len(lines), above=d.value(end, "estimate") >= 0)
    yield text("c-a", (f.right + 14, y), lines[0])
    for i, words in enumerate(lines[1:], start=1):
        yield text("c-s", (f.right + 14, y + 18 * i), words)


def beside(y: float, zero: float, lines: int, above: bool) -> float:
    """The first baseline of a block of lines beside the end point, clear of the zero line's own name."""
    first = y - 9 * (lines - 1) + 5
    last = first + 18 * (lines - 1)
    if above and last > zero - 18:
        first -= last - (zero - 18)
    if not above and first < zero + 26:
        first = zero + 26
    return first


def zero_name(d: Drawing, places: Places) -> Iterator[str]:
    """What zero means, at the end of its line; inside the plot when narrow, where the band leaves room."""
    f, words = d.frame, word("no_difference", d.lang)
    if not d.narrow:
        places.take(Box(f.right + 10, f.y(0) - 10, f.size[0], f.y(0) + 9))
        yield text("c-b", (f.right + 14, f.y(0) + 5), words)
        return
    width = wide_of(words, 13, bold=True)
    steps = [f.right - 24 * i for i in range(int((f.right - f.left - width) // 24) + 1)]
    spots = [(right, y) for right in steps for y in (f.y(0) + 17, f.y(0) - 7)]
    free = [s for s in spots if places.free(Box(s[0] - width, s[1] - 12, s[0], s[1] + 3))]
    right, y = free[0] if free else spots[0]
    places.take(Box(right - width, y - 12, right, y + 3))
    yield text("c-b halo", (right, y), words, "end")


def _low(d: Drawing, places: Places) -> Iterator[str]:
    """The worst clear point, about; of a total its lowest one."""
    low = d.story.low if not d.is_total else _deepest(d)
    if low is None or not Shown(d.look.dossier, low).said("estimate"):
        return
    shown = Shown(d.look.dossier, low)
    at = (d.frame.x(month(low)), d.frame.y(d.value(low, "estimate")))
    when = names.clock(month(low), d.unit.period, d.lang)
    words = word("label.low", d.lang).format(x=value_text(shown, d.lang), when=when)
    yield dot("dot", at)
    yield from labelled(d, places, at, words)


def _deepest(d: Drawing) -> Effect | None:
    """The lowest point of a total, where it is clearly a loss and not its end."""
    sign = d.look.sign
    low = min(d.opened, key=lambda e: sign * (e.estimate or 0.0), default=None)
    if low is None or low is d.opened[-1] or low.band_low is None or low.band_high is None:
        return None
    return low if (low.band_high < 0 if sign > 0 else low.band_low > 0) else None


def labelled(d: Drawing, places: Places, at: Point, words: str) -> Iterator[str]:
    """Words near a mark with a thin line to it; nothing where there is no room: the text says it too."""
    found = places.label(words, at, 13 if d.narrow else 14)
    if found:
        yield _leader(at, found, words)
        yield dot("dot", at)
        yield text("c-a halo", found[0], words, found[1])


def _leader(at: Point, found: tuple[Point, str], words: str) -> str:
    """A thin line from a mark to the nearest edge of its label."""
    (x, y), anchor = found
    width = wide_of(words, 14, bold=True)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return line("lead-line", at, (min(max(at[0], left + 8), left + width - 8), y - 15 if y > at[1] else y + 5))


def _crossing(d: Drawing, places: Places) -> Iterator[str]:
    crossing = d.story.crossing
    if d.is_total or d.narrow or crossing is None:
        return
    words = word("label.crossing", d.lang).format(when=names.clock(crossing, d.unit.period, d.lang))
    at = (d.frame.x(crossing), d.frame.y(0))
    found = places.label(words, at)
    if found:
        yield _leader(at, found, words)
        yield text("c-t halo", found[0], words, found[1])


def _aid(d: Drawing, places: Places) -> Iterator[str]:
    """How to read the band, in an empty corner of the wide drawing of the difference."""
    if d.narrow or d.is_total or not any(e.band_low is not None for e in d.opened):
        return
    spot = places.corner(d.frame, 206.0, 112.0)
    if spot is None:
        return
    x, y = spot
    yield from _aid_marks(d, x, y)


def _aid_marks(d: Drawing, x: float, y: float) -> Iterator[str]:
    period = names.periods(1, d.unit.period, d.lang)
    yield text("c-b", (x, y + 14), word("aid.title", d.lang))
    top = y + 26
    for css, inset in (("b95", 12), ("b80", 22), ("b50", 30)):
        yield rect(css, (x, top + inset), 36, 80 - 2 * inset)
    yield line("outline", (x, top + 2), (x + 36, top + 2))
    yield line("outline", (x, top + 78), (x + 36, top + 78))
    yield line("line", (x, top + 40), (x + 36, top + 40))
    periods = names.periods(2, d.unit.period, d.lang)
    rows = (("aid.all", 6), ("aid.one", 24), ("aid.best", 45), ("aid.darker", 64))
    for key, dy in rows:
        css = "c-t" if key == "aid.best" else "c-s"
        yield text(css, (x + 46, top + dy), word(key, d.lang).format(period=period, periods=periods))


def closed_marks(d: Drawing) -> list[str]:
    """A path of which nothing may be seen: the whole axis hatched, and why. No value stands on it."""
    f = d.frame
    said = f"{word('closed.word', d.lang)}: {reason_name(d.effects[-1].reason, d.lang)}"
    return [
        *time_axis(d, titled=True),
        text("c-b", (0 if d.narrow else f.left, f.bottom - 36), said),
        hatch(f.left, f.bottom - 26, f.right, f.bottom),
        *invented(d, Places(Box(f.left, f.bottom, f.right, f.bottom))),
    ]
