"""Fill the last column of ARCHITECTURE.md's table of folders from the tree.

What a folder is for is written by hand; what lies in it is read here. A folder without a row gets one that asks for
its line. tests/shape/test_tree.py holds the table against the tree.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "watwerkt"
PAGE = ROOT / "ARCHITECTURE.md"
ROW = re.compile(r"\| *`(?P<name>\w+(?:/|\.py))` *\|(?P<caption>.*)\|[^|]*\| *")


def contents(folder: Path) -> list[str]:
    """The modules of a folder by their bare names, then its folders."""
    modules = [path.stem for path in folder.glob("*.py") if path.name != "__init__.py"]
    folders = [path.name + "/" for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"]
    return sorted(modules) + sorted(folders)


def row(name: str, caption: str) -> str:
    """One row of the table."""
    listed = contents(SOURCE / name) if name.endswith("/") else []
    return f"| `{name}` | {caption} | {' '.join(f'`{entry}`' for entry in listed)} |"


def main() -> None:
    """Rewrite the rows that are there, and add those that are missing below them."""
    expected = [name if name.endswith("/") else f"{name}.py" for name in contents(SOURCE)]
    written, seen, last = [], set(), 0
    for line in PAGE.read_text("utf-8").splitlines():
        found = ROW.fullmatch(line)
        if found and found["name"] not in expected:
            continue
        if found:
            line = row(found["name"], found["caption"].strip())
            seen.add(found["name"])
            last = len(written) + 1
        written.append(line)
    written[last:last] = [row(name, "what for?") for name in expected if name not in seen]
    PAGE.write_text("\n".join(written) + "\n", "utf-8")


if __name__ == "__main__":
    main()
