"""What a world of invented people looks like beside what is known of real ones: the table of the documentation.

python tests/magnitudes.py --people 100000 --out docs/truth/magnitudes.md
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from watwerkt.synthetic import Register, make, worlds
from watwerkt.synthetic.clock import MONTH, day, month_of
from watwerkt.synthetic.life import NO_ARM

# Named: by those who asked for this world, without a source in the list of published findings.
NAMED, INVENTED = "named", "invented"


@dataclass(frozen=True)
class Magnitude:
    """One line of the table: what it is, what it should be, where that comes from, and the range that a test allows."""

    what: str
    target: str
    source: str
    low: float
    high: float
    found: float

    @property
    def within(self) -> bool:
        """Whether it is as it should be."""
        return self.low <= self.found <= self.high


def measure(register: Register) -> tuple[Magnitude, ...]:
    """All of them, from one register of the country."""
    return (*_leaving(register), *_ending(register), *_calendar(register), *_offers(register), *_small(register))


def _leaving(register: Register) -> tuple[Magnitude, ...]:
    people, life = register.people, register.life
    ww, welfare = ~people.welfare, people.welfare
    first = life.jobs.start[:, 0] - people.entry
    left = life.last_on_benefit < 365
    return (
        Magnitude("WW: at work within a year", "two thirds", NAMED, 0.63, 0.70, (first[ww] < 365).mean()),
        Magnitude("WW: to work in month 1", "12 %", NAMED, 0.105, 0.135, _exits(register, ww, 0)),
        Magnitude("WW: to work in month 12", "5 %", NAMED, 0.045, 0.07, _exits(register, ww, 11)),
        Magnitude("welfare: left within a year", "23 %", NAMED, 0.20, 0.26, left[welfare].mean()),
    )


def _exits(register: Register, among: np.ndarray, month: int) -> float:
    """Share of those still on benefit who find work in an elapsed month."""
    life = register.life
    at_risk = among & (life.last_on_benefit >= month * MONTH)
    leaves = at_risk & life.found_work & (life.last_on_benefit < (month + 1) * MONTH)
    return float(leaves.sum() / at_risk.sum())


def _ending(register: Register) -> tuple[Magnitude, ...]:
    people, life = register.people, register.life
    right = people.entitled_to - people.entry
    rates = []
    for months in (1, 2):
        opens = right - 30 * months
        at_risk = ~people.welfare & (life.last_on_benefit >= opens)
        rates.append((at_risk & life.found_work & (life.last_on_benefit < opens + 30)).sum() / at_risk.sum())
    later = people.entry >= day(date(2018, 7, 1))
    ages = np.abs(people.age - 45) < 5
    months = {when: right[ages & ~people.welfare & (later == when)].mean() / MONTH for when in (False, True)}
    spike, shorter = float(rates[0] / rates[1]), float(months[True] / months[False])
    return (
        Magnitude("to work in the last 30 days of a right, beside the 30 before", "a spike", NAMED, 1.4, 2.2, spike),
        Magnitude("right at age 40–50, entered from July 2018 on, beside earlier", "0.75", INVENTED, 0.7, 0.8, shorter),
    )


def _calendar(register: Register) -> tuple[Magnitude, ...]:
    month = month_of(register.people.entry)
    inflow = np.bincount(month - month.min()).astype(float)
    season = inflow.reshape(3, 12) / inflow.reshape(3, 12).mean(axis=1, keepdims=True)
    winter = season[:, [11, 0, 1]].mean() / season[:, [5, 6, 7]].mean()
    cycle = inflow[:3].sum() / inflow[-3:].sum()
    return (
        Magnitude("inflow of the first three months, beside the last three", "2.5", NAMED, 2.1, 3.0, float(cycle)),
        Magnitude("inflow in winter, beside summer of the same year", "more", NAMED, 1.1, 1.5, float(winter)),
    )


def _offers(register: Register) -> tuple[Magnitude, ...]:
    programme = register.life.programme
    plan, ww = programme.plan, ~register.people.welfare
    trained = programme.started & (plan.arm < 2) & ww
    begun = plan.arm != NO_ARM
    days = (plan.planned_end - plan.begins + 1)[begun]
    shares = {length: float((days == length).mean()) for length in (1, 42, 91, 184, 365)}
    modes = float(min(shares.values()))
    return (
        Magnitude("WW: started a training", "1 %", NAMED, 0.006, 0.014, float(trained.sum() / ww.sum())),
        Magnitude("programmes of the rarest of: 1 day, 6 weeks, 3, 6, 12 months", "occur", NAMED, 0.005, 1, modes),
    )


def _small(register: Register) -> tuple[Magnitude, ...]:
    people, life = register.people, register.life
    at = people.entry + 365
    on_benefit = life.last_on_benefit >= 365
    works = ((people.small.start <= at[:, None]) & (people.small.end >= at[:, None])).any(axis=1)
    welfare, ww = (float(works[on_benefit & who].mean()) for who in (people.welfare, ~people.welfare))
    return (
        Magnitude("welfare after a year: income from work", "8 %", NAMED, 0.065, 0.095, welfare),
        Magnitude("WW after a year: a small job beside benefit", "as on welfare", INVENTED, 0.065, 0.11, ww),
    )


def page(rows: tuple[Magnitude, ...], people: int, out: Path) -> str:
    """The table, in Markdown."""
    lines = [
        "# Magnitudes of the invented country",
        "",
        f"`worlds.country()`, {people:,} people, seed 1. Shares are of 1. *Named*: an order of magnitude named to us",
        "for an employment service, without a published source that we hold; the rest is invented. Made by:",
        "",
        f"    python tests/magnitudes.py --people {people} --out {out}",
        "",
        "| | target | the target is | found |",
        "|---|---|---|---|",
        *(f"| {row.what} | {row.target} | {row.source} | {row.found:.3g} |" for row in rows),
    ]
    return "\n".join([*lines, ""])


def main() -> None:
    """Make the register and write the page."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--people", type=int, default=100_000)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    given.out.write_text(page(measure(make(worlds.country(), given.people)), given.people, given.out), encoding="utf-8")


if __name__ == "__main__":
    main()
