"""Asking in a notebook: the same question as a file, from keywords."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from watwerkt import vocabulary
from watwerkt.dossier import Question
from watwerkt.question.outcomes import NEEDS_UNIT, PERIOD_MARK
from watwerkt.question.read import declare, read

Said = str | Mapping[str, Any]


def ask(
    path: str | Path | None = None,
    *,
    arms: Mapping[str, Mapping[str, Any]] | None = None,
    compared_with: str = "",
    outcomes: Mapping[str, Said] | None = None,
    given: Sequence[str] = (),
    design: str | Sequence[str] = "adjusted",
    id: str = "question",  # noqa: A002 - the word of the question's file
    title: str | Mapping[str, str] = "",
    file: str = "people",
    period: str = "",
    periods: tuple[int, int] | None = None,
    unit: str = "",
    primary: str | Mapping[str, Any] | None = None,
    lock_in: tuple[int, int] | None = None,
    person: str = "",
    weight: str = "",
    cluster: str = "",
    stratum: str = "",
    takeup: str = "",
    shares: Mapping[str, float] | None = None,
    groups: Sequence[str] = (),
    not_used_in_selection: Sequence[str] = (),
    fake_arms: int = 0,
    negative_controls: Sequence[str] = (),
    sensitivity: bool = False,
    remarks: Sequence[str] = (),
) -> Question:
    """A question from its file, or from keywords about a table with one row a person.

    ``arms``: by name the values that mark it, ``{"offer": {"TREATMNT": 1}}``, or ``{"counts_as": …, "where": …}``.
    ``outcomes``: by name a column, a pattern of columns with ``{t}`` for the period, or the keys of the file
    (``{"column": "re78", "kind": "earnings", "unit": "USD a year"}``); an outcome that bears a name of the vocabulary
    (work, earnings, benefit) takes its kind, any other is a number. ``periods``: first and last period of every
    pattern (default: all columns that fit). ``unit``: of every outcome that does not name its own. ``fake_arms``: how
    often starters are drawn among people to whom nothing happened, to see whether the method finds nothing there; 400
    is a good number, 0 is not at all. Raises QuestionError with every mistake at once.
    """
    if path is not None:
        return read(path)
    table = {"given": given, "person": person, "weight": weight, "cluster": cluster, "stratum": stratum}
    every = {"periods": periods, "unit": unit}
    told = {name: _outcome(name, said, every) for name, said in (outcomes or {}).items()}
    document = {
        "question": _said(id=id, title={"nl": title, "en": title} if isinstance(title, str) and title else title),
        "table": {"file": file, **_said(**table, remarks=remarks)},
        "time": _said(
            period=period or _period(told),
            lock_in=lock_in,
            primary={"outcome": primary} if isinstance(primary, str) else primary,
        ),
        "arms": {**{name: _arm(said) for name, said in (arms or {}).items()}, **_said(compared_with=compared_with)},
        "outcomes": told,
        "groups": _said(by=groups),
        "checks": _said(
            not_used_in_selection=not_used_in_selection,
            fake_arms=fake_arms,
            negative_controls=negative_controls,
            sensitivity=sensitivity,
        ),
        "design": _said(use=[design] if isinstance(design, str) else design, takeup=takeup, shares=shares),
    }
    return declare(_plain(document), "the question asked", {})


def _said(**keys: object) -> dict[str, object]:
    """The keys that were given a value."""
    return {key: value for key, value in keys.items() if value is not None and (isinstance(value, bool) or value)}


def _arm(said: Mapping[str, Any]) -> Mapping[str, Any]:
    return said if isinstance(said, Mapping) and "where" in said else {"where": said}


def _outcome(name: str, said: Said, every: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of one outcome; ``every`` holds what counts where it says nothing itself."""
    own = {"columns" if PERIOD_MARK in said else "column": said} if isinstance(said, str) else said
    told = {"kind": _kind(name), **own}
    if "columns" in told and every["periods"]:
        told.setdefault("periods", every["periods"])
    if every["unit"] and told["kind"] in NEEDS_UNIT:
        told.setdefault("unit", every["unit"])
    return told


def _kind(name: str) -> str:
    """The kind that the vocabulary knows by this id or name; a number otherwise."""
    kinds = vocabulary.load("outcomes").values()
    return next((kind.id for kind in kinds if name in (kind.id, kind.nl, kind.en)), "number")


def _period(outcomes: Mapping[str, Mapping[str, Any]]) -> str:
    """Weeks where a pattern of columns says so."""
    patterns = [str(said.get("columns", "")) for said in outcomes.values()]
    return "week" if any("week" in pattern.lower() for pattern in patterns) else "month"


def _plain(value: Any) -> Any:
    """Plain values in place of tuples, arrays and numpy's numbers, as a TOML file would have them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return value
