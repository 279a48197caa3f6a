"""What is closed, why, and what would open it: blocks of a page and lines of ``watwerkt why``. Never a number."""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt import vocabulary
from watwerkt.dossier import Check, Dossier
from watwerkt.dossier.why import Closed, why
from watwerkt.report import checks, names
from watwerkt.report.chosen import PLAIN, Look, look
from watwerkt.report.opens import firmer, opens
from watwerkt.report.rows import reason_name
from watwerkt.report.sentences import why as why_sentence
from watwerkt.report.words import capital, listed, text, tidy


@dataclass(frozen=True)
class Block:
    """One closed answer: what it is about, why, what its failed checks measured, and what would open it."""

    title: str
    why: tuple[str, ...]
    failed: tuple[str, ...]
    opens: str


@dataclass(frozen=True)
class _Key:
    arm: str
    compared_with: str
    target: str
    group: str
    reasons: tuple[str, ...]


def blocks(dossier: Dossier, lang: str) -> list[Block]:
    """What is wholly closed in the target that a page speaks of, an arm's outcomes together."""
    found = [c for c in _shut(dossier) if c.whole and _is_headline(dossier, c) and not _other(dossier, c)]
    return [_block(dossier, same, lang) for same in _together(found)]


def pairs(dossier: Dossier, lang: str) -> str:
    """The pairs of arms that cannot be compared in either direction, with the reason, in one sentence; or nothing."""
    primary, question = dossier.question.primary.outcome, dossier.question
    shut = {(c.arm, _other(dossier, c)): c for c in _shut(dossier) if c.whole and c.outcome == primary}
    said: dict[str, list[str]] = {}
    for (arm, other), c in shut.items():
        if other and (other, arm) in shut and (other, arm) > (arm, other):
            first, second = (names.arm_name(question, a, lang) for a in (arm, other))
            pair = text("check.two_arms", lang).format(first=first, second=second)
            said.setdefault(reason_name(c.reasons[0], lang), []).append(pair)
    named = [f"{listed(who, lang)} ({reason})" for reason, who in said.items()]
    return text("versus.closed", lang).format(pairs="; ".join(named)) if named else ""


def _other(dossier: Dossier, closed: Closed) -> str:
    """The arm that a closed answer is compared with; "" for the question's own comparison."""
    against = names.compared_arm(dossier.question, closed.compared_with)
    return "" if against == dossier.question.compared_with else against


def parts(dossier: Dossier, lang: str) -> list[str]:
    """Sentences on periods that are closed within an open path."""
    found = [c for c in _shut(dossier) if not c.whole and _is_headline(dossier, c) and not _other(dossier, c)]
    return [_part(dossier, c, lang) for c in found]


def would_open(look: Look, lang: str) -> str:
    """What would open an arm that is closed at its end, with the question that it answers."""
    end = look.end
    mine = [c for c in _shut(look.dossier) if _same(c, look)]
    failed = list(dict.fromkeys(check for c in mine for check in c.checks))
    said = opens(look.dossier, end.reason, failed, lang) if end is not None else ""
    return tidy(text("closed.opens", lang), said or text("closed.opens_unknown", lang))


def _same(closed: Closed, look: Look) -> bool:
    about = (closed.arm, closed.outcome, closed.target, closed.group)
    return about == (look.arm, look.outcome.name, look.target, "all") and not _other(look.dossier, closed)


def why_closed(dossier: Dossier, lang: str) -> str:
    """Why effects are closed and what would open them, then what would make open ones firmer, line by line."""
    found = _shut(dossier)
    lines = [] if found else [text("why.nothing", lang)]
    for same in _together([c for c in found if c.whole]):
        block = _block(dossier, same, lang)
        of = text(f"target_name.{same[0].target}", lang)
        lines.append(f"{block.title} ({of}): {text('closed.word', lang)}")
        lines += [f"  {words}" for words in (*block.why, *block.failed)]
        lines.append(f"  {text('closed.opens', lang)} {block.opens}")
    lines += [_part(dossier, c, lang) for c in found if not c.whole]
    shut = {c.arm for c in found if c.whole and _is_headline(dossier, c) and not _other(dossier, c)}
    firm = list(firmer(dossier, [c for c in checks.headline(dossier) if c.arm not in shut], lang))
    lines += [text("firm.title", lang), *(f"  {words}" for words in firm)] if firm else []
    prefix = text("invented.prefix", lang).strip() if dossier.synthetic else ""
    return "\n".join([prefix, *lines] if prefix else lines)


def _shut(dossier: Dossier) -> list[Closed]:
    return [c for c in why(dossier) if PLAIN not in c.reasons]


def _is_headline(dossier: Dossier, closed: Closed) -> bool:
    """Whether it is about everyone, in the target and design that the page shows."""
    if closed.group != "all":
        return False
    shown = look(dossier, closed.arm, closed.outcome, _other(dossier, closed))
    return bool(shown.effects) and (shown.target, shown.effects[0].design) == (closed.target, closed.design)


def _together(found: list[Closed]) -> list[list[Closed]]:
    """Outcomes of one arm that are closed for the same reasons, in one list."""
    groups: dict[_Key, list[Closed]] = {}
    for c in found:
        groups.setdefault(_Key(c.arm, c.compared_with, c.target, c.group, c.reasons), []).append(c)
    return list(groups.values())


def _block(dossier: Dossier, same: list[Closed], lang: str) -> Block:
    first = same[0]
    failed = list(dict.fromkeys(check for c in same for check in c.checks))
    reasons = list(dict.fromkeys([*first.reasons, *(_reason(check) for check in failed)]))
    return Block(
        title=title(dossier, same, lang),
        why=tuple(dict.fromkeys(why_sentence(r, lang) for r in reasons)),
        failed=tuple(f"{checks.question(c.name, lang)} {checks.line(c, lang)}" for c in failed),
        opens=tidy(*dict.fromkeys(opens(dossier, r, failed, lang) for r in reasons))
        or text("closed.opens_unknown", lang),
    )


def title(dossier: Dossier, same: list[Closed], lang: str) -> str:
    """The arm and its outcomes, with the group and the other arm where there is one."""
    question, first = dossier.question, same[0]
    name = capital(names.arm_name(question, first.arm, lang))
    if _other(dossier, first):
        other = names.arm_name(question, _other(dossier, first), lang)
        name = text("check.two_arms", lang).format(first=name, second=other)
    outcomes = [names.outcome_name(question.outcome(c.outcome), lang) for c in same]
    group = names.group_name(first.group, lang)
    return " · ".join(part for part in (name, listed(outcomes, lang), group) if part)


def _reason(check: Check) -> str:
    entry = vocabulary.load("checks").get(check.name)
    return entry.reason or check.name if entry else check.name


def _part(dossier: Dossier, closed: Closed, lang: str) -> str:
    periods = [p for p in closed.periods if p is not None]
    period = dossier.question.time.period
    few = len(periods) <= 6
    span = "" if few else text("closed.from_to", lang).format(first=periods[0], last=periods[-1])
    return text("closed.part", lang).format(
        title=title(dossier, [closed], lang),
        periods=names.periods(len(periods), period, lang),
        which=listed([str(p) for p in periods], lang) if few and periods else span,
        reason=listed([reason_name(r, lang) for r in closed.reasons], lang),
    )
