"""Whatever question is asked: it reads back as itself, and nonsense never becomes anything but a named error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bad_input import ON_REGISTER, ON_TABLE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from watwerkt import question
from watwerkt.dossier import Question
from watwerkt.dossier.question_text import from_toml, to_toml
from watwerkt.errors import QuestionError, WatwerktError
from watwerkt.question.problem import lines
from watwerkt.question.read import declare

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

NAMES = st.text("abcdefgéñß_", min_size=1, max_size=8).filter(lambda s: s[0] != "_" and s not in ("not_now", "never"))
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)
BOTH = st.fixed_dictionaries({"nl": TEXTS, "en": TEXTS})
VALUES = st.one_of(st.integers(-9, 9), st.floats(-9, 9), st.booleans(), TEXTS)
SIZES = st.floats(1e-9, 1e9)


def outcome(call: Callable[[], Question]) -> Question | WatwerktError:
    """The question, or the named error in its place; any other exception fails the test."""
    try:
        return call()
    except WatwerktError as error:
        return error


def is_one_line(error: WatwerktError) -> bool:
    """Whether it can stand on a terminal: one line without control characters."""
    return str(error).isprintable()


def where(columns: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Conditions on some columns."""
    return st.dictionaries(columns, st.one_of(VALUES, st.lists(VALUES, min_size=1, max_size=3)), min_size=1, max_size=3)


def said(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A table in which each key may be left out."""
    return st.fixed_dictionaries({}, optional=keys)


@st.composite
def on_table(draw: st.DrawFn) -> Question:
    """A sound question on a table."""
    arms = draw(st.lists(NAMES, min_size=2, max_size=4, unique=True))
    share = 1 / len(arms)
    more = said(smallest_effect=SIZES, better=st.sampled_from(["more", "less"]), measure=TEXTS)
    outcomes = {
        name: {"kind": "number", "unit": draw(TEXTS), "column": f"y {name}", **draw(more)}
        for name in draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    }
    arm = st.builds(lambda w, c: {"where": w, **c}, where(st.just("a b") | NAMES), said(counts_as=st.just("training")))
    document = {
        "question": {"id": "q", **draw(said(title=BOTH, inquiry=TEXTS))},
        "table": {
            "file": draw(TEXTS),
            "given": draw(st.lists(NAMES, max_size=3, unique=True)),
            **draw(said(person=TEXTS)),
        },
        "arms": {**{name: draw(arm) for name in arms}, "compared_with": draw(st.sampled_from(arms))},
        "outcomes": outcomes,
        "design": draw(said(use=st.just(["randomised"]), shares=st.just(dict.fromkeys(arms, share)))),
        "source": draw(said(name=BOTH, people=BOTH)),
        "known": draw(st.lists(st.fixed_dictionaries({"text": BOTH, "found_in": TEXTS}), max_size=2)),
    }
    return declare(document, "here", {})


@quick
@given(asked=on_table())
def test_a_question_reads_back_as_itself(asked: Question, tmp_path: Path) -> None:
    """Written and read, by the dossier and by the strict reader, it is the same; so is its text."""
    text = to_toml(asked)
    (tmp_path / "question.toml").write_bytes(text.encode())

    assert from_toml(text) == asked == question.read(tmp_path)
    assert to_toml(question.read(tmp_path)) == text


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """A sound text from which some stretches were cut, moved or written over."""
    text = draw(st.sampled_from([ON_TABLE, ON_REGISTER]))
    for _ in range(draw(st.integers(1, 4))):
        a, b = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        b = min(b, a + 30)
        new = draw(
            st.one_of(st.just(""), st.text(max_size=5), st.sampled_from(["[", "]", "{", "=", '"', "\n", "2017-01-01"]))
        )
        text = text[:a] + new + text[b:]
    return text


@quick
@given(text=st.one_of(spoilt(), st.text(max_size=200)))
def test_nonsense_is_a_named_error(text: str, tmp_path: Path) -> None:
    """Whatever is written in a file: a question, or one line that says what is wrong. Never a traceback."""
    (tmp_path / "question.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    found = outcome(lambda: question.read(tmp_path))

    if isinstance(found, Question):
        assert from_toml(to_toml(found)) == found
    else:
        assert is_one_line(found)


@quick
@given(junk=st.binary(max_size=100))
def test_any_bytes_are_a_named_error(junk: bytes, tmp_path: Path) -> None:
    """A file need not even be text."""
    (tmp_path / "question.toml").write_bytes(junk)
    found = outcome(lambda: question.read(tmp_path))

    assert isinstance(found, QuestionError)
    assert is_one_line(found)


JSON = st.recursive(
    st.one_of(VALUES, st.none(), st.sampled_from(["employed", "none", "training"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["where", "kind", "nl", "x"]), inner),
    max_leaves=8,
)


@st.composite
def misshapen(draw: st.DrawFn) -> dict[str, Any]:
    """A document in which some table holds something it cannot hold."""
    tables = ("question", "table", "population", "time", "arms", "outcomes", "groups", "checks", "design", "known")
    keys = ("\n", "id", "file", "age", "horizon", "primary", "compared_with", "a", "by", "use", "shares", "title")
    return {
        name: draw(st.one_of(JSON, st.dictionaries(st.sampled_from(keys), JSON, max_size=4)))
        for name in draw(st.lists(st.sampled_from(tables), unique=True))
    }


@quick
@given(document=misshapen())
def test_keywords_of_any_shape_are_a_named_error(document: dict[str, Any]) -> None:
    """Also what no file could hold."""
    found = outcome(lambda: declare(document, "here", {}))

    assert isinstance(found, Question) or is_one_line(found)


@quick
@given(asked=on_table())
def test_every_key_has_its_line(asked: Question) -> None:
    """The finder knows the line of each table, arm and outcome, also with odd names."""
    text = to_toml(asked)
    found = lines(text)

    for outcome in asked.outcomes:
        line = text.splitlines()[found["outcomes", outcome.name] - 1]
        assert outcome.name in line
