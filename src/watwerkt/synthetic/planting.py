"""The tables of a delivery while quirks are planted in them: which rows are wrong already, and how many of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from watwerkt.synthetic.clock import Days
from watwerkt.synthetic.keys import Keys
from watwerkt.synthetic.offices import Offices

Tables = dict[str, pa.Table]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Quirks:
    """Shares of rows, unless told otherwise; all 0 is a clean delivery.

    ``duplicates``: of benefit spells and months, jobs, provisions and measurements. ``near_duplicates`` and
    ``late``, known 120 days or more afterwards: of benefit spells and provisions. ``reversed_ends``: of benefit spells,
    jobs and provisions. ``no_planned_end``, ``ends_with_spell``, ``never_started``: of provisions that are no talk; the
    first in three offices of twelve mostly; the second beside those that work brought to an end; the third includes
    what the world itself brings about.
    ``reversed_sanctions``; ``paid_later``, ``corrections``, ``second_jobs``: of jobs; ``no_form``: of exits to work.
    ``under_registering``: of offices, which register half their coaching. ``lost_month``: whether one office lost all
    provisions of one month. ``merger``: whether two offices went on as one halfway.
    """

    duplicates: float = 0.0
    near_duplicates: float = 0.0
    reversed_ends: float = 0.0
    no_planned_end: float = 0.0
    ends_with_spell: float = 0.0
    never_started: float = 0.0
    reversed_sanctions: float = 0.0
    paid_later: float = 0.0
    corrections: float = 0.0
    second_jobs: float = 0.0
    late: float = 0.0
    no_form: float = 0.0
    under_registering: float = 0.0
    lost_month: bool = False
    merger: bool = False

    def only(self, *names: str) -> Quirks:
        """These quirks alone."""
        return Quirks(**{name: getattr(self, name) for name in names})


class Planting:
    """The tables while quirks are planted in them. ``used``: rows that are wrong already, by table."""

    def __init__(self, tables: Tables, quirks: Quirks, keys: Keys, chunk: int) -> None:
        self.tables, self.quirks, self.keys, self.chunk = tables, quirks, keys, chunk
        self.planted: Counter[str] = Counter()
        self.places = Offices.of(keys.seed, quirks.under_registering)
        self.used: dict[str, Mask] = {}
        self.gone: dict[str, Mask] = {}

    def rng(self, name: str) -> np.random.Generator:
        """The luck of one quirk in one chunk."""
        return np.random.default_rng([self.keys.seed, 4, self.chunk, *name.encode()])

    def days(self, table: str, column: str) -> NDArray[np.datetime64]:
        """A column of days, NaT where empty."""
        return np.array(self.tables[table][column].to_numpy(), dtype="datetime64[D]")

    def column(self, table: str, column: str) -> NDArray[np.generic]:
        """Another column."""
        return np.array(self.tables[table][column].to_numpy(zero_copy_only=False))

    def put(self, table: str, column: str, values: NDArray[np.generic] | pa.Array) -> None:
        """Put a column in its place."""
        old = self.tables[table]
        made = values if isinstance(values, pa.Array) else pa.array(values, from_pandas=True)
        self.tables[table] = old.set_column(
            old.column_names.index(column), column, made.cast(old.schema.field(column).type)
        )

    def begin(self, table: str) -> None:
        """No row of a table is wrong yet."""
        n = self.tables[table].num_rows
        self.used[table], self.gone[table] = np.zeros(n, bool), np.zeros(n, bool)

    def some(self, table: str, rule: str, share: float | NDArray[np.float64], among: Mask) -> Days:
        """Rows that become wrong by a rule: each of ``among`` that is still right, with probability ``share``."""
        rng = self.rng(f"{table}.{rule}")
        rows = np.flatnonzero((rng.random(len(among)) < share) & among & ~self.used[table])
        self.used[table][rows] = True
        self.count(f"{table}.{rule}", len(rows))
        return rows

    def later(self, table: str, rule: str, rows: Days, least: int, most: int) -> NDArray[np.timedelta64]:
        """So many days for each row."""
        return self.rng(f"{table}.{rule}.days").integers(least, most + 1, len(rows)).astype("timedelta64[D]")

    def keep(self, table: str, rows: Mask) -> None:
        """Only these rows of a table."""
        self.tables[table] = self.tables[table].filter(pa.array(rows))

    def append(self, table: str, parts: list[pa.Table], aside: int = 0) -> None:
        """Put rows behind a table; the first ``aside`` of them will be set aside, all are used."""
        more = sum(part.num_rows for part in parts)
        self.tables[table] = pa.concat_tables([self.tables[table], *parts])
        self.used[table] = np.append(self.used[table], np.ones(more, bool))
        self.gone[table] = np.append(self.gone[table], np.arange(more) < aside)

    def count(self, name: str, n: int) -> None:
        """So many were planted of one; nothing is said of none."""
        if n:
            self.planted[name] += n
