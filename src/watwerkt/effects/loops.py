"""Loops whose turns do not hang together, through joblib: the same bytes for any number of jobs and any backend.

How many jobs is joblib's own setting: ``with joblib.parallel_config(n_jobs=2)`` around an answer (the command line does
so with ``--threads``), or a backend on several machines (Dask, Ray, Spark). Without it one turn follows another. A turn
takes no random numbers but its own, and adds up with one BLAS thread wherever it runs, so that the order and the place
of turns change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

Given = TypeVar("Given")
Made = TypeVar("Made")


def spread(turn: Callable[[Given], Made], over: Iterable[Given], shared: bool = False) -> list[Made]:
    """``turn`` of each, in their order.

    ``shared``: the turns read large arrays and spend their time outside Python, so that threads of this process do, and
    no array is handed to another one.
    """
    return list(Parallel(prefer="threads" if shared else None)(delayed(_alone)(turn, one) for one in over))


def _alone(turn: Callable[[Given], Made], one: Given) -> Made:
    """One turn on one BLAS thread: a worker has limits of its own."""
    with threadpool_limits(limits=1):
        return turn(one)
