"""What is wrong with a register before any question, and what it can answer: as lines and as a page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from watwerkt import vocabulary
from watwerkt.dossier import Defect, Note, Quality, TableState
from watwerkt.report.fitness import FitnessView, fitness_view, lines
from watwerkt.report.numbers import count, nearest, written
from watwerkt.report.rows import reason_name
from watwerkt.report.sources import SHORT, day
from watwerkt.report.words import capital, listed, text, tidy

_STEP = Decimal("0.1")  # of a per cent; what was found is never shown as nothing


@dataclass(frozen=True)
class TableRow:
    """One table of the standard in words."""

    name: str
    rows: str
    span: str
    note: str


@dataclass(frozen=True)
class DefectRow:
    """One broken rule in words."""

    place: str
    words: str
    rows: str
    share: str
    what: str
    examples: str


@dataclass(frozen=True)
class NoteRow:
    """Something that stands out, in words: where, what, how many, what the sample does."""

    place: str
    words: str
    found: str
    share: str
    what: str
    examples: str


@dataclass(frozen=True)
class QualityView:
    """A register's quality in one language."""

    lang: str
    kicker: str
    headline: str
    lead: str
    tables: tuple[TableRow, ...]
    defects: tuple[DefectRow, ...]
    notes: tuple[NoteRow, ...]
    fit_for: tuple[str, ...]
    fitness: FitnessView
    snapshot: str
    synthetic: bool
    service: str = ""


def quality_view(noun: Quality, lang: str) -> QualityView:
    """A register's quality, ready to be set."""
    rows = {t.table: t.rows for t in noun.tables}
    return QualityView(
        lang=lang,
        kicker=text("quality.kicker", lang).format(register=noun.register),
        headline=_headline(noun, lang),
        lead=_lead(noun, lang),
        tables=tuple(_table(t, lang) for t in noun.tables),
        defects=tuple(_defect(d, rows.get(d.table, 0), lang) for d in noun.defects),
        notes=tuple(_note(n, lang) for n in noun.notes),
        fit_for=tuple(_kind(k, lang) for k in noun.fit_for),
        fitness=fitness_view(noun, lang),
        snapshot=noun.snapshot[:SHORT],
        synthetic=noun.synthetic,
    )


def _headline(noun: Quality, lang: str) -> str:
    if not noun.defects:
        return text("quality.clean", lang)
    key = "quality.sets_aside" if any(d.sets_aside and d.rows for d in noun.defects) else "quality.remarks"
    n = len(noun.defects)
    return text(f"{key}.{'one' if n == 1 else 'many'}", lang).format(n=count(n, lang))


def _lead(noun: Quality, lang: str) -> str:
    fit = [_kind(k, lang) for k in noun.fit_for]
    said = text("quality.fit", lang).format(kinds=listed(fit, lang)) if fit else text("quality.unfit", lang)
    lacking = [t.table for t in noun.tables if not t.present]
    known = text("quality.known_on", lang).format(day=day(noun.known_on, lang)) if noun.known_on else ""
    return tidy(known, said, text("quality.absent", lang).format(tables=listed(lacking, lang)) if lacking else "")


def _kind(kind: str, lang: str) -> str:
    """A kind of outcome by its name."""
    known = vocabulary.load("outcomes").get(kind)
    return known.name(lang) if known else kind.replace("_", " ")


def _table(state: TableState, lang: str) -> TableRow:
    if not state.present:
        return TableRow(state.table, "", "", text("quality.table_absent", lang))
    span = ""
    if state.first and state.last:
        span = text("quality.span", lang).format(first=day(state.first, lang), last=day(state.last, lang))
    notes = []
    if state.missing_columns:
        notes.append(text("quality.missing_columns", lang).format(columns=listed(state.missing_columns, lang)))
    if state.extra_columns:
        notes.append(text("quality.extra_columns", lang).format(columns=listed(state.extra_columns, lang)))
    return TableRow(state.table, count(state.rows, lang), span, "; ".join(notes))


def _defect(defect: Defect, of: int, lang: str) -> DefectRow:
    place = f"{defect.table}.{defect.column}" if defect.column else defect.table
    what = text("quality.leaves" if defect.sets_aside else "quality.stays", lang)
    examples, share = ", ".join(defect.examples), _share(defect.rows, of, lang)
    return DefectRow(place, reason_name(defect.rule, lang), count(defect.rows, lang), share, what, examples)


def _note(note: Note, lang: str) -> NoteRow:
    words, then = (text(f"quality.note.{note.rule}.{part}", lang) for part in ("what", "then"))
    unit = text(f"quality.unit.{note.unit}", lang)
    found, share = f"{count(note.found, lang)} {unit}", _share(note.found, note.of, lang)
    return NoteRow(note.table, words, found, share, then, ", ".join(note.examples))


def _share(found: int, of: int, lang: str) -> str:
    """What part of all it is, in per cent with one decimal; "" where nobody knows of how many."""
    if not of:
        return ""
    share = nearest(Decimal(100 * found) / of, _STEP)
    return text("quality.share", lang).format(share=written(max(share, _STEP), lang, 1))


def say_quality(noun: Quality, lang: str) -> str:
    """A register's quality in lines: the verdict, its tables, its defects, what else stands out."""
    view = quality_view(noun, lang)
    prefix = text("invented.prefix", lang) if noun.synthetic else ""
    said = [prefix + capital(view.headline) + ".", view.lead]
    for t in view.tables:
        parts = [f"{t.rows} {text('flow.rows', lang)}" if t.rows else "", t.span, t.note]
        said.append(f"  {t.name}: " + ", ".join(p for p in parts if p))
    for d in view.defects:
        tail = f" ({text('quality.examples', lang)} {d.examples})" if d.examples else ""
        share = f" ({d.share})" if d.share else ""
        said.append(f"  {d.place}: {d.words}: {d.rows} {text('flow.rows', lang)}{share}, {d.what}{tail}")
    if view.notes:
        said.append(text("quality.notes", lang))
    for n in view.notes:
        tail = f" ({text('quality.examples', lang)} {n.examples})" if n.examples else ""
        said.append(f"  {n.place}: {n.words}: {n.found} ({n.share}). {n.what}{tail}")
    return "\n".join([*said, *lines(noun, lang)])
