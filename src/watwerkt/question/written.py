"""A question as somebody wrote it down: the right keys and types, not yet the right meaning.

Each class is one table of the file. All keys are optional here: what must be there is said in ``meaning``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from watwerkt.dossier.question import Scalar

Texts = tuple[str, ...]
Numbers = tuple[int, int]


@dataclass(frozen=True)
class Both:
    """A text in Dutch and English."""

    nl: str | None = None
    en: str | None = None


@dataclass(frozen=True)
class Head:
    """What stands under [question]."""

    id: str | None = None
    title: Both | None = None
    inquiry: str = ""


@dataclass(frozen=True)
class TablePart:
    """What stands under [table]."""

    file: str | None = None
    given: Texts = ()
    person: str = ""
    weight: str = ""
    cluster: str = ""
    stratum: str = ""
    remarks: Texts = ()


@dataclass(frozen=True)
class PopulationPart:
    """What stands under [population]."""

    scheme: Texts | None = None
    age: Numbers | None = None
    entry: tuple[dt.date, dt.date] | None = None
    given: Texts = ()


@dataclass(frozen=True)
class PrimaryPart:
    """``primary = { outcome = …, month = … }``."""

    outcome: str | None = None
    month: int | None = None


@dataclass(frozen=True)
class TimePart:
    """What stands under [time]."""

    zero: str | None = None
    until: int | None = None
    horizon: int | None = None
    lock_in: Numbers | None = None
    period: str = "month"
    primary: PrimaryPart | None = None


@dataclass(frozen=True)
class Condition:
    """A value, or a list of values, of one column; ``is_list`` says which."""

    values: tuple[Scalar, ...]
    is_list: bool


@dataclass(frozen=True)
class ArmPart:
    """One arm of [arms]."""

    counts_as: str = ""
    where: dict[str, Condition] | None = None


@dataclass(frozen=True)
class ArmsPart:
    """[arms]: the arms, and the one that the others are compared with."""

    arms: dict[str, ArmPart]
    compared_with: str | None = None


@dataclass(frozen=True)
class OutcomePart:
    """One outcome of [outcomes]."""

    kind: str | None = None
    smallest_effect: float | None = None
    unit: str = ""
    column: str = ""
    columns: str = ""
    periods: Numbers | None = None
    share_of_previous_wage: float | None = None
    measure: str = ""
    window: int | None = None
    better: str | None = None
    at_work: str = ""


@dataclass(frozen=True)
class GroupsPart:
    """What stands under [groups]."""

    by: Texts = ()
    never_split_on: Texts | None = None


@dataclass(frozen=True)
class ChecksPart:
    """What stands under [checks]."""

    not_used_in_selection: Texts = ()
    negative_controls: Texts = ()
    fake_arms: int = 0
    sensitivity: bool = False


@dataclass(frozen=True)
class DesignPart:
    """What stands under [design]."""

    use: Texts | None = None
    takeup: str = ""
    shares: dict[str, float] | None = None


@dataclass(frozen=True)
class SourcePart:
    """What stands under [source]."""

    name: Both | None = None
    funder: Both | None = None
    people: Both | None = None


@dataclass(frozen=True)
class KnownPart:
    """What stands under [[known]]."""

    text: Both | None = None
    found_in: str | None = None


@dataclass(frozen=True)
class Written:
    """The whole file."""

    question: Head = Head()
    table: TablePart | None = None
    population: PopulationPart | None = None
    time: TimePart = TimePart()
    arms: ArmsPart | None = None
    outcomes: dict[str, OutcomePart] | None = None
    groups: GroupsPart = GroupsPart()
    checks: ChecksPart = ChecksPart()
    design: DesignPart = DesignPart()
    source: SourcePart = SourcePart()
    known: tuple[KnownPart, ...] = ()
