"""Whatever is wrong with a register or a question: a clear error, or rows that are counted; never a traceback.

A small sound register and a sound question are broken at random: columns dropped, renamed, doubled; cells replaced by
what files hold in practice and by what they should never hold; bytes, encodings and Parquet types that no one expects;
settings and questions with a line changed. `WATWERKT_FUZZ=2000` looks at more.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import tempfile
from decimal import Decimal
from pathlib import Path

import bad_input
import pyarrow as pa
import pyarrow.parquet as pq
import registers
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from watwerkt import question, register, report, sample
from watwerkt.errors import WatwerktError
from watwerkt.report import words

EXAMPLES = int(os.environ.get("WATWERKT_FUZZ", "20"))
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="WATWERKT_FUZZ" not in os.environ,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)

TABLES = {
    **bad_input.people_of_the_register(),
    "sanction": [
        {"sanction_id": f"s{i}", "person_id": f"p{i:02d}", "kind": "measure", "decided": "2018-01-20", "amount": 50}
        for i in range(9)
    ],
    "measurement": [
        {"person_id": f"p{i:02d}", "date": "2018-01-12", "measure": "wellbeing", "value": i} for i in range(20)
    ],
    "benefit_month": [{"person_id": f"p{i:02d}", "month": "2018-01-01", "amount": 1200.5} for i in range(30)],
}
JUNK = st.sampled_from([
    "", " ", "NA", "NULL", "NaN", "inf", "-inf", "-1", "0", "1e308", "-1e308", "1e400", "9" * 40, "0x10", "1,5",
    "2018-02-30", "0000-00-00", "0001-01-01", "-4713-01-01", "1700-01-01", "2262-04-12", "9999-12-31", "12345-01-01",
    "5881580-07-11", "290000-01-01", "infinity", "epoch", "2018-01-10T00:00:00", "2018-01-10 23:59:59+02", "10-01-2018",
    "43110", "true", "ja", "p00", "p00-2018-01-10", "training", "ww", '"', '""', "a\nb", "a\r\nb", "a\x00b",
    "'; DROP TABLE",
    "\ufeff", "é", "😀", "\ud7ff", "{", "%s", "x" * 5000, "|",
    "p|00", "¼", "١٢", "1_000", "+5", ".5", "5.", "1e", "-",
])  # fmt: skip
NAMES = st.sampled_from([
    "person_id", "start", "end", "START", " start", "", "known_on", ":why", ":later", "raw", "select", 'a"b', "a\nb",
    "instrument", "provision_id", "monthly_wage", "hours_per_week", "office", "é", "month", "arm", "zero", "x" * 300,
    "reason",
])  # fmt: skip


def counted(found: register.Register) -> None:
    """Every table's rows are those that stay and those that rules set aside."""
    rows = {state.table: state.rows for state in found.states}
    gone = dict.fromkeys(rows, 0)
    for defect in found.defects:
        gone[defect.table] += defect.rows if defect.sets_aside else 0
    with found.connect(*rows) as connection:
        for name, read in rows.items():
            kept = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            assert kept + gone[name] == read, name


def told(home: Path, known_on: str | None = None) -> WatwerktError | None:
    """Checked and answered up to its outcomes: the error that follows, with its sentence, or None and all adds up."""
    try:
        found = register.read(home / "register", known_on=known_on)
        counted(found)
        report.say(register.check(found), "nl")
        asked = question.read(home / "question.toml")
        drawn = sample.draw(asked, found, 1)
        gone = sum(rows for _, _, rows in drawn.exclusions.set_aside())
        assert drawn.exclusions.read == drawn.exclusions.used + gone
        assert drawn.exclusions.used == len(drawn)
        sample.follow(drawn, found, sample.seal(asked, drawn.exclusions))
    except WatwerktError as known:
        error = known
    else:
        return None
    assert "\n" not in str(error)
    assert str(error).endswith(error.now.format(**error.facts()))
    assert words.error(error, "nl")
    return error


def sound(home: Path) -> Path:
    """The sound register and question in a folder."""
    registers.write(home / "register", **TABLES)
    (home / "question.toml").write_text(bad_input.ON_REGISTER, "utf-8")
    return home


def test_what_is_broken_here_is_sound(tmp_path):
    """Without a change there is no error."""
    assert told(sound(tmp_path)) is None


# ---- tables of text ----------------------------------------------------------------------------------------------


def grid(home: Path, table: str) -> list[list[str]]:
    """A table as lines of cells."""
    return list(csv.reader(io.StringIO((home / f"register/{table}.csv").read_text("utf-8"))))


def _cells(data: st.DataObject, lines: list[list[str]]) -> None:
    """Some cells, or a whole column, become something else."""
    column = data.draw(st.integers(0, len(lines[0]) - 1))
    rows = data.draw(st.sampled_from([[1], [1, 2, 3], range(1, len(lines))]))
    same = data.draw(JUNK)
    for row in rows:
        if row < len(lines) and column < len(lines[row]):  # rows may have gone or become short before
            lines[row][column] = same


def _columns(data: st.DataObject, lines: list[list[str]]) -> None:
    """A column is dropped, renamed, doubled or exchanged."""
    column = data.draw(st.integers(0, len(lines[0]) - 1))
    how = data.draw(st.sampled_from(["drop", "rename", "double", "swap"]))
    if how == "rename":
        lines[0][column] = data.draw(NAMES)
    for line in (one for one in lines if len(one) > column):  # a row may have become short before
        if how == "drop":
            del line[column]
        elif how == "double":
            line.append(line[column])
        elif how == "swap":
            line[0], line[column] = line[column], line[0]


def _rows(data: st.DataObject, lines: list[list[str]]) -> None:
    """Rows are lost, doubled, shortened or lengthened."""
    row = data.draw(st.integers(0, len(lines) - 1))
    how = data.draw(st.sampled_from(["double", "all", "short", "long", "head", "empty"]))
    if how == "double":
        lines.append(list(lines[row]))
    elif how == "all":
        del lines[1:]
    elif how == "short":
        lines[row] = lines[row][:-1]
    elif how == "long":
        lines[row] = [*lines[row], "1"]
    elif how == "head":
        del lines[0]
    else:
        lines[row] = []


@FUZZ
@given(st.data())
def test_any_cells_columns_and_rows(data):
    """Of CSV files, up to four changes at once; read whole, or as known on a day."""
    with tempfile.TemporaryDirectory() as folder:
        home = sound(Path(folder))
        for _ in range(data.draw(st.integers(1, 4))):
            table = data.draw(st.sampled_from(sorted(TABLES)))
            lines = grid(home, table)
            if not lines or not lines[0]:
                continue
            change = data.draw(st.sampled_from([_cells, _cells, _columns, _rows]))
            change(data, lines)
            out = io.StringIO()
            csv.writer(out, lineterminator="\n").writerows(lines)
            (home / f"register/{table}.csv").write_text(out.getvalue(), "utf-8")
        told(home, data.draw(st.sampled_from([None, None, "2019-06-30", "2018-02-20"])))


BYTES = st.sampled_from(
    [b"\x00", b"\xff", b"\xfe\xff", b'"', b"\r", b"\r\n", b"\n\n", b",", b";", b"\x1a", b"\\", b"#"]
)


@FUZZ
@given(st.data())
def test_any_bytes(data):
    """Of files: bytes put in, cut off, in another encoding, with other line ends and marks; an empty file."""
    with tempfile.TemporaryDirectory() as folder:
        home = sound(Path(folder))
        path = home / "register" / data.draw(st.sampled_from([*(f"{t}.csv" for t in TABLES), "register.toml"]))
        raw = path.read_bytes()
        at = data.draw(st.integers(0, len(raw)))
        put = data.draw(BYTES)
        text = raw.decode()
        changed = [
            raw[:at], raw[:at] + put + raw[at:], put + raw, raw + put, b"", b"\n", b"\xef\xbb\xbf" + raw,
            text.encode("utf-16"), text.encode("utf-32"), text.replace("west", "Fryslân").encode("latin-1"),
            raw.replace(b"\n", b"\r\n"), raw.replace(b"\n", b"\r"), raw.replace(b",", b";"), raw.replace(b",", b"\t"),
            raw.replace(b"p0", put), raw[:at] + raw[at:].replace(b"\n", b"\r\n"),
        ]  # fmt: skip
        path.write_bytes(data.draw(st.sampled_from(changed)))
        told(home)


# ---- Parquet -----------------------------------------------------------------------------------------------------


def _typed(name: str, cells: list[str], kind: str) -> pa.Array:
    """A column in a type that the standard does not ask for."""
    n = len(cells)
    day = dt.datetime(2018, 1, 10)
    made = {
        "dictionary": lambda: pa.array(cells).dictionary_encode(),
        "decimal": lambda: pa.array([Decimal("12.50")] * n, pa.decimal128(9, 2)),
        "wide decimal": lambda: pa.array([Decimal(10) ** 30] * n, pa.decimal128(38, 2)),
        "timestamp": lambda: pa.array([day] * n, pa.timestamp("us")),
        "nanoseconds": lambda: pa.array([day] * n, pa.timestamp("ns")),
        "timezone": lambda: pa.array([day] * n, pa.timestamp("us", tz="Europe/Amsterdam")),
        "time": lambda: pa.array([dt.time(12)] * n),
        "date": lambda: pa.array([dt.date(2018, 1, 10)] * n),
        "late date": lambda: pa.array([2**31 - 1] * n, pa.int32()).cast(pa.date32()),
        "list": lambda: pa.array([[c] for c in cells]),
        "struct": lambda: pa.array([{"a": c} for c in cells]),
        "map": lambda: pa.array([[("a", c)] for c in cells], pa.map_(pa.string(), pa.string())),
        "null": lambda: pa.nulls(n),
        "bool": lambda: pa.array([True] * n),
        "bytes": lambda: pa.array([b"\xff\x00"] * n),
        "huge": lambda: pa.array([2**64 - 1] * n, pa.uint64()),
        "int": lambda: pa.array(range(n)),
        "small": lambda: pa.array([1] * n, pa.int8()),
        "nan": lambda: pa.array([float("nan"), float("inf"), *[1.0] * (n - 2)]),
        "half": lambda: pa.array([1.0] * n, pa.float32()),
        "text": lambda: pa.array(cells),
        "large text": lambda: pa.array(cells, pa.large_string()),
    }
    return made[kind]()


KINDS = [
    "dictionary", "decimal", "wide decimal", "timestamp", "nanoseconds", "timezone", "time", "date", "late date",
    "list", "struct", "map", "null", "bool", "bytes", "huge", "int", "small", "nan", "half", "text", "large text",
]  # fmt: skip


@FUZZ
@given(st.data())
def test_any_type_of_parquet(data):
    """Of a Parquet file: one or two columns in any type, text values elsewhere; also cut off, or no Parquet at all."""
    with tempfile.TemporaryDirectory() as folder:
        home = sound(Path(folder))
        table = data.draw(st.sampled_from(sorted(TABLES)))
        head, *lines = grid(home, table)
        columns = {name: [line[i] for line in lines] for i, name in enumerate(head)}
        other = {
            name: data.draw(st.sampled_from(KINDS)) for name in data.draw(st.sets(st.sampled_from(head), max_size=2))
        }
        made = {name: _typed(name, cells, other.get(name, "text")) for name, cells in columns.items()}
        (home / f"register/{table}.csv").unlink()
        path = home / f"register/{table}.parquet"
        pq.write_table(pa.table(made), path)
        if data.draw(st.integers(0, 9)) == 0:
            path.write_bytes(path.read_bytes()[: data.draw(st.integers(0, 400))])
        told(home, data.draw(st.sampled_from([None, None, "2019-06-30"])))


# ---- settings and questions --------------------------------------------------------------------------------------

VALUES = st.sampled_from([
    "true", "0", "-1", "1.5", "inf", "nan", '""', '"x"', "[]", "[1]", "[[]]", "{}", "2018-01-01", "2018-01-01T00:00:00",
    "12:00:00", "[2018-01-01]", "[2018-01-01, 2018-01-01]", "[2020-01-01, 2014-01-01]", "[0001-01-01, 9999-12-31]",
    "[[2018-01-01, 2018-01-31]]", "[[2000-01-01, 2030-01-01]]", '["a", 1]', '{ a = 1 }', "99999999999999999999",
    "9223372036854775807", "1e400", '"\\u0000"', '"work"', '["ww"]', '[1, 2]', '"not_now"', "[0, 3]", "[3, 0]", "",
    '"training"', '{ outcome = "work", month = 12 }', '{ nl = "a", en = "b" }',
])  # fmt: skip


KEYS = st.sampled_from(["x", "period", "until", "where", "use", "age", '""', "a.b"])


def mutated(data: st.DataObject, text: str) -> str:
    """A text of TOML with up to three lines changed, doubled, moved or dropped."""
    lines = text.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        how = data.draw(st.sampled_from(["value", "value", "value", "key", "drop", "double", "move", "cut"]))
        key, equals, value = lines[at].partition(" = ")
        if how == "value" and equals:
            lines[at] = f"{key} = {data.draw(VALUES)}"
        elif how == "key" and equals:
            lines[at] = f"{data.draw(KEYS)} = {value}"
        elif how == "drop" and len(lines) > 1:
            del lines[at]
        elif how == "double":
            lines.append(lines[at])
        elif how == "move":
            lines.append(lines.pop(at))
        elif how == "cut":
            lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
    return "\n".join(lines) + "\n"


@FUZZ
@given(st.data())
def test_any_settings(data):
    """Of register.toml, with gaps and sensitive columns in it."""
    with tempfile.TemporaryDirectory() as folder:
        home = sound(Path(folder))
        path = home / "register/register.toml"
        more = 'gaps = [[2015-01-01, 2015-01-31]]\nname = "here"\n\n[sensitive]\nsex = { adjust = true }\n'
        path.write_text(mutated(data, registers.SETTINGS + more), "utf-8")
        told(home)


@FUZZ
@given(st.data())
def test_any_question(data):
    """Of question.toml."""
    with tempfile.TemporaryDirectory() as folder:
        home = sound(Path(folder))
        (home / "question.toml").write_text(mutated(data, bad_input.ON_REGISTER), "utf-8")
        told(home)
