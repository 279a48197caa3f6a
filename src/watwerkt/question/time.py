"""Whether the clock of a question makes sense: horizon, lock-in and the primary cell."""

from __future__ import annotations

from collections.abc import Iterator

from watwerkt.question.problem import Problem, nearest
from watwerkt.question.written import OutcomePart, PrimaryPart, TimePart, Written

EACH_MONTH = "each month"
PERIODS = ("month", "week")
_NO_WAGE = "is a wage, which only who works has, so that nothing can be said to work by it"
LONGEST, LONGEST_SPELL = 600, 120  # months: fifty years after, ten years into a spell


def time(written: Written) -> Iterator[Problem]:
    """What is wrong with [time]."""
    part = written.time
    if part.period not in PERIODS:
        yield Problem(("time", "period"), f"'{part.period}' is not one of month, week{nearest(part.period, PERIODS)}")
    yield from _on_register(part) if written.table is None else _on_table(part)
    last = last_period(written)
    if part.lock_in is not None:
        yield from _lock_in(part.lock_in, last)
    if part.primary is not None:
        yield from _primary(part.primary, written)
    elif next(iter((written.outcomes or {}).values()), OutcomePart()).kind == "wage":
        yield Problem(("outcomes", next(iter(written.outcomes or {}))), f"{_NO_WAGE}: put another outcome first")


def last_period(written: Written) -> int | None:
    """The last period that is looked at, None where the question does not say."""
    if written.table is None:
        return written.time.horizon
    return max((o.periods[1] for o in (written.outcomes or {}).values() if o.periods), default=None)


def _on_register(part: TimePart) -> Iterator[Problem]:
    if part.zero not in (None, EACH_MONTH):
        yield Problem(("time", "zero"), f"'{part.zero}' is not known; the one clock there is: \"{EACH_MONTH}\"")
    if part.until is not None and not 1 <= part.until <= LONGEST_SPELL:
        yield Problem(("time", "until"), f"must be a number of months from 1 to {LONGEST_SPELL}")
    if part.horizon is None:
        yield Problem(("time", "horizon"), "is missing: say how many months people are followed")
    elif not 1 <= part.horizon <= LONGEST:
        yield Problem(("time", "horizon"), f"must be a number of months from 1 to {LONGEST}")
    if part.period == "week":
        yield Problem(("time", "period"), "must be month: a register is followed by month")


def _on_table(part: TimePart) -> Iterator[Problem]:
    for name in ("zero", "until", "horizon"):
        if getattr(part, name) is not None:
            yield Problem(("time", name), "belongs to a question on a register; the columns of a table say it")


def _lock_in(lock_in: tuple[int, int], last: int | None) -> Iterator[Problem]:
    if not 1 <= lock_in[0] <= lock_in[1]:
        yield Problem(("time", "lock_in"), "must be its first and its last period, from 1 on, in this order")
    elif last is not None and lock_in[1] > last:
        yield Problem(("time", "lock_in"), f"ends after the last period that is followed, {last}")


def _primary(primary: PrimaryPart, written: Written) -> Iterator[Problem]:
    path, outcomes = ("time", "primary"), written.outcomes or {}
    if not primary.outcome:
        yield Problem((*path, "outcome"), "is missing")
    elif primary.outcome not in outcomes:
        says = f"'{primary.outcome}' is not an outcome of this question{nearest(primary.outcome, outcomes)}"
        yield Problem((*path, "outcome"), says)
    elif outcomes[primary.outcome].kind == "wage":
        yield Problem((*path, "outcome"), f"'{primary.outcome}' {_NO_WAGE}: name another outcome")
    elif primary.month is not None:
        yield from _month(primary.month, outcomes[primary.outcome], written)


def _month(month: int, outcome: OutcomePart, written: Written) -> Iterator[Problem]:
    path = ("time", "primary", "month")
    if written.table is None:
        first, last = 1, written.time.horizon
    elif outcome.column:
        yield Problem(path, "is one too many: this outcome is one column, without time")
        return
    else:
        first, last = outcome.periods or (0, None)
    if month < first or (last is not None and month > last):
        until = "" if last is None else f" to {last}"
        yield Problem(path, f"{month} is not followed; there is {first}{until}")
