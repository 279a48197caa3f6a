"""A question that asks for work, earnings and wage, from a table to sentences and pictures: one answer, two ways."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import watwerkt as ww
from watwerkt.dossier import Dossier
from watwerkt.dossier.verify import verify
from watwerkt.effects.nouns import Answer
from watwerkt.errors import DossierError
from watwerkt.question.read import declare
from watwerkt.report.chosen import look
from watwerkt.report.sentences import body, sentence

MONTHS = range(1, 5)


def people(n: int = 2400, workers: int | None = None) -> pa.Table:
    """An experiment in which the arm works more and earns 60 more; ``workers``: only so many of the arm in month 2."""
    rng = np.random.default_rng(8)
    arm = np.arange(n) % 2
    columns: dict[str, object] = {"person": [f"p{i:04d}" for i in range(n)], "course": arm, "age": rng.normal(40, 9, n)}
    u = rng.random(n)
    for t in MONTHS:
        work = u < 0.55 + 0.06 * arm
        if workers is not None and t == 2:
            work &= (arm == 0) | (np.cumsum(work & (arm == 1)) <= workers)
        wage = np.round(1900 + 60 * arm + 300 * rng.normal(size=n) - 200 * u, -1)
        columns |= {f"work_{t}": work.astype(int), f"pay_{t}": np.where(work, wage, 0.0)}
    return pa.table(columns)


def question(design: str = "randomised") -> ww.Question:
    """Work leads; the wage is of those at work."""
    by_month = {"periods": [1, 4]}
    document = {
        "question": {"id": "course", "title": {"nl": "Helpt de cursus?", "en": "Does the course help?"}},
        "table": {"file": "people.csv", "person": "person", "given": ["age"]},
        "arms": {
            "course": {"counts_as": "training", "where": {"course": 1}},
            "none": {"where": {"course": 0}},
            "compared_with": "none",
        },
        "outcomes": {
            "work": {"kind": "employed", "columns": "work_{t}", **by_month},
            "earnings": {"kind": "earnings", "columns": "pay_{t}", "unit": "EUR a month", **by_month},
            "wage": {
                "kind": "wage", "columns": "pay_{t}", "at_work": "work_{t}", "unit": "EUR a month", **by_month,
            },
        },
        "design": {"use": [design]},
    }  # fmt: skip
    return declare(document, "question.toml", {})


@pytest.fixture(scope="module", params=["randomised", "adjusted"])
def answer(request: pytest.FixtureRequest) -> Answer:
    """The answer of either design."""
    return ww.answer(question(request.param), people())


@pytest.fixture(scope="module")
def dossier(answer: Answer) -> Dossier:
    """What may leave of it."""
    return ww.release(answer)


def of(dossier: Dossier, measure: str, month: int = 4):
    """The wage's effect of one measure and month."""
    key = ("wage", measure, month, "all")
    found = [e for e in dossier.effects if (e.cell.outcome, e.cell.measure, e.cell.month, e.cell.group) == key]
    assert len(found) == 1
    return found[0]


def test_work_and_earnings_as_ever_and_the_wage_by_bounds(dossier: Dossier) -> None:
    """One design answers all three; the wage has bounds and a share, and no total, level, band or break-even."""
    measures = {name: {e.cell.measure for e in dossier.effects if e.cell.outcome == name} for name in ("work", "wage")}
    low, high, share = (of(dossier, m) for m in ("bound_low", "bound_high", "always_workers"))

    assert {"at", "total", "break_even"} <= measures["work"]
    assert measures["wage"] == {"bound_low", "bound_high", "always_workers"}
    assert {e.target for e in dossier.effects if e.cell.outcome == "wage"} == {"always_workers"}
    assert low.estimate < 60 < high.estimate
    assert low.low < low.estimate
    assert high.estimate < high.high
    assert (low.level, low.band_low) == (None, None)
    assert 0.45 < share.low < share.estimate < share.high < 0.65
    assert all(claim.target != "always_workers" for claim in dossier.facts.claims)


def test_a_dossier_with_bounds_may_travel(answer: Answer, tmp_path: Path) -> None:
    """Written, verified and read back the same."""
    made = ww.release(answer, tmp_path / "d")

    assert verify(tmp_path / "d") == ()
    assert of(made, "bound_low").opened


def test_bounds_that_are_broken_may_not(dossier: Dossier, tmp_path: Path) -> None:
    """A lower bound above the upper one, and one that travels alone, are said."""
    low, high = of(dossier, "bound_low"), of(dossier, "bound_high")
    others = tuple(e for e in dossier.effects if e not in (low, high))
    turned = (replace(low, estimate=high.estimate, high=high.high), replace(high, estimate=low.estimate, low=low.low))

    with pytest.raises(DossierError, match="the lower bound lies above the upper one"):
        ww.door.write(replace(dossier, effects=(*others, *turned)), tmp_path / "turned")
    with pytest.raises(DossierError, match="a bound without the other one"):
        ww.door.write(replace(dossier, effects=(*others, low), joints=()), tmp_path / "alone")


def test_what_few_people_earn_does_not_leave() -> None:
    """Twenty-five of the arm at work in month 2: under a threshold of thirty their wage is closed, both ends of it."""
    made = replace(ww.answer(question(), people(workers=25)), threshold=30)
    found = ww.release(made)

    assert {of(found, m, 2).reason for m in ("bound_low", "bound_high", "always_workers")} == {"small_cell"}
    assert of(ww.release(replace(made, threshold=10)), "bound_low", 2).reason != "small_cell"


def test_the_sentence(dossier: Dossier) -> None:
    """Two bounds, then the range with chance, in two languages; the share; outside a draw what it rests on."""
    shown = look(dossier, "course", "wage")
    dutch, english = (body(shown.shown(shown.end), lang) for lang in ("nl", "en"))
    drawn = dossier.question.design.use == ("randomised",)

    than = "zonder aanbod" if drawn else "bij vergelijkbare mensen zonder training"
    assert re.fullmatch(
        rf"na 4 maanden is het gemiddelde loon van mensen die hoe dan ook werken \*tussen .* en .*\* dan {than}\. "
        r"Met het toeval van de steekproef erbij is dat tussen .* en .*\.", dutch,
    )  # fmt: skip
    assert "the average wage of people who work either way is *between" in english
    assert english.count("€") == 4
    page = ww.page(dossier)
    assert "van elke 100</b> mensen hoe dan ook" in page
    assert ("op dezelfde aanname als het antwoord over werk" in page) is not drawn
    assert sentence(shown.shown(shown.end), "nl")[:10] in ww.say(dossier, "nl")


def test_one_number_where_nobody_is_selected(dossier: Dossier) -> None:
    """Equal bounds are said as one number, with the reason why one is enough."""
    low = of(dossier, "bound_low")
    same = replace(of(dossier, "bound_high"), estimate=low.estimate, std_error=low.std_error)
    met = replace(dossier, effects=tuple(same if e.cell == same.cell else e for e in dossier.effects))
    shown = look(met, "course", "wage")

    assert "That is why one number is enough here." in body(shown.shown(shown.end), "en")
    assert "Daarom is hier één getal genoeg." in body(shown.shown(shown.end), "nl")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_picture(dossier: Dossier, lang: str) -> None:
    """Two lines, the interval as a band behind what lies between them, and the sentence for the ear."""
    drawn = ww.picture(dossier, "wage", lang=lang)

    assert drawn.count('<path class="line"') == 2
    assert drawn.count('<path class="b95"') == drawn.count('<path class="b80"') == 1
    assert drawn.index('"b95"') < drawn.index('"b80"') < drawn.index('class="line"')
    assert 'class="outline"' not in drawn
    assert ("hoe dan ook werken" if lang == "nl" else "work either way") in drawn


def test_a_closed_wage_shows_no_number(answer: Answer) -> None:
    """Closed by its check, nothing of it is drawn or said."""
    shut = replace(answer, judged=tuple(replace(j, reason="balance") for j in answer.judged))
    found = ww.release(shut)

    assert all(e.estimate is None for e in found.effects)
    assert "hatch" in ww.picture(found, "wage")
    assert not re.search(r"€\s?\d", ww.say(found, "nl"))
