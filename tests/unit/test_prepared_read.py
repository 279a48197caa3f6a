"""A prepared table is read the same from every kind of file and frame, and never silently wrong."""

from __future__ import annotations

import codecs

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
import registers
from bad_input import table

from watwerkt import question, register
from watwerkt.errors import (
    DecimalComma,
    MissingColumn,
    MissingExtra,
    NotAFrame,
    NotNumbers,
    OtherSource,
    TooManyValues,
    UnevenRow,
    UnreadableFile,
    WrongType,
)
from watwerkt.register import formats
from watwerkt.sample import draw, prepared

PEOPLE = table()
OUTCOMES = {"earnings": {"column": "earnings", "unit": "EUR a month"}}


def ask(**changes):
    """The question of the table of bad_input, without a key."""
    arms = {"course": {"course": 1}, "none": {"course": 0}}
    parts = {"arms": arms, "compared_with": "none", "outcomes": OUTCOMES, "given": ["age", "region"]}
    return question.ask(**{**parts, **changes})


def arrow(text=PEOPLE):
    """A CSV text as an Arrow table."""
    return pyarrow.csv.read_csv(pa.py_buffer(text.encode()))


def frame(**columns):
    """The same sixty people with other or more columns."""
    people = arrow()
    for name, values in columns.items():
        people = people.drop_columns([name]) if name in people.column_names else people
        people = people.append_column(name, values if isinstance(values, pa.Array) else pa.array(values))
    return people


def test_every_way_in_gives_the_same_snapshot(tmp_path):
    """CSV with comma, semicolon, tab or bar, with a byte order mark or carriage returns; Parquet; four frames."""
    people = arrow()
    (tmp_path / "a.csv").write_text(table())
    for name, delimiter in (("b", ";"), ("c", "\t"), ("d", "|")):
        (tmp_path / f"{name}.csv").write_text(table().replace(",", delimiter))
    (tmp_path / "e.csv").write_bytes(codecs.BOM_UTF8 + table().replace("\n", "\r\n").encode())
    pyarrow.parquet.write_table(people, tmp_path / "f.parquet")
    ways = [*sorted(tmp_path.iterdir()), str(tmp_path / "a.csv"), people, people.to_pandas(), nw.from_native(people)]
    with duckdb.connect() as connection:
        ways.append(connection.sql("FROM people"))
        snapshots = {prepared(ask(), way).snapshot for way in ways}

    assert len(snapshots) == 1


def test_stata_and_spss(tmp_path):
    """Through pyreadstat, values as stored."""
    pyreadstat = pytest.importorskip("pyreadstat")
    people = arrow().to_pandas()
    pyreadstat.write_dta(people, str(tmp_path / "a.dta"))
    pyreadstat.write_sav(people, str(tmp_path / "a.sav"))

    assert {prepared(ask(), path).snapshot for path in tmp_path.iterdir()} == {prepared(ask(), people).snapshot}
    (tmp_path / "a.dta").write_bytes(b"no Stata")
    with pytest.raises(UnreadableFile, match="it is not DTA"):
        prepared(ask(), tmp_path / "a.dta")


def test_stata_without_its_library(tmp_path, monkeypatch):
    """The extra is named."""
    (tmp_path / "a.dta").touch()
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"watwerkt\[files\]"):
        prepared(ask(), tmp_path / "a.dta")


def test_columns_that_are_not_asked_for_do_not_matter(tmp_path):
    """They are not read, so neither their values nor their kind can go wrong."""
    extra = frame(diary=pa.array([{"a": i} for i in range(60)]))

    assert prepared(ask(), extra).snapshot == prepared(ask(), arrow()).snapshot


def test_the_order_of_rows_and_columns_changes_nothing():
    """Keys, covariates and snapshot are those of the rows, wherever they stood."""
    people = arrow()
    shuffled = people.take(np.random.default_rng(1).permutation(60)).select(sorted(people.column_names))
    first, second = prepared(ask(), people), prepared(ask(), shuffled)

    assert first.snapshot == second.snapshot
    assert first.people.key.tolist() == second.people.key.tolist() == sorted(set(first.people.key))
    assert (first.later["earnings"].values == second.later["earnings"].values).all()


def test_exact_copies_have_keys_of_their_own():
    """Two people may be alike in everything; each is one row."""
    people = pa.concat_tables([arrow(), arrow().slice(0, 2)])
    keys = prepared(ask(given=["age"]), people).people.key

    assert len(set(keys)) == 62
    assert sum(key.endswith("-2") for key in keys) == 2


def test_a_person_is_the_key_as_it_is_written(tmp_path):
    """Leading zeros stay; a number and its text are the same person."""
    text = table().replace("\np", "\n0")
    (tmp_path / "a.csv").write_text(text)
    written = prepared(ask(person="person"), tmp_path / "a.csv").people.key

    assert written[:2].tolist() == ["000", "001"]
    numbers = prepared(ask(person="person"), arrow(text)).people.key
    assert numbers[:2].tolist() == ["0", "1"]


@pytest.mark.parametrize("unknown", ["", "NA", "N/A", "NaN", "NULL", "null", "."])
def test_what_stands_for_unknown(unknown, tmp_path):
    """Each way of writing nothing is nothing, in numbers and in codes."""
    (tmp_path / "a.csv").write_text(table().replace("p03,1,41", f"p03,1,{unknown}").replace("north", unknown))
    known = prepared(ask(), tmp_path / "a.csv").people.known

    assert np.isnan(known["age"].values).sum() == 1
    assert sum(value is None for value in known["region"].values) == table().count("north")


def test_a_column_of_a_few_codes_may_look_like_numbers():
    """0, 1, 2, 3+ are four categories, not three numbers and a mistake."""
    people = frame(children=[("0", "1", "2", "3+")[i % 4] for i in range(60)])
    names = draw(ask(given=["children"]), prepared(ask(given=["children"]), people), 1).covariates.names

    assert names == ("children=1", "children=2", "children=3+")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ([f"{20 + i}" for i in range(59)] + ["dertig"], NotNumbers),
        ([20 + i for i in range(59)] + ["dertig"], NotNumbers),
        ([f"{20 + i},5" for i in range(60)], DecimalComma),
        ([f"1.{200 + i},50" for i in range(60)], DecimalComma),
        ([f"{i}_0" for i in range(60)], TooManyValues),
    ],
    ids=["text", "objects", "comma", "thousands", "underscores"],
)
def test_numbers_that_are_none(values, error):
    """A covariate of which most values are numbers is a number with mistakes; another one is a code."""
    people = arrow().to_pandas().assign(age=pd.Series(values, dtype=object))
    with pytest.raises(error):
        draw(ask(), prepared(ask(), people), 1)


def test_booleans_decimals_dates_and_categories():
    """Every usual kind of column is a number or a code."""
    people = frame(
        course=pa.array([i % 3 == 0 for i in range(60)]),
        age=pa.array([20 + i % 37 for i in range(60)]).cast(pa.decimal128(21, 1)),
        region=arrow()["region"].combine_chunks().dictionary_encode(),
        born=pa.array([f"19{80 + i % 3}-01-01" for i in range(60)]).cast(pa.date32()),
    )
    arms = {"course": {"course": True}, "none": {"course": False}}
    asked = ask(arms=arms, given=["age", "region", "born"])
    drawn = draw(asked, prepared(asked, people), 1)

    assert (drawn.arm == 1).sum() == 20
    assert [name for name in drawn.covariates.names if name.startswith("born")] == [
        "born=1981-01-01",
        "born=1982-01-01",
    ]


def test_a_column_of_lists_is_named():
    """A nested column can be neither adjusted for nor compared."""
    with pytest.raises(UnreadableFile, match="'age' holds neither numbers nor text"):
        prepared(ask(), frame(age=[[1, 2]] * 60))


@pytest.mark.parametrize("people", [None, 3, [1, 2], {"age": [1]}, object()])
def test_what_is_no_table(people):
    """Anything else is refused by name."""
    with pytest.raises(NotAFrame):
        prepared(ask(), people)


def test_names_are_found_by_their_closest():
    """Capitals count, and the hint ignores them."""
    with pytest.raises(MissingColumn) as error:
        prepared(ask(), frame().rename_columns(["person", "course", "Age", "region", "weight", "earnings"]))
    assert error.value.near == ("Age",)


def test_a_quoted_comma_is_part_of_its_value(tmp_path):
    """A CSV may hold commas and line feeds between quotes."""
    (tmp_path / "a.csv").write_text(table().replace("west", '"west, of ""zuid""\nwest"'))
    region = prepared(ask(), tmp_path / "a.csv").people.known["region"].values

    assert 'west, of "zuid"\nwest' in region.tolist()


def test_a_line_that_is_too_short_is_counted(tmp_path):
    """A cut-off export is not read as if the rest were empty."""
    (tmp_path / "a.csv").write_text(table()[:-12])
    with pytest.raises(UnevenRow, match="Line 61"):
        prepared(ask(), tmp_path / "a.csv")


def test_periods_are_read_off_the_columns():
    """A pattern without periods takes all columns that fit it, in the order of their numbers."""
    weeks = {f"week_{t}": [(i + t) % 2 for i in range(60)] for t in (10, 2, 1)}
    asked = ask(outcomes={"work": "week_{t}"})
    found = prepared(asked, frame(**weeks, week_last=[0] * 60, week_03=[0] * 60))

    assert list(found.later) == ["week_1", "week_2", "week_10"]
    with pytest.raises(MissingColumn, match=r"'month_\{t\}' is not there"):
        prepared(ask(outcomes={"work": "month_{t}"}), frame(**weeks))
    with pytest.raises(MissingColumn, match="'week_3' is not there"):
        prepared(ask(outcomes={"work": "week_{t}"}, periods=(1, 3)), frame(**weeks))


def test_shares_of_work_are_not_work():
    """What happens or does not is 0 or 1: the smallest cells are counted in events."""
    with pytest.raises(WrongType, match=r"'earnings' are not 0 or 1, for example '0\.5'"):
        prepared(ask(outcomes={"work": "earnings"}), frame(earnings=[0.5] * 60))


def test_a_folder_holds_the_table_that_the_question_names(tmp_path):
    """As the command line's --register does."""
    (tmp_path / "people.csv").write_text(PEOPLE)

    assert prepared(ask(file="people.csv"), tmp_path).snapshot == prepared(ask(), arrow()).snapshot


def test_a_question_on_a_register_takes_no_table(tmp_path):
    """And a question on a table no register."""
    with pytest.raises(OtherSource, match="asked of a register, and a table was given"):
        prepared(registers.question(), arrow())
    home = register.read(registers.write(tmp_path, **registers.four_people()))
    with pytest.raises(OtherSource, match="asked of a table of its own, and a register was given"):
        draw(ask(), home, 1)
