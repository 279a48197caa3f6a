"""A reviewer's afternoon: make every table of results again, and say which digit changed.

    python tests/truth/results.py [--quick] [--only FILE …] [--data FOLDER] [--scratch FOLDER]

``results.toml`` beside this file names every page with results, the command that makes it and how long that takes.
Each is made again under the scratch folder and held against what is committed: cell by cell, line by line. Dates,
minutes, commands and the columns that the registry calls timings may differ; an estimate may not. Ends with 1 if
anything changed or could not be made.
"""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).parents[2]
REGISTRY = Path(__file__).with_name("results.toml")
QUICK = 5.0  # minutes that a table may take to count as quick
VARIES = re.compile(r"\d{4}-\d{2}-\d{2}|\d+(?:[.,]\d+)? minutes?|\d+(?:[.,]\d+)? (?:CPU )?s\b")
NOTHING = "–"


@dataclass(frozen=True)
class Page:
    """A committed page with results. ``command`` makes it ("{out}" = the page, "{data}" = the reference data);
    ``minutes`` on two cores; ``printed``: it prints its tables, the page holds more; ``timings``: columns that differ
    from run to run; ``beside``: files that the same command makes; ``needs``: a path without which it cannot be made.
    """

    file: str
    command: str
    minutes: float
    printed: bool = False
    timings: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    needs: str = ""


@dataclass(frozen=True)
class Change:
    """One figure or line that is not what it was: where it stands, what is committed and what was made now."""

    file: str
    row: str
    column: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.file}, {self.row}, {self.column}: {self.was} → {self.now}"


@dataclass(frozen=True)
class Table:
    """A Markdown table: its head and its rows, cells as they are written."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


# ---- the registry ----------------------------------------------------------------------------------------------------


def registered(registry: Path = REGISTRY) -> tuple[Page, ...]:
    """Every page with results."""
    read = tomllib.loads(registry.read_text("utf-8"))["page"]
    return tuple(Page(**{k: tuple(v) if isinstance(v, list) else v for k, v in one.items()}) for one in read)


def left_out(registry: Path = REGISTRY) -> dict[str, str]:
    """Pages (or folders, with a slash) with tables that hold no results, and why not."""
    return {one["file"]: one["why"] for one in tomllib.loads(registry.read_text("utf-8"))["left_out"]}


# ---- what changed ----------------------------------------------------------------------------------------------------


def changes(page: Page, committed: str, made: str) -> list[Change]:
    """Every cell of a table, and unless only tables are printed every other line, that is not as committed."""
    was, now = split(committed), split(made)
    found = [c for pair in zip_longest(was[0], now[0]) for c in _of_tables(page, *pair)]
    return found if page.printed else found + list(_of_lines(page.file, was[1], now[1]))


def split(text: str) -> tuple[list[Table], list[str]]:
    """The tables of a page, and its other lines without what may vary."""
    tables, lines, block = [], [], []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            block.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            continue
        if len(block) > 1:
            tables.append(Table(block[0], tuple(block[2:])))
        block = []
        if line.strip() and not line.startswith("    "):  # indented: a command, which the registry holds
            lines.append(VARIES.sub("…", line.strip()))
    return tables, lines


def _of_tables(page: Page, was: Table | None, now: Table | None) -> Iterator[Change]:
    if was is None or now is None:
        there = was or now
        assert there is not None
        yield Change(page.file, "table " + " ".join(there.head), "whole", *_there(was is not None))
        return
    if was.head != now.head:
        yield Change(page.file, "head", "whole", " | ".join(was.head), " | ".join(now.head))
    named = [_named(was.rows), _named(now.rows)]
    alike = len(was.rows) == len(now.rows)
    pairs = list(zip(*named, strict=True)) if alike else [((n, r), (n, dict(named[1]).get(n))) for n, r in named[0]]
    for (name, before), (_, after) in pairs:
        if after is None:
            yield Change(page.file, name, "whole row", *_there(True))
        else:
            yield from _of_cells(page, name, was.head, (before, after))
    if not alike:
        gone = {n for n, _ in named[0]}
        yield from (Change(page.file, n, "whole row", *_there(False)) for n, _ in named[1] if n not in gone)


def _of_cells(page: Page, row: str, head: tuple[str, ...], pair: tuple[tuple[str, ...], ...]) -> Iterator[Change]:
    for column, before, after in zip_longest(head, *pair, fillvalue=NOTHING):
        if before != after and column not in page.timings:
            yield Change(page.file, row, column or "first column", before or NOTHING, after or NOTHING)


def _named(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    """Rows with a name: the cells in front of the first figure, numbered where two are called the same."""
    named: dict[str, tuple[str, ...]] = {}
    for row in rows:
        words = []
        for cell in row:
            if words and re.search(r"\d", cell):
                break
            words.append(cell)
        name = base = "row " + (" ".join(w for w in words if w) or "1")
        count = 1
        while name in named:
            count += 1
            name = f"{base} ({count})"
        named[name] = row
    return list(named.items())


def _of_lines(file: str, was: list[str], now: list[str]) -> Iterator[Change]:
    """Lines that are no table, matched as a whole."""
    for tag, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag != "equal":
            for before, after in zip_longest(was[i:j], now[k:m], fillvalue=NOTHING):
                yield Change(file, f"line {i + 1}", "text", before, after)


def _there(committed: bool) -> tuple[str, str]:
    return ("committed", "not made") if committed else ("not committed", "made")


def plain(text: str, file: str) -> str:
    """A page of HTML or an SVG as lines of words; anything else as it is."""
    if not file.endswith((".html", ".svg")):
        return text
    body = re.sub(r"<(script|style).*?</\1>", "", text, flags=re.S)
    if file.endswith(".svg"):
        return body.replace("><", ">\n<")
    return unescape(re.sub(r"<[^>]+>", "\n", body))


# ---- making them again -----------------------------------------------------------------------------------------------


def again(page: Page, scratch: Path, data: Path) -> list[Change]:
    """Make a page in the scratch folder and say what changed. Raises RuntimeError when it cannot be made."""
    if page.needs and not (ROOT / page.needs.format(data=data)).exists():
        raise RuntimeError(f"needs {page.needs.format(data=data)}")
    out = scratch / page.file
    out.parent.mkdir(parents=True, exist_ok=True)
    words = shlex.split(page.command.format(out=out, data=data))
    run = subprocess.run([sys.executable, *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(run.stderr.strip().splitlines()[-1] if run.stderr.strip() else f"ended {run.returncode}")
    if page.printed:
        out.write_text(run.stdout, encoding="utf-8")
    found = []
    for file in (page.file, *page.beside):
        texts = [plain((folder / file).read_text("utf-8"), file) for folder in (ROOT, scratch)]
        one = page if file == page.file else Page(file, page.command, page.minutes)
        found += changes(one, *texts)
    return found


def main() -> int:
    """Make them, say what changed; 1 if anything did."""
    arguments = argparse.ArgumentParser(description="Make every table of results again; say which digit changed.")
    arguments.add_argument("--quick", action="store_true", help=f"only those that take {QUICK:.0f} minutes or less")
    arguments.add_argument("--only", nargs="*", default=[], help="only these pages")
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"), help="the reference data")
    arguments.add_argument("--scratch", type=Path, default=None, help="where to make them; default: a new folder")
    given = arguments.parse_args()
    scratch = given.scratch or Path(tempfile.mkdtemp(prefix="results-"))
    pages = [p for p in registered() if not given.only or p.file in given.only]
    pages = [p for p in pages if not given.quick or p.minutes <= QUICK]
    print(f"{len(pages)} pages, some {sum(p.minutes for p in pages):.0f} minutes, into {scratch}", flush=True)
    wrong = 0
    for page in pages:
        began = time.time()
        try:
            found = again(page, scratch, given.data)
        except RuntimeError as refused:
            print(f"{page.file}: not made, {refused}", flush=True)
            wrong += 1
            continue
        took = f"{(time.time() - began) / 60:.1f} minutes"
        print(f"{page.file}: {f'{len(found)} changed' if found else 'every digit as committed'}, {took}", flush=True)
        for change in found:
            print(f"  {change}", flush=True)
        wrong += bool(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
