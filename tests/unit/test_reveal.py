"""The truth of an invented world beside what was estimated of it."""

from __future__ import annotations

import pytest
from answers import answer, question

from watwerkt.errors import MissingFile
from watwerkt.report import say_reveal
from watwerkt.synthetic.reveal import main, reveal

HEAD = "# invented\narm,compared_with,outcome,month,measure,target,value,mc_error\n"
ROWS = """\
short,not_now,work,6,at,treated,0.011,0.001
short,not_now,work,7,at,treated,0.9,0.001
long,not_now,work,6,at,treated,0,0
"""


@pytest.fixture
def truth(tmp_path):
    """A truth of three cells: one that is held, one that is not, one that was never estimated."""
    path = tmp_path / "truth.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return path


def test_only_what_was_estimated_stands_beside_its_truth(truth):
    """Two of three planted numbers were estimated; one interval holds the truth, one does not."""
    rows = reveal(truth, answer().inside(), question())

    assert [(r.month, r.inside) for r in rows] == [(6, True), (7, False)]


def test_a_closed_number_is_shown_with_its_reason(truth):
    """Of invented people nothing is secret: reveal shows closed numbers too, and says that readers do not see them."""
    rows = reveal(truth, answer(reason="placebo").inside(), question())

    assert {r.reason for r in rows} == {"placebo"}
    assert "0 of 0" not in say_reveal(rows, "en")
    assert "of 2 closed ones, 1 times" in say_reveal(rows, "en")


def test_a_first_look_has_public_moments_only(truth):
    """Month 7 is no public moment."""
    assert [r.month for r in main(reveal(truth, answer().inside(), question()), question())] == [6]


def test_without_a_truth_there_is_nothing_to_reveal(tmp_path):
    """A missing file is named."""
    with pytest.raises(MissingFile, match="truth"):
        reveal(tmp_path / "truth.csv", (), question())
