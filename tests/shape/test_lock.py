"""The lock names versions and hashes, no address; the core stays small; the story fits on one screen."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = ["requirements.lock", "requirements-core.lock", "requirements-spark.lock"]
# Half a gigabyte, installed only where its tests run.
APART = {"spark": "requirements-spark.lock"}


def pins(lock: str) -> dict[str, list[str]]:
    """The versions of each package in a lock; more than one where they differ by Python."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address(lock: str) -> None:
    """Where packages come from is the business of the machine."""
    text = (ROOT / lock).read_text("utf-8")

    assert "://" not in text
    assert "--index" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes(lock: str) -> None:
    """Nothing is installed that was not chosen."""
    blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text("utf-8").strip())

    assert [block for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("extra", ["", *PROJECT["optional-dependencies"]])
def test_the_lock_satisfies_what_is_asked(extra: str) -> None:
    """A dependency that was added to pyproject.toml is in the lock too: `make lock`."""
    asked = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    locked = pins(APART.get(extra, "requirements.lock"))

    for requirement in map(Requirement, asked):
        versions = locked.get(canonicalize_name(requirement.name), [])
        assert versions, requirement
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_both_locks_agree() -> None:
    """The small lock is the large one without the extras."""
    large = pins("requirements.lock")

    assert {name: large.get(name) for name in pins("requirements-core.lock")} == pins("requirements-core.lock")


def test_spark_lies_apart() -> None:
    """`make env` does not install it; what both locks hold has one version."""
    large, apart = pins("requirements.lock"), pins(APART["spark"])

    assert "pyspark" in apart
    assert "pyspark" not in large
    assert {name: large[name] for name in apart if name in large} == {n: v for n, v in apart.items() if n in large}


def test_the_core_is_small() -> None:
    """Fewer than 30 packages and 500 MB, without pandas."""
    core = pins("requirements-core.lock")
    files = [file for name in core for file in installed_files(name)]

    assert len(core) < 30
    assert "pandas" not in core
    assert sum(file.size or 0 for file in files) < 500e6


def installed_files(name: str) -> list:
    """What a package has put on the disk, here; nothing where its wheel is for other machines."""
    try:
        return distribution(name).files or []
    except PackageNotFoundError:
        return []


def test_the_story_fits_on_one_screen() -> None:
    """If flow.py is longer than that, the architecture is wrong."""
    lines = (ROOT / "src" / "watwerkt" / "flow.py").read_text("utf-8").splitlines()

    assert len(lines) <= 100
