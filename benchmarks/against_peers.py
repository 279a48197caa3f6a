"""More peers on the rows of ``against_doubleml.py``, and how the price grows with outcomes: ratios of one run.

    python benchmarks/against_peers.py [PEOPLE] [PEOPLE …]

CPU seconds, one thread: the whole answer (7 arms × 180 outcomes, three targets, bands); the same of one outcome, whose
ratio is what 179 more cost; the same answer with LightGBM on five components of each path in place of ridge; and
EconML's LinearDRLearner on one outcome, × 180, from an environment of its own (benchmarks/peers.txt). 10,000 people are
some 18,000 rows, 50,000 some 90,000.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from against_doubleml import OUTCOMES, PEERS, once


def econml(people: int) -> dict[str, object] | None:
    """One outcome; None where it is not installed."""
    import trials

    if not list(PEERS.parents[1].glob("lib/python*/site-packages/econml")):
        return None
    of, seen = trials.simulate(people, 1)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "rows.npz"))
        np.savez(path, x=of.covariates.x, arm=of.arm, y=seen.panels[0].y[:, trials.TIMED])
        return once(str(PEERS), "econml_once.py", path)


def main(people: int) -> None:
    """One table."""
    whole, one, trees = (
        once(sys.executable, "watwerkt_once.py", str(people), "1", what) for what in ("answer", "one", "components")
    )
    print(f"\n{whole['rows']} rows; CPU seconds on one thread\n\n| what | CPU s | times the answer | peak MB |")
    print("|---|---|---|---|")
    rows = [("watwerkt, 180 outcomes", whole, 1), ("watwerkt, one outcome", one, 1)]
    rows += [("watwerkt, LightGBM on 5 components", trees, 1)]
    theirs = econml(people)
    rows += [("EconML LinearDRLearner, one outcome × 180", theirs, OUTCOMES)] if theirs else []
    for name, found, times in rows:
        used = times * found["cpu"]
        print(f"| {name} | {used:,.2f} | {used / whole['cpu']:,.2f} | {found['peak_mb']:.0f} |")
    print(f"\n180 outcomes cost {whole['cpu'] / one['cpu']:.1f} times one outcome.")


if __name__ == "__main__":
    for argument in sys.argv[1:] or ["3000"]:
        main(int(argument))
