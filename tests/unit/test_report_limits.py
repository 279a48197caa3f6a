"""The limit on the page: what no check sees, and how often they were right, with the committed table's numbers only."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import dossiers
import pytest
from dossiers import job_corps

from watwerkt import report
from watwerkt.dossier import Checks
from watwerkt.report import limits, view
from watwerkt.report.limits import Tried, parsed, rates, source, unseen

ROOT = Path(__file__).parents[2]
LANGUAGES = ("nl", "en")
MADE = runpy.run_path(str(ROOT / "docs/make_limits.py"))

PAGE = """# What opens

700 worlds; 41 minutes on 2 cores, 2026-11-24. Made by:

    python tests/truth/opened.py --worlds 100 --out docs/truth/opened.md

| world | leans on what is hidden | placebo declared | effects | opened | misses the truth, of opened | RV |
|---|---|---|---|---|---|---|
| honest, recent | no | yes | 397 | 0.955 ± 0.010 | 0.052 ± 0.011 | 0.081 |
| trait, strong | yes | yes | 100 | 0.000 ± 0.000 | – | – |
| trait, strong | no | yes | 300 | 0.990 ± 0.006 | 0.040 ± 0.010 | 0.080 |

## Which check closed

| world | leans | placebo declared | closed |
|---|---|---|---|
| news | yes | yes | 3 |
"""


def test_the_packages_numbers_are_the_committed_tables():
    """What a page shows is what the table says; without a table there is no number."""
    table = ROOT / "docs/truth/opened.md"
    made = MADE["text"](table.read_text("utf-8") if table.exists() else "")

    assert made == (ROOT / "src/watwerkt/report/limits.toml").read_text("utf-8")
    assert bool(limits.trial().tried) == table.exists()


def test_rows_are_copied_as_they_stand():
    """Shares with all their digits; a dash is nothing; rows of other tables and other columns stay out."""
    found = parsed(MADE["text"](PAGE))

    assert found.command == "python tests/truth/opened.py --worlds 100 --out docs/truth/opened.md"
    assert found.date == "2026-11-24"
    assert found.tried == (Tried("honest_recent", 397, 0.955, 0.052), Tried("trait_strong", 100, 0.0, None))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_world_has_a_name(lang):
    """Whatever row is copied can be said."""
    for name in MADE["ROWS"]:
        (line,) = rates(dossiers.three_arms(), lang, limits.Trial("c", "d", (Tried(name, 10, 0.5, 0.1),)))
        assert "50" in line


@pytest.mark.parametrize(
    ("lang", "first", "second"),
    [
        (
            "nl",
            "gingen er 96 open en bleven er 4 dicht. Bij 5 van elke 100",
            "gingen er 0 open en bleven er 100 dicht.",
        ),
        ("en", "96 opened and 4 stayed closed. In 5 of every 100", "0 opened and 100 stayed closed."),
    ],
)
def test_they_are_said_per_hundred_with_their_command(lang, first, second):
    """Opened and closed add up; where nothing opened nothing can miss."""
    found = parsed(MADE["text"](PAGE))
    one, other = rates(dossiers.three_arms(), lang, found)

    assert first in one
    assert other.endswith(second)
    assert "2026-11-24" in source(lang, found)
    assert "tests/truth/opened.py" in source(lang, found)


@pytest.mark.parametrize(
    ("lang", "news", "trait"),
    [("nl", "nieuws dat in geen", "verborgen eigenschap"), ("en", "news that", "hidden trait")],
)
def test_an_adjusted_page_says_what_no_check_sees(lang, news, trait):
    """Of every answer without a lottery; and of a hidden trait where the question declares no placebo."""
    undeclared = dossiers.three_arms()
    checks = Checks(not_used_in_selection=("earnings_13_24",))
    declared = replace(undeclared, question=replace(undeclared.question, checks=checks))

    assert news in " ".join(unseen(declared, lang))
    assert trait not in " ".join(unseen(declared, lang))
    assert trait in " ".join(unseen(undeclared, lang))
    assert news in report.page(declared)
    assert list(unseen(job_corps(), lang)) == []
    assert rates(job_corps(), lang, parsed(MADE["text"](PAGE))) == ()


def test_without_a_table_the_page_shows_no_number(monkeypatch):
    """The fold with the numbers is not there until somebody has found them."""
    monkeypatch.setattr(limits, "trial", limits.Trial)
    empty = view.page_view(dossiers.three_arms(), "en", "")
    assert empty.rates == ()
    assert "How often are opening and closing right" not in report.page(dossiers.three_arms())

    monkeypatch.setattr(limits, "trial", lambda: parsed(MADE["text"](PAGE)))
    assert "How often are opening and closing right" in report.page(dossiers.three_arms())


@pytest.mark.parametrize(
    ("lang", "words"), [("nl", "Zonder loting is redelijk het hoogste oordeel"), ("en", "moderate is the highest")]
)
def test_moderate_at_most_is_said_with_its_reason(lang, words):
    """A reader of a moderate answer learns that no check could have made it higher; one of a lottery does not."""
    assert words in report.say(dossiers.three_arms(), lang)
    assert words not in report.say(job_corps(), lang)
