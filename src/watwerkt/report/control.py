"""The form for who checks what leaves, in words: rules, what they closed, the tightest cells, hashes, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from watwerkt.dossier.control import Behind, Control, Counted
from watwerkt.report.numbers import count, significant
from watwerkt.report.rows import reason_name
from watwerkt.report.words import text

TIGHTEST = 12  # cells on the page; the table beside it has all of them
STEPS = 6


@dataclass(frozen=True)
class RuleRow:
    """One rule: what it asks, its limit, and how many cells met it, broke it, or are not what it is about."""

    words: str
    limit: str
    passed: str
    failed: str
    left_out: str


@dataclass(frozen=True)
class CellRow:
    """One cell by its codes, and what stands behind it on either side: with, without."""

    cell: str
    leaves: str
    persons: str
    events: str
    others: str
    two: str
    one: str
    freedom: str


@dataclass(frozen=True)
class ControlView:
    """The form in one language."""

    lang: str
    kicker: str
    headline: str
    lead: str
    about: tuple[tuple[str, str], ...]
    rules: tuple[RuleRow, ...]
    closed: tuple[tuple[str, str], ...]
    tightest: tuple[CellRow, ...]
    files: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    synthetic: bool
    service: str


def control_view(noun: Control, lang: str) -> ControlView:
    """The form, ready to be set."""
    leaving = [row for row in noun.rows if row.leaves]
    broken = [row for row in leaving if row.failed]
    key, question = "control.broken" if broken else "control.sound", noun.dossier.question
    return ControlView(
        lang=lang,
        kicker=text("control.kicker", lang).format(question=getattr(question.title, lang) or question.id),
        headline=text(key, lang).format(n=count(len(broken), lang), all=count(len(leaving), lang)),
        lead=text("control.lead", lang),
        about=_about(noun, lang),
        rules=tuple(_rule(noun, limit.rule, limit.limit, lang) for limit in noun.limits),
        closed=_closed(noun, lang),
        tightest=tuple(_cell(row, lang) for row in sorted(leaving, key=lambda row: row.smallest)[:TIGHTEST]),
        files=noun.files,
        steps=tuple(text(f"control.step.{i}", lang) for i in range(1, STEPS + 1)),
        synthetic=noun.dossier.synthetic,
        service=noun.dossier.service,
    )


def _about(noun: Control, lang: str) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("question", f"{noun.dossier.question.id} · {noun.dossier.question.fingerprint}"),
        ("snapshot", noun.dossier.snapshot),
        ("engine", f"watwerkt {noun.dossier.engine}, seed {noun.dossier.seed}"),
        ("ledger", ", ".join(f"{key} {value}" for key, value in noun.ledger)),
        ("joints", count(len(noun.dossier.joints), lang)),
    )
    return tuple((text(f"control.{key}", lang), value) for key, value in pairs if value)


def _rule(noun: Control, rule: str, limit: float, lang: str) -> RuleRow:
    found = [dict(row.verdicts).get(rule) for row in noun.rows]
    numbers = (count(sum(verdict is want for verdict in found), lang) for want in (True, False, None))
    return RuleRow(text(f"control.rule.{rule}", lang), significant(limit, lang, 3), *numbers)


def _closed(noun: Control, lang: str) -> tuple[tuple[str, str], ...]:
    """(why, how many): first what the door closed, then what no check had opened."""
    at_door: dict[str, int] = {}
    for row in noun.rows:
        if not row.leaves:
            at_door[row.effect.reason] = at_door.get(row.effect.reason, 0) + 1
    said = [(text("control.by_door", lang).format(reason=reason_name(r, lang)), n) for r, n in at_door.items()]
    said += [(text("control.by_check", lang).format(reason=reason_name(r, lang)), n) for r, n in noun.closed]
    return tuple((words, count(n, lang)) for words, n in said)


def _cell(row: Counted, lang: str) -> CellRow:
    cell = row.effect.cell
    month = "" if cell.month is None else f" {cell.month}"
    group = "" if cell.group == "all" else f" · {cell.group}"
    name = f"{row.effect.arm} / {cell.compared_with} · {cell.outcome} · {cell.measure}{month}{group}"
    return CellRow(
        cell=f"{name} ({row.effect.target})",
        leaves=f"{_whole(row.effect.n, lang)} / {_whole(row.effect.n_without, lang)}",
        persons=f"{_whole(row.n, lang)} / {_whole(row.n_without, lang)}",
        events=_both(row, "events", lang),
        others=_both(row, "others", lang),
        two=_both(row, "largest_two", lang),
        one=_both(row, "largest_one", lang),
        freedom=significant(row.freedom, lang, 3),
    )


def _both(row: Counted, name: str, lang: str) -> str:
    """With / without; empty where this outcome has no such thing."""
    values = [_value(side, name, lang) for side in (row.with_, row.without)]
    return " / ".join(values) if any(values) else ""


def _value(side: Behind, name: str, lang: str) -> str:
    value = getattr(side, name)
    if value is None:
        return ""
    return count(value, lang) if isinstance(value, int) else significant(float(Decimal(repr(value))), lang, 2)


def _whole(value: int | None, lang: str) -> str:
    return "" if value is None else count(value, lang)
