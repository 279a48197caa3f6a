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
    """`` ; did you mean 'x'?`` for the closest known name; "" where none is close."""
    found = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean '{found[0]}'?" if found else ""


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
    for length in range(len(path), 0, -1):
        if path[:length] in where:
            return f"{'.'.join(path)}, line {where[path[:length]]}"
    return ".".join(path)


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
