"""Coverage among what opened, false *works* where nothing works, and a bootstrap of bands with few starters.

    python tests/truth/coverage_opened.py --draws 300 --nothing 300 --bootstrap 300 --out docs/truth/coverage-opened.md

Opening chooses, and a choice could spoil an interval. So registers of four honest worlds go the whole way, and only
effects that opened are counted. Beside it: dossiers of seven arms and five outcomes in a world in which no arm does
anything; and bands of ``all`` with 100 to 300 starters, which are closed today, by a studentised multiplier bootstrap.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student
from threadpoolctl import threadpool_limits
from through import ALWAYS, ARMS, DECLARED, WORK, Floats, planted, question, register, said, through

from watwerkt.effects import paths
from watwerkt.effects.cells import good_sign
from watwerkt.effects.nouns import Beside, Family, Judged
from watwerkt.effects.summaries import path
from watwerkt.synthetic import World, worlds

FEW, TRUTH_PEOPLE, HORIZON = 3_000, 1_000_000, 36
PARTS = {"early": (2, 3, 4), "middle": (12, 13, 14), "late": (29, 31, 33)}
TARGETS = ("treated", "all")
OUTCOMES = {**WORK, "earnings": {"kind": "earnings"}}
FIVE = {
    **OUTCOMES, "benefit": {"kind": "on_benefit"}, "well_paid": {"kind": "employed_at", "share_of_previous_wage": 0.9},
    "better_paid": {"kind": "employed_at", "share_of_previous_wage": 1.1},
}  # fmt: skip
REPLICATIONS = 999
NO_BOUND = (Beside(),)  # the bound on hidden bias is most of the cost and closes next to nothing in honest worlds
True_ = dict[tuple[str, str, str], Floats]


def honest() -> dict[str, Callable[[], World]]:
    """The four worlds, by the name of their rows."""
    return {
        "older history": worlds.honest_older, "recent history": worlds.honest_recent, "deep interaction": worlds.deep,
        "rare arms": worlds.rare,
    }  # fmt: skip


def rightly(name: str) -> dict[str, list[str]]:
    """What offers of a world do not lean on: the placebo outcome that its question declares."""
    return {"not_used_in_selection": [ALWAYS if name == "older history" else DECLARED]}


def arms_of(world: World) -> dict[str, tuple[str, object]]:
    """The arms of a world as a question asks for them."""
    return {arm.name: ARMS[arm.name] for arm in world.arms if arm.name in ARMS}


# ---- coverage of what opened -----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Seen:
    """One family of one draw: open or why not; whether each interval (37,) and the band held the truth."""

    world: str
    draw: int
    target: str
    arm: str
    outcome: str
    effective: float
    reason: str
    held: NDArray[np.bool_]
    band: bool | None


def covered(job: tuple[str, int], people: int | None, true: dict[str, True_]) -> list[Seen]:
    """One register, answered the whole way."""
    name, seed = job
    world = honest()[name]()
    asked = question("coverage", arms_of(world), OUTCOMES, HORIZON, rightly(name))
    with threadpool_limits(limits=1), register(world, people, seed) as source:
        way = through(asked, source, seed, TARGETS)
        reasons = {
            (j.exact.arm, j.exact.target, j.exact.cell.outcome): j.reason for j in _at(way.answer(NO_BOUND).judged)
        }
        families = [f for f in way.estimates.families if f.cells[0].measure == "at" and f.cells[0].group == "all"]
        return [
            _held((name, seed), f, reasons.get((f.arm, f.target, f.outcome), "not_estimated"), true[name])
            for f in families
        ]


def _at(judged: tuple[Judged, ...]) -> Iterator[Judged]:
    """The exact effects of whole families at the horizon."""
    wanted = ("at", HORIZON, "all")
    return (j for j in judged if (j.exact.cell.measure, j.exact.cell.month, j.exact.cell.group) == wanted)


def _held(job: tuple[str, int], family: Family, reason: str, true: True_) -> Seen:
    """Whether its intervals and its band hold the truth."""
    told = (*job, family.target, family.arm, family.outcome, family.effective)
    if reason:
        return Seen(*told, reason, np.zeros(0, bool), None)
    t, seen = true[family.arm, family.outcome, family.target], path(family, np.eye(len(family.cells)), 1, family.name)
    inside = np.isfinite(seen.band_low)
    band = bool(((seen.band_low <= t) & (t <= seen.band_high))[inside].all()) if inside.any() else None
    return Seen(*told, "", (seen.low <= t) & (t <= seen.high), band)


def coverage_rows(seen: list[Seen]) -> list[str]:
    """By world and target over arms and outcomes, then by arm among the treated."""
    lines = [
        "| world | target | arm | starters | enough people | opened, of those | early | middle | late | bands |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for world in dict.fromkeys(s.world for s in seen):
        for target in TARGETS:
            some = [s for s in seen if (s.world, s.target) == (world, target)]
            lines.append(_coverage_row(world, target, "together", some))
            for arm in dict.fromkeys(s.arm for s in some):
                lines.append(_coverage_row(world, target, arm, [s for s in some if s.arm == arm]))
    return lines


def _coverage_row(world: str, target: str, arm: str, some: list[Seen]) -> str:
    enough = [s for s in some if s.reason != "too_few"]
    opened = [s for s in enough if s.reason == ""]
    draws = [s.draw for s in opened]
    parts = [said([s.held[list(months)].mean() for s in opened], draws) for months in PARTS.values()]
    banded = [s for s in opened if s.band is not None]
    cells = [
        world, target, arm, f"{np.mean([s.effective for s in some]):.0f}", f"{len(enough) / len(some):.2f}",
        said([float(s.reason == "") for s in enough], [s.draw for s in enough]), *parts,
        said([float(bool(s.band)) for s in banded], [s.draw for s in banded]),
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


# ---- nothing works ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nothing:
    """One dossier in which no arm does anything: false ``works``; ``opened`` effects; false cells at the horizon,
    in the good direction or the bad one, by interval, by ``band``, and after Benjamini & Hochberg."""

    draw: int
    works: int
    opened: int
    by_interval: int
    by_band: int
    by_bh: int


def nothing(seed: int, people: int | None, outcomes: tuple[str, ...]) -> Nothing:
    """One dossier of the world in which nothing works."""
    world = worlds.nothing()
    asked = question("nothing", asked_arms(world), {o: FIVE[o] for o in outcomes}, HORIZON, rightly("nothing"))
    with threadpool_limits(limits=1), register(world, people, seed) as source:
        answered = through(asked, source, seed).answer(NO_BOUND)
    ends = [j.exact for j in _at(answered.judged) if not j.reason and j.exact.estimate is not None]
    signs = {o.name: good_sign(o) for o in answered.question.outcomes}
    p = np.array([_p(e.estimate, e.std_error) for e in ends])
    good = np.array([signs[e.cell.outcome] * e.estimate > 0 for e in ends], dtype=bool)
    apart = np.array([e.low > 0 or e.high < 0 for e in ends], dtype=bool)
    banded = np.array([e.band_low is not None and (e.band_low > 0 or e.band_high < 0) for e in ends], dtype=bool)
    works = sum(claim.works for claim in answered.claims)
    found = [int((mask & good).sum()) for mask in (apart, banded, benjamini_hochberg(p))]
    return Nothing(seed, works, len(ends), *found)


def asked_arms(world: World) -> dict[str, tuple[str, object]]:
    """All arms of the world: those of the table, and any other by its own instrument or planned length."""
    arms: dict[str, tuple[str, object]] = {}
    for arm in world.arms:
        arms[arm.name] = ARMS.get(arm.name) or (arm.instrument, {"instrument": arm.instrument})
    return arms


def _p(estimate: float | None, error: float | None) -> float:
    """Two-sided, near normal: only the order and the size of the smallest matter."""
    return float(2 * student.sf(abs(estimate or 0.0) / error, 1e6)) if error else 1.0


def benjamini_hochberg(p: Floats, level: float = 0.05) -> NDArray[np.bool_]:
    """Which of p (m,) are found at a false discovery rate of ``level`` (Benjamini & Hochberg 1995)."""
    if len(p) == 0:
        return np.zeros(0, bool)
    order = np.argsort(p)
    below = p[order] <= level * np.arange(1, len(p) + 1) / len(p)
    found = np.zeros(len(p), bool)
    found[order[: int(np.flatnonzero(below).max(initial=-1)) + 1]] = True
    return found


def nothing_rows(found: list[Nothing]) -> list[str]:
    """Share of dossiers with at least one false word."""
    told = {
        "an arm *works* (primary cell, over arms)": lambda d: d.works,
        "an interval at the horizon excludes 0 in the good direction, any arm and outcome": lambda d: d.by_interval,
        "a band excludes 0 at the horizon in the good direction": lambda d: d.by_band,
        "found at the horizon by Benjamini & Hochberg over arms × outcomes": lambda d: d.by_bh,
    }
    lines = ["| false in a dossier | share of dossiers |", "|---|---|"]
    lines += [
        f"| {name} | {said([float(count(d) > 0) for d in found], [d.draw for d in found])} |"
        for name, count in told.items()
    ]
    return [*lines, "", f"Opened, of every dossier: {np.mean([d.opened for d in found]):.1f} effects at the horizon."]


# ---- the studentised multiplier bootstrap ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Banded:
    """One family under ``all`` with few starters: whether the present band and two bootstraps held the truth."""

    draw: int
    arm: str
    effective: float
    present: bool
    rademacher: bool
    mammen: bool
    widths: tuple[float, float, float]


def bootstrapped(seed: int, people: int, true: True_) -> list[Banded]:
    """One register; work, under ``all``."""
    world = worlds.honest_recent()
    kept: dict[str, Floats] = {}
    plain = paths.family

    def keeping(name, of, found):  # type: ignore[no-untyped-def]
        """The family as ever, its influence by cluster put aside."""
        made = plain(name, of, found)
        if isinstance(found[0].has, paths.Numbers):
            kept[made.name] = found[0].has.P
        return made

    paths.family = keeping
    try:
        with threadpool_limits(limits=1), register(world, people, seed) as source:
            way = through(question("bands", arms_of(world), WORK, HORIZON), source, seed, ("all",))
    finally:
        paths.family = plain
    families = [f for f in way.estimates.families if f.name in kept and f.cells[0].measure == "at"]
    rng = np.random.default_rng([seed, 7])
    return [
        _banded(seed, f, kept[f.name], true[f.arm, f.outcome, "all"], rng) for f in families if 100 <= f.effective < 300
    ]


def _banded(seed: int, family: Family, P: Floats, t: Floats, rng: np.random.Generator) -> Banded:
    seen = path(family, np.eye(len(family.cells)), seed, family.name)
    at = np.flatnonzero(np.isfinite(seen.band_low))
    held, widths = [bool(((seen.band_low <= t) & (t <= seen.band_high))[at].all())], []
    widths.append(float(seen.band.critical) if seen.band else float("nan"))
    for draw in (rademacher, mammen):
        c = multiplier(P[:, at], draw, rng)
        held.append(bool((np.abs(seen.theta - t) <= c * seen.se)[at].all()))
        widths.append(c)
    return Banded(seed, family.arm, family.effective, *held, (widths[0], widths[1], widths[2]))


def multiplier(P: Floats, draw: Callable[..., Floats], rng: np.random.Generator) -> float:
    """95 % quantile of max |Σ ξ P| / s*, with s* the error of the draw itself (Chernozhukov, Chetverikov & Kato 2013).

    ``P`` (G, M): psi/n by cluster. ξ has mean 0 and variance 1; s*² = Σ ξ² P² − (Σ ξ P)²/G, as V is of the data.
    """
    P = P[np.any(P != 0, axis=1)]
    xi = draw(rng, (REPLICATIONS, len(P)))
    sums, squares = xi @ P, xi**2 @ P**2
    spread = np.sqrt(np.maximum(squares - sums**2 / len(P), 1e-300))
    return float(np.quantile(np.abs(sums / spread).max(axis=1), 0.95))


def rademacher(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """±1."""
    return rng.integers(0, 2, size) * 2.0 - 1.0


def mammen(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Mammen's (1993) two points: mean 0, variance 1, third moment 1."""
    root = np.sqrt(5.0)
    low = rng.random(size) < (root + 1) / (2 * root)
    return np.where(low, (1 - root) / 2, (1 + root) / 2)


def bootstrap_rows(found: list[Banded]) -> list[str]:
    """Coverage of the three bands, by arm and together."""
    lines = [
        "| arm | families | starters | present band | Rademacher | Mammen | critical values |",
        "|---|---|---|---|---|---|---|",
    ]
    by: dict[str, list[Banded]] = defaultdict(list)
    for one in found:
        by["together"].append(one)
        by[one.arm].append(one)
    for arm, some in by.items():
        draws = [s.draw for s in some]
        cells = [said([float(getattr(s, k)) for s in some], draws) for k in ("present", "rademacher", "mammen")]
        widths = " / ".join(f"{np.mean([s.widths[i] for s in some]):.2f}" for i in range(3))
        starters = f"{np.mean([s.effective for s in some]):.0f}"
        lines.append(f"| {arm} | {len(some)} | {starters} | " + " | ".join(cells) + f" | {widths} |")
    return lines


# ---- the page --------------------------------------------------------------------------------------------------------

TEXT = """# Coverage among what opened

{draws} registers of {people} invented people in each of four honest worlds, answered the whole way; truth from
{truth:,} others; {minutes:.0f} minutes on 2 cores, {date}. Made by:

    {command}

Share of 95 % intervals that hold the planted truth, by months (early 2–4, middle 12–14, late 29–33), and of
simultaneous bands over months 1–36, among the effects that *opened*: every check ran but the bound on hidden bias, with
a placebo outcome declared that offers do not lean on. Work and earnings together. Behind ± stands the Monte-Carlo error
(by draw). *Enough people*: share of effects that the check `too_few` let pass; *opened, of those*.

{coverage}

## Where nothing works

{nothing} dossiers of {arms} arms and {outcomes} outcomes in a world in which no arm does
anything. What a reader could take for "it works", and how often at least one of it stands in a dossier. Only the first
is a claim of the dossier; the second is what reading one row at a time would give.

{none}

## Bands of `all` with 100 to 300 starters

They are closed today. {bootstrap} registers of {few:,} people (selection on recent history), work, months 1–36: the
present band (sup-t of N(0, R), carried over to t), and the same estimates with the critical value of a studentised
multiplier bootstrap of the clusters' influence ({replications} draws; Rademacher's and Mammen's weights). *Critical
values*: means, in that order.

{bands}
"""


def main() -> None:
    """Run everything in two processes and write the page."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--draws", type=int, default=300, help="registers of each honest world")
    arguments.add_argument("--nothing", type=int, default=300, help="dossiers in which nothing works")
    arguments.add_argument("--bootstrap", type=int, default=300, help="registers for bands with few starters")
    arguments.add_argument("--people", type=int, default=None, help="default: the world's own number")
    arguments.add_argument("--few", type=int, default=FEW, help="people of a register for bands with few starters")
    arguments.add_argument("--truth", type=int, default=TRUTH_PEOPLE)
    arguments.add_argument("--outcomes", nargs="*", default=list(FIVE))
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    began, names = time.time(), tuple(honest())

    def tell(what: str) -> None:
        print(f"{what}, {(time.time() - began) / 60:.1f} minutes", flush=True)

    with ProcessPoolExecutor(2) as pool:
        truths = pool.map(planted, [honest()[n]() for n in names], repeat(given.truth))
        true = dict(zip(names, truths, strict=True))
        tell("truth")
        jobs = [(name, 100_000 * (k + 1) + i) for k, name in enumerate(names) for i in range(given.draws)]
        seen = _gather(pool.map(covered, jobs, repeat(given.people), repeat(true)), tell)
        none = list(pool.map(nothing, range(1, given.nothing + 1), repeat(given.people), repeat(tuple(given.outcomes))))
        tell("nothing")
        recent = repeat(true["recent history"])
        bands = _gather(pool.map(bootstrapped, range(1, given.bootstrap + 1), repeat(given.few), recent), tell)
    text = TEXT.format(
        **vars(given) | {"outcomes": len(given.outcomes), "people": given.people or "6,000 to 8,000"},
        replications=REPLICATIONS,
        minutes=(time.time() - began) / 60, date=time.strftime("%Y-%m-%d"), command=command(given),
        arms=len(worlds.nothing().arms), coverage="\n".join(coverage_rows(seen)), none="\n".join(nothing_rows(none)),
        bands="\n".join(bootstrap_rows(bands)),
    )  # fmt: skip
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(text, encoding="utf-8")


def _gather(lists, tell):  # type: ignore[no-untyped-def]
    """All of them in one list, with a word every hundred."""
    found = []
    for done, some in enumerate(lists, start=1):
        found += some
        if done % 100 == 0:
            tell(str(done))
    return found


def command(given: argparse.Namespace) -> str:
    """The command that makes this page again."""
    words = f"python tests/truth/coverage_opened.py --draws {given.draws} --nothing {given.nothing}"
    words += f" --bootstrap {given.bootstrap}"
    for name, usual in (("people", None), ("few", FEW), ("truth", TRUTH_PEOPLE)):
        words += f" --{name} {getattr(given, name)}" if getattr(given, name) != usual else ""
    words += f" --outcomes {' '.join(given.outcomes)}" if given.outcomes != list(FIVE) else ""
    return f"{words} --out {given.out}"


if __name__ == "__main__":
    main()
