"""All words in one place: a catalogue of TOML files, Dutch beside English, so that neither can lack the other.

A text may hold ``{slots}`` and ``*marks*``; ``plain`` takes the marks off, a page makes them bold.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from watwerkt.errors import WatwerktError

LANGUAGES = ("nl", "en")
INVENTED = "Verzonnen gegevens / Invented data"


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every text by its key, in every language. Raises ValueError when a key lacks one or stands in two files."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(files(__package__).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            for key, texts in _flatten(tomllib.loads(path.read_text(encoding="utf-8"))):
                if key in found or set(texts) != set(LANGUAGES):
                    raise ValueError(f"{path.name}, {key}: stands there twice, or lacks a language")
                found[key] = texts
    return MappingProxyType(found)


def _flatten(tables: dict[str, Any], prefix: str = "") -> Iterable[tuple[str, dict[str, str]]]:
    """[at.employed] with nl and en is the key ``at.employed``."""
    for name, value in tables.items():
        if isinstance(value, dict):
            own = {k: v for k, v in value.items() if isinstance(v, str)}
            if own:
                yield f"{prefix}{name}", own
            yield from _flatten({k: v for k, v in value.items() if isinstance(v, dict)}, f"{prefix}{name}.")


def text(key: str, lang: str) -> str:
    """The text of a key, with its slots and marks. KeyError if there is none."""
    return catalogue()[key][lang]


def either(key: str, fallback: str, lang: str) -> str:
    """The text of a key, or of the fallback where the catalogue does not know it."""
    return text(key if key in catalogue() else fallback, lang)


def listed(names: Iterable[str], lang: str) -> str:
    """Names as a list: a, b en c; a, b and c."""
    *first, last = names
    joined = text("list.and", lang)
    return f"{', '.join(first)} {joined} {last}" if first else last


def plain(marked: str) -> str:
    """A text without its marks."""
    return marked.replace("*", "")


def capital(sentence: str) -> str:
    """The first letter as a capital, also behind a mark."""
    at = 1 if sentence.startswith("*") else 0
    return sentence[:at] + sentence[at : at + 1].upper() + sentence[at + 1 :]


def tidy(*sentences: str) -> str:
    """Sentences behind each other, empty ones left out."""
    return " ".join(s for s in sentences if s)


def stage(name: str, lang: str) -> str:
    """What is being done, for a progress bar: the name of a stage."""
    return text(f"stage.{name}", lang) if f"stage.{name}" in catalogue() else name


def error(err: WatwerktError, lang: str) -> str:
    """An error as one line: what, where, what now. English stands in the class, Dutch here under the class's name."""
    name = type(err).__name__
    if lang == "en" or f"error.{name}.what" not in catalogue():
        return str(err)
    facts = err.facts()
    what, now = (text(f"error.{name}.{part}", lang).format(**facts) for part in ("what", "now"))
    return f"{what} ({err.where}) {now}"
