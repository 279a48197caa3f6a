"""Pictures: one grammar, labels that keep apart, gaps where closed, numbers in the reader's own form."""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from watwerkt import report
from watwerkt.errors import DossierError
from watwerkt.report.charts.frame import Box, Places, round_step, ticks
from watwerkt.report.numbers import count, ladder, nearest, significant, written

sys.path.insert(0, str(Path(__file__).parents[1]))
import dossiers


def labels(svg: str) -> list[tuple[float, float, str, str]]:
    """x, y, anchor and words of every text."""
    found = re.findall(r'<text class="[^"]*" x="([\d.-]+)" y="([\d.-]+)"(?: text-anchor="(\w+)")?>([^<]*)<', svg)
    return [(float(x), float(y), anchor or "start", words) for x, y, anchor, words in found]


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("narrow", [False, True])
def test_labels_do_not_collide(lang: str, narrow: bool) -> None:
    """No two texts of a picture cover each other, in any dossier, language or shape."""
    for made, outcome, arms in (
        (dossiers.job_corps(), "work", ["offer"]),
        (dossiers.three_arms(), "work", ["short", "long"]),
        (dossiers.three_arms(), "earnings", ["short", "long"]),
        (dossiers.three_arms(), "on_benefit", ["short", "long"]),
        (dossiers.nsw(), "earnings", ["programme"]),
    ):
        for arm in arms:
            boxes = []
            for x, y, anchor, words in labels(report.picture(made, outcome, arm, lang, narrow)):
                width = len(words) * 6.2
                left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
                boxes.append((Box(left, y - 10, left + width, y + 2), words))
            hits = [(a[1], b[1]) for i, a in enumerate(boxes) for b in boxes[i + 1 :] if a[0].meets(b[0])]

            assert hits == [], (made.question.id, outcome, arm)


def test_the_two_shapes_are_two_drawings() -> None:
    """The narrow one is drawn for its size, not shrunken."""
    wide, narrow = (report.picture(dossiers.job_corps(), "work", "offer", "nl", n) for n in (False, True))

    assert 'viewBox="0 0 800 424"' in wide
    assert 'viewBox="0 0 344 392"' in narrow


def test_a_picture_has_no_id() -> None:
    """Any number of them can stand on one page."""
    assert " id=" not in report.picture(dossiers.three_arms(), "work", "long", "en")


def test_zero_is_named_and_the_programme_shaded() -> None:
    """The zero line says what it means; the programme, the band and its outline are there."""
    svg = report.picture(dossiers.job_corps(), "work", "offer", "nl")

    assert "geen verschil" in svg
    assert "tijdens deelname" in svg
    for css in ("b95", "b80", "b50", "outline", "line", "zero", "during"):
        assert f'class="{css}"' in svg
    assert "Gevolgd (jongeren):" in svg


@pytest.mark.skipif(not dossiers.REFERENCE.exists(), reason="the real path of Job Corps is not beside this project")
def test_the_low_point_of_the_real_path_is_labelled() -> None:
    """Week 16, about 13 fewer of 100."""
    assert "ongeveer 13 minder" in report.picture(dossiers.job_corps(), "work", "offer", "nl")


def test_a_closed_period_is_a_gap() -> None:
    """The line does not run through a period whose number may not be seen."""
    svg = report.picture(dossiers.three_arms(), "earnings", "short", "en")

    assert 'class="hatch-line"' in svg


def test_a_closed_path_has_no_value() -> None:
    """Its axis of values is gone, only time and the reason remain."""
    svg = report.picture(dossiers.three_arms(), "work", "coaching", "en")
    words = [w for *_, w in labels(svg)]

    assert "closed: a difference before the start" in words
    assert [w for w in words if re.match(r"[+−]\d", w)] == []


def test_a_picture_of_nothing_is_refused() -> None:
    """An arm or outcome without effects cannot be drawn."""
    with pytest.raises((DossierError, KeyError)):
        report.picture(dossiers.nsw(), "work", "programme", "en")


@pytest.mark.parametrize(
    ("value", "lang", "decimals", "signed", "text"),
    [
        ("1234.5", "nl", 1, False, "1.234,5"),
        ("1234.5", "en", 1, True, "+1,234.5"),
        ("-0.5", "nl", 1, False, "−0,5"),
        ("0", "nl", 1, True, "0"),
    ],
)
def test_numbers_are_written_as_people_write_them(
    value: str, lang: str, decimals: int, signed: bool, text: str
) -> None:
    """Minus is a minus, zero has no decimals, thousands are parted."""
    assert written(Decimal(value), lang, decimals, signed) == text


@pytest.mark.parametrize(("value", "step", "rounded"), [(0.5, "1", "1"), (-2.5, "1", "-3"), (0.125, "0.05", "0.15")])
def test_halves_go_away_from_zero(value: float, step: str, rounded: str) -> None:
    """What a reader computes by hand."""
    assert nearest(value, Decimal(step)) == Decimal(rounded)


@pytest.mark.parametrize(("size", "step"), [("0.7", "0.5"), ("4", "1"), ("5", "5"), ("84", "50"), ("0.04", "0.01")])
def test_steps_are_ones_and_fives(size: str, step: str) -> None:
    """Money is rounded to amounts that people use."""
    assert ladder(Decimal(size)) == Decimal(step)


def test_ticks_are_round_and_hold_zero() -> None:
    """An axis through zero names zero."""
    assert ticks(-17.8, 8.1) == tuple(Decimal(v) for v in (-15, -10, -5, 0, 5))
    assert round_step(0.3) == Decimal("0.5")


def test_a_label_finds_no_place_when_there_is_none() -> None:
    """It stays away rather than cover the band; the text beside the picture says it too."""
    places = Places(Box(0, 0, 100, 20), [(float(x), 0.0, 20.0) for x in range(0, 100, 5)])

    assert places.label("a label", (50, 10)) is None


def test_counts_and_statistics() -> None:
    """Counts have thousands; statistics as many digits as they mean."""
    assert count(9145, "nl") == "9.145"
    assert significant(2.0, "nl") == "2"
    assert significant(0.0412, "en", 2) == "0.041"
