"""One figure in three views: the difference, with and without, and the table behind it."""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt.dossier import Effect
from watwerkt.report import names
from watwerkt.report.charts.picture import View, draw
from watwerkt.report.chosen import Look
from watwerkt.report.rows import Row, row
from watwerkt.report.words import capital, text, tidy


@dataclass(frozen=True)
class Line:
    """One row of a table: its heading, and the printed effect."""

    head: str
    row: Row


@dataclass(frozen=True)
class Panel:
    """A figure. Drawings are SVG, wide and narrow; ``levels`` is empty where there are none."""

    id: str
    difference: tuple[str, str]
    levels: tuple[str, ...]
    lines: tuple[Line, ...]
    all_lines: tuple[Line, ...]
    all_name: str
    heads: tuple[str, ...]
    caption: str
    note: str

    @property
    def has_levels(self) -> bool:
        """Whether every row may show both levels."""
        return bool(self.levels)


def panel(look: Look, identifier: str, lang: str) -> Panel:
    """The figure of one arm on one outcome."""
    with_levels = any(e.level is not None and e.level_without is not None for e in look.path)
    every = tuple(_line(look, e, lang, exact=True) for e in look.path)
    chosen = tuple(_line(look, e, lang) for e in look.path if e.cell.month is None or e.cell.month in _rows(look))
    return Panel(
        id=identifier,
        difference=_both(look, "difference", lang),
        levels=_both(look, "levels", lang) if with_levels else (),
        lines=chosen,
        all_lines=every if len(every) > len(chosen) else (),
        all_name=_all_name(look, lang),
        heads=_heads(look, lang, with_levels),
        caption=_caption(look, lang),
        note=_note(look, lang),
    )


def total_figure(look: Look, lang: str) -> tuple[str, str] | None:
    """The path that adds up, wide and narrow; None where the dossier has no such path."""
    return _both(look, "total", lang) if len([e for e in look.of("total") if e.estimate is not None]) > 1 else None


def _both(look: Look, view: View, lang: str) -> tuple[str, str]:
    return draw(look, view, lang, narrow=False), draw(look, view, lang, narrow=True)


def _rows(look: Look) -> set[int]:
    """A dozen moments at most: half years where the path is long; the end always."""
    last = look.moments[-1] if look.moments else 0
    a_year = 12 if look.dossier.question.time.period == "month" else 52
    step = a_year // 2 if last >= 2 * a_year else a_year // 4 if last >= a_year else max(1, last // 6)
    end = look.end.cell.month if look.end else None
    return {*range(step, last + 1, step), last, end or last}


def _line(look: Look, effect: Effect, lang: str, exact: bool = False) -> Line:
    printed = row(look.shown(effect), lang)
    t, period = effect.cell.month, effect.cell.period
    if t is None:
        return Line(capital(text("table.timeless", lang)), printed)
    return Line(f"{names.periods(1, period, lang)} {t}" if exact else names.clock(t, period, lang), printed)


def _all_name(look: Look, lang: str) -> str:
    n = len(look.path)
    return text("table.all", lang).format(n=n, periods=names.periods(n, look.dossier.question.time.period, lang))


def _heads(look: Look, lang: str, with_levels: bool) -> tuple[str, ...]:
    first = text("table.after", lang) if look.moments else ""
    levels = [names.comparison(look.dossier, look.path[0], lang, form) for form in ("with", "without")]
    rest = (text("table.difference", lang), text("table.between", lang))
    return (first, *levels, *rest) if with_levels else (first, *rest)


def _caption(look: Look, lang: str) -> str:
    invented = text("table.invented", lang) if look.dossier.synthetic else ""
    outcome = names.outcome_name(look.outcome, lang)
    return text("table.caption", lang).format(outcome=capital(outcome), invented=invented)


def _note(look: Look, lang: str) -> str:
    """How to read it, in plain sentences."""
    versus = names.comparison(look.dossier, look.path[0], lang)
    if look.path[0].cell.measure == "bound_low":
        return text("view.note_bounds", lang).format(versus=versus)
    if len(look.path) == 1:
        return text("view.note_interval", lang).format(versus=versus)
    periods = names.periods(2, look.dossier.question.time.period, lang)
    outlined = any(e.band_low is not None for e in look.path)
    gap = any(e.estimate is None for e in look.path)
    return tidy(
        text("view.note", lang).format(versus=versus),
        text("view.note_outline", lang).format(periods=periods) if outlined else "",
        text("view.note_gap", lang) if gap else "",
        text("view.note_smooth", lang),
    )
