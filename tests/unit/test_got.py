"""What the comparison got after all: counted by arm, withheld where few, told in both languages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from monthly import World, world

from watwerkt.door import rounding
from watwerkt.door.disclose import suppress_got
from watwerkt.dossier import Facts, Got
from watwerkt.effects.designs import adjusted
from watwerkt.effects.got import got
from watwerkt.effects.nouns import Settings


def test_shares_by_arm_and_month() -> None:
    """A fifth of the comparison starts `short` in month 2, so a fifth had by month 3; nobody starts `long`."""
    of, seen = world(World(persons=2000))
    first = np.where((of.arm == 0) & (np.random.default_rng(1).random(len(of)) < 0.2), 2, -1)
    seen = replace(seen, got=(("short", first), ("long", np.full(len(of), -1))))
    found = {(g.arm, g.started): g for g in got(adjusted.prepare(of, Settings()), seen)}

    assert {g.month for g in found.values()} == {3}
    assert found["long", "short"].share == pytest.approx(0.2, abs=0.05)
    assert found["long", "short"].n == np.sum(first >= 0)
    assert found["short", "long"].share == 0
    none = got(adjusted.prepare(of, Settings()), replace(seen, got=(("short", np.where(first >= 0, 4, -1)),)))
    assert all(g.share == 0 for g in none)


def test_small_shares_do_not_leave() -> None:
    """Fewer than ten people: withheld; a single hidden one takes the smallest other along."""
    small, middle, large = (Got("a", name, 24, n / 1000, n, 1000 - n) for name, n in (("x", 4), ("y", 40), ("z", 400)))

    assert suppress_got((small, middle, large), 10) == (large,)
    assert suppress_got((middle, large), 10) == (middle, large)
    assert suppress_got((small, replace(small, started="w"), large), 10) == (large,)
    assert suppress_got((replace(large, n=996, n_rest=4),), 10) == ()


def test_what_leaves_is_rounded() -> None:
    """Two digits of a share, persons to 5."""
    (found,) = rounding.facts(Facts(got=(Got("a", "b", 24, 0.12345, 123, 877),))).got

    assert (found.share, found.n, found.n_rest) == (0.12, 125, 875)
