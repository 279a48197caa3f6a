"""Without internet: installed from one folder and run where no other machine can be reached."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
REACH = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5)"


def cut_off() -> list[str]:
    """The command that runs another in a network without routes; skips where that is not allowed."""
    if shutil.which("unshare"):
        for command in (["unshare", "-n"], ["unshare", "-r", "-n"]):
            if subprocess.run([*command, "true"], check=False, capture_output=True).returncode == 0:
                return command
    pytest.skip("no network namespace may be made here (unshare -n)")


def run(*command: object, cwd: Path, ok: bool = True) -> subprocess.CompletedProcess[str]:
    """A command in a bare environment: no PYTHONPATH, no settings of pip."""
    env = ENVIRONMENT | {"HOME": str(cwd)}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert not ok or done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The folder of `make wheelhouse`; skips where there is no index to make it from. 150 MB, thrown away."""
    home = tmp_path_factory.mktemp("house")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--retries", "0", "threadpoolctl"]
    if subprocess.run([*pip, "-d", str(home / "one")], check=False, capture_output=True).returncode:
        pytest.skip("no package index can be reached to fill the folder from")
    make = [sys.executable, str(ROOT / "wheelhouse" / "make.py"), "--out", str(home / "house")]
    made = subprocess.run(make, check=False, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    yield home / "house"
    shutil.rmtree(home)


def test_installed_and_run_where_nothing_can_be_reached(house, tmp_path):
    """Install, invent, check, answer, page, verify: all of it in a network without routes, with what was installed."""
    closed = cut_off()
    with socket.create_server(("127.0.0.1", 0)) as here:
        port = here.getsockname()[1]
        reached = run(sys.executable, "-c", REACH, "127.0.0.1", port, cwd=tmp_path)
        refused = [run(*closed, sys.executable, "-c", REACH, *a, cwd=tmp_path, ok=False) for a in (
            ("127.0.0.1", port), ("192.0.2.1", 80))]  # fmt: skip
    assert reached.returncode == 0
    assert all("unreachable" in one.stderr for one in refused)

    place = tmp_path / "place"
    run(*closed, "env", f"PYTHON={sys.executable}", "sh", house / "install.sh", place, cwd=tmp_path)
    watwerkt = [*closed, place / "bin" / "watwerkt"]
    where = run(*closed, place / "bin" / "python", "-c", "import watwerkt; print(watwerkt.__file__)", cwd=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(place)

    run(*watwerkt, "demo", "demo", "--people", 3000, "--no-tables", cwd=tmp_path)
    said = run(*watwerkt, "check", "demo/register", "--lang", "nl", cwd=tmp_path)
    assert "verzonnen" in said.stdout.lower()
    question = house / "questions" / "short-or-long"
    said = run(*watwerkt, "answer", question, "--register", "demo/register", "--out", "out", cwd=tmp_path)
    assert said.stdout.splitlines()[-1] == "out/page.html"
    assert (tmp_path / "out" / "inside" / "control.html").is_file()
    assert "<html" in (tmp_path / "out" / "page.html").read_text("utf-8")
    assert run(*watwerkt, "verify", "out/dossier", cwd=tmp_path).stdout.strip().endswith("may travel")
    assert len(list((tmp_path / "out" / "dossier").iterdir())) == 7
    shutil.rmtree(place)


def test_a_folder_with_another_wheel_installs_nothing(house, tmp_path):
    """One changed byte is found before anything is made; and pip itself knows the hash, should nobody have looked."""
    wheel = next((house / "wheels").glob("threadpoolctl-*.whl"))
    sent = wheel.read_bytes()
    wheel.write_bytes(sent + b"\0")
    try:
        script = run("env", f"PYTHON={sys.executable}", "sh", house / "install.sh", "place", cwd=tmp_path, ok=False)
        lines = (house / "requirements.txt").read_text("utf-8").splitlines()
        (tmp_path / "one.txt").write_text(next(line for line in lines if "threadpoolctl" in line), "utf-8")
        pip = [sys.executable, "-m", "pip", "install", "--isolated", "--no-index", "--no-deps", "--target", "place"]
        pip += ["--find-links", house / "wheels", "--require-hashes", "-r", "one.txt"]
        refused = run(*pip, cwd=tmp_path, ok=False)
    finally:
        wheel.write_bytes(sent)

    assert (script.returncode, refused.returncode) == (1, 1)
    assert "is not the file that was sent" in script.stderr
    assert "DO NOT MATCH" in refused.stderr
    assert not (tmp_path / "place").exists()
