"""The analyses that people reach for first, side by side on worlds whose answer is known: who is wrong by how much.

    python -m venv build/peers && build/peers/bin/pip install -r benchmarks/peers.txt
    python tests/truth/naive.py --worlds 10 --out docs/truth/naive.md

What does an offer of long training do to work 24 months later, for those who got it? Every analyst has the same
register of 20,000 people: who they are, when they worked, what they were offered and started. Some look at it person by
person from the first day of the benefit spell, some month by month. DoubleML lives in an environment of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import numpy as np
import sides
from numpy.typing import NDArray
from scipy.stats import norm
from threadpoolctl import threadpool_limits
from through import ARMS, WORK, Through, question, through

from watwerkt.register import read
from watwerkt.synthetic import Register, make, worlds, write
from watwerkt.synthetic.clock import month_of
from watwerkt.synthetic.futures import NOT_NOW, futures
from watwerkt.synthetic.jobs import path
from watwerkt.synthetic.risk import at_risk

Floats = NDArray[np.float64]
PEOPLE, TRUTH_PEOPLE, ARM, MONTHS = 20_000, 1_000_000, "long", 24
PICTURE = "naive.svg"
HALF_A_YEAR, DAYS_A_MONTH = 183, 365.25 / 12
ROOT = Path(__file__).parents[2]
PEERS = ROOT / "build" / "peers" / "bin" / "python"


# ---- what every analyst has ------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Spells:
    """One row a benefit spell (n,), as a register shows it, in days from its first day.

    ``given`` (n, p) what is known on that day; ``starts``, ``ends`` of the programme, NaN without one; ``long``:
    planned for half a year or more; ``found`` the day of the first job, ``seen`` that day or the last one looked at;
    ``work`` (n,) in work 24 months after the first day; ``after`` (n,) 24 months after the start, NaN without one.
    """

    given: Floats
    starts: Floats
    ends: Floats
    long: NDArray[np.bool_]
    found: Floats
    seen: Floats
    work: Floats
    after: Floats


def spells(register: Register) -> Spells:
    """The register of one world, person by person."""
    p, life = register.people, register.life
    plan, started = life.programme.plan, life.programme.started
    arms = np.array([arm.name for arm in register.world.arms])
    past = path(p.before, month_of(p.entry) - 24, 24).work
    first = (life.jobs.start[:, 0] - p.entry).astype(float)
    given = np.column_stack(
        [p.age, p.age**2, p.woman, np.eye(8)[p.education][:, 2:], np.eye(4)[p.region][:, 1:], p.hours,
         past[:, :12].mean(1), past[:, 12:21].mean(1), past[:, 21:].mean(1)]
    )  # fmt: skip
    return Spells(
        given=given,
        starts=np.where(started, plan.begins, np.nan),
        ends=np.where(started, life.programme.end, np.nan),
        long=started & (arms[np.maximum(plan.arm, 0)] == ARM),
        found=first,
        seen=np.minimum(first, 2 * MONTHS * DAYS_A_MONTH),
        work=at_month(register, p.entry),
        after=np.where(started, at_month(register, p.entry + np.where(started, plan.begins, 0)), np.nan),
    )


def at_month(register: Register, since: NDArray[np.int64]) -> Floats:
    """Whether each person works 24 months after a day (n,)."""
    jobs = register.people.before.beside(register.life.jobs)
    return path(jobs, month_of(since) + MONTHS, 1).work[:, 0].astype(float)


@dataclass(frozen=True)
class Found:
    """What one analysis says, in points of 100, and the standard error that it prints."""

    estimate: float
    error: float


# ---- what they do ----------------------------------------------------------------------------------------------------


def raw(of: Spells) -> Found:
    """Who ever began long training against who never began anything, 24 months after the first day of benefit."""
    return mean_difference(of.work[of.long], of.work[np.isnan(of.starts)])


def realised(of: Spells) -> Found:
    """Long training is what lasted half a year: by the real length, which ends when work is found."""
    lasted = of.long & (of.ends - of.starts + 1 >= HALF_A_YEAR)
    return mean_difference(of.work[lasted], of.work[np.isnan(of.starts)])


def mean_difference(one: Floats, other: Floats) -> Found:
    """A difference of means and its error."""
    error = np.sqrt(one.var() / len(one) + other.var() / len(other))
    return Found(100 * float(one.mean() - other.mean()), 100 * float(error))


def regression(of: Spells) -> Found:
    """One regression of work on ever long training and everything known on the first day; HC1."""
    rows = of.long | np.isnan(of.starts)
    x = np.column_stack([of.long[rows], np.ones(rows.sum()), scaled(of.given[rows])])
    y = of.work[rows]
    bread = np.linalg.pinv(x.T @ x)
    b = bread @ (x.T @ y)
    meat = (x * ((y - x @ b) ** 2)[:, None]).T @ x * len(y) / (len(y) - x.shape[1])
    return Found(100 * float(b[0]), 100 * float(np.sqrt((bread @ meat @ bread)[0, 0])))


def scaled(x: Floats) -> Floats:
    """Columns with mean 0 and standard deviation 1; constant ones are left out."""
    kept = x[:, x.std(0) > 0]
    return np.asarray((kept - kept.mean(0)) / kept.std(0))


def cox(of: Spells, varying: bool) -> Found:
    """Finding work by Cox's regression with the controls of the first day, as points found within 24 months.

    Without ``varying`` who ever starts counts as trained from the first day: those days cannot have had an event, so
    training looks slow (immortal time); who starts something else is left out. With it a person is untrained until the
    start, and looked at until another programme starts. The hazard ratio is turned into points for the trained: found
    within 24 months with it less without, from Breslow's baseline.
    """
    never = np.isnan(of.starts)
    kept = np.ones(len(never), bool) if varying else of.long | never
    x, trained, starts = scaled(of.given[kept]), of.long[kept], np.where(never, np.inf, of.starts)[kept]
    upto, event = of.seen[kept], (of.found <= of.seen)[kept]
    if varying:
        first = np.minimum(upto, starts)  # the untrained part of everybody; then the trained part of the trained
        after = trained & (starts < upto)
        again = np.concatenate([x, x[after]])
        d = np.concatenate([np.zeros(len(x)), np.ones(after.sum())])
        span = np.concatenate([np.zeros(len(x)), starts[after]]), np.concatenate([first, upto[after]])
        hit = np.concatenate([event & (upto <= starts), event[after]])
    else:
        again, d, span, hit = x, trained * 1.0, (np.zeros(len(x)), upto), event
    b, information, hazard = partial_likelihood(np.column_stack([d, again]), span, hit)
    error = float(np.sqrt(np.linalg.inv(information)[0, 0]))
    since = starts[trained] if varying else np.zeros(trained.sum())
    base = (hazard(since + MONTHS * DAYS_A_MONTH) - hazard(since)) * np.exp(x[trained] @ b[1:])

    def points(log_ratio: float) -> float:
        return 100 * float(np.mean(np.exp(-base) - np.exp(-base * np.exp(log_ratio))))

    slope = (points(b[0] + 1e-4) - points(b[0] - 1e-4)) / 2e-4
    return Found(points(b[0]), abs(slope) * error)


def partial_likelihood(x: Floats, span: tuple[Floats, Floats], event: NDArray[np.bool_]):  # type: ignore[no-untyped-def]
    """Cox's (1972) partial likelihood by Newton, ties as Breslow (1974), rows at risk in (enter, leave].

    Coefficients (p,), information (p, p), and the cumulative baseline hazard as a function of the day.
    """
    enter, leave = span
    days = np.unique(leave[event])
    into, out = np.searchsorted(days, enter, side="right"), np.searchsorted(days, leave, side="right")
    deaths = np.bincount(np.searchsorted(days, leave[event]), minlength=len(days)).astype(float)
    total, b = x[event].sum(0), np.zeros(x.shape[1])

    def at_risk_sums(values: Floats) -> Floats:
        """Σ of the rows at risk on each day (D, …)."""
        flow = np.zeros((len(days) + 1, values.shape[1]))
        np.add.at(flow, into, values)
        np.add.at(flow, out, -values)
        return np.cumsum(flow, 0)[:-1]

    for _ in range(30):
        w = np.exp(x @ b)
        s0, s1 = at_risk_sums(w[:, None])[:, 0], at_risk_sums(w[:, None] * x)
        mean = s1 / s0[:, None]
        each = np.zeros(len(days) + 1)
        each[1:] = np.cumsum(deaths / s0)
        exposure = w * (each[out] - each[into])
        information = (x * exposure[:, None]).T @ x - (mean * deaths[:, None]).T @ mean
        step = np.linalg.solve(information, total - deaths @ mean)
        b = b + step
        if np.abs(step).max() < 1e-8:
            break

    def hazard(day):  # type: ignore[no-untyped-def]
        return each[np.searchsorted(days, day, side="right")]

    return b, information, hazard


def double(x: Floats, y: Floats, d: NDArray[np.bool_]) -> Found | None:
    """DoubleML's interactive model for the treated, LightGBM, five folds; None where it is not installed apart."""
    if not PEERS.exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder, "rows.npz")
        np.savez(rows, x=x, y=y, d=d.astype(float))
        script = ROOT / "benchmarks" / "against" / "doubleml_treated.py"
        run = subprocess.run([str(PEERS), str(script), str(rows)], capture_output=True, text=True, check=True)
    told = json.loads(run.stdout)
    return Found(100 * told["theta"], 100 * told["se"])


def double_by_person(of: Spells) -> Found | None:
    """One row a person, ever against never, all that is known on the first day."""
    rows = of.long | np.isnan(of.starts)
    return double(of.given[rows], of.work[rows], of.long[rows])


def double_by_month(way: Through) -> Found | None:
    """The rows that watwerkt draws: the same clock for both, everything known by then; no weights, no clusters."""
    drawn = way.plan.drawn
    rows = np.isin(drawn.arm, (0, drawn.arms.index(ARM)))
    y = way.followed.panel("work").y[rows, MONTHS].astype(float)
    return double(drawn.covariates.x[rows], y, drawn.arm[rows] > 0)


def watwerkt(way: Through) -> Found:
    """The package's own."""
    family = next(f for f in way.estimates.families if f.arm == ARM and f.cells[0].measure == "at")
    return Found(100 * float(family.theta[MONTHS]), 100 * float(np.sqrt(family.V[MONTHS, MONTHS])))


# ---- one world, and the truth ----------------------------------------------------------------------------------------

NAMES = {
    "raw": ("raw difference", "ruw verschil"),
    "realised": ("realised length", "gerealiseerde duur"),
    "regression": ("one regression with controls", "één regressie met controles"),
    "cox": ("Cox, trained from day one", "Cox, opgeleid vanaf dag één"),
    "cox_varying": ("Cox, trained from the start on", "Cox, opgeleid vanaf de start"),
    "double_person": ("DoubleML, a row a person", "DoubleML, een rij per persoon"),
    "double_month": ("DoubleML, watwerkt's rows", "DoubleML, rijen van watwerkt"),
    "watwerkt": ("watwerkt", "watwerkt"),
}
BY_FOUND = ("cox", "cox_varying")  # these speak of finding work within 24 months


def one(seed: int, people: int) -> dict[str, Found | None]:
    """Every analysis of one register."""
    with threadpool_limits(limits=1), tempfile.TemporaryDirectory() as folder:
        register = make(worlds.small(), people, seed)
        write(register, Path(folder))
        asked = question("naive", {arm: ARMS[arm] for arm in ("short", "long", "coaching")}, WORK, MONTHS)
        way = through(asked, read(Path(folder)), seed)
        of = spells(register)
        return {
            "raw": raw(of), "realised": realised(of), "regression": regression(of), "cox": cox(of, varying=False),
            "cox_varying": cox(of, varying=True), "double_person": double_by_person(of),
            "double_month": double_by_month(way), "watwerkt": watwerkt(way),
        }  # fmt: skip


def planted(people: int) -> dict[str, float]:
    """For those offered long training: work at month 24, and ever in work in months 1 … 24, in points."""
    sums, n = np.zeros(2), 0
    for chunk in range(-(-people // 50_000)):
        rng = np.random.default_rng([99, chunk])
        register = make(worlds.small(), min(50_000, people - chunk * 50_000), int(rng.integers(2**32)))
        rows = at_risk(register, rng)
        names = [arm.name for arm in register.world.arms]
        lived = futures(register, rows.take(rows.arm == names.index(ARM)), rng)
        with_, without = (lived[name].work[:, : MONTHS + 1].astype(float) for name in (ARM, NOT_NOW))
        sums += (with_ - without)[:, MONTHS].sum(), (with_[:, 1:].max(1) - without[:, 1:].max(1)).sum()
        n += len(with_)
    work, found = 100 * sums / n
    return {"work": float(work), "found": float(found)}


# ---- the page --------------------------------------------------------------------------------------------------------


def rows_of(found: list[dict[str, Found | None]], true: dict[str, float]) -> tuple[list[str], list[sides.Side]]:
    """The table and the picture's marks, in the order of NAMES."""
    lines = [
        "| analysis | truth | says, mean | standard error | wrong by, points | wrong by, standard errors "
        "| intervals that hold the truth |",
        "|---|---|---|---|---|---|---|",
    ]
    marks = []
    for key, (name, dutch) in NAMES.items():
        t, some = true["found" if key in BY_FOUND else "work"], [f[key] for f in found]
        there = [f for f in some if f is not None]
        if not there:
            lines.append(f"| {name} | {t:.1f} | not installed | | | | |")
            continue
        estimate, error = (np.array([getattr(f, k) for f in there]) for k in ("estimate", "error"))
        wrong = estimate - t
        held = np.abs(wrong) <= norm.ppf(0.975) * error
        mc = wrong.std() / np.sqrt(len(wrong))
        lines.append(
            f"| {name} | {t:+.1f} | {estimate.mean():+.1f} | {error.mean():.1f} | {wrong.mean():+.1f} ± {mc:.1f} "
            f"| {(wrong / error).mean():+.1f} | {held.sum()} of {len(held)} |"
        )
        marks.append(sides.Side(name, dutch, float(wrong.mean()), float(error.mean())))
    return lines, marks


TEXT = """# Who is wrong by how much

{worlds} registers of {people:,} invented people whose answer is known (truth from {truth:,} others); {minutes:.0f}
minutes on 2 cores, {date}. Made by:

    {command}

*What does an offer of long training do to work 24 months later, for those who got it?* Offers lean on recent work, age
and schooling, all of it recorded; nothing is hidden. Points of 100; behind ± stands the Monte-Carlo error.

![Each analysis as a distance from the truth](../images/{picture})

{table}

- **Raw**: who ever began long training against who never began anything, in work 24 months after the first day of
  benefit. Who found work early never began; who began could not have found work before.
- **Realised length**: training that lasted half a year. Who finds work leaves, and is not counted as trained.
- **One regression**: the same people with age, sex, schooling, region, hours and two years of history as controls.
- **Cox**, on finding work (so against another truth: found work within 24 months). As often done, starters count as
  trained from the first day; then as trained from the day they start. The second mends immortal time; it still puts
  lock-in and the gain after it into one ratio.
- **DoubleML** with one row a person has learner and controls right and the clock wrong. On the rows that watwerkt draws
  the clock is right too: where it then agrees, the comparison was wrong, not the learner. {doubleml}
"""


def main() -> None:
    """All worlds in two processes; the page, and the picture in two languages."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--worlds", type=int, default=10)
    arguments.add_argument("--people", type=int, default=PEOPLE)
    arguments.add_argument("--truth", type=int, default=TRUTH_PEOPLE)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    began = time.time()
    with ProcessPoolExecutor(2) as pool:
        true = pool.submit(planted, given.truth)
        found = list(pool.map(one, range(1, given.worlds + 1), repeat(given.people)))
        table, marks = rows_of(found, true.result())
    doubleml = (
        "DoubleML 0.11.4, LightGBM with 60 trees of 8 leaves." if PEERS.exists() else "It was not installed here."
    )
    command = f"python tests/truth/naive.py --worlds {given.worlds}"
    for name, usual in (("people", PEOPLE), ("truth", TRUTH_PEOPLE)):
        command += f" --{name} {getattr(given, name)}" if getattr(given, name) != usual else ""
    text = TEXT.format(
        **vars(given), minutes=(time.time() - began) / 60, date=time.strftime("%Y-%m-%d"), picture=PICTURE,
        table="\n".join(table), doubleml=doubleml, command=f"{command} --out {given.out}",
    )  # fmt: skip
    images = given.out.parent.parent / "images"
    for folder in (given.out.parent, images):
        folder.mkdir(parents=True, exist_ok=True)
    given.out.write_text(text, encoding="utf-8")
    for lang, name in (("en", PICTURE), ("nl", PICTURE.replace(".svg", "-nl.svg"))):
        (images / name).write_text(sides.picture(marks, lang), encoding="utf-8")


if __name__ == "__main__":
    main()
