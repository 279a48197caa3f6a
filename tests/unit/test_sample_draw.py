"""Who is drawn from a register, as what, from which day: by hand, to the row."""

from __future__ import annotations

import numpy as np
import pytest
from registers import SETTINGS, four_people, job, person, question, spell, training, write

from watwerkt import register, sample
from watwerkt.dossier import Arm, Population, Time, Where
from watwerkt.errors import (
    EmptyArm,
    MissingColumn,
    NeverIsNotBuilt,
    NoHistory,
    NotInRegister,
    OutsideTheRegister,
    OverlappingArms,
    TooSmallToRead,
)
from watwerkt.sample.register_draw import draw_register


def drawn(folder, asked=None, **tables):
    """Draw from a register of these tables, arms of one person allowed."""
    return draw_register(asked or question(), register.read(write(folder, **tables)), seed=1, least=1)


def test_everybody_is_drawn_or_set_aside_for_a_reason(tmp_path):
    """Nine person-months: one starts, one is compared with it, seven leave, each for its own reason."""
    found = drawn(tmp_path, **four_people())

    assert found.key.tolist() == ["anna|2018-01-15|001", "carla|2018-01-01|001"]
    assert found.arm.tolist() == [1, 0]
    assert [(s.reason, s.arm, s.left) for s in found.exclusions.steps] == [
        ("read", "", 9),
        ("not_in_population", "", 8),  # Dirk
        ("earlier_provision", "", 7),  # Anna in month 2
        ("no_start_in_month", "not_now", 3),  # months 0 and 2, in which nobody begins
        ("not_on_benefit", "not_now", 2),  # Bob in month 1 left before the day of comparison
    ]


def test_time_zero_is_the_offer_and_the_same_day_of_the_month_for_others(tmp_path):
    """Anna was offered on the 5th day after her month began, so Carla is compared from the 5th day of hers."""
    found = drawn(tmp_path, **four_people())

    assert found.zero.astype(str).tolist() == ["2018-02-20", "2018-02-06"]


def test_time_zero_is_the_start_where_no_offer_is_recorded(tmp_path):
    """Anna's start on 5 March lies in the same month of her spell."""
    tables = four_people()
    tables["provision"][0]["offered"] = None

    assert drawn(tmp_path, **tables).zero.astype(str).tolist()[0] == "2018-03-05"


def test_somebody_who_left_before_the_offer_starts_nothing(tmp_path):
    """Starters must be on benefit on their own day, as the others on theirs."""
    tables = four_people()
    tables["benefit_spell"][0]["end"] = "2018-02-19"
    tables["provision"].append(training("bob", "2018-02-01", None, "2018-03-01"))
    found = drawn(tmp_path, **tables)

    assert ("not_on_benefit", "short", 1) in found.exclusions.set_aside()
    assert not [key for key in found.key if key.startswith("anna|2018-01-15|001")]


def test_an_offer_that_never_began_is_an_offer(tmp_path):
    """Intention to treat: planned length from the offer, and the share that never began is told."""
    tables = four_people()
    tables["provision"][0] |= {"start": None, "planned_end": "2018-04-20"}
    found = drawn(tmp_path, **tables)
    facts = found.facts[1]

    assert found.arm.tolist() == [1, 0]
    assert (facts.arm, facts.n, facts.never_started, facts.wait_days) == ("short", 1, 1.0, None)
    assert facts.planned == pytest.approx(59 / 30.4375)


def test_the_planned_length_counts_and_not_the_realised_one(tmp_path):
    """A training planned for two months and left after a day is a short one, and one planned long stays long."""
    tables = four_people()
    tables["provision"][0]["end"] = "2018-03-06"
    tables["provision"].append(training("bob", "2018-02-10", "2018-02-12", "2018-12-31", end="2018-02-13"))
    arms = tuple(
        Arm(name, "", (Where("instrument", ("training",)), Where("planned_months", lengths, True)))
        for name, lengths in (("short", (0, 3)), ("long", (6, 24)))
    )
    found = drawn(tmp_path, question(arms=arms), **tables)

    assert dict(zip(found.key.tolist(), found.arm.tolist(), strict=True))["anna|2018-01-15|001"] == 1
    assert dict(zip(found.key.tolist(), found.arm.tolist(), strict=True))["bob|2018-01-31|000"] == 2
    assert found.facts[1].wait_days == 13


def test_who_starts_one_arm_is_no_comparison_for_another(tmp_path):
    """A row has one arm, and nobody who starts anything compared in a month stands in its comparison."""
    tables = four_people()
    tables["provision"].append(training("bob", "2018-02-02", "2018-02-12", "2018-12-31"))
    arms = tuple(
        Arm(name, "", (Where("planned_months", lengths, True),))
        for name, lengths in (("short", (0, 3)), ("long", (6, 24)))
    )
    found = drawn(tmp_path, question(arms=arms), **tables)

    assert found.arms == ("not_now", "short", "long")
    assert {key: arm for key, arm in zip(found.key.tolist(), found.arm.tolist(), strict=True) if arm} == {
        "anna|2018-01-15|001": 1,
        "bob|2018-01-31|000": 2,
    }
    assert not [
        key for key, arm in zip(found.key.tolist(), found.arm.tolist(), strict=True) if arm == 0 and "bob" in key
    ]


def test_a_provision_outside_the_question_excludes_nobody(tmp_path):
    """Light help before is a covariate: Carla was coached, and stays in the comparison."""
    tables = four_people()
    tables["provision"].append(training("carla", "2018-01-10", "2018-01-12", "2018-02-12", instrument="coaching"))

    assert drawn(tmp_path, **tables).key.tolist() == ["anna|2018-01-15|001", "carla|2018-01-01|001"]


def test_whose_horizon_is_not_covered_is_set_aside(tmp_path):
    """The register ends in the month before Anna's and Carla's twelfth month would."""
    settings = SETTINGS.replace("2020-12-31", "2019-02-27")
    register_ = register.read(write(tmp_path, settings, **four_people()))

    with pytest.raises(OutsideTheRegister) as error:
        draw_register(question(), register_, 1, least=1)
    assert "2019-02-27" in str(error.value)
    covered = SETTINGS.replace("2020-12-31", "2019-02-28")
    assert len(draw_register(question(), register.read(write(tmp_path, covered, **four_people())), 1, least=1)) == 2


def test_a_gap_in_the_register_sets_aside_whose_months_it_holds(tmp_path):
    """A gap within the horizon covers nobody; one after it harms nobody."""
    within = SETTINGS + "gaps = [[2018-08-01, 2018-08-31]]\n"
    after = SETTINGS + "gaps = [[2019-08-01, 2019-08-31]]\n"

    with pytest.raises(OutsideTheRegister):
        draw_register(question(), register.read(write(tmp_path, within, **four_people())), 1, least=1)
    assert len(draw_register(question(), register.read(write(tmp_path, after, **four_people())), 1, least=1)) == 2


def test_whose_two_years_before_are_not_covered_is_set_aside(tmp_path):
    """No history is not the same as no work."""
    settings = SETTINGS.replace("2014-01-01", "2016-01-10")
    found = draw_register(question(), register.read(write(tmp_path, settings, **_with_eva())), 1, least=1)

    assert ("history_not_covered", "", 3) in found.exclusions.set_aside()
    assert "carla|2018-01-01|001" not in found.key.tolist()
    late = SETTINGS.replace("2014-01-01", "2017-01-01")
    with pytest.raises(NoHistory):
        draw_register(question(), register.read(write(tmp_path, late, **_with_eva())), 1, least=1)


def _with_eva():
    """The four, and Eva, who entered later than Carla."""
    tables = four_people()
    tables["person"].append(person("eva"))
    tables["benefit_spell"].append(spell("eva", "2018-03-01"))
    return tables


def test_a_spell_within_another_is_not_counted_twice(tmp_path):
    """A second spell that begins while the first still runs is set aside with all its months."""
    tables = four_people()
    tables["benefit_spell"].append(spell("carla", "2018-02-15", "2018-06-30"))

    assert ("overlapping", "", 3) in drawn(tmp_path, **tables).exclusions.set_aside()


@pytest.mark.parametrize(
    ("born", "inside"),
    [("1993-01-15", True), ("1993-01-16", False), ("1957-01-16", True), ("1957-01-15", False), (None, False)],
)  # fmt: skip
def test_age_is_in_completed_years_on_the_first_day(tmp_path, born, inside):
    """25 on the day itself is old enough, 60 until the day before 61; without a birth date nobody knows."""
    tables = four_people()
    tables["person"][0]["birth_date"] = born
    tables["person"].append(person("eva"))
    tables["benefit_spell"].append(spell("eva", "2018-01-15"))
    tables["provision"].append(training("eva", "2018-02-20", None, "2018-04-01"))

    assert ("anna|2018-01-15|001" in drawn(tmp_path, **tables).key.tolist()) is inside


def test_two_compared_arms_on_one_day_are_neither(tmp_path):
    """Nobody can say which of the two it was."""
    tables = four_people()
    tables["provision"].append(training("anna", "2018-02-20", None, "2019-02-20", provision_id="x"))
    tables["provision"].append(training("bob", "2018-02-02", "2018-02-12", "2018-12-31"))
    tables["provision"].append(training("carla", "2018-02-02", "2018-02-12", "2018-03-31"))
    arms = tuple(
        Arm(name, "", (Where("planned_months", lengths, True),))
        for name, lengths in (("short", (0, 3)), ("long", (6, 24)))
    )
    asked = question(arms=arms, compared_with="short")

    found = drawn(tmp_path, asked, **tables)
    assert ("other_arm_started", "", 1) in found.exclusions.set_aside()
    assert found.arms == ("short", "long")
    assert found.arm.tolist() == [1, 0]
    assert found.exclusions.steps[-1].reason == "no_arm"


def test_weights_are_the_inverse_of_the_rate(tmp_path):
    """With so few rows all are drawn; the rate of an arm is 1 always."""
    found = drawn(tmp_path, **four_people())

    assert found.rate.tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert found.weight.tolist() == [1.0, 1.0]


def test_the_comparison_is_drawn_with_the_rate_it_says(tmp_path, monkeypatch):
    """Fewer comparison rows are wanted: about that share is drawn, each weighs its inverse, all starters stay."""
    monkeypatch.setattr("watwerkt.sample.trials.COMPARISONS_AT_LEAST", 200)
    ids = [f"p{i:04d}" for i in range(1000)]
    tables = {
        "person": [person(i) for i in ids],
        "benefit_spell": [spell(i, "2018-01-01") for i in ids],
        "provision": [training(i, "2018-01-05", None, "2018-03-01") for i in ids[:20]],
        "job_spell": [job("p0999", "2016-01-01", "2017-01-01", 1000.0)],
    }
    found = drawn(tmp_path, question(time=Time("each month", 1, 12)), **tables)
    compared = int((found.arm == 0).sum())

    assert found.rate[0].tolist() == [0.25, 1.0]
    assert found.weight.tolist() == [4.0 if a == 0 else 1.0 for a in found.arm]
    assert (found.arm == 1).sum() == 20
    assert abs(compared - 245) < 4 * np.sqrt(980 * 0.25 * 0.75)
    assert found.exclusions.set_aside()[-1] == ("not_drawn", "not_now", 980 - compared)


def test_never_is_refused_by_name(tmp_path):
    """A comparison with people who never start needs weights that do not exist yet."""
    with pytest.raises(NeverIsNotBuilt):
        drawn(tmp_path, question(compared_with="never"), **four_people())


def test_arms_that_overlap_are_refused(tmp_path):
    """A provision that fits two arms would stand in both."""
    arms = (
        Arm("a", "", (Where("instrument", ("training",)),)),
        Arm("b", "", (Where("provision_id", ("anna-2018-02-20",)),)),
    )

    with pytest.raises(OverlappingArms) as error:
        drawn(tmp_path, question(arms=arms), **four_people())
    assert (error.value.arms, error.value.count) == (("a", "b"), 1)


def test_an_arm_without_provisions_is_empty(tmp_path):
    """The arm is named."""
    with pytest.raises(EmptyArm) as error:
        drawn(tmp_path, question(arms=(Arm("gone", "", (Where("instrument", ("care",)),)),)), **four_people())
    assert error.value.arm == "gone"


def test_an_arm_with_nobody_at_risk_is_empty(tmp_path):
    """Provisions exist, but all of them in months that the question does not look at."""
    tables = four_people()
    tables["provision"] = tables["provision"][1:]

    with pytest.raises(EmptyArm) as error:
        drawn(tmp_path, **tables)
    assert error.value.arm == "short"


def test_a_misspelt_column_of_an_arm_is_named_with_the_closest(tmp_path):
    """What can be meant is said."""
    with pytest.raises(MissingColumn) as error:
        drawn(tmp_path, question(arms=(Arm("a", "", (Where("instrment", ("x",)),)),)), **four_people())
    assert error.value.near[0] == "instrument"


def test_a_scheme_that_does_not_exist_is_named(tmp_path):
    """An empty population has a cause that can be mended."""
    with pytest.raises(NotInRegister) as error:
        drawn(tmp_path, question(population=Population(scheme=("wwb",))), **four_people())
    assert error.value.needed == "scheme = wwb"


def test_a_register_without_provisions_answers_no_question(tmp_path):
    """The table is named."""
    tables = four_people()
    del tables["provision"]

    with pytest.raises(NotInRegister) as error:
        drawn(tmp_path, **tables)
    assert error.value.needed == "provision"


def test_a_handful_of_people_is_not_looked_at(tmp_path):
    """An arm of one person is refused before anything is compared."""
    with pytest.raises(TooSmallToRead) as error:
        sample.draw(question(), register.read(write(tmp_path, **four_people())), 1)
    assert (error.value.count, error.value.least) == (1, 10)
