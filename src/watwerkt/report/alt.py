"""What a picture shows, in words: the same sentences as beside it, so that ear and eye get the same numbers."""

from __future__ import annotations

from decimal import Decimal

from watwerkt.dossier import Effect
from watwerkt.report import names
from watwerkt.report.chosen import Look
from watwerkt.report.phrases import value_text
from watwerkt.report.rows import row
from watwerkt.report.sentences import direction, sentence
from watwerkt.report.story import Story, story
from watwerkt.report.unit import bare
from watwerkt.report.words import capital, text, tidy


def of(look: Look, view: str, lang: str) -> str:
    """The alternative text of a difference, a total, or the two levels."""
    if view == "levels":
        return _levels(look, lang)
    if view == "total":
        return sentence(look.shown(look.of("total")[-1]), lang)
    end = look.end or look.path[-1]
    return tidy(sentence(look.shown(end), lang), *path_sentences(look, lang))


def _levels(look: Look, lang: str) -> str:
    """Both levels at the end."""
    prefix = text("invented.prefix", lang) if look.dossier.synthetic else ""
    opened = [e for e in look.path if e.level is not None and e.level_without is not None]
    if not opened:
        return prefix + capital(text("closed.word", lang)) + "."
    printed = row(look.shown(opened[-1]), lang)
    name = capital(names.arm_name(look.dossier.question, look.arm, lang))
    return prefix + text("alt.levels", lang).format(
        arm=name,
        outcome=names.outcome_name(look.outcome, lang),
        when=printed.moment,
        level=printed.level,
        without=printed.level_without,
        unit=text("alt.of_100", lang) if look.shown(opened[-1]).unit.kind == "per100" else "",
    )


def path_sentences(look: Look, lang: str) -> list[str]:
    """The low point, the turn and where the difference is clear: each its own sentence, none where there is none."""
    told, said = story(look), []
    period = look.dossier.question.time.period
    loss = told.loss_first
    if loss:
        worse = direction(look.shown(look.path[0]).unit, Decimal(-look.sign), lang)
        one = loss.first == loss.last
        periods = names.periods(1 if one or lang == "nl" else 2, period, lang)
        slots = {"first": loss.first, "last": loss.last, "periods": periods, "worse": worse}
        said.append(text("story.loss_one" if one else "story.loss", lang).format(**slots))
    if told.low is not None:
        said.append(_low(look, told.low, lang))
    if told.crossing is not None:
        said.append(text("story.crossing", lang).format(when=names.clock(told.crossing, period, lang)))
    if told.gain_from is not None:
        said.append(text("story.gain_from", lang).format(period=names.periods(1, period, lang), t=told.gain_from))
    elif told.gain:
        n = told.gain_periods
        which = _which(told, period, lang)
        said.append(text("story.gain", lang).format(n=n, periods=names.periods(n, period, lang), which=which))
    return said


def _which(told: Story, period: str, lang: str) -> str:
    """The periods of a clear gain: one, a run, or some among others."""
    first, last = told.gain[0].first, told.gain[-1].last
    key = "one" if first == last else "run" if len(told.gain) == 1 else "among"
    slots = {"period": names.periods(1, period, lang), "periods": names.periods(2, period, lang)}
    return text(f"story.which.{key}", lang).format(first=first, last=last, **slots)


def _low(look: Look, low: Effect, lang: str) -> str:
    """About how deep, with the band over all periods."""
    shown = look.shown(low)
    ends = [shown.said(name) for name in ("band_low", "band_high") if getattr(low, name) is not None]
    lo, hi = (bare(shown.unit, abs(e), lang, shown.step) for e in sorted(ends, key=abs))
    return text("story.low", lang).format(
        when=names.when(look.dossier, low, lang),
        x=value_text(shown, lang, of=True),
        lo=lo,
        hi=hi,
        periods=names.periods(2, shown.unit.period, lang),
    )
