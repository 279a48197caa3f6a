"""The whole answer, or one outcome of it, on invented trials: CPU seconds, peak memory and estimates, as JSON.

.venv/bin/python benchmarks/against/watwerkt_once.py PEOPLE SEED answer|outcome|one|components
"""

import json
import resource
import sys
import time
from dataclasses import replace

import numpy as np
import trials

from watwerkt.effects import learners
from watwerkt.effects.designs import adjusted
from watwerkt.effects.nouns import Estimates, Settings
from watwerkt.effects.summaries import summarise
from watwerkt.sample.nouns import Drawn, Followed


def as_drawn(of: Drawn, seen: Followed) -> tuple[Drawn, Followed]:
    """The rows as if they were everybody: DoubleML knows no sampling weights."""
    plain = replace(of, weight=np.ones(len(of)), rate=np.ones_like(of.rate))
    y = seen.panels[0].y[:, [trials.TIMED]]
    return plain, Followed(plain, (replace(seen.panels[0], y=y, months=(trials.TIMED,)),))


def answered(of: Drawn, seen: Followed, settings: Settings) -> Estimates:
    """Propensities, regressions, influence, covariances; bands, totals, lock-in and break-even of every path."""
    found = adjusted.estimate(adjusted.prepare(of, settings), seen)
    for family in found.families:
        if family.compared_with == trials.ARMS[0]:
            summarise(family, found.design, of.question, seed=1)
    return found


def main(people: str, seed: str, what: str) -> None:
    """Simulate, then time."""
    of, seen = trials.simulate(int(people), int(seed))
    settings = Settings()
    if what == "outcome":
        of, seen = as_drawn(of, seen)
    if what == "one":
        one = replace(seen.panels[0], y=seen.panels[0].y[:, [trials.TIMED]], months=(trials.TIMED,))
        seen = Followed(of, (one,))
    if what == "components":
        import components

        settings = Settings(learner=(components.Regressor(), components.Classifier()))
        learners.Looped = components.Components
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.process_time()
    found = answered(of, seen, settings)
    used = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    everybody = {f.arm: f.theta[0] for f in found.families if f.target == "all"}
    theta = [everybody.get(arm, np.nan) for arm in trials.ARMS[1:]]
    print(json.dumps({"cpu": used, "start_mb": before, "peak_mb": peak, "rows": len(of), "theta": theta}))


if __name__ == "__main__":
    main(*sys.argv[1:])
