"""An effect as one printed row: moment, level with, level without, difference, range. One decimal; the row adds up."""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt import vocabulary
from watwerkt.report import names
from watwerkt.report.shown import Shown
from watwerkt.report.unit import cell_text
from watwerkt.report.words import text


@dataclass(frozen=True)
class Row:
    """The cells of a printed row as texts; ``why`` instead of numbers where the effect is closed."""

    moment: str
    level: str = ""
    level_without: str = ""
    difference: str = ""
    between: str = ""
    why: str = ""


def row(shown: Shown, lang: str) -> Row:
    """One effect as a row."""
    effect = shown.effect
    moment = names.when(shown.dossier, effect, lang) if effect.cell.measure != "break_even" else ""
    if effect.estimate is None or effect.low is None or effect.high is None:
        return Row(moment, why=reason_name(effect.reason, lang))
    low, high = (cell_text(shown.unit, shown.shown(n), lang, shown.fine, signed=True) for n in ("low", "high"))
    difference = cell_text(shown.unit, shown.shown("estimate"), lang, shown.fine, signed=True)
    if shown.upper is not None:
        upper = cell_text(shown.unit, shown.upper.shown("estimate"), lang, shown.fine, signed=True)
        difference = text("row.between", lang).format(lo=difference, hi=upper) if upper != difference else difference
    with_levels = effect.level is not None and effect.level_without is not None
    return Row(
        moment,
        level=_unsigned(shown, "level", lang) if with_levels else "",
        level_without=_unsigned(shown, "level_without", lang) if with_levels else "",
        difference=difference,
        between=text("row.between", lang).format(lo=low, hi=high),
    )


def _unsigned(shown: Shown, name: str, lang: str) -> str:
    return cell_text(shown.unit, shown.shown(name), lang, shown.fine)


def reason_name(reason: str, lang: str) -> str:
    """The short name of a reason."""
    entry = vocabulary.load("reasons").get(reason)
    return entry.name(lang) if entry else reason.replace("_", " ")
