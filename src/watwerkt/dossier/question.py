"""A declared question: what is asked, of whom, compared with what, judged by which checks. Its fingerprint is its seal.

The same noun describes a question on a register (``population`` and ``time.zero``) and one on a prepared table
(``table``). Everything is frozen and plain, so that canonical JSON of it is the same on every machine.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal, get_args

Kind = Literal["employed", "employed_at", "earnings", "wage", "on_benefit", "measure", "number"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Scalar = str | int | float | bool

# What a reader sees and what changes no number: left out of the fingerprint.
_NOT_SEALED = ("title", "source", "known", "inquiry")


@dataclass(frozen=True)
class Words:
    """One text in two languages."""

    nl: str = ""
    en: str = ""


@dataclass(frozen=True)
class Where:
    """A condition on one column: its value is one of ``values``, or lies in [values[0], values[1]) if ``between``."""

    column: str
    values: tuple[Scalar, ...]
    between: bool = False


@dataclass(frozen=True)
class Arm:
    """An instrument or a variant of one inside this question; ``counts_as`` is its vocabulary id."""

    name: str
    counts_as: str = ""
    where: tuple[Where, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What is looked at, and the smallest effect on it that matters (in its unit; None = not declared).

    ``at_work`` names the column (or ``columns`` with {t}) of a table that says who has a ``wage``: 1 at work, 0 not.
    """

    name: str
    kind: Kind
    smallest_effect: float | None = None
    unit: str = ""
    column: str = ""
    columns: str = ""
    periods: tuple[int, int] | None = None
    share_of_previous_wage: float | None = None
    measure: str = ""
    window: int | None = None
    better: Literal["more", "less"] = "more"
    at_work: str = ""

    @property
    def is_path(self) -> bool:
        """Whether it is looked at period by period (a register outcome always is)."""
        return not self.column


@dataclass(frozen=True)
class Table:
    """A prepared table, one row a person. Column names are optional where "" is the default.

    ``remarks`` are vocabulary ids of what a reader must know of the file: *unweighted*, *followed_only*.
    """

    file: str
    person: str = ""
    weight: str = ""
    cluster: str = ""
    stratum: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Population:
    """Who may enter, on a register. ``entry`` holds ISO dates: first and last day on which the spell may begin."""

    scheme: tuple[str, ...] = ()
    age: tuple[int, int] | None = None
    entry: tuple[str, str] | None = None


@dataclass(frozen=True)
class Primary:
    """The cell on which *works* is decided."""

    outcome: str
    month: int | None = None


@dataclass(frozen=True)
class Time:
    """Clock of the question. ``until``: trials start in elapsed months 0 … until−1. ``lock_in``: first, last period."""

    zero: str = ""
    until: int = 12
    horizon: int | None = None
    lock_in: tuple[int, int] | None = None
    period: Literal["month", "week"] = "month"
    primary: Primary | None = None


@dataclass(frozen=True)
class Checks:
    """Placebo outcomes whose rejection closes, negative controls (METHODS 4.3), how many times arms are faked among the
    comparison (4.5; 0 = not at all), and whether to estimate in other ways."""

    not_used_in_selection: tuple[str, ...] = ()
    negative_controls: tuple[str, ...] = ()
    fake_arms: int = 0
    sensitivity: bool = False


@dataclass(frozen=True)
class Design:
    """Which designs answer, the column that says who took it up, and the shares that were drawn, by arm name."""

    use: tuple[str, ...] = ("adjusted",)
    takeup: str = ""
    shares: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Source:
    """Where the data come from and who paid, for a reader; changes no number."""

    name: Words = Words()
    funder: Words = Words()
    people: Words = Words()


@dataclass(frozen=True)
class Known:
    """A published later finding: listed beside the answer, never pooled with it."""

    text: Words
    found_in: str


@dataclass(frozen=True)
class Question:
    """A declared question, complete. ``compared_with`` is an arm's name, or ``not_now`` on a register."""

    id: str
    title: Words
    arms: tuple[Arm, ...]
    compared_with: str
    outcomes: tuple[Outcome, ...]
    table: Table | None = None
    population: Population | None = None
    time: Time = Time()
    given: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    never_split_on: tuple[str, ...] = ("origin", "nationality", "language", "postcode")
    checks: Checks = Checks()
    design: Design = Design()
    source: Source = Source()
    known: tuple[Known, ...] = ()
    inquiry: str = ""

    @property
    def canonical(self) -> str:
        """All that the seal covers as canonical JSON: sorted keys, no blanks, no titles."""
        sealed = {key: value for key, value in asdict(self).items() if key not in _NOT_SEALED}
        return json.dumps(sealed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def fingerprint(self) -> str:
        """sha256 of the canonical JSON, without titles and sources."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def treatments(self) -> tuple[Arm, ...]:
        """The arms that are compared with the comparison, in declared order."""
        return tuple(arm for arm in self.arms if arm.name != self.compared_with)

    def outcome(self, name: str) -> Outcome:
        """The outcome of that name; KeyError if there is none."""
        return {o.name: o for o in self.outcomes}[name]

    def arm(self, name: str) -> Arm:
        """The arm of that name; KeyError if there is none."""
        return {a.name: a for a in self.arms}[name]

    @property
    def primary(self) -> Primary:
        """The declared primary cell, or the first outcome at the horizon."""
        return self.time.primary or Primary(self.effects[0].name, self.time.horizon)

    @property
    def effects(self) -> tuple[Outcome, ...]:
        """The outcomes that an instrument could change: all but the negative controls."""
        return tuple(o for o in self.outcomes if o.name not in self.checks.negative_controls)
