"""Loops whose turns do not hang together, through joblib: the same bytes for any number of jobs and any backend.

How many jobs is joblib's own setting: ``with joblib.parallel_config(n_jobs=2)`` around an answer (the command line says
``with jobs()``: as many as ``--threads``), or a backend on several machines (Dask, Ray, Spark). Without it one turn
follows another. A turn takes no random numbers but its own, and adds up with one BLAS thread wherever it runs, so that
the order and the place of turns change nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TypeVar

from joblib import Parallel, delayed, parallel_config
from threadpoolctl import threadpool_limits

from watwerkt.register import Engine

Given = TypeVar("Given")
Made = TypeVar("Made")


def jobs() -> AbstractContextManager[object]:
    """As many jobs as the machine's limits allow: WATWERKT_THREADS, or a job a core."""
    return parallel_config(n_jobs=Engine.given().threads or os.cpu_count() or 1)  # type: ignore[no-any-return]


def spread(turn: Callable[[Given], Made], over: Iterable[Given], shared: bool = False) -> list[Made]:
    """``turn`` of each, in their order.

    ``shared``: the turns read large arrays and spend their time outside Python, so that threads of this process do, and
    no array is handed to another one.
    """
    with threadpool_limits(limits=1):  # what a thread of this process restores when its turn is over
        return list(Parallel(prefer="threads" if shared else None)(delayed(_alone)(turn, one) for one in over))


def _alone(turn: Callable[[Given], Made], one: Given) -> Made:
    """One turn on one BLAS thread: a worker has limits of its own."""
    with threadpool_limits(limits=1):
        return turn(one)
