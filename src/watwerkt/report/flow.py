"""Exclusions as a vertical flow: what was read, what fell off and why, what is used. It adds up, to the row."""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt.dossier import Dossier, Exclusions
from watwerkt.report import names
from watwerkt.report.numbers import count
from watwerkt.report.rows import reason_name
from watwerkt.report.words import listed, text


@dataclass(frozen=True)
class Mark:
    """One line of the flow: a number, its words, and whether these rows fell off."""

    number: str
    words: str
    gone: bool


def flow(dossier: Dossier, lang: str) -> list[Mark]:
    """The whole flow; steps that set nothing aside are left out, unless there is no other."""
    exclusions = dossier.exclusions
    rows = text("flow.rows_people" if dossier.question.table else "flow.rows_trials", lang)
    found = [Mark(count(exclusions.read, lang), text("flow.read", lang).format(rows=rows), False)]
    aside = [step for step in exclusions.set_aside() if step[2]]
    for reason, arm, n in aside:
        name = names.arm_name(dossier.question, arm, lang) if arm else ""
        words = f"{reason_name(reason, lang)} ({name})" if name else reason_name(reason, lang)
        found.append(Mark(count(n, lang), words, True))
    if not aside:
        found.append(Mark("0", text("flow.nothing", lang), True))
    return [*found, Mark(count(exclusions.used, lang), _used(dossier, lang), False)]


def _used(dossier: Dossier, lang: str) -> str:
    """Used, and how many people stand on each side."""
    sizes = [f"{count(n, lang)} {names.side(dossier, arm, lang)}" for arm, n in names.sizes(dossier)]
    if not sizes:
        return text("flow.used", lang)
    return text("flow.used_by", lang).format(sizes=listed(sizes, lang))


def say_exclusions(exclusions: Exclusions, lang: str) -> str:
    """The flow in one line a step."""
    lines = [f"{count(exclusions.read, lang)} {text('flow.read', lang).format(rows=text('flow.rows', lang))}"]
    lines += [f"−{count(n, lang)} {reason_name(reason, lang)}" for reason, _, n in exclusions.set_aside() if n]
    return "\n".join([*lines, f"{count(exclusions.used, lang)} {text('flow.used', lang)}"])
