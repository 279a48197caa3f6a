"""What is fit for use: doubts in words, a heat table an instrument, and the lines that declare them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from itertools import groupby

from watwerkt import vocabulary
from watwerkt.dossier import Doubt, Quality, Registered
from watwerkt.report.numbers import count
from watwerkt.report.sources import day
from watwerkt.report.words import text

SIGNS = {"unfit": "×", "doubt": "?", "fine": "", "unjudged": "·", "nobody": ""}
MANY = 15  # offices; of more only those in doubt, or declared, are shown
_COLUMNS = ("office", "instrument", "quarter", "found", "usual", "state")


@dataclass(frozen=True)
class DoubtRow:
    """One doubt in words."""

    office: str
    instrument: str
    period: str
    what: str
    found: str
    usual: str
    said: str


@dataclass(frozen=True)
class HeatRow:
    """One office: a (state, sign, words) for each quarter."""

    office: str
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Heat:
    """One instrument: years with their number of quarters, quarters, offices; ``open`` where one is not fine."""

    instrument: str
    summary: str
    years: tuple[tuple[str, int], ...]
    quarters: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    open: bool


@dataclass(frozen=True)
class FitnessView:
    """What is fit for use, in one language. ``paste``: lines for register.toml."""

    lead: str
    doubts: tuple[DoubtRow, ...]
    paste: str
    heats: tuple[Heat, ...]
    legend: tuple[tuple[str, str, str], ...]


def fitness_view(noun: Quality, lang: str) -> FitnessView:
    """Doubts, lines to paste, and a table an instrument."""
    by = groupby(sorted(noun.registered, key=lambda c: (c.instrument, c.office, c.quarter)), key=lambda c: c.instrument)
    states = ("unfit", "doubt", "fine", "unjudged")
    return FitnessView(
        lead=lead(noun, lang),
        doubts=tuple(_doubt(one, lang) for one in noun.doubts),
        paste=paste(noun, lang),
        heats=tuple(_heat(name, [*cells], lang) for name, cells in by),
        legend=tuple((state, SIGNS[state], text(f"fitness.state.{state}", lang)) for state in states),
    )


def lead(noun: Quality, lang: str) -> str:
    """How much is in doubt, and how much cannot be judged; why nothing can where no spell has an office."""
    if not noun.registered:
        return text("fitness.nothing", lang)
    n = len(noun.doubts)
    size = "none" if not n else "one" if n == 1 else "many"
    unjudged = sum(cell.state == "unjudged" for cell in noun.registered)
    said = text(f"fitness.lead.{size}", lang).format(n=count(n, lang))
    judged = text("fitness.judged", lang).format(n=count(unjudged, lang), of=count(len(noun.registered), lang))
    return f"{said} {judged}"


def lines(noun: Quality, lang: str) -> list[str]:
    """The same for a terminal."""
    if not noun.registered:
        return []
    found = [text("fitness.head", lang) + " " + lead(noun, lang)]
    for row in (_doubt(one, lang) for one in noun.doubts):
        numbers = text("fitness.numbers", lang).format(found=row.found, usual=row.usual)
        found.append(f"  {row.office}, {row.instrument}, {row.period}: {row.what} ({numbers}). {row.said}".rstrip())
    return found


def paste(noun: Quality, lang: str) -> str:
    """A [[quality]] for each doubt of which register.toml says nothing yet; "" where there is none."""
    return "\n".join(_entry(one, lang) for one in noun.doubts if not one.said)


def _entry(one: Doubt, lang: str) -> str:
    numbers = text("fitness.numbers", lang).format(found=count(one.found, lang), usual=count(round(one.usual), lang))
    found = ["[[quality]]", f"office = {json.dumps(one.office, ensure_ascii=False)}"]
    found += [f"instrument = {json.dumps(one.instrument, ensure_ascii=False)}"] if one.instrument else []
    found += [f"period = [{one.first}, {one.last}]", f"fit = false  # {numbers}", ""]
    return "\n".join(found)


def cells(noun: Quality) -> str:
    """Every office, instrument and quarter with its numbers, as CSV: for home use."""
    out = io.StringIO()
    made = csv.writer(out, lineterminator="\n")
    made.writerow(_COLUMNS)
    made.writerows([getattr(cell, name) for name in _COLUMNS] for cell in noun.registered)
    return out.getvalue()


def _doubt(one: Doubt, lang: str) -> DoubtRow:
    period = text("quality.span", lang).format(first=day(one.first, lang), last=day(one.last, lang))
    said = text(f"fitness.said.{one.said or 'nothing'}", lang)
    instrument = _instrument(one.instrument, lang) if one.instrument else text("fitness.every", lang)
    found, usual = count(one.found, lang), count(round(one.usual), lang)
    return DoubtRow(one.office, instrument, period, text(f"fitness.kind.{one.kind}", lang), found, usual, said)


def _instrument(name: str, lang: str) -> str:
    known = vocabulary.load("instruments").get(name)
    return known.name(lang) if known else name.replace("_", " ")


def _heat(instrument: str, of: list[Registered], lang: str) -> Heat:
    """One instrument, offices down and quarters across."""
    quarters = sorted({cell.quarter for cell in of})
    rows = {office: {c.quarter: c for c in own} for office, own in groupby(of, key=lambda c: c.office)}
    not_fine = {c.office for c in of if c.state in ("unfit", "doubt")}
    shown = [office for office in rows if len(rows) <= MANY or office in not_fine]
    key = "fitness.heat.fine" if not not_fine else "fitness.heat.some"
    summary = text(key, lang).format(n=count(len(not_fine), lang), of=count(len(rows), lang))
    return Heat(
        instrument=_instrument(instrument, lang),
        summary=summary,
        years=tuple((year, len([*own])) for year, own in groupby(quarters, key=lambda q: q[:4])),
        quarters=tuple(_quarter(q) for q in quarters),
        rows=tuple(HeatRow(office, tuple(_cell(rows[office].get(q), lang) for q in quarters)) for office in shown),
        open=bool(not_fine),
    )


def _quarter(first: str) -> str:
    return str((int(first[5:7]) + 2) // 3)


def _cell(cell: Registered | None, lang: str) -> tuple[str, str, str]:
    """State, sign, and words for who cannot see it."""
    state = "nobody" if cell is None else cell.state
    return state, SIGNS[state], text(f"fitness.state.{state}", lang)
