"""How often `check` doubts a registration that is sound, and finds what is lost: the table of decision 0131.

    python tests/truth/breaks.py small 5000 40 clean
    python tests/truth/breaks.py small 5000 40 delivered
    python tests/truth/breaks.py demo 20000 30 clean --offices 0
    python tests/truth/breaks.py demo 20000 30 delivered --offices 0

As delivered one month of one office is lost and two offices of twelve register half of their coaching.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from watwerkt.register import read
from watwerkt.register.registered import registered
from watwerkt.synthetic import AS_DELIVERED, CLEAN, World, make, worlds, write
from watwerkt.synthetic.offices import Offices

Named = set[tuple[str, str, str]]


def planted(seed: int) -> Named:
    """What quirks took from a delivery of this seed, by kind of doubt, office and instrument ("" = every)."""
    offices = Offices.of(seed, 1 / 6)
    return {("lost", offices.lost[0], ""), *(("few", one, "coaching") for one in offices.careless_with_coaching)}


def found(world: World, people: int, seed: int, delivered: bool) -> tuple[Named, float]:
    """What is doubted in one register, and the share of cells of which nobody can say."""
    with tempfile.TemporaryDirectory() as folder:
        write(make(world, people, seed), Path(folder), AS_DELIVERED if delivered else CLEAN)
        cells, doubts = registered(read(folder))
    unjudged = sum(cell.state == "unjudged" for cell in cells) / max(len(cells), 1)
    return {(doubt.kind, doubt.office, doubt.instrument) for doubt in doubts}, unjudged


def main() -> None:
    """Print one row of the table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("world", choices=["small", "demo"])
    arguments.add_argument("people", type=int)
    arguments.add_argument("seeds", type=int)
    arguments.add_argument("what", choices=["clean", "delivered"])
    arguments.add_argument("--offices", type=float, default=None, help="how much offices differ; the world's own")
    given = arguments.parse_args()
    world: World = getattr(worlds, given.world)()
    if given.offices is not None:
        world = replace(world, offices=given.offices)
    wrong, unjudged, right = 0, 0.0, {"lost": [0, 0], "few": [0, 0]}
    for seed in range(1, given.seeds + 1):
        doubted, silent = found(world, given.people, seed, given.what == "delivered")
        truth = planted(seed) if given.what == "delivered" else set()
        wrong += bool(doubted - truth)
        unjudged += silent / given.seeds
        for kind, counts in right.items():
            counts[0] += sum(one[0] == kind for one in doubted & truth)
            counts[1] += sum(one[0] == kind for one in truth)
    counted = " | ".join(f"{n} of {of}" if of else "–" for n, of in right.values())
    print(f"| {given.world}, {given.people:,}, {given.what} | {given.seeds} | {wrong} | {counted} | {unjudged:.0%} |")


if __name__ == "__main__":
    main()
