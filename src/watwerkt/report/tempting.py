"""Tables that are known to be wrong, struck through, each with the sentence that says why. Of invented people only."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from watwerkt.dossier import Effect, Question, Tempting
from watwerkt.dossier.why import compared_arm
from watwerkt.report import names
from watwerkt.report.numbers import nearest, places, significant, written
from watwerkt.report.unit import SHARES
from watwerkt.report.words import capital, text

TENTH = Decimal("0.1")
STRUCK = "\x1b[9m{}\x1b[29m"  # ANSI's crossed out, and its end


def say_tempting(tables: Sequence[Tempting], lang: str, terminal: bool = False) -> str:
    """Each table under its name. ``terminal``: whether it can strike lines through; a word says so in any case."""
    lines = [text("tempting.title", lang)]
    for number, table in enumerate(tables, start=1):
        name = text(f"tempting.name.{table.reason}", lang)
        lines.append(f"{number}. {name} ({text('tempting.struck', lang)})")
        lines += [f"   {STRUCK.format(line) if terminal else line}" for line in _lines(table, lang)]
        lines.append(f"   {text('tempting.wrong', lang).format(why=text(f'tempting.why.{table.reason}', lang))}")
    return "\n".join(lines)


def _lines(table: Tempting, lang: str) -> list[str]:
    """The rows with their head, columns aligned."""
    question = table.question
    outcome = question.outcome(question.primary.outcome)
    what = names.outcome_name(outcome, lang)
    unit = text("tempting.of_100", lang) if outcome.kind in SHARES else ""
    month = question.primary.month
    when = "" if month is None else text("tempting.when", lang).format(month=month)
    head = (
        capital(what) + when + unit, text("view.with", lang), text("view.without", lang),
        text("table.difference", lang), text("table.between", lang),
    )  # fmt: skip
    rows = [head, *(_row(question, effect, outcome.kind in SHARES, lang) for effect in table.effects)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    return [_aligned(row, widths) for row in rows]


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    """Words to the left, numbers to the right."""
    cells = [c.ljust(w) if i in (0, 4) else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
    return "  ".join(cells).rstrip()


def _row(question: Question, effect: Effect, share: bool, lang: str) -> tuple[str, ...]:
    arm, other = names.arm_name(question, effect.arm, lang), compared_arm(question, effect)
    name = arm if not other else text("check.two_arms", lang).format(
        first=arm, second=names.arm_name(question, other, lang)
    )  # fmt: skip
    numbers = (effect.level, effect.level_without, effect.estimate, effect.low, effect.high)
    with_, without, difference, low, high = (_number(n, share, lang) for n in numbers)
    return capital(name), with_, without, difference, text("row.between", lang).format(lo=low, hi=high)


def _number(value: float | None, share: bool, lang: str) -> str:
    """Of every 100 with one decimal where it is a share."""
    if value is None:
        return ""
    return written(nearest(100 * value, TENTH), lang, places(TENTH)) if share else significant(value, lang, 3)
