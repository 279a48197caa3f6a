"""With and without: two levels over time, named at the line's end, from zero."""

from __future__ import annotations

from collections.abc import Iterator

from watwerkt.report import names
from watwerkt.report.charts.axes import axes, during, during_name, invented
from watwerkt.report.charts.canvas import dot, path, text
from watwerkt.report.charts.drawing import Drawing, month
from watwerkt.report.charts.frame import Box, Places
from watwerkt.report.shown import Shown
from watwerkt.report.unit import cell_text


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
    higher = min(ys, key=lambda n: ys[n])
    for name, form, css in (("level", "with", "c-a"), ("level_without", "without", "c-s")):
        number = cell_text(shown.unit, shown.shown(name), d.lang, shown.fine)
        words = f"{number} {names.comparison(d.look.dossier, last, d.lang, form)}"
        if d.narrow:
            found = places.label(words, (x - 4, ys[name]), 13)
            if found:
                yield text(f"{css} halo", found[0], words, found[1])
            continue
        apart = max(0.0, 18 - abs(ys["level"] - ys["level_without"])) / 2
        yield text(css, (f.right + 14, ys[name] + 5 + (-apart if name == higher else apart)), words)
