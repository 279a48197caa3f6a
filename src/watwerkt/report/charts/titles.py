"""The title of a picture: what one unit is, on one line or two."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from watwerkt.report import names
from watwerkt.report.charts.canvas import wide_of
from watwerkt.report.unit import SHARES, unit_words
from watwerkt.report.words import capital
from watwerkt.report.words import text as word

if TYPE_CHECKING:
    from watwerkt.report.charts.drawing import Drawing

ROOM = 322.0  # pixels for a title in the narrow shape


def title(d: Drawing) -> str:
    """What one unit of the y-axis is, never the method."""
    outcome, lang = d.look.outcome, d.lang
    stem = "total" if d.is_total else "levels" if d.levels else "difference"
    name = names.outcome_name(outcome, lang)
    name = capital(name) if d.levels else name
    kind = outcome.kind if outcome.kind in SHARES else "level"
    unit = f"{d.unit.symbol} {unit_words(d.unit, Decimal(2), lang)}".strip() if kind == "level" else ""
    return capital(word(f"title.{stem}.{kind}", lang)).format(
        people=names.of_whom(d.look.dossier, d.effects[0], lang),
        outcome=name,
        unit=unit,
        units=names.periods(2, d.unit.period, lang),
        start=start(d),
    )


def title_lines(d: Drawing) -> list[str]:
    """The title, on two lines where the drawing is too narrow for it."""
    words = title(d).split(" ")
    whole = " ".join(words)
    if not d.narrow or wide_of(whole, 13) < ROOM:
        return [whole]
    cut = next(i for i in range(len(words), 0, -1) if wide_of(" ".join(words[:i]), 13) < ROOM)
    return [" ".join(words[:cut]), " ".join(words[cut:])]


def start(d: Drawing) -> str:
    """What time zero is called: the draw, or the start."""
    drawn = names.drawn_by_lot(d.effects[0].design)
    return word("start.drawn" if drawn else "start.begun", d.lang)
