"""The one door out: an exact answer becomes a dossier that may leave the building."""

from watwerkt.door.control import control
from watwerkt.door.release import release
from watwerkt.door.write import write

__all__ = ["control", "release", "write"]
