"""Every page with results can be made again: it is registered with the command that stands on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import results

ROOT = Path(__file__).parents[2]
PAGES = {page.file: page for page in results.registered()}


def written() -> list[str]:
    """Markdown files of the repository that somebody reads."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").rglob("*.md")]
    return sorted(str(file.relative_to(ROOT)) for file in found)


def is_left_out(file: str) -> bool:
    """By itself, or with its folder."""
    return any(file == named or (named.endswith("/") and file.startswith(named)) for named in results.left_out())


def has_results(text: str) -> bool:
    """Whether it holds a table, or says which command made it."""
    return re.search(r"^\|[-|: ]+\|$", text, re.M) is not None or "Made by:" in text


def test_no_page_with_a_table_is_forgotten() -> None:
    """It is registered, or left out for a reason."""
    forgotten = [
        file
        for file in written()
        if has_results((ROOT / file).read_text("utf-8")) and file not in PAGES and not is_left_out(file)
    ]

    assert forgotten == []


def test_a_table_would_be_seen() -> None:
    """The rule catches what it is about."""
    assert has_results("# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert has_results("300 registers. Made by:\n\n    python x.py\n")
    assert not has_results("# A\n\nOnly words | and a bar.\n")


@pytest.mark.parametrize("file", [*PAGES, *results.left_out()])
def test_what_is_named_exists(file: str) -> None:
    """No entry outlives its page."""
    assert (ROOT / file).exists()


@pytest.mark.parametrize("file", PAGES)
def test_the_page_says_the_command_that_is_registered(file: str) -> None:
    """A reader who copies it from the page makes the same page."""
    page = PAGES[file]
    script = page.command.split()[1]
    text = (ROOT / file).read_text("utf-8")
    whole = page.command.format(out=file, data="../shared/data").split(" --picture")[0]

    assert (ROOT / script).is_file()
    assert whole.removeprefix("python ") in text if not page.printed and file.endswith(".md") else script in text


def test_files_beside_a_page_exist() -> None:
    """Pictures that the same command makes are there, and are compared too."""
    assert [beside for page in PAGES.values() for beside in page.beside if not (ROOT / beside).is_file()] == []


@pytest.mark.parametrize("file", sorted(str(f.relative_to(ROOT)) for f in (ROOT / "docs" / "truth").glob("*.md")))
def test_every_truth_table_is_registered(file: str) -> None:
    """Nothing in docs/truth is left out, whatever the reason."""
    assert file in PAGES
