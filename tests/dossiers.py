# ruff: noqa: E501  (sentences and rows of numbers read better whole)
"""Realistic dossiers made by hand: what the report stage is looked at with.

``job_corps`` has the real path of ../shared/data/reference where it is there, else one like it; all others are
invented, and the invented ones that stand for an invented register say so.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

from watwerkt.dossier import (
    Arm,
    ArmFacts,
    Band,
    Cell,
    Check,
    Claim,
    Design,
    Dossier,
    Effect,
    Exclusions,
    Facts,
    Known,
    Missing,
    Outcome,
    Population,
    Primary,
    Question,
    Source,
    Step,
    Table,
    Time,
    Words,
)

REFERENCE = Path(__file__).parents[2] / "shared" / "data" / "reference" / "e_jobcorps_supt.json"
ENGINE, SNAPSHOT = "0.1.0", "f53c808e3f26" + "0" * 52


def _effect(cell: Cell, arm: str, target: str, design: str, numbers: tuple[float, float, float | None]) -> Effect:
    """An open effect from (estimate, standard error, critical value of its band)."""
    estimate, error, c = numbers
    return Effect(
        cell, arm, target, design,  # type: ignore[arg-type]
        estimate=round(estimate, 5), std_error=round(error, 6),
        low=round(estimate - 1.96 * error, 5), high=round(estimate + 1.96 * error, 5),
        band_low=None if c is None else round(estimate - c * error, 5),
        band_high=None if c is None else round(estimate + c * error, 5),
        n=5545, n_without=3600, family=f"{design}/{target}/{arm}/{cell.outcome}/{cell.measure}",
    )  # fmt: skip


def _with_levels(effect: Effect, without: float, n: tuple[int, int]) -> Effect:
    """The effect with its levels and counts."""
    numbers = {**effect.__dict__, "level_without": round(without, 5), "level": round(without + effect.estimate, 5)}  # type: ignore[operator]
    return Effect(**{**numbers, "n": n[0], "n_without": n[1]})


# ---- Job Corps: drawn by lot, by week, one arm ---------------------------------------------------------------------


def _job_corps_path() -> tuple[list[float], list[float]]:
    if REFERENCE.exists():
        values = json.loads(REFERENCE.read_text("utf-8"))["values"]
        return values["effect_path"], values["se_path"]
    path = [0.036 - 0.18 * math.exp(-((t - 16) ** 2) / (2 * (30 if t > 16 else 8) ** 2)) for t in range(1, 209)]
    return path, [0.0086 + 0.002 * (1 - math.exp(-t / 20)) for t in range(1, 209)]


def job_corps() -> Dossier:
    """The real experiment, by week: first less work, after four years slightly more, and in total less."""
    question = Question(
        id="job-corps",
        title=Words(nl="Helpt een plaats bij Job Corps jongeren aan werk?", en="Does a place in Job Corps help young people into work?"),
        arms=(Arm("offer", "training"), Arm("none")),
        compared_with="none",
        outcomes=(Outcome("work", "employed", 0.02, columns="week_{t}", periods=(1, 208)),),
        table=Table("job_corps.csv", remarks=("unweighted", "followed_only")),
        time=Time(horizon=208, period="week", lock_in=(1, 35), primary=Primary("work", 208)),
        source=Source(
            name=Words(nl="National Job Corps Study, werk per week", en="National Job Corps Study, work by week"),
            funder=Words(nl="Ministerie van Arbeid van de Verenigde Staten", en="United States Department of Labor"),
            people=Words(nl="jongeren", en="young people"),
        ),
        known=(Known(Words(nl="Na twintig jaar zien onderzoekers in belastinggegevens geen duidelijk verschil in loon, behalve bij wie ouder was bij de start.", en="After twenty years, tax records show no clear difference in earnings, except among those who were older at the start."), "Schochet 2018"),),
        design=Design(("randomised",)),
    )  # fmt: skip
    effects = _job_corps_effects()
    checks = (
        Check("share", "", "", "passed", 0.72, 0.001),
        Check("balance", "offer", "", "passed", 2.32, 2.88),
        Check("placebo", "offer", "work_1_12", "passed", 0.019, 0.02, detectable=0.025),
        Check("attrition", "offer", "", "not_informative"),
        Check("hidden", "offer", "", "not_applicable"),
    )
    facts = Facts(
        arms=(ArmFacts("offer", n=5545, planned=35, detectable=0.03), ArmFacts("none", n=3600)),
        claims=(Claim("offer", "all", 0.001, True),),
        bands=(Band("randomised/all/offer/work/at", 3.303, 0.002, 208), Band("randomised/all/offer/work/total", 2.574, 0.004, 208)),
        remarks=("unweighted", "followed_only"),
        windows=(("offer", 1, 35),),
    )  # fmt: skip
    return Dossier(
        question, "", ENGINE, SNAPSHOT, 20261124, False, Exclusions((Step("read", "", 9145), Step("no_arm", "", 9145))),
        checks, effects, facts,
    )  # fmt: skip


def _job_corps_effects() -> tuple[Effect, ...]:
    path, errors = _job_corps_path()
    found: list[Effect] = []
    total, spread = 0.0, 0.0
    for t, (estimate, error) in enumerate(zip(path, errors, strict=True), start=1):
        cell = Cell("training", "none", "work", t, period="week")
        without = 0.577 - 0.39 * math.exp(-t / 62)
        open_ = _effect(cell, "offer", "all", "randomised", (estimate, error, 3.303))
        found.append(_with_levels(open_, without, (5545, 3600)))
        total += estimate
        spread = 1.3155 * (t / 208) ** 0.8
        sum_cell = Cell("training", "none", "work", t, period="week", measure="total")
        found.append(_effect(sum_cell, "offer", "all", "randomised", (total, spread, 2.574)))
    window = Cell("training", "none", "work", 35, period="week", measure="mean_lock_in")
    found.append(_effect(window, "offer", "all", "randomised", (sum(path[:35]) / 35, 0.0078, None)))
    never = Cell("training", "none", "work", 208, period="week", measure="break_even")
    found.append(Effect(never, "offer", "all", "randomised", "beyond_horizon", low=204.0, n=5545, n_without=3600))
    return tuple(found)


# ---- NSW and NSW against PSID: no time ---------------------------------------------------------------------------


def _nsw_question(design: str) -> Question:
    return Question(
        id="nsw" if design == "randomised" else "nsw-psid",
        title=Words(nl="Helpt het NSW-programma aan een hoger loon?", en="Does the NSW programme raise earnings?"),
        arms=(Arm("programme", "training"), Arm("none")),
        compared_with="none",
        outcomes=(Outcome("earnings", "earnings", 0.5, "thousand USD a year", column="re78"),),
        table=Table("nsw.csv"),
        time=Time(primary=Primary("earnings")),
        given=("age", "educ", "black", "hisp", "married", "nodegree", "re74", "re75"),
        source=Source(name=Words(nl="National Supported Work Demonstration", en="National Supported Work Demonstration")),
        design=Design((design,)),
    )  # fmt: skip


def nsw() -> Dossier:
    """The real training experiment: one number without time, open."""
    cell = Cell("training", "none", "earnings", None, period="")
    effect = Effect(
        cell, "programme", "all", "randomised", estimate=1.62, std_error=0.69, low=0.26, high=2.99, level=6.18,
        level_without=4.56, n=185, n_without=260, family="randomised/all/programme/earnings/at",
    )  # fmt: skip
    checks = (
        Check("share", "", "", "passed", 0.41, 0.001),
        Check("balance", "programme", "", "passed", 1.1, 2.7),
        Check("attrition", "programme", "", "not_applicable"),
        Check("placebo", "programme", "", "not_informative", 0.31, 0.5, detectable=1.4),
    )
    return Dossier(
        _nsw_question("randomised"), "", ENGINE, SNAPSHOT, 1, False, Exclusions((Step("read", "", 445),)), checks,
        (effect,), Facts(arms=(ArmFacts("programme", 185), ArmFacts("none", 260)), claims=(Claim("programme", "all", 0.021, True),)),
    )  # fmt: skip


def nsw_psid() -> Dossier:
    """The same people against a survey: closed, and its number is nowhere."""
    cell = Cell("training", "none", "earnings", None, period="")
    effects = tuple(
        Effect(cell, "programme", target, "adjusted", "overlap")  # type: ignore[arg-type]
        for target in ("treated", "all", "overlap")
    )
    checks = (
        Check("too_few", "programme", "", "passed", 185, 100),
        Check("overlap", "programme", "", "failed", 9.7, 100, ("treated", "all", "overlap")),
        Check("balance", "programme", "", "failed", 6.1, 2.7, ("treated",)),
        Check("prognosis", "programme", "", "passed", 0.4, 2.7),
        Check("placebo", "programme", "", "not_applicable"),
    )
    return Dossier(
        _nsw_question("adjusted"), "", ENGINE, SNAPSHOT, 1, False, Exclusions((Step("read", "", 2675),)), checks,
        effects, Facts(arms=(ArmFacts("programme", 185, 10.0), ArmFacts("none", 2490))),
    )  # fmt: skip


# ---- short, long, coaching: an invented register, by month, three arms, one closed ---------------------------------


def three_arms() -> Dossier:
    """Short and long training open, coaching closed for a placebo; three outcomes, totals, short against long."""
    outcomes = (
        Outcome("work", "employed", 0.02),
        Outcome("earnings", "earnings", 50.0, "EUR a month"),
        Outcome("on_benefit", "on_benefit", 0.02),
    )
    question = Question(
        id="short-or-long-training",
        title=Words(nl="Helpt een korte of een lange training meer?", en="Does a short or a long training help more?"),
        arms=(Arm("short", "training.short"), Arm("long", "training.long"), Arm("coaching", "coaching")),
        compared_with="not_now",
        outcomes=outcomes,
        population=Population(("ww",), (25, 60), ("2017-01-01", "2019-12-31")),
        time=Time("each month", 12, 36, None, "month", Primary("work", 24)),
        source=Source(name=Words(nl="Verzonnen register van een dienst", en="Invented register of a service")),
    )
    effects = (
        *_arm_effects("short", "training.short", (0.035, 0.07, 3), 460),
        *_arm_effects("long", "training.long", (0.06, 0.16, 9), 410),
        *_closed_arm(outcomes),
        *_versus(),
    )
    return Dossier(
        question, "", ENGINE, SNAPSHOT, 1, True,
        Exclusions((Step("read", "", 96_410), Step("not_in_population", "", 61_205), Step("not_covered", "", 58_400),
                    Step("earlier_provision", "", 57_115), Step("not_on_benefit", "", 55_930), Step("not_drawn", "", 17_870))),
        _three_checks(), effects, _three_facts(),
    )  # fmt: skip


def _arm_effects(arm: str, instrument: str, shape: tuple[float, float, int], n: int) -> list[Effect]:
    gain, loss, length = shape
    found: list[Effect] = []
    for outcome, scale in (("work", 1.0), ("earnings", 1900.0), ("on_benefit", -0.9)):
        total = 0.0
        for t in range(1, 37):
            wave = 0.004 * math.sin(t * 1.7 + n)
            value = gain * (1 - math.exp(-t / 8)) - loss * math.exp(-((t / (length * 0.8)) ** 2)) + wave
            error = 0.0135 * (1 + 0.15 * math.exp(-t / 5))
            total += value
            if outcome != "earnings" or t != 1:
                without = {"work": 0.55, "earnings": 1150.0, "on_benefit": 0.35}[outcome]
                without *= (1 - 0.8 * math.exp(-t / 9)) if outcome != "on_benefit" else (1 + 1.7 * math.exp(-t / 8))
                cell = Cell(instrument, "not_now", outcome, t)
                numbers = (value * scale, error * abs(scale), 2.83)
                found.append(_with_levels(_effect(cell, arm, "treated", "adjusted", numbers), without, (n, 16_950)))
            else:
                found.append(Effect(Cell(instrument, "not_now", outcome, t), arm, "treated", "adjusted", "small_cell"))
            summed = Cell(instrument, "not_now", outcome, t, measure="total")
            spread = 0.012 * abs(scale) * t**0.93
            found.append(_effect(summed, arm, "treated", "adjusted", (total * scale, spread, 2.4)))
        window = Cell(instrument, "not_now", outcome, length, measure="mean_lock_in")
        found.append(_effect(window, arm, "treated", "adjusted", (-loss * scale * 0.5, 0.012 * abs(scale), None)))
    for t in (6, 12, 24, 36):
        later = Cell(instrument, "not_now", "work", t, measure="started_later")
        found.append(
            Effect(later, arm, "treated", "adjusted", estimate=0.42 * (1 - math.exp(-t / 9)), n=n, n_without=16_950)
        )
    point = {"short": (13.0, 9.0, 22.0), "long": (30.0, 24.0, None)}[arm]
    even = Cell(instrument, "not_now", "work", 36, measure="break_even")
    found.append(
        Effect(even, arm, "treated", "adjusted", estimate=point[0], low=point[1], high=point[2], n=n, n_without=16_950)
    )
    return found


def _closed_arm(outcomes: tuple[Outcome, ...]) -> list[Effect]:
    return [
        Effect(Cell("coaching", "not_now", o.name, t, measure=measure), "coaching", "treated", "adjusted", "placebo")
        for o in outcomes
        for measure in ("at", "total")
        for t in range(1, 37)
    ]


def _versus() -> list[Effect]:
    found = []
    for t in range(1, 37):
        value = 0.09 * math.exp(-(((t - 6) / 6) ** 2)) - 0.025 * (1 - math.exp(-t / 12))
        for arm, other, sign in (("short", "long", 1), ("long", "short", -1)):
            cell = Cell(f"training.{arm}", f"training.{other}", "work", t)
            effect = _effect(cell, arm, "treated", "adjusted", (sign * value, 0.019, 2.85))
            found.append(_with_levels(effect, 0.5, (460, 410)))
    return found


def _three_checks() -> tuple[Check, ...]:
    found = []
    for arm, persons in (("short", 455), ("long", 405), ("coaching", 430)):
        found += [
            Check("too_few", arm, "", "passed", persons, 100, ("treated",), 0.0125),
            Check("overlap", arm, "", "passed", persons * 3, 100, ("treated",), 0.0125),
            Check("balance", arm, "", "passed", 0.8, 2.9, ("treated",), 0.0125),
            Check("prognosis", arm, "", "passed", 0.3, 2.9, ("treated",), 0.0125),
            Check("wait", arm, "", "not_applicable"),
        ]
    found += [
        Check("placebo", "short", "work_1_12", "not_informative", 0.14, 0.24, (), 0.0125, 0.41),
        Check("placebo", "long", "work_1_12", "not_informative", 0.17, 0.24, (), 0.0125, 0.44),
        Check("placebo", "coaching", "work_1_12", "failed", 1.31, 0.24, ("treated", "all", "overlap"), 0.0125, 0.43),
    ]
    return tuple(found)


def _three_facts() -> Facts:
    return Facts(
        arms=(
            ArmFacts("short", 460, 455.0, 2.0, 18.0, 0.04, 0.038),
            ArmFacts("long", 410, 405.0, 9.0, 26.0, 0.06, 0.041),
            ArmFacts("coaching", 435, 430.0, 6.0, 9.0, 0.02, 0.040),
            ArmFacts("not_now", 16_950),
        ),
        claims=(Claim("short", "treated", 0.021, True), Claim("long", "treated", 0.003, True)),
        bands=(Band("adjusted/treated/short/work/at", 2.83, 0.004, 36), Band("adjusted/treated/long/work/at", 2.84, 0.004, 36)),
        missing=(Missing("education", 1240),),
        remarks=("per_start",),
        windows=(("short", 1, 2), ("long", 1, 9), ("coaching", 1, 6)),
    )  # fmt: skip
