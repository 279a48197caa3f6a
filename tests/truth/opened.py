"""Both error rates of opening: how often is what is sound opened, and what is not closed; by which check.

    python tests/truth/opened.py --worlds 100 --grid 60 --fake 60 --out docs/truth/opened.md

Each world is a small register that is drawn, checked, followed, estimated and opened as an answer does it. It is
answered twice: with a placebo outcome declared as not used in selection, and with none. ``--fake`` worlds also run
fake arms (where a placebo is declared), the others do not. ``--grid`` worlds at each further strength of the hidden
trait fill the power of the placebo, in worlds whose offers lean on recent history and where they lean on none.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

import numpy as np
import stacks
from threadpoolctl import threadpool_limits
from through import ALWAYS, ARMS, DECLARED, WORK, Through, alone, planted, question, register, said, through

from watwerkt import door, effects
from watwerkt.dossier import Check
from watwerkt.dossier.credibility import credibility
from watwerkt.effects.nouns import Answer, Beside
from watwerkt.synthetic import World, worlds

TRUTH_PEOPLE, HORIZON = 1_000_000, 24
FAKE_DRAWS = 100
EVERY = 10  # worlds of which one has the bound on hidden bias worked out: most of the cost of the others
PICTURE = "placebo-power.svg"
OPENED = (
    "honest, older", "honest, older, declared wrongly", "honest, recent", "trait, weak", "trait, middle",
    "trait, strong", "news",
)  # fmt: skip
OLDER, RECENT, NEITHER = "older history", "recent history", "no history"
WRONGLY = "work_13_24"
LEVELS = ("moderate", "low")
FAKE = "fake_arms"
FAKES = {FAKE, "fake_bands"}


@dataclass(frozen=True)
class Kind:
    """A scenario: its world, the placebo outcome that its question declares, and where it stands in the power of the
    placebo: the strength of the trait (None: not in it), and what history offers lean on besides."""

    name: str
    world: World
    declares: str = DECLARED
    strength: float | None = None
    history: str = ""


def kinds() -> tuple[Kind, ...]:
    """The scenarios of the first table, then the further points of the power curve."""
    named = {worlds.WEAK: "weak", worlds.MIDDLE: "middle", worlds.STRONG: "strong"}
    older = worlds.honest_older()
    main = (
        Kind(OPENED[0], older, ALWAYS, 0.0, OLDER),
        Kind(OPENED[1], older, WRONGLY),
        Kind(OPENED[2], worlds.honest_recent(), DECLARED, 0.0, RECENT),
        *(Kind(f"trait, {named[s]}", worlds.hidden_trait(s), DECLARED, s, RECENT) for s in named),
        Kind(OPENED[6], worlds.hidden_news()),
    )
    more = (worlds.WEAK / 2, (worlds.MIDDLE + worlds.STRONG) / 2)
    grid = [Kind(f"trait {s:.2f}, recent", worlds.hidden_trait(s), DECLARED, s, RECENT) for s in more]
    plain = (0.0, *sorted({*named, *more}))
    grid += [Kind(f"trait {s:.2f}", without_recent(worlds.hidden_trait(s)), DECLARED, s, NEITHER) for s in plain]
    return (*main, *grid)


def without_recent(world: World) -> World:
    """The same world, whose offers lean on no history at all, and on the trait as before."""
    arms = tuple(replace(a, leaning=replace(a.leaning, recent_work=0.0)) for a in world.arms)
    return replace(world, name=f"{world.name}-alone", arms=arms)


@dataclass(frozen=True)
class Seen:
    """What became of one effect: treated, work at the horizon, one arm of one world.

    ``leans``: the offer leans on what is recorded nowhere; ``declared``: a placebo outcome was; ``fake``: fake arms
    ran. ``declares`` the placebo outcome that is looked at here: the declared one, else the one every question gets.
    ``reason`` "" = open; ``shut`` every check that failed and closes it; ``placebo`` (name, verdict), ``level`` of
    credibility; ``z`` = (estimate − truth)/error; ``held``: the interval holds the truth; ``rv`` robustness value.
    """

    kind: str
    world: int
    arm: str
    leans: bool
    declared: bool
    fake: bool
    effective: float
    reason: str
    declares: str
    shut: tuple[str, ...]
    placebo: tuple[tuple[str, str], ...]
    level: str
    z: float
    held: bool
    rv: float | None

    @property
    def opened(self) -> bool:
        """Whether a reader may see it."""
        return self.reason == ""


def one(job: tuple[Kind, int, bool], people: int | None, draws: int, true: dict[str, dict[str, float]]) -> list[Seen]:
    """One world, answered with and without a declared placebo. ``true``: by kind and arm; ``draws`` of fake arms."""
    kind, seed, fake = job
    arms = {arm.name: ARMS[arm.name] for arm in kind.world.arms}
    checks = {"not_used_in_selection": [kind.declares], **({FAKE: draws} if fake else {})}
    with threadpool_limits(limits=1), register(kind.world, people, seed) as source:
        way = through(question("opened", arms, WORK, HORIZON, checks), source, seed)
        if kind.name not in OPENED:
            both = ((way, True), (way.undeclared(), False))
            return [seen for one, declared in both for seen in _checked(one, kind, (seed, declared), true[kind.name])]
        first = way.answer(None if seed % EVERY == 0 else (Beside(),))
        answers = (first, way.undeclared().answer(first.beside, _undeclared(first, kind)))
    found = []
    for answered, declared in zip(answers, (True, False), strict=True):
        found += _seen(answered, kind, (seed, declared, fake and declared), true[kind.name])
    return found


def _undeclared(first: Answer, kind: Kind) -> tuple[Check, ...] | None:
    """What the placebo of every question says where none is declared; None where that has to be worked out."""
    return alone(first.checks, ALWAYS) if kind.declares != ALWAYS else None


def _checked(way: Through, kind: Kind, told: tuple[int, bool], true: dict[str, float]) -> Iterable[Seen]:
    """The placebo and the bias alone, for the power curve: nothing is opened."""
    checks = effects.check(way.plan)
    for family in way.estimates.families:
        if family.cells[0].measure != "at":
            continue
        arm, at = family.arm, [c.month for c in family.cells].index(HORIZON)
        mine = [c for c in checks if c.concerns(arm, "treated", "work")]
        shut = tuple(dict.fromkeys(c.name for c in mine if c.shuts(arm, "treated", "work")))
        yield Seen(
            kind.name, told[0], arm, _leans(kind.world, arm), told[1], False, family.effective,
            reason="too_few" if "too_few" in shut else "", declares=kind.declares if told[1] else ALWAYS, shut=shut,
            placebo=tuple((c.outcome, c.verdict) for c in mine if c.name == "placebo"), level="",
            z=float((family.theta[at] - true[arm]) / np.sqrt(family.V[at, at])), held=False, rv=None,
        )  # fmt: skip


def _seen(answered: Answer, kind: Kind, told: tuple[int, bool, bool], true: dict[str, float]) -> Iterable[Seen]:
    """The effects of one answer on work at the horizon."""
    seed, declared, fake = told
    dossier = door.release(answered)
    effective = {f.arm: f.effective for f in answered.estimates[0].families if f.cells[0].measure == "at"}
    for judged in answered.judged:
        e = judged.exact
        if (e.cell.measure, e.cell.month, e.cell.group) != ("at", HORIZON, "all") or e.estimate is None:
            continue
        mine = [c for c in answered.checks if c.concerns(e.arm, "treated", "work")]
        yield Seen(
            kind.name, seed, e.arm, _leans(kind.world, e.arm), declared, fake, effective[e.arm], judged.reason,
            declares=kind.declares if declared else ALWAYS,
            shut=tuple(dict.fromkeys(c.name for c in mine if c.shuts(e.arm, "treated", "work"))),
            placebo=tuple((c.outcome, c.verdict) for c in mine if c.name == "placebo"),
            level=credibility(dossier, e.arm, "treated", "work").level,
            z=(e.estimate - true[e.arm]) / e.std_error,
            held=bool(e.low <= true[e.arm] <= e.high),
            rv=_robustness(mine),
        )  # fmt: skip


def _robustness(checks: list[Check]) -> float | None:
    return next((c.statistic for c in checks if c.name == "hidden" and c.statistic is not None), None)


def _leans(world: World, arm: str) -> bool:
    """Whether offers of an arm lean on anything that no table records."""
    leaning = next(a.leaning for a in world.arms if a.name == arm)
    return any(getattr(leaning, hidden, 0.0) != 0 for hidden in ("trait", "news"))


def treated(job: tuple[str, World, int]) -> tuple[str, dict[str, float]]:
    """The planted effects on work at the horizon, among the treated, by arm."""
    name, world, people = job
    paths = planted(world, people)
    return name, {
        arm: float(v[HORIZON]) for (arm, outcome, of), v in paths.items() if (outcome, of) == ("work", "treated")
    }


# ---- the page --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Effects that stand in one row, those with enough people; ``few``: share of all that had too few."""

    seen: list[Seen]
    few: float

    @classmethod
    def of(cls, seen: Iterable[Seen], keep: Callable[[Seen], bool]) -> Group:
        """Those that are kept."""
        kept = [s for s in seen if keep(s)]
        enough = [s for s in kept if s.reason != "too_few"]
        return cls(enough, 1 - len(enough) / len(kept) if kept else 0.0)

    def share(self, what: Callable[[Seen], object], among: Callable[[Seen], bool] = lambda s: True) -> str:
        """A share with its Monte-Carlo error, clustered by world."""
        some = [s for s in self.seen if among(s)]
        return said([float(bool(what(s))) for s in some], [s.world for s in some])

    def mean(self, what: Callable[[Seen], float]) -> float:
        """A mean over its effects."""
        return float(np.mean([what(s) for s in self.seen])) if self.seen else float("nan")


def verdict_of(seen: Seen) -> str:
    """What the placebo that is looked at said of an effect; "" where it was not asked."""
    return dict(seen.placebo).get(seen.declares, "")


def rows(seen: list[Seen]) -> list[str]:
    """Opened and closed, by scenario, by whether the offer leans on what is hidden, and by what was declared."""
    lines = [
        "| world | leans on what is hidden | placebo declared | effects | bias, s.e. | opened | closed by placebo "
        "| by anything else | placebo not informative | moderate | low | misses the truth, of opened | RV |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for kind in OPENED:
        for leans in (True, False):
            for declared in (True, False):
                group = Group.of(seen, lambda s, k=(kind, leans, declared): (s.kind, s.leans, s.declared) == k)
                if group.seen:
                    lines.append(_row(kind, leans, declared, group))
    return lines


def _row(kind: str, leans: bool, declared: bool, group: Group) -> str:
    silent = group.share(lambda s: verdict_of(s) == "not_informative")
    levels = [group.share(lambda s, level=level: s.level == level, lambda s: s.opened) for level in LEVELS]
    rvs = [s.rv for s in group.seen if s.opened and s.rv is not None]
    cells = [
        kind, "yes" if leans else "no", "yes" if declared else "no", str(len(group.seen)),
        f"{group.mean(lambda s: s.z):+.2f} ± {1 / np.sqrt(len(group.seen)):.2f}", group.share(lambda s: s.opened),
        group.share(lambda s: "placebo" in s.shut), group.share(lambda s: set(s.shut) - {"placebo"}), silent, *levels,
        group.share(lambda s: not s.held, lambda s: s.opened), f"{np.median(rvs):.3f}" if rvs else "–",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def closers(seen: list[Seen]) -> list[str]:
    """Which check closed: every check that failed is counted, so a row may add up to more than what was closed."""
    names = sorted({name for s in seen for name in s.shut})
    lines = [
        "| world | leans | placebo declared | closed | " + " | ".join(names) + " | no check, the design |",
        "|---|---|---|---|" + "---|" * (len(names) + 1),
    ]
    for kind in OPENED:
        for leans in (True, False):
            for declared in (True, False):
                group = Group.of(seen, lambda s, k=(kind, leans, declared): (s.kind, s.leans, s.declared) == k)
                if not group.seen:
                    continue
                counts = [sum(name in s.shut for s in group.seen) for name in names]
                shut = [s for s in group.seen if not s.opened]
                by_design = sum(not s.shut for s in shut)
                told = [kind, "yes" if leans else "no", "yes" if declared else "no", str(len(shut))]
                lines.append("| " + " | ".join([*told, *map(str, counts), str(by_design)]) + " |")
    return lines


def by_arm(seen: list[Seen]) -> list[str]:
    """What each arm was up against, where a placebo was declared."""
    lines = ["| world | arm | leans | starters | too few | bias, s.e. | opened |", "|---|---|---|---|---|---|---|"]
    for kind in OPENED:
        for arm in dict.fromkeys(s.arm for s in seen):
            group = Group.of(seen, lambda s, k=(kind, arm): (s.kind, s.arm) == k and s.declared)
            if group.seen:
                leans = "yes" if group.seen[0].leans else "no"
                error = 1 / np.sqrt(len(group.seen))
                lines.append(
                    f"| {kind} | {arm} | {leans} | {group.mean(lambda s: s.effective):.0f} | {group.few:.2f} "
                    f"| {group.mean(lambda s: s.z):+.2f} ± {error:.2f} | {group.share(lambda s: s.opened)} |"
                )
    return lines


def fakes(seen: list[Seen]) -> list[str]:
    """What fake arms did in the worlds in which they ran."""
    ran = [s for s in seen if s.fake]
    if not ran:
        return ["No fake arms were run here."]
    lines = [
        "| world | leans | worlds | effects | closed by fake arms | by fake arms alone | opened |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind in OPENED:
        for leans in (True, False):
            group = Group.of(ran, lambda s, k=(kind, leans): (s.kind, s.leans) == k)
            if group.seen:
                cells = [
                    kind, "yes" if leans else "no", str(len({s.world for s in group.seen})), str(len(group.seen)),
                    group.share(lambda s: set(s.shut) & FAKES), group.share(lambda s: s.shut and set(s.shut) <= FAKES),
                    group.share(lambda s: s.opened),
                ]  # fmt: skip
                lines.append("| " + " | ".join(cells) + " |")
    return lines


VERDICTS = ("failed", "not_informative", "passed")


def power(seen: list[Seen], all_kinds: tuple[Kind, ...]) -> tuple[list[str], list[stacks.Stack]]:
    """Failed, not informative, passed: by strength of the trait, for arms that lean on it; as rows and as bars.

    At strength 0 the same arms are looked at, which then lean on nothing hidden.
    """
    leaning = {s.arm for s in seen if s.leans and s.kind.startswith("trait")}
    lines = [
        "| offers lean on | strength of the trait | worlds | bias, s.e. | declared: failed | not informative | passed "
        "| undeclared: failed | not informative | passed |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    bars = []
    for kind in sorted((k for k in all_kinds if k.strength is not None), key=lambda k: (k.history, k.strength)):
        mine = [s for s in seen if s.kind == kind.name and s.arm in leaning]
        cells = []
        for declared in (True, False):
            group = Group.of(mine, lambda s, d=declared: s.declared == d)
            told = [verdict_of(s) for s in group.seen]
            cells += [group.share(lambda s, v=v: verdict_of(s) == v) for v in VERDICTS]
            shares = tuple(told.count(v) / max(len(told), 1) for v in VERDICTS)
            if kind.history != OLDER:
                bars.append(stacks.Stack(kind.history == RECENT, declared, group.mean(lambda s: s.z), shares))
        bias = Group.of(mine, lambda s: s.declared).mean(lambda s: s.z)
        worlds_ = len({s.world for s in mine})
        lines.append(f"| {kind.history} | {kind.strength:.2f} | {worlds_} | {bias:+.2f} | " + " | ".join(cells) + " |")
    return lines, bars


def page(seen: list[Seen], given: argparse.Namespace, minutes: float) -> tuple[str, list[stacks.Stack]]:
    """The page in Markdown, and the bars of its picture."""
    table, bars = power(seen, kinds())
    main = [s for s in seen if s.kind in OPENED]
    n, more = len({(s.kind, s.world) for s in main}), len({(s.kind, s.world) for s in seen if s.kind not in OPENED})
    people = given.people or kinds()[0].world.people
    text = TEXT.format(
        n=n, more=more, people=people, truth=given.truth, minutes=minutes, date=time.strftime("%Y-%m-%d"),
        command=command(given), main="\n".join(rows(main)), closers="\n".join(closers(main)),
        arms="\n".join(by_arm(main)), fake="\n".join(fakes(main)), power="\n".join(table), image=f"../images/{PICTURE}",
        horizon=HORIZON, draws=given.fake_draws,
    )  # fmt: skip
    return text, bars


def command(given: argparse.Namespace) -> str:
    """The command that makes this page again."""
    said_ = f"python tests/truth/opened.py --worlds {given.worlds} --grid {given.grid} --fake {given.fake}"
    for name, usual in (("people", None), ("truth", TRUTH_PEOPLE), ("fake_draws", FAKE_DRAWS)):
        if getattr(given, name) != usual:
            said_ += f" --{name.replace('_', '-')} {getattr(given, name)}"
    return f"{said_} --out {given.out}"


TEXT = """# What opens and what closes

{n} small worlds in seven scenarios, and {more} more for the power of the placebo; {people:,} invented people each,
truth from {truth:,} others; {minutes:.0f} minutes on 2 cores, {date}. Made by:

    {command}

An effect here is an arm against not now, `treated`, work after {horizon} months. Each world is answered twice, with a
placebo outcome declared as not used in selection and with none. Effects of too few people (below 100 effective
starters) are left out, their share stands in the third table. *Bias* is the mean of (estimate − truth)/standard error,
of closed effects too; behind ± stands the Monte-Carlo error (by world). *Placebo not informative* is the declared one
where one is, else the one that every question gets (`work_1_12`); it caps credibility and closes nothing. *Misses the
truth*: share of opened effects whose 95 % interval does not hold it. *RV*: median robustness value of opened effects,
from every tenth world.

- *honest, older*: offers lean on recorded things and on work 13 to 24 months ago, never on last year's; so `work_1_12`
  may be declared. *Declared wrongly*: the same worlds with `work_13_24` declared, which the offers do lean on.
- *honest, recent*: offers lean on the last three months. Here and below `earnings_13_24` is declared, rightly.
- *trait*: as *recent*, and coaching leans on a lasting trait too, which moves finding work and earlier wages.
- *news*: coaching leans on what became known after history ends. **No check of earlier outcomes can see that**; what it
  does to opened effects stands in its row.

{main}

## Which check closed

Counts of effects; every check that failed is counted.

{closers}

## Arm by arm, with a declared placebo

{arms}

## Fake arms

In some of the worlds above each answer also ran {draws} replications of fake arms. They look for errors of
the method on recorded things; closing a hidden trait is not their task.

{fake}

## The power of the placebo

Share of effects of which the placebo failed, was not informative, or passed, by strength of the planted trait (log
points of the offer, per spread), for the arm that leans on it. The undeclared one can never fail, so it closes nothing.
A trait that biases by less than one and a half standard errors often stays unseen; no other check here sees it.

![The same table as bars]({image})

{power}
"""


def main() -> None:
    """Run the worlds in two processes; write the page and the picture."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--worlds", type=int, default=100, help="of each of the seven scenarios")
    arguments.add_argument("--grid", type=int, default=60, help="at each further point of the power curve")
    arguments.add_argument("--fake", type=int, default=0, help="worlds, evenly over the scenarios, with fake arms")
    arguments.add_argument("--fake-draws", type=int, default=FAKE_DRAWS, help="replications of fake arms")
    arguments.add_argument("--people", type=int, default=None, help="default: the world's own number")
    arguments.add_argument("--truth", type=int, default=TRUTH_PEOPLE)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    picture = given.out.parent.parent / "images" / PICTURE
    began = time.time()
    every = kinds()
    with ProcessPoolExecutor(2) as pool:
        true = dict(pool.map(treated, [(k.name, k.world, given.truth) for k in every]))
        print(f"truth of {len(every)} worlds, {(time.time() - began) / 60:.1f} minutes", flush=True)
        jobs = list(plan_of(every, given))
        seen: list[Seen] = []
        numbers = (repeat(given.people), repeat(given.fake_draws), repeat(true))
        for done, each in enumerate(pool.map(one, jobs, *numbers), start=1):
            seen += each
            if done % 50 == 0:
                print(f"{done} of {len(jobs)}, {(time.time() - began) / 60:.1f} minutes", flush=True)
    text, bars = page(seen, given, (time.time() - began) / 60)
    for file in (given.out, picture):
        file.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(text, encoding="utf-8")
    picture.write_text(stacks.picture(bars), encoding="utf-8")


def plan_of(every: tuple[Kind, ...], given: argparse.Namespace) -> Iterable[tuple[Kind, int, bool]]:
    """(scenario, seed, with fake arms): each world has its own seed; the first of each scenario run fake arms."""
    with_fake = -(-given.fake // len(OPENED))
    for k, kind in enumerate(every):
        n = given.worlds if kind.name in OPENED else given.grid
        for i in range(n):
            yield kind, 10_000 * k + i + 1, kind.name in OPENED and i < with_fake


if __name__ == "__main__":
    main()
