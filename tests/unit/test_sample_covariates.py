"""What is known of each row before its month: the declared rule for what is missing, and the past by source."""

from __future__ import annotations

import numpy as np
import pytest
from registers import SETTINGS, four_people, job, question, write

from watwerkt import register
from watwerkt.dossier import Checks, Outcome
from watwerkt.errors import MissingColumn, NotInRegister
from watwerkt.sample import past
from watwerkt.sample.covariates import Code, Number, build
from watwerkt.sample.register_draw import draw_register


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    """In a register of four, one row is enough for a column."""
    for function in (build, past.earlier, past.measured):
        monkeypatch.setattr(function, "__defaults__", (1,))


def known(folder, asked=None, settings=SETTINGS, **tables):
    """What is known of Anna and Carla, by column."""
    source = register.read(write(folder, settings, **(tables or four_people())))
    covariates = draw_register(asked or question(), source, 1, least=1).covariates
    return {name: covariates.x[:, i].tolist() for i, name in enumerate(covariates.names)}, covariates


def test_an_unknown_number_gets_the_median_and_a_column_that_says_so():
    """Counted, never dropped."""
    found = build([Number("wage", "wage", np.array([1.0, np.nan, 3.0, 8.0, np.inf]))], 5, few=1)

    assert found.names == ("wage", "wage=unknown")
    assert found.x.T.tolist() == [[1.0, 3.0, 3.0, 8.0, 3.0], [0.0, 1.0, 0.0, 0.0, 1.0]]
    assert found.binary.tolist() == [False, True]
    assert [(m.column, m.rows) for m in found.missing] == [("wage", 2)]


def test_an_unknown_code_is_a_category_of_its_own():
    """The most frequent category is what the others are compared with."""
    found = build([Code("region", "region", np.array(["a", "a", None, "b"], dtype=object))], 4, few=1)

    assert found.names == ("region=b", "region=unknown")
    assert found.x.T.tolist() == [[0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 1.0, 0.0]]
    assert [(m.column, m.rows) for m in found.missing] == [("region", 1)]


def test_categories_with_few_rows_join_others():
    """b and c have two rows each, three are needed; together they have four."""
    values = np.array(["a"] * 5 + ["b"] * 2 + ["c"] * 2, dtype=object)
    found = build([Code("region", "region", values)], 9, few=3)

    assert found.names == ("region=other",)
    assert found.x[:, 0].tolist() == [0.0] * 5 + [1.0] * 4


def test_a_column_that_is_the_same_for_all_adjusts_nothing():
    """It is left out; one that nobody has is too, and counted."""
    found = build(
        [
            Number("one", "one", np.ones(3)),
            Number("none", "none", np.full(3, np.nan)),
            Code("same", "same", np.array(["x"] * 3, dtype=object)),
        ],
        3,
        few=1,
    )

    assert found.names == ()
    assert found.x.shape == (3, 0)
    assert [(m.column, m.rows) for m in found.missing] == [("none", 3)]


def test_the_past_comes_in_disjoint_windows(tmp_path):
    """Anna worked from January 2017 to the eve of her spell on 15 January 2018, Carla in October 2017."""
    tables = four_people()
    tables["job_spell"].append(job("carla", "2017-10-01", "2017-10-31", 620.0))
    columns, covariates = known(tmp_path, **tables)

    assert columns["work_1"] == [1.0, 0.0]
    assert columns["work_2_3"] == [2.0, 1.0]
    assert columns["work_4_6"] == [3.0, 0.0]
    assert columns["work_7_12"] == [6.0, 0.0]
    assert columns["work_13_24"] == [1.0, 0.0]  # 1 to 14 January 2017: the 13th month before
    assert columns["earnings_1"] == [3000.0, 0.0]
    assert columns["earnings_2_3"] == [3000.0, 310.0]
    assert columns["earnings_13_24"] == pytest.approx([3000.0 * 14 / 31 / 12, 0.0])
    assert columns["previous_wage"] == [3000.0, 620.0]
    assert "jobs_1_12" not in columns  # one each: the same for all
    assert columns["jobs_13_24"] == [1.0, 0.0]
    assert dict(zip(covariates.names, covariates.block, strict=True))["work_13_24"] == "work_13_24"


def test_where_a_row_stands_in_time(tmp_path):
    """Elapsed months, days since the first day, age, what is left of the entitlement."""
    tables = four_people()
    tables["benefit_spell"][0]["entitlement_end"] = "2018-07-15"
    tables["benefit_spell"][2]["entitlement_end"] = "2018-02-01"
    tables["person"][2]["birth_date"] = "1990-01-01"
    columns, _ = known(tmp_path, **tables)

    assert "days" not in columns  # 36 for both
    assert columns["age"] == pytest.approx([37.67, 28.09], abs=0.01)
    assert columns["entitlement"] == pytest.approx([150 / 30.4375, 0.0])


def test_only_what_was_known_before_the_month_counts(tmp_path):
    """Sanctions, measurements, amounts and help, each one day early enough and one too late."""
    tables = four_people()
    tables["sanction"] = [
        {"sanction_id": "1", "person_id": "anna", "kind": "warning", "decided": "2018-02-14"},
        {"sanction_id": "2", "person_id": "anna", "kind": "measure", "decided": "2018-02-15"},
    ]
    tables["benefit_month"] = [
        {"person_id": "anna", "month": "2018-01-01", "scheme": "ww", "amount": 900, "income_from_work": 50},
        {"person_id": "anna", "month": "2018-02-01", "scheme": "ww", "amount": 1, "income_from_work": 1},
        {"person_id": "carla", "month": "2018-01-01", "scheme": "ww", "amount": 700, "income_from_work": 50},
    ]
    tables["measurement"] += [
        {"person_id": "carla", "date": "2018-01-31", "measure": "wellbeing", "value": 5},
        {"person_id": "carla", "date": "2018-02-01", "measure": "wellbeing", "value": 9},
    ]
    columns, _ = known(tmp_path, **tables)

    assert columns["earlier_sanctions"] == [1.0, 0.0]
    assert columns["earlier_sanctions=warning"] == [1.0, 0.0]
    assert "earlier_sanctions=measure" not in columns
    assert columns["amount"] == [900.0, 700.0]
    assert columns["measured_wellbeing"] == [3.0, 5.0]


def test_a_column_that_may_not_be_adjusted_for_is_left_out(tmp_path):
    """The switch stands in register.toml."""
    tables = four_people()
    tables["person"][0]["sex"] = "m"
    off = SETTINGS + "[sensitive]\nsex = { adjust = false }\n"

    assert [name for name in known(tmp_path / "on", **tables)[0] if name.startswith("sex=")]
    assert not [name for name in known(tmp_path / "off", settings=off, **tables)[0] if name.startswith("sex")]


def test_extra_columns_count_when_they_are_declared(tmp_path):
    """Numbers as numbers, anything else as codes, from the person or the spell."""
    tables = four_people()
    for i, one in enumerate(tables["person"]):
        one["shoe_size"] = 38 + i
    for i, one in enumerate(tables["benefit_spell"]):
        one["door"] = "ab"[i // 2 % 2]
    columns, _ = known(tmp_path, question(given=("shoe_size", "door")), **tables)

    assert columns["shoe_size"] == [38.0, 40.0]
    assert columns["door=b"] == [0.0, 1.0]
    assert "shoe_size" not in known(tmp_path / "undeclared", **tables)[0]
    with pytest.raises(MissingColumn) as error:
        known(tmp_path / "wrong", question(given=("shoe_sise",)), **tables)
    assert error.value.near == ("shoe_size",)


def test_groups_are_bands_of_what_was_known(tmp_path):
    """Age in completed years on the first day of the month; an unknown value belongs nowhere."""
    tables = four_people()
    tables["person"][0] |= {"birth_date": "1983-02-15", "education": None}
    asked = question(groups=("age_band", "education_band", "elapsed_band", "sex"))
    source = register.read(write(tmp_path, **tables))
    found = {
        g.name: [g.labels[c] if c >= 0 else None for c in g.code]
        for g in draw_register(asked, source, 1, least=1).groups
    }

    assert found == {
        "age_band": ["35–44", "35–44"],
        "education_band": [None, "3–4"],
        "elapsed_band": ["0–2", "0–2"],
        "sex": ["f", "f"],
    }
    with pytest.raises(NotInRegister):
        draw_register(question(groups=("shoe_band",)), source, 1, least=1)


# ---- placebos ----------------------------------------------------------------------------------------------------


def placebos(folder, *declared, **tables):
    """The placebos of a question that declares these."""
    tables = tables or four_people()
    tables["job_spell"].append(job("carla", "2016-05-01", "2016-10-31", 620.0))
    source = register.read(write(folder, **tables))
    asked = question(checks=Checks(not_used_in_selection=declared))
    return {p.name: p for p in draw_register(asked, source, 1, least=1).placebos}


def test_every_question_gets_the_year_before_the_spell(tmp_path):
    """Months worked in it, with what was known before it; not declared, so its rejection closes nothing."""
    (placebo,) = placebos(tmp_path).values()

    assert (placebo.name, placebo.declared, placebo.smallest_effect) == ("work_1_12", False, 12 * 0.02)
    assert placebo.y.tolist() == [12.0, 0.0]
    blocks = set(placebo.covariates.block)
    assert {"work_13_24", "earnings_13_24", "elapsed"} & blocks
    assert not {"work_1", "earnings_7_12", "previous_wage", "days", "jobs_1_12", "measured_wellbeing"} & blocks


def test_a_declared_window_keeps_everything_but_itself(tmp_path):
    """Earnings 13 to 24 months before: recent history stays, and so does the work that they were earned with."""
    placebo = placebos(tmp_path, "earnings_13_24", "work_2_3")["earnings_13_24"]
    blocks = set(placebo.covariates.block)

    assert (placebo.declared, placebo.smallest_effect) == (True, 50.0)
    assert placebo.y == pytest.approx([3000.0 * 14 / 31 / 12, 620.0 * 6 / 12])
    assert {"work_1", "earnings_1", "work_7_12", "work_13_24"} <= blocks
    assert not {"earnings_13_24", "previous_wage"} & blocks


def test_declared_work_goes_without_what_tells_it(tmp_path):
    """Who earned had work: months worked do not adjust for earnings or the number of jobs in them."""
    blocks = set(placebos(tmp_path, "work_13_24")["work_13_24"].covariates.block)

    assert {"work_1", "earnings_7_12", "jobs_1_12"} <= blocks
    assert not {"earnings_13_24", "work_13_24", "jobs_13_24", "previous_wage"} & blocks


def test_a_declared_window_of_work_has_the_effect_of_its_months(tmp_path):
    """Two months, so twice the smallest effect on work."""
    placebo = placebos(tmp_path, "work_2_3")["work_2_3"]

    assert (placebo.declared, placebo.smallest_effect) == (True, 2 * 0.02)
    assert placebo.y.tolist() == [2.0, 0.0]


def test_the_year_before_may_be_declared(tmp_path):
    """Then it is one placebo, declared, with the full set."""
    found = placebos(tmp_path, "work_1_12")

    assert [(p.name, p.declared) for p in found.values()] == [("work_1_12", True)]


def test_months_that_are_not_looked_at_are_refused(tmp_path):
    """Only two years before the spell are."""
    with pytest.raises(NotInRegister):
        placebos(tmp_path, "earnings_13_36")


def test_the_public_smallest_effect_serves_where_none_is_declared(tmp_path):
    """A question without an outcome on earnings still has a margin for its placebo."""
    source = register.read(write(tmp_path, **four_people()))
    asked = question(outcomes=(Outcome("work", "employed"),), checks=Checks(not_used_in_selection=("earnings_13_24",)))
    found = {p.name: p.smallest_effect for p in draw_register(asked, source, 1, least=1).placebos}

    assert found == {"work_1_12": 12 * 0.02, "earnings_13_24": 50.0}
