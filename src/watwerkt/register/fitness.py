"""Which parts of a register are fit for use, as register.toml declares it: by office, instrument and period.

A missing provision is not "no provision" where an office does not register it. Only a person who knows may say so: what
`check` estimates is a question, and changes nobody's place in the sample (docs/decisions/0130).
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

Period = tuple[dt.date, dt.date]

_KEYS = ("office", "instrument", "period", "fit", "reason")


@dataclass(frozen=True)
class Fitness:
    """One [[quality]] of register.toml. ``office``, ``instrument`` "" = every; ``period`` first and last day."""

    office: str
    instrument: str
    period: Period
    fit: bool
    reason: str = ""

    def meets(self, other: Fitness) -> bool:
        """Whether both speak of the same office, instrument and day somewhere."""
        pairs = ((self.office, other.office), (self.instrument, other.instrument))
        named = all(not a or not b or a == b for a, b in pairs)
        return named and self.period[0] <= other.period[1] and other.period[0] <= self.period[1]


def read_fitness(said: object) -> tuple[Fitness, ...]:
    """The entries of register.toml, by office, instrument and period; after ``wrong_fitness`` found nothing."""
    entries = said if isinstance(said, list) else []
    found = (
        Fitness(
            one.get("office", ""),
            one.get("instrument", ""),
            (one["period"][0], one["period"][1]),
            one["fit"],
            one.get("reason", ""),
        )
        for one in entries
    )
    return tuple(sorted(found, key=lambda f: (f.office, f.instrument, f.period)))


def wrong_fitness(said: object) -> list[str]:
    """What is wrong with the entries, each with its place (from 1)."""
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        return ["quality must be a list of tables, each under [[quality]]"]
    problems = [f"quality {i}: {what}" for i, one in enumerate(said, start=1) for what in _wrong(one)]
    return problems or _contradictions(said)


def _wrong(one: dict[str, object]) -> list[str]:
    """What is wrong with one entry."""
    found = [f"{key} is not known; there is {', '.join(_KEYS)}" for key in one if key not in _KEYS]
    if "office" not in one and "instrument" not in one:
        found.append("names no office and no instrument; a period that nobody registered belongs in gaps")
    found += [
        f"{key} must be text, and not empty"
        for key in ("office", "instrument")
        if key in one and not (isinstance(one[key], str) and one[key])
    ]
    if not isinstance(one.get("reason", ""), str):
        found.append("reason must be text")
    if not isinstance(one.get("fit"), bool):
        found.append("fit must be true or false, and be there")
    if not is_period(one.get("period")):
        found.append("period must be two dates, first and last day: [2018-01-01, 2018-03-31]")
    return found


def _contradictions(said: list[dict[str, object]]) -> list[str]:
    """Entries of which one says that a day is fit for use and another that it is not."""
    numbered = [(i, read_fitness([one])[0]) for i, one in enumerate(said, start=1)]
    return [
        f"quality {i} and quality {j} say of the same days that they are fit and that they are not"
        for (i, a), (j, b) in combinations(numbered, 2)
        if a.fit != b.fit and a.meets(b)
    ]


def unknown_names(declared: Iterable[Fitness], offices: Iterable[str], instruments: Iterable[str]) -> tuple[str, ...]:
    """Offices and instruments that are declared and occur nowhere: an entry that would silently do nothing."""
    found = []
    for key, known in (("office", sorted(offices)), ("instrument", sorted(instruments))):
        for name in dict.fromkeys(getattr(one, key) for one in declared):
            if name and name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"; close to it: {near[0]}" if near else ""
                found.append(f"quality: {key} '{name}' is not in the register{hint}")
    return tuple(found)


_FIRST_YEAR, _LAST_YEAR = 1800, 9998


def is_period(value: object) -> bool:
    """Two dates in order, not of the kind that stands for "always"."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        return False
    if not all(type(day) is dt.date for day in value):
        return False
    first, last = value
    return bool(first <= last and first.year >= _FIRST_YEAR and last.year <= _LAST_YEAR)
