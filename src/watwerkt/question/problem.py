"""One thing that is wrong with a question, and where it stands in its file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str, ...]
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


@dataclass(frozen=True)
class Problem:
    """``path`` leads to the key, e.g. ("arms", "short", "counts_as"); ``says`` is a sentence without its full stop."""

    path: Path
    says: str


def nearest(name: str, known: Iterable[str]) -> str:
    """``; closest: 'x'`` for the closest known name; "" where none is close."""
    found = difflib.get_close_matches(name, list(known), n=1)
    return f"; closest: '{found[0]}'" if found else ""


def lines(text: str) -> dict[Path, int]:
    """The line of each key and table header of a TOML text. No parser tells; this reads headers and ``key =``."""
    found: dict[Path, int] = {}
    table: Path = ()
    counts: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _parts(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, str(counts[table]))
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *_parts(key[1])), number)
    return found


def place(path: Path, where: dict[Path, int]) -> str:
    """``arms.short.counts_as, line 14``: the line of the key, or of the closest thing around it; none for keywords."""
    name = ".".join(step for step in path if not step.isdigit())
    line = line_of(path, where)
    return f"{name}, line {line}" if line else name


def line_of(path: Path, where: dict[Path, int]) -> int:
    """The line of a key, or of the closest thing around it; 0 where there is none."""
    return next((where[path[:length]] for length in range(len(path), 0, -1) if path[:length] in where), 0)


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
