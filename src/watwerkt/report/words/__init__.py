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
ERRORS = "errors_nl.toml"
# What errors.py itself puts before the names that it found.
HINTS = {"; close to it: ": "; lijkt erop: "}
INVENTED = "Verzonnen gegevens / Invented data"


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every text by its key, in every language. Raises ValueError when a key lacks one or stands in two files."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(files(__package__).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml") and path.name != ERRORS:
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


@cache
def errors_nl() -> Mapping[str, Mapping[str, str]]:
    """The errors in Dutch, by class name."""
    return tomllib.loads(files(__package__).joinpath(ERRORS).read_text(encoding="utf-8"))


def error(err: WatwerktError, lang: str) -> str:
    """An error as one line: what, where, what now. English stands in the class, Dutch here under the class's name."""
    known = next((errors_nl()[c.__name__] for c in type(err).__mro__ if c.__name__ in errors_nl()), None)
    if lang == "en" or known is None:
        return str(err)
    facts = {key: _dutch(value) for key, value in err.facts().items()}
    what, now = (known[part].format(**facts) for part in ("what", "now"))
    return f"{what} ({err.where}) {now}"


def _dutch(fact: object) -> object:
    """A fact that errors.py puts into words, in Dutch; anything else as it is."""
    if not isinstance(fact, str):
        return fact
    for english, dutch in HINTS.items():
        fact = fact.replace(english, dutch)
    return fact
