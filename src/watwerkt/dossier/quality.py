"""What is wrong with a register before any question: counted, by table and rule. Stays at home."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Defect:
    """One rule of the standard and how many rows break it.

    ``rule`` is an id of vocabulary/reasons.toml; ``sets_aside`` says whether such rows leave the sample; ``examples``
    holds up to three keys (home use only).
    """

    table: str
    column: str
    rule: str
    rows: int
    sets_aside: bool
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """Something that stands out and breaks no rule: how many were found, of how many (rows, offices, months).

    ``rule`` is an id under ``quality.note`` of the word catalogue; ``examples`` as in Defect. Nothing leaves for it.
    """

    table: str
    rule: str
    found: int
    of: int
    unit: str = "rows"
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableState:
    """One table of the standard: absent, or its rows and the period its dates span (ISO dates, "" if none)."""

    table: str
    present: bool
    rows: int = 0
    first: str = ""
    last: str = ""
    missing_columns: tuple[str, ...] = ()
    extra_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Registered:
    """Starts of an instrument that an office registered in a quarter (its first day), and how many were usual.

    ``state``: unfit (declared in register.toml), doubt (registration broke down), fine, or unjudged (too few starts for
    any number to be a surprise).
    """

    office: str
    instrument: str
    quarter: str
    found: int
    usual: float
    state: str


@dataclass(frozen=True)
class Doubt:
    """A stretch whose registration is in doubt: nothing leaves for it until somebody declares it.

    ``kind``: break (against the office's own past), lost (a month without anything), few (less than other offices, all
    the time). ``instrument`` "" = every. ``first`` and ``last`` ISO dates; ``said``: what register.toml says of it
    already, "fit", "unfit" or "".
    """

    kind: str
    office: str
    instrument: str
    first: str
    last: str
    found: int
    usual: float
    said: str = ""


@dataclass(frozen=True)
class Quality:
    """A whole register: its tables, its defects, what stands out, and which kinds of outcome it can answer.

    ``known_on``: the ISO day as of which it was read, "" where it was read whole.
    """

    register: str
    snapshot: str
    synthetic: bool
    tables: tuple[TableState, ...]
    defects: tuple[Defect, ...]
    fit_for: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    known_on: str = ""
    registered: tuple[Registered, ...] = ()
    doubts: tuple[Doubt, ...] = ()
