"""Which offices register badly: the same in every chunk of a register, drawn from its seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from watwerkt.synthetic.people import OFFICES_A_REGION, REGIONS

OFFICES = tuple(f"{region}-{i + 1}" for region in REGIONS for i in range(OFFICES_A_REGION))


@dataclass(frozen=True)
class Offices:
    """``careless_with_coaching`` register half of it; ``without_planned_end`` mostly leave that out; ``lost``: one
    and the month of which it lost all provisions; ``merged`` go on as ``merged_into`` from MERGED_ON."""

    careless_with_coaching: tuple[str, ...]
    without_planned_end: tuple[str, ...]
    lost: tuple[str, np.datetime64]
    merged: tuple[str, str]
    merged_into: str

    UNREGISTERED: ClassVar[float] = 0.5
    MERGED_ON: ClassVar[np.datetime64] = np.datetime64("2018-07-01")
    # A quarter of the offices has three times the share, the others a third of it: the share itself in the mean.
    CARELESS: ClassVar[float] = 3.0
    CAREFUL: ClassVar[float] = 1 / 3

    @classmethod
    def of(cls, seed: int, under_registering: float) -> Offices:
        """The offices of a seed: a share of all under-registers coaching."""
        rng = np.random.default_rng([seed, 5])
        region = REGIONS[int(rng.integers(0, len(REGIONS)))]
        merged = (f"{region}-1", f"{region}-2")
        order = [office for office in rng.permutation(OFFICES).tolist() if office not in merged]
        few = round(under_registering * len(OFFICES))
        month = np.datetime64("2018-01", "M") + int(rng.integers(0, 18))
        return cls(tuple(order[:few]), tuple(order[-3:]), (order[few], month), merged, f"{region}-12")
