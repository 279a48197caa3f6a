"""Checks as a reader meets them: a sign, a word, a question, and one line of facts with what was allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from watwerkt import vocabulary
from watwerkt.dossier import Check, Dossier
from watwerkt.report import names
from watwerkt.report.chosen import main
from watwerkt.report.numbers import count, nearest, significant, written
from watwerkt.report.words import capital, catalogue, either, listed, text, tidy

ORDER = ("failed", "not_informative", "passed", "not_reported", "not_applicable")


@dataclass(frozen=True)
class Item:
    """All checks of one kind with one verdict: its word, its question and a line for each arm that differs."""

    verdict: str
    word: str
    question: str
    lines: tuple[str, ...]


def headline(dossier: Dossier) -> list[Check]:
    """The checks of what a page shows first: each arm against the comparison, in the target that it speaks of."""
    primary = dossier.question.primary.outcome
    targets = [(arm.name, main(dossier, arm.name).target) for arm in dossier.question.treatments]
    return [c for c in dossier.checks if any(c.concerns(arm, target, primary, "") for arm, target in targets)]


def items(dossier: Dossier, checks: Iterable[Check], lang: str) -> list[Item]:
    """Checks kind by kind, failed ones first within a kind."""
    found, given = [], list(checks)
    known = list(vocabulary.load("checks"))
    kinds = sorted({c.name for c in given}, key=lambda n: known.index(n) if n in known else len(known))
    for name in kinds:
        for verdict in ORDER:
            same = [c for c in given if (c.name, c.verdict) == (name, verdict)]
            if same:
                lines = tuple(dict.fromkeys(_lines(dossier, same, lang)))
                found.append(Item(verdict, text(f"verdict.{verdict}", lang), question(name, lang), lines))
    return found


def question(name: str, lang: str) -> str:
    """The question that a check asks."""
    entry = vocabulary.load("checks").get(name)
    return entry.name(lang) if entry else capital(name.replace("_", " "))


def _lines(dossier: Dossier, checks: Iterable[Check], lang: str) -> Iterable[str]:
    """What holds for all of them once; then one line a check, arms that say the same named together."""
    given = list(checks)
    yield from dict.fromkeys(_told(check, lang) for check in given if _told(check, lang))
    said: dict[str, list[str]] = {}
    for check in given:
        said.setdefault(_facts(check, lang), []).append(about(dossier, check, lang))
    several = len(dossier.question.treatments) > 1
    for words, who in said.items():
        arms = [w for w in dict.fromkeys(who) if w]
        if words:
            yield f"{capital(listed(arms, lang))}: {words}" if several and arms else words


def about(dossier: Dossier, check: Check, lang: str) -> str:
    """The arm (and the other arm) that a check is about; "" where it is about all of them."""
    if not check.arm:
        return ""
    name = names.arm_name(dossier.question, check.arm, lang)
    if not check.compared_with:
        return name
    other = names.arm_name(dossier.question, check.compared_with, lang)
    return text("check.two_arms", lang).format(first=name, second=other)


def line(check: Check, lang: str) -> str:
    """What was measured and what was allowed; or why there is nothing to say."""
    return tidy(_told(check, lang), _facts(check, lang))


def _told(check: Check, lang: str) -> str:
    """Why a check says nothing; empty where it passed or failed."""
    if check.verdict in ("passed", "failed"):
        return ""
    return either(f"check.{check.name}.{check.verdict}", f"check.any.{check.verdict}", lang)


def _facts(check: Check, lang: str) -> str:
    """The statistic against its threshold, in words."""
    if check.statistic is None or check.threshold is None or check.verdict == "not_applicable":
        return ""
    unit = vocabulary.load("checks")[check.name].unit if check.name in vocabulary.load("checks") else ""
    within = check.statistic <= 0 and f"check.{check.name}.within" in catalogue()
    bare = not check.outcome and f"check.{check.name}.bare" in catalogue()
    inside = ".within" if within else ".bare" if bare else ".line"
    facts = either(f"check.{check.name}{inside}", "check.any.line", lang).format(
        x=value(check.statistic, unit, lang) + _counts(check, lang),
        limit=value(check.threshold, unit, lang),
        outcome=_named(check, lang),
    )
    missed = ""
    if check.detectable is not None:
        missed = text("check.detectable", lang).format(x=value(check.detectable, unit, lang))
    return tidy(capital(facts), missed)


def _counts(check: Check, lang: str) -> str:
    """What a placebo's number counts: months of work, or money a month."""
    key = f"check.unit.{check.outcome.split('_')[0]}"
    return f" {text(key, lang)}" if check.name == "placebo" and key in catalogue() else ""


def _named(check: Check, lang: str) -> str:
    """What stands in a check's outcome: a window before the start, or a group of columns."""
    known = vocabulary.load("checks").get(check.name)
    key = "" if known is None else f"{known.names}.{check.outcome}"
    if known is not None and known.names in ("columns", "ways") and key in catalogue():
        return text(key, lang)
    return _window(check.outcome, lang)


def strength(dossier: Dossier, arm: str, lang: str) -> str:
    """How strong a hidden difference would have to be to explain an arm's effect; "" where no check says so."""
    found = (c for c in dossier.checks if (c.name, c.arm) == ("hidden", arm) and c.verdict != "failed")
    return next((_facts(check, lang) for check in found), "")


def moved_most(dossier: Dossier, arm: str) -> Check | None:
    """The way of estimating that moves an arm's answer most; None where none was tried."""
    found = [c for c in dossier.checks if (c.name, c.arm) == ("sensitivity", arm) and c.statistic is not None]
    return max(found, key=lambda c: c.statistic or 0.0, default=None)


def moved(check: Check, lang: str) -> str:
    """A sentence on the way that moves an answer most."""
    x = value(check.statistic or 0.0, "standard errors", lang)
    key = "believe.moved.far" if check.verdict == "failed" else "believe.moved.little"
    return text(key, lang).format(way=_named(check, lang), x=x)


def _window(outcome: str, lang: str) -> str:
    """What a placebo looks at: ``work_1_12`` is work in months 1 to 12 before the start."""
    parts = re.fullmatch(r"(\w+?)_(\d+)_(\d+)", outcome)
    if not parts:
        return outcome.replace("_", " ")
    name, first, last = parts.groups()
    key = {"work": "outcome.employed", "earnings": "outcome.earnings", "benefit": "outcome.on_benefit"}.get(name, "")
    words = text(key, lang) if key else name.replace("_", " ")
    return text("check.window", lang).format(name=words, first=first, last=last)


def value(number: float, unit: str, lang: str) -> str:
    """A statistic in words that fit its unit."""
    if unit in ("effective persons", "degrees of freedom", "days"):
        return count(number, lang)
    if unit == "share" and 0 < number < 0.005:
        return text("value.under_one", lang)
    if unit == "share":
        return text("value.of_100", lang).format(x=written(nearest(number * 100, Decimal(1)), lang))
    if unit == "p":
        return chance(number, lang)
    return significant(number, lang, 2)


def chance(share: float, lang: str) -> str:
    """How often something happens by chance, in whole times."""
    for base in (100, 1000, 10000):
        times = nearest(share * base, Decimal(1))
        if times >= 1:
            return text("value.times", lang).format(x=written(times, lang), base=written(Decimal(base), lang))
    return text("value.hardly", lang)


def say_check(check: Check, lang: str) -> str:
    """A check in one line."""
    verdict = text(f"verdict.{check.verdict}", lang).lower()
    return tidy(f"{question(check.name, lang)} {capital(verdict)}.", line(check, lang))
