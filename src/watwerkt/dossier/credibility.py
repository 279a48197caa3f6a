"""How far an effect may be believed, from the verdicts of its checks alone: the weakest link (UX 1, step A).

Start at the ceiling of the design. A check that failed leaves nothing; one that was not informative caps at moderate, a
second kind at low; one that had nothing to look at costs nothing. A check whose silence hangs on the size of the effect
caps at the level that the vocabulary gives it, and is no second kind. Every step is kept, so that a page can tell it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from watwerkt import vocabulary
from watwerkt.dossier.check import Check, Verdict
from watwerkt.dossier.dossier import Dossier

Level = Literal["high", "moderate", "low", "none"]
LEVELS: tuple[Level, ...] = ("none", "low", "moderate", "high")
Cap = tuple[str, Verdict, Level]


@dataclass(frozen=True)
class Credibility:
    """``level`` = the lowest of ``ceiling`` and the caps. ``caps``: (check, verdict, level it caps at), in order."""

    level: Level
    ceiling: Level
    caps: tuple[Cap, ...] = ()


def credibility(dossier: Dossier, arm: str, target: str, outcome: str, compared_with: str = "") -> Credibility:
    """Of what a dossier says of one arm, target and outcome; ``compared_with`` "" = the question's comparison.

    Where several designs answer, of the first that opened. *None* also where nothing of it is open, whatever closed it.
    """
    effects = [
        e for e in dossier.effects if (e.arm, e.target, e.cell.outcome, e.cell.group) == (arm, target, outcome, "all")
    ]
    opened = [e for e in effects if e.opened]
    designs = [e.design for e in opened or effects] or [*dossier.question.design.use]
    own = (c for c in dossier.checks if c.design in ("", designs[0]))
    found = weigh(_ceiling(designs[0]), (c for c in own if c.concerns(arm, target, outcome, compared_with)), target)
    return found if opened or not effects else Credibility("none", found.ceiling, found.caps)


def weigh(ceiling: Level, checks: Iterable[Check], target: str) -> Credibility:
    """The ceiling and the caps of checks that concern one effect. More checks never raise it."""
    caps = tuple(_caps(checks, target))
    return Credibility(min((ceiling, *(level for _, _, level in caps)), key=LEVELS.index), ceiling, caps)


def _caps(checks: Iterable[Check], target: str) -> Iterable[Cap]:
    """Failed: none. Not informative: moderate, from the second kind of check on low. Each kind is counted once.

    One with a cap of its own yields that, and counts towards no other's second.
    """
    known = vocabulary.load("checks")
    own: set[str] = set()
    silent: set[str] = set()
    shut: set[str] = set()
    for check in checks:
        if check.verdict == "failed" and target in check.closes:
            if check.name not in shut:
                yield check.name, "failed", "none"
            shut.add(check.name)
        elif check.verdict in ("failed", "not_informative") and check.name in known and known[check.name].caps:
            if check.name not in own:
                yield check.name, check.verdict, _level(known[check.name].caps)
            own.add(check.name)
        elif check.verdict in ("failed", "not_informative") and check.name not in silent:
            yield check.name, check.verdict, "low" if silent else "moderate"
            silent.add(check.name)


def _ceiling(design: str) -> Level:
    """The highest level the design can reach; none for a design that the vocabulary does not know."""
    known = vocabulary.load("designs")
    return _level(known[design].ceiling) if design in known else "none"


def _level(named: str) -> Level:
    """A level by its name in the vocabulary; none where it is not one."""
    return next((level for level in LEVELS if level == named), "none")
