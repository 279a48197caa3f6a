"""What became of a delivery: every row read, and where it went. Stays at home."""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt.dossier.question import Words


@dataclass(frozen=True)
class Went:
    """How much of one file went where, for one table: ``what`` with its ``reason``, in rows or in a total.

    ``what``: read, set_aside, superseded, folded, written (read is the sum of the others); check (rows that were
    written and that a rule of the standard sets aside); of the rows that stay, unreadable_value and other_code (values
    that are empty now) and not_told_again (they run on although the last delivery does not tell them). ``measure``:
    rows, or the name of a total, in hundredths.
    """

    table: str
    file: str
    what: str
    reason: str
    measure: str
    amount: int


@dataclass(frozen=True)
class Mapped:
    """A delivery that was mapped: the register that it became, what went where, and the files that nothing asked for.

    ``reasons``: the mapping's own reasons in words, by id.
    """

    register: str
    snapshot: str
    mappings: tuple[str, ...]
    synthetic: bool
    went: tuple[Went, ...]
    reasons: tuple[tuple[str, Words], ...] = ()
    unused: tuple[str, ...] = ()
