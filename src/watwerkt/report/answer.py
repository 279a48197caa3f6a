"""The answer in words: a headline, a lead for each arm, and the facts on top of a page."""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt.dossier import Dossier, Effect
from watwerkt.dossier.credibility import Credibility, credibility
from watwerkt.report import names, phrases
from watwerkt.report.chosen import Look, main
from watwerkt.report.numbers import count
from watwerkt.report.rows import reason_name
from watwerkt.report.sentences import body, why
from watwerkt.report.story import Story, disagrees, state, story, works
from watwerkt.report.unit import SHARES
from watwerkt.report.words import capital, catalogue, either, listed, text, tidy

FEW = 4  # so many of every 100, or fewer, is "slightly"


@dataclass(frozen=True)
class Fact:
    """One of the facts on top: what stands large, what it counts, and its range and comparison."""

    big: str
    what: str
    note: str


def believed(look: Look) -> Credibility:
    """How far a look may be believed."""
    question, first = look.dossier.question, look.effects[0] if look.effects else None
    main_one = first is None or names.is_main(question, first.cell)
    against = "" if main_one or first is None else names.compared_arm(question, first.cell.compared_with)
    return credibility(look.dossier, look.arm, look.target, look.outcome.name, against)


# ---- headline ----------------------------------------------------------------------------------------------------


def headline(dossier: Dossier, lang: str) -> list[tuple[str, str]]:
    """The answer: (arms, what they do), arms that do the same together; no arm named where there is only one."""
    arms = [arm.name for arm in dossier.question.treatments]
    said = {arm: _headline(main(dossier, arm), lang, several=len(arms) > 1) for arm in arms}
    if len(arms) == 1:
        return [("", capital(said[arms[0]]))]
    found = []
    for words in dict.fromkeys(said.values()):
        who = listed([names.arm_name(dossier.question, a, lang) for a in arms if said[a] == words], lang)
        found.append((capital(who), words))
    return found


def _headline(look: Look, lang: str, several: bool) -> str:
    now, told = state(look), story(look)
    if now == "closed":
        key = "head.closed.several" if several else "head.closed"
        return text(key, lang).format(reason=reason_name(look.reason, lang))
    first = "first." if _loss_first(look, told) else ""
    timeless = look.end is None or look.end.cell.month is None
    key = f"head.{first}{now}" + (".timeless" if timeless and not first else "")
    good, bad = ("more", "less") if look.sign > 0 else ("less", "more")
    return text(key, lang).format(
        when=_when(look.end, lang),
        good=_perhaps(look, _word(look, good, lang, slight=True), lang),
        good_short=_perhaps(look, _word(look, good, lang, slight=True, short=True), lang),
        bad=_word(look, bad, lang),
        outcome=names.outcome_name(look.outcome, lang),
    )


def _perhaps(look: Look, words: str, lang: str) -> str:
    """Words for a gain, with *perhaps* where it does not hold over all arms at once (METHODS 4.6)."""
    return text("head.perhaps", lang).format(x=words) if works(look) is False else words


def _loss_first(look: Look, told: Story) -> bool:
    """Whether there is a clear loss before the end point, and not a clear gain before it."""
    loss, end = told.loss_first, look.end
    return loss is not None and end is not None and loss.first < (end.cell.month or 0)


def _word(look: Look, way: str, lang: str, slight: bool = False, short: bool = False) -> str:
    stem = "head.short" if short else "head.word"
    words = either(f"{stem}.{look.outcome.kind}.{way}", f"{stem}.other.{way}", lang)
    words = words.format(outcome=names.outcome_name(look.outcome, lang))
    end = look.end
    few = slight and end is not None and look.outcome.kind in SHARES and abs(look.shown(end).said("estimate")) <= FEW
    return text("head.slight", lang).format(x=words) if few else words


def _when(end: Effect | None, lang: str) -> str:
    if end is None or end.cell.month is None:
        return text("when.never", lang)
    return text("when.clock", lang).format(t=names.clock(end.cell.month, end.cell.period, lang))


# ---- lead --------------------------------------------------------------------------------------------------------


def lead(look: Look, lang: str) -> str:
    """The answer for one arm with its number and range, in marked text; the total too where it says the opposite."""
    instrument = instrument_of(look, lang)
    if state(look) == "closed":
        return tidy(text("lead.closed", lang).format(instrument=instrument), why(look.reason, lang))
    end = look.end or look.path[-1]
    said = tidy(_verdict(look, instrument, lang), capital(body(look.shown(end), lang)))
    if state(look) in ("unclear", "little") and end.low is not None and end.high is not None and end.low < 0 < end.high:
        good = (end.estimate or 0.0) * look.sign >= 0
        said = tidy(said, text("lead.either_way" if good else "lead.either_way_worse", lang))
    return tidy(said, _contrast(look, lang))


def instrument_of(look: Look, lang: str) -> str:
    """What is done: the instrument, or an offer of it where chance decided about offers."""
    name = names.arm_name(look.dossier.question, look.arm, lang)
    drawn = bool(look.effects) and names.drawn_by_lot(look.effects[0].design)
    return text("lead.offer", lang).format(name=name) if drawn else name


def _verdict(look: Look, instrument: str, lang: str) -> str:
    now = state(look)
    if now == "better" and works(look) is False:
        key = "lead.not_over_all"
    elif now == "unclear":
        key = "lead.unclear"
    else:
        key = f"lead.{now}.{believed(look).level}"
    aim = either(f"aim.{look.outcome.kind}", "aim.other", lang)
    outcome = names.outcome_name(look.outcome, lang)
    return capital(text(key, lang).format(instrument=instrument, aim=aim, outcome=outcome).replace(" .", "."))


def _contrast(look: Look, lang: str) -> str:
    """What the total says when it says the opposite of the end point."""
    if not disagrees(look) or look.total is None:
        return ""
    way = "more" if (look.total.estimate or 0) > 0 else "less"
    t, period = look.total.cell.month or 0, look.total.cell.period
    words = either(f"contrast.{look.outcome.kind}.{way}", f"contrast.other.{way}", lang)
    clock = names.clock(t, period, lang)
    return text("lead.contrast", lang).format(clock=clock, words=words)


# ---- facts -------------------------------------------------------------------------------------------------------


def facts(look: Look, lang: str) -> list[Fact]:
    """Three facts of a page with one arm: the effect, the total (or the first months, or the people), the trust."""
    found = [_effect_fact(look, look.end, lang)]
    second = next((e for e in (look.total, look.lock_in) if e is not None and e.estimate is not None), None)
    found.append(_effect_fact(look, second, lang) if second is not None else _people_fact(look, lang))
    return [*found, trust(look, lang)]


def _effect_fact(look: Look, effect: Effect | None, lang: str) -> Fact:
    if effect is None or effect.estimate is None:
        word = capital(text("closed.word", lang))
        return Fact(word, names.outcome_name(look.outcome, lang), capital(reason_name(look.reason, lang)) + ".")
    shown = look.shown(effect)
    kind = look.outcome.kind if look.outcome.kind in SHARES else "level"
    stem = "fact.total" if effect.cell.measure == "total" else "fact.at"
    what = text(f"{stem}.{kind}", lang).format(
        when=names.when(look.dossier, effect, lang),
        outcome=names.outcome_name(look.outcome, lang),
        unit=phrases.per(shown, lang),
        clock=names.clock(effect.cell.month or 0, effect.cell.period or "month", lang),
    )
    versus = names.comparison(look.dossier, effect, lang)
    note = text("fact.note", lang).format(between=capital(phrases.between_text(shown, lang)), versus=versus)
    return Fact(phrases.value_text(shown, lang, of=True), what.strip(", "), note)


def _people_fact(look: Look, lang: str) -> Fact:
    """How many people stand behind it, and how they are divided."""
    sizes = names.sizes(look.dossier)
    named = [f"{count(n, lang)} {names.side(look.dossier, arm, lang)}" for arm, n in sizes]
    note = capital(listed(named, lang)) + "." if named else ""
    n = sum(n for _, n in sizes) or look.dossier.exclusions.used
    return Fact(count(n, lang), text("fact.people", lang).format(people=names.people(look.dossier, lang)), note)


def trust(look: Look, lang: str) -> Fact:
    """Credibility in a word, and why in a sentence."""
    level = believed(look).level
    return Fact(text(f"trust.{level}", lang), text("fact.trust", lang), trust_why(look, lang))


def trust_why(look: Look, lang: str) -> str:
    """Why the word is what it is: the design, then what lowers it."""
    found = believed(look)
    design = look.effects[0].design if look.effects else ""
    said = [either(f"trust.design.{design}", "trust.design.other", lang)]
    silent = [name for name, verdict, _ in found.caps if verdict == "not_informative"]
    failed = [name for name, verdict, _ in found.caps if verdict == "failed"]
    for names_, key in ((failed, "failed"), (silent, "silent")):
        if names_:
            n = len(set(names_))
            said.append(text(f"trust.{key}.{'one' if n == 1 else 'many'}", lang).format(n=text(f"number.{n}", lang)))
    if found.level not in ("none", found.ceiling):
        said.append(text("trust.lowered", lang))
    elif f"trust.ceiling.{found.level}" in catalogue():
        said.append(text(f"trust.ceiling.{found.level}", lang))
    return tidy(*said)
