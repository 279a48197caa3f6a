"""Whatever stands in a delivery: every row is told once, and rows, euros and hours add up to the source."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import tempfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from random import Random

import duckdb
import registers
from hypothesis import given, settings
from hypothesis import strategies as st

from watwerkt.dossier import Mapped
from watwerkt.errors import TableError
from watwerkt.register.mapping import map_delivery

HEAD = ("RINPERSOONS", "RINPERSOON", "IKVID", "SBEID", "SDATUMAANVANGIKO", "SDATUMEINDEIKO", "SBASISLOON", "SBASISUREN")
LEFT = ("set_aside", "superseded", "folded", "written")
SLOW = settings(max_examples=40, deadline=None)

DAYS = st.dates(dt.date(2018, 12, 25), dt.date(2019, 4, 5)).map(lambda day: day.strftime("%Y%m%d"))
CENTS = st.integers(-50_000, 400_000).map(lambda cents: str(Decimal(cents) / 100))
PAY = st.tuples(
    st.sampled_from(("R", "R", "R", "S", "")), st.sampled_from(("1", "2", "000000001", "")),
    st.sampled_from(("a", "b", "")), st.sampled_from(("x", "y", "")), DAYS, DAYS, CENTS | st.just(""),
    st.sampled_from(("0", "38", "160.25", "")),
)  # fmt: skip
# Anything that can stand between two commas.
CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8) | DAYS | CENTS
JUNK = st.tuples(*(CELL for _ in HEAD))


def mapped(files: list[list[tuple[str, ...]]]) -> tuple[Mapped, int]:
    """SPOLIS files of these rows, mapped: what went where, and the hundredths of euros in what was written."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "d"
        home.mkdir()
        (home / "register.toml").write_text(registers.SETTINGS, "utf-8")
        for i, rows in enumerate(files):
            with (home / f"SPOLIS{i}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, quoting=csv.QUOTE_ALL).writerows([HEAD, *rows])
        found = map_delivery(home, Path(place) / "r", ["spolis"])
        jobs = f"'{place}/r/job_spell.parquet'"
        query = f"SELECT coalesce(sum(CAST(round(paid * 100) AS HUGEINT)), 0) FROM {jobs}"
        return found, int(duckdb.sql(query).fetchall()[0][0])


def adds_up(found: Mapped) -> None:
    """In every file and measure what was read is where it went."""
    went: dict[tuple[str, str, str], int] = defaultdict(int)
    for one in found.went:
        went[one.file, one.measure, one.what] += one.amount
    for file, measure, what in list(went):
        if what == "read":
            assert went[file, measure, "read"] == sum(went[file, measure, where] for where in LEFT)


@SLOW
@given(st.lists(st.lists(PAY, min_size=1, max_size=12), min_size=1, max_size=3))
def test_rows_and_euros_add_up_to_the_source(files: list[list[tuple[str, ...]]]) -> None:
    """To the row and to the cent, by file; what was written holds the euros of the rows that were kept."""
    found, written = mapped(files)
    read = {m: sum(o.amount for o in found.went if (o.what, o.measure) == ("read", m)) for m in ("rows", "paid")}
    kept = sum(o.amount for o in found.went if o.what in ("written", "folded") and o.measure == "paid")

    adds_up(found)
    assert read["rows"] == sum(map(len, files))
    assert read["paid"] == sum(int(Decimal(row[6] or 0) * 100) for rows in files for row in rows)
    assert written == kept


@SLOW
@given(st.lists(PAY, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str, ...]], random: Random) -> None:
    """Neither what is written nor what is told."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = mapped([rows])[0], mapped([shuffled])[0]

    assert (one.snapshot, one.went) == (other.snapshot, other.went)


@SLOW
@given(st.lists(JUNK | PAY, min_size=1, max_size=8))
def test_anything_in_a_cell_is_an_error_or_a_counted_row(rows: list[tuple[str, ...]]) -> None:
    """One clear error of the table's kind, or sums that add up; nothing else comes out."""
    found = None
    with contextlib.suppress(TableError):
        found, _ = mapped([rows])
    if found is not None:
        adds_up(found)
