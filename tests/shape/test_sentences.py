"""Words are made once, in report: stages that hold persons emit codes and numbers.

Exempt, as DESIGN says: docstrings, SQL, errors.py. Beyond that, the *details* of an error (which key, what about it)
stand in English beside the rule that finds them; the modules below hold them, and no others may.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "watwerkt"
STAGES = ("register", "sample", "effects", "question", "door", "_numerics", "inside.py")
SQL = re.compile(r"""\s*(SELECT|CREATE|COPY|WITH|PRAGMA|SET|INSERT|FROM|DESCRIBE|AS|ORDER|[,()"])""")
WRITES_SQL = (
    "register/compile.py",
    "register/mapping/expressions.py",
    "register/mapping/fates.py",
    "register/mapping/staged.py",
    "register/postgres.py",
    "register/notes.py",
    "register/registered.py",
    "sample/arms.py",
)  # declarations and rules as SQL, piece by piece
WORDS = 3

DETAILS_OF_ERRORS = {
    "question/ask.py": "where a question asked in a notebook stands",
    "question/meaning.py": "what is wrong with a key of the question",
    "question/outcomes.py": "what is wrong with an outcome of the question",
    "question/read.py": "why a file is not a question",
    "question/shape.py": "what a key must be",
    "question/time.py": "what is wrong with the question's clock",
    "register/duck.py": "why DuckDB could not go on",
    "register/files.py": "why a file is not a table",
    "register/fitness.py": "what is wrong with a [[quality]] of register.toml",
    "register/formats.py": "why a file is not a table",
    "register/mapping/declared.py": "what is wrong with a key of the mapping",
    "register/mapping/deliver.py": "why a register cannot be written",
    "register/settings.py": "what is wrong with register.toml",
    "register/spark.py": "why Spark did not start",
    "sample/__init__.py": "what a question has in place of a register",
    "sample/files.py": "why a file is not a table",
    "sample/people.py": "why a column cannot be compared",
    "sample/prepared.py": "why an outcome cannot be followed",
    "sample/values.py": "why a column is neither numbers nor text",
}


def sentences(path: Path) -> Iterator[str]:
    """Text of three words or more that is neither a docstring nor SQL."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            words = re.findall(r"[A-Za-z]{2,}", node.value)
            if len(words) >= WORDS and " " in node.value.strip() and not SQL.match(node.value):
                yield node.value


def modules() -> list[str]:
    """Every module of a stage that holds persons."""
    found = [
        p for stage in STAGES for p in ((ROOT / stage).rglob("*.py") if (ROOT / stage).is_dir() else [ROOT / stage])
    ]
    return sorted(str(path.relative_to(ROOT)) for path in found)


@pytest.mark.parametrize("module", [m for m in modules() if m not in (*DETAILS_OF_ERRORS, *WRITES_SQL)])
def test_a_stage_that_holds_persons_writes_no_sentence(module):
    """What a reader reads is made from codes and numbers, beyond the door."""
    assert list(sentences(ROOT / module)) == []


@pytest.mark.parametrize("module", sorted(DETAILS_OF_ERRORS))
def test_each_exemption_is_still_needed(module):
    """The list may only shrink."""
    assert list(sentences(ROOT / module))


def test_a_planted_sentence_is_seen(tmp_path):
    """The reader of this file finds a sentence, and lets docstrings and SQL pass."""
    planted = tmp_path / "planted.py"
    planted.write_text(
        '"""What it is for."""\nX = "this helps many people"\nY = "SELECT a FROM b WHERE c"\n', encoding="utf-8"
    )

    assert list(sentences(planted)) == ["this helps many people"]
