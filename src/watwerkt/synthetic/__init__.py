"""Invented registers whose truth is known: ``make`` one from a world, ``write`` it, ask for the world's ``truth``."""

from watwerkt.synthetic import worlds
from watwerkt.synthetic.delivery import Delivery, deliver, write
from watwerkt.synthetic.futures import Truth, truth
from watwerkt.synthetic.making import Register, make, make_chunk
from watwerkt.synthetic.planting import Quirks
from watwerkt.synthetic.quirks import AS_DELIVERED, CLEAN
from watwerkt.synthetic.world import Arm, Effect, Leaning, Policy, Swing, World, planted

__all__ = [
    "AS_DELIVERED", "CLEAN", "Arm", "Delivery", "Effect", "Leaning", "Policy", "Quirks", "Register", "Swing", "Truth",
    "World", "deliver", "make", "make_chunk", "planted", "truth", "worlds", "write",
]  # fmt: skip
