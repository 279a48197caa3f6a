"""An effect in a few words, for a mark in a picture and for the facts on top of a page."""

from __future__ import annotations

from decimal import Decimal

from watwerkt.report import names
from watwerkt.report.sentences import apart, between, direction
from watwerkt.report.shown import Shown
from watwerkt.report.unit import bare, unit_words
from watwerkt.report.words import text as word


def value_text(shown: Shown, lang: str, of: bool = False) -> str:
    """A difference at a mark: "4 méér", with ``of`` "4 méér van de 100"."""
    if shown.upper is not None:
        return apart(shown, lang, units=False)
    said, unit = shown.said("estimate"), shown.unit
    number = bare(unit, abs(said), lang, shown.step)
    if unit.kind == "periods":
        number = f"{number} {names.periods(1 if abs(said) == 1 else 2, unit.period, lang)}"
    if said == Decimal(0):
        return word("label.same", lang)
    words = f"{number} {direction(unit, said, lang)}"
    return word("label.of_100", lang).format(x=words) if of and unit.kind == "per100" else words


def range_short(shown: Shown, lang: str) -> str:
    """The range in one piece: "1 tot 6", "−2 tot +6"."""
    low, high = shown.said("low"), shown.said("high")
    across = low < 0 < high or shown.said("estimate") == 0
    ends = (low, high) if across else sorted((abs(low), abs(high)))
    lo, hi = (bare(shown.unit, v, lang, shown.step, signed=across) for v in ends)
    return word("row.between", lang).format(lo=lo, hi=hi)


def range_lines(shown: Shown, lang: str) -> list[str]:
    """The range beside the plot: one line on one side of zero, two across it."""
    low, high = shown.said("low"), shown.said("high")
    if not (low < 0 < high or shown.said("estimate") == 0):
        lo, hi = (bare(shown.unit, v, lang, shown.step) for v in sorted((abs(low), abs(high))))
        whole = word("range.same_side", lang).format(lo=lo, hi=hi)
        return [whole] if len(whole) <= 21 else word("range.broken", lang).format(lo=lo, hi=hi).split("|")
    sides = [
        f"{bare(shown.unit, abs(v), lang, shown.step)} {direction(shown.unit, v, lang)}" if v else "0"
        for v in (low, high)
    ]
    return word("range.broken", lang).format(lo=sides[0], hi=sides[1]).split("|")


def between_text(shown: Shown, lang: str) -> str:
    """The range as a sentence has it: "tussen 1 en 6"."""
    return between(shown, lang)


def per(shown: Shown, lang: str) -> str:
    """What money is paid for, or a plain unit: "per maand", "punten"."""
    return unit_words(shown.unit, shown.said("estimate"), lang) if shown.unit.kind in ("money", "plain") else ""
