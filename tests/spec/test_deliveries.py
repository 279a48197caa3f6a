"""Deliveries as they are: BUS, SRG and SPOLIS files end to end, and every row told (issue 5, must-show 2)."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import deliveries
import duckdb
import numpy as np
import pytest

import watwerkt as ww
from watwerkt import sample
from watwerkt.dossier import Arm, Mapped, Outcome, Population, Primary, Question, Time, Where, Words
from watwerkt.synthetic import CLEAN, make, worlds, write

MAPPINGS = ("bus", "srg-own.toml", "spolis")


def question() -> Question:
    """A training, told by its name and its first day, or not now."""
    return Question(
        id="training",
        title=Words("Helpt een training?", "Does a training help?"),
        arms=(Arm("training", "training", (Where("instrument", ("training",)),)),),
        compared_with="not_now",
        outcomes=(Outcome("work", "employed", 0.02), Outcome("earnings", "earnings", 50.0)),
        population=Population(scheme=("ioaw",), age=(25, 60), entry=("2017-01-01", "2019-12-31")),
        time=Time(zero="each month", until=6, horizon=12, primary=Primary("work", 12)),
    )


def mapped(folder: Path) -> Mapped:
    """A delivery, mapped."""
    named = [str(folder / one) if one.endswith(".toml") else one for one in MAPPINGS]
    return ww.map_delivery(folder, folder.parent / "register", named)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented register."""
    folder = tmp_path_factory.mktemp("source") / "register"
    write(make(worlds.demo(), 1_500, seed=4), folder, CLEAN)
    return folder


@pytest.fixture(scope="module")
def home(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its delivery in CSV, mapped to ``register``; ``known`` is what it can tell at best."""
    folder = tmp_path_factory.mktemp("home")
    deliveries.known(source, folder / "known")
    deliveries.deliver(source, folder / "delivery")
    mapped(folder / "delivery")
    return folder


def test_the_sample_is_that_of_the_standard(home: Path) -> None:
    """The same people at the same days in the same arms with the same past, and the same months of work after."""
    registers = [ww.read(home / name) for name in ("known", "register")]
    asked = question()
    best, ours = (sample.draw(asked, register, seed=1) for register in registers)

    assert len(ours.key) > 500
    assert len(set(ours.arm.tolist())) == 2
    assert ours.key.tolist() == best.key.tolist()
    assert ours.arm.tolist() == best.arm.tolist()
    assert (ours.zero == best.zero).all()
    assert ours.covariates.names == best.covariates.names
    np.testing.assert_allclose(ours.covariates.x, best.covariates.x, rtol=2e-3, atol=0.02)
    followed = [
        sample.follow(d, r, sample.seal(asked, d.exclusions)) for d, r in zip((best, ours), registers, strict=True)
    ]
    work, pay = ([f.panel(name).y for f in followed] for name in ("work", "earnings"))
    assert np.array_equal(work[0], work[1], equal_nan=True)
    np.testing.assert_allclose(pay[1], pay[0], atol=1.0)  # euros a month: what was paid is in cents


def test_the_mapped_register_is_answered_and_checked(home: Path, tmp_path: Path) -> None:
    """From the files of a service to a page, with what is wrong with the register on the way."""
    register = ww.read(home / "register")
    quality = ww.check(register)
    dossier = ww.release(ww.answer(question(), register, folder=tmp_path / "out"), folder=tmp_path / "dossier")

    assert {t.table for t in quality.tables if t.present} == {"person", "benefit_spell", "provision", "job_spell"}
    assert dossier.synthetic
    assert any(e.opened for e in dossier.effects) or all(e.reason for e in dossier.effects)
    assert "training" in ww.page(dossier).lower()


def test_sums_equal_the_source(home: Path) -> None:
    """By file, what was read is what was written, folded, superseded and set aside: rows, euros and hours."""
    went: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    with (home / "register/lost.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            went[row["table"], row["file"], row["measure"], row["what"]] += Decimal(row["amount"])
    left = ("set_aside", "superseded", "folded", "written")
    for table, file, measure, what in list(went):
        if what == "read":
            assert went[table, file, measure, "read"] == sum(went[table, file, measure, w] for w in left)

    paid = hours = rows = Decimal(0)
    for path in (home / "delivery").glob("SPOLIS*.csv"):  # by a reader that is not ours
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter=";"):
                paid, hours, rows = paid + Decimal(row["SBASISLOON"]), hours + Decimal(row["SBASISUREN"]), rows + 1
    told = {m: sum(n for (t, _, measure, w), n in went.items() if (t, measure, w) == ("job_spell", m, "read"))
            for m in ("paid", "paid_hours", "rows")}  # fmt: skip
    assert (told["paid"], told["paid_hours"], told["rows"]) == (paid, hours, rows)
    jobs = f"'{home}/register/job_spell.parquet'"
    ((cents, spells),) = duckdb.sql(f"SELECT sum(CAST(round(paid * 100) AS HUGEINT)), count(*) FROM {jobs}").fetchall()
    assert Decimal(cents) / 100 == paid
    assert rows > 5 * spells


def test_the_form_of_the_files_changes_nothing(source: Path, home: Path, tmp_path: Path) -> None:
    """CSV, SPSS, Stata and Parquet of one delivery are one register, to the hash."""
    snapshots = set()
    for suffix in (".sav", ".dta", ".parquet"):
        deliveries.deliver(source, tmp_path / suffix[1:] / "delivery", suffix)
        snapshots.add(mapped(tmp_path / suffix[1:] / "delivery").snapshot)

    assert snapshots == {ww.read(home / "register").snapshot}


def test_one_changed_code_list_is_named(home: Path) -> None:
    """A code that the list lacks is an error with the file, the column, the list, the codes and the rows."""
    with pytest.raises(ww.WatwerktError) as caught:
        ww.map_delivery(home / "delivery", home / "elsewhere", ("bus", "srg", "spolis"))

    said = str(caught.value)
    for part in ("TYPE_VOORZIENING", "'type_voorziening'", "'31'", "'32'", "SRG2017", "codes.type_voorziening.values"):
        assert part in said
    assert not (home / "elsewhere").exists()
