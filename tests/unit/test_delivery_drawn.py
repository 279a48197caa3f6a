"""What a delivery gets wrong changes nobody's place in the sample, or is counted as what it does."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from watwerkt import question
from watwerkt.dossier import Question
from watwerkt.register import read
from watwerkt.sample.nouns import Drawn
from watwerkt.sample.register_draw import draw_register
from watwerkt.synthetic import AS_DELIVERED, CLEAN, Quirks, make, worlds, write

BROKEN = ("reversed", "duplicate", "near_duplicate")


@cache
def asked() -> Question:
    """The question of the demonstration in short: offers of half a year, followed for one."""
    whole = question.read(Path(__file__).parents[2] / "questions/short-or-long/question.toml")
    return replace(whole, time=replace(whole.time, until=6, horizon=12, primary=None))


@cache
def register():
    """One register, made once."""
    return make(worlds.demo(), 2_500, seed=2)


def drawn(folder: Path, quirks: Quirks) -> Drawn:
    """The rows of the question on a delivery with these quirks."""
    write(register(), folder, quirks)
    return draw_register(asked(), read(folder), seed=1)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """The rows of a clean delivery."""
    return drawn(tmp_path_factory.mktemp("clean"), CLEAN)


def left(found: Drawn) -> list[tuple[str, str, int]]:
    """What was set aside after broken spells."""
    return [step for step in found.exclusions.set_aside() if step[0] not in BROKEN]


def test_copies_and_wrong_reasons_change_nothing(tmp_path: Path, clean: Drawn) -> None:
    """Copies, near-copies, pay without hours, ends that were filed wrongly, reversals: the same rows, arms, days and
    past as without, and of the exclusions the same steps after those of the copies."""
    harmless = ("duplicates", "near_duplicates", "paid_later", "corrections", "no_form", "reversed_sanctions")
    found = drawn(tmp_path, AS_DELIVERED.only(*harmless, "ends_with_spell"))

    assert found.key.tolist() == clean.key.tolist()
    assert found.arm.tolist() == clean.arm.tolist()
    assert (found.zero == clean.zero).all()
    assert found.covariates.names == clean.covariates.names
    assert np.array_equal(found.covariates.x, clean.covariates.x, equal_nan=True)
    assert left(found) == left(clean)
    assert {why for why, _, n in found.exclusions.set_aside() if n} >= {"duplicate", "near_duplicate"}


def test_a_start_that_never_came_keeps_its_arm(tmp_path: Path, clean: Drawn) -> None:
    """Time zero is the offer, so whoever never started is still among those who were offered."""
    quirks = AS_DELIVERED.only("never_started")
    assert write(register(), tmp_path / "again", quirks)["provision.never_started"] > 10
    found = drawn(tmp_path, quirks)

    assert found.key.tolist() == clean.key.tolist()
    assert found.arm.tolist() == clean.arm.tolist()


def test_lacking_planned_ends_leave_both_sides(tmp_path: Path, clean: Drawn) -> None:
    """Trainings of unknown length are in no arm and in no comparison; coaching, which is told by its name, stays."""
    found = drawn(tmp_path, AS_DELIVERED.only("no_planned_end"))
    gone = dict.fromkeys(clean.key.tolist()).keys() - set(found.key.tolist())
    code = dict(zip(clean.key.tolist(), clean.arm.tolist(), strict=True))
    lost = [clean.arms[code[key]] for key in gone if code[key] > 0]
    counts = {why: n for why, _, n in found.exclusions.set_aside()}

    assert set(lost) == {"short", "long"}
    assert counts["arm_unknown"] >= len(lost) > 10
    assert "arm_unknown" not in {why for why, _, _ in clean.exclusions.set_aside()}
    assert not set(found.key.tolist()) & gone
    assert sum(n for _, _, n in found.exclusions.set_aside()) + found.exclusions.used == found.exclusions.read
    assert found.exclusions.read == clean.exclusions.read


def test_what_is_delivered_adds_up(tmp_path: Path) -> None:
    """All quirks at once: rows read = rows used + each reason, and every broken rule of spells is among them."""
    found = drawn(tmp_path, AS_DELIVERED)

    assert found.exclusions.used == len(found.key)
    assert sum(n for _, _, n in found.exclusions.set_aside()) + found.exclusions.used == found.exclusions.read
    assert {why for why, _, _ in found.exclusions.set_aside()} >= {*BROKEN, "arm_unknown"}
