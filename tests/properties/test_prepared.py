"""Whatever table is brought: the order of its rows changes nothing, and damage is a named error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from bad_input import table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from watwerkt import question, sample
from watwerkt.dossier import Question
from watwerkt.errors import WatwerktError

quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PEOPLE = table()
ARMS = {"course": {"course": 1}, "none": {"course": 0}}
OUTCOMES = {"earnings": {"column": "earnings", "unit": "EUR a month"}}


def asked() -> Question:
    """A question on the columns of the table."""
    return question.ask(arms=ARMS, compared_with="none", outcomes=OUTCOMES, given=["age", "region"])


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """Forty people with few different values, so that many are exact copies of each other, and some unknown."""
    n = 40
    ages = draw(st.lists(st.sampled_from([20, 30, 45, None]), min_size=n, max_size=n))
    regions = draw(st.lists(st.sampled_from(["a", "b", None]), min_size=n, max_size=n))
    earnings = draw(st.lists(st.sampled_from([0.0, -0.0, 10.5, None]), min_size=n, max_size=n))
    ages[:2], regions[:2], earnings[0] = [20, 30], ["a", "b"], 1.0
    columns = {"course": [i % 2 for i in range(n)], "age": ages, "region": regions, "earnings": earnings}
    return pa.table(columns)


def answerable(people: Any) -> sample.Followed | WatwerktError:
    """The people, drawn and followed, or the named error in their place."""
    try:
        source = sample.prepared(asked(), people)
        drawn = sample.draw(asked(), source, 1)
        return sample.follow(drawn, source, sample.seal(asked(), drawn.exclusions))
    except WatwerktError as error:
        return error


@quick
@given(people=tables(), order=st.permutations(range(40)))
def test_the_order_of_rows_changes_nothing(people: pa.Table, order: list[int]) -> None:
    """Not one array of what is drawn and followed, to the last bit, also with exact copies."""
    first, second = answerable(people), answerable(people.take(order))

    assert type(first) is type(second)
    if isinstance(first, sample.Followed) and isinstance(second, sample.Followed):
        for one, other in zip(_arrays(first), _arrays(second), strict=True):
            assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
        assert first.drawn.snapshot == second.drawn.snapshot
        assert first.drawn.exclusions == second.drawn.exclusions


def _arrays(of: sample.Followed) -> list[np.ndarray]:
    drawn = of.drawn
    return [drawn.key, drawn.arm, drawn.covariates.x, drawn.weight, drawn.person, of.panels[0].y]


@quick
@given(people=tables())
def test_everybody_is_used_or_counted(people: pa.Table) -> None:
    """Rows read are rows used plus rows set aside, and arms add up to those used."""
    found = answerable(people)

    if isinstance(found, sample.Followed):
        drawn = found.drawn
        assert drawn.exclusions.read == 40
        assert drawn.exclusions.used == len(drawn) == sum(facts.n or 0 for facts in drawn.facts)
        assert np.isfinite(drawn.covariates.x).all()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A table's bytes with a few stretches cut out or written over."""
    content = PEOPLE.encode()
    for _ in range(draw(st.integers(1, 3))):
        a = draw(st.integers(0, len(content)))
        b = min(len(content), a + draw(st.integers(0, 40)))
        new = draw(
            st.one_of(st.binary(max_size=6), st.sampled_from([b"\n", b'"', b",", b";", b"\r", b"1e999", b"\xff"]))
        )
        content = content[:a] + new + content[b:]
    return content


@quick
@given(content=st.one_of(damaged(), st.binary(max_size=200)))
def test_damage_is_a_named_error(content: bytes, tmp_path: Path) -> None:
    """A damaged file: sound people, or one line that says what is wrong. Never a traceback."""
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    found = answerable(path)

    assert isinstance(found, sample.Followed) or str(found)


VALUES = st.one_of(st.none(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=4), st.booleans())


@quick
@given(values=st.lists(VALUES, min_size=60, max_size=60), role=st.sampled_from(["age", "course", "earnings", "region"]))
def test_a_column_of_anything_is_a_named_error(values: list[Any], role: str) -> None:
    """A pandas column may mix everything with everything."""
    rows = [line.split(",") for line in PEOPLE.splitlines()]
    people = pd.DataFrame(rows[1:], columns=rows[0])
    people[role] = pd.Series(values, dtype=object)
    found = answerable(people)

    assert isinstance(found, sample.Followed) or str(found)
