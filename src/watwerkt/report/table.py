"""Nouns as Arrow tables, which pandas, polars and DuckDB take as they are."""

from __future__ import annotations

from dataclasses import asdict
from functools import singledispatch

import pyarrow as pa

from watwerkt.dossier import Dossier, Exclusions, Quality
from watwerkt.dossier.schema import columns, type_of
from watwerkt.report.words import INVENTED

TYPES = {"number": pa.float64(), "count": pa.int64(), "integer": pa.int64()}


@singledispatch
def table(noun: object) -> pa.Table:
    """A noun as a table: the effects of a dossier, the steps of exclusions, the defects of a register."""
    raise TypeError(f"no table of a {type(noun).__name__}")


@table.register
def _(noun: Dossier) -> pa.Table:
    rows = [{**(row := asdict(effect)).pop("cell"), **row} for effect in noun.effects]
    return _table("effects.csv", rows, INVENTED if noun.synthetic else "")


@table.register
def _(noun: Exclusions) -> pa.Table:
    return _table("exclusions.csv", [asdict(step) for step in noun.steps])


@table.register
def _(noun: Quality) -> pa.Table:
    rows = [{**asdict(defect), "examples": list(defect.examples)} for defect in noun.defects]
    schema = pa.schema(
        [(name, pa.string()) for name in ("table", "column", "rule")]
        + [("rows", pa.int64()), ("sets_aside", pa.bool_()), ("examples", pa.list_(pa.string()))]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def _table(file: str, rows: list[dict[str, object]], invented: str = "") -> pa.Table:
    """Columns and types as the schema of that file has them; one more that says so where the data are invented."""
    names = columns(file)
    fields = [(name, TYPES.get(type_of(file, name), pa.string())) for name in names]
    made = pa.Table.from_pylist([{n: row[n] for n in names} for row in rows], schema=pa.schema(fields))
    return made.append_column("data", pa.array([invented] * len(rows), pa.string())) if invented else made
