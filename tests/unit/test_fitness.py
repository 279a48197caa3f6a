"""What register.toml declares not to be fit for use leaves the sample, counted; everybody else stays as they were."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from registers import SETTINGS, four_people, job, person, question, spell, training, write

from watwerkt import register
from watwerkt.dossier import Arm, Where
from watwerkt.errors import RegisterSettings
from watwerkt.register.fitness import Fitness, read_fitness, wrong_fitness
from watwerkt.sample.register_draw import draw_register

Q1 = "period = [2018-01-01, 2018-03-31]"


def settings(*entries: str) -> str:
    """Settings with one [[quality]] an entry."""
    return SETTINGS + "".join(f"\n[[quality]]\n{entry}\n" for entry in entries)


def two_offices() -> dict[str, list[dict[str, object]]]:
    """Sixteen people an office on benefit from January 2018; every fourth is offered a training in February, another a
    coaching in March. Two of each office come back in 2019, when one of each is trained."""
    tables: dict[str, list[dict[str, object]]] = {"person": [], "benefit_spell": [], "job_spell": [], "provision": []}
    for office in ("north", "south"):
        for i in range(16):
            who = f"{office}{i:02d}"
            tables["person"].append(person(who))
            tables["benefit_spell"].append(spell(who, "2018-01-10", "2018-06-30", office=office))
            tables["job_spell"].append(job(who, "2016-01-01", "2018-01-09", 2000.0))
            if i % 4 == 0:
                tables["provision"].append(training(who, "2018-02-20", "2018-03-01", "2018-04-30"))
            if i % 4 == 1:
                given = training(who, "2018-03-20", "2018-04-01", "2018-05-30")
                tables["provision"].append(given | {"instrument": "coaching", "provision_id": f"c{who}"})
        for i in (2, 3):
            who = f"{office}{i:02d}"
            tables["benefit_spell"].append(spell(who, "2019-01-10", "2019-06-30", office=office))
        tables["provision"].append(training(f"{office}02", "2019-02-20", "2019-03-01", "2019-04-30"))
    return tables


def asked(instrument: str = "training"):
    """That instrument or not now."""
    arm = Arm("short", "training", (Where("instrument", (instrument,)),))
    return question(arms=(arm,), outcomes=question().outcomes[:1])


def drawn(folder, *entries: str, instrument: str = "training"):
    """The drawn rows where this is declared."""
    found = register.read(write(folder, settings(*entries), **two_offices()))
    return draw_register(asked(instrument), found, seed=1, least=1)


def of(found, office: str, year: str = "2018") -> list[str]:
    """Keys of an office, of spells that begin in a year."""
    return [key for key in found.key.tolist() if key.startswith(office) and f"|{year}-" in key]


def counts(found) -> dict[str, int]:
    """Rows set aside by reason."""
    return {reason: n for reason, _, n in found.exclusions.set_aside()}


# ---- who leaves --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ['office = "north"', 'office = "north"\ninstrument = "training"'])
def test_people_of_the_office_leave_and_others_are_untouched(tmp_path, named):
    """Starters and comparisons of the north, from then on; of the south every row, day and weight is the same."""
    before, after = drawn(tmp_path / "a"), drawn(tmp_path / "b", f"{named}\n{Q1}\nfit = false")
    south = np.isin(before.key, of(before, "south"))

    assert of(before, "north")
    assert of(after, "north") == []
    assert of(after, "south") == of(before, "south")
    assert after.arm[np.isin(after.key, of(after, "south"))].tolist() == before.arm[south].tolist()
    assert (after.zero[np.isin(after.key, of(after, "south"))] == before.zero[south]).all()


def test_exclusions_add_up(tmp_path):
    """What left is counted as one reason, before arms, and read = used + all reasons. Who was known to have had a
    training before keeps that reason."""
    before, after = drawn(tmp_path / "a"), drawn(tmp_path / "b", f'office = "north"\n{Q1}\nfit = false')
    steps = after.exclusions

    assert steps.read == before.exclusions.read
    assert steps.used == len(after.key)
    assert steps.read == steps.used + sum(n for _, _, n in steps.set_aside())
    assert counts(after)["earlier_provision"] == counts(before)["earlier_provision"]
    # Three months of sixteen people, and of both who came back in 2019; less the months after a training that is known.
    assert counts(after)["not_registered"] == 3 * 16 - 4 + 3 * 2 - 1
    assert "not_registered" not in counts(before)


def test_a_question_on_another_instrument_is_not_affected(tmp_path):
    """Coaching was not registered well; the question compares trainings. The other way round it is."""
    entry = f'office = "north"\ninstrument = "coaching"\n{Q1}\nfit = false'
    before, after = drawn(tmp_path / "a"), drawn(tmp_path / "b", entry)

    assert after.key.tolist() == before.key.tolist()
    assert after.exclusions == before.exclusions
    assert of(drawn(tmp_path / "c", entry, instrument="coaching"), "north") == []


def test_an_instrument_that_nobody_registered_well_takes_every_office(tmp_path):
    """Without an office, all of them; who enters after the period stays."""
    tables = two_offices()
    tables["person"] += [person(f"new{i}") for i in range(4)]
    tables["benefit_spell"] += [spell(f"new{i}", "2018-05-10", "2018-12-31", office="south") for i in range(4)]
    tables["provision"].append(training("new0", "2018-06-20", "2018-07-01", "2018-08-30"))
    folder = write(tmp_path, settings(f'instrument = "training"\n{Q1}\nfit = false'), **tables)
    found = draw_register(asked(), register.read(folder), seed=1, least=1)

    assert {key.split("|")[0] for key in found.key.tolist()} == {f"new{i}" for i in range(4)}


@pytest.mark.parametrize(
    ("period", "left"),
    [
        ("[2018-04-09, 2018-12-31]", {0, 1}),
        ("[2018-04-10, 2018-12-31]", {0, 1, 2}),
        ("[2017-01-01, 2018-01-09]", {0, 1, 2}),
    ],
    ids=["the last day of month 2", "the day after", "until the day before the benefit"],
)
def test_a_month_leaves_when_one_of_its_days_was_not_registered(tmp_path, period, left):
    """Month 2 runs from 10 March to 9 April; what ended before the benefit began is no matter."""
    found = drawn(tmp_path, f'office = "north"\nperiod = {period}\nfit = false', instrument="coaching")

    assert {int(key[-3:]) for key in of(found, "north")} <= left
    assert any(key.endswith("002") for key in of(found, "north")) == (2 in left)


def test_what_somebody_had_in_an_unfit_quarter_stays_unknown(tmp_path):
    """Who was on benefit in the north then is not compared in 2019 either: nobody knows whether a training came first.
    Their own register of the south shows that nothing else keeps them out."""
    before, after = drawn(tmp_path / "a"), drawn(tmp_path / "b", f'office = "north"\n{Q1}\nfit = false')

    assert of(before, "north", "2019")
    assert of(after, "north", "2019") == []
    assert of(after, "south", "2019") == of(before, "south", "2019")


def test_what_is_declared_fit_changes_nobody(tmp_path):
    """It is another snapshot, and the same rows."""
    before, after = drawn(tmp_path / "a"), drawn(tmp_path / "b", f'office = "north"\n{Q1}\nfit = true')

    assert after.key.tolist() == before.key.tolist()
    assert after.snapshot != before.snapshot


# ---- what is said ------------------------------------------------------------------------------------------------


def test_a_declaration_changes_the_snapshot_and_its_order_does_not(tmp_path):
    """A dossier says on which data it rests."""
    north, south = (f'office = "{office}"\n{Q1}\nfit = false' for office in ("north", "south"))
    found = [
        register.read(write(tmp_path / str(i), settings(*entries), **two_offices())).snapshot
        for i, entries in enumerate([(), (north,), (north, south), (south, north)])
    ]

    assert len(set(found)) == 3
    assert found[2] == found[3]


def test_a_register_without_a_declaration_keeps_its_snapshot():
    """Nothing in the settings' own text speaks of quality then."""
    assert "quality" not in register.Settings("EUR", (date(2018, 1, 1), date(2019, 1, 1)), 10, True).canonical


def test_entries_are_read_whole():
    """Every key, in order of office."""
    period = [date(2018, 1, 1), date(2018, 3, 31)]
    said = [
        {"office": "south", "period": period, "fit": False},
        {"office": "north", "instrument": "training", "period": period, "fit": True, "reason": "no places"},
    ]

    assert wrong_fitness(said) == []
    assert read_fitness(said) == (
        Fitness("north", "training", (period[0], period[1]), True, "no places"),
        Fitness("south", "", (period[0], period[1]), False),
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"office": 3}, "office must be text"),
        ({"instrument": ""}, "instrument must be text, and not empty"),
        ({"reason": 1}, "reason must be text"),
        ({"period": [date(2018, 3, 31), date(2018, 1, 1)]}, "period must be two dates"),
        ({"fit": 0}, "fit must be true or false"),
    ],
)
def test_each_mistake_is_one_clear_sentence(changes, says):
    """With the place of its entry, and nothing else."""
    good = {"office": "north", "period": [date(2018, 1, 1), date(2018, 3, 31)], "fit": False}
    [problem] = wrong_fitness([good, good | changes])

    assert problem.startswith("quality 2: ")
    assert says in problem


def test_no_office_in_the_register_is_an_error_where_one_is_declared(tmp_path):
    """An entry that silently does nothing would be worse."""
    with pytest.raises(RegisterSettings, match="office 'north' is not in the register"):
        register.read(write(tmp_path, settings(f'office = "north"\n{Q1}\nfit = false'), **four_people()))
