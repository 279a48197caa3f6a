"""The register standard, declared once: reader, checks and documentation all derive from these tables.

Days are inclusive: a spell that ends on the 31st still runs on the 31st; an empty end means that it still runs. What a
column means, in Dutch and English, stands in vocabulary/columns.toml under its name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from watwerkt.vocabulary import load

Type = Literal["text", "date", "number"]


@dataclass(frozen=True)
class Constraint:
    """What a value must satisfy. A value outside is unknown; with ``sets_aside`` its whole row leaves, counted.

    ``least``, ``most``: inclusive bounds of a number. ``codes``: the values that exist. ``not_before``: the column of
    the same row that a date may not precede. ``not_after``: the one that it may not follow.
    """

    least: float | None = None
    most: float | None = None
    codes: tuple[str, ...] = ()
    not_before: str = ""
    not_after: str = ""
    sets_aside: bool = False


@dataclass(frozen=True)
class Column:
    """One column: its name, its type, whether a row is worth nothing without it, and what its values must satisfy."""

    name: str
    type: Type
    required: bool = False
    constraint: Constraint | None = None

    @property
    def nl(self) -> str:
        """What it means, in Dutch."""
        return load("columns")[self.name].nl

    @property
    def en(self) -> str:
        """What it means, in English."""
        return load("columns")[self.name].en


@dataclass(frozen=True)
class RowRule:
    """A row that is not what its table is about: a reason, the columns it takes, and a predicate over the row."""

    id: str
    columns: tuple[str, ...]
    broken: str


@dataclass(frozen=True)
class Near:
    """Rows that say the same thing twice: the same ``same`` columns, a day of ``days`` (the first that is known) at
    most ``within`` days after that of the row before, and so for the days ``agree`` where both rows know them. The
    first stays."""

    same: tuple[str, ...]
    days: tuple[str, ...]
    agree: tuple[str, ...] = ()
    within: int = 1


@dataclass(frozen=True)
class Table:
    """One table. Without a key, two rows that are equal in every declared column are one row that stands in it twice.

    ``dated``: the columns whose first and last day say which period the table spans. ``one_of``: columns of which at
    least one must have a value. ``near``: when two rows are one thing, registered twice. ``row_rules``: rows that are
    something else. ``begins``: the columns of which the first known is the day from which the row can be known at all
    (with ``whole_months`` the month after it); ``happens``: days that came later, each with the columns that tell of
    the same event.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    dated: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    near: Near | None = None
    row_rules: tuple[RowRule, ...] = ()
    begins: tuple[str, ...] = ()
    happens: tuple[tuple[str, tuple[str, ...]], ...] = ()
    whole_months: bool = False
    names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", frozenset(c.name for c in self.columns))

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be there."""
        return tuple(c.name for c in self.columns if c.required)

    @property
    def of_persons(self) -> bool:
        """Whether each row belongs to a person of the table ``person``."""
        return self.name != "person" and "person_id" in self.names


def _text(name: str, *codes: str) -> Column:
    return Column(name, "text", constraint=Constraint(codes=codes) if codes else None)


def _id(name: str) -> Column:
    return Column(name, "text", required=True)


def _day(name: str, **constraint: str | bool) -> Column:
    return Column(name, "date", constraint=Constraint(**constraint) if constraint else None)  # type: ignore[arg-type]


def _first(name: str) -> Column:
    return Column(name, "date", required=True)


def _number(name: str, least: float | None = 0, most: float | None = None) -> Column:
    return Column(name, "number", constraint=Constraint(least=least, most=most))


_PERSON = _id("person_id")
# A spell that ends before it begins says nothing that can be trusted, so the whole row leaves.
_SPELL_END = _day("end", not_before="start", sets_aside=True)

STANDARD: tuple[Table, ...] = (
    Table(
        "person",
        ("person_id",),
        (_PERSON, _day("birth_date"), _text("sex"), _number("education", 0, 8), _text("region"), _text("household")),
    ),
    Table(
        "benefit_spell",
        ("spell_id",),
        (
            _id("spell_id"), _PERSON, _text("scheme"), _first("start"), _SPELL_END, _text("end_reason"),
            _day("entitlement_end"), _text("office"), _text("caseworker"), _day("known_on"),
        ),
        dated=("start", "end"),
        near=Near(("person_id", "scheme"), ("start",)),
        begins=("start",),
        happens=(("end", ("end_reason",)),),
    ),
    Table(
        "benefit_month",
        ("person_id", "month", "scheme"),
        (_PERSON, _first("month"), _text("scheme"), _number("amount", None), _number("income_from_work", None)),
        dated=("month",),
        begins=("month",),
        whole_months=True,
    ),
    Table(
        "job_spell",
        (),
        (
            _PERSON, _text("job_id"), _first("start"), _SPELL_END, _number("hours_per_week", 0, 168),
            _number("monthly_wage"), _text("contract"), _text("employer_id"), _text("sector"),
        ),
        dated=("start", "end"),
        # Nobody worked: what was paid later, or taken back, is no job.
        row_rules=(
            RowRule("correction", ("hours_per_week", "monthly_wage"), '"hours_per_week" = 0 AND "monthly_wage" < 0'),
            RowRule("no_hours", ("hours_per_week",), '"hours_per_week" = 0'),
        ),
        begins=("start",),
        happens=(("end", ()),),
    ),
    Table(
        "provision",
        ("provision_id",),
        (
            _id("provision_id"), _PERSON, _text("instrument"), _day("offered", not_after="start"), _day("start"),
            # What happened later (the end) may not decide who is in the sample: a wrong one is unknown, nothing more.
            _day("planned_end", not_before="start"), _day("end", not_before="start"), _text("dropped"),
            _number("hours"), _text("provider"), _number("cost"), _text("office"), _day("known_on"),
        ),
        dated=("offered", "start"),
        one_of=("offered", "start"),
        near=Near(("person_id", "instrument"), ("offered", "start"), ("planned_end",)),
        begins=("offered", "start"),
        happens=(("start", ()), ("end", ("dropped",))),
    ),
    Table(
        "sanction",
        ("sanction_id",),
        (
            _id("sanction_id"), _PERSON, _text("kind", "warning", "measure"), _text("ground"), _first("decided"),
            _number("amount"), _number("months"), _text("objection"), _day("reversed_on", not_before="decided"),
        ),
        dated=("decided",),
        begins=("decided",),
        happens=(("reversed_on", ()),),
    ),
    Table(
        "instrument",
        ("instrument",),
        (
            _id("instrument"), _text("counts_as"), _text("name_nl"), _text("name_en"), _number("unit_cost"),
            _number("places"), _day("next_start"),
        ),
    ),
    Table(
        "measurement",
        (),
        (
            _PERSON, _first("date"), Column("measure", "text", required=True),
            Column("value", "number", required=True), _text("wave"), _number("response_weight"),
        ),
        dated=("date",),
        begins=("date",),
    ),
    Table(
        "policy_change",
        ("change_id",),
        (
            _id("change_id"), _day("announced"), _first("date"), _text("rule"), _text("scheme"), _text("who"),
            _text("from"), _text("to"),
        ),
        dated=("date",),
        begins=("announced", "date"),
    ),
    Table(
        "assignment",
        (),
        (
            _id("experiment_id"), _PERSON, _id("arm"), _first("assigned_on"), _text("stratum"), _text("cluster"),
        ),
        dated=("assigned_on",),
        begins=("assigned_on",),
    ),
)  # fmt: skip

TABLES: dict[str, Table] = {table.name: table for table in STANDARD}
