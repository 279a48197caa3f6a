"""Who of a prepared table is compared, what was known of them, and what became of them once sealed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from test_prepared_read import OUTCOMES, arrow, ask, frame

from watwerkt import sample
from watwerkt.dossier import ArmFacts, Missing
from watwerkt.errors import (
    EmptyArm,
    MissingValues,
    NoSharedStratum,
    NotSealed,
    OtherData,
    OverlappingArms,
    TooManyValues,
    TooSmallToRead,
    UselessColumn,
)


def drawn(people=None, **changes):
    """People drawn for a question."""
    asked = ask(**changes)
    return sample.draw(asked, sample.prepared(asked, arrow() if people is None else people), seed=1)


def followed(people=None, **changes):
    """The same, followed."""
    asked = ask(**changes)
    source = sample.prepared(asked, arrow() if people is None else people)
    found = sample.draw(asked, source, seed=1)
    return sample.follow(found, source, sample.seal(asked, found.exclusions))


def test_one_row_a_person_and_the_comparison_first():
    """Everything an estimator needs, with one order of rows."""
    found = drawn()

    assert found.arms == ("none", "course")
    assert found.facts == (ArmFacts("none", 40), ArmFacts("course", 20))
    assert (len(found), found.arm.sum(), found.rate.shape, found.weight.sum()) == (60, 20, (60, 2), 60.0)
    assert found.person.tolist() == found.cluster.tolist() == list(range(60))
    assert (found.ident == found.key).all()
    assert np.isnat(found.zero).all()
    assert not found.synthetic


def test_a_draw_sees_no_outcome():
    """It runs on a table whose outcomes are gone."""
    asked = ask()
    source = sample.prepared(asked, arrow())
    blind = sample.Prepared(source.people, {})

    assert (sample.draw(asked, blind, 1).arm == sample.draw(asked, source, 1).arm).all()


def test_whoever_is_in_no_arm_is_counted():
    """Rows read = rows used + rows in no arm."""
    found = drawn(arms={"course": {"course": 1}, "none": {"course": 0, "region": ["north", "south"]}})
    steps = found.exclusions

    assert steps.set_aside() == (("no_arm", "", 60 - len(found)),)
    assert steps.used == len(found) < steps.read == 60


def test_arms_by_text_number_and_range():
    """A number as text, a text among numbers, a list, and a range of planned months."""
    people = frame(planned_months=[i % 12 for i in range(60)], kind=[str(i % 2) for i in range(60)])
    arms = {"short": {"planned_months": [0, 6], "kind": "1"}, "long": {"planned_months": [6, 12], "kind": [1.0, "x"]}}
    found = drawn(people, arms=arms, compared_with="long")

    assert np.bincount(found.arm).tolist() == [15, 15]


def test_unknown_values_meet_no_condition():
    """Whoever's arm is not known is in none."""
    found = drawn(
        frame(course=[None if i < 5 else i % 3 for i in range(60)]),
        arms={"course": {"course": 1}, "none": {"course": 0}},
    )

    assert found.exclusions.used == sum(i % 3 != 2 for i in range(5, 60))


def test_codes_become_columns_against_the_most_frequent():
    """Readable names; the most frequent category is what the others are compared with."""
    covariates = drawn().covariates

    assert covariates.names == ("age", "region=south", "region=west")
    assert covariates.block == ("age", "region", "region")
    assert covariates.binary.tolist() == [False, True, True]
    assert set(np.unique(covariates.x[:, 1])) == {0.0, 1.0}


def test_unknown_covariates_follow_the_declared_rule():
    """Numbers: the median and a column that says so; codes: a category of their own; both counted."""
    ages = [None if i % 6 == 0 else 30 + i % 2 for i in range(60)]
    regions = [None if i % 4 == 0 else ("north", "south")[i % 2] for i in range(60)]
    covariates = drawn(frame(age=ages, region=regions)).covariates

    assert covariates.missing == (Missing("age", 10), Missing("region", 15))
    assert covariates.names == ("age", "age=unknown", "region=north", "region=unknown")
    assert np.isfinite(covariates.x).all()
    assert covariates.x[:, 1].sum() == 10
    assert set(covariates.x[covariates.x[:, 1] == 1, 0]) == {31.0}


def test_columns_of_the_unknown_that_nearly_repeat_each_other_are_one():
    """Where the same people lack two values, but for two of them, no regression rests on those two."""
    ages = [None if i % 3 < 2 and i < 30 else 30 + i % 7 for i in range(60)]
    wages = [None if i % 3 < 2 and i < 29 else 10 + i % 5 for i in range(60)]
    covariates = drawn(frame(age=ages, wage=wages), given=["age", "wage"]).covariates

    assert covariates.names == ("age", "age=unknown", "wage")
    assert [m.column for m in covariates.missing] == ["age", "wage"]


@pytest.mark.parametrize(
    ("column", "because"),
    [
        ([1.5] * 60, "it is 1.5 for everybody"),
        (["yes"] * 60, "it is yes for everybody"),
        ([None] * 60, "it is empty for everybody"),
        (["yes"] * 59 + ["no"], "no value of it occurs often enough"),
    ],
)
def test_a_covariate_that_cannot_be_adjusted_for_is_an_error(column, because):
    """The question asks for it, so it is not left out silently."""
    with pytest.raises(UselessColumn, match=because):
        drawn(frame(extra=column), given=["extra"])


def test_a_covariate_need_only_vary_among_those_compared():
    """Constant among the people of the arms is constant."""
    arms = {"course": {"course": 1, "region": "west"}, "none": {"course": 0, "region": "west"}}
    with pytest.raises(UselessColumn, match="'region' says nothing: it is west for everybody"):
        drawn(frame(region=["west" if i % 2 else "east" for i in range(60)]), arms=arms, given=["region"])


def test_weights_clusters_strata_and_takeup():
    """Each is the column that the question names."""
    people = frame(
        w=[1 + i % 2 for i in range(60)], school=[f"s{i // 6}" for i in range(60)],
        block=[i // 30 for i in range(60)], took=[int(i % 6 == 0) for i in range(60)],
    )  # fmt: skip
    found = drawn(people, weight="w", cluster="school", stratum="block", takeup="took", person="person")

    assert found.weight.tolist() == [1.0 + i % 2 for i in range(60)]
    assert found.cluster.tolist() == [i // 6 for i in range(60)]
    assert found.stratum.tolist() == [i // 30 for i in range(60)]
    assert found.takeup is not None
    assert found.takeup.sum() == 10


def test_a_cluster_is_known_of_everybody():
    """An unknown cluster is not a cluster."""
    with pytest.raises(MissingValues, match="1 rows have no value in 'school'"):
        drawn(frame(school=[None] + ["a"] * 59), cluster="school")


def test_groups_are_values_in_order():
    """Numbers by size, unknown values apart; not more than a reader can take in."""
    people = frame(band=[None if i == 0 else (10, 9, 2)[i % 3] for i in range(60)])
    (group,) = drawn(people, groups=["band"], person="person").groups

    assert (group.name, group.labels) == ("band", ("2", "9", "10"))
    assert group.code[:4].tolist() == [-1, 1, 0, 2]
    with pytest.raises(TooManyValues, match="'age' has 37 different values; a group has 8 at most"):
        drawn(groups=["age"])


def test_a_declared_earlier_outcome_is_not_adjusted_for_itself():
    """It is compared with what else was known; nobody declared what would matter on it."""
    (placebo,) = drawn(not_used_in_selection=["age"]).placebos

    assert (placebo.name, placebo.declared, placebo.smallest_effect) == ("age", True, None)
    assert placebo.covariates.block == ("region", "region")
    with pytest.raises(UselessColumn, match="only numbers"):
        drawn(not_used_in_selection=["region"])


def test_a_row_in_two_arms_is_an_error():
    """The arms and the rows are named."""
    with pytest.raises(OverlappingArms) as error:
        drawn(arms={"course": {"course": 1}, "none": {"course": [0, 1]}})
    assert (error.value.count, error.value.arms) == (20, ("none", "course"))


@pytest.mark.parametrize(("value", "error"), [(7, EmptyArm), (2, TooSmallToRead)])
def test_nobody_and_a_handful(value, error):
    """Nobody is a mistake in the question; nine people may not even be described; ten may."""
    people = frame(course=[2 if i < 9 else i % 2 for i in range(60)])
    with pytest.raises(error):
        drawn(people, arms={"course": {"course": value}, "none": {"course": 0}})
    ten = frame(course=[2 if i < 10 else i % 2 for i in range(60)])
    assert drawn(ten, arms={"course": {"course": 2}, "none": {"course": 0}}).facts[1].n == 10


def test_an_arm_apart_from_its_comparison():
    """Where no stratum holds both, nothing can be compared."""
    with pytest.raises(NoSharedStratum):
        drawn(stratum="course")


# ---- following ---------------------------------------------------------------------------------------------------


def test_outcomes_come_in_the_order_of_the_draw():
    """Each person's own outcome, also when not everybody was drawn."""
    arms = {"course": {"course": 1}, "none": {"course": 0, "region": ["north", "south"]}}
    found = followed(arms=arms, person="person")
    people = dict(zip(arrow()["person"].to_pylist(), arrow()["earnings"].to_pylist(), strict=True))

    assert found.panels[0].y[:, 0].tolist() == [pytest.approx(people[one]) for one in found.drawn.ident]
    assert (found.panels[0].months, found.panels[0].observed, found.later) == ((None,), None, None)


def test_unknown_outcomes_are_not_observed():
    """Never zero where nobody looked."""
    weeks = {f"week_{t}": [None if i == t else 1 for i in range(60)] for t in (1, 2, 3)}
    found = followed(frame(**weeks), outcomes={"work": "week_{t}"}, periods=(1, 3), person="person")
    panel = found.panel("work")

    assert panel.months == (1, 2, 3)
    assert panel.observed is not None
    assert np.argwhere(~panel.observed).tolist() == [[1, 0], [2, 1], [3, 2]]
    assert np.isnan(panel.y[1, 0])


def test_several_outcomes_are_several_panels():
    """In the order of the question."""
    outcomes = {"work": "course", **OUTCOMES}
    arms = {"a": {"region": "west"}, "b": {"region": ["north", "south"]}}

    assert [p.outcome for p in followed(arms=arms, compared_with="b", outcomes=outcomes, given=["age"]).panels] == [
        "work",
        "earnings",
    ]


def test_nothing_is_followed_unsealed():
    """Neither without a seal, nor with that of another question or other people."""
    asked = ask()
    source = sample.prepared(asked, arrow())
    found = sample.draw(asked, source, 1)
    sealed = sample.seal(asked, found.exclusions)
    for wrong in (None, replace(sealed, fingerprint="0"), sample.seal(asked, found.exclusions.then("no_arm", "", 1))):
        with pytest.raises(NotSealed):
            sample.follow(found, source, wrong)


def test_people_are_followed_in_the_data_they_were_drawn_from():
    """Another table may hold the same keys."""
    asked = ask(person="person")
    found = sample.draw(asked, sample.prepared(asked, arrow()), 1)
    other = sample.prepared(asked, frame(earnings=[1.0] * 60))
    with pytest.raises(OtherData):
        sample.follow(found, other, sample.seal(asked, found.exclusions))


def test_an_outcome_that_nobody_has():
    """Its column is named."""
    with pytest.raises(UselessColumn, match="'earnings' says nothing: no outcome is known of anybody"):
        followed(frame(earnings=[None] * 60))
