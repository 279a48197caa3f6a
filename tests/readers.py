"""An independent reader of what the report says: it knows the words and the rounding rule, and none of the code.

It reads a sentence, an alternative text or a printed row back to signed numbers in the reader's unit, and works out
from a dossier's own digits what those numbers should be. Written without importing ``watwerkt.report``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

LESS = {"minder", "lager", "fewer", "less", "lower"}
MORE = {"méér", "hoger", "more", "higher"}
DIRECTION = "|".join(sorted(LESS | MORE))
COMPARISON = "mensen in de vergelijkingsgroep|people in the comparison group"
EARLIEST = "tussen|between|op zijn vroegst in|op zijn vroegst|at the earliest"
SIGN = {"−": -1, "+": 1, "": 1}
BETWEEN = {"nl": (r"tussen", r"en"), "en": (r"between", r"and")}
DIGITS = {"nl": r"[€$£]?\s?\d[\d.]*(?:,\d+)?", "en": r"[€$£]?\d[\d,]*(?:\.\d+)?"}


@dataclass(frozen=True)
class Read:
    """What a text says: numbers as fractions, None where it says none."""

    invented: bool = False
    closed: bool = False
    estimate: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    month: int | None = None
    first: int | None = None
    unit: str = ""


def number(text: str, lang: str) -> Fraction:
    """A written number: € 1.200 or €1,200, 2,5 or 2.5."""
    bare = re.sub(r"[€$£\s]", "", text)
    bare = bare.replace(".", "").replace(",", ".") if lang == "nl" else bare.replace(",", "")
    return Fraction(bare)


# ---- sentences ---------------------------------------------------------------------------------------------------


def sentence(text: str, lang: str) -> Read:
    """One sentence about one effect, with its prefixes."""
    invented = text.startswith(("Verzonnen gegevens: ", "Invented data: "))
    month, first = _moment(text, lang)
    unit = next((mark for mark in "€$£" if mark in text), "")
    if re.search(r": (gesloten|closed)\. ", text):
        return Read(invented, closed=True, month=month)
    if re.search(r"achterstand|The loss |no loss", text):
        return _break_even(text, lang, invented)
    later = re.search(
        r"(?:waren|,) (\d+) (?:van elke|in every) 100 (?:mensen in de vergelijkingsgroep|people in the)", text
    )
    if later:
        return Read(invented, estimate=Fraction(later.group(1)), month=month)
    estimate, low, high = _difference(text, lang)
    return Read(invented, False, estimate, low, high, month, first, unit)


def alternative(text: str, lang: str) -> Read:
    """The alternative text of a picture: its first sentence is that of the end point."""
    close = text.find(")")
    stop = text.find(". ", close if close >= 0 and not re.search(r": (gesloten|closed)\. ", text) else 0)
    return sentence(text if stop < 0 or re.search(r": (gesloten|closed)\. ", text) else text[: stop + 1], lang)


def _moment(text: str, lang: str) -> tuple[int | None, int | None]:
    """The period of a sentence, and the first one where it speaks of several."""
    span = re.search(r"(?:over maand|over week|over months|over weeks) (\d+) (?:tot en met|to) (\d+)", text)
    if span:
        return int(span.group(2)), int(span.group(1))
    one = re.search(r"\b[Ii]n (?:maand|week|month) (\d+)(?: werken| hebben| is|,)", text)
    if one:
        return int(one.group(1)), int(one.group(1))
    found = re.search(r"\b(?:na|after|over|binnen|within) (\d+) (?:maand|week|weken|month)", text)
    return (int(found.group(1)), None) if found else (None, None)


def _difference(text: str, lang: str) -> tuple[Fraction, Fraction, Fraction]:
    opening, joining = BETWEEN[lang]
    one = rf"({DIGITS[lang]})(?:\s({DIRECTION}))?"
    found = re.search(rf"\({opening} {one} {joining} {one}\)", text)
    assert found, text
    before = text[: found.start()]
    same = re.search(rf"(?:het verschil is|the difference is) ({DIGITS[lang]})[^\d]*$", before)
    if same:
        estimate = number(same.group(1), lang)
        assert estimate == 0, text
    else:
        stated = re.findall(rf"({DIGITS[lang]})(?:\s[^\d()]*?)?\s?\b({DIRECTION})\b", before)
        assert stated, text
        estimate = number(stated[-1][0], lang) * (-1 if stated[-1][1] in LESS else 1)
    ends = [_end(found.group(i), found.group(i + 1), estimate, lang) for i in (1, 3)]
    return estimate, min(ends), max(ends)


def _end(digits: str, direction: str | None, estimate: Fraction, lang: str) -> Fraction:
    """One end of a range: on its own side where it says so, else on the estimate's."""
    value = number(digits, lang)
    if direction:
        return -value if direction in LESS else value
    assert estimate != 0 or value == 0, "a range across zero must say its sides"
    return -value if estimate < 0 else value


def _break_even(text: str, lang: str, invented: bool) -> Read:
    """Reached in a period, reached with an open end, not reached, or nothing to make good."""
    month, _ = _moment(text, lang)
    reached = re.search(r"(?:in) (?:maand|week|month) (\d+) \(", text)
    low = re.search(
        r"(?:tussen|between|op zijn vroegst in|op zijn vroegst|at the earliest) (?:maand|week|month) (\d+)", text
    )
    high = re.search(r"(?:tussen|between) (?:maand|week|month) \d+ (?:en|and) (\d+)", text)
    as_fraction = [Fraction(m.group(1)) if m else None for m in (reached, low, high)]
    return Read(invented, False, *as_fraction, month=month)


# ---- rows --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReadRow:
    """A printed row: level with, level without, difference, low, high."""

    level: Fraction | None
    level_without: Fraction | None
    difference: Fraction
    low: Fraction
    high: Fraction


def row(cells: dict[str, str], lang: str) -> ReadRow:
    """A printed row from its cells."""
    joining = {"nl": " tot ", "en": " to "}[lang]
    low, high = (signed(part, lang) for part in cells["between"].split(joining))
    levels = [signed(cells[n], lang) if cells[n] else None for n in ("level", "level_without")]
    return ReadRow(*levels, signed(cells["difference"], lang), low, high)


def signed(text: str, lang: str) -> Fraction:
    """A number with its sign in front: −€ 1.500, +3,5, 0."""
    mark = text[0] if text[0] in "−+" else ""
    return SIGN[mark] * number(text[len(mark) :], lang)


# ---- what the numbers should be: the rounding rule, worked out again ------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """How a number of the dossier is written: times ``factor``, to the nearest ``coarse`` or ``fine``, halves away; in
    a sentence the halves of a range's ends go outward."""

    factor: Fraction
    coarse: Fraction
    fine: Fraction

    def said(self, value: float) -> Fraction:
        """As a sentence has it."""
        return away(Fraction(Decimal(repr(value))) * self.factor, self.coarse)

    def low(self, value: float) -> Fraction:
        """The low end of a range in a sentence: a half goes down."""
        size = Fraction(Decimal(repr(value))) * self.factor / self.coarse
        return -((-size + Fraction(1, 2)).__floor__()) * self.coarse

    def high(self, value: float) -> Fraction:
        """The high end: a half goes up."""
        size = Fraction(Decimal(repr(value))) * self.factor / self.coarse
        return (size + Fraction(1, 2)).__floor__() * self.coarse

    def printed(self, value: float) -> Fraction:
        """As a table has it."""
        return away(Fraction(Decimal(repr(value))) * self.factor, self.fine)


def away(value: Fraction, step: Fraction) -> Fraction:
    """The nearest multiple of a step, halves away from zero."""
    size = abs(value) / step
    whole = size.numerator // size.denominator
    whole += size - whole >= Fraction(1, 2)
    return (whole if value >= 0 else -whole) * step


def rule(kind: str, measure: str, period: str, unit: str, std_error: float) -> Rule:
    """Whole people per 100, one decimal; halves of months, whole weeks; money to 50 or by its error, the rest by it."""
    one, tenth = Fraction(1), Fraction(1, 10)
    if measure == "break_even":
        return Rule(one, one, one)
    if measure == "started_later":
        return Rule(Fraction(100), one, tenth)
    if kind in ("employed", "employed_at", "on_benefit"):
        if measure == "total":
            return Rule(one, Fraction(1, 2) if period == "month" else one, tenth)
        return Rule(Fraction(100), one, tenth)
    factor = Fraction(1000) if unit.startswith("thousand") else one
    error = Fraction(Decimal(repr(std_error))) * factor
    if any(currency in unit for currency in ("EUR", "USD", "GBP")):
        coarse = max(ladder(error / 2), min(Fraction(50), ladder(error * 2)))
        return Rule(factor, coarse, max(power(error) / 10, Fraction(1, 100)))
    return Rule(factor, power(error / 2), power(error) / 10)


def power(size: Fraction) -> Fraction:
    """The largest power of ten that is at most a size."""
    found = Fraction(1)
    while found > size:
        found /= 10
    while found * 10 <= size:
        found *= 10
    return found


def ladder(size: Fraction) -> Fraction:
    """The largest of 1 or 5 times a power of ten that is at most a size."""
    return power(size) * (5 if power(size) * 5 <= size else 1)
