"""Reading the keys and types of a question strictly, every mistake at once, through cattrs.

What has the wrong name or type is reported and left out, so that ``meaning`` can look at everything else too.
"""

from __future__ import annotations

import copy
import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin

from cattrs import AttributeValidationNote, ForbiddenExtraKeysError, IterableValidationError, IterableValidationNote
from cattrs.converters import Converter
from cattrs.gen import make_dict_structure_fn

from watwerkt.dossier.question_text import COMPARED_WITH
from watwerkt.question.problem import Path, Problem, nearest
from watwerkt.question.written import ArmPart, ArmsPart, Condition, Written


class _Wrong(ValueError):
    """A value of the wrong type; its text is the sentence."""


def written(document: dict[str, Any]) -> tuple[Written, tuple[Problem, ...]]:
    """The document with everything of a wrong type or name left out, and what that was."""
    try:
        return _CONVERTER.structure(document, Written), ()
    except Exception as group:  # noqa: BLE001 - cattrs gathers whatever its hooks raise; _problems sorts it out
        problems = tuple(_problems(group, ()))
    kept = copy.deepcopy(document)
    for problem in problems:
        _leave_out(kept, problem.path)
    return _CONVERTER.structure(kept, Written), problems


def _leave_out(document: Any, path: Path) -> None:
    """Take away the innermost named thing on a path: a wrong item takes its list along."""
    inner = document
    for step, following in zip(path, (*path[1:], ""), strict=True):
        if not isinstance(inner, dict) or step not in inner:
            return
        if not following or not isinstance(inner[step], dict):
            del inner[step]
            return
        inner = inner[step]


def _problems(error: BaseException, path: Path) -> Iterable[Problem]:
    if isinstance(error, ForbiddenExtraKeysError):
        known = [f.name for f in fields(error.cl)]
        for name in sorted(error.extra_fields):
            yield Problem((*path, name), f"is not known here{nearest(name, known)}")
    elif isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _problems(inner, (*path, *_step(inner)))
    elif isinstance(error, _Wrong):
        yield Problem(path, str(error))
    else:
        raise error


def _step(error: BaseException) -> Path:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (note.name,)
        if isinstance(note, IterableValidationNote):
            return (str(note.index),)
    return ()


# ---- strict types ------------------------------------------------------------------------------------------------

_NAMES = {int: "a whole number", float: "a number", str: "text", list: "a list", dict: "a table"}
_NAMES |= {dt.date: "a date", dt.datetime: "a moment", dt.time: "a time of day", tuple: "a list"}


def _shown(value: object) -> str:
    """What was found: its kind and, if it is short, itself."""
    if isinstance(value, bool):
        return str(value).lower()
    kind = _NAMES.get(type(value), "something else")
    return kind if isinstance(value, list | dict | tuple) else f"{kind} {str(value)[:40]!r}"


def _expect(what: str, accepts: Callable[[Any], bool]) -> Callable[[Any, Any], Any]:
    def hook(value: Any, _: Any) -> Any:
        if not accepts(value):
            raise _Wrong(f"must be {what}, not {_shown(value)}")
        return value

    return hook


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | bool | int) or type(value) is dt.date or _is_number(value)


def _is_number(value: object) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _each(items: Iterable[tuple[Any, Any, Any]]) -> list[Any]:
    """Structure (place, value, type) one by one; all mistakes together, each with its place."""
    found, wrong = [], []
    for place, value, type_ in items:
        try:
            found.append(_CONVERTER.structure(value, type_))
        except Exception as error:  # noqa: BLE001 - gathered, and raised together below
            error.add_note(IterableValidationNote(f"item {place}", place, type_))
            wrong.append(error)
    if wrong:
        raise IterableValidationError("items", wrong, list)
    return found


def _sequence(type_: Any) -> Callable[[Any, Any], tuple[Any, ...]]:
    of, *more = get_args(type_)
    length = None if Ellipsis in more else 1 + len(more)

    def hook(value: Any, _: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise _Wrong(f"must be a list, not {_shown(value)}")
        if length is not None and len(value) != length:
            raise _Wrong(f"must hold {length} values, not {len(value)}")
        return tuple(_each((i, one, of) for i, one in enumerate(value)))

    return hook


def _mapping(type_: Any) -> Callable[[Any, Any], dict[str, Any]]:
    of = get_args(type_)[1]

    def hook(value: Any, _: Any) -> dict[str, Any]:
        _a_table(value)
        return dict(zip(value, _each((name, one, of) for name, one in value.items()), strict=True))

    return hook


def _part(type_: Any) -> Callable[[Any, Any], Any]:
    base = make_dict_structure_fn(type_, _CONVERTER, _cattrs_forbid_extra_keys=True)

    def hook(value: Any, cls: Any) -> Any:
        return base(_a_table(value), cls)

    return hook


def _arms(value: Any, _: Any) -> ArmsPart:
    items = _a_table(value).items()
    found = _each((name, one, str if name == COMPARED_WITH else ArmPart) for name, one in items)
    arms = dict(zip(value, found, strict=True))
    return ArmsPart(compared_with=arms.pop(COMPARED_WITH, None), arms=arms)


def _condition(value: Any, _: Any) -> Condition:
    values = list(value) if isinstance(value, list | tuple) else [value]
    wrong = [one for one in values if not _is_scalar(one)]
    if wrong or not values:
        raise _Wrong(f"must be a value or a list of values, not {_shown(wrong[0]) if wrong else 'an empty list'}")
    return Condition(tuple(values), isinstance(value, list | tuple))


def _a_table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(f"must be a table, not {_shown(value)}")
    return value


def _is(type_: Any, origin: type) -> bool:
    found: object = get_origin(type_)
    return found is origin


def _converter() -> Converter:
    converter = Converter(detailed_validation=True)
    converter.register_structure_hook(bool, _expect("true or false", lambda value: type(value) is bool))
    converter.register_structure_hook(int, _expect("a whole number", lambda value: type(value) is int))
    converter.register_structure_hook(float, _expect("a number", _is_number))
    converter.register_structure_hook(str, _expect("text", lambda value: isinstance(value, str)))
    converter.register_structure_hook(
        dt.date, _expect("a date like 2019-12-31, without quotes", lambda value: type(value) is dt.date)
    )
    converter.register_structure_hook_factory(is_dataclass, _part)
    converter.register_structure_hook_factory(lambda type_: _is(type_, tuple), _sequence)
    converter.register_structure_hook_factory(lambda type_: _is(type_, dict), _mapping)
    converter.register_structure_hook(ArmsPart, _arms)
    converter.register_structure_hook(Condition, _condition)
    return converter


_CONVERTER = _converter()
