"""Whether fake arms drawn among some of the comparison rows keep the size of the check (docs/decisions/0170).

    python tests/truth/fake_arms_some.py [--sets 10] [--others 2] [--replications 30] [--people 20000] [--rows 6000]

Honest data sets as in ``fake_arms.py``, but of more people, of whose comparison rows so many are looked at. Beside them
data sets whose estimator adjusts for nothing: it should be caught. Prints a line a data set, and the table.
"""

from __future__ import annotations

import argparse

import fake_arms as whole
import numpy as np

from watwerkt.effects import fakes
from watwerkt.effects.checks.fake_arms import SPREAD


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser()
    for name, default in (("sets", 10), ("others", 2), ("replications", 30), ("people", 20_000), ("rows", 6_000)):
        arguments.add_argument(f"--{name}", type=int, default=default)
    given = arguments.parse_args()
    whole.PEOPLE, fakes.ROWS = given.people, given.rows
    tasks = [(whole.HONEST[seed % 2], seed, given.replications) for seed in range(1, given.sets + 1)]
    tasks += [("nothing", seed, given.replications) for seed in range(1, given.others + 1)]
    found: list[whole.Result] = []
    for task in tasks:
        made = whole.one(task)
        found += made
        print(task, [(one.arm, round(one.mean_z, 2), one.covered) for one in made], flush=True)
    print(
        "| scenario | data sets | mean z | mean size of z | spread of z | bands hold 0 | alarm, mean | bands | either |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, of in (("honest", whole.HONEST), ("nothing", ("nothing",))):
        sets = [arms for scenario in of for arms in whole.sets(found, scenario)]
        z = np.array([one.mean_z for arms in sets for one in arms])
        share = np.mean([one.covered / one.draws for arms in sets for one in arms])
        alarm = " | ".join(f"{value:.2f}" for value in whole.alarms(sets))
        own = f"{z.mean():+.2f} | {np.abs(z).mean():.2f} | {z.std(ddof=1):.2f}"
        print(f"| {name} | {len(sets)} | {own} | {share:.3f} | {alarm} |")
    noise = np.sqrt(SPREAD**2 + 1 / given.replications)
    print(f"The rule expects a spread of z of {noise:.2f} with {given.replications} draws.")


if __name__ == "__main__":
    main()
