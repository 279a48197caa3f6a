"""What the checks cannot see, and how often they were right where the truth is known: said on every adjusted page.

The numbers come from ``limits.toml``, which `make docs` copies from the table of docs/truth/opened.md. Where that file
has no row, the sentences stand without numbers.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from watwerkt.dossier import Dossier
from watwerkt.report.numbers import nearest, written
from watwerkt.report.words import text

LIMITED = "adjusted"  # the design of which all this is said: a lottery has no hidden selection


@dataclass(frozen=True)
class Tried:
    """One kind of invented world: of its ``effects`` the share ``opened``; of those the share whose range ``misses``
    the truth (None where none opened)."""

    id: str
    effects: int
    opened: float
    misses: float | None


@dataclass(frozen=True)
class Trial:
    """All kinds, the command that tried them and its date ("" and nothing where nobody has)."""

    command: str = ""
    date: str = ""
    tried: tuple[Tried, ...] = ()


@cache
def trial() -> Trial:
    """What was found, as the package has it."""
    return parsed(files(__package__).joinpath("limits.toml").read_text(encoding="utf-8"))


def parsed(toml: str) -> Trial:
    """The same of any text of that form."""
    said = tomllib.loads(toml)
    rows = said.get("tried", {})
    tried = tuple(Tried(key, r["effects"], r["opened"], r.get("misses")) for key, r in rows.items())
    return Trial(said.get("command", ""), said.get("date", ""), tried)


def unseen(dossier: Dossier, lang: str) -> Iterator[str]:
    """What no check of this dossier sees."""
    if _is_limited(dossier):
        yield text("limit.news", lang)
        if not dossier.question.checks.not_used_in_selection:
            yield text("limit.undeclared", lang)


def rates(dossier: Dossier, lang: str, found: Trial | None = None) -> tuple[str, ...]:
    """How often watwerkt opened what is sound and closed what is not, a line a kind of world; nothing where unknown."""
    found = trial() if found is None else found
    if not found.tried or not _is_limited(dossier):
        return ()
    return tuple(_line(one, lang) for one in found.tried)


def source(lang: str, found: Trial | None = None) -> str:
    """Which command found it, and when."""
    found = trial() if found is None else found
    return text("limit.source", lang).format(command=found.command, date=found.date) if found.tried else ""


def _is_limited(dossier: Dossier) -> bool:
    return any(effect.design == LIMITED for effect in dossier.effects)


def _line(one: Tried, lang: str) -> str:
    key = "limit.opened" if one.misses is None else "limit.opened_misses"
    return text(key, lang).format(
        name=text(f"limit.world.{one.id}", lang),
        opened=_of_100(one.opened, lang),
        closed=written(Decimal(100) - nearest(100 * one.opened, Decimal(1)), lang),
        misses="" if one.misses is None else _of_100(one.misses, lang),
    )


def _of_100(share: float, lang: str) -> str:
    return written(nearest(Decimal(repr(share)) * 100, Decimal(1)), lang)
