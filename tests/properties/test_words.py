"""Ten thousand random effects are said, described, printed and tabled; a reader who knows no code reads them back."""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from html import unescape
from pathlib import Path

import pytest

from watwerkt import report
from watwerkt.dossier import (
    Arm,
    Cell,
    Design,
    Dossier,
    Effect,
    Exclusions,
    Facts,
    Outcome,
    Question,
    Source,
    Step,
    Table,
    Time,
    Words,
)
from watwerkt.report import alt, rows
from watwerkt.report.chosen import look

sys.path.insert(0, str(Path(__file__).parents[1]))
import readers

SEED, MANY = 20261124, 10_000
LANGUAGES = ("nl", "en")
CLOSED = ("too_few", "overlap", "placebo", "small_cell", "small_cell_beside", "no_support", "balance", "few_events")
OUTCOMES = (
    Outcome("work", "employed", 0.02),
    Outcome("kept", "employed_at", 0.02),
    Outcome("benefit", "on_benefit", 0.02),
    Outcome("pay", "earnings", 50.0, "EUR a month"),
    Outcome("dollars", "earnings", 0.5, "thousand USD a year"),
    Outcome("hourly", "earnings", 0.5, "EUR an hour"),
    Outcome("feeling", "measure", 0.2, "points", measure="wellbeing"),
    Outcome("spell", "number", 0.05, "log weeks"),
)
MEASURES = ("at", "at", "at", "total", "mean_lock_in", "break_even", "started_later")
SIZES = {"EUR a month": 60.0, "thousand USD a year": 0.7, "EUR an hour": 0.4, "points": 0.1, "log weeks": 0.04}


@dataclass(frozen=True)
class Case:
    """One effect in its dossier, and what its numbers are made of."""

    dossier: Dossier
    effect: Effect
    outcome: Outcome

    @property
    def rule(self) -> readers.Rule:
        """The rounding that a reader expects."""
        cell = self.effect.cell
        error = self.effect.std_error or 1.0
        return readers.rule(self.outcome.kind, cell.measure, cell.period, self.outcome.unit, error)


def cases(many: int) -> list[Case]:
    """Random effects from one seed: weeks, months and no time; shares, money, points; open, open-ended and closed."""
    dice = random.Random(SEED)
    return [_case(dice) for _ in range(many)]


def _case(dice: random.Random) -> Case:
    outcome = dice.choice(OUTCOMES)
    period = (
        dice.choice(("month", "month", "week", "")) if outcome.kind not in ("employed_at", "on_benefit") else "month"
    )
    design = dice.choice(("randomised", "adjusted"))
    other = dice.choice(("not_now", "none", "training.long"))
    measure = (
        dice.choice(("at", "at", "at", "total", "mean_lock_in", "break_even", "started_later")) if period else "at"
    )
    month = dice.randint(1, 208 if period == "week" else 60) if period else None
    target = dice.choice(("treated", "all", "overlap", "pair", "compliers"))
    cell = Cell("training.short", other, outcome.name, month, period=period, measure=measure)
    effect = _effect(dice, cell, target, design, outcome)
    own = outcome if period else replace(outcome, column="y")
    return Case(_dossier(dice, own, effect, period, other), effect, own)


def _dossier(dice: random.Random, outcome: Outcome, effect: Effect, period: str, other: str) -> Dossier:
    compared = "none" if other == "none" else "not_now"
    question = Question(
        id="random",
        title=Words("Wat doet het?", "What does it do?"),
        arms=(
            Arm("short", "training.short"),
            Arm("long", "training.long"),
            *([Arm("none")] if other == "none" else []),
        ),
        compared_with=compared,
        outcomes=(outcome,),
        table=None if period else Table("t.csv"),
        time=Time(horizon=effect.cell.month, period=period or "month"),  # type: ignore[arg-type]
        source=Source(people=dice.choice((Words(), Words("jongeren", "young people")))),
        design=Design((effect.design,)),
    )
    lock_in = (("short", 1, effect.cell.month),) if effect.cell.month else ()
    exclusions = Exclusions((Step("read", "", 1000),))
    facts = Facts(lock_in=lock_in)  # type: ignore[arg-type]
    synthetic = dice.random() < 0.5
    return Dossier(question, "", "0.1.0", "ab" * 32, 1, synthetic, exclusions, (), (effect,), facts)


def _effect(dice: random.Random, cell: Cell, target: str, design: str, outcome: Outcome) -> Effect:
    key = (cell, "short", target, design)
    if cell.measure == "break_even":
        return Effect(*key, **_break_even(dice, cell.month or 1))  # type: ignore[arg-type]
    if dice.random() < 0.1:
        return Effect(*key, reason=dice.choice(CLOSED))  # type: ignore[arg-type]
    n, n_without = 5 * dice.randint(4, 4000), 5 * dice.randint(4, 20000)
    if cell.measure == "started_later":
        return Effect(*key, estimate=round(dice.random(), 4), n=n, n_without=n_without)  # type: ignore[arg-type]
    size = SIZES.get(outcome.unit, 0.02) * (cell.month or 1 if cell.measure == "total" else 1)
    error = size * 10 ** dice.uniform(-1, 1)
    estimate = error * dice.gauss(0, 2.5)
    low, high = estimate - 1.96 * error, estimate + 1.96 * error
    without = abs(dice.gauss(0.5, 0.2)) * (1000 if "EUR" in outcome.unit else 1)
    places = 1 - Decimal(repr(error)).adjusted() if dice.random() < 0.7 else 9
    numbers = {"estimate": estimate, "std_error": error, "low": low, "high": high, "level_without": without}
    rounded = {name: round(value, places) + 0.0 for name, value in numbers.items()}
    rounded["level"] = round(rounded["level_without"] + rounded["estimate"], 9)
    return Effect(*key, **rounded, n=n, n_without=n_without)  # type: ignore[arg-type]


def _break_even(dice: random.Random, horizon: int) -> dict[str, object]:
    numbers = sorted(dice.randint(1, horizon) for _ in range(3))
    low, point, high = (float(n) for n in numbers)
    counted = {"n": 400, "n_without": 900}
    return dice.choice(
        (
            {"estimate": point, "low": low, "high": high, **counted},
            {"estimate": point, "low": low, **counted},
            {"reason": "beyond_horizon", "low": low, **counted},
            {"reason": "beyond_horizon", **counted},
            {"reason": "no_loss", **counted},
        )
    )


CASES = cases(MANY)


def expected(case: Case) -> readers.Read:
    """What a reader should find, from the dossier's own digits."""
    effect, rule = case.effect, case.rule
    invented, month = case.dossier.synthetic, effect.cell.month
    if not effect.opened:
        return readers.Read(invented, closed=True, month=None if effect.cell.measure == "mean_lock_in" else month)
    ends = ((effect.estimate, rule.said), (effect.low, rule.low), (effect.high, rule.high))
    found = [None if value is None else write(value) for value, write in ends]
    if effect.cell.measure == "started_later":
        return readers.Read(invented, estimate=found[0], month=month)
    if effect.cell.measure == "break_even":
        says_horizon = effect.reason == "beyond_horizon" or (effect.estimate is not None and effect.high is None)
        return readers.Read(invented, False, *found, month=month if says_horizon else None)
    unit = {"EUR": "€", "USD": "$"}.get(next((c for c in ("EUR", "USD") if c in case.outcome.unit), ""), "")
    first = 1 if effect.cell.measure == "mean_lock_in" else None
    return readers.Read(invented, False, *found, month=month, first=first, unit=unit)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_is_read_back(lang: str) -> None:
    """The sentence of every effect says the dossier's numbers, rounded by the one rule, and nothing else."""
    for case in CASES:
        said = report.say(report.Shown(case.dossier, case.effect), lang)
        read = readers.sentence(said, lang)
        wanted = expected(case)
        if wanted.closed:
            read, wanted = replace(read, month=None, first=None), replace(wanted, month=None)

        assert read == wanted, (said, case.effect)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_alternative_text_is_read_back(lang: str) -> None:
    """What a picture says to the ear are the same numbers."""
    for case in CASES:
        if case.effect.cell.measure not in ("at", "total"):
            continue
        seen = look(case.dossier, "short", case.outcome.name, _other(case))
        words = alt.of(seen, "difference" if case.effect.cell.measure == "at" else "total", lang)
        read, wanted = readers.alternative(words, lang), expected(case)
        if wanted.closed:
            read, wanted = replace(read, month=None, first=None), replace(wanted, month=None)

        assert read == wanted, (words, case.effect)


def _other(case: Case) -> str:
    return "long" if case.effect.cell.compared_with == "training.long" else ""


def test_a_picture_carries_its_alternative_text() -> None:
    """The text that was read back is the one inside the drawing, wide and narrow; an invented one bears the mark."""
    drawn = [c for c in CASES if c.effect.cell.measure == "at" and not _other(c)][:400]
    for case in drawn:
        for lang in LANGUAGES:
            for narrow in (False, True):
                svg = report.picture(case.dossier, case.outcome.name, "short", lang, narrow)
                label = unescape(svg.split('aria-label="', 1)[1].split('"', 1)[0])

                assert label == alt.of(look(case.dossier, "short", case.outcome.name), "difference", lang)
                assert (">verzonnen<" in svg or ">invented<" in svg) == case.dossier.synthetic


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_printed_row_is_read_back(lang: str) -> None:
    """The row of every open effect has the dossier's numbers to one digit more, and adds up as printed."""
    for case in CASES:
        effect, rule = case.effect, case.rule
        if effect.low is None or effect.high is None or effect.estimate is None or effect.level_without is None:
            continue
        read = readers.row(vars(rows.row(report.Shown(case.dossier, effect), lang)), lang)
        numbers = (effect.estimate, effect.low, effect.high)

        assert (read.difference, read.low, read.high) == tuple(rule.printed(v) for v in numbers), effect
        assert read.level_without == rule.printed(effect.level_without), effect
        assert read.level == read.level_without + read.difference, effect


def test_a_table_row_is_the_effect() -> None:
    """The Arrow table has the dossier's own numbers, digit for digit, and says what is invented."""
    for case in CASES[:400]:
        table = report.table(case.dossier)
        [row] = table.to_pylist()
        effect = case.effect
        names = ("estimate", "std_error", "low", "high", "level", "level_without", "n", "n_without", "reason", "arm")

        assert [row[n] for n in names] == [getattr(effect, n) for n in names]
        assert [row[n] for n in ("month", "measure", "outcome", "compared_with")] == [
            effect.cell.month, effect.cell.measure, effect.cell.outcome, effect.cell.compared_with
        ]  # fmt: skip
        assert ("data" in row) == case.dossier.synthetic


def test_the_whole_table_is_fast_and_whole() -> None:
    """Ten thousand effects in one table keep their order and their numbers."""
    by_group = tuple(
        replace(case.effect, cell=replace(case.effect.cell, outcome="work", group=f"case={i}"))
        for i, case in enumerate(CASES)
    )
    question = Question("q", Words(), (Arm("short"),), "none", (OUTCOMES[0],))
    dossier = Dossier(question, "", "0", "0", 1, False, Exclusions((Step("read", "", 1),)), (), by_group)

    assert report.table(dossier)["estimate"].to_pylist() == [e.estimate for e in by_group]


def test_the_reader_is_not_the_writer() -> None:
    """The reader knows words and arithmetic only: it imports nothing of the report."""
    text = Path(readers.__file__).read_text("utf-8")

    assert "import watwerkt" not in text
    assert "from watwerkt" not in text


@pytest.mark.parametrize(
    ("text", "estimate", "low", "high"),
    [
        (
            "Training: na 6 maanden werken er 4 minder van elke 100 mensen (tussen 1 en 6) dan.",
            -4,
            -6,
            -1,
        ),
        ("Training: na 6 maanden werken er 1 méér van elke 100 mensen (tussen 2 minder en 5 méér) dan.", 1, -2, 5),
        (
            "Na 6 maanden werken er ongeveer evenveel als x: het verschil is 0 (tussen 0 en 0).",
            0,
            0,
            0,
        ),
    ],
)
def test_the_reader_reads(text: str, estimate: int, low: int, high: int) -> None:
    """Signs come from words and from the side of zero, so a wrong word would be a wrong number."""
    read = readers.sentence(text, "nl")

    assert (read.estimate, read.low, read.high) == (Fraction(estimate), Fraction(low), Fraction(high))
