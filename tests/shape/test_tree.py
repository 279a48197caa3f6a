"""ARCHITECTURE.md's table of folders equals the tree of src/watwerkt, both ways.

A row of that table is `| `sample/` | what it does | `draw` `follow` … |`: a folder or module of the package, one line
about it, and for a folder the names of all modules and folders directly in it.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "watwerkt"


def rows() -> dict[str, tuple[str, set[str]]]:
    """Each row of the table: what is said of a folder or module, and the names in its last column."""
    found = {}
    for line in (ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines():
        row = re.match(r"\| *`([\w]+(?:/|\.py))` *\|(.*)\|([^|]*)\| *$", line)
        if row:
            name, caption, modules = row.groups()
            assert name not in found, f"{name} has two rows"
            found[name] = caption.strip(), set(re.findall(r"`([\w/.]+)`", modules))
    return found


def inside(folder: Path) -> set[str]:
    """The modules and folders directly in a folder, a module by its bare name; private ones included."""
    modules = {path.stem for path in folder.glob("*.py") if path.name != "__init__.py"}
    folders = {path.name + "/" for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"}
    return modules | folders


def test_every_folder_and_module_has_its_row() -> None:
    """Nothing in the package goes unmentioned, and nothing is mentioned that is gone."""
    tree = {name if name.endswith("/") else f"{name}.py" for name in inside(SOURCE)}

    assert set(rows()) == tree


def test_every_row_says_something() -> None:
    """A name alone explains nothing."""
    assert [name for name, (caption, _) in rows().items() if len(caption.split()) < 3] == []


@pytest.mark.parametrize("folder", sorted(path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()))
def test_a_row_names_the_modules_of_its_folder(folder: str) -> None:
    """The last column of a folder's row is the folder's contents."""
    _, named = rows()[f"{folder}/"]

    assert named == inside(SOURCE / folder)
