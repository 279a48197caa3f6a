"""One rounding, at the door, so that what is suppressed cannot be computed from digits (DESIGN, what leaks)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from watwerkt.dossier import Check, Effect, Exclusions, Facts, Step
from watwerkt.dossier.verify import decimals

COUNTS_TO = 5


def count(value: int | None) -> int | None:
    """A count to the nearest 5."""
    return None if value is None else COUNTS_TO * round(float(value) / COUNTS_TO)


def digits(value: float | None, significant: int = 3) -> float | None:
    """A number to so many significant digits."""
    if value is None or value == 0:
        return value if value is None else 0.0
    return round(float(value), significant - 1 - Decimal(repr(float(value))).adjusted())


def effect(exact: Effect) -> Effect:
    """An effect to two digits of its standard error; level_without to the same digit; level = their sum.

    A break-even is whole periods already; its counts are rounded like any other's.
    """
    counted = replace(exact, n=count(exact.n), n_without=count(exact.n_without))
    if exact.estimate is None or not exact.std_error or exact.cell.measure == "break_even":
        return counted
    places = decimals(round(exact.std_error, decimals(exact.std_error)))  # 996 is published as 1,000: one place fewer
    names = ("estimate", "std_error", "low", "high", "band_low", "band_high", "level_without")
    rounded: dict[str, Any] = {name: _round(getattr(exact, name), places) for name in names}
    without, estimate = rounded["level_without"], rounded["estimate"]
    level = None if without is None or exact.level is None or estimate is None else _round(without + estimate, places)
    return replace(counted, **rounded, level=level)


def _round(value: float | None, places: int) -> float | None:
    return None if value is None else round(float(value), places) + 0.0


def check(exact: Check) -> Check:
    """A check's numbers to three digits."""
    names = ("statistic", "threshold", "level", "detectable")
    rounded: dict[str, Any] = {name: digits(getattr(exact, name)) for name in names}
    return replace(exact, **rounded)


def exclusions(exact: Exclusions) -> Exclusions:
    """Rows left, to the nearest 5: what each step set aside still adds up."""
    return Exclusions(tuple(Step(s.reason, s.arm, count(s.left) or 0) for s in exact.steps))


def facts(exact: Facts) -> Facts:
    """Facts with counts to 5 and three digits elsewhere."""
    arms = tuple(
        replace(
            arm,
            n=count(arm.n),
            effective=None if arm.effective is None else float(count(round(arm.effective)) or 0),
            planned=digits(arm.planned),
            wait_days=digits(arm.wait_days),
            never_started=digits(arm.never_started, 2),
            detectable=digits(arm.detectable, 2),
        )
        for arm in exact.arms
    )
    return replace(
        exact,
        arms=arms,
        claims=tuple(replace(c, adjusted_p=round(c.adjusted_p, 3)) for c in exact.claims),
        bands=tuple(
            replace(b, critical=round(b.critical, 3), mc_error=digits(b.mc_error, 1) or 0.0) for b in exact.bands
        ),
        missing=tuple(replace(m, rows=count(m.rows) or 0) for m in exact.missing),
        got=tuple(
            replace(g, share=round(g.share, 2), n=count(g.n) or 0, n_rest=count(g.n_rest) or 0) for g in exact.got
        ),
    )
