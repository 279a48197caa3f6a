"""Where an answer comes from: data, people, versions; and for analysts the exact numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from babel.dates import format_date

from watwerkt import vocabulary
from watwerkt.dossier import ArmFacts, Dossier, Effect
from watwerkt.dossier.why import counts
from watwerkt.report import names
from watwerkt.report.chosen import PLAIN
from watwerkt.report.numbers import LOCALES, count, exact, significant, written
from watwerkt.report.rows import reason_name
from watwerkt.report.words import capital, listed, text, tidy

Pair = tuple[str, str]
SHORT = 12  # characters of a hash that a reader sees


def sources(dossier: Dossier, lang: str) -> list[Pair]:
    """What a reader should know of the data, as (name, value)."""
    question = dossier.question
    pairs = [
        ("source.service", dossier.service),
        ("source.data", getattr(question.source.name, lang)),
        ("source.until", _day(dossier.facts.until, lang)),
        ("source.known_on", _day(dossier.facts.known_on, lang)),
        ("source.funder", getattr(question.source.funder, lang)),
        ("source.population", _population(dossier, lang)),
        ("source.during", _during(dossier, lang)),
        *_arm_pairs(dossier, lang),
        ("source.offices", _offices(dossier, lang)),
        ("source.missing", _missing(dossier, lang)),
    ]
    return [(text(key, lang), value) for key, value in pairs if value]


def remarks(dossier: Dossier, lang: str) -> list[str]:
    """Sentences on what a reader must know of the file."""
    known = vocabulary.load("remarks")
    found = [known[r] for r in dossier.facts.remarks if r in known]
    return [entry.why_nl if lang == "nl" else entry.why_en for entry in found]


def versions(dossier: Dossier, lang: str) -> list[Pair]:
    """Names and hashes, as (name, value)."""
    question = dossier.question
    supersedes = dossier.supersedes[:SHORT] or text("source.supersedes_none", lang)
    pairs = [
        ("source.version", dossier.snapshot[:SHORT]),
        ("source.question", f"{question.id} · {question.fingerprint[:SHORT]}"),
        ("source.engine", f"watwerkt {dossier.engine}"),
        ("source.supersedes", supersedes),
    ]
    return [(text(key, lang), value) for key, value in pairs]


def _population(dossier: Dossier, lang: str) -> str:
    population = dossier.question.population
    if population is None:
        return str(getattr(dossier.question.source.people, lang))
    parts = []
    if population.scheme:
        schemes = listed([s.upper() for s in population.scheme], lang)
        parts.append(text("source.scheme", lang).format(schemes=schemes))
    if population.age:
        parts.append(text("source.age", lang).format(low=population.age[0], high=population.age[1]))
    if population.entry:
        first, last = (day(d, lang) for d in population.entry)
        parts.append(text("source.entry", lang).format(first=first, last=last))
    return capital(", ".join(parts))


def _day(iso: str, lang: str) -> str:
    """A date as people write it, "" for none."""
    return day(iso, lang) if iso else ""


def day(iso: str, lang: str) -> str:
    """A date as people write it: 1 januari 2017; one outside the calendar (infinity) as it stands."""
    try:
        written = date.fromisoformat(iso)
    except ValueError:
        return iso
    return format_date(written, "d MMMM yyyy", locale=LOCALES[lang])


def _during(dossier: Dossier, lang: str) -> str:
    period = names.periods(2 if lang == "en" else 1, dossier.question.time.period, lang)
    found = [
        text("source.during_one" if last > first else "source.during_single", lang).format(
            name=names.arm_name(dossier.question, arm, lang), period=period, first=first, last=last
        )
        for arm, first, last in dossier.facts.windows
    ]
    return capital("; ".join(found))


def _arm_pairs(dossier: Dossier, lang: str) -> Iterator[Pair]:
    period = dossier.question.time.period

    def each(key: str, value: str) -> str:
        found = []
        for arm in dossier.facts.arms:
            number = getattr(arm, value)
            if number is not None:
                shown = _fact(arm, value, lang)
                name = names.arm_name(dossier.question, arm.arm, lang)
                periods = names.periods(2 if number != 1 else 1, period, lang)
                found.append(text(key, lang).format(name=name, n=shown, x=shown, periods=periods))
        return capital("; ".join(found))

    yield "source.planned", each("source.planned_one", "planned")
    yield "source.wait", each("source.wait_one", "wait_days")
    yield "source.never", each("source.never_one", "never_started")


def _fact(arm: ArmFacts, value: str, lang: str) -> str:
    number = float(getattr(arm, value))
    return count(number * 100, lang) if value == "never_started" else significant(number, lang, 2)


def _offices(dossier: Dossier, lang: str) -> str:
    """How many offices decided about each group, and what that does to the ranges; "" where no register tells."""
    found = [
        text("source.offices_one", lang).format(
            name=names.arm_name(dossier.question, arm.arm, lang), n=count(arm.offices, lang)
        )
        for arm in dossier.facts.arms
        if arm.offices is not None
    ]
    return tidy(f"{capital('; '.join(found))}.", text("source.offices_ranges", lang)) if found else ""


def _missing(dossier: Dossier, lang: str) -> str:
    known = vocabulary.load("columns")
    found = [
        text("source.missing_one", lang).format(
            column=known[m.column].name(lang) if m.column in known else m.column.replace("_", " "),
            n=count(m.rows, lang),
        )
        for m in dossier.facts.missing
    ]
    return capital("; ".join(found))


# ---- for analysts ------------------------------------------------------------------------------------------------


def analysts(dossier: Dossier, lang: str) -> list[Pair]:
    """Exact numbers of every arm, outcome, target and comparison at its last moment; bands, claims, levels, counts."""
    rows = [(_effect_name(dossier, e, lang), _effect_value(dossier, e, lang)) for e in _last(dossier)]
    bands = [
        text("analysts.band_one", lang).format(
            family=b.family, c=full(b.critical, lang), mc=full(b.mc_error, lang), cells=b.cells
        )
        for b in dossier.facts.bands
    ]
    claims = [f"{c.arm} ({c.target}): {full(c.adjusted_p, lang)}" for c in dossier.facts.claims]
    levels = sorted({f"{c.name}: {full(c.level, lang)}" for c in dossier.checks if c.level is not None})
    opened, closed = counts(dossier)
    pairs = [
        ("analysts.bands", "; ".join(bands)),
        ("analysts.claims", "; ".join(claims)),
        ("analysts.levels", "; ".join(levels)),
        ("analysts.counts", text("analysts.counted", lang).format(opened=opened, closed=closed)),
        ("analysts.seed", str(dossier.seed)),
        ("analysts.threshold", str(dossier.threshold)),
    ]
    return rows + [(text(key, lang), value) for key, value in pairs if value]


def _last(dossier: Dossier) -> list[Effect]:
    """The primary period of each series where it is open there, else its last one."""
    series: dict[tuple[str, ...], list[Effect]] = {}
    for e in dossier.effects:
        if e.reason != PLAIN:
            key = (e.arm, e.cell.compared_with, e.cell.outcome, e.cell.measure, e.cell.group, e.target, e.design)
            series.setdefault(key, []).append(e)
    primary = dossier.question.primary.month
    return [next((e for e in found if e.cell.month == primary), found[-1]) for found in series.values()]


def _effect_name(dossier: Dossier, effect: Effect, lang: str) -> str:
    cell = effect.cell
    period = names.periods(1, cell.period, lang) if cell.period else ""
    moment = text(f"analysts.measure.{cell.measure}", lang).format(period=period, t=cell.month)
    moment = moment if cell.month is not None else ""
    group = "" if cell.group == "all" else cell.group
    against = f"{effect.arm} v. {cell.compared_with}"
    return " · ".join(p for p in (against, cell.outcome, effect.target, group, effect.design, moment) if p)


def _effect_value(dossier: Dossier, effect: Effect, lang: str) -> str:
    if effect.estimate is None or effect.low is None or effect.high is None:
        return text("analysts.closed", lang).format(reason=reason_name(effect.reason, lang))
    band = ""
    if effect.band_low is not None and effect.band_high is not None:
        low, high = full(effect.band_low, lang), full(effect.band_high, lang)
        band = text("analysts.band", lang).format(low=low, high=high)
    return text("analysts.effect", lang).format(
        estimate=full(effect.estimate, lang),
        error=full(effect.std_error, lang),
        low=full(effect.low, lang),
        high=full(effect.high, lang),
        band=band,
        n=full(effect.n, lang),
        n_without=full(effect.n_without, lang),
    )


def full(value: float | int | None, lang: str) -> str:
    """A number with all the digits that the dossier has."""
    if value is None:
        return "–"
    number = exact(value)
    return written(number, lang, max(0, -int(number.as_tuple().exponent)) if number % 1 else 0)
