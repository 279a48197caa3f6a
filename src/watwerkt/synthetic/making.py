"""Making a register of invented people in memory: whole, or chunk by chunk when they are too many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from watwerkt.synthetic.life import Chances, Life, Moment, live
from watwerkt.synthetic.people import People, invent
from watwerkt.synthetic.world import World


@dataclass(frozen=True, eq=False)
class Register:
    """An invented register, or one chunk of it: its world and seed, its people, and what became of them."""

    world: World
    seed: int
    people: People
    life: Life
    chunk: int = 0


def make(world: World, people: int | None = None, seed: int = 1) -> Register:
    """So many people (default: the world's own number) and their lives until the register ends, all at once."""
    return make_chunk(world, 0, world.people if people is None else people, seed)


def make_chunk(world: World, chunk: int, people: int, seed: int = 1) -> Register:
    """So many people, who are the same whatever other chunks there are and whether those are made.

    Memory is that of these people alone, some 2 kB each.
    """
    who, luck = (np.random.default_rng([seed, stream, chunk]) for stream in (1, 2))
    invented = invent(world, people, who)
    chances = Chances.draw(people, len(world.arms), luck)
    return Register(world, seed, invented, live(world, invented, chances, Moment.of_entry(people)), chunk)
