"""Words that were retired stay retired: one meaning each (GLOSSARY.md)."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"

# A letter before the word makes it another word ("underscore"), unless the capital of a class name begins it.
RETIRED = {
    "none_now": re.compile(r"none_now", re.IGNORECASE),
    "packet": re.compile(r"packet", re.IGNORECASE),
    "score": re.compile(r"(?<![A-Za-z])[Ss]cor(e|ing)|(?<![A-Z])Scor(e|ing)|(?<![A-Za-z])SCOR(E|ING)"),
    "account": re.compile(r"(?<![A-Za-z])[Aa]ccounts?(?![a-z])|(?<![A-Z])Accounts?(?![a-z])|(?<![A-Z])ACCOUNT"),
}


def uses(word: str, text: str) -> list[str]:
    """The lines of a text in which a retired word stands."""
    return [line.strip() for line in text.splitlines() if RETIRED[word].search(line)]


@pytest.mark.parametrize("word", RETIRED)
def test_a_retired_word_occurs_nowhere(word: str) -> None:
    """No file of the package says it, in code, comment, SQL, catalogue or page."""
    found = [
        f"{path.relative_to(SOURCE)}: {line}"
        for path in sorted(SOURCE.rglob("*"))
        if path.is_file() and path.suffix not in {".pyc", ".woff2", ".mo"}
        for line in uses(word, path.read_text("utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("none_now", "NONE_NOW = 1"),
        ("packet", "def packets(): ..."),
        ("score", "propensity_score = 1"),
        ("score", "Scores of people"),
        ("score", "class PropensityScore:"),
        ("score", "SCORE = 1"),
        ("score", "scoring"),
        ("account", "the account of exclusions"),
        ("account", "class SampleAccount:"),
    ],
)
def test_the_search_finds(word: str, line: str) -> None:
    """A retired word is found in names as well as in prose."""
    assert uses(word, line) == [line]


@pytest.mark.parametrize(
    ("word", "line"), [("score", "an underscore"), ("score", "UNDERSCORE"), ("account", "who is accountable")]
)
def test_the_search_leaves(word: str, line: str) -> None:
    """Another word that happens to hold it is left in peace."""
    assert uses(word, line) == []
