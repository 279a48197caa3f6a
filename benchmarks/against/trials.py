"""Monthly trials of invented job seekers whose truth is known: seven arms, five outcomes, 36 months.

People on benefit may start one of six instruments in any month, by hazards that depend, not linearly, on who they are,
their history and how long they look; one instrument is rare. An instrument locks in first and gains later, more for
some than for others. Those who do not start now may start later. A comparison row is drawn with probability 1/4.
Truth is the mean of lives simulated under "start now" and "not now", later starts as they happen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Arm, Exclusions, Outcome, Population, Primary, Question, Step, Time, Words
from watwerkt.sample.nouns import Covariates, Drawn, Followed, Panel

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

ARMS = ("not_now", "short", "long", "coaching", "subsidy", "public_job", "rare")
OUTCOMES = ("work", "kept_wage", "earnings", "on_benefit", "steady")
MONTHS = tuple(range(36))
UNTIL = 12  # elapsed months in which a trial may begin
RATE = 0.25  # of comparison rows drawn
TIMED = 12  # the month of work that is timed against others

HAZARD = np.array([-5.1, -5.4, -4.9, -5.3, -5.6, -7.2])  # log monthly hazards of starting
LOCK = np.array([0.5, 1.3, 0.2, 0.0, 1.8, 0.6])  # by how much the log-odds of finding work fall during an instrument
LENGTH = np.array([3, 9, 3, 1, 8, 4])  # its months
GAIN = np.array([0.20, 0.55, 0.15, 0.45, -0.10, 0.30])  # by how much they rise afterwards


@dataclass(frozen=True, eq=False)
class People:
    """Job seekers at the start of their spell. ``z`` (n, 12) continuous, ``b`` (n, 9) 0/1, ``luck`` (n,) hidden, and
    no cause of starting."""

    z: Floats
    b: Floats
    luck: Floats

    def __len__(self) -> int:
        return len(self.z)

    def at(self, rows: Codes) -> People:
        """Some of them, also more than once."""
        return People(self.z[rows], self.b[rows], self.luck[rows])


def people(n: int, rng: np.random.Generator) -> People:
    """Age, history, wage and the like: correlated, some skewed."""
    z = rng.normal(size=(n, 12))
    z[:, 1] = 0.5 * z[:, 0] + z[:, 1]
    z[:, 2] = np.maximum(0.0, 1.0 + z[:, 1] + z[:, 2])  # months of work in the last two years: many zeros
    z[:, 3] = np.exp(0.4 * z[:, 3] + 0.2 * z[:, 0])  # wage, skewed
    kind = rng.integers(0, 4, n)
    region = rng.integers(0, 4, n)
    b = np.column_stack(
        [kind[:, None] == np.arange(1, 4), region[:, None] == np.arange(1, 4), rng.random((n, 3)) < 0.4]
    )
    return People(z, b.astype(float), rng.normal(size=n))


def starting(who: People, elapsed: Codes) -> Floats:
    """Monthly hazards (n, 6)."""
    z, b = who.z, who.b
    need = 0.35 * z[:, 0] - 0.25 * z[:, 2] + 0.3 * np.abs(z[:, 4]) + 0.3 * b[:, 0] * z[:, 5]
    able = 0.35 * z[:, 5] + 0.25 * b[:, 1] + 0.2 * (z[:, 3] > 1.3)
    mix = np.array([[0.6, 0.2], [0.9, 0.3], [0.5, -0.2], [0.2, 0.9], [1.0, -0.6], [0.5, 0.5]])
    log_h = HAZARD + np.column_stack([need, able]) @ mix.T + 0.05 * np.minimum(elapsed, 12)[:, None]
    return np.exp(np.minimum(log_h, np.log(0.15)))


def finding(who: People, elapsed: Codes) -> Floats:
    """Log-odds of finding work in a month without any instrument."""
    z, b = who.z, who.b
    trait = (
        -0.3 * z[:, 0]
        + 0.35 * z[:, 2]
        - 0.2 * np.abs(z[:, 4])
        + 0.3 * z[:, 5]
        + 0.2 * b[:, 1]
        - 0.3 * b[:, 0] * z[:, 5]
    )
    return -2.6 + trait + 0.5 * who.luck - 0.04 * np.minimum(elapsed, 24)


def lives(who: People, elapsed: Codes, now: Codes | None, months: int, rng: np.random.Generator) -> Lives:
    """Month by month from unemployment at ``elapsed``; ``now`` forces an arm (0: none) in the first month."""
    n = len(who)
    works, arm, since = np.zeros(n, bool), np.zeros(n, np.int64), np.full(n, -1)
    work, started = np.zeros((n, months), bool), np.zeros((n, months), np.int64)
    gain = np.column_stack([np.zeros(n), GAIN * (1 + 0.6 * np.tanh(who.z[:, [5]]))])
    lock, length = np.append(0.0, LOCK), np.append(0, LENGTH)
    for m in range(months):
        if m == 0 and now is not None:
            starts = now
        else:
            cut = starting(who, elapsed + m).cumsum(1)
            chosen = (rng.random(n)[:, None] > cut).sum(1)
            starts = np.where((chosen < 6) & ~works & (arm == 0) & (elapsed + m < 24), chosen + 1, 0)
        since = np.where(since >= 0, since + 1, np.where(starts > 0, 0, -1))
        arm = np.where(arm > 0, arm, starts)
        during = (arm > 0) & (since < length[arm])
        odds = finding(who, elapsed + m) + np.where(during, -lock[arm], gain[np.arange(n), arm])
        u = rng.random(n)
        works = np.where(works, u > 0.03 - 0.01 * np.tanh(who.z[:, 2] - 1), u < 1 / (1 + np.exp(-odds)))
        work[:, m], started[:, m] = works, starts
    return Lives(work, started, np.exp(0.1 * rng.normal(size=n)))


@dataclass(frozen=True, eq=False)
class Lives:
    """``work``, ``started`` (n, months): employed at its end, and the arm begun in it (0: none); ``raise_`` (n,)."""

    work: NDArray[np.bool_]
    started: Codes
    raise_: Floats


def outcomes(who: People, lived: Lives, elapsed: Codes) -> list[Floats]:
    """The five outcomes, each (n, M)."""
    work = lived.work.astype(np.float32)
    wage = (who.z[:, 3] * lived.raise_).astype(np.float32)[:, None]
    entitled = (elapsed[:, None] + np.arange(work.shape[1])) < 24
    steady = work.copy()
    steady[:, 1:] *= work[:, :-1]
    kept = work * (lived.raise_ > 0.9)[:, None]
    return [work, kept.astype(np.float32), 1000 * work * wage, ((work == 0) & entitled).astype(np.float32), steady]


def simulate(n: int, seed: int) -> tuple[Drawn, Followed]:
    """Drawn and followed rows of n people, about 2 rows a person."""
    rng = np.random.default_rng(seed)
    who = people(n, rng)
    lived = lives(who, np.zeros(n, np.int64), None, UNTIL + len(MONTHS), rng)
    free = np.column_stack([np.ones((n, 1), bool), ~np.logical_or.accumulate(lived.work, 1)[:, :-1]])
    free &= np.column_stack([np.ones((n, 1), bool), ~np.logical_or.accumulate(lived.started > 0, 1)[:, :-1]])
    person, u = np.nonzero(free[:, :UNTIL])
    arm = lived.started[person, u]
    kept = (arm > 0) | (rng.random(len(arm)) < RATE)
    person, u, arm = person[kept], u[kept], arm[kept]
    window = u[:, None] + np.arange(len(MONTHS))
    mine = Lives(lived.work[person[:, None], window], lived.started[person[:, None], window], lived.raise_[person])
    drawn = as_drawn(who.at(person), person, u, arm)
    panels = tuple(Panel(o, MONTHS, y) for o, y in zip(OUTCOMES, outcomes(who.at(person), mine, u), strict=True))
    later = np.where((mine.started[:, 1:] > 0).any(1), 1 + (mine.started[:, 1:] > 0).argmax(1), -1)
    return drawn, Followed(drawn, panels, np.where(arm == 0, later, -1))


def as_drawn(who: People, person: Codes, u: Codes, arm: Codes) -> Drawn:
    """Rows as the sample hands them on."""
    n = len(arm)
    x = np.column_stack([who.z, who.b, u])
    names = (*(f"z{j}" for j in range(12)), *(f"b{j}" for j in range(9)), "elapsed")
    block = (*names[:12], *("kind",) * 3, *("region",) * 3, *names[18:])
    binary = np.array([12 <= j < 21 for j in range(len(names))])
    rate = np.ones((n, len(ARMS)))
    rate[:, 0] = RATE
    return Drawn(
        question=question(), snapshot="invented", synthetic=True, threshold=10, arms=ARMS,
        key=np.array([f"{p:08d}/{m:02d}" for p, m in zip(person, u, strict=True)]),
        arm=arm, person=person, cluster=person, stratum=np.zeros(n, np.int64),
        weight=1 / rate[np.arange(n), arm], rate=rate, covariates=Covariates(names, block, x, binary),
        exclusions=Exclusions((Step("read", "", n),)), ident=np.array([f"{p:08d}" for p in person]),
        zero=np.full(n, np.datetime64("NaT", "D")),
    )  # fmt: skip


def question() -> Question:
    """Work is the primary outcome, at month 30."""
    return Question(
        id="trials", title=Words(), arms=tuple(Arm(a) for a in ARMS[1:]), compared_with=ARMS[0],
        outcomes=tuple(Outcome(o, "earnings" if o == "earnings" else "employed") for o in OUTCOMES),
        population=Population(), time=Time(zero="each month", horizon=35, primary=Primary("work", 30)),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Truth:
    """Effects of each instrument (6, outcomes, M) on everybody at risk, on those who start it, and on everybody as
    often as the rows drawn hold them (comparison rows count a quarter)."""

    all: Floats
    treated: Floats
    drawn: Floats


def truth(n: int, seed: int) -> Truth:
    """From n people: every month at risk lived again under each start and under not now.

    The hazard of starting is the weight of a row among the treated: it is the expected number who start there.
    """
    rng = np.random.default_rng(seed)
    who = people(n, rng)
    lived = lives(who, np.zeros(n, np.int64), None, UNTIL, rng)
    free = np.column_stack([np.ones((n, 1), bool), ~np.logical_or.accumulate(lived.work, 1)[:, :-1]])
    free &= np.column_stack([np.ones((n, 1), bool), ~np.logical_or.accumulate(lived.started > 0, 1)[:, :-1]])
    person, u = np.nonzero(free)
    rows = who.at(person)
    hazards = starting(rows, u)
    starts = hazards.sum(1)
    everybody = np.column_stack([np.ones(len(u)), starts + RATE * (1 - starts)])
    without = _means(rows, u, 0, np.column_stack([everybody, hazards]), rng)
    effects = []
    for a in range(1, len(ARMS)):
        with_ = _means(rows, u, a, np.column_stack([everybody, hazards[:, a - 1]]), rng)
        effects.append(with_ - without[[0, 1, a + 1]])
    all_, drawn, treated = np.array(effects).swapaxes(0, 1)
    return Truth(all_, treated, drawn)


def _means(rows: People, u: Codes, a: int, weights: Floats, rng: np.random.Generator) -> Floats:
    """Weighted means (weights, outcomes, M) of lives that begin with arm a."""
    lived = lives(rows, u, np.full(len(u), a), len(MONTHS), rng)
    w = weights / weights.sum(0)
    return np.stack([w.T @ y for y in outcomes(rows, lived, u)], axis=1)


def known(target: str) -> Floats:
    """Effects on work (6, months) in one target, from truth.json."""
    return np.array(json.loads(Path(__file__).with_name("truth.json").read_text("utf-8"))[target])


def main(people_: int = 200_000, seed: int = 20) -> None:
    """Write truth.json: `python benchmarks/against/trials.py`; ten batches, whose spread says how sure it is."""
    batches = [truth(people_ // 10, seed + i) for i in range(10)]
    work = {t: np.array([getattr(b, t)[:, 0] for b in batches]) for t in ("all", "treated", "drawn")}
    error = {t: float((v.std(0) / 10**0.5).mean().round(5)) for t, v in work.items()}
    found = {t: v.mean(0).round(5).tolist() for t, v in work.items()}
    text = {"outcome": "work", "people": people_, "mean_simulation_error": error, **found}
    Path(__file__).with_name("truth.json").write_text(json.dumps(text) + "\n", "utf-8")


if __name__ == "__main__":
    main()
