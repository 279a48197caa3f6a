"""What leaves the house: rounded, never small, never by subtraction, never half."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from answers import answer, exact, family

from watwerkt.door import release, write
from watwerkt.door.rounding import digits
from watwerkt.dossier import Effect
from watwerkt.dossier.folder import read
from watwerkt.dossier.text import digest, parse, texts
from watwerkt.dossier.verify import decimals, verify
from watwerkt.effects.nouns import Judged
from watwerkt.errors import OutputError


def test_every_released_number_has_two_digits_of_its_error():
    """An estimate, its range and its levels carry no digit beyond the second of the standard error."""
    released = release(answer())

    for effect in released.effects:
        places = decimals(effect.std_error)
        for value in (effect.estimate, effect.low, effect.high, effect.band_low, effect.level, effect.level_without):
            assert value == round(value, places)
        assert effect.level == pytest.approx(effect.level_without + effect.estimate, abs=1e-12)


@pytest.mark.parametrize("std_error", [0.0996, 0.00996, 9.96, 996.0, 94.9, 1.0])
def test_an_error_that_rounds_up_to_a_power_of_ten_takes_its_estimate_with_it(std_error, tmp_path):
    """996 becomes 1,000, whose second digit is the hundreds: the estimate is rounded there too."""
    exact_answer = answer()
    first = exact_answer.judged[6]
    swollen = replace(first, exact=replace(first.exact, std_error=std_error, estimate=first.exact.estimate))
    released = release(replace(exact_answer, judged=(swollen,)))

    assert write(replace(released, joints=()), tmp_path / "d")


def test_counts_are_rounded_to_five_and_exclusions_still_add_up():
    """Rows read = rows used + what was set aside, also after rounding."""
    released = release(answer())

    assert all(e.n % 5 == 0 and e.n_without % 5 == 0 for e in released.effects)
    steps = released.exclusions
    assert steps.read == steps.used + sum(rows for _, _, rows in steps.set_aside())
    assert all(step.left % 5 == 0 for step in steps.steps)


def test_a_closed_effect_leaves_without_any_number():
    """Closed inside means no number outside: not in the effects, not in joints, not in the facts."""
    written = texts(release(answer(reason="overlap")))

    rows = [line.split(",") for line in written["effects.csv"].splitlines()[1:]]
    assert rows
    assert all(row[10] == "overlap" and row[11:21] == [""] * 10 for row in rows)
    assert written["joint.csv"].count("\n") == 1


@pytest.mark.parametrize(("n", "level"), [(9, 0.5), (400, 0.01), (400, 0.99), (30, 0.2)])
def test_small_cells_are_closed_by_persons_by_events_and_by_non_events(n, level):
    """Fewer than ten persons, events or non-events on either side never leave."""
    released = release(answer(family(n=n, level=level)))

    assert {e.reason for e in released.effects if e.cell.month == 5} == {"small_cell"}


def test_a_suppressed_group_takes_a_second_one_with_it():
    """Where exactly one group of a whole is too small, the smallest other one is closed too."""
    groups = [family(group="sex=f", n=9), family(group="sex=m", n=300), family(group="sex=x", n=60)]
    released = release(answer(*groups))

    reasons = {g.cells[0].group: set() for g in groups}
    for effect in released.effects:
        reasons[effect.cell.group].add(effect.reason)
    assert reasons == {"sex=f": {"small_cell"}, "sex=x": {"small_cell_beside"}, "sex=m": {""}}


def test_a_lone_small_group_beside_closed_ones_needs_no_second(tmp_path):
    """Where a check closed every other group nothing can be computed: such a dossier may be written."""
    made = answer(family(group="sex=f", n=9), family(group="sex=m", n=300))
    judged = tuple(replace(j, reason="overlap") if j.exact.cell.group == "sex=m" else j for j in made.judged)
    released = write(release(replace(made, judged=judged)), tmp_path / "d")

    assert {(e.cell.group, e.reason) for e in released.effects} == {("sex=f", "small_cell"), ("sex=m", "overlap")}


@pytest.mark.parametrize(("n", "reason", "left"), [(9, "small_cell", None), (400, "beyond_horizon", 400)])
def test_an_open_ended_break_even_keeps_no_small_count(n, reason, left):
    """Not within the horizon: about nine people that closes too, about four hundred it stands with its count."""
    made = answer(family(n=n))
    last = made.judged[-1].exact
    cell = replace(last.cell, measure="break_even")
    open_ended = Effect(cell, last.arm, last.target, last.design, "beyond_horizon", n=n, n_without=5 * n, low=12.0)
    released = release(replace(made, judged=(*made.judged, Judged(open_ended, ""))))

    assert (released.effects[-1].reason, released.effects[-1].n) == (reason, left)


def test_a_joint_leaves_only_at_public_horizons_and_with_enough_clusters():
    """Errors are joined at 6 and 12 months, never month by month, and not from few clusters."""
    joint = release(answer()).joints[0]

    assert [cell.month for cell in joint.cells] == [6, 12]
    assert release(answer(family(clusters=15))).joints == ()


def test_reading_what_was_written_gives_the_same_dossier(tmp_path):
    """Text in and text out lose nothing, and the same dossier is the same bytes."""
    released = release(answer())
    write(released, tmp_path / "dossier")

    assert read(tmp_path / "dossier") == released
    assert digest(texts(parse(texts(released)))) == digest(texts(released))
    assert verify(tmp_path / "dossier") == ()


def test_a_place_that_cannot_be_written_leaves_nothing(tmp_path):
    """A file where a folder should be: one sentence, and no trace."""
    (tmp_path / "taken").write_text("x")

    with pytest.raises(OutputError, match="cannot be written"):
        write(release(answer()), tmp_path / "taken" / "dossier")
    assert [p.name for p in tmp_path.iterdir()] == ["taken"]


def test_writing_again_replaces_the_whole_folder(tmp_path):
    """A second release leaves no file of the first."""
    write(release(answer()), tmp_path / "d")
    write(release(answer(reason="overlap")), tmp_path / "d")

    assert all(e.reason == "overlap" for e in read(tmp_path / "d").effects)


@pytest.mark.parametrize("n", [10, 19, 20, 40, 400])
def test_a_joint_has_at_most_a_tenth_as_many_rows_as_its_arm_has_persons(n):
    """Mean path plus covariance of 20 people gives back their months (DESIGN, what leaks); two rows of 20 do not."""
    for joint in release(answer(family(n=n, clusters=6 * n, level=0.5))).joints:
        assert len(joint.cells) * 10 <= n


HOSTILE = {
    "a file too many": lambda t: t | {"people.csv": "id\n1\n"},
    "a file too few": lambda t: {k: v for k, v in t.items() if k != "joint.csv"},
    "effects changed after release": lambda t: t | {"effects.csv": t["effects.csv"].replace("treated", "all")},
    "a question changed after release": lambda t: t | {"question.toml": t["question.toml"].replace("work", "werk")},
    "a column renamed": lambda t: t | {"effects.csv": t["effects.csv"].replace("std_error", "se", 1)},
    "text in a number": lambda t: t | {"effects.csv": t["effects.csv"].replace(",2000,", ",many,", 1)},
    "an infinite number": lambda t: t | {"checks.csv": t["checks.csv"].replace("812", "inf", 1)},
    "not JSON": lambda t: t | {"dossier.json": "{"},
    "JSON without facts": lambda t: t | {"dossier.json": "{}"},
    "a rule slipped in": lambda t: t | {"rules.json": '[{"split": "age"}]\n'},
    "a line cut short": lambda t: t | {"effects.csv": t["effects.csv"][:-40] + "\n"},
    "an unknown reason": lambda t: t | {"exclusions.csv": t["exclusions.csv"].replace("no_arm", "because")},
    "rows that come back": lambda t: t | {"exclusions.csv": t["exclusions.csv"].replace("2400", "99000")},
}


@pytest.mark.parametrize("attack", HOSTILE, ids=str)
def test_a_hostile_folder_is_refused_with_a_reason(attack, tmp_path):
    """Whatever is changed after release is found at the next door, and named."""
    folder = tmp_path / "dossier"
    folder.mkdir()
    changed = HOSTILE[attack](texts(release(answer())))
    assert changed != texts(release(answer()))
    for name, text in changed.items():
        (folder / name).write_text(text, encoding="utf-8")

    broken = verify(folder)

    assert broken
    assert all(": " in line for line in broken)


def _rewritten(tmp_path, dossier):
    """Write texts with right hashes, as someone would who knows how a dossier is made."""
    folder = tmp_path / "dossier"
    folder.mkdir()
    for name, text in texts(dossier).items():
        (folder / name).write_text(text, encoding="utf-8")
    return verify(folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"estimate": 0.0123456}, "more digits"),
        ({"n": 403}, "not rounded to 5"),
        ({"n": 5}, "fewer than 10"),
        ({"level": 0.001, "level_without": 0.001}, "fewer than 10"),
    ],
    ids=str,
)
def test_right_hashes_do_not_hide_a_broken_rule(change, said, tmp_path):
    """A forged dossier with fitting hashes still fails on rounding, counts and small cells."""
    released = release(answer())
    forged = replace(released, joints=(), effects=(replace(released.effects[5], **change), *released.effects[6:]))

    assert any(said in line for line in _rewritten(tmp_path, forged))


def test_the_lone_suppressed_group_is_found_at_the_next_door(tmp_path):
    """If a home forgets the second group, verify says that the first can be computed."""
    released = release(answer(family(group="sex=f", n=9), family(group="sex=m", n=300), family(group="sex=x", n=60)))
    opened = exact(family(group="sex=x", n=60))
    fixed = tuple(e for e in released.effects if e.cell.group != "sex=x")
    from watwerkt.door.rounding import effect

    forged = replace(released, effects=(*fixed, *(effect(e) for e in opened)))

    assert any("computed from the other groups" in line for line in _rewritten(tmp_path, forged))


def test_digits_keeps_zero_and_none():
    """Three significant digits, of any size; nothing stays nothing."""
    assert [digits(x) for x in (None, 0.0, 0.0123456, 123456.0, -2.3456)] == [None, 0.0, 0.0123, 123000.0, -2.35]
    assert np.isclose(digits(1.0), 1.0)
