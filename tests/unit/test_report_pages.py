"""Pages: whole, offline, without script, in two languages, without forbidden words, and silent where closed."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from watwerkt import report
from watwerkt.dossier import Defect, Dossier, Effect, Quality, TableState

sys.path.insert(0, str(Path(__file__).parents[1]))
import dossiers

MADE = ("job_corps", "nsw", "nsw_psid", "three_arms")
VOID = {"meta", "link", "input", "br", "col", "img", "hr", "wbr"}
# UX 2.0: these stand nowhere outside the fold for analysts.
FORBIDDEN = (
    "significan", "p-waarde", "p-value", "procentpunt", "percentage point", "betrouwbaarheidsinterval",
    "confidence interval", "bewezen", "proven", "kansarm", "kansrijk", "heterogeniteit", "heterogeneity", "score",
    "standaardfout", "standard error", "sup-t", "s.e.", "±", "statistisch", "statistical",
)  # fmt: skip


@cache
def page(name: str) -> str:
    """The page of a dossier made by hand, made once."""
    dossier = getattr(dossiers, name)()
    return report.page(dossier, f"watwerkt answer questions/{dossier.question.id} --out answers --seed 1")


def quality() -> Quality:
    """A register with two defects."""
    tables = (
        TableState("person", True, 10_000),
        TableState("job_spell", True, 64_210, "2014-01-01", "2022-12-31", extra_columns=("cao",)),
        TableState("sanction", False),
    )
    defects = (
        Defect("job_spell", "end", "reversed", 12, True, ("8812", "9001")),
        Defect("person", "education", "missing_key", 310, False),
    )
    return Quality("utrecht", "cd" * 32, True, tables, defects, ("employed", "earnings"))


class Outline(HTMLParser):
    """Tags, ids and attributes of a page; refuses tags that do not close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it; remember what must close."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag of SVG that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """The innermost open tag closes."""
        assert self.stack.pop() == tag

    def values(self, attribute: str) -> list[str]:
        """All values of one attribute."""
        return [str(attrs[attribute]) for _, attrs in self.tags if attribute in attrs]


@pytest.mark.parametrize("name", MADE)
def test_a_page_is_whole(name: str) -> None:
    """Every tag closes, no id stands twice, every anchor and label has its place."""
    outline = Outline(page(name))
    ids = outline.values("id")

    assert len(ids) == len(set(ids))
    assert {h[1:] for h in outline.values("href") if h.startswith("#")} <= set(ids)
    assert set(outline.values("for")) <= set(ids)
    assert set(outline.values("aria-labelledby")) <= set(ids)


@pytest.mark.parametrize("name", MADE)
def test_a_page_needs_nothing_from_outside(name: str) -> None:
    """No address, no script, no file beside it, no style in an attribute (a strict policy stays possible)."""
    outline = Outline(page(name))

    assert "://" not in page(name)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in outline.tags}
    assert outline.values("style") == []
    assert "url(" not in page(name)
    assert "@import" not in page(name)


@pytest.mark.parametrize("name", MADE)
def test_each_language_says_which_it_is(name: str) -> None:
    """The document is Dutch, the English part says that it is English; each links to the other."""
    outline = Outline(page(name))
    tongues = [attrs for tag, attrs in outline.tags if tag == "div" and "lang" in attrs]

    assert [attrs["lang"] for tag, attrs in outline.tags if tag == "html"] == ["nl"]
    assert [(t["id"], t["lang"]) for t in tongues] == [("en", "en"), ("nl", "nl")]
    assert {a["href"]: a["hreflang"] for tag, a in outline.tags if tag == "a" and "hreflang" in a} == {
        "#en": "en",
        "#nl": "nl",
    }


@pytest.mark.parametrize("name", MADE)
def test_no_coordinate_has_a_comma(name: str) -> None:
    """Numbers in attributes are written by Python: cx="12,5" draws nothing."""
    outline = Outline(page(name))
    numeric = {"x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height"}
    values = [v for tag, attrs in outline.tags for k, v in attrs.items() if k in numeric and tag != "meta"]

    assert values or name == "nsw_psid"
    assert [v for v in values if not re.fullmatch(r"-?\d*\.?\d+%?", str(v))] == []


def outside_the_fold(text: str) -> str:
    """What every reader sees: the page without style sheet, tags and the fold for analysts."""
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r'<details class="analysts">.*?</details>', "", text, flags=re.DOTALL)
    return re.sub(r"<[^>]*?>", " ", re.sub(r'aria-label="([^"]*)"', r">\1<", text))


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("word", FORBIDDEN)
def test_a_forbidden_word_stands_nowhere(name: str, word: str) -> None:
    """Outside the fold for analysts."""
    assert word not in outside_the_fold(page(name)).lower()


@pytest.mark.parametrize("name", MADE)
def test_certain_is_kept_for_the_grade(name: str) -> None:
    """A band is clear or not; the words for certainty are never used of one."""
    assert not re.search(r"\b(zeker|zekerheid|certain|certainty|sure)\b", outside_the_fold(page(name)))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_closed_number_is_nowhere(lang: str) -> None:
    """The page of a closed effect is the same whatever its number was: there is no room for it."""
    closed = dossiers.nsw_psid()
    said = report.page(closed) + report.say(closed, lang) + report.why(closed, lang)

    for digits in ("15.2", "15,2", "15204", "15.204", "-15", "−15", "4.2", "4,2"):
        assert digits not in outside_the_fold(said)
    assert "gesloten" in report.page(closed)
    assert report.table(closed)["estimate"].to_pylist() == [None] * len(closed.effects)


def test_closing_takes_every_number_of_an_arm_away() -> None:
    """When an open arm closes, none of its numbers is left on the page."""
    opened = dossiers.nsw()
    [effect] = opened.effects
    shut = replace(opened, effects=(Effect(effect.cell, effect.arm, effect.target, effect.design, "attrition"),))

    for number in ("1.600", "1,600", "1.620", "1,620", "6.180", "6,180"):
        assert number in report.page(opened) or number in ("6.180", "6,180")
        assert number not in report.page(shut)


@pytest.mark.parametrize("name", MADE)
def test_invented_data_are_marked_everywhere(name: str) -> None:
    """In the bar, in each lead, in each picture and its words, in each table; and real data never are."""
    text, synthetic = page(name), getattr(dossiers, name)().synthetic
    pictures = re.findall(r"<svg[^>]*role=.*?</svg>", text, flags=re.DOTALL)
    strips = re.findall(r'<svg class="strip".*?</svg>', text, flags=re.DOTALL)
    captions = re.findall(r"<caption[^>]*>(.*?)</caption>", text)

    if synthetic:
        assert all(re.search(">(verzonnen|invented)<", p) for p in [*pictures, *strips])
        assert all(re.search('aria-label="(Verzonnen gegevens|Invented data): ', p) for p in pictures)
        assert all(
            re.search(r"verzonnen gegevens|invented data", c) for c in captions if "zonder" in c or "without" in c
        )
        assert text.count('class="invented"') == 2
    else:
        assert "erzonnen" not in text
        assert "nvented" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", MADE)
def test_the_flow_adds_up(name: str) -> None:
    """Read minus what fell off is what is used, to the row, as printed."""
    for flow in re.findall(r'<ol class="flow">(.*?)</ol>', page(name), flags=re.DOTALL):
        marks = [
            (bool(gone), int(re.sub(r"\D", "", number)))
            for gone, number in re.findall(r"<li( class=\"gone\")?><b>([^<]*)</b>", flow)
        ]

        assert marks[0][1] - sum(n for gone, n in marks if gone) == marks[-1][1]


@pytest.mark.skipif(not dossiers.REFERENCE.exists(), reason="the real path of Job Corps is not beside this project")
def test_when_end_and_total_disagree_both_are_shown() -> None:
    """Job Corps: more work at the end, less in total. The page gives both, and says that both are true."""
    text = outside_the_fold(page("job_corps"))

    assert "4 méér van de 100" in text
    assert "3 weken minder" in text
    assert "Beide kloppen." in text
    assert "Both are true." in text


def test_clear_comes_from_the_simultaneous_band() -> None:
    """Weeks 2 to 59, and 16 weeks after: those of the reference, not the 74 of the pointwise range."""
    if not dossiers.REFERENCE.exists():
        pytest.skip("the reference data are not here")
    text = outside_the_fold(page("job_corps"))

    assert "In week 2 tot en met 59 is het verschil duidelijk" in text
    assert "In 16 weken is het verschil duidelijk" in text


def test_the_story_of_two_arms_is_told_in_order() -> None:
    """Overview first, then each open arm, then one against the other; the closed arm has its block and no section."""
    text = outside_the_fold(page("three_arms"))
    places = [
        text.index(words) for words in ("Side by side", "When does it work?", "Which of the two?", "Can you believe")
    ]

    assert places == sorted(places)
    assert "Coaching · work, earnings and benefit" in text
    assert "What would open this?" in text


def test_known_later_findings_are_listed_and_not_counted() -> None:
    """They stand apart, with where they were found."""
    text = outside_the_fold(page("job_corps"))

    assert "Dit is niet meegerekend" in text
    assert "Schochet 2018" in text


@pytest.mark.parametrize("name", MADE)
def test_versions_and_command_are_there(name: str) -> None:
    """Data, question and engine by name, and the command that made it."""
    dossier: Dossier = getattr(dossiers, name)()
    text = outside_the_fold(page(name))

    assert dossier.snapshot[:12] in text
    assert dossier.question.fingerprint[:12] in text
    assert f"watwerkt {dossier.engine}" in text
    assert "--seed 1" in re.sub(r"\s+", " ", text)


def test_the_page_of_a_register_says_what_is_wrong() -> None:
    """Tables, defects with their counts, what it is fit for; whole, offline, and for use at home only."""
    text = report.page(quality())
    outline = Outline(text)

    assert "://" not in text
    assert len(outline.values("id")) == len(set(outline.values("id")))
    assert "einde ligt vóór het begin" in text
    assert "Do not share this page." in text
    assert text == report.check_page(quality())


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_register_is_said(lang: str) -> None:
    """The same in lines, with counts as that language writes them."""
    said = report.say(quality(), lang)

    assert {"nl": "64.210", "en": "64,210"}[lang] in said
    assert said.startswith({"nl": "Verzonnen gegevens: ", "en": "Invented data: "}[lang])
