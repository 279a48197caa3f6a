"""A register's folder: what is read, what is counted, and what is refused with a name."""

from __future__ import annotations

import datetime as dt
import shutil

import duckdb
import pyarrow.csv
import pyarrow.parquet
import pytest
from registers import SETTINGS, four_people, job, person, spell, training, write

from watwerkt import register
from watwerkt.errors import (
    EmptyTable,
    MissingColumn,
    MissingFile,
    NoTables,
    NotALimit,
    NotDates,
    NotNumbers,
    NotUtf8,
    OutputError,
    RegisterSettings,
    TooLittleMemory,
    TwoFiles,
    UnevenRow,
    UnreadableFile,
    WrongDelimiter,
)
from watwerkt.register import TABLES, Engine
from watwerkt.register.duck import connected

PEOPLE = "person_id,birth_date,sex\na,1980-01-31,f\nb,1975-06-01,m\n"


def read(folder, settings=SETTINGS, **tables):
    """A register of these tables."""
    return register.read(write(folder, settings, **tables))


def rows(found, table):
    """A cleaned table, sorted by its first column."""
    with found.connect(table) as connection:
        return connection.execute(f'SELECT * FROM "{table}" ORDER BY ALL').fetchall()


def defects(found):
    """Table, column, rule and rows of each defect."""
    return {(d.table, d.column, d.rule): (d.rows, d.sets_aside) for d in found.defects}


# ---- settings ----------------------------------------------------------------------------------------------------


def test_the_settings_are_those_of_register_toml(tmp_path):
    """Currency, period, threshold, the mark of invention, gaps and switches."""
    more = 'gaps = [[2018-01-01, 2018-02-28]]\n[sensitive]\nsex = { adjust = false, split = "art. 1" }\n'
    found = read(tmp_path, SETTINGS + more, person=PEOPLE)

    assert (found.currency, found.threshold, found.synthetic) == ("EUR", 10, True)
    assert found.period == (dt.date(2014, 1, 1), dt.date(2020, 12, 31))
    assert found.gaps == ((dt.date(2018, 1, 1), dt.date(2018, 2, 28)),)
    assert not found.settings.adjusts_for("sex")
    assert found.settings.adjusts_for("age")


def test_every_problem_of_the_settings_is_said_at_once(tmp_path):
    """An unknown key, a missing one, a wrong type and dates in the wrong order."""
    wrong = 'curency = "EUR"\nperiod = [2020-01-01, 2019-01-01]\nthreshold = "10"\nsynthetic = true\n'

    with pytest.raises(RegisterSettings) as error:
        read(tmp_path, wrong, person=PEOPLE)
    assert len(error.value.problems) == 4


def test_settings_that_are_no_toml_say_where(tmp_path):
    """The line is named."""
    with pytest.raises(RegisterSettings, match="line 1"):
        read(tmp_path, "currency = \n", person=PEOPLE)


def test_a_switch_that_does_not_exist_is_refused(tmp_path):
    """Also a column that is not one of the sensitive ones, and a value of the wrong kind."""
    wrong = SETTINGS + "[sensitive]\nsex = { adjst = false }\nshoe = {}\nage = { split = true }\n"

    with pytest.raises(RegisterSettings) as error:
        read(tmp_path, wrong, person=PEOPLE)
    assert len(error.value.problems) == 3


def test_a_folder_without_settings_is_no_register(tmp_path):
    """The missing file is named."""
    write(tmp_path, person=PEOPLE)
    (tmp_path / "register.toml").unlink()

    with pytest.raises(MissingFile, match=r"register\.toml"):
        register.read(tmp_path)


# ---- files -------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_is_named(tmp_path):
    """The path that was given is in the message."""
    with pytest.raises(MissingFile, match="nowhere"):
        register.read(tmp_path / "nowhere")


def test_a_folder_without_tables_names_what_looks_like_one(tmp_path):
    """persons.csv is close to person.csv."""
    with pytest.raises(NoTables) as error:
        read(tmp_path, persons=PEOPLE)
    assert error.value.near == ("persons",)


def test_csv_and_parquet_hold_the_same(tmp_path):
    """A register may come in either."""
    csv = read(tmp_path / "csv", **four_people())
    write(tmp_path / "parquet")
    for path in (tmp_path / "csv").glob("*.csv"):
        table = pyarrow.csv.read_csv(path)
        pyarrow.parquet.write_table(table, tmp_path / "parquet" / f"{path.stem}.parquet")
    parquet = register.read(tmp_path / "parquet")

    for table in csv.tables:
        assert rows(csv, table) == rows(parquet, table)


def test_one_table_in_two_files_is_refused(tmp_path):
    """Nobody can know which of the two counts."""
    write(tmp_path, person=PEOPLE)
    pyarrow.parquet.write_table(pyarrow.csv.read_csv(tmp_path / "person.csv"), tmp_path / "person.parquet")

    with pytest.raises(TwoFiles):
        register.read(tmp_path)


def test_a_mark_at_the_beginning_does_no_harm(tmp_path):
    """Excel writes a byte-order mark."""
    assert rows(read(tmp_path, person="\ufeff" + PEOPLE), "person") == rows(
        read(tmp_path / "b", person=PEOPLE), "person"
    )


@pytest.mark.parametrize(("delimiter", "called"), [(";", ";"), ("\t", "tab"), ("|", "|")])
def test_another_delimiter_is_named(tmp_path, delimiter, called):
    """The columns are not guessed."""
    with pytest.raises(WrongDelimiter) as error:
        read(tmp_path, person=PEOPLE.replace(",", delimiter))
    assert error.value.found == called


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_refused(tmp_path, encoding):
    """Also where only a later line shows it."""
    write(tmp_path)
    (tmp_path / "person.csv").write_bytes((PEOPLE + "ç,1980-01-01,f\n").encode(encoding))

    with pytest.raises(NotUtf8, match=r"person\.csv"):
        register.read(tmp_path)


def test_a_line_with_too_many_columns_is_named(tmp_path):
    """The line, not what stands in it."""
    with pytest.raises(UnevenRow) as error:
        read(tmp_path, person=PEOPLE + "c,1980-01-01,f,secret\n")
    assert (error.value.line, error.value.found, error.value.expected) == (4, 4, 3)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("text", ["", "\n", "person_id,,sex\na,1,f\n", "person_id,sex,sex\na,f,f\n"])
def test_a_first_line_that_names_no_columns_is_refused(tmp_path, text):
    """Empty, nameless or doubled columns."""
    with pytest.raises(UnreadableFile):
        read(tmp_path, person=text)


def test_a_parquet_file_that_is_none_is_refused(tmp_path):
    """The name says Parquet, the bytes do not."""
    write(tmp_path)
    (tmp_path / "person.parquet").write_bytes(b"not at all")

    with pytest.raises(UnreadableFile, match="PARQUET"):
        register.read(tmp_path)


@pytest.mark.parametrize("wrong", ["a,1980-01-01,f\r\nb,1980-01-01,m\n", 'a,"1980-01-01,f\nb,1980-01-01,m\n'])
def test_a_file_mended_by_hand_says_what_to_look_for(tmp_path, wrong):
    """Two kinds of line ends, or a quotation mark that nobody closed; no row is guessed."""
    write(tmp_path)
    (tmp_path / "person.csv").write_bytes(("person_id,birth_date,sex\r\n" + wrong).encode())

    with pytest.raises(UnreadableFile):
        register.read(tmp_path)


def test_a_misspelt_column_is_named_with_the_closest(tmp_path):
    """Only columns without which a row is worth nothing are demanded."""
    with pytest.raises(MissingColumn) as error:
        read(tmp_path, person=PEOPLE.replace("person_id", "persn_id"))
    assert (error.value.column, error.value.near) == ("person_id", ("persn_id",))


def test_a_table_without_rows_is_refused(tmp_path):
    """A register without people is none."""
    with pytest.raises(EmptyTable):
        read(tmp_path, person="person_id,birth_date\n")


# ---- values ------------------------------------------------------------------------------------------------------


def test_dates_in_dutch_style_are_refused_with_examples(tmp_path):
    """31-12-2019 may not be guessed: 03-04-2019 has two readings."""
    with pytest.raises(NotDates) as error:
        read(tmp_path, person="person_id,birth_date\na,31-12-1980\nb,01-02-1980\nc,\n")
    assert (error.value.column, error.value.count) == ("birth_date", 2)
    assert error.value.examples == ("01-02-1980", "31-12-1980")


def test_dates_with_the_day_before_the_month_are_refused(tmp_path):
    """Year-day-month is no date either."""
    with pytest.raises(NotDates):
        read(tmp_path, person="person_id,birth_date\na,1980-31-12\nb,1980-13-01\n")


def test_text_in_a_number_is_refused_where_it_is_the_rule(tmp_path):
    """A Dutch comma in every wage."""
    with pytest.raises(NotNumbers) as error:
        read(tmp_path, person=PEOPLE, job_spell='person_id,start,monthly_wage\na,2018-01-01,"2.500,00"\n')
    assert error.value.examples == ("2.500,00",)


def test_a_few_wrong_values_are_counted_and_unknown(tmp_path):
    """One wage of three cannot be read: the job stays, its wage is unknown."""
    jobs = "person_id,start,monthly_wage\na,2018-01-01,abc\na,2018-02-01,100\nb,2018-03-01,200\n"
    found = read(tmp_path, person=PEOPLE, job_spell=jobs)

    assert defects(found) == {("job_spell", "monthly_wage", "not_a_number"): (1, False)}
    with found.connect("job_spell") as connection:
        wages = connection.execute('SELECT monthly_wage FROM job_spell ORDER BY "start"').fetchall()
    assert wages == [(None,), (100.0,), (200.0,)]


def test_a_row_whose_first_day_cannot_be_read_is_set_aside(tmp_path):
    """Without its first day a spell is worth nothing; it is counted once, as no date."""
    jobs = "person_id,start,monthly_wage\na,31-01-2018,1\na,2018-02-01,100\nb,2018-03-01,200\n"
    found = read(tmp_path, person=PEOPLE, job_spell=jobs)

    assert defects(found) == {("job_spell", "start", "not_a_date"): (1, True)}
    assert len(rows(found, "job_spell")) == 2


def test_what_others_write_for_nothing_is_nothing(tmp_path):
    """NA and the end of time are no values, and no defects."""
    jobs = "person_id,start,end,monthly_wage\na,2018-02-01,9999-12-31,NA\nb,2018-03-01,,\n"
    found = read(tmp_path, person=PEOPLE, job_spell=jobs)

    assert found.defects == ()
    with found.connect("job_spell") as connection:
        assert connection.execute('SELECT "end", monthly_wage FROM job_spell').fetchall() == [(None, None)] * 2


def test_a_value_that_cannot_be_is_unknown(tmp_path):
    """Education 12 does not exist, an infinite wage does not either."""
    found = read(
        tmp_path,
        person="person_id,education\na,12\nb,3\nc,0\n",
        job_spell="person_id,start,monthly_wage\na,2018-02-01,inf\nb,2018-02-01,-5\nb,2018-03-01,7\nc,2018-03-01,7\n",
    )

    assert defects(found) == {
        ("person", "education", "out_of_range"): (1, False),
        ("job_spell", "monthly_wage", "not_a_number"): (1, False),
        ("job_spell", "monthly_wage", "out_of_range"): (1, False),
    }
    with found.connect("person") as connection:
        assert connection.execute("SELECT education FROM person ORDER BY person_id").fetchall() == [
            (None,),
            (3.0,),
            (0.0,),
        ]


# ---- rules that set rows aside -----------------------------------------------------------------------------------


def test_rows_that_break_a_rule_that_matters_leave_and_are_counted(tmp_path):
    """Two copies of a person, an end before its start, a person nobody knows, a spell without a key."""
    tables = four_people()
    tables["person"] += [person("anna", sex="m"), person("bob")]
    tables["benefit_spell"] += [
        spell("carla", "2019-01-01", "2018-12-01"),
        spell("nobody", "2018-01-01"),
        spell("bob", "2019-05-01") | {"spell_id": None},
    ]
    found = read(tmp_path, **tables)

    assert defects(found) == {
        ("person", "person_id", "duplicate"): (2, True),
        ("benefit_spell", "end", "reversed"): (1, True),
        ("benefit_spell", "person_id", "unknown_person"): (1, True),
        ("benefit_spell", "spell_id", "missing_key"): (1, True),
    }
    assert len(rows(found, "person")) == 4
    assert len(rows(found, "benefit_spell")) == 4
    examples = {(d.column, d.rule): d.examples for d in found.defects}
    assert examples["person_id", "duplicate"] == ("anna", "bob")
    assert examples["end", "reversed"] == ("carla-2019-01-01",)


def test_no_more_than_three_examples(tmp_path):
    """Counts for everybody, keys for three."""
    jobs = [job(f"x{i}", "2018-01-01", None, 1.0) for i in range(9)]
    found = read(tmp_path, **{**four_people(), "job_spell": jobs})

    (defect,) = found.defects
    assert (defect.rows, defect.examples) == (9, ("x0", "x1", "x2"))


def test_the_same_job_twice_is_one_job(tmp_path):
    """A table without a key: rows equal in everything declared stand in it twice."""
    twice = [job("anna", "2018-01-01", "2018-02-01", 100.0)] * 2 + [job("anna", "2018-01-01", "2018-02-01", 101.0)]
    found = read(tmp_path, **{**four_people(), "job_spell": twice})

    assert defects(found) == {("job_spell", "", "duplicate"): (1, True)}
    assert len(rows(found, "job_spell")) == 2


def test_what_happened_after_an_offer_decides_nothing(tmp_path):
    """A wrong end of a provision is unknown, and the provision stays: else the future would choose the sample."""
    tables = four_people()
    tables["provision"][0]["end"] = "2018-01-01"
    found = read(tmp_path, **tables)

    assert defects(found) == {("provision", "end", "reversed"): (1, False)}
    assert len(rows(found, "provision")) == 2


def test_a_provision_without_any_day_is_set_aside(tmp_path):
    """Neither offered nor started: nobody knows when."""
    tables = four_people()
    tables["provision"].append(training("bob", None, None, "2018-05-05", provision_id="x"))

    assert defects(read(tmp_path, **tables)) == {("provision", "offered|start", "missing_key"): (1, True)}


# ---- the same register is the same register ----------------------------------------------------------------------


def test_the_snapshot_is_of_the_values(tmp_path):
    """Not of the folder, the order of rows or the number of threads; but of every value and setting."""
    tables = four_people()
    turned = {name: list(reversed(rows)) for name, rows in tables.items()}
    first = read(tmp_path / "a", **tables).snapshot

    assert read(tmp_path / "b" / "c", **turned).snapshot == first
    assert register.read(tmp_path / "a", Engine(threads=1)).snapshot == first
    tables["job_spell"][0]["monthly_wage"] = 3000.01
    assert read(tmp_path / "d", **tables).snapshot != first
    assert read(tmp_path / "e", SETTINGS.replace("= 10", "= 12"), **four_people()).snapshot != first


def test_a_copy_of_a_row_changes_the_snapshot(tmp_path):
    """Rows are counted, not only seen."""
    tables = four_people()
    first = read(tmp_path / "a", **tables).snapshot
    tables["job_spell"] += tables["job_spell"][:1]

    assert read(tmp_path / "b", **tables).snapshot != first


def test_no_temporary_file_stays(tmp_path, monkeypatch):
    """What DuckDB spilt goes when the connection closes."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spill"))
    (tmp_path / "spill").mkdir()
    rows(read(tmp_path / "a", **four_people()), "person")

    assert list((tmp_path / "spill").iterdir()) == []
    shutil.rmtree(tmp_path / "spill")


def test_a_full_disk_is_said_in_a_sentence():
    """Not as an error of the engine."""
    with pytest.raises(OutputError, match="no room for temporary files"), connected(Engine()):
        raise duckdb.IOException("No space left on device")


def test_a_limit_of_memory_that_is_too_low_is_said_with_the_limit():
    """A sort that cannot be done in 2 MB, whatever goes to temporary files."""
    with pytest.raises(TooLittleMemory, match="more memory than the 2MB"), connected(Engine("2MB", 1)) as connection:
        connection.execute("SELECT list(hash(i)) FROM range(3_000_000) AS t(i)").fetchone()


def test_limits_come_from_the_environment(monkeypatch):
    """As the command line sets them; none where nobody says."""
    assert Engine.given() == Engine()
    monkeypatch.setenv("WATWERKT_MEMORY", "1.5GB")
    monkeypatch.setenv("WATWERKT_THREADS", "2")

    assert Engine.given() == Engine("1.5GB", 2)
    with connected(Engine.given()) as connection:
        threads, memory = connection.execute(
            "SELECT current_setting('threads'), current_setting('memory_limit')"
        ).fetchone()
    assert (threads, memory) == (2, "1.3 GiB")


@pytest.mark.parametrize(
    ("name", "value"),
    [("MEMORY", "bananas"), ("MEMORY", "3"), ("MEMORY", "-1GB"), ("THREADS", "0"), ("THREADS", "all")],
)
def test_a_limit_that_is_none_is_an_error(monkeypatch, name, value):
    """With what was given and how to write it."""
    monkeypatch.setenv(f"WATWERKT_{name}", value)

    with pytest.raises(NotALimit, match=f"'{value}' is no limit"):
        Engine.given()


def test_little_memory_is_enough_for_a_small_register(tmp_path):
    """What does not fit goes to temporary files."""
    found = register.read(write(tmp_path, **four_people()), Engine("40MB", 1))

    assert len(rows(found, "person")) == 4


def test_every_column_of_the_standard_has_a_meaning():
    """In both languages; and every required one can be found by its table."""
    for table in TABLES.values():
        assert set(table.required) <= table.names
        for column in table.columns:
            assert column.nl
            assert column.en


def test_a_register_says_what_is_wrong_and_what_it_can_answer(tmp_path):
    """All tables of the standard with their period, missing and extra columns; outcomes that it is fit for."""
    tables = four_people()
    tables["person"][0]["shoe_size"] = 38
    quality = register.check(read(tmp_path, **tables))
    states = {state.table: state for state in quality.tables}

    assert list(states) == list(TABLES)
    assert (states["sanction"].present, states["person"].present) == (False, True)
    assert states["person"].extra_columns == ("shoe_size",)
    assert states["person"].missing_columns == ("household",)
    assert (states["job_spell"].rows, states["job_spell"].first, states["job_spell"].last) == (
        3,
        "2017-01-01",
        "2018-06-10",
    )
    assert quality.fit_for == ("employed", "employed_at", "earnings", "on_benefit", "measure")
    assert (quality.synthetic, quality.defects, len(quality.snapshot)) == (True, (), 64)


def test_without_jobs_there_is_only_benefit_to_look_at(tmp_path):
    """A register is fit for the outcomes whose tables and columns it has."""
    tables = four_people()
    del tables["job_spell"], tables["measurement"]

    assert register.check(read(tmp_path, **tables)).fit_for == ("on_benefit",)
