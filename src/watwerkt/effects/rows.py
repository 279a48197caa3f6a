"""The rows of a sample as arrays, in the order in which they are estimated: by fold, then arm (then key)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.effects.outcomes import Groups, largest
from watwerkt.sample.nouns import Drawn

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rows:
    """What estimation needs of the rows ``seen`` (n,) of a drawn sample, each array (n,) in that order; ``e`` (n, K).

    ``groups``: arm and fold; ``s`` METHODS' weight. ``labels``: (name, label, code, the group's codes) of each declared
    group and label. ``office`` codes, −1 where not known, or None.
    """

    seen: Codes
    groups: Groups
    person: Codes
    cluster: Codes
    s: Floats
    e: Floats
    labels: tuple[tuple[str, int, Codes], ...]
    office: Codes | None = None

    @property
    def arm(self) -> Codes:
        """The arm of each row."""
        return self.groups.arm

    def __len__(self) -> int:
        return len(self.seen)


def rows(drawn: Drawn, fold: Codes, e: Floats, observed: NDArray[np.bool_] | None, folds: int) -> Rows:
    """Those of ``observed`` (N,), all when None, sorted so that a fold and an arm is one slice."""
    seen = np.lexsort((drawn.arm, fold))
    if observed is not None:
        seen = seen[observed[seen]]
    return Rows(
        seen=seen,
        groups=Groups(drawn.arm[seen], fold[seen], len(drawn.arms), folds, largest(drawn.arm)),
        person=np.unique(drawn.person, return_inverse=True)[1][seen],
        cluster=np.unique(drawn.cluster, return_inverse=True)[1][seen],
        s=drawn.weight[seen],
        e=e[seen],
        labels=tuple(
            (f"{group.name}={label}", j, group.code[seen])
            for group in drawn.groups
            for j, label in enumerate(group.labels)
        ),
        office=None if drawn.office is None else drawn.office[seen],
    )
