"""Credibility falls or stays: no check that is added can raise it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watwerkt import vocabulary
from watwerkt.dossier import Check
from watwerkt.dossier.check import VERDICTS
from watwerkt.dossier.credibility import LEVELS, weigh

CHECKS = st.builds(
    Check,
    name=st.sampled_from(sorted(vocabulary.load("checks"))),
    arm=st.just("short"),
    outcome=st.just(""),
    verdict=st.sampled_from(VERDICTS),
    statistic=st.just(1.0),
    closes=st.sampled_from([(), ("treated",), ("all", "treated"), ("all",)]),
)


@given(st.sampled_from(LEVELS), st.lists(CHECKS, max_size=8), CHECKS, st.integers(0, 8))
def test_one_more_check_never_raises_it(ceiling, checks, one, place):
    """Wherever it is put and whatever it says."""
    more = [*checks[:place], one, *checks[place:]]

    assert LEVELS.index(weigh(ceiling, more, "treated").level) <= LEVELS.index(weigh(ceiling, checks, "treated").level)


@given(st.sampled_from(LEVELS), st.lists(CHECKS, max_size=8))
def test_it_is_the_lowest_of_ceiling_and_caps(ceiling, checks):
    """The trace explains the level, and nothing else does."""
    found = weigh(ceiling, checks, "treated")

    assert found.level == min([ceiling, *(level for _, _, level in found.caps)], key=LEVELS.index)


@given(
    st.sampled_from(LEVELS), st.lists(CHECKS, max_size=8).flatmap(lambda c: st.tuples(st.just(c), st.permutations(c)))
)
def test_the_order_of_checks_does_not_matter(ceiling, both):
    """The level is the same in any order."""
    one, other = both

    assert weigh(ceiling, one, "treated").level == weigh(ceiling, other, "treated").level
