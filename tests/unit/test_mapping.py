"""A delivery becomes a register in which every row is told: what leaves, what is told again, what becomes one job."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pyreadstat
import pytest
import registers

import watwerkt as ww
from watwerkt.dossier import Mapped
from watwerkt.errors import MappingError, MissingColumn, NotUtf8, OutputError, UnknownCode
from watwerkt.register.mapping import map_delivery, shipped, text_of
from watwerkt.register.mapping.declared import parsed
from watwerkt.register.mapping.expressions import FUNCTIONS, SPECIAL

PAY = ("RINPERSOONS", "RINPERSOON", "IKVID", "SBEID", "SDATUMAANVANGIKO", "SDATUMEINDEIKO", "SBASISLOON", "SBASISUREN")
SRG = (
    "STATISTIEKJAAR", "STATISTIEKMAAND", "GEMEENTECODE", "BURGERSERVICENUMMER", "GEBOORTEDATUM", "GESLACHT",
    "REGISTRATIENUMMER_VOORZIENING", "TYPE_VOORZIENING", "BEGINDATUM_VOORZIENING", "EINDDATUM_VOORZIENING",
    "REDEN_EINDE_VOORZIENING", "LOONWAARDE",
)  # fmt: skip


def delivery(folder: Path, **files: str) -> Path:
    """A delivery of text files; ``name_csv`` is name.csv."""
    folder.mkdir(exist_ok=True)
    (folder / "register.toml").write_text(registers.SETTINGS, "utf-8")
    for name, text in files.items():
        (folder / name.replace("_", ".", 1)).write_text(text, "utf-8")
    return folder


def lines(head: tuple[str, ...], *rows: str) -> str:
    """A CSV file."""
    return "\n".join([",".join(head), *(row.replace(" ", ",") for row in rows), ""])


def rows(register: Path, table: str, columns: str, order: str = "1, 2, 3") -> list[tuple[object, ...]]:
    """What was written, days as text."""
    return duckdb.sql(f"SELECT {columns} FROM '{register}/{table}.parquet' ORDER BY {order}").fetchall()


def told(mapped: Mapped, table: str, measure: str = "rows") -> dict[tuple[str, str], int]:
    """What went where, over all files."""
    found: dict[tuple[str, str], int] = {}
    for one in mapped.went:
        if (one.table, one.measure) == (table, measure):
            found[one.what, one.reason] = found.get((one.what, one.reason), 0) + one.amount
    return found


def jobs(folder: Path, *paid: str) -> tuple[Mapped, list[tuple[object, ...]]]:
    """SPOLIS rows, mapped: what went where, and the spells."""
    delivery(folder / "d", SPOLISBUS2019V1_csv=lines(PAY, *paid))
    mapped = map_delivery(folder / "d", folder / "r", ["spolis"])
    columns = 'job_id, CAST("start" AS VARCHAR), CAST("end" AS VARCHAR), monthly_wage, paid'
    return mapped, rows(folder / "r", "job_spell", columns)


def test_pay_by_the_month_is_one_job(tmp_path: Path) -> None:
    """Months that touch are one spell with the wage of a month; a gap, or another job, is another spell."""
    mapped, found = jobs(
        tmp_path,
        "R 1 a b 20190101 20190131 2000.00 160",
        "R 1 a b 20190201 20190228 2000.00 160",
        "R 1 a b 20190301 20190310 645.16 52",
        "R 1 a b 20190501 20190531 2000.00 160",
        "R 1 z b 20190201 20190228 100.00 10",
    )

    assert found == [
        ("a", "2019-01-01", "2019-03-10", 2000.0, 4645.16),
        ("a", "2019-05-01", "2019-05-31", 2000.0, 2000.0),
        ("z", "2019-02-01", "2019-02-28", 100.0, 100.0),
    ]
    assert told(mapped, "job_spell") == {("read", ""): 5, ("folded", ""): 2, ("written", ""): 3}
    assert told(mapped, "job_spell", "paid")["read", ""] == 674516 == 464516 + 200000 + 10000


def test_pay_by_four_weeks_is_one_job_too(tmp_path: Path) -> None:
    """Steady by the day: 28 days of 50 euros, cut at the ends of months, is one spell though months differ."""
    _, found = jobs(
        tmp_path,
        "R 1 a b 20190101 20190128 1400 160",
        "R 1 a b 20190129 20190131 150 17",
        "R 1 a b 20190201 20190225 1250 143",
        "R 1 a b 20190226 20190228 150 17",
        "R 1 a b 20190301 20190325 1250 143",
    )

    assert [one[:3] for one in found] == [("a", "2019-01-01", "2019-03-25")]


@pytest.mark.parametrize(("later", "spells"), [("2090.00", 1), ("2120.00", 2), ("1500.00", 2)])
def test_a_change_of_pay_begins_another_spell(tmp_path: Path, later: str, spells: int) -> None:
    """More than 5 % up or down: what somebody earns later is not spread over the months before."""
    _, found = jobs(tmp_path, "R 1 a b 20190101 20190131 2000 160", f"R 1 a b 20190201 20190228 {later} 160")

    assert len(found) == spells
    assert (found[0][3] == 2000.0) == (spells == 2)


def test_rows_of_one_period_are_one_period(tmp_path: Path) -> None:
    """Pay in two pieces is one pay: neither a cut nor two months."""
    mapped, found = jobs(
        tmp_path,
        "R 1 a b 20190101 20190131 1500 100",
        "R 1 a b 20190101 20190131 500 60",
        "R 1 a b 20190201 20190228 2000 160",
    )

    assert [one[3] for one in found] == [2000.0]
    assert told(mapped, "job_spell")["folded", ""] == 2


def test_what_is_no_work_leaves_with_its_euros(tmp_path: Path) -> None:
    """Corrections, pay without hours and who is not in the population, each with its reason and its sum."""
    mapped, found = jobs(
        tmp_path,
        "R 1 a b 20190101 20190131 2000 160",
        "R 1 a b 20190201 20190228 -300.25 0",
        "R 1 a b 20190301 20190331 80 0",
        "S 2 c b 20190101 20190131 999.99 160",
        "R  d b 20190101 20190131 10 1",
        "R 3 e b 20190131 20190101 20 1",
        "R 4 f b 2019013x 20190101 30 1",
    )
    paid = {
        reason: Decimal(n) / 100
        for (what, reason), n in told(mapped, "job_spell", "paid").items()
        if what == "set_aside"
    }

    assert len(found) == 1
    assert paid == {
        "correction": Decimal("-300.25"), "no_hours": 80, "not_in_population": Decimal("999.99"),
        "empty:person_id": 10, "reversed:end": 20, "unreadable:start": 30,
    }  # fmt: skip


def provisions(folder: Path, **files: str) -> Mapped:
    """SRG files, mapped."""
    return map_delivery(delivery(folder / "d", **files), folder / "r", ["srg"])


def test_the_latest_delivery_wins(tmp_path: Path) -> None:
    """The same provision again is told again: the last report of it counts, known since the first."""
    mapped = provisions(
        tmp_path,
        SRG201906_csv=lines(
            SRG, "2019 06 363 1 19800101 1 V1 06 20190301   ", "2019 06 363 2 19810101 2 V2 03 20190401   "
        ),
        SRG201912_csv=lines(SRG, "2019 12 363 1 19800101 1 V1 06 20190301 20191001 1 "),
    )
    columns = 'provision_id, CAST("end" AS VARCHAR), dropped, CAST(known_on AS VARCHAR), instrument'

    assert rows(tmp_path / "r", "provision", columns) == [
        ("0363-V1", "2019-10-01", "no", "2019-06-30", "job_coach"),
        ("0363-V2", None, None, "2019-06-30", "work_placement"),
    ]
    assert told(mapped, "provision") == {
        ("read", ""): 3, ("superseded", ""): 1, ("written", ""): 2, ("not_told_again", "end"): 1,
    }  # fmt: skip
    assert "lopend, terwijl de laatste levering ze niet meer noemt: 1 rij" in ww.say(mapped, "nl")
    assert told(mapped, "person") == {("read", ""): 3, ("superseded", ""): 1, ("written", ""): 2}


def test_a_person_is_as_first_known(tmp_path: Path) -> None:
    """What came later is no characteristic at the start; what the first report lacks is filled from the next."""
    provisions(
        tmp_path,
        SRG201906_csv=lines(SRG, "2019 06 363 1  1 V1 06 20190301   "),
        SRG201912_csv=lines(SRG, "2019 12 518 1 19800101 2 V1 06 20190301   "),
    )

    assert rows(tmp_path / "r", "person", "person_id, CAST(birth_date AS VARCHAR), sex, region") == [
        ("000000001", "1980-01-01", "m", "0363")
    ]


def test_an_empty_delivery_among_others_is_no_mistake(tmp_path: Path) -> None:
    """A municipality without provisions sends a head without rows."""
    mapped = provisions(
        tmp_path, SRG201906_csv=lines(SRG, "2019 06 363 1 19800101 1 V1 06 20190301   "), SRG201912_csv=lines(SRG)
    )

    assert told(mapped, "provision")["written", ""] == 1


def changed(folder: Path, old: str, new: str) -> str:
    """The shipped mapping of provisions, with a change, as a user keeps it."""
    path = folder / "own.toml"
    assert old in text_of("srg")
    path.write_text(text_of("srg").replace(old, new), "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("other", "what"), [("unknown", ("other_code", "instrument")), ("drop", ("set_aside", "other_code:instrument"))]
)
def test_a_list_says_what_becomes_of_other_codes(tmp_path: Path, other: str, what: tuple[str, str]) -> None:
    """Emptied or set aside, and counted; without a word it is an error that names the list."""
    home = delivery(
        tmp_path / "d",
        SRG_csv=lines(SRG, "2019 06 363 1 19800101 1 V1 06 20190301   ", "2019 06 363 2 19800101 1 V2 77 20190301   "),
    )
    with pytest.raises(UnknownCode, match=r"1 rows have a value in 'TYPE_VOORZIENING' .* 'type_voorziening' .*'77'"):
        map_delivery(home, tmp_path / "r", ["srg"])
    own = changed(
        tmp_path,
        "[codes.type_voorziening.values]",
        f'[codes.type_voorziening]\nother = "{other}"\n[codes.type_voorziening.values]',
    )
    mapped = map_delivery(home, tmp_path / "r", [own])

    assert told(mapped, "provision")[what] == 1
    assert len(rows(tmp_path / "r", "provision", "provision_id, instrument, person_id")) == (
        2 if other == "unknown" else 1
    )


def test_files_as_a_dutch_spreadsheet_writes_them(tmp_path: Path) -> None:
    """Semicolons, Latin-1, a decimal comma and days of the Dutch kind, said once in the mapping."""
    home = delivery(tmp_path / "d")
    text = "Nummer;Plaats;Geboren;Uren\n7;Súdwest-Fryslân;31-12-1979;1.234,5\n8;Goes;1-2-1980;7\n"
    (home / "klanten.csv").write_bytes(text.encode("latin-1"))
    own = tmp_path / "own.toml"
    own.write_text(
        '[files.k]\npath = "klanten*"\nencoding = "latin-1"\ndecimal = ","\ndates = "dd-mm-yyyy"\n'
        '[tables.person]\nfrom = "k"\ncolumns.person_id = "NUMMER"\ncolumns.birth_date = "geboren"\n'
        'columns.region = "plaats"\ncolumns.uren = "number(Uren)"\n', "utf-8",
    )  # fmt: skip
    map_delivery(home, tmp_path / "r", [own])

    assert rows(tmp_path / "r", "person", "person_id, region, CAST(birth_date AS VARCHAR), uren") == [
        ("7", "Súdwest-Fryslân", "1979-12-31", 1234.5),
        ("8", "Goes", "1980-02-01", 7.0),
    ]


@pytest.mark.parametrize(("order", "read"), [("utf-16-le", True), ("utf-16-be", False)])
def test_files_in_utf_16(tmp_path: Path, order: str, read: bool) -> None:
    """As Windows writes it, it is read; the other order is refused by name, never read as nothing."""
    home = delivery(tmp_path / "d")
    (home / "k.csv").write_bytes("\ufeffa;b\n1;Súd\n2;x\n".encode(order))
    own = '[files.k]\npath = "k.csv"\nencoding = "utf-16"\n[tables.person]\nfrom = "k"\n'
    (home / "mapping.toml").write_text(own + 'columns.person_id = "a"\ncolumns.region = "b"\n', "utf-8")

    with contextlib.nullcontext() if read else pytest.raises(NotUtf8):
        map_delivery(home, tmp_path / "r")
    assert (tmp_path / "r").exists() == read
    if read:
        assert rows(tmp_path / "r", "person", "person_id, region", "1") == [("1", "Súd"), ("2", "x")]


def test_numbers_and_days_as_spss_stores_them(tmp_path: Path) -> None:
    """Codes without their zero, keys as numbers, days as days: the same as text."""
    home = delivery(tmp_path / "d")
    frame = pd.DataFrame({
        "STATISTIEKJAAR": [2019.0], "STATISTIEKMAAND": [6.0], "GEMEENTECODE": [363.0], "BSN": [1.0],
        "GEBOORTEDATUM": [pd.Timestamp("1980-01-31").date()], "GESLACHT": [1.0],
        "REGISTRATIENUMMER_VOORZIENING": ["V1"],
        "TYPE_VOORZIENING": [6.0], "BEGINDATUM_VOORZIENING": [20190301.0], "EINDDATUM_VOORZIENING": [0.0],
    })  # fmt: skip
    pyreadstat.write_sav(frame, str(home / "srg_2019.SAV"))
    map_delivery(home, tmp_path / "r", [changed(tmp_path, 'empty = ["00000000"]', 'empty = ["00000000", "0"]')])

    assert rows(
        tmp_path / "r", "provision", 'provision_id, person_id, instrument, CAST("start" AS VARCHAR), "end"'
    ) == [("0363-V1", "000000001", "job_coach", "2019-03-01", None)]
    assert rows(tmp_path / "r", "person", "person_id, CAST(birth_date AS VARCHAR), sex") == [
        ("000000001", "1980-01-31", "m")
    ]


def test_files_of_one_kind_each_have_their_columns(tmp_path: Path) -> None:
    """An optional column may be lacking in one file; a needed one is missed in the file that lacks it."""
    head = tuple(name for name in SRG if name != "LOONWAARDE")
    first, second = "2019 06 363 1 19800101 1 V1 04 20190301   80", "2019 12 363 2 19800101 1 V2 04 20190301  "
    provisions(tmp_path, SRG1_csv=lines(SRG, first), SRG2_csv=lines(head, second))
    assert rows(tmp_path / "r", "provision", "provision_id, wage_value, person_id")[0][1:] == (80.0, "000000001")

    with pytest.raises(MissingColumn, match=r"'TYPE_VOORZIENING' is not there.*SRG2.csv"):
        provisions(tmp_path, SRG2_csv=lines(("TYPE", *(n for n in head if n != "TYPE_VOORZIENING")), f"04 {second}"))


def test_two_mappings_give_to_one_table(tmp_path: Path) -> None:
    """A person who stands in two kinds of files is one person."""
    bus = lines(
        ("STATISTIEKJAAR", "STATISTIEKMAAND", "GEMEENTECODE", "BSN", "GEBOORTEDATUM", "GESLACHT", "LEEFVORM",
         "REGISTRATIENUMMER_UITKERING", "STATISTIEKCODE", "AANVANGSDATUM_UITKERING_PERSOON",
         "EINDDATUM_UITKERING_PERSOON"),
        "2019 01 363 1 19800101 1 2 U1 01 20190101 ", "2019 01 363 5 19800101 1 1 U5 11 20190101 ",
    )  # fmt: skip
    home = delivery(tmp_path / "d", BUS_csv=bus, SRG_csv=lines(SRG, "2019 06 363 1 19800101 1 V1 06 20190301   "))
    mapped = map_delivery(home, tmp_path / "r", ["bus", "srg"])

    assert rows(tmp_path / "r", "person", "person_id, household, region") == [
        ("000000001", "single_parent", "0363"), ("000000005", "single", "0363"),
    ]  # fmt: skip
    assert told(mapped, "person") == {("read", ""): 3, ("superseded", ""): 1, ("written", ""): 2}
    assert told(mapped, "benefit_spell") == {
        ("read", ""): 2, ("set_aside", "special_assistance"): 1, ("written", ""): 1,
    }  # fmt: skip
    said = ww.say(mapped, "nl")
    assert "bijzondere bijstand, geen uitkering voor levensonderhoud: 1 rij" in said
    assert "staat ook in een andere levering" in said


def test_a_mapped_register_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    """Mapping again writes the same register; a folder with something else is left alone."""
    files = {"SRG_csv": lines(SRG, "2019 06 363 1 19800101 1 V1 06 20190301   "), "notes_txt": "who asked for this"}
    first, again = provisions(tmp_path, **files), provisions(tmp_path, **files)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/book.txt").write_text("mine", "utf-8")

    assert first == again
    assert first.unused == ("notes.txt",)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["d", "mine", "r"]
    with pytest.raises(OutputError, match="something else than a mapped register"):
        map_delivery(tmp_path / "d", tmp_path / "mine", ["srg"])
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["book.txt"]


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line as a process of its own."""
    called = [sys.executable, "-c", "from watwerkt.cli import main; main()", *arguments]
    return subprocess.run(called, cwd=home, capture_output=True, text=True, check=False)


def test_the_command_maps_and_says_where_every_row_went(tmp_path: Path) -> None:
    """With shipped mappings by name, with the delivery's own, and one clear sentence where a code list has changed."""
    home = delivery(tmp_path / "d", SRG_csv=lines(SRG, "2019 06 363 1 19800101 1 V1 77 20190301   "))
    wrong = command(tmp_path, "map", "d", "--mapping", "srg", "--out", "r")
    shown = command(tmp_path, "mapping", "srg")
    (home / "mapping.toml").write_text(shown.stdout.replace('"99" =', '"77" = "training"\n"99" ='), "utf-8")
    right = command(tmp_path, "map", "d", "--out", "r", "--lang", "nl")

    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (4, "", 1)
    assert "the code list 'type_voorziening' does not have: '77'. (d/SRG.csv)" in wrong.stderr
    assert (shown.returncode, right.returncode, right.stderr) == (0, 0, "")
    assert "provision, gelezen uit 1 bestand: 1 rij" in right.stdout
    assert command(tmp_path, "mapping", "sgr").returncode == 4
    assert command(tmp_path, "check", "r").returncode == 0


def test_two_mappings_must_agree_on_versions(tmp_path: Path) -> None:
    """A table has one way of telling what is one thing."""
    home = delivery(tmp_path / "d", SRG_csv=lines(SRG, "2019 06 363 1 19800101 1 V1 06 20190301   "))
    own = changed(tmp_path, 'which = "earliest", fill = true', 'which = "latest"')
    with pytest.raises(MappingError, match=r"tables\.person is given twice, with other versions"):
        map_delivery(home, tmp_path / "r", ["srg", own])


def test_the_example_of_the_page_is_a_mapping() -> None:
    """What an analyst copies from the page is read without a word; every function of the language stands there."""
    page = (Path(__file__).parents[2] / "docs/how-to/your-own-delivery.md").read_text("utf-8")
    example = page.split("```toml\n")[1].split("```")[0]

    assert [part.table for part in parsed(example, "page", "page").parts] == ["provision"]
    assert [name for name in (*FUNCTIONS, *SPECIAL) if f"{name}(" not in page] == []


def test_every_shipped_mapping_says_what_is_published() -> None:
    """A user can tell what is known of a layout from what was assumed."""
    for name in shipped():
        assert "# Published: " in text_of(name)
        assert "# Assumed: " in text_of(name)
