"""An office that does not register an instrument hides its people among the comparison; declared, it hides nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from watwerkt import question
from watwerkt.dossier import Arm, Question, Where
from watwerkt.register import read
from watwerkt.sample.register_draw import draw_register
from watwerkt.synthetic import Effect, Leaning, World, make, worlds, write
from watwerkt.synthetic.offices import OFFICES

pytestmark = pytest.mark.truth

MONTH = 12
SILENT, SINCE, UNTIL = OFFICES[:8], date(2017, 4, 1), date(2019, 12, 31)
QUESTION = Path(__file__).parents[2] / "questions/short-or-long/question.toml"


def world() -> World:
    """One instrument that is offered to many, works well, and by nothing that is hidden."""
    arm = replace(
        worlds.COACHING, rate=0.10, planned_days=(14,), weights=(1.0,), wait=3, never_started=0.0, dropped=0.0,
        leaning=Leaning(recent_work=0.3), effect=Effect(finding=1.0),
    )  # fmt: skip
    return replace(worlds.small(), name="one-strong-arm", arms=(arm,), until=6)


@cache
def asked() -> Question:
    """That instrument or not now, and work after a year."""
    whole = question.read(QUESTION)
    arm = Arm("coaching", "coaching", (Where("instrument", ("coaching",)),))
    return replace(
        whole, arms=(arm,), outcomes=whole.outcomes[:1],
        time=replace(whole.time, until=6, horizon=MONTH, primary=replace(whole.time.primary, month=MONTH)),
    )  # fmt: skip


def silence(folder: Path) -> None:
    """Take away what these offices registered of coaching in those years."""
    path = folder / "provision.parquet"
    rows = pq.read_table(path)
    day = pc.coalesce(rows["offered"], rows["start"])
    there = pc.is_in(rows["office"], pa.array(SILENT))
    gone = pc.and_(there, pc.and_(pc.greater_equal(day, SINCE), pc.less_equal(day, UNTIL)))
    pq.write_table(rows.filter(pc.invert(pc.and_(gone, pc.equal(rows["instrument"], "coaching")))), path)


def declare(folder: Path) -> None:
    """Say so in register.toml."""
    entries = (
        f'\n[[quality]]\noffice = "{office}"\ninstrument = "coaching"\nperiod = [{SINCE}, {UNTIL}]\nfit = false\n'
        for office in SILENT
    )
    settings = folder / "register.toml"
    settings.write_text(settings.read_text("utf-8") + "".join(entries), "utf-8")


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same people three times: all registered; eight offices silent; silent, and declared."""
    made, folder = make(world(), 8_000, seed=1), tmp_path_factory.mktemp("registers")
    found = {name: folder / name for name in ("whole", "silent", "declared")}
    for name, place in found.items():
        write(made, place)
        if name != "whole":
            silence(place)
        if name == "declared":
            declare(place)
    return found


def hidden(folder: Path, whole: Path) -> float:
    """The share of comparison rows whose person had, or started in this month, what they are compared with."""
    drawn = draw_register(asked(), read(folder), seed=1)
    rows = pq.read_table(whole / "provision.parquet").filter(pc.field("instrument") == "coaching")
    day = pc.coalesce(rows["offered"], rows["start"]).to_numpy().astype("datetime64[D]")
    first: dict[str, np.datetime64] = {}
    for person, when in zip(rows["person_id"].to_pylist(), day, strict=True):
        first[str(person)] = min(when, first.get(str(person), when))
    never = np.datetime64("9999-12-31")
    had = np.array([first.get(str(who), never) for who in drawn.ident]) <= drawn.zero
    return float(had[drawn.arm == 0].mean())


def test_the_comparison_holds_nobody_who_got_it(registers: dict[str, Path]) -> None:
    """Of the silent register one row in ten or more is of somebody who got it; where all is registered, or what is not
    is declared, not a single one."""
    assert hidden(registers["silent"], registers["whole"]) > 0.10
    assert hidden(registers["whole"], registers["whole"]) == 0
    assert hidden(registers["declared"], registers["whole"]) == 0
