"""Folds by person, stratified by arm, from a hash of the person: no row order and no added row moves anybody."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from watwerkt.sample.nouns import Drawn

Codes = NDArray[np.int64]

# Below so many persons a fold, an arm is dealt out in the order of the hash so that every fold holds its share; above
# it the hash alone is even enough, and then an added person changes nobody else's fold.
DEALT = 200


def folds(drawn: Drawn, number: int, seed: int, repeat: int = 0) -> Codes:
    """The fold (n,) 0 … number−1 of each row; all rows of a person share one."""
    persons, first, inverse = np.unique(drawn.person, return_index=True, return_inverse=True)
    hashes = hashed(drawn.ident[first], f"fold {seed} {repeat}")
    return dealt(hashes, rarest_arm(drawn.arm, inverse, len(persons)), number)[inverse]


def dealt(luck: NDArray[np.uint64], rarest: Codes, number: int) -> Codes:
    """The fold (P,) of each person from a random number and the rarest arm of each, (P,)."""
    fold = (luck % np.uint64(number)).astype(np.int64)
    for a in np.unique(rarest):
        members = np.flatnonzero(rarest == a)
        if len(members) < DEALT * number:
            fold[members[np.argsort(luck[members], kind="stable")]] = np.arange(len(members)) % number
    return fold


def order(drawn: Drawn, seed: int) -> NDArray[np.uint64]:
    """A random number (n,) of each row's person, for drawing a subsample that added rows leave as it is."""
    _, first, inverse = np.unique(drawn.person, return_index=True, return_inverse=True)
    return hashed(drawn.ident[first], f"order {seed}")[inverse]


def hashed(ident: NDArray[np.str_], salt: str) -> NDArray[np.uint64]:
    """64 bits of BLAKE2 of each id, salted."""
    key = salt.encode()
    digests = (hashlib.blake2b(i.encode(), digest_size=8, key=key).digest() for i in ident.tolist())
    return np.frombuffer(b"".join(digests), dtype="<u8")


def rarest_arm(arm: Codes, person: Codes, persons: int) -> Codes:
    """Of the arms in which a person has rows, the one with the fewest rows: an arm's few are dealt, not its many."""
    counts = np.bincount(arm)
    by_size = np.argsort(-counts, kind="stable")
    place = np.empty(len(counts), dtype=np.int64)
    place[by_size] = np.arange(len(counts))
    rank = np.zeros(persons, dtype=np.int64)
    np.maximum.at(rank, person, place[arm])
    return np.asarray(by_size[rank], dtype=np.int64)
