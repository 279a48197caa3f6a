"""What is kept at home: whole or not at all, found again by what it depends on."""

from __future__ import annotations

import resource

import pytest

from watwerkt import inside
from watwerkt.errors import MissingFile, OutputError


def test_a_finished_stage_is_not_made_again(tmp_path):
    """The second run takes what the first made of the same things; other things are another stage."""
    made = []

    def make():
        made.append(1)
        return "made"

    assert [inside.stage(tmp_path, "drawn", inside.key(x), make) for x in (1, 1, 2)] == ["made"] * 3
    assert len(made) == 2


def test_without_a_folder_nothing_is_kept(tmp_path):
    """A notebook's answer leaves no file."""
    assert inside.stage(None, "drawn", "key", lambda: 1) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_does_not_fit_leaves_the_old_one(tmp_path):
    """Where a disk is full the file that was there stays, and nothing lies beside it."""
    path = inside.save(tmp_path / "page.html", "old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(OutputError, match="cannot be written"):
            inside.save(path, "new" * 10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]
    assert path.read_text(encoding="utf-8") == "old"


def test_a_folder_that_holds_no_answer_is_named(tmp_path):
    """There is nothing to release or compare where nothing was answered."""
    with pytest.raises(MissingFile, match=r"ledger\.json"):
        inside.latest(tmp_path)
