"""A delivery: chunk by chunk, with what is wrong in it; and `check` finds of each quirk what was planted."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from watwerkt.register import check, read
from watwerkt.register.tables import TABLES
from watwerkt.synthetic import AS_DELIVERED, CLEAN, Delivery, Quirks, deliver, make, worlds, write
from watwerkt.synthetic.delivery import planted_toml
from watwerkt.synthetic.keys import Keys, permuted
from watwerkt.synthetic.quirks import COPIED

PEOPLE = 12_000
# What happens in an invented world itself: counted in a clean delivery as well.
NATURAL = {"provision.never_started", "provision.ends_with_spell"}
RULES = {
    "duplicates": {f"{t}.duplicate" for t in COPIED},
    "near_duplicates": {"benefit_spell.near_duplicate", "provision.near_duplicate"},
    "reversed_ends": {"benefit_spell.reversed", "job_spell.reversed", "provision.reversed"},
    "no_planned_end": {"provision.no_planned_end"},
    "ends_with_spell": {"provision.ends_with_spell"},
    "never_started": {"provision.never_started"},
    "reversed_sanctions": {"sanction.reversed_sanction"},
    "paid_later": {"job_spell.no_hours"},
    "corrections": {"job_spell.correction"},
    "second_jobs": {"job_spell.overlapping_jobs"},
    "late": {"benefit_spell.known_late", "provision.known_late"},
    "no_form": {"benefit_spell.no_income_form"},
    "under_registering": {"provision.few_for_office"},
    "lost_month": {"provision.empty_month"},
    "merger": {"benefit_spell.office_code_changes"},
}  # fmt: skip


def found(folder: Path) -> dict[str, int]:
    """All that `check` counts."""
    quality = check(read(folder))
    return {f"{d.table}.{d.rule}": d.rows for d in quality.defects} | {
        f"{n.table}.{n.rule}": n.found for n in quality.notes
    }


@cache
def register():
    """One register of the demonstration's world, in which no office offers less than another by itself; made once."""
    return make(replace(worlds.demo(), offices=0.0), PEOPLE, seed=3)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What `check` counts in a clean delivery."""
    folder = tmp_path_factory.mktemp("clean")
    assert write(register(), folder) == {}
    return found(folder)


def test_a_clean_delivery_has_nothing(clean: dict[str, int]) -> None:
    """Zero of each, but for what happens in the world."""
    assert set(clean) == NATURAL


def test_every_quirk_has_a_rule() -> None:
    """And a share in what is delivered."""
    assert set(RULES) == {f.name for f in fields(Quirks)}
    assert all(getattr(AS_DELIVERED, f.name) for f in fields(Quirks))


def test_what_was_planted_is_what_is_counted(tmp_path: Path) -> None:
    """All quirks at once: exactly the planted count of each; of what happens anyway, so many more. Only offices that
    register half are estimated: of the two, one at least stands out among so few people, and no other."""
    planted = write(register(), tmp_path / "wrong", AS_DELIVERED)
    write(register(), tmp_path / "lost", AS_DELIVERED.only("under_registering", "lost_month"))
    counted, natural = found(tmp_path / "wrong"), found(tmp_path / "lost")

    assert set(planted) == set.union(*RULES.values())
    assert 1 <= counted["provision.few_for_office"] <= planted.pop("provision.few_for_office")
    for name, count in planted.items():
        assert counted[name] - (natural[name] if name in NATURAL else 0) == count, name
    assert set(counted) == {*planted, "provision.few_for_office"}


@pytest.mark.parametrize("quirk", ["near_duplicates", "no_planned_end", "corrections", "lost_month"])
def test_one_quirk_is_only_its_own(tmp_path: Path, clean: dict[str, int], quirk: str) -> None:
    """Switched on by itself it plants and shows nothing else."""
    planted = write(register(), tmp_path, AS_DELIVERED.only(quirk))
    counted = found(tmp_path)

    assert set(planted) == RULES[quirk]
    assert {name: n for name, n in counted.items() if name not in NATURAL} == planted
    if quirk != "lost_month":
        assert {name: counted[name] for name in NATURAL} == {name: clean[name] for name in NATURAL}


def test_shares_are_as_told(tmp_path: Path) -> None:
    """Within a tenth, or four errors of a count: copies, near-copies, reversed and lacking ends."""
    planted = write(register(), tmp_path, AS_DELIVERED)
    rows = {path.stem: pq.read_metadata(path).num_rows for path in tmp_path.glob("*.parquet")}
    programmes = sum(kind != "talk" for kind in pq.read_table(tmp_path / "provision.parquet")["instrument"].to_pylist())
    shares = {
        "job_spell.duplicate": (0.01, rows["job_spell"]),
        "provision.near_duplicate": (0.02, rows["provision"]),
        "benefit_spell.near_duplicate": (0.02, rows["benefit_spell"]),
        "job_spell.reversed": (0.005, rows["job_spell"]),
        "sanction.reversed_sanction": (0.08, rows["sanction"]),
        "provision.no_planned_end": (0.15, programmes),
    }
    for name, (share, of) in shares.items():
        assert abs(planted[name] - share * of) < 0.1 * share * of + 4 * np.sqrt(share * of), name


def test_what_was_planted_is_written_beside_the_truth() -> None:
    """As TOML, by table; none where nothing was planted."""
    assert tomllib.loads(planted_toml({"job_spell.correction": 3, "provision.duplicate": 2})) == {
        "job_spell": {"correction": 3},
        "provision": {"duplicate": 2},
    }
    assert tomllib.loads(planted_toml({})) == {}


# ---- chunk by chunk ----------------------------------------------------------------------------------------------


def hashes(folder: Path) -> dict[str, str]:
    """The sha256 of each file."""
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


@pytest.mark.parametrize("quirks", [CLEAN, AS_DELIVERED], ids=["clean", "as delivered"])
def test_one_chunk_is_the_register_in_memory(tmp_path: Path, quirks: Quirks) -> None:
    """Byte for byte, whichever way it is written."""
    written = write(make(worlds.tiny(), 300, seed=4), tmp_path / "whole", quirks)
    delivered = deliver(worlds.tiny(), 300, 4, tmp_path / "chunks", Delivery(quirks))

    assert delivered == written
    assert hashes(tmp_path / "whole") == hashes(tmp_path / "chunks")


def test_chunks_make_one_register(tmp_path: Path) -> None:
    """Keys are unique over chunks, nothing is wrong, progress goes to the end, and a chunk is a row group."""
    done: list[int] = []
    deliver(worlds.tiny(), 1_000, 5, tmp_path, Delivery(chunk=300, progress=done.append))

    assert done == [300, 600, 900, 1_000]
    assert set(found(tmp_path)) <= NATURAL
    for path in tmp_path.glob("*.parquet"):
        if path.stem != "instrument":
            assert pq.read_metadata(path).num_row_groups == 4, path.stem
        key = TABLES[path.stem].key
        if key:
            rows = pq.read_table(path).select(key).to_pylist()
            assert len({tuple(row.values()) for row in rows}) == len(rows), path.stem


def test_chunks_plant_what_is_counted(tmp_path: Path) -> None:
    """Rows of several chunks: the counts add up, and each was planted once."""
    quirks = AS_DELIVERED.only(
        "duplicates", "near_duplicates", "reversed_ends", "no_planned_end", "late", "second_jobs"
    )
    planted = deliver(worlds.demo(), 3_000, 6, tmp_path, Delivery(quirks, chunk=1_000))

    assert {name: n for name, n in found(tmp_path).items() if name not in NATURAL} == planted


@pytest.mark.parametrize("size", [1, 2, 7, 300, 10_000, 65_536, 65_537])
def test_keys_are_a_permutation(size: int) -> None:
    """One to one, below the next power of four, other for another seed or kind."""
    index = np.arange(size)
    keys = permuted(index, 1, "person", size)

    assert len(np.unique(keys)) == size
    assert keys.min() >= 0
    assert keys.max() < max(4, 4 * size)
    if size >= 300:
        assert (permuted(index, 2, "person", size) != keys).mean() > 0.9
        assert (permuted(index, 1, "job", size) != keys).mean() > 0.9
        assert abs(np.corrcoef(index, keys)[0, 1]) < 5 / np.sqrt(size)


def test_keys_of_chunks_are_those_of_the_whole() -> None:
    """Whoever stands at a place has the same key, whatever the chunks."""
    whole = Keys(1, 0, 100, 100).persons()
    parts = [Keys(1, first, 25, 100).persons() for first in range(0, 100, 25)]

    assert np.concatenate(parts).tolist() == whole.tolist()


def test_a_world_with_a_policy_delivers_the_change(tmp_path: Path) -> None:
    """One row, on its day, that the register reads without a defect; a world without one has no such table."""
    world = worlds.country()
    assert world.policy is not None
    write(make(world, 500, seed=1), tmp_path / "country")
    write(make(replace(worlds.demo(), policy=None), 500, seed=1), tmp_path / "plain")

    rows = pq.read_table(tmp_path / "country" / "policy_change.parquet").to_pylist()

    assert [row["date"] for row in rows] == [world.policy.since]
    assert not [d for d in check(read(tmp_path / "country")).defects if d.table == "policy_change"]
    assert not (tmp_path / "plain" / "policy_change.parquet").exists()
