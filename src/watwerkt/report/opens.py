"""What would open a closed effect, or make an open one firmer: a sentence that somebody can act on, with its numbers.

Numbers come from what the checks measured and allowed. Where those say nothing, the vocabulary's sentence stands alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil, isfinite

from watwerkt import vocabulary
from watwerkt.dossier import Check, Dossier
from watwerkt.report import names
from watwerkt.report.numbers import count, significant
from watwerkt.report.words import capital, catalogue, listed, text, tidy

FAR = 10.0  # so many times as many people: no longer period and no neighbour brings those


def opens(dossier: Dossier, reason: str, checks: Iterable[Check], lang: str) -> str:
    """What would open what is closed for a reason; "" where nobody knows. ``checks``: those that failed."""
    worst: dict[str, Check] = {}
    for check in checks:
        if check.reason == reason and times(check) > times(worst.get(check.name, check)) - 1e-12:
            worst[check.name] = check
    said = [words for words in (_measured(check, lang) for check in worst.values()) if words]
    if said:
        return tidy(*said)
    if f"opens.{reason}" in catalogue():
        horizon = dossier.question.time.horizon or dossier.question.primary.month or 0
        return text(f"opens.{reason}", lang).format(threshold=dossier.threshold, horizon=horizon)
    entry = vocabulary.load("reasons").get(reason)
    return "" if entry is None else (entry.opens_nl if lang == "nl" else entry.opens_en)


def times(check: Check) -> float:
    """How many times as many people (or clusters) a failed check asks for; 1 or less where more would not help.

    Effective persons and clusters grow with people; the share that one person carries falls with them.
    """
    if check.statistic is None or not check.threshold or not isfinite(check.statistic) or check.statistic <= 0:
        return 0.0
    unit = vocabulary.load("checks")[check.name].unit if check.name in vocabulary.load("checks") else ""
    if unit in ("effective persons", "degrees of freedom"):
        return check.threshold / check.statistic
    return check.statistic / check.threshold if check.name == "one_person" else 0.0


def _measured(check: Check, lang: str) -> str:
    """The sentence of one check with its numbers; "" where it has none."""
    ratio, key = times(check), f"opens.check.{check.name}"
    if ratio <= 1 or key not in catalogue():
        return ""
    others = ceil(round(ratio, 6)) - 1
    far = f"{key}.far"
    chosen = far if ratio > FAR and far in catalogue() else key
    return text(chosen, lang).format(
        n=count(check.statistic or 0, lang),
        m=count(check.threshold or 0, lang),
        x=significant(ratio, lang, 2),
        others=text("opens.others.one" if others == 1 else "opens.others.many", lang).format(k=others),
    )


# ---- what is open, and could be firmer -------------------------------------------------------------------------------


def firmer(dossier: Dossier, checks: Iterable[Check], lang: str) -> Iterator[str]:
    """What would let a silent check speak, arm by arm; and what a longer delivery would add."""
    said: dict[str, list[str]] = {}
    there = list(checks)
    for check in there:
        words = _speaks(dossier, check, lang)
        if words:
            said.setdefault(words, []).append(_who(dossier, check, lang))
    for words, who in said.items():
        arms = [w for w in dict.fromkeys(who) if w]
        yield f"{capital(listed(arms, lang))}: {words}" if arms else words
    placebos = [c for c in there if c.name == "placebo"]
    if placebos and all(c.verdict == "not_applicable" for c in placebos):
        yield text("firm.history", lang)
    yield from _longer(dossier, lang)


def _who(dossier: Dossier, check: Check, lang: str) -> str:
    if len(dossier.question.treatments) == 1 or not check.arm:
        return ""
    return names.arm_name(dossier.question, check.arm, lang)


def _speaks(dossier: Dossier, check: Check, lang: str) -> str:
    """What would make a check that gives no answer give one."""
    if check.verdict != "not_informative" or f"firm.{check.name}" not in catalogue():
        return ""
    if check.name == "placebo":
        return _placebo(dossier, check, lang)
    return text(f"firm.{check.name}", lang)


def _placebo(dossier: Dossier, check: Check, lang: str) -> str:
    """A sharper one asks for more people: its error falls with their root. Where none is declared, one could be."""
    if check.level is None:
        return "" if dossier.question.checks.not_used_in_selection else text("firm.placebo", lang)
    ratio = (check.detectable / check.threshold) ** 2 if check.detectable and check.threshold else 0.0
    if ratio <= 1:
        return ""
    return text("firm.placebo.declared", lang).format(x=significant(ratio, lang, 2))


def _longer(dossier: Dossier, lang: str) -> Iterator[str]:
    """How many rows a delivery that reaches further, back or on, would add."""
    for reason in ("history_not_covered", "not_covered"):
        gone = sum(n for why, _, n in dossier.exclusions.set_aside() if why == reason)
        if gone:
            horizon = dossier.question.time.horizon
            yield text(f"firm.{reason}", lang).format(n=count(gone, lang), horizon=horizon)
