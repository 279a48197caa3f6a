"""A picture on its own: the path of one arm on one outcome, or its interval where there is no time."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

from watwerkt.dossier import Dossier
from watwerkt.errors import DossierError
from watwerkt.report import alt
from watwerkt.report.charts import bounds, interval, levels, path
from watwerkt.report.charts.canvas import svg
from watwerkt.report.charts.drawing import Drawing
from watwerkt.report.chosen import Look, look

NAMESPACE = "http://www.w3.org/2000/svg"  # a name, never loaded: a picture in a file of its own needs it

View = Literal["difference", "levels", "total"]


def picture(dossier: Dossier, outcome: str, arm: str = "", lang: str = "en", narrow: bool = False) -> str:
    """The difference on one outcome as SVG, with its own colours inside. The first arm unless one is named."""
    chosen = look(dossier, arm or dossier.question.treatments[0].name, outcome)
    if not chosen.path:
        raise DossierError(where=f"{arm} on {outcome}", because="there is no such effect to draw")
    drawn = draw(chosen, "difference", lang, narrow)
    alone = drawn.replace("<svg ", f'<svg xmlns="{NAMESPACE}" ', 1)
    return alone.replace(">", f"><style>{style()}</style>", 1)


def draw(chosen: Look, view: View, lang: str, narrow: bool) -> str:
    """One drawing as SVG, with the words for who cannot see it."""
    effects = chosen.of("total") if view == "total" else chosen.path
    d = Drawing(chosen, effects, lang, narrow, levels=view == "levels")
    css = "narrow" if narrow else "wide"
    words = alt.of(chosen, view, lang)
    if len(effects) == 1:
        return svg(css, interval.size(d), words, interval.marks(d))
    if not d.opened:
        return svg(css, d.frame.size, words, path.closed_marks(d))
    if bounds.is_bounds(d):
        return svg(css, d.frame.size, words, bounds.marks(d))
    marks = levels.marks(d) if view == "levels" else path.marks(d)
    return svg(css, d.frame.size, words, marks)


@cache
def style() -> str:
    """The rules that a picture needs, without comments: the same as a page has."""
    return files("watwerkt.report").joinpath("components/chart.css").read_text(encoding="utf-8")
