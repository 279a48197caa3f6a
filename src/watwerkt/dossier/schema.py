"""The fields of a dossier's tables, from ``schema.csv``: reader, writer, checks and documentation derive from it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

FILES = (
    "dossier.json",
    "question.toml",
    "exclusions.csv",
    "checks.csv",
    "effects.csv",
    "joint.csv",
    "rules.json",
)


@dataclass(frozen=True)
class Field:
    """One column of one file."""

    file: str
    field: str
    type: str
    unit: str
    rounding: str
    withheld_when: str
    meaning: str


@cache
def schema() -> tuple[Field, ...]:
    """Every field, in the order of the files and of their columns."""
    text = files("watwerkt.dossier").joinpath("schema.csv").read_text(encoding="utf-8")
    return tuple(Field(**row) for row in csv.DictReader(StringIO(text)))


def columns(file: str) -> tuple[str, ...]:
    """Names of the columns of one CSV file, in order."""
    return tuple(f.field for f in schema() if f.file == file)


def type_of(file: str, field: str) -> str:
    """The type of one column; KeyError if there is none."""
    return {(f.file, f.field): f.type for f in schema()}[file, field]
