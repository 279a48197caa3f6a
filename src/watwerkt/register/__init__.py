"""Registers as they are: the standard's tables, declared once; a folder read and looked over; its cleaned tables."""

from watwerkt.register.duck import Engine
from watwerkt.register.fitness import Fitness
from watwerkt.register.quality import check
from watwerkt.register.read import Register, read, up_to
from watwerkt.register.settings import Sensitive, Settings
from watwerkt.register.tables import STANDARD, TABLES, Column, Constraint, Table

__all__ = [
    "STANDARD",
    "TABLES",
    "Column",
    "Constraint",
    "Engine",
    "Fitness",
    "Register",
    "Sensitive",
    "Settings",
    "Table",
    "check",
    "read",
    "up_to",
]
