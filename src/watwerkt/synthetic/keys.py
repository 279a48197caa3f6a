"""Keys that say nothing: a keyed permutation of numbers, so that they are unique over chunks and in no order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.synthetic.clock import Days

SLOTS = 64  # keys that one person can have of one kind
_ROUNDS = 4
Words = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Keys:
    """The keys of some people of a register: those at ``offset`` … ``offset + n`` of ``size``, of one ``seed``."""

    seed: int
    offset: int
    n: int
    size: int

    def persons(self) -> Days:
        """One key a person (n,)."""
        return permuted(self.offset + np.arange(self.n), self.seed, "person", self.size) + 1

    def of(self, kind: str, person: Days, slot: Days | int) -> Days:
        """Keys of things of one kind: the ``slot``-th (0 … SLOTS − 1) of each ``person`` (k,), places from 0."""
        return permuted((self.offset + person) * SLOTS + slot, self.seed, kind, self.size * SLOTS) + 1


def permuted(index: Days, seed: int, kind: str, size: int) -> Days:
    """Numbers 0 … size − 1 as other numbers below some power of 4 that is at least ``size``, one to one.

    A balanced Feistel network of four rounds (Luby & Rackoff 1988, SIAM J. Comput. 17) whose round function is the
    finalizer of splitmix64 (Steele, Lea & Flood 2014, OOPSLA). Not secret, but without a pattern that anybody sees.
    """
    half = max(1, (max(size - 1, 1).bit_length() + 1) // 2)
    mask = np.uint64((1 << half) - 1)
    rounds = np.random.default_rng([seed, 7, *kind.encode()]).integers(0, 2**63, _ROUNDS).astype(np.uint64)
    value = index.astype(np.uint64)
    left, right = value >> np.uint64(half), value & mask
    for key in rounds:
        left, right = right, left ^ (_mixed(right ^ key) & mask)
    return np.asarray((left << np.uint64(half)) | right).astype(np.int64)


def _mixed(x: Words) -> Words:
    """Each word with its bits thoroughly mixed."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)))
