"""What moved since an earlier dossier, and why, in lines: for at home, since two dossiers tell more than either."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from watwerkt.dossier import Dossier, Effect, Move, Moved
from watwerkt.report import names
from watwerkt.report.chosen import PLAIN, looks
from watwerkt.report.numbers import count
from watwerkt.report.rows import reason_name
from watwerkt.report.sources import SHORT, day
from watwerkt.report.unit import Unit, cell_text, unit_of
from watwerkt.report.words import capital, listed, text, tidy


def say_moved(moved: Moved, lang: str) -> str:
    """How many numbers moved, what is different, one line each leading effect, and what may not be done with it."""
    prefix = text("invented.prefix", lang) if moved.new.synthetic else ""
    said = [prefix + _headline(moved, lang), *_causes(moved, lang)]
    said += [f"  {line}" for line in _lines(moved, lang)]
    said.append(text("moved.alike" if moved.alike else "moved.inside", lang).format(least=moved.new.threshold))
    return "\n".join(said)


def _headline(moved: Moved, lang: str) -> str:
    told = [move for move in moved.moves if move.effect.reason != PLAIN]
    both = [move for move in told if move.moved is not None]
    until = moved.old.facts.until
    since = text("moved.until", lang).format(day=day(until, lang)) if until else ""
    return tidy(
        text("moved.head", lang).format(name=moved.digest[:SHORT], until=since),
        text("moved.counted", lang).format(
            moved=count(sum(move.moved != 0 for move in both), lang),
            both=count(len(both), lang),
            opened=count(sum(move.turned and _is_open(move.new) for move in told), lang),
            closed=count(sum(move.turned and _is_open(move.old) for move in told), lang),
        ),
    )


def _is_open(effect: Effect | None) -> bool:
    return effect is not None and effect.opened


def _causes(moved: Moved, lang: str) -> Iterator[str]:
    """One sentence for each thing that is different."""
    old, new = moved.old, moved.new
    if not moved.causes:
        yield text("moved.cause.none", lang)
    for cause in moved.causes:
        before, after = {
            "engine": (old.engine, new.engine),
            "seed": (str(old.seed), str(new.seed)),
            "known_on": tuple(day(d, lang) if d else "–" for d in (old.facts.known_on, new.facts.known_on)),
            "until": tuple(day(d, lang) if d else "–" for d in (old.facts.until, new.facts.until)),
        }.get(cause, ("", ""))
        yield text(f"moved.cause.{cause}", lang).format(old=before, new=after)
    sizes = [_size(moved, arm, lang) for arm in dict(names.sizes(new))]
    if any(sizes):
        yield text("moved.people", lang).format(arms=listed([size for size in sizes if size], lang))
    if moved.as_then is None:
        yield text("moved.whole", lang)


def _size(moved: Moved, arm: str, lang: str) -> str:
    """How many people stood in an arm, and do now."""
    counts = [dict(names.sizes(d)).get(arm) for d in (moved.old, moved.new)]
    if None in counts:
        return ""
    before, after = (count(n, lang) for n in counts if n is not None)
    name = names.arm_name(moved.new.question, arm, lang)
    return text("moved.size", lang).format(name=name, old=before, new=after)


def _lines(moved: Moved, lang: str) -> Iterator[str]:
    """The leading effects: of each arm and outcome the end of its path, and its total."""
    of = {id(move.effect): move for move in moved.moves}
    for look in looks(moved.new):
        for effect in (look.end, look.total):
            if effect is not None and id(effect) in of:
                yield _line(moved.new, of[id(effect)], lang)


def _line(dossier: Dossier, move: Move, lang: str) -> str:
    """From what to what, and of that how much by which cause."""
    effect = move.effect
    outcome = dossier.question.outcome(effect.cell.outcome)
    what = (names.arm_name(dossier.question, effect.arm, lang), names.outcome_name(outcome, lang))
    head = capital(", ".join((*what, names.when(dossier, effect, lang))))
    before, after = (_state(dossier, one, lang) for one in (move.old, move.new))
    line = text("moved.line", lang).format(what=head, old=before, new=after)
    if move.by_corrections is None or move.by_new_people is None or (not move.moved and not move.by_corrections):
        return line
    unit, error = unit_of(dossier, effect.cell), effect.std_error
    parts = [_number(unit, value, error, lang, True) for value in (move.by_corrections, move.by_new_people)]
    return tidy(line, text("moved.parts", lang).format(corrections=parts[0], people=parts[1]))


def _state(dossier: Dossier, effect: Effect | None, lang: str) -> str:
    """The number, or why there is none."""
    if effect is None:
        return text("moved.absent", lang)
    if effect.estimate is None:
        return text("moved.closed", lang).format(reason=reason_name(effect.reason, lang))
    return _number(unit_of(dossier, effect.cell), effect.estimate, effect.std_error, lang)


def _number(unit: Unit, value: float, error: float | None, lang: str, signed: bool = False) -> str:
    """A number as a table has it, with what it counts."""
    number = cell_text(unit, Decimal(repr(value)) * unit.factor, lang, unit.fine(error), signed)
    return text("moved.per_100", lang).format(number=number) if unit.kind == "per100" and not signed else number
