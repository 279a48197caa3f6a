"""A quarter later: the sealed question on a new delivery, what moved and why, and the earlier dossier as it was."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace

import duckdb
import pytest
from bad_input import ON_TABLE, table
from registers import question

import watwerkt as ww
from watwerkt import register, report
from watwerkt.dossier import Outcome, Words
from watwerkt.dossier.folder import read
from watwerkt.dossier.moved import COLUMNS, Move, Moved, moved_csv
from watwerkt.synthetic import make, worlds
from watwerkt.synthetic import write as write_world

THEN = "2019-12-31"
ASKED = question(
    title=Words("Helpt een korte training?", "Does a short training help?"),
    outcomes=(Outcome("work", "employed", 0.02), Outcome("benefit", "on_benefit", 0.02)),
)
DAYS = {"benefit_spell": "start", "job_spell": "start", "provision": "coalesce(offered, start)"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The later delivery: an invented register, whole."""
    folder = tmp_path_factory.mktemp("whole")
    write_world(make(worlds.demo(), 5_000, 1), folder)
    return folder


def delivered(whole, folder, lacks="false"):
    """The earlier delivery: it ends on THEN; of people for whom ``lacks`` holds, no spell was registered yet."""
    folder.mkdir(parents=True)
    last = str(register.read(whole).period[1])
    (folder / "register.toml").write_text((whole / "register.toml").read_text().replace(last, THEN))
    for path in whole.glob("*.parquet"):
        kept = f"WHERE {DAYS[path.stem]} <= DATE '{THEN}'" if path.stem in DAYS else "WHERE true"
        kept += f" AND NOT ({lacks})" if path.stem == "benefit_spell" else ""
        duckdb.execute(f"COPY (SELECT * FROM '{path}' {kept}) TO '{folder / path.name}' (FORMAT parquet)")
    return folder


def contents(folder):
    """Every file below a folder with its bytes."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def plain(whole, tmp_path_factory):
    """Answered on the earlier delivery, then on the later one; nothing of the earlier period was mended."""
    home = tmp_path_factory.mktemp("plain")
    first, nothing = ww.renew(ASKED, ww.read(delivered(whole, home / "register")), home / "out")
    before = contents(home / "out/dossier")
    second, moved = ww.renew(ASKED, ww.read(whole), home / "out")
    assert nothing is None
    return home / "out", first, before, second, moved


def test_without_corrections_all_that_moves_are_new_people(plain):
    """The later data up to the earlier last day give the earlier numbers again, all of them to the last digit."""
    _out, first, _before, second, moved = plain
    both = [move for move in moved.moves if move.moved is not None and move.as_then is not None]

    assert moved.as_then.effects == first.effects
    assert moved.as_then.exclusions.used == first.exclusions.used < second.exclusions.used
    assert {move.by_corrections for move in both} == {0.0}
    assert all(move.moved == move.by_new_people for move in both)
    assert any(move.moved for move in both)
    assert moved.causes == ("until",)


def test_the_earlier_dossier_stays_as_it_was_and_readable(plain):
    """To the byte, with its page's place free; the later one names it, and both may be read and verified."""
    out, first, before, second, moved = plain
    (kept,) = (out / "earlier").iterdir()

    assert kept.name == f"{THEN}-{second.supersedes[:12]}"
    assert contents(kept / "dossier") == before
    assert read(kept / "dossier") == first == moved.old
    assert read(out / "dossier") == second
    assert moved.digest == second.supersedes != first.supersedes == ""
    assert ww.verify(kept / "dossier") == ww.verify(out / "dossier") == ()


def test_nothing_of_it_leaves(plain):
    """The table lies in inside/; no dossier holds it, and no third dossier is written."""
    out, *_ = plain

    assert (out / "inside/moved.csv").is_file()
    assert not list(out.glob("dossier/moved*")) + list(out.glob("earlier/**/moved*"))
    assert len(list(out.rglob("effects.csv"))) == 2 + 2  # two dossiers, and the exact tables at home


def test_the_same_again_changes_nothing_and_says_it_again(plain, whole):
    """A second run on the same delivery is no second quarter."""
    out, _first, _before, second, moved = plain
    there = contents(out / "dossier") | contents(out / "earlier")
    again, told = ww.renew(ASKED, ww.read(whole), out)

    assert again == second
    assert (told.digest, told.moves) == (moved.digest, moved.moves)
    assert contents(out / "dossier") | contents(out / "earlier") == there


def test_late_registrations_and_new_people_are_told_apart(whole, tmp_path):
    """Spells that were registered only later move numbers of the earlier period; the parts add up to the last digit."""
    early = delivered(whole, tmp_path / "register", lacks="person_id % 10 = 0")
    ww.renew(ASKED, ww.read(early), tmp_path / "out")
    _new, moved = ww.renew(ASKED, ww.read(whole), tmp_path / "out")
    told = [move for move in moved.moves if move.by_corrections is not None and move.by_new_people is not None]

    assert "corrections" in moved.causes
    assert any(move.by_corrections for move in told)
    assert all(round(move.by_corrections + move.by_new_people, 9) == round(move.moved, 9) for move in told)


def test_of_another_question_nothing_is_compared_and_nothing_lost(plain, whole, tmp_path):
    """The dossier that was there is kept; the new one replaces nothing."""
    out, first = tmp_path / "out", plain[-2]
    shutil.copytree(plain[0] / "dossier", out / "dossier")
    other, moved = ww.renew(replace(ASKED, outcomes=ASKED.outcomes[:1]), ww.read(whole), out)
    (kept,) = (out / "earlier").iterdir()

    assert moved is None
    assert other.supersedes == ""
    assert read(kept / "dossier") == first


def test_a_table_tells_that_it_cannot_be_cut(tmp_path):
    """One row a person has no days: what moved is told, and that nobody can say which part are new people."""
    (tmp_path / "question.toml").write_text(ON_TABLE, "utf-8")
    path = tmp_path / "people.csv"
    asked = ww.ask(tmp_path)
    rows = table().splitlines()
    more = [row.replace("p", "q", 1) for row in rows[1:]]
    path.write_text("\n".join(rows), "utf-8")
    ww.renew(asked, path, tmp_path / "out")
    path.write_text("\n".join([*rows, *more]), "utf-8")
    _new, moved = ww.renew(asked, path, tmp_path / "out")

    assert moved.as_then is None
    assert all(move.by_new_people is None for move in moved.moves)
    assert "cannot be told here" in ww.say(moved, "en")


def test_what_changed_is_said_in_both_languages(plain):
    """The days, the people of each arm, the leading numbers and their parts; and that it stays inside."""
    moved = plain[-1]
    english, dutch = ww.say(moved, "en"), report.say(moved, "nl")

    assert "The registers now run up to 30 June 2024; before, up to 31 December 2019." in english
    assert "De registers lopen nu tot en met 30 juni 2024; eerst tot en met 31 december 2019." in dutch
    assert "New people and months:" in english
    assert "Nieuwe mensen en maanden:" in dutch
    assert "stays inside" in english
    assert moved.digest[:12] in english


def test_another_engine_and_another_seed_are_said(plain):
    """A changed program can only be said: its part cannot be told apart."""
    moved = plain[-1]
    other = Moved(replace(moved.old, engine="0.0.9", seed=7), moved.as_then, moved.new, moved.digest)

    assert other.causes == ("engine", "seed", "until")
    assert "cannot be told apart" in ww.say(other, "en")
    assert "7 before, 1 now" in ww.say(other, "en")


@pytest.mark.parametrize(("more", "alike"), [(0, True), (10, True), (15, False)])
def test_two_dossiers_about_nearly_the_same_people_warn(plain, more, alike):
    """Below the threshold and what rounding hides, both together may describe a few people: that is said."""
    new = plain[-1].new
    fewer = tuple(replace(arm, n=arm.n - more) for arm in new.facts.arms)
    moved = Moved(replace(new, snapshot="0" * 64, facts=replace(new.facts, arms=fewer)), None, new, "d" * 64)

    assert moved.alike is alike
    assert ("Do not publish both" in ww.say(moved, "en")) is alike


def test_an_effect_that_opens_or_closes_has_no_difference(plain):
    """A closed effect has no number, so nothing can be subtracted from it."""
    open_ = next(e for e in plain[-1].new.effects if e.opened)
    shut = open_.closed("small_cell")

    for move in (Move(shut, shut, open_), Move(open_, open_, shut), Move(None, None, open_)):
        assert move.moved is None
        assert move.turned
    assert Move(open_, open_, open_).moved == 0.0


def test_the_table_has_a_row_an_effect(plain):
    """Old, as then and new side by side, with their differences and their counts."""
    moved = plain[-1]
    rows = list(csv.DictReader(moved_csv(moved).splitlines()))

    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(moved.moves)
    row = next(r for r in rows if r["moved"] not in ("", "0"))
    assert float(row["moved"]) == pytest.approx(float(row["new"]) - float(row["old"]))
