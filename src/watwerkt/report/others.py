"""Around the answer: arms side by side, what the comparison got, groups, what opened, what was not measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from watwerkt.dossier import Dossier, Effect, Outcome
from watwerkt.report import answer, limits, names
from watwerkt.report.charts import strip
from watwerkt.report.checks import moved, moved_most, strength
from watwerkt.report.chosen import Look, look, looks, main
from watwerkt.report.numbers import count
from watwerkt.report.panels import Line
from watwerkt.report.phrases import between_text, value_text
from watwerkt.report.rows import reason_name, row
from watwerkt.report.sentences import body, sentence
from watwerkt.report.shown import Shown
from watwerkt.report.unit import SHARES, amount, unit_of, unit_words
from watwerkt.report.words import capital, listed, text, tidy


@dataclass(frozen=True)
class Beside:
    """One arm in the overview: name, number with range (or why closed), strip, trust, the sentence for the ear."""

    name: str
    big: str
    note: str
    strip: str
    trust: str
    sentence: str


@dataclass(frozen=True)
class Overview:
    """All arms on one axis."""

    axis: str
    rows: tuple[Beside, ...]
    note: str
    outcome: str


def overview(dossier: Dossier, lang: str) -> Overview:
    """Every arm on the primary outcome at the primary moment, in the order of the question."""
    found = [main(dossier, arm.name) for arm in dossier.question.treatments]
    there = [one for one in found if one.end is not None]
    ends = [one.end for one in there if one.end is not None]
    unit = unit_of(dossier, ends[0].cell)
    span = strip.axis(ends, unit)
    rows = []
    for one, end in zip(there, ends, strict=True):
        shown = one.shown(end)
        opened = end.estimate is not None
        rows.append(
            Beside(
                name=capital(names.arm_name(dossier.question, one.arm, lang)),
                big=value_text(shown, lang, of=True) if opened else capital(text("closed.word", lang)),
                note=between_text(shown, lang) if opened else reason_name(end.reason, lang),
                strip=strip.strip(end, unit, span, lang, dossier.synthetic),
                trust=answer.trust(one, lang).big if opened else "",
                sentence=sentence(shown, lang),
            )
        )
    versus, when = names.comparison(dossier, ends[0], lang), names.when(dossier, ends[0], lang)
    note = text("overview.note", lang).format(versus=versus, when=when)
    return Overview(
        strip.head(unit, span, lang), tuple(rows), note, capital(names.outcome_name(there[0].outcome, lang))
    )


def comparison(dossier: Dossier, lang: str) -> Iterator[str]:
    """What the comparison got: those who started later; else what is known and what is not."""
    later: dict[str, list[Look]] = {}
    for one in looks(dossier):
        chosen = _later(one)
        if chosen is not None:
            later.setdefault(body(one.shown(chosen), lang), []).append(one)
    if later:
        most = any((e.estimate or 0) > 0.5 for ones in later.values() for e in [_later(ones[0])] if e is not None)
        last = text("comparison.most" if most else "comparison.not_nothing", lang)
        said = [_named(words, ones, lang) if len(later) > 1 else capital(words) for words, ones in later.items()]
        yield tidy(text("comparison.intro", lang), *said, text("comparison.any", lang), last)
        yield from _got(dossier, lang)
        return
    drawn = any(names.drawn_by_lot(e.design) for e in dossier.effects)
    yield text("comparison.drawn" if drawn else "comparison.unknown", lang)


def _later(of: Look) -> Effect | None:
    """Who of the comparison had started by the end, or by the last period that says so."""
    found = [e for e in of.of("started_later") if e.estimate is not None]
    end = of.end.cell.month if of.end is not None else None
    return next((e for e in found if e.cell.month == end), found[-1] if found else None)


def _got(dossier: Dossier, lang: str) -> Iterator[str]:
    """Which instruments the comparison of each arm had started by the last period that says so."""
    question, got = dossier.question, dossier.facts.got
    for arm in dict.fromkeys(g.arm for g in got):
        last = max(g.month for g in got if g.arm == arm)
        said = [
            text("comparison.got_one", lang).format(
                x=count(100 * g.share, lang), name=names.arm_name(question, g.started, lang)
            )
            for g in got
            if (g.arm, g.month) == (arm, last)
        ]
        yield text("comparison.got", lang).format(
            name=names.arm_name(question, arm, lang),
            period=names.periods(1, question.time.period, lang),
            month=last,
            what=listed(said, lang),
        )


def _named(words: str, ones: list[Look], lang: str) -> str:
    """A sentence behind the arms that it holds for."""
    arms = dict.fromkeys(names.arm_name(one.dossier.question, one.arm, lang) for one in ones)
    return f"{capital(listed(arms, lang))}: {words}"


def wages(rest: list[Look], lang: str) -> Iterator[str]:
    """Of each wage: its sentence, who they are and why there are two bounds, and what it rests on outside a draw."""
    for one in rest:
        if one.end is None or one.end.cell.measure != "bound_low" or one.end.estimate is None:
            continue
        same = (e for e in one.of("always_workers") if e.cell.month == one.end.cell.month and e.estimate is not None)
        said = [capital(body(one.shown(e), lang)) for e in (one.end, *same)]
        drawn = names.drawn_by_lot(one.end.design)
        yield tidy(*said)
        yield tidy(text("bounds.why", lang), "" if drawn else text("bounds.assumption", lang))


def groups(of: Look, lang: str) -> Iterator[Line]:
    """The effect by group at the end, in the order of the question: never ranked."""
    end = of.end.cell.month if of.end is not None else None
    for e in of.effects:
        if e.cell.group != "all" and e.cell.measure == "at" and e.cell.month == end:
            yield Line(capital(names.group_name(e.cell.group, lang)), row(of.shown(e), lang))


def believe(dossier: Dossier, lang: str) -> Iterator[str]:
    """The trust of each arm, which arms work over all arms at once, how many answers opened, what we would not see."""
    arms = [main(dossier, arm.name) for arm in dossier.question.treatments]
    said: dict[tuple[str, str], list[str]] = {}
    for one in arms:
        fact = answer.trust(one, lang)
        said.setdefault((fact.big, fact.note), []).append(names.arm_name(dossier.question, one.arm, lang))
    for (word, because), who in said.items():
        named = f"{capital(listed(who, lang))}: {word.lower()}" if len(arms) > 1 else word
        yield tidy(f"*{named}.*", because)
    yield from _claims(dossier, lang)
    every = [look(dossier, a.name, o.name) for a in dossier.question.treatments for o in dossier.question.effects]
    there = [one for one in every if one.path]
    opened = sum(one.opened for one in there)
    if len(there) > 1:
        counted = {"all": len(there), "opened": opened, "closed": len(there) - opened}
        yield text("believe.opened", lang).format(**counted)
    yield from _moved(dossier, lang)
    if not dossier.question.checks.not_used_in_selection:
        yield from _strength(dossier, lang)
    seen = tidy(*_detectable(dossier, lang))
    yield tidy(seen, text("believe.hidden", lang)) if any(e.design == "adjusted" for e in dossier.effects) else seen
    yield tidy(*limits.unseen(dossier, lang))


def _moved(dossier: Dossier, lang: str) -> Iterator[str]:
    """Which other way of estimating moves each arm's answer most."""
    for arm in dossier.question.treatments:
        most = moved_most(dossier, arm.name)
        if most is not None:
            name = names.arm_name(dossier.question, arm.name, lang)
            yield f"{capital(name)}: {moved(most, lang)}"


def _strength(dossier: Dossier, lang: str) -> Iterator[str]:
    """How strong a hidden difference would have to be: all that can be said where no declared placebo looks for one."""
    said: dict[str, list[str]] = {}
    for arm in dossier.question.treatments:
        words = strength(dossier, arm.name, lang)
        if words:
            said.setdefault(words, []).append(names.arm_name(dossier.question, arm.name, lang))
    for words, who in said.items():
        several = len(dossier.question.treatments) > 1
        yield f"{capital(listed(who, lang))}: {words[0].lower()}{words[1:]}" if several else words


def _claims(dossier: Dossier, lang: str) -> Iterator[str]:
    targets = {arm.name: main(dossier, arm.name).target for arm in dossier.question.treatments}
    claims = [c for c in dossier.facts.claims if targets.get(c.arm) == c.target]
    if len(dossier.question.treatments) < 2 or not claims:
        return
    works = [names.arm_name(dossier.question, c.arm, lang) for c in claims if c.works]
    if works:
        yield text("believe.claims", lang).format(works=listed(works, lang))
    else:
        yield text("believe.claims_none", lang)


def _detectable(dossier: Dossier, lang: str) -> Iterator[str]:
    primary = {arm.name: main(dossier, arm.name) for arm in dossier.question.treatments}
    said: dict[str, list[str]] = {}
    for arm in dossier.facts.arms:
        one = primary.get(arm.arm)
        if arm.detectable is not None and one is not None and one.end is not None:
            unit = unit_of(dossier, one.end.cell)
            step = unit.coarse(arm.detectable / 2.8)
            words = amount(unit, unit.said(arm.detectable, arm.detectable / 2.8), lang, step)
            words = text("value.of_100", lang).format(x=words) if unit.kind == "per100" else words
            said.setdefault(words, []).append(names.arm_name(dossier.question, arm.arm, lang))
    for words, who in said.items():
        yield text("believe.detectable", lang).format(name=capital(listed(who, lang)), x=words)


def not_measured(dossier: Dossier, lang: str) -> str:
    """Outcomes that everyone should have and this dossier lacks, and what no dossier counts."""
    kinds = {o.kind for o in dossier.question.effects}
    names_ = {o.measure or o.name for o in dossier.question.effects}
    wanted = {
        "work": kinds & {"employed", "employed_at"},
        "earnings": kinds & {"earnings"},
        "benefit": kinds & {"on_benefit"},
        "wellbeing": names_ & {"wellbeing"},
    }
    lacking = [key for key, there in wanted.items() if not there]
    said = [text(f"measured.{key}", lang) for key in (*lacking, "costs", "displaced")]
    return listed(said, lang)


def unit_note(shown: Shown, outcome: Outcome, lang: str) -> str:
    """What the numbers of an outcome are, for the head of a row."""
    if outcome.kind in SHARES:
        return text("alt.of_100", lang).strip(" ()")
    return unit_words(shown.unit, shown.said("estimate"), lang) if shown.effect.estimate is not None else ""
