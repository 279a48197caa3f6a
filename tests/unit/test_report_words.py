"""The word catalogue is whole: both languages, every key that is used, the same slots, every error in Dutch."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from watwerkt import errors
from watwerkt.report import words

REPORT = Path(words.__file__).parents[1]
# These stems are put together in the code from a kind, a measure or a number.
STEMS = tuple(sorted({key.split(".")[0] for key in words.catalogue()}))


def slots(template: str) -> set[str]:
    """The names between braces."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def tree(kind: type[errors.WatwerktError] = errors.WatwerktError) -> Iterator[type[errors.WatwerktError]]:
    """An error class and all below it."""
    yield kind
    for below in kind.__subclasses__():
        yield from tree(below)


def test_every_text_has_both_languages() -> None:
    """No text is Dutch only or English only; loading itself refuses that."""
    assert all(set(texts) == {"nl", "en"} for texts in words.catalogue().values())
    assert [key for key, texts in words.catalogue().items() if bool(texts["nl"]) != bool(texts["en"])] == []


@pytest.mark.parametrize("key", sorted(words.catalogue()))
def test_both_languages_have_the_same_slots(key: str) -> None:
    """What one language says of an effect, the other says too (only the words for periods may differ)."""
    texts = words.catalogue()[key]
    free = {"periods", "period", "units"}

    assert slots(texts["nl"]) - free == slots(texts["en"]) - free


@pytest.mark.parametrize("key", sorted(words.catalogue()))
def test_marks_are_closed(key: str) -> None:
    """Bold begins and ends, as often in one language as in the other."""
    texts = words.catalogue()[key]

    assert texts["nl"].count("*") == texts["en"].count("*")
    assert texts["nl"].count("*") % 2 == 0


def test_every_key_that_is_named_exists() -> None:
    """A key in code or template that the catalogue lacks would break a page that nobody has looked at yet."""
    texts = [p.read_text("utf-8") for p in REPORT.rglob("*") if p.suffix in {".py", ".html"}]
    named = {key for text in texts for key in re.findall(r"""[(\s]["']([a-z_]+(?:\.[a-z_0-9]+)+)["']""", text)}
    keys = {key for key in named if key.split(".")[0] in STEMS and not key.endswith((".html", ".css", ".csv", ".toml"))}

    known = words.catalogue()
    stems = {key for key in keys if any(one.startswith(f"{key}.") for one in known)}

    assert keys - set(known) - stems == set()


def test_every_text_is_used() -> None:
    """A text that no code names, by its key or by the stem that it is put together from, is dead."""
    code = "\n".join(p.read_text("utf-8") for p in REPORT.rglob("*") if p.suffix in {".py", ".html"})
    stems = set(re.findall(r"""["']([a-z_]+(?:\.[a-z_0-9]+)*)["'.]""", code))
    stems |= set(re.findall(r"""f["']([a-z_.]+)\{""", code))
    unused = [
        key
        for key in words.catalogue()
        if key not in stems and not any(key.startswith(stem.rstrip(".") + ".") for stem in stems)
    ]

    assert unused == []


@pytest.mark.parametrize("kind", list(tree()), ids=lambda kind: kind.__name__)
def test_every_error_has_dutch(kind: type[errors.WatwerktError]) -> None:
    """An error that speaks for itself in English does so in Dutch, with the same facts."""
    if "what" not in vars(kind):
        pytest.skip("speaks with the words of the class above it")
    dutch = words.errors_nl()[kind.__name__]

    assert set(dutch) == {"what", "now"}
    assert slots(dutch["what"]) == slots(kind.what)
    assert slots(dutch["now"]) == slots(kind.now)


@pytest.mark.parametrize("kind", list(tree()), ids=lambda kind: kind.__name__)
def test_every_error_can_be_said(kind: type[errors.WatwerktError]) -> None:
    """In both languages, with its place; English is the class's own sentence."""
    made = kind(where="here")

    assert words.error(made, "en") == str(made)
    assert "(here)" in words.error(made, "nl")
    assert words.error(made, "nl") != str(made)


def test_no_dutch_error_is_left_over() -> None:
    """An error that is gone takes its Dutch with it."""
    assert set(words.errors_nl()) <= {kind.__name__ for kind in tree()}


def test_a_hint_is_dutch_too() -> None:
    """What errors.py puts before the names it found is translated with the sentence."""
    made = errors.MissingColumn(where="t.csv", column="agge", near=("age",))

    assert words.error(made, "nl").startswith("De kolom 'agge' is er niet; lijkt erop: age. (t.csv)")


@pytest.mark.parametrize("stage", ["draw", "prepare", "check", "follow", "estimate", "open", "page", "register"])
def test_every_stage_has_a_name(stage: str) -> None:
    """A progress bar speaks the reader's language."""
    assert words.stage(stage, "nl") != words.stage(stage, "en")
