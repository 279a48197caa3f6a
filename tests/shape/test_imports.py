"""Imports go one way: the contracts of pyproject.toml hold, and each is proved by a violation that it catches."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "watwerkt"
LINTER = Path(sys.executable).with_name("lint-imports")

LAYERS = [
    ("errors", "vocabulary"),
    ("vocabulary", "dossier"),
    ("vocabulary", "_numerics"),
    ("dossier", "_numerics"),
    ("_numerics", "dossier"),
    ("dossier", "register"),
    ("_numerics", "register"),
    ("register", "question"),
    ("question", "sample"),
    ("sample", "effects"),
    ("effects", "door"),
    ("effects", "report"),
    ("effects", "inside"),
    ("door", "report"),
    ("report", "door"),
    ("door", "inside"),
    ("inside", "door"),
    ("inside", "report"),
    ("report", "flow"),
    ("door", "synthetic"),
    ("flow", "synthetic"),
    ("synthetic", "flow"),
    ("flow", "later"),
    ("synthetic", "later"),
    ("later", "cli"),
    ("flow", "cli"),
    ("synthetic", "cli"),
]
PERSONS = ["register", "sample", "effects", "question", "door", "inside", "synthetic", "_numerics"]
READERS = [(reader, stage) for reader in ("report", "dossier") for stage in PERSONS]
WORDLESS = [(stage, "report") for stage in ("door", "inside", "effects", "sample", "register", "question")]
DOOR = [(stage, "door") for stage in ("report", "effects", "synthetic", "later", "cli")]
INSIDE = [(stage, "inside") for stage in ("door", "report", "effects", "synthetic")]
SYNTHETIC = [(stage, "synthetic") for stage in ("flow", "report", "sample")]
PLAIN = ["dossier", "vocabulary", "errors"]


def contracts() -> dict[str, dict]:
    """The contracts of pyproject.toml by their id."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def lint(folder: Path, *rules: str) -> subprocess.CompletedProcess[str]:
    """What the linter says of the tree in a folder, under all rules or only some."""
    chosen = [argument for rule in rules for argument in ("--contract", rule)]
    return subprocess.run(
        [LINTER, "--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo", *chosen],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the tree in which a test may do wrong."""
    shutil.copytree(SOURCE, tmp_path / "src" / "watwerkt", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def plant(folder: Path, stage: str, line: str, name: str = "planted") -> str:
    """Puts an import into a stage; returns the module that holds it."""
    module = folder / "src" / "watwerkt" / f"{stage}.py"
    if module.exists():
        module.write_text(f"{module.read_text('utf-8')}\n{line}\n", "utf-8")
        return f"watwerkt.{stage}"
    (module.with_suffix("") / f"{name}.py").write_text(f"{line}\n", "utf-8")
    return f"watwerkt.{stage}.{name}"


def assert_caught(folder: Path, rule: str, *evidence: str) -> None:
    """The linter breaks this rule and names the violation."""
    said = lint(folder, rule)

    assert said.returncode == 1, said.stdout + said.stderr
    assert f"{contracts()[rule]['name']} BROKEN" in said.stdout
    for words in evidence:
        assert words in said.stdout


def test_the_tree_keeps_every_contract() -> None:
    """All rules hold, and none is switched off by an ignored import."""
    said = lint(ROOT)

    assert said.returncode == 0, said.stdout + said.stderr
    assert f"Contracts: {len(contracts())} kept, 0 broken." in said.stdout
    assert not [rule for rule, contract in contracts().items() if "ignore_imports" in contract]


@pytest.mark.parametrize(
    ("rule", "stage", "imported"),
    [
        *[pytest.param("layers", *pair, id=f"layers-{pair[0]}-{pair[1]}") for pair in LAYERS],
        *[pytest.param("readers", *pair, id=f"readers-{pair[0]}-{pair[1]}") for pair in READERS],
        *[pytest.param("persons", *pair, id=f"persons-{pair[0]}-{pair[1]}") for pair in WORDLESS],
        *[pytest.param("door", *pair, id=f"door-{pair[0]}") for pair in DOOR],
        *[pytest.param("inside", *pair, id=f"inside-{pair[0]}") for pair in INSIDE],
        *[pytest.param("synthetic", *pair, id=f"synthetic-{pair[0]}") for pair in SYNTHETIC],
    ],
)
def test_an_import_the_wrong_way_is_caught(copy: Path, rule: str, stage: str, imported: str) -> None:
    """Each pair of stages that must not meet is caught when it does."""
    module = plant(copy, stage, f"import watwerkt.{imported}")

    assert_caught(copy, rule, f"{module} -> watwerkt.{imported}")


@pytest.mark.parametrize("stage", PLAIN)
def test_what_travels_imports_no_package(copy: Path, stage: str) -> None:
    """Each forbidden package is caught in each of the three that use the standard library only."""
    packages = contracts()["plain"]["forbidden_modules"]
    module = plant(copy, stage, "\n".join(f"import {package}" for package in packages))

    assert_caught(copy, "plain", *[f"{module} -> {package} " for package in packages])


def test_a_folder_without_a_layer_is_caught(copy: Path) -> None:
    """A new folder or module must say where it stands before it may exist."""
    (copy / "src" / "watwerkt" / "stray.py").write_text("", "utf-8")

    assert_caught(copy, "layers", "watwerkt.stray")


def test_a_circle_is_caught(copy: Path) -> None:
    """Two modules of one folder that import each other."""
    plant(copy, "dossier", "import watwerkt.dossier.second", "first")
    plant(copy, "dossier", "import watwerkt.dossier.first", "second")

    assert_caught(copy, "acyclic", "first", "second")


def test_every_contract_has_its_violation() -> None:
    """A rule that no test can break is not a rule: a new contract needs its planted violation here."""
    assert set(contracts()) == {"layers", "readers", "persons", "plain", "door", "inside", "synthetic", "acyclic"}


def imported_by(stage: str) -> Iterator[str]:
    """The first names of all absolute imports of a stage, also those within functions."""
    path = SOURCE / stage
    for module in sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield str(node.module).split(".")[0]


@pytest.mark.parametrize("stage", PLAIN)
def test_what_travels_needs_the_standard_library_only(stage: str) -> None:
    """The contract can only name packages we know; this holds for those we do not."""
    assert set(imported_by(stage)) - {"watwerkt"} <= sys.stdlib_module_names
