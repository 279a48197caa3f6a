"""What became of the drawn people, month by month, by hand; and only after the seal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from registers import four_people, job, question, training, write

from watwerkt import register, sample
from watwerkt.dossier import Outcome
from watwerkt.errors import NotInRegister, NotSealed, OtherData
from watwerkt.sample.register_draw import draw_register
from watwerkt.sample.register_follow import nearest

ANNA, CARLA = 0, 1


def followed(folder, asked=None, **tables):
    """Anna and Carla followed: row 0 starts a training, row 1 is compared with her."""
    asked = asked or question()
    source = register.read(write(folder, **(tables or four_people())))
    drawn = draw_register(asked, source, 1, least=1)
    return sample.follow(drawn, source, sample.seal(asked, drawn.exclusions))


def path(found, outcome, row):
    """One outcome of one row as a list, None where it is not known."""
    panel = found.panel(outcome)
    known = np.ones(panel.y.shape, dtype=bool) if panel.observed is None else panel.observed
    return [round(float(y), 2) if seen else None for y, seen in zip(panel.y[row], known[row], strict=True)]


def test_employed_is_a_day_of_work_in_the_month(tmp_path):
    """Month 0 is February 2018; Anna's job begins on 10 June, month 4, and still runs."""
    found = followed(tmp_path)

    assert path(found, "work", ANNA) == [0] * 4 + [1] * 9
    assert path(found, "work", CARLA) == [0] * 13
    assert found.panel("work").months == tuple(range(13))
    assert found.panel("work").y.dtype == np.float32


def test_earnings_are_paid_by_the_share_of_the_month(tmp_path):
    """21 of 30 days of June at 3,100 a month; zero where the register covers the month and there is no job."""
    assert path(followed(tmp_path), "earnings", ANNA) == [0] * 4 + [2170.0] + [3100.0] * 8


def test_two_jobs_in_one_month_add_up(tmp_path):
    """A second job from 1 to 15 July at 620 a month."""
    tables = four_people()
    tables["job_spell"].append(job("anna", "2018-07-01", "2018-07-15", 620.0))

    assert path(followed(tmp_path, **tables), "earnings", ANNA)[5:7] == [3100.0 + 620.0 * 15 / 31, 3100.0]


def test_the_wage_of_who_works(tmp_path):
    """What a whole month pays: 3,100 also in June, of which Anna worked 21 days. Not at work is known, and no wage."""
    found = followed(tmp_path, question(outcomes=(Outcome("work", "employed"), Outcome("wage", "wage")))).panel("wage")

    assert found.at_work.tolist() == [[False] * 4 + [True] * 9, [False] * 13]
    assert found.y[ANNA].tolist() == [0] * 4 + [3100.0] * 9
    assert found.observed is None


def test_a_wage_that_is_not_recorded_is_not_known(tmp_path):
    """Anna works and nobody wrote down for what: neither a wage of nothing nor somebody without work."""
    tables = four_people()
    tables["job_spell"][1]["monthly_wage"] = None
    asked = question(outcomes=(Outcome("work", "employed"), Outcome("wage", "wage")))
    found = followed(tmp_path, asked, **tables).panel("wage")

    assert not found.at_work.any()
    assert found.observed.tolist() == [[True] * 4 + [False] * 9, [True] * 13]


def test_the_wage_is_kept_at_a_share_of_the_previous_one(tmp_path):
    """Anna earned 3,000: 3,100 keeps nine tenths of it, also in the month it begins. Carla had no wage to keep."""
    found = followed(tmp_path)

    assert path(found, "kept", ANNA) == [0] * 4 + [1] * 9
    assert path(found, "kept", CARLA) == [None] * 13
    tables = four_people()
    tables["job_spell"][1]["monthly_wage"] = 2699.0
    assert path(followed(tmp_path / "less", **tables), "kept", ANNA) == [0] * 13


def test_on_benefit_is_on_the_last_day_of_the_month(tmp_path):
    """Anna's benefit ends on 31 December 2018, the last day of month 10; Carla's still runs."""
    found = followed(tmp_path)

    assert path(found, "benefit", ANNA) == [1] * 11 + [0] * 2
    assert path(found, "benefit", CARLA) == [1] * 13
    tables = four_people()
    tables["benefit_spell"][0]["end"] = "2018-12-30"
    assert path(followed(tmp_path / "day", **tables), "benefit", ANNA) == [1] * 10 + [0] * 3


def test_a_measurement_stands_for_the_months_near_it(tmp_path):
    """7 in month 3, 8 in month 7, two months on either side; the later of two equally near; none from before."""
    found = followed(tmp_path)

    assert path(found, "wellbeing", ANNA) == [None, 7, 7, 7, 7, 8, 8, 8, 8, 8, None, None, None]
    assert path(found, "wellbeing", CARLA) == [None] * 13
    assert np.isnan(found.panel("wellbeing").y[CARLA]).all()


def test_of_two_measurements_in_a_month_the_last_counts():
    """They come sorted by day."""
    row, month = np.array([0, 0]), np.array([1, 1])

    assert nearest(row, month, np.array([4.0, 5.0]), (1, 3), 0)[0, 1] == 5.0


def test_a_later_start_of_the_comparison_is_dated(tmp_path):
    """Carla was offered a training on 1 July 2018, five months after her day of comparison; Anna's own is not later."""
    seen = followed(tmp_path)
    assert seen.later.tolist() == [-1, 5]
    assert [first.tolist() for _, first in seen.got] == [[-1, 5]]
    tables = four_people()
    tables["provision"][1] = training("carla", "2019-03-01", "2019-03-01", "2019-04-01")
    assert followed(tmp_path / "late", **tables).later.tolist() == [-1, -1]


def test_an_unsealed_question_is_not_followed(tmp_path):
    """Nor one that changed after it was sealed, nor one sealed with other exclusions."""
    asked = question()
    source = register.read(write(tmp_path, **four_people()))
    drawn = draw_register(asked, source, 1, least=1)
    changed = replace(asked, time=replace(asked.time, horizon=6))
    other = replace(drawn.exclusions, steps=drawn.exclusions.steps[:-1])

    for sealed in (None, sample.seal(changed, drawn.exclusions), sample.seal(asked, other)):
        with pytest.raises(NotSealed):
            sample.follow(drawn, source, sealed)


def test_people_are_followed_in_the_data_they_were_drawn_from(tmp_path):
    """Another delivery is another register."""
    asked = question()
    drawn = draw_register(asked, register.read(write(tmp_path / "a", **four_people())), 1, least=1)
    tables = four_people()
    tables["job_spell"][1]["monthly_wage"] = 3200.0

    with pytest.raises(OtherData):
        sample.follow(drawn, register.read(write(tmp_path / "b", **tables)), sample.seal(asked, drawn.exclusions))


@pytest.mark.parametrize(
    ("outcome", "table"),
    [(Outcome("work", "employed"), "job_spell"), (Outcome("calm", "measure", measure="calm"), "measurement")],
)
def test_an_outcome_that_the_register_does_not_have_is_named(tmp_path, outcome, table):
    """Its table is."""
    tables = four_people()
    del tables[table]

    with pytest.raises(NotInRegister) as error:
        followed(tmp_path, question(outcomes=(outcome,)), **tables)
    assert error.value.needed == table
