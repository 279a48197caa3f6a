"""One rounding rule and one way to write a number, in Dutch and English.

Halves go away from zero, on the decimal digits that the dossier holds: what a reader computes by hand is what we print.
Minus is U+2212, spaces inside a number do not break, and zero has no decimals.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import format_decimal

MINUS, NBSP = "−", "\u00a0"
ONE, FIVE = Decimal(1), Decimal(5)
LOCALES = {"nl": "nl_NL", "en": "en_GB"}


def exact(value: float | int | Decimal) -> Decimal:
    """The decimal number that a float is written as."""
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def nearest(value: float | int | Decimal, step: Decimal, end: int = 0) -> Decimal:
    """The multiple of ``step`` nearest to a value, halves away from zero.

    At the low (−1) or high (+1) ``end`` of a range a half goes outward: the dossier has rounded once already, and a
    second rounding may not make a range narrower than it is.
    """
    number = exact(value) / step
    return number.quantize(ONE, ROUND_HALF_DOWN if end * number < 0 else ROUND_HALF_UP) * step + Decimal(0)


def ladder(size: Decimal) -> Decimal:
    """The largest of … 0.1, 0.5, 1, 5, 10, 50 … that is at most ``size`` (> 0)."""
    power = Decimal(10) ** size.adjusted()
    step = FIVE * power if FIVE * power <= size else power
    return Decimal(format(step, "f"))


def digit(size: Decimal, digits: int) -> Decimal:
    """The last of so many significant digits of ``size`` (> 0), as a step."""
    return Decimal(10) ** (size.adjusted() + 1 - digits)


def places(step: Decimal) -> int:
    """How many decimals a multiple of ``step`` has."""
    exponent = step.normalize().as_tuple().exponent
    return max(0, -int(exponent))


@cache
def written(value: Decimal, lang: str, decimals: int = 0, signed: bool = False) -> str:
    """A number for a reader: −1,5 or 1,200. ``signed`` writes the plus too."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    size = format_decimal(abs(value), format=pattern if value else "0", locale=LOCALES[lang]).replace(" ", NBSP)
    if value < 0:
        return MINUS + size
    return f"+{size}" if signed and value > 0 else size


def count(value: float | int, lang: str) -> str:
    """A count with its thousands."""
    return written(nearest(value, ONE), lang)


def significant(value: float, lang: str, digits: int = 3) -> str:
    """A number to so many digits, for statistics that have no unit of their own."""
    if not value:
        return "0"
    rounded = nearest(value, digit(abs(exact(value)), digits))
    return written(rounded, lang, 0 if rounded % 1 == 0 else places(rounded))


def bound(value: Decimal, step: Decimal, upper: bool) -> Decimal:
    """The multiple of ``step`` at or beyond a value: the end of an axis."""
    rounded = (value / step).quantize(ONE, ROUND_FLOOR)
    return (rounded + (1 if upper and rounded * step < value else 0)) * step
