"""The same people followed: the only reader of a register's outcomes, and only of a sealed question."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Outcome
from watwerkt.errors import NotInRegister, OtherData
from watwerkt.register import Register
from watwerkt.register.database import Database, Kind
from watwerkt.sample.arms import NOT_NOW, compile_arms, final_codes
from watwerkt.sample.history import history, wage_rate
from watwerkt.sample.months import Pieces, add_up, calendar_bounds, covers, month_number, pieces
from watwerkt.sample.nouns import Codes, Drawn, Floats, Followed, Panel, Sealed
from watwerkt.sample.queries import ask, run
from watwerkt.sample.register_draw import spell_starts
from watwerkt.sample.seal import require_sealed
from watwerkt.sample.trials import months_of

_TABLES = {
    "employed": "job_spell",
    "employed_at": "job_spell",
    "earnings": "job_spell",
    "wage": "job_spell",
    "on_benefit": "benefit_spell",
    "measure": "measurement",
}
_WINDOW = 6
_CHOSEN: dict[str, Kind] = {
    "row_id": "BIGINT",
    "person_id": "VARCHAR",
    "arm": "BIGINT",
    "zero": "DATE",
    "spell_start": "DATE",
    "first_month": "DATE",
    "end_month": "DATE",
}
_READ = ("person", "benefit_spell", "provision", "job_spell", "measurement")


def follow_register(drawn: Drawn, register: Register, sealed: Sealed) -> Followed:
    """All outcomes of the question, month by month from the calendar month of time zero to the horizon."""
    require_sealed(drawn, sealed)
    if register.snapshot != drawn.snapshot:
        raise OtherData(where=str(register.folder))
    for outcome in drawn.question.outcomes:
        table = _TABLES.get(outcome.kind)
        if table is None or table not in register.tables:
            raise NotInRegister(where=f"outcome {outcome.name}", needed=table or outcome.kind)
    with register.connect(*_READ) as connection:
        _choose(drawn, connection)
        outcomes = _Outcomes(drawn, connection)
        panels = tuple(outcomes.panel(outcome) for outcome in drawn.question.outcomes)
        later = _later(drawn, register, connection)
        return Followed(drawn, panels, later, _got(drawn, connection))


def _choose(drawn: Drawn, connection: Database) -> None:
    """The drawn rows as a table of the connection, with the months in which they are followed."""
    bounds = calendar_bounds(drawn.zero, months_of(drawn.question) + 1)
    found = {
        "row_id": np.arange(len(drawn)),
        "person_id": drawn.ident.astype(object),
        "arm": drawn.arm,
        "zero": drawn.zero,
        "spell_start": spell_starts(drawn.key),
        "first_month": bounds[:, 0].astype("datetime64[D]"),
        "end_month": bounds[:, -1].astype("datetime64[D]"),
    }
    connection.load("chosen", _CHOSEN, found)


@dataclass(frozen=True, eq=False)
class _Outcomes:
    """Panels of one question, each table read when an outcome first needs it."""

    drawn: Drawn
    connection: Database

    @property
    def months(self) -> int:
        """Months followed, that of time zero included."""
        return months_of(self.drawn.question) + 1

    @property
    def bounds(self) -> NDArray[np.int64]:
        """(n, months + 1) first days of the months."""
        return calendar_bounds(self.drawn.zero, self.months)

    def panel(self, outcome: Outcome) -> Panel:
        """One outcome of everybody."""
        observed = None
        if outcome.kind == "on_benefit":
            y = covers(self.spells("follow_benefit"), self.bounds[:, 1:] - 1).astype(np.float32)
        elif outcome.kind == "measure":
            y = self.measured(outcome)
            observed = ~np.isnan(y)
        elif outcome.kind == "employed_at":
            y, observed = self.kept_wage(outcome)
        elif outcome.kind == "wage":
            return self.wage(outcome)
        else:
            added = add_up(self.spells("follow_jobs"), self.bounds)
            pay = added.cent_days / np.diff(self.bounds, axis=1) / 100.0
            y = (added.worked if outcome.kind == "employed" else pay).astype(np.float32)
        return Panel(outcome.name, tuple(range(self.months)), y, observed)

    def spells(self, name: str) -> Pieces:
        """Jobs or benefit spells of the drawn rows."""
        found = ask(self.connection, name)
        wage = found.number("wage") if "wage" in found.columns else np.zeros(len(found))
        return pieces(found.whole("row_id"), found.day("first"), found.day("last"), wage)

    def wage(self, outcome: Outcome) -> Panel:
        """What a whole month pays those who have a job in it. Not known of who works for a wage that is not recorded;
        the register covers every month that is followed, so who has no job there is not at work."""
        jobs = self.spells("follow_jobs")
        work, rate = add_up(jobs, self.bounds).worked, wage_rate(jobs, self.bounds)
        paid = work & (rate > 0)
        known = paid | ~work
        y = np.where(paid, rate, 0).astype(np.float32)
        return Panel(outcome.name, tuple(range(self.months)), y, None if known.all() else known, paid)

    def kept_wage(self, outcome: Outcome) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Employed at no less than a share of the previous wage; not known of those who had none."""
        before = history(self.spells("follow_wages"), spell_starts(self.drawn.key)).wage
        rate = wage_rate(self.spells("follow_jobs"), self.bounds)
        least = before * (outcome.share_of_previous_wage or 1.0)
        known = np.broadcast_to(~np.isnan(before)[:, None], rate.shape)
        kept = (rate > 0) & (rate >= np.where(np.isnan(least), np.inf, least)[:, None])
        return np.where(known, kept, np.nan).astype(np.float32), known.copy()

    def measured(self, outcome: Outcome) -> NDArray[np.float32]:
        """The measurement nearest to each month within the window, after time zero; NaN where there is none."""
        found = ask(self.connection, "follow_measures")
        own = found.words("measure") == (outcome.measure or outcome.name)
        row, value = found.whole("row_id")[own], found.number("value")[own]
        month = month_number(found.day("day")[own]) - month_number(self.drawn.zero)[row]
        window = _WINDOW if outcome.window is None else outcome.window
        return nearest(row, month, value, (len(self.drawn), self.months), window)


def nearest(
    row: NDArray[np.int64], month: NDArray[np.int64], value: Floats, shape: tuple[int, int], window: int
) -> NDArray[np.float32]:
    """(n, M) the value nearest in months, the later one of two that are equally near; NaN beyond the window.

    Values come sorted by row and day. Farther ones are written first, so that nearer ones overwrite them.
    """
    y = np.full(shape, np.nan, dtype=np.float32)
    for distance in range(window, -1, -1):
        for at in (month + distance, month - distance):
            inside = (at >= 0) & (at < shape[1])
            y[row[inside], at[inside]] = value[inside]
    return y


def _later(drawn: Drawn, register: Register, connection: Database) -> Codes:
    """First month after time zero in which somebody of the comparison starts anything compared; −1 if none does."""
    later = np.full(len(drawn), -1, dtype=np.int64)
    if drawn.question.compared_with != NOT_NOW:
        return later
    compile_arms(drawn.question, register, connection)
    run(connection, "compared")
    found = ask(connection, "follow_later")
    row = found.whole("row_id")
    month = month_number(found.day("day")) - month_number(drawn.zero)[row]
    inside = month <= months_of(drawn.question)
    later[row[inside]] = month[inside]
    return later


def _got(drawn: Drawn, connection: Database) -> tuple[tuple[str, Codes], ...]:
    """First month after time zero in which somebody of the comparison starts each arm; after ``_later``."""
    if drawn.question.compared_with != NOT_NOW:
        return ()
    found, codes = ask(connection, "follow_got"), final_codes(drawn.question)
    row, arm = found.whole("row_id"), np.array([codes[a] for a in found.whole("arm").tolist()], dtype=np.int64)
    month = month_number(found.day("day")) - month_number(drawn.zero)[row]
    made = []
    for code, name in enumerate(drawn.arms[1:], start=1):
        first = np.full(len(drawn), -1, dtype=np.int64)
        mine = (arm == code) & (month <= months_of(drawn.question))
        first[row[mine]] = month[mine]
        made.append((name, first))
    return tuple(made)
