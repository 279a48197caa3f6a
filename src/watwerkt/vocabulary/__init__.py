"""The words everything derives from, as data: one TOML file a kind, one table an id, Dutch and English beside it.

``load("reasons")["too_few"].nl`` is the Dutch name of a reason. Ids are stable; names may be improved.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

KINDS = ("instruments", "outcomes", "groups", "horizons", "designs", "reasons", "checks", "remarks", "columns")
Kind = Literal["instruments", "outcomes", "groups", "horizons", "designs", "reasons", "checks", "remarks", "columns"]


@dataclass(frozen=True)
class Entry:
    """One id of a vocabulary. Fields that a kind does not use keep their default.

    ``nl, en``: short name. ``why_*``: a sentence that explains it. ``opens_*``: what would open an effect closed for
    this reason. ``unit``; ``better`` ("more", "less"); ``smallest_effect`` in the unit; ``ceiling`` of credibility
    (designs: high, moderate, low); ``lmp``: class of the EU's Labour Market Policy statistics (instruments).
    ``checks``: those a design runs, in order, and ``least``: the effective persons it asks for, for `treated` and for
    any other target (designs). ``reason``: why an effect is closed when this fails, where not its own id (checks); why
    nothing of it ever opens (designs). ``caps``: the credibility at which a check caps when it says nothing, where it
    is no silence of its own. ``names``: what stands in a check's ``outcome`` where that is no outcome of the question.
    ``sized``: what it says hangs on the size of an effect, so that of a closed one it stays inside (checks).
    """

    id: str
    nl: str
    en: str
    why_nl: str = ""
    why_en: str = ""
    opens_nl: str = ""
    opens_en: str = ""
    unit: str = ""
    better: str = "more"
    smallest_effect: float | None = None
    ceiling: str = ""
    needs: tuple[str, ...] = ()
    lmp: str = ""
    module: str = ""
    checks: tuple[str, ...] = ()
    least: tuple[int, ...] = ()
    reason: str = ""
    caps: str = ""
    names: str = ""
    sized: bool = False

    def name(self, lang: str) -> str:
        """The short name in ``nl`` or ``en``."""
        return self.nl if lang == "nl" else self.en


@cache
def load(kind: Kind) -> Mapping[str, Entry]:
    """All entries of one kind, by id, in the order of the file."""
    text = files(__package__).joinpath(f"{kind}.toml").read_text(encoding="utf-8")
    known = {f.name for f in fields(Entry)}
    entries = {}
    for key, table in _flatten(tomllib.loads(text)):
        unknown = set(table) - known
        if unknown:
            raise ValueError(f"{kind}.toml, {key}: unknown fields {sorted(unknown)}")
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
        entries[key] = Entry(id=key, **values)
    return MappingProxyType(entries)


def _flatten(tables: dict, prefix: str = "") -> list[tuple[str, dict]]:  # type: ignore[type-arg]
    """[training.short] is the id ``training.short``; a table may be an entry and hold more specific ones."""
    found = []
    for key, value in tables.items():
        name = f"{prefix}{key}"
        own = {k: v for k, v in value.items() if not isinstance(v, dict)}
        if own:
            found.append((name, own))
        found += _flatten({k: v for k, v in value.items() if isinstance(v, dict)}, f"{name}.")
    return found
