"""With and without: two levels over time, named at the line's end, from zero."""

from __future__ import annotations

from collections.abc import Iterator

from watwerkt.report import names
from watwerkt.report.charts.axes import axes, during, during_name, invented
from watwerkt.report.charts.canvas import dot, path, text, wide_of
from watwerkt.report.charts.drawing import Drawing, month
from watwerkt.report.charts.frame import Box, Places
from watwerkt.report.shown import Shown
from watwerkt.report.unit import cell_text

CSS = {"level": "c-a", "level_without": "c-s"}
ROOM = 142.0  # pixels beside the plot


def marks(d: Drawing) -> list[str]:
    """All marks of the two lines, back to front."""
    f = d.frame
    band = [
        (f.x(month(e)), min(ys), max(ys))
        for e in d.opened
        for ys in [(f.y(d.value(e, "level")), f.y(d.value(e, "level_without")))]
    ]
    places = Places(Box(f.left, f.top, f.size[0] if not d.narrow else f.right + 4, f.bottom), band)
    named = [*_names(d, places), *during_name(d, places), *invented(d, places)]
    return [*during(d), *axes(d), *_lines(d), *named]


def _lines(d: Drawing) -> Iterator[str]:
    f = d.frame
    for run in d.runs():
        for css, name in (("without", "level_without"), ("line", "level")):
            points = [(f.x(month(e)), f.y(d.value(e, name))) for e in run]
            yield path(css, points) if len(points) > 1 else dot("dot", points[0], 4)


def _names(d: Drawing, places: Places) -> Iterator[str]:
    """The two levels at the end, by name."""
    f, last = d.frame, d.opened[-1]
    shown = Shown(d.look.dossier, last)
    x = f.x(month(last))
    ys = {name: f.y(d.value(last, name)) for name in ("level", "level_without")}
    yield dot("dot", (x, ys["level"]))
    said = {}
    for name, form in (("level", "with"), ("level_without", "without")):
        number = cell_text(shown.unit, shown.shown(name), d.lang, shown.fine)
        said[name] = (number, names.comparison(d.look.dossier, last, d.lang, form))
    if not d.narrow:
        yield from _beside(f.right + 14, ys, said)
        return
    for name, css in CSS.items():
        words = " ".join(said[name])
        found = places.label(words, (x - 4, ys[name]), 13)
        if found:
            yield text(f"{css} halo", found[0], words, found[1])


def _beside(x: float, ys: dict[str, float], said: dict[str, tuple[str, str]]) -> Iterator[str]:
    """Both names beside the plot, on one line each or on two, kept apart around their lines."""
    long = any(wide_of(" ".join(words), 14, bold=True) > ROOM for words in said.values())
    height = 36 if long else 18
    upper, lower = sorted(ys, key=lambda n: ys[n])
    push = max(0.0, height - (ys[lower] - ys[upper])) / 2
    for name, shift in ((upper, -push), (lower, push)):
        y, css = ys[name] + 5 + shift, CSS[name]
        if long:
            yield text(css, (x, y - 9), said[name][0])
            yield text("c-s", (x, y + 8), said[name][1])
        else:
            yield text(css, (x, y), " ".join(said[name]))
