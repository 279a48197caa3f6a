"""What a number of an outcome counts, and to which step it is rounded for a reader.

One rule (UX 0): whole people per 100 in a sentence, one decimal in chart and table; months of work to halves, weeks
whole; money to € 50, finer where its error is small and coarser where it is large; everything else by its error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from watwerkt import vocabulary
from watwerkt.dossier import Cell, Dossier
from watwerkt.report.numbers import MINUS, NBSP, digit, ladder, nearest, places, written
from watwerkt.report.words import catalogue, text

SHARES = ("employed", "employed_at", "on_benefit")
MONEY = re.compile(r"^(?:(thousand)s? (?:of )?)?(EUR|USD|GBP)(?: an? (\w+))?$")
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
TENTH, HUNDRED, FIFTY, HALF, WHOLE = (Decimal(s) for s in ("0.1", "100", "50", "0.5", "1"))

Kind = Literal["per100", "money", "periods", "date", "plain"]


@dataclass(frozen=True)
class Unit:
    """``factor`` turns the dossier's number into the reader's; ``per`` is what money is paid for."""

    kind: Kind
    factor: Decimal = WHOLE
    symbol: str = ""
    per: str = ""
    word: str = ""
    period: str = "month"

    def said(self, value: float | Decimal, std_error: float | None, end: int = 0) -> Decimal:
        """The reader's number as a sentence has it; ``end`` −1 or +1 for the low or high end of a range."""
        return nearest(self._scaled(value), self.coarse(std_error), end)

    def shown(self, value: float | Decimal, std_error: float | None) -> Decimal:
        """The reader's number as chart and table have it."""
        return nearest(self._scaled(value), self.fine(std_error))

    def _scaled(self, value: float | Decimal) -> Decimal:
        number = value if isinstance(value, Decimal) else Decimal(repr(value))
        return number * self.factor

    def coarse(self, std_error: float | None) -> Decimal:
        """The step of a number in a sentence."""
        if self.kind in ("per100", "date"):
            return WHOLE
        if self.kind == "periods":
            return HALF if self.period == "month" else WHOLE
        error = self._scaled(std_error) if std_error else None
        if self.kind == "money":
            return WHOLE if error is None else max(ladder(error / 2), min(FIFTY, ladder(error * 2)))
        return digit(error / 2, 1) if error is not None else Decimal("0.01")

    def fine(self, std_error: float | None) -> Decimal:
        """The step of a number in chart and table."""
        if self.kind in ("per100", "periods"):
            return TENTH
        if self.kind == "date":
            return WHOLE
        error = self._scaled(std_error) if std_error else None
        if error is None:
            return WHOLE if self.kind == "money" else Decimal("0.001")
        return max(digit(error, 2), Decimal("0.01")) if self.kind == "money" else digit(error, 2)


def unit_of(dossier: Dossier, cell: Cell) -> Unit:
    """The unit of a cell's number; one without a word when the question names none (``Shown`` refuses it)."""
    outcome = dossier.question.outcome(cell.outcome)
    period = dossier.question.time.period
    if cell.measure == "break_even":
        return Unit("date", period=period)
    if cell.measure in ("started_later", "always_workers"):
        return Unit("per100", HUNDRED, period=period)
    if outcome.kind in SHARES:
        return Unit("periods", period=period) if cell.measure == "total" else Unit("per100", HUNDRED, period=period)
    name = outcome.unit or vocabulary.load("outcomes")[outcome.kind].unit
    found = MONEY.match(name)
    if not found:
        return Unit("plain", word=name, period=period)
    thousand, currency, per = found.groups()
    return Unit(
        "money",
        Decimal(1000) if thousand else WHOLE,
        SYMBOLS[currency],
        "" if cell.measure == "total" else per or "",
        period=period,
    )


def bare(unit: Unit, value: Decimal, lang: str, step: Decimal, signed: bool = False) -> str:
    """The number with its sign of money, without its unit's words: "4", "€ 150", "2,5"."""
    whole = unit.kind in ("per100", "periods", "date") and value % 1 == 0
    return _written(unit, value, lang, 0 if whole else _decimals(unit, step), signed)


def cell_text(unit: Unit, value: Decimal, lang: str, step: Decimal, signed: bool = False) -> str:
    """A number in a table: all decimals of its step, so that columns line up; zero is 0."""
    return _written(unit, value, lang, _decimals(unit, step), signed)


def _written(unit: Unit, value: Decimal, lang: str, decimals: int, signed: bool) -> str:
    number = written(abs(value), lang, decimals)
    sign = MINUS if value < 0 else "+" if signed and value > 0 else ""
    gap = NBSP if lang == "nl" and unit.symbol else ""
    return f"{sign}{unit.symbol}{gap}{number}"


def _decimals(unit: Unit, step: Decimal) -> int:
    """Money has none or two."""
    return (2 if step < 1 else 0) if unit.kind == "money" else places(step)


def amount(unit: Unit, value: Decimal, lang: str, step: Decimal) -> str:
    """The number with its unit's words, for a sentence: "4", "2,5 maanden", "€ 150 per maand", "0,2 punten"."""
    number = bare(unit, value, lang, step)
    words = unit_words(unit, value, lang)
    return f"{number}{NBSP if unit.kind != 'money' else ' '}{words}" if words else number


def unit_words(unit: Unit, value: Decimal, lang: str) -> str:
    """The words behind a number: "maanden", "per maand", "punten"."""
    if unit.kind == "periods":
        one = abs(value) == 1 or (lang == "nl" and 0 < abs(value) < 1)
        return text(f"period.{unit.period}.{'one' if one else 'many'}", lang)
    if unit.kind == "money":
        return text(f"per.{unit.per}", lang) if unit.per else ""
    return unit_name(unit.word, lang) if unit.kind == "plain" else ""


def unit_name(word: str, lang: str) -> str:
    """A unit's name; the question's own word where the catalogue does not know it."""
    key = "unit." + re.sub(r"\W+", "_", word)
    return text(key, lang) if key in catalogue() else word
