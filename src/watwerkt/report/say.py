"""Any noun in plain sentences, in Dutch or English: for the command line, for print, for whoever listens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch

from watwerkt.dossier import Check, Dossier, Exclusions, Mapped, Moved, Quality, Revealed
from watwerkt.dossier.why import counts
from watwerkt.report import answer, checks, flow, mapped, moved, names, quality
from watwerkt.report.chosen import Look, looks, main, versus
from watwerkt.report.closed import would_open
from watwerkt.report.numbers import significant
from watwerkt.report.rows import reason_name
from watwerkt.report.sentences import sentence
from watwerkt.report.shown import Shown
from watwerkt.report.sources import day
from watwerkt.report.words import capital, plain, text, tidy


@singledispatch
def say(noun: object, lang: str) -> str:
    """A noun in sentences. An effect is said in its dossier: ``say(Shown(dossier, effect), lang)``."""
    raise TypeError(f"a {type(noun).__name__} cannot be said; an effect is said in its dossier, as Shown")


@say.register
def _(noun: Shown, lang: str) -> str:
    return sentence(noun, lang)


@say.register
def _(noun: Check, lang: str) -> str:
    return checks.say_check(noun, lang)


@say.register
def _(noun: Exclusions, lang: str) -> str:
    return flow.say_exclusions(noun, lang)


@say.register
def _(noun: Quality, lang: str) -> str:
    return quality.say_quality(noun, lang)


@say.register
def _(noun: Mapped, lang: str) -> str:
    return mapped.say_mapped(noun, lang)


@say.register
def _(noun: Moved, lang: str) -> str:
    return moved.say_moved(noun, lang)


@say.register
def _(noun: Dossier, lang: str) -> str:
    """The question, the answer, one line an effect at its last moment, how many are closed, how far to believe it."""
    prefix = text("invented.prefix", lang) if noun.synthetic else ""
    said = [f"{who}: {what}" if who else what for who, what in answer.headline(noun, lang)]
    known = text("say.known_on", lang).format(day=day(noun.facts.known_on, lang)) if noun.facts.known_on else ""
    lines = [getattr(noun.question.title, lang), known, prefix + capital(plain(". ".join(said))) + "."]
    lines += [f"  {line}" for line in _effects(noun, lang)]
    opened, closed = counts(noun)
    lines.append(text("say.counted", lang).format(opened=opened, closed=closed))
    for arm in noun.question.treatments:
        fact = answer.trust(main(noun, arm.name), lang)
        name = capital(names.arm_name(noun.question, arm.name, lang))
        lines.append(text("say.trust", lang).format(name=name, word=fact.big.lower(), why=fact.note).strip())
    return "\n".join(line for line in lines if line)  # a question asked in a notebook may have no title


def _effects(dossier: Dossier, lang: str) -> Iterator[str]:
    """One line for each arm and outcome: at its end, in total, and when the loss is made good."""
    for one in looks(dossier):
        yield from _of(one, lang)
    yield from (sentence(one.shown(one.end), lang) for one in versus(dossier) if one.end is not None)


def _of(look: Look, lang: str) -> Iterator[str]:
    found = (look.end, look.lock_in, look.total, look.break_even)
    said = [e for e in found if e is not None]
    closed = [e for e in said if not e.opened]
    yield from (sentence(look.shown(e), lang) for e in said if e.opened)
    leads = look.outcome.name == look.dossier.question.primary.outcome
    yield from (tidy(sentence(look.shown(e), lang), would_open(look, lang) if leads else "") for e in closed[:1])


def say_release(dossier: Dossier, lang: str) -> str:
    """What of an answer may leave and what may not, and why."""
    opened, closed = counts(dossier)
    lines = [text("release.counted", lang).format(opened=opened, closed=closed)]
    reasons: dict[str, int] = {}
    for effect in dossier.effects:
        if not effect.opened:
            reasons[effect.reason] = reasons.get(effect.reason, 0) + 1
    lines += [f"  {n} {reason_name(reason, lang)}" for reason, n in reasons.items()]
    joints = text("release.joints", lang).format(n=len(dossier.joints))
    prefix = text("invented.prefix", lang) if dossier.synthetic else ""
    return "\n".join([prefix + lines[0], *lines[1:], joints, text("release.rounded", lang)])


def say_form(place: str, lang: str) -> str:
    """Where the form lies for who checks what leaves."""
    return text("release.form", lang).format(place=place)


def say_reveal(rows: Iterable[Revealed], lang: str, tempting: Iterable[Revealed] = ()) -> str:
    """The planted truth beside what was estimated, as a table of text; what tempts first, then opened and closed."""
    found, wrong = list(rows), list(tempting)
    head = tuple(text(f"reveal.{key}", lang) for key in ("what", "truth", "estimate", "range", "inside", "reader"))
    lines = [head, *(_tempting(r, lang) for r in wrong), *(_revealed(r, lang) for r in found)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    opened, closed = ([r.inside for r in found if bool(r.reason) == shut] for shut in (False, True))
    last = text("reveal.counted", lang).format(
        hit=sum(opened), n=len(opened), hit_closed=sum(closed), n_closed=len(closed)
    )
    if wrong:
        hit = sum(r.inside for r in wrong)
        last = tidy(text("reveal.counted_tempting", lang).format(n=len(wrong), hit=hit), last)
    return "\n".join([text("reveal.title", lang), *(_aligned(line, widths) for line in lines), last])


def _tempting(row: Revealed, lang: str) -> tuple[str, ...]:
    reader = text("reveal.tempting", lang).format(reason=reason_name(row.reason, lang))
    return *_revealed(row, lang)[:-1], reader


def _revealed(row: Revealed, lang: str) -> tuple[str, ...]:
    what = f"{row.arm} v. {row.compared_with} · {row.outcome} · {row.measure} {row.month} ({row.target})"
    numbers = [significant(v, lang, 3) for v in (row.truth, row.estimate, row.low, row.high)]
    between = text("row.between", lang).format(lo=numbers[2], hi=numbers[3])
    inside = text("reveal.yes" if row.inside else "reveal.no", lang)
    reader = reason_name(row.reason, lang) if row.reason else text("reveal.sees", lang)
    return what, numbers[0], numbers[1], between, inside, reader


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    """Words to the left, numbers to the right."""
    cells = [c.rjust(w) if i in (1, 2) else c.ljust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))]
    return "  ".join(cells).rstrip()
