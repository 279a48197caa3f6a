"""The title of a picture: what one unit is, on one line or two."""

from __future__ import annotations

from decimal import Decimal

from watwerkt.dossier import Effect
from watwerkt.report import names
from watwerkt.report.charts.canvas import wide_of
from watwerkt.report.chosen import Look
from watwerkt.report.unit import SHARES, unit_of, unit_words
from watwerkt.report.words import capital
from watwerkt.report.words import text as word

ROOM = 322.0  # pixels for a title in the narrow shape


def title(look: Look, effect: Effect, lang: str, levels: bool = False) -> str:
    """What one unit of the axis is, never the method."""
    outcome, unit = look.outcome, unit_of(look.dossier, effect.cell)
    stem = "total" if effect.cell.measure == "total" else "levels" if levels else "difference"
    name = names.outcome_name(outcome, lang)
    kind = outcome.kind if outcome.kind in SHARES else "level"
    written = f"{unit.symbol} {unit_words(unit, Decimal(2), lang)}".strip() if kind == "level" else ""
    return capital(word(f"title.{stem}.{kind}", lang)).format(
        people=names.of_whom(look.dossier, effect, lang),
        outcome=capital(name) if levels else name,
        unit=written,
        units=names.periods(2, unit.period, lang),
        start=start(effect, lang),
    )


def broken(whole: str, narrow: bool) -> list[str]:
    """A title on two lines where the drawing is too narrow for it."""
    words = whole.split(" ")
    if not narrow or wide_of(whole, 13) < ROOM:
        return [whole]
    cut = next(i for i in range(len(words), 0, -1) if wide_of(" ".join(words[:i]), 13) < ROOM)
    return [" ".join(words[:cut]), " ".join(words[cut:])]


def start(effect: Effect, lang: str) -> str:
    """What time zero is called: the draw, or the start."""
    return word("start.drawn" if names.drawn_by_lot(effect.design) else "start.begun", lang)
