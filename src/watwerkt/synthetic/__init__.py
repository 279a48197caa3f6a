"""Invented registers whose truth is known: ``make`` one from a world, ``write`` it, ask for its ``truth``."""

from watwerkt.synthetic.make import Register, make
from watwerkt.synthetic.presets import demo, hidden, immortal, small, tiny
from watwerkt.synthetic.tables import tables, write
from watwerkt.synthetic.world import Arm, Effect, Leaning, World

__all__ = [
    "Arm",
    "Effect",
    "Leaning",
    "Register",
    "World",
    "demo",
    "hidden",
    "immortal",
    "make",
    "small",
    "tables",
    "tiny",
    "write",
]
