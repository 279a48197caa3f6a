"""A question as TOML and back, by the standard library: ``from_toml(to_toml(q)) == q``, and the same bytes everywhere.

What has its default value is not written, so a text keeps its meaning and its bytes when questions learn new words.
``question_of`` builds the noun from a document that is known to be sound; what a person wrote goes through
``watwerkt.question.read``, which says what is wrong with it.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from watwerkt.dossier.question import (
    Arm,
    Checks,
    Design,
    Known,
    Outcome,
    Population,
    Primary,
    Question,
    Source,
    Table,
    Time,
    Where,
    Words,
)
from watwerkt.errors import DossierError

COMPARED_WITH = "compared_with"
# Two numbers on this column are a range, the second one excluded; a list on any other is a choice.
RANGE_COLUMN = "planned_months"
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_FLOATS = ("smallest_effect", "share_of_previous_wage")

Items = Iterable[tuple[str, object]]


# ---- writing -----------------------------------------------------------------------------------------------------


def to_toml(question: Question) -> str:
    """The question as canonical TOML, in the order in which DESIGN tells it."""
    parts = (
        _table("question", _head(question)),
        _table("table", [] if question.table is None else _with_given(question.table, question), question.table),
        _table("population", _population(question), question.population),
        _table("time", _time(question.time)),
        _table("arms", _arms(question)),
        _table("outcomes", ((o.name, dict(_set(o, "name"))) for o in question.outcomes)),
        _table("groups", _groups(question)),
        _table("checks", _set(question.checks)),
        _table("design", _design(question.design)),
        _table("source", ((name, dict(_set(words))) for name, words in _set(question.source))),
        *(_table("known", _known(known), known, repeated=True) for known in question.known),
    )
    return "\n".join(part for part in parts if part)


def _head(question: Question) -> Iterator[tuple[str, object]]:
    yield "id", question.id
    if question.title != Words():
        yield "title", dict(_set(question.title))
    if question.inquiry:
        yield "inquiry", question.inquiry


def _with_given(part: object, question: Question) -> Iterator[tuple[str, Any]]:
    yield from _set(part)
    if question.given:
        yield "given", question.given


def _population(question: Question) -> Iterator[tuple[str, Any]]:
    if question.table is None:
        for name, value in _with_given(question.population or Population(), question):
            yield name, [_day(day) for day in value] if name == "entry" else value


def _time(time: Time) -> Iterator[tuple[str, object]]:
    for name, value in _set(time):
        yield name, dict(_set(value)) if isinstance(value, Primary) else value


def _arms(question: Question) -> Iterator[tuple[str, object]]:
    for arm in question.arms:
        where = {one.column: _condition(one) for one in arm.where}
        said = {"counts_as": arm.counts_as} if arm.counts_as else {}
        yield arm.name, {**said, **({"where": where} if where else {})}
    yield COMPARED_WITH, question.compared_with


def _condition(one: Where) -> object:
    return one.values if one.between or len(one.values) != 1 else one.values[0]


def _groups(question: Question) -> Iterator[tuple[str, object]]:
    if question.groups:
        yield "by", question.groups
    if question.never_split_on != _default(Question, "never_split_on"):
        yield "never_split_on", question.never_split_on


def _design(design: Design) -> Iterator[tuple[str, object]]:
    yield "use", design.use
    for name, value in _set(design, "use"):
        yield name, dict(value) if name == "shares" else value


def _known(known: Known) -> Iterator[tuple[str, object]]:
    yield "text", dict(_set(known.text))
    yield "found_in", known.found_in


def _set(noun: Any, *without: str) -> Iterator[tuple[str, Any]]:
    """The fields of a noun that differ from their default, or have none."""
    for field in fields(noun):
        value = getattr(noun, field.name)
        if field.name not in without and (field.default is MISSING or value != field.default):
            yield field.name, value


def _default(noun: type, name: str) -> object:
    return {f.name: f.default for f in fields(noun)}[name]


def _table(name: str, items: Items, part: object = None, repeated: bool = False) -> str:
    """A table with its header; nothing where there is neither a part nor anything in it."""
    lines = [f"{_key(key)} = {_value(value)}" for key, value in items]
    if not lines and part is None:
        return ""
    return "\n".join((f"[[{name}]]" if repeated else f"[{name}]", *lines)) + "\n"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(_value(one) for one in value)}]"
    return value.isoformat() if isinstance(value, dt.date) else repr(value)


def _text(text: str) -> str:
    return '"' + "".join(_CONTROL.get(c) or (f"\\u{ord(c):04X}" if c < " " or c == "\x7f" else c) for c in text) + '"'


def _day(day: str) -> dt.date | str:
    """A day as TOML writes it; text that is no day stays text."""
    try:
        return dt.date.fromisoformat(day)
    except ValueError:
        return day


# ---- reading -----------------------------------------------------------------------------------------------------


def from_toml(text: str) -> Question:
    """The question that ``to_toml`` wrote. Raises DossierError when it did not write this text."""
    try:
        question = question_of(tomllib.loads(text))
        again = to_toml(question)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise DossierError(where="question.toml", because=f"it holds no question ({problem})") from None
    if again != text or not _fits(question, Question):
        raise DossierError(where="question.toml", because="it is not written as a dossier writes its question")
    return question


def _fits(value: Any, type_: Any) -> bool:
    """Whether a value is of a type, all the way down: numbers are not text, and a choice is one of its values."""
    if isinstance(type_, type) and is_dataclass(type_):
        hints = get_type_hints(type_)
        return isinstance(value, type_) and all(_fits(getattr(value, name), hint) for name, hint in hints.items())
    inner = get_args(type_)
    if get_origin(type_) is Literal:
        return value in inner
    if get_origin(type_) in (Union, UnionType):
        return any(_fits(value, one) for one in inner)
    if get_origin(type_) is tuple:
        each = inner[:1] * len(value) if Ellipsis in inner and isinstance(value, tuple) else inner
        return isinstance(value, tuple) and len(value) == len(each) and all(map(_fits, value, each))
    return type(value) is type_


def question_of(document: Mapping[str, Any]) -> Question:
    """The question of a sound document, as it stands: nothing is checked and no default is looked up."""
    head, arms = document["question"], document["arms"]
    table, population = document.get("table"), document.get("population")
    groups = document.get("groups", {})
    return Question(
        id=head["id"],
        title=Words(**head.get("title", {})),
        inquiry=head.get("inquiry", ""),
        arms=tuple(_arm(name, said) for name, said in arms.items() if name != COMPARED_WITH),
        compared_with=arms[COMPARED_WITH],
        outcomes=tuple(_outcome(name, said) for name, said in document["outcomes"].items()),
        table=None if table is None else Table(**_plain(table, "given")),
        population=None if population is None else Population(**_plain(population, "given")),
        time=_time_of(document.get("time", {})),
        given=tuple((table or population or {}).get("given", ())),
        groups=tuple(groups.get("by", ())),
        checks=Checks(**_plain(document.get("checks", {}))),
        design=_design_of(document.get("design", {})),
        source=Source(**{name: Words(**said) for name, said in document.get("source", {}).items()}),
        known=tuple(Known(Words(**one["text"]), one["found_in"]) for one in document.get("known", ())),
        **({"never_split_on": tuple(groups["never_split_on"])} if "never_split_on" in groups else {}),
    )


def _arm(name: str, said: Mapping[str, Any]) -> Arm:
    where = said.get("where", {})
    return Arm(name, said.get("counts_as", ""), tuple(_where(column, value) for column, value in where.items()))


def _where(column: str, value: object) -> Where:
    values = tuple(_plain_value(one) for one in value) if isinstance(value, list | tuple) else (_plain_value(value),)
    return Where(column, values, is_range(column, values))


def is_range(column: str, values: tuple[object, ...]) -> bool:
    """Whether a condition is a range rather than a choice."""
    return column == RANGE_COLUMN and len(values) == 2 and all(type(v) in (int, float) for v in values)


def _outcome(name: str, said: Mapping[str, Any]) -> Outcome:
    values: dict[str, Any] = {key: float(value) if key in _FLOATS else value for key, value in _plain(said).items()}
    return Outcome(name=name, **values)


def _time_of(said: Mapping[str, Any]) -> Time:
    values = _plain(said)
    primary = values.pop("primary", None)
    return Time(**values, primary=None if primary is None else Primary(**primary))


def _design_of(said: Mapping[str, Any]) -> Design:
    values = _plain(said, "shares")
    return Design(**values, shares=tuple((arm, float(share)) for arm, share in said.get("shares", {}).items()))


def _plain(said: Mapping[str, Any], *without: str) -> dict[str, Any]:
    return {key: _plain_value(value) for key, value in said.items() if key not in without}


def _plain_value(value: Any) -> Any:
    """Lists as tuples, days as ISO text."""
    if isinstance(value, list | tuple):
        return tuple(_plain_value(one) for one in value)
    return value.isoformat() if isinstance(value, dt.date) else value
