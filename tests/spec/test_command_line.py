"""What a person at the command line sees: sentences, exit codes, and nothing half written."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bad_input import ON_REGISTER

from watwerkt.dossier.folder import read
from watwerkt.synthetic import make, worlds, write

QUESTION = ON_REGISTER


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A small invented register and a question about it, both sound."""
    folder = tmp_path_factory.mktemp("home")
    write(make(worlds.demo(), 6_000, 1), folder / "register")
    (folder / "question.toml").write_text(QUESTION, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def answered(home):
    """The same, answered once."""
    assert run(home, "answer", "question.toml", "--register", "register", "--out", "out").returncode == 0
    return home


def run(home: Path, *arguments: str, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own; ``limit``: the largest file it may write, in bytes."""

    def small() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [sys.executable, "-c", "from watwerkt.cli import main; main()", *arguments]
    return subprocess.run(
        command, cwd=home, capture_output=True, text=True, check=False, preexec_fn=small, env={**os.environ}
    )


def left(folder: Path) -> set[str]:
    """Everything in a folder, hidden files too."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_an_answer_is_one_line_an_effect_and_the_path_of_the_page(answered):
    """Running it again answers from what is kept: the same lines, and the page's path last."""
    done = run(answered, "answer", "question.toml", "--register", "register", "--out", "out")

    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "out/page.html"
    assert "Invented data" in done.stdout
    assert (answered / "out/page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    "command",
    [
        ("check", "register"),
        ("seal", "question.toml"),
        ("why", "out"),
        ("show", "out"),
        ("verify", "out/dossier"),
        ("release", "out", "--service", "Anywhere"),
        ("--help",),
    ],
    ids=lambda c: c[0],
)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_verb_speaks(answered, command, lang):
    """Each command ends with 0 and says something, in either language where it has one."""
    speaks = command[0] in ("check", "why", "show", "release")
    done = run(answered, *command, *(("--lang", lang) if speaks else ()))

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("answer", "nowhere.toml", "--out", "x"), 3, "no question here"),
        (("answer", "question.toml", "--out", "x"), 4, "does not exist"),
        (("answer", "question.toml", "--out", "x", "--register", "nowhere"), 4, "does not exist"),
        (("check", "nowhere"), 4, "does not exist"),
        (("check", "register", "--known-on", "yesterday"), 4, "'yesterday' is not a day"),
        (
            ("answer", "question.toml", "--out", "x", "--register", "register", "--known-on", "1999-01-01"),
            5,
            "begins on",
        ),
        (("verify", "register"), 7, "does not belong in a dossier"),
        (("why", "register"), 7, "dossier"),
        (("compare", "out", "short", "nothing"), 6, "no arm 'nothing'"),
        (("release", "register"), 4, "does not exist"),
        (("reveal", "out", "--truth", "nowhere.csv"), 4, "does not exist"),
    ],
    ids=lambda a: " ".join(a) if isinstance(a, tuple) else None,
)
def test_a_mistake_has_one_sentence_and_the_code_of_its_kind(answered, arguments, code, says):
    """No traceback, no half-written folder; the sentence says what, where and what now."""
    done = run(answered, *arguments)

    assert done.returncode == code, done.stderr
    assert says in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert not (answered / "x").exists() or not left(answered / "x")


def test_a_mistake_is_told_in_dutch_too(answered):
    """--lang nl translates the sentence, not only the answer."""
    done = run(answered, "check", "nowhere", "--lang", "nl")

    assert done.returncode == 4
    assert "bestaat niet" in done.stderr


def test_limits_of_the_machine_change_no_byte(answered):
    """One core or two, little memory or much: the same tables inside, to the byte; and DuckDB writes no bar."""
    asked = ("answer", "question.toml", "--register", "register")
    done = run(answered, *asked, "--out", "limited", "--memory", "500MB", "--threads", "2")

    assert (done.returncode, done.stderr) == (0, "")
    for name in ("effects.csv", "checks.csv", "hidden.csv", "exclusions.csv"):  # with every digit
        assert (answered / "limited" / "inside" / name).read_bytes() == (
            answered / "out" / "inside" / name
        ).read_bytes()


def test_a_limit_that_cannot_be_kept_is_said(answered):
    """With an example of how to write it."""
    done = run(answered, "check", "register", "--memory", "much")

    assert (done.returncode, "'much' is no limit" in done.stderr) == (10, True)


def test_an_answer_as_known_on_a_day_says_the_day(home):
    """In its sentences, in its dossier and on its page; what was not known yet is counted."""
    asked = ("answer", "question.toml", "--register", "register", "--known-on", "2019-11-30", "--out", "then")
    done = run(home, *asked, "--lang", "nl")
    dossier = read(home / "then/dossier")
    page = (home / "then/page.html").read_text(encoding="utf-8")

    assert done.returncode == 0, done.stderr
    assert "Zoals bekend op 30 november 2019." in done.stdout
    assert dossier.facts.known_on == dossier.facts.until == "2019-11-30"
    assert "not_known_yet" in {reason for reason, _, _ in dossier.exclusions.set_aside()}
    assert "As known on" in page
    assert "--known-on</span> 2019-11-30" in page


def test_every_question_of_a_folder_is_answered_again_on_a_new_delivery(home):
    """What cannot be answered stops no other; the earlier dossier is kept, and what moved is said."""
    for name in ("good", "wrong"):
        (home / "questions" / name).mkdir(parents=True)
    (home / "questions/good/question.toml").write_text(QUESTION, "utf-8")
    (home / "questions/wrong/question.toml").write_text(QUESTION.replace("until", "untill"), "utf-8")
    asked = ("answer", "questions", "--register", "register", "--out", "answers")
    first = run(home, *asked, "--known-on", "2019-11-30", "--seed", "2")
    second = run(home, *asked)
    (kept,) = (home / "answers/good/earlier").iterdir()

    assert first.returncode == second.returncode == 3
    assert "untill" in first.stderr
    assert "Traceback" not in first.stderr + second.stderr
    assert "Compared with the earlier dossier" in second.stdout
    assert "Compared with the earlier dossier" not in first.stdout
    assert read(kept / "dossier").facts.known_on == "2019-11-30"
    assert (kept / "page.html").is_file()
    assert read(home / "answers/good/dossier").seed == 2
    assert run(home, "show", str(kept)).returncode == 0
    assert run(home, "release", "answers/good").returncode == 0
    assert read(home / "answers/good/dossier").supersedes.startswith(kept.name.rpartition("-")[2])


@pytest.mark.parametrize("limit", [0, 2_000, 60_000], ids=["nothing fits", "a little", "a part"])
def test_a_full_disk_leaves_nothing_half(home, limit, tmp_path):
    """Where a file cannot be written whole, the command says so and leaves no part of it."""
    out = tmp_path / "out"
    done = run(home, "answer", str(home / "question.toml"), "--register", "register", "--out", str(out), limit=limit)

    assert done.returncode == 8, done.stderr
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (out / "dossier").exists()
    assert not (out / "page.html").exists()
    assert not [name for name in left(tmp_path) if ".aside" in name]


def test_a_place_where_one_may_not_write_is_named(home):
    """A file where the folder should come."""
    done = run(home, "answer", "question.toml", "--register", "register", "--out", "question.toml")

    assert done.returncode == 8
    assert "question.toml" in done.stderr
    assert (home / "question.toml").read_text(encoding="utf-8") == QUESTION


def test_a_changed_dossier_is_found(answered, tmp_path):
    """One digit changed after release, and verify ends with 7."""
    shutil.copytree(answered / "out/dossier", tmp_path / "d")
    effects = tmp_path / "d/effects.csv"
    text = effects.read_text(encoding="utf-8")
    assert "0.0" in text
    effects.write_text(text.replace("0.0", "0.1", 1), encoding="utf-8")
    done = run(answered, "verify", str(tmp_path / "d"))

    assert done.returncode == 7
    assert "effects.csv: its sha256" in done.stdout
