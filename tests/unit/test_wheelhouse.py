"""The folder that installs without internet: the right pins for another machine, its licences, its checks."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("wheelhouse_make", ROOT / "wheelhouse" / "make.py")
house = importlib.util.module_from_spec(SPEC)
sys.modules[SPEC.name] = house  # dataclasses look their module up
SPEC.loader.exec_module(house)


def wheel(folder: Path, name: str, *lines: str) -> Path:
    """A wheel that holds nothing but what it says about itself."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with ZipFile(path, "w") as zipped:
        head = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n"
        zipped.writestr(f"{name}-1.0.dist-info/METADATA", head + "".join(f"{line}\n" for line in lines))
        zipped.writestr(f"{name}-1.0.dist-info/licenses/LICENSE", "text")
    return path


# ---- which pins ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_pins_are_those_of_the_python_that_the_folder_is_for(python):
    """The lock has two versions of numpy: which applies is no business of the Python that makes the folder."""
    pins = house.read_lock(house.CORE)
    of = {pin.version: pin.marker for pin in pins if pin.name == "numpy"}
    chosen = house.applying(pins, house.target("win_amd64", python))["numpy"]

    assert len(of) == 2
    assert ("<" in of[chosen.version]) == (python == "3.11")


@pytest.mark.parametrize(("platform", "there"), [("win_amd64", True), ("linux_x86_64", False), ("macosx_arm64", False)])
def test_what_only_windows_needs_is_only_in_its_folder(platform, there):
    """Markers are those of the platform the folder is for: colorama is pinned for Windows alone."""
    assert ("colorama" in house.applying(house.read_lock(house.ALL), house.target(platform, "3.12"))) is there


def test_the_whole_core_lock_applies_somewhere():
    """No pin of the core is left out of every folder."""
    pins = house.read_lock(house.CORE)
    versions = re.findall(r"^([\w.-]+)==", house.CORE.read_text("utf-8"), re.MULTILINE)

    assert [pin.name for pin in pins] == versions
    assert all(pin.hashes for pin in pins)
    assert set(house.applying(pins, house.target("", ""))) == set(versions)


def test_a_platform_or_an_extra_that_is_not_known_is_named():
    """One sentence, with what there is."""
    with pytest.raises(house.Unavailable, match="win_amd64"):
        house.target("amiga", "3.12")
    with pytest.raises(house.Unavailable, match="demo"):
        house.asked(("everything",), house.target("", ""))


def test_an_extra_brings_what_it_asks_for():
    """Extras are read from pyproject.toml."""
    assert house.asked(("files",), house.target("", "")) == {"pyreadstat"}
    assert house.asked((), house.target("", "")) == set()


def test_what_a_wheel_needs_depends_on_the_machine(tmp_path):
    """A need under a marker counts where the marker holds; an extra's need does not count."""
    path = wheel(
        tmp_path, "thing", "Requires-Dist: colorama; sys_platform == 'win32'", "Requires-Dist: pandas; extra == 'all'"
    )

    assert house.needs(path, house.target("win_amd64", "3.12")) == {"colorama"}
    assert house.needs(path, house.target("linux_x86_64", "3.12")) == set()


# ---- what lies beside them -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("License-Expression: MIT", "Classifier: License :: OSI Approved :: BSD License"), "MIT"),
        (("Classifier: License :: OSI Approved :: BSD License",), "BSD License"),
        (("License: Apache 2",), "Apache 2"),
        ((), "not stated"),
    ],
    ids=str,
)
def test_a_licence_is_what_the_package_says(tmp_path, lines, said):
    """The expression first; where nothing is stated, that is said."""
    assert house.licence(house.metadata(wheel(tmp_path, "thing", *lines))) == said


def test_the_list_of_licences_has_every_wheel_with_its_texts_and_hash(tmp_path):
    """Name, version, licence, where its text is, home page, file, sha256."""
    wheels = {n: wheel(tmp_path, n, "Project-URL: Homepage, https://example.org/" + n) for n in ("one", "two")}
    rows = [line.split(",") for line in house.licences(wheels).splitlines()]

    assert rows[0] == list(house.LICENCES)
    assert [row[0] for row in rows[1:]] == ["one", "two"]
    assert rows[1][3:5] == ["one-1.0.dist-info/licenses/LICENSE", "https://example.org/one"]
    assert rows[1][6] == house.sha256(wheels["one"])


# ---- the check before installing -----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """A small folder as `make wheelhouse` leaves it, for this machine."""
    (tmp_path / "wheels").mkdir()
    wheel(tmp_path / "wheels", "thing")
    to = house.target("", "")
    text = (house.TEXTS / "check.py").read_text("utf-8")
    (tmp_path / "check.py").write_text(text.replace("{platform}", to.platform).replace("{python}", to.python), "utf-8")
    (tmp_path / "SHA256SUMS").write_text(house.checksums(tmp_path), "utf-8")
    return tmp_path


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    """What check.py says of a folder."""
    return subprocess.run([sys.executable, str(folder / "check.py")], capture_output=True, text=True, check=False)


def test_a_folder_as_it_was_sent_passes(folder):
    """Nothing is said where nothing is wrong."""
    done = checked(folder)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def _renamed(folder: Path) -> None:
    text = (folder / "check.py").read_text("utf-8")
    (folder / "check.py").write_text(re.sub(r'FOR_PLATFORM = ".*?"', 'FOR_PLATFORM = "2.7"', text), "utf-8")


WRONG = {
    "is not the file that was sent": lambda f: next((f / "wheels").iterdir()).write_bytes(b"another"),
    "is not there": lambda f: next((f / "wheels").iterdir()).unlink(),
    "was not sent": lambda f: shutil.copy(next((f / "wheels").iterdir()), f / "wheels" / "more.whl"),
    "is for Python 2.7": _renamed,
}


@pytest.mark.parametrize("said", WRONG)
def test_a_folder_that_was_changed_is_refused_in_two_languages(folder, said):
    """A wheel that was changed, taken away or put beside; another Python."""
    WRONG[said](folder)
    done = checked(folder)

    assert done.returncode == 1
    assert said in done.stderr
    assert any(word in done.stderr for word in ("niet", "ontbreekt", "voor Python"))
