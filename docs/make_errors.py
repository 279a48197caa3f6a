"""Write docs/errors.md: every broken input of tests/bad_input.py, what is said about it, and what to do."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from bad_input import DELIVERIES, QUESTIONS, REGISTERS, TABLES, Case, Edit, said  # noqa: E402 - the tests lie beside docs
from bad_registers import BROKEN  # noqa: E402

HEAD = """\
# What can be wrong, and what to do

Made by `make docs` from `tests/bad_input.py`: each line is a sound question with one mistake planted in it, and the
sentence that follows. A mistake ends the command with the exit code of its kind and leaves nothing half written.
"""
SECTIONS = {
    "The question": QUESTIONS,
    "The question's own table": TABLES,
    "A register": (*REGISTERS, *BROKEN),
    "A delivery": DELIVERIES,
}
SHORT, LONG = 3, 60


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(part for title, cases in SECTIONS.items() for part in section(title, cases))])


def section(title: str, cases: tuple[Case, ...]) -> Iterator[str]:
    """A heading and a table."""
    yield f"## {title}\n"
    yield "| what is wrong | what is said | what to do | exit code |"
    yield "|---|---|---|---|"
    yield from map(row, cases)
    yield ""


def row(case: Case) -> str:
    """One case: wrong, message, right."""
    with tempfile.TemporaryDirectory() as folder:
        error = said(case, Path(folder))
    assert type(error) is case.error, case.planted
    facts = error.facts()
    wrong, right = example(case.edits)
    cells = (
        f"{case.planted}{wrong}",
        f"{error.what.format(**facts)} ({error.where})",
        f"{right}{error.now.format(**facts)}",
        str(error.code),
    )
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def example(edits: tuple[Edit, ...]) -> tuple[str, str]:
    """The planted text and what stood there before, where both fit on a line."""
    if len(edits) != 1 or not edits[0].old or edits[0].new is None:
        return "", ""
    texts = (edits[0].new, edits[0].old)
    if any("\n" in text or not SHORT <= len(text.strip()) <= LONG for text in texts):
        return "", ""
    return f": `{texts[0]}`", f"`{texts[1]}` was right. "


if __name__ == "__main__":
    (HERE / "errors.md").write_text(page(), encoding="utf-8")
