"""Columns of a table as numbers or codes, strictly: what is neither is a named error, never a silent hole.

Unknown is: nothing at all, or one of ``UNKNOWN``. A column is numbers where all its known values are; where most are
and some are not, somebody mistyped; everything else is a code.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from watwerkt.errors import DecimalComma, InfiniteValues, MissingValues, NotNumbers, UnreadableFile, WrongType
from watwerkt.sample.covariates import Code, Number

UNKNOWN = ("", "NA", "N/A", "NaN", "nan", "NULL", "null", ".")
# Up to so many different values a column may well be codes of which some look like numbers: 0, 1, 2, 3+.
FEW_VALUES = 8
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(inf|Inf|INF|infinity|Infinity)")
_COMMA = re.compile(r"[+-]?\d{1,3}(\.\d{3})*,\d+|[+-]?\d+,\d+")
_MOSTLY = 0.5

Known = Number | Code
Floats = NDArray[np.float64]


def known(name: str, column: Any, where: str) -> Known:
    """A column as numbers or as codes."""
    column = _plain(name, column, where)
    if not pa.types.is_string(column.type):
        return _finite(Number(name, name, _floats(column)), where)
    try:
        return _finite(Number(name, name, _floats(pc.cast(column, pa.float64()))), where)
    except pa.ArrowInvalid:
        _refuse_mixed(name, column, where)
    return Code(name, name, np.array(column.to_pylist(), dtype=object))


def number(name: str, column: Any, where: str) -> Number:
    """A column that must be numbers."""
    found = known(name, column, where)
    if isinstance(found, Number):
        return found
    texts = [v for v in found.values.tolist() if v is not None]
    wrong = [v for v in texts if not _NUMBER.fullmatch(v)]
    if all(_COMMA.fullmatch(v) for v in wrong):
        raise DecimalComma(where=where, column=name, count=len(wrong), examples=_examples(wrong))
    raise NotNumbers(where=where, column=name, count=len(wrong), examples=_examples(wrong))


def zero_or_one(found: Number, where: str) -> Number:
    """The same, having looked whether every known value is 0 or 1."""
    values = found.values[~np.isnan(found.values)]
    wrong = values[(values != 0) & (values != 1)]
    if wrong.size:
        examples = _examples([f"{v:g}" for v in wrong.tolist()])
        raise WrongType(where=where, column=found.name, expected="0 or 1", count=wrong.size, examples=examples)
    return found


def complete(found: Known, where: str) -> Known:
    """The same, having looked whether every row has a value."""
    unknown = sum(value is None for value in labels(found).tolist())
    if unknown:
        raise MissingValues(where=where, column=found.name, count=unknown)
    return found


def labels(found: Known) -> NDArray[np.object_]:
    """(n,) values as text, None where unknown; whole numbers without a decimal point."""
    if isinstance(found, Code):
        return found.values
    return np.array([None if v != v else label(v) for v in found.values.tolist()], dtype=object)


def label(value: float) -> str:
    """A number as short as it reads back."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def texts(name: str, column: Any, where: str) -> Code:
    """A column as it was written, leading zeros and all: for keys."""
    column = _plain(name, column, where)
    if pa.types.is_string(column.type):
        return Code(name, name, np.array(column.to_pylist(), dtype=object))
    if pa.types.is_integer(column.type):
        return Code(name, name, np.array([None if v is None else str(v) for v in column.to_pylist()], dtype=object))
    return Code(name, name, labels(Number(name, name, _floats(column))))


def _plain(name: str, column: Any, where: str) -> Any:
    """One array of text, trimmed and with unknown values null, or of numbers."""
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    type_ = column.type
    if pa.types.is_dictionary(type_):
        column, type_ = column.dictionary_decode(), type_.value_type
    if pa.types.is_null(type_):
        return pc.cast(column, pa.float64())
    if _is_numeric(type_):
        return column
    if pa.types.is_temporal(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_):
        column = pc.cast(column, pa.string())
    if not pa.types.is_string(column.type):
        raise UnreadableFile(where=where, because=f"the column '{name}' holds neither numbers nor text")
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.is_in(trimmed, pa.array(UNKNOWN)), pa.scalar(None, pa.string()), trimmed)


def _is_numeric(type_: Any) -> bool:
    is_number = pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_)
    return bool(is_number or pa.types.is_boolean(type_))


def _floats(column: Any) -> Floats:
    """(n,) float64, NaN where unknown; no negative zero, so that equal tables have equal bytes."""
    numbers = pc.cast(column, pa.float64(), safe=False)
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.float64) + 0.0


def _finite(found: Number, where: str) -> Number:
    infinite = int(np.isinf(found.values).sum())
    if infinite:
        raise InfiniteValues(where=where, column=found.name, count=infinite)
    return found


def _refuse_mixed(name: str, column: Any, where: str) -> None:
    """Text of which most are numbers, with a point or a comma, is a mistake and not a code."""
    values = [v for v in column.to_pylist() if v is not None]
    if len(set(values)) <= FEW_VALUES:
        return
    wrong = [v for v in values if not _NUMBER.fullmatch(v)]
    commas = [v for v in wrong if _COMMA.fullmatch(v)]
    if len(values) - len(wrong) + len(commas) <= _MOSTLY * len(values):
        return
    error = DecimalComma if 2 * len(commas) > len(wrong) else NotNumbers
    shown = commas if error is DecimalComma else wrong
    raise error(where=where, column=name, count=len(shown), examples=_examples(shown))


def _examples(values: list[str]) -> tuple[str, ...]:
    return tuple(value[:20] for value in sorted(set(values))[:3])
