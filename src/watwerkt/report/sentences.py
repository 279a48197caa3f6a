"""One effect in one sentence: the same for page, alternative text, print and command line."""

from __future__ import annotations

from decimal import Decimal

from watwerkt import vocabulary
from watwerkt.report import names
from watwerkt.report.shown import Shown
from watwerkt.report.unit import SHARES, Unit, amount, bare
from watwerkt.report.words import capital, plain, text


def sentence(shown: Shown, lang: str, arm: bool = True) -> str:
    """A whole sentence, plain: invented or not, of which arm and group, and what it says."""
    prefix = text("invented.prefix", lang) if shown.dossier.synthetic else ""
    name = capital(names.arm_name(shown.dossier.question, shown.effect.arm, lang)) + ": " if arm else ""
    said = plain(body(shown, lang))
    return prefix + name + (said if arm else capital(said))


def body(shown: Shown, lang: str) -> str:
    """What the sentence says, with marks; its first letter is small where it can be."""
    effect, measure = shown.effect, shown.effect.cell.measure
    group = names.group_name(effect.cell.group, lang)
    prefix = text("group.prefix", lang).format(group=group) if group else ""
    if not effect.opened:
        return prefix + closed(shown, lang)
    if measure == "break_even":
        return prefix + _break_even(shown, lang)
    if measure == "started_later":
        x = bare(shown.unit, shown.said("estimate"), lang, shown.step)
        return prefix + text("started_later", lang).format(when=names.when(shown.dossier, effect, lang), x=x)
    if measure in ("bound_low", "bound_high"):
        return prefix + _bounds(shown, lang)
    if measure == "always_workers":
        x = bare(shown.unit, shown.said("estimate"), lang, shown.step)
        lo, hi = (bare(shown.unit, shown.said(n), lang, shown.step) for n in ("low", "high"))
        when = names.when(shown.dossier, effect, lang)
        return prefix + text("work_either_way", lang).format(when=when, x=x, lo=lo, hi=hi)
    return prefix + _difference(shown, lang)


def closed(shown: Shown, lang: str) -> str:
    """That there is no number, and why."""
    effect, question = shown.effect, shown.dossier.question
    outcome = names.outcome_name(question.outcome(effect.cell.outcome), lang)
    when = names.when(shown.dossier, effect, lang)
    return text("closed.sentence", lang).format(outcome=outcome, when=when, why=why(effect.reason, lang))


def why(reason: str, lang: str) -> str:
    """The sentence that explains a reason, or its name where the vocabulary has none."""
    entry = vocabulary.load("reasons").get(reason)
    if entry is None:
        return capital(reason.replace("_", " ")) + "."
    return (entry.why_nl if lang == "nl" else entry.why_en) or capital(entry.name(lang)) + "."


def direction(unit: Unit, value: Decimal, lang: str) -> str:
    """More or fewer, more or less, higher or lower: by what is counted."""
    kind = {"per100": "people", "periods": "time"}.get(unit.kind, "level")
    return text(f"dir.{kind}.{'more' if value > 0 else 'less'}", lang)


def between(shown: Shown, lang: str) -> str:
    """The range: "tussen 1 en 6" on the estimate's side of zero, "tussen 2 minder en 6 méér" across it."""
    estimate, low, high = (shown.said(n) for n in ("estimate", "low", "high"))
    across = estimate == 0 or low < 0 < high
    if across:
        lo, hi = _side(shown, low, lang), _side(shown, high, lang)
    else:
        first, last = sorted((abs(low), abs(high)))
        lo, hi = (bare(shown.unit, v, lang, shown.step) for v in (first, last))
    return text("range.same_side", lang).format(lo=lo, hi=hi)


def _side(shown: Shown, value: Decimal, lang: str) -> str:
    x = bare(shown.unit, abs(value), lang, shown.step)
    if value == 0:
        return x
    return text("range.side", lang).format(x=x, dir=direction(shown.unit, value, lang))


def _difference(shown: Shown, lang: str) -> str:
    dossier, effect = shown.dossier, shown.effect
    outcome = dossier.question.outcome(effect.cell.outcome)
    estimate = shown.said("estimate")
    kind = outcome.kind if outcome.kind in SHARES else "level"
    template = text(_key(effect.cell.measure, kind, estimate), lang)
    return template.format(
        when=names.when(dossier, effect, lang),
        x=amount(shown.unit, abs(estimate), lang, shown.step),
        dir=direction(shown.unit, estimate, lang),
        between=between(shown, lang),
        than=names.comparison(dossier, effect, lang, "behind"),
        people=names.of_whom(dossier, effect, lang),
        outcome=names.subject(outcome, lang, effect.cell.measure == "total") if kind == "level" else "",
    )


def apart(shown: Shown, lang: str, units: bool = True) -> str:
    """The two bounds: "tussen € 20 lager en € 150 hoger"; one number where they meet. ``units``: with their words."""
    low, high = ends(shown)
    unit, step, written = shown.unit, shown.step, amount if units else bare
    if low == high:
        one = f"{written(unit, abs(low), lang, step)} {direction(unit, low, lang)}"
        return one if low else text("label.same", lang)
    if low * high > 0:
        first, last = sorted((abs(low), abs(high)))
        lo, hi = bare(unit, first, lang, step), written(unit, last, lang, step)
        return f"{text('range.same_side', lang).format(lo=lo, hi=hi)} {direction(unit, low, lang)}"
    lo, hi = (_side(shown, value, lang) for value in (low, high))
    return text("range.same_side", lang).format(lo=lo, hi=hi)


def ends(shown: Shown) -> tuple[Decimal, Decimal]:
    """Both bounds as a sentence has them; a bound without the other one stands for both."""
    upper = shown.upper or shown
    if upper.effect.estimate == shown.effect.estimate:
        both = shown.said("estimate")
        return both, both
    steps = ((shown, -1), (upper, 1))
    low, high = (one.unit.said(float(one.effect.estimate or 0.0), one.effect.std_error, way) for one, way in steps)
    return low, high


def _bounds(shown: Shown, lang: str) -> str:
    dossier, effect = shown.dossier, shown.effect
    low, high = ends(shown)
    lo, hi = (_side(shown, shown.said(name), lang) for name in ("low", "high"))
    return text("bounds.meet" if low == high else "bounds", lang).format(
        when=names.when(dossier, effect, lang),
        outcome=names.subject(dossier.question.outcome(effect.cell.outcome), lang),
        people=names.of_whom(dossier, effect, lang),
        apart=apart(shown, lang),
        than=names.comparison(dossier, effect, lang, "behind"),
        lo=lo,
        hi=hi,
    )


def _key(measure: str, kind: str, estimate: Decimal) -> str:
    stem = "total" if measure == "total" else "at"
    return f"{stem}.{kind}" + ("" if estimate else ".same")


def _break_even(shown: Shown, lang: str) -> str:
    dossier, effect = shown.dossier, shown.effect
    key = {"beyond_horizon": "beyond", "no_loss": "no_loss"}.get(effect.reason, "reached")
    if key == "beyond" and effect.low is not None:
        key = "beyond_low"
    if key == "reached" and effect.high is None:
        key = "open"
    horizon = names.horizon(dossier, effect) or 0
    numbers = {n: bare(shown.unit, shown.said(n), lang, shown.step) for n in _there(shown)}
    return text(f"break_even.{key}", lang).format(
        outcome=names.outcome_name(dossier.question.outcome(effect.cell.outcome), lang),
        unit=names.periods(1, shown.unit.period, lang),
        units=names.periods(horizon, shown.unit.period, lang),
        versus=names.comparison(dossier, effect, lang),
        t=horizon,
        x=numbers.get("estimate", ""),
        lo=numbers.get("low", ""),
        hi=numbers.get("high", ""),
    )


def _there(shown: Shown) -> list[str]:
    return [n for n in ("estimate", "low", "high") if getattr(shown.effect, n) is not None]
