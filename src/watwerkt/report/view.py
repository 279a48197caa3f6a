"""What stands on a page in one language: texts and drawings, ready to be set. Templates add marks, never words."""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt.dossier import Dossier
from watwerkt.report import alt, answer, closed, limits, names, others, sources
from watwerkt.report import checks as checking
from watwerkt.report import flow as flowing
from watwerkt.report.checks import Item
from watwerkt.report.chosen import Look, looks, main, versus
from watwerkt.report.closed import Block
from watwerkt.report.flow import Mark
from watwerkt.report.panels import Line, Panel, panel, total_figure
from watwerkt.report.rows import row
from watwerkt.report.sentences import body
from watwerkt.report.sources import Pair
from watwerkt.report.story import disagrees, state, story
from watwerkt.report.words import capital, text, tidy


@dataclass(frozen=True)
class Section:
    """A heading's worth: paragraphs in marked text, and a figure in one or more drawings."""

    paragraphs: tuple[str, ...] = ()
    figure: Panel | None = None
    drawings: tuple[str, str] | None = None
    title: str = ""


@dataclass(frozen=True)
class ArmView:
    """One arm: its answer over time, what it adds up to, its other outcomes; or why it is closed."""

    id: str
    name: str
    paragraphs: tuple[str, ...]
    figure: Panel | None
    total: Section | None
    rest: tuple[Line, ...]
    rest_when: str
    rest_figures: tuple[Section, ...]
    wages: tuple[str, ...]
    groups: tuple[Line, ...]
    timeless: bool
    trust: str


@dataclass(frozen=True)
class PageView:
    """A whole dossier in one language."""

    lang: str
    kicker: str
    headline: tuple[tuple[str, str], ...]
    leads: tuple[str, ...]
    facts: tuple[answer.Fact, ...]
    overview: others.Overview | None
    arms: tuple[ArmView, ...]
    versus: tuple[Section, ...]
    versus_closed: str
    comparison: tuple[str, ...]
    flow: tuple[Mark, ...]
    believe: tuple[str, ...]
    rates: tuple[str, ...]
    rates_source: str
    checks: tuple[Item, ...]
    more_checks: tuple[Item, ...]
    closed: tuple[Block, ...]
    closed_parts: tuple[str, ...]
    not_measured: str
    later: tuple[tuple[str, str], ...]
    sources: tuple[Pair, ...]
    remarks: tuple[str, ...]
    versions: tuple[Pair, ...]
    analysts: tuple[Pair, ...]
    synthetic: bool
    command: str
    service: str


def page_view(dossier: Dossier, lang: str, command: str) -> PageView:
    """Everything that a reader sees, in the order in which a page is read."""
    arms = [arm.name for arm in dossier.question.treatments]
    several = len(arms) > 1
    first = checking.headline(dossier)
    return PageView(
        lang=lang,
        kicker=getattr(dossier.question.title, lang),
        headline=tuple(answer.headline(dossier, lang)),
        leads=tuple(answer.lead(main(dossier, arm), lang) for arm in arms),
        facts=() if several else tuple(answer.facts(main(dossier, arms[0]), lang)),
        overview=others.overview(dossier, lang) if several else None,
        arms=tuple(_arm(dossier, arm, lang) for arm in arms if _is_shown(main(dossier, arm))),
        versus=tuple(_versus(look, lang) for look in versus(dossier) if look.opened),
        versus_closed=closed.pairs(dossier, lang),
        comparison=tuple(others.comparison(dossier, lang)),
        flow=tuple(flowing.flow(dossier, lang)),
        believe=tuple(others.believe(dossier, lang)),
        rates=limits.rates(dossier, lang),
        rates_source=limits.source(lang),
        checks=tuple(checking.items(dossier, first, lang)),
        more_checks=tuple(checking.items(dossier, [c for c in dossier.checks if c not in first], lang)),
        closed=tuple(closed.blocks(dossier, lang)),
        closed_parts=tuple(closed.parts(dossier, lang)),
        not_measured=others.not_measured(dossier, lang),
        later=tuple((getattr(k.text, lang), k.found_in) for k in dossier.question.known),
        sources=tuple(sources.sources(dossier, lang)),
        remarks=tuple(sources.remarks(dossier, lang)),
        versions=tuple(sources.versions(dossier, lang)),
        analysts=tuple(sources.analysts(dossier, lang)),
        synthetic=dossier.synthetic,
        command=command,
        service=dossier.service,
    )


def _is_shown(look: Look) -> bool:
    """An arm has a section of its own when anything of it is open."""
    return any(e.estimate is not None for one in looks(look.dossier) if one.arm == look.arm for e in one.path)


# ---- one arm -----------------------------------------------------------------------------------------------------


def _arm(dossier: Dossier, arm: str, lang: str) -> ArmView:
    chosen = main(dossier, arm)
    identifier = f"{lang}-{''.join(c if c.isalnum() else '-' for c in arm)}"
    rest = [one for one in looks(dossier) if one.arm == arm and one.outcome.name != chosen.outcome.name]
    opened = [one for one in rest if any(e.estimate is not None for e in one.path)]
    several = len(dossier.question.treatments) > 1
    return ArmView(
        id=identifier,
        name=capital(names.arm_name(dossier.question, arm, lang)) if several else "",
        paragraphs=tuple(_paragraphs(chosen, lang)),
        figure=panel(chosen, f"{identifier}-main", lang) if chosen.path else None,
        total=_total(chosen, lang),
        rest=tuple(_rest_line(one, lang) for one in rest if one.end is not None),
        rest_when=_rest_when(rest, lang),
        rest_figures=tuple(
            Section(
                figure=panel(one, f"{identifier}-{i}", lang),
                title=text("view.path_of", lang).format(outcome=names.outcome_name(one.outcome, lang)),
            )
            for i, one in enumerate(opened)
            if len(one.path) > 1 or one.path[0].cell.measure == "bound_low"
        ),
        wages=tuple(others.wages(opened, lang)),
        groups=tuple(others.groups(chosen, lang)),
        timeless=not chosen.moments,
        trust=tidy(f"*{answer.trust(chosen, lang).big}.*", answer.trust_why(chosen, lang)),
    )


def _paragraphs(look: Look, lang: str) -> list[str]:
    """What happens along the path, and during the programme."""
    told = story(look)
    found = []
    if look.moments:
        said = alt.path_sentences(look, lang)
        if told.loss_first and names.lock_in(look.dossier, look.arm):
            people = names.of_whom(look.dossier, look.path[0], lang)
            said.insert(0, text("when.intro.loss", lang).format(people=people))
        if not (told.loss or told.gain) and look.opened:
            period = names.periods(1, look.dossier.question.time.period, lang)
            said.append(text("when.intro.none", lang).format(period=period))
        found.append(tidy(*said))
    if look.lock_in is not None and look.lock_in.opened:
        sentence = body(look.shown(look.lock_in), lang)
        found.append(text("when.intro.lock_in", lang).format(sentence=sentence))
    return [p for p in found if p]


def _total(look: Look, lang: str) -> Section | None:
    """The total beside the end point; both are true when they disagree."""
    total = look.total
    if total is None or not total.opened:
        return None
    said = [capital(body(look.shown(total), lang))]
    if disagrees(look):
        key = "total.both" if state(look) == "better" else "total.both_reversed"
        clock = names.clock(total.cell.month or 0, total.cell.period or "month", lang)
        said = [tidy(text(key, lang), *said, text("total.later", lang).format(clock=clock))]
    even = look.break_even
    if even is not None and even.opened:
        said.append(body(look.shown(even), lang))
    return Section(tuple(said), drawings=total_figure(look, lang))


def _rest_line(look: Look, lang: str) -> Line:
    end = look.end or look.path[-1]
    shown = look.shown(end)
    unit = others.unit_note(shown, look.outcome, lang)
    return Line(capital(names.outcome_name(look.outcome, lang)) + (f" ({unit})" if unit else ""), row(shown, lang))


def _rest_when(rest: list[Look], lang: str) -> str:
    ends = [one.end for one in rest if one.end is not None and one.end.cell.month is not None]
    return names.when(rest[0].dossier, ends[0], lang) if ends else ""


def _versus(look: Look, lang: str) -> Section:
    """Two arms against each other, with the difference's own range."""
    end = look.end or look.path[-1]
    question = look.dossier.question
    first = names.arm_name(question, look.arm, lang)
    second = names.arm_name(question, names.compared_arm(question, end.cell.compared_with), lang)
    said = [capital(body(look.shown(end), lang))]
    if state(look) in ("unclear", "little"):
        said[0] = tidy(said[0], text("versus.cannot", lang))
    said.append(text("versus.people", lang).format(first=first, second=second))
    title = capital(text("versus.title", lang).format(first=first, second=second))
    identifier = f"{lang}-versus-{look.arm}-{end.cell.compared_with}".replace(".", "-")
    return Section(tuple(said), figure=panel(look, identifier, lang), title=title)
