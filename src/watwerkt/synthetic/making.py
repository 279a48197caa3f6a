"""Making a register of invented people, in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from watwerkt.synthetic.life import Chances, Life, Moment, live
from watwerkt.synthetic.people import People, invent
from watwerkt.synthetic.world import World


@dataclass(frozen=True, eq=False)
class Register:
    """An invented register: the world and seed that it came from, its people, and what became of them."""

    world: World
    seed: int
    people: People
    life: Life


def make(world: World, people: int | None = None, seed: int = 1) -> Register:
    """So many people (default: the world's own number) and their lives until the register ends."""
    n = world.people if people is None else people
    who, luck = (np.random.default_rng([seed, stream]) for stream in (1, 2))
    invented = invent(world, n, who)
    chances = Chances.draw(n, len(world.arms), luck)
    return Register(world, seed, invented, live(world, invented, chances, Moment.of_entry(n)))
