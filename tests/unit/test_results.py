"""The comparer of `make results` names a figure that changed, and only that."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import results

COMMITTED = """# Coverage

300 registers; truth from others; 38 minutes on 2 cores, 2026-11-24. Made by:

    python tests/truth/coverage.py --draws 300 --out docs/truth/coverage.md

| target | arm | band | CPU s |
|---|---|---|---|
| treated | short | 0.941 ± 0.007 | 4.2 |
| treated | long | 0.944 ± 0.007 | 4.3 |

Pooled: bands 0.943 (6000 families).
"""
PAGE = results.Page("docs/truth/coverage.md", "python x --out {out}", 38, timings=("CPU s",))


def found(made: str, page: results.Page = PAGE) -> list[results.Change]:
    """What the comparer says of a page that was made again."""
    return results.changes(page, COMMITTED, made)


def test_the_same_page_changes_nothing() -> None:
    """Nothing is named where nothing changed."""
    assert found(COMMITTED) == []


def test_a_changed_digit_is_named_with_file_row_and_column() -> None:
    """One cell, by where it stands, with what was and what is."""
    (change,) = found(COMMITTED.replace("0.944 ± 0.007", "0.945 ± 0.007"))

    assert change == results.Change(
        "docs/truth/coverage.md", "row treated long", "band", "0.944 ± 0.007", "0.945 ± 0.007"
    )
    assert str(change) == "docs/truth/coverage.md, row treated long, band: 0.944 ± 0.007 → 0.945 ± 0.007"


@pytest.mark.parametrize(
    ("was", "now"),
    [("2026-11-24", "2027-01-02"), ("38 minutes", "41 minutes"), ("| 4.2 |", "| 9.9 |"), ("--out docs", "--out /tmp")],
)
def test_dates_minutes_timings_and_commands_may_differ(was: str, now: str) -> None:
    """What depends on the day and the machine is no result."""
    assert found(COMMITTED.replace(was, now)) == []


def test_a_figure_in_a_sentence_is_named() -> None:
    """Results stand in prose too; the number of registers beside the minutes is one."""
    (pooled,) = found(COMMITTED.replace("bands 0.943", "bands 0.913"))
    (registers,) = found(COMMITTED.replace("300 registers", "200 registers"))

    assert (pooled.was, pooled.now) == (
        "Pooled: bands 0.943 (6000 families).", "Pooled: bands 0.913 (6000 families)."
    )  # fmt: skip
    assert registers.now.startswith("200 registers")


def test_a_word_that_changes_is_named_too() -> None:
    """An effect that closes has no digit to change."""
    page = results.Page("docs/x.md", "python x", 1)
    head = "| group | verdict |\n|---|---|\n"
    (change,) = results.changes(page, head + "| cps1 | **open** |\n", head + "| cps1 | closed: overlap |\n")

    assert (change.column, change.now) == ("verdict", "closed: overlap")


def test_rows_that_come_or_go_are_named_and_the_others_still_compared() -> None:
    """A row that is gone does not shift all below it."""
    made = COMMITTED.replace("| treated | short | 0.941 ± 0.007 | 4.2 |\n", "").replace("0.944", "0.940")

    assert [(c.row, c.now) for c in found(made)] == [
        ("row treated short", "not made"), ("row treated long", "0.940 ± 0.007")
    ]  # fmt: skip


def test_a_table_that_is_not_made_is_named() -> None:
    """A recipe that prints nothing is no success."""
    assert [c.now for c in found("", results.Page("f.md", "python x", 1, printed=True))] == ["not made"]


def test_of_a_printed_page_only_the_tables_count() -> None:
    """The page around them is written by hand."""
    tables = "\n".join(line for line in COMMITTED.splitlines() if line.startswith("|"))
    page = results.Page("docs/truth/coverage.md", "python x", 1, printed=True, timings=("CPU s",))

    assert found(tables, page) == []
    assert len(found(tables.replace("0.941", "0.942"), page)) == 1


def test_a_page_is_made_again_and_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way: a command writes into the scratch folder, what is committed is not touched."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("| a | b |\n|---|---|\n| x | 1.0 |\n")
    (tmp_path / "make.py").write_text(
        "import sys, pathlib\npathlib.Path(sys.argv[1]).write_text('| a | b |\\n|---|---|\\n| x | 1.1 |\\n')\n"
    )
    monkeypatch.setattr(results, "ROOT", tmp_path)

    (change,) = results.again(results.Page("docs/a.md", "python make.py {out}", 1), tmp_path / "scratch", tmp_path)

    assert (change.row, change.column, change.was, change.now) == ("row x", "b", "1.0", "1.1")
    assert "1.0" in (tmp_path / "docs" / "a.md").read_text()


def test_what_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing folder of data, or a command that fails, is no silence."""
    monkeypatch.setattr(results, "ROOT", tmp_path)
    (tmp_path / "broken.py").write_text("raise SystemExit('no such world')\n")

    with pytest.raises(RuntimeError, match="needs"):
        results.again(results.Page("a.md", "python x.py", 1, needs="{data}/gone"), tmp_path / "s", tmp_path / "data")
    with pytest.raises(RuntimeError, match="no such world"):
        results.again(results.Page("a.md", "python broken.py", 1), tmp_path / "s", tmp_path)


def test_the_interpreter_is_this_one() -> None:
    """Commands are written for people; what runs is the environment at hand."""
    assert all(page.command.startswith("python ") for page in results.registered())
    assert sys.executable
