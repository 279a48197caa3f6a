"""The dossier's text is the same bytes: after kills, on any number of threads, from rows in any order."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from bad_input import ON_REGISTER

from watwerkt.dossier.folder import read_texts
from watwerkt.dossier.text import digest
from watwerkt.synthetic import make, worlds, write

KILLS = 20


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An invented register and a question."""
    folder = tmp_path_factory.mktemp("home")
    write(make(worlds.demo(), 6_000, 1), folder / "register")
    (folder / "question.toml").write_text(ON_REGISTER, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(home):
    """The digest of an undisturbed run, and how long it took."""
    began = time.monotonic()
    start(home, "whole").wait()
    return told(home / "whole"), time.monotonic() - began


def start(home: Path, out: str, register: str = "register", **environment: str) -> subprocess.Popen[bytes]:
    """The command as a process."""
    command = [sys.executable, "-c", "from watwerkt.cli import main; main()", "answer", "question.toml"]
    return subprocess.Popen(
        [*command, "--register", register, "--out", out],
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )


def told(out: Path) -> str:
    """sha256 of the dossier."""
    return digest(read_texts(out / "dossier"))


def test_killed_twenty_times_and_resumed_it_is_the_same_dossier(home, whole):
    """A kill at any moment leaves nothing half: the run after it goes on and ends with the same bytes."""
    expected, seconds = whole
    luck = random.Random(20261124)
    killed = 0
    while killed < KILLS:
        process = start(home, "killed")
        try:
            process.wait(timeout=luck.uniform(0.05, 1.0) * seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        killed += 1
        if (home / "killed/dossier").exists():
            assert told(home / "killed") == expected
    assert start(home, "killed").wait() == 0

    assert told(home / "killed") == expected


@pytest.mark.parametrize("threads", ["1", "2", "4"])
def test_the_number_of_threads_changes_no_byte(home, whole, threads):
    """BLAS sums in another order on more threads; an answer holds it to one."""
    assert start(home, f"t{threads}", OPENBLAS_NUM_THREADS=threads, OMP_NUM_THREADS=threads).wait() == 0

    assert told(home / f"t{threads}") == whole[0]


def test_rows_in_another_order_change_no_byte(home, whole):
    """Every table shuffled, and one as CSV: the same register, the same dossier."""
    other = home / "other"
    other.mkdir()
    for path in (home / "register").iterdir():
        if path.suffix == ".toml":
            (other / path.name).write_bytes(path.read_bytes())
        else:
            ending = "csv" if path.stem == "provision" else "parquet"
            how = "HEADER, DELIMITER ','" if ending == "csv" else "FORMAT parquet"
            shuffled = f"SELECT * FROM '{path}' ORDER BY md5(concat_ws('|', COLUMNS(*)::VARCHAR))"
            duckdb.sql(f"COPY ({shuffled}) TO '{other / path.stem}.{ending}' ({how})")
    assert start(home, "shuffled", "other").wait() == 0

    assert told(home / "shuffled") == whole[0]
