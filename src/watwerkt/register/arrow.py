"""Values of this process as an Arrow table, and an Arrow table as the arrays that DuckDB would give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from watwerkt.register.database import Kind

_TYPES: dict[Kind, pa.DataType] = {
    "BOOLEAN": pa.bool_(),
    "INT": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
}


def arrow(kinds: Mapping[str, Kind], columns: Mapping[str, Iterable[object]]) -> pa.Table:
    """Columns of these kinds; None is unknown."""
    return pa.table({name: pa.array(columns[name], _TYPES[kind]) for name, kind in kinds.items()})


def arrays(table: pa.Table) -> dict[str, NDArray[Any]]:
    """One masked array a column: whole numbers, floats, object for text and lists, datetime64[D] for days."""
    return {
        name: _array(column.combine_chunks()) for name, column in zip(table.column_names, table.columns, strict=True)
    }


def _array(column: pa.Array) -> NDArray[Any]:
    """One column; where it is masked, its value means nothing."""
    mask = np.asarray(column.is_null().to_numpy(zero_copy_only=False), dtype=bool)
    kind = column.type
    if pa.types.is_decimal(kind):
        column = column.cast(pa.float64() if kind.scale else pa.int64())
    if pa.types.is_date(kind):
        values = column.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype("datetime64[D]")
    elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_boolean(column.type):
        values = column.fill_null(0 if not pa.types.is_boolean(column.type) else False).to_numpy(zero_copy_only=False)
    else:
        values = column.to_numpy(zero_copy_only=False).astype(object)
    return np.ma.masked_array(values, mask=mask)
