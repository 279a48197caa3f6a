"""Invented registers whose truth is known: ``make`` one from a world, ``write`` it, ask for the world's ``truth``."""

from watwerkt.synthetic import worlds
from watwerkt.synthetic.futures import Truth, truth
from watwerkt.synthetic.making import Register, make, make_chunk
from watwerkt.synthetic.tables import write
from watwerkt.synthetic.world import Arm, Effect, Leaning, Policy, Swing, World, planted

__all__ = [
    "Arm",
    "Effect",
    "Leaning",
    "Policy",
    "Register",
    "Swing",
    "Truth",
    "World",
    "make",
    "make_chunk",
    "planted",
    "truth",
    "worlds",
    "write",
]
