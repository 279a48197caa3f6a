"""Whether a folder is a dossier that may travel: run at home after release, and again at every door it comes to.

Knows the rules and nothing of the home they were applied in: names, schema, hashes, fingerprint, ranges, rounding,
small cells (also by subtraction), no number where closed.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from watwerkt import vocabulary
from watwerkt.dossier.dossier import Dossier
from watwerkt.dossier.effect import Effect
from watwerkt.dossier.folder import read_texts
from watwerkt.dossier.question import Question
from watwerkt.dossier.schema import FILES
from watwerkt.dossier.text import NO_RULES, parse
from watwerkt.errors import DossierError

BINARY = ("employed", "employed_at", "on_benefit")
NUMBERS = ("estimate", "low", "high", "band_low", "band_high", "level", "level_without")
SUPPRESSED = ("small_cell", "small_cell_beside", "dominated")  # what must not be computed from what is left
LEAST_CLUSTERS_A_ROW = 10


def verify(folder: str | Path) -> tuple[str, ...]:
    """Every rule this dossier breaks, as plain sentences; empty when it may travel."""
    broken: list[str] = []
    try:
        texts = read_texts(Path(folder))
        broken += _hashes(texts)
        dossier = parse(texts)
    except DossierError as problem:
        return (*broken, f"{problem.where}: {problem.because}")
    head = json.loads(texts["dossier.json"])
    if head["fingerprint"] != dossier.question.fingerprint:
        broken.append("dossier.json: the fingerprint is not that of question.toml")
    for rule in (_codes, _counts, _rounding, _ranges, _small, _by_subtraction, _got, _joints):
        broken += rule(dossier)
    return tuple(broken)


def _hashes(texts: dict[str, str]) -> Iterator[str]:
    try:
        said = json.loads(texts.get("dossier.json", "{}")).get("sha256", {})
    except ValueError:
        said = {}
    for name in FILES[1:]:
        text = texts.get(name)
        if text is not None and said.get(name) != hashlib.sha256(text.encode()).hexdigest():
            yield f"{name}: its sha256 is not the one that dossier.json holds"
    if texts.get("rules.json", NO_RULES) != NO_RULES:
        yield "rules.json: rules are not released yet"


def _codes(dossier: Dossier) -> Iterator[str]:
    reasons, checks = vocabulary.load("reasons"), vocabulary.load("checks")
    for effect in dossier.effects:
        if effect.reason and effect.reason not in reasons:
            yield f"effects.csv: no reason is called {effect.reason!r}"
    for step in dossier.exclusions.steps:
        if step.reason not in reasons:
            yield f"exclusions.csv: no reason is called {step.reason!r}"
    for check in dossier.checks:
        if check.name not in checks:
            yield f"checks.csv: no check is called {check.name!r}"


def _counts(dossier: Dossier) -> Iterator[str]:
    for effect in dossier.effects:
        for count in (effect.n, effect.n_without):
            if count is not None and count % 5:
                yield f"{_name(effect)}: {count} persons is not rounded to 5"
    for step in dossier.exclusions.steps:
        if step.left % 5:
            yield f"exclusions.csv, {step.reason}: {step.left} is not rounded to 5"


def decimals(std_error: float) -> int:
    """Decimals at which a number with this standard error is published: two digits of the error (can be < 0)."""
    return 1 - Decimal(repr(std_error)).adjusted()


def _rounding(dossier: Dossier) -> Iterator[str]:
    for effect in dossier.effects:
        if not effect.std_error or effect.cell.measure == "break_even":
            continue
        least = decimals(effect.std_error)
        for name in NUMBERS:
            value = getattr(effect, name)
            if value is not None and abs(round(value, least) - value) > 10 ** (-least) * 1e-6:
                yield f"{_name(effect)}: {name} has more digits than its error allows"


def _ranges(dossier: Dossier) -> Iterator[str]:
    kinds = {outcome.name: outcome.kind for outcome in dossier.question.outcomes}
    for effect in dossier.effects:
        if effect.cell.outcome not in kinds:
            yield f"{_name(effect)}: the question has no such outcome"
            continue
        is_share = kinds[effect.cell.outcome] in BINARY and effect.cell.measure in ("at", "mean_lock_in")
        if is_share and effect.estimate is not None and abs(effect.estimate) > 1:
            yield f"{_name(effect)}: a share cannot change by more than 1"
    yield from _bounds(dossier)


def _bounds(dossier: Dossier) -> Iterator[str]:
    """A lower bound has its upper one, open with it and not below it; always-workers are no target of other numbers."""
    found = {
        (e.arm, e.design, e.target, replace(e.cell, measure="at"), e.cell.measure): e
        for e in dossier.effects
        if e.cell.measure in ("bound_low", "bound_high")
    }
    for (*key, measure), effect in found.items():
        other = found.get((*key, "bound_high" if measure == "bound_low" else "bound_low"))  # type: ignore[arg-type]
        if other is None or other.opened != effect.opened:
            yield f"{_name(effect)}: a bound without the other one"
        elif measure == "bound_low" and (effect.estimate or 0.0) > (other.estimate or 0.0) + _step(effect, other):
            yield f"{_name(effect)}: the lower bound lies above the upper one"


def _step(*effects: Effect) -> float:
    """How much rounding may move two numbers past each other: the coarser of their steps."""
    return max((10.0 ** -decimals(e.std_error) for e in effects if e.std_error), default=0.0)


def _small(dossier: Dossier) -> Iterator[str]:
    for effect in dossier.effects:
        if (
            not effect.reason
            and effect.cell.measure != "break_even"
            and smallest(effect, dossier.question, dossier.threshold) < 0
        ):
            yield f"{_name(effect)}: fewer than {dossier.threshold} persons, events or non-events"


def smallest(effect: Effect, question: Question, threshold: int) -> float:
    """How far the smallest count behind an open effect lies above the threshold, rounding allowed for (< 0: too small).

    Counts are persons on either side and, for outcomes that happen or not, events and non-events on either side.
    """
    kinds = {outcome.name: outcome.kind for outcome in question.outcomes}
    counts: list[float] = []
    for n, level in ((effect.n, effect.level), (effect.n_without, effect.level_without)):
        if n is None:
            continue
        slack = 2.5
        counts.append(n + slack)
        if level is not None and kinds.get(effect.cell.outcome) in BINARY and effect.cell.measure == "at":
            digits = decimals(effect.std_error) if effect.std_error else 6
            slack = 2.5 + n * 0.5 * 10**-digits
            counts += [n * level + slack, n * (1 - level) + slack]
    return min(counts, default=float("inf")) - threshold


def partitions(effects: tuple[Effect, ...]) -> dict[tuple[object, ...], list[Effect]]:
    """Effects of groups that together make a whole, by what they share: one suppressed among them can be computed."""
    parts: dict[tuple[object, ...], list[Effect]] = defaultdict(list)
    for effect in effects:
        cell = effect.cell
        if "=" in cell.group:
            grouping = cell.group.split("=")[0]
            key = (effect.arm, cell.compared_with, cell.outcome, cell.month, cell.measure, effect.target)
            parts[(*key, effect.design, grouping)].append(effect)
    return parts


def _by_subtraction(dossier: Dossier) -> Iterator[str]:
    for group in partitions(dossier.effects).values():
        hidden = [e for e in group if e.reason in SUPPRESSED]
        if len(hidden) == 1 and any(not e.reason for e in group):  # beside another closed one there are two unknowns
            yield f"{_name(hidden[0])}: it can be computed from the other groups"


def _got(dossier: Dossier) -> Iterator[str]:
    for one in dossier.facts.got:
        where = f"dossier.json, {one.started} among those compared with {one.arm}, {one.month}"
        if one.n % 5 or one.n_rest % 5:
            yield f"{where}: persons are not rounded to 5"
        if min(one.n, one.n_rest) + 2.5 < dossier.threshold:
            yield f"{where}: fewer than {dossier.threshold} persons"
        if abs(round(one.share, 2) - one.share) > 1e-9:
            yield f"{where}: a share with more than two digits"


def _joints(dossier: Dossier) -> Iterator[str]:
    public = public_periods(dossier)
    for joint in dossier.joints:
        if joint.clusters < LEAST_CLUSTERS_A_ROW * len(joint.cells):
            yield f"joint.csv, {joint.family}: too few clusters for its rows"
        if any(cell.month not in public for cell in joint.cells):
            yield f"joint.csv, {joint.family}: a period that is not a public horizon"


def public_periods(dossier: Dossier) -> frozenset[int | None]:
    """Periods at which errors may be joined: public horizons, the horizon of the question and the primary."""
    time = dossier.question.time
    a_month = 52 / 12 if time.period == "week" else 1
    months = (int(key[1:]) for key in vocabulary.load("horizons"))
    return frozenset({round(m * a_month) for m in months} | {time.horizon, dossier.question.primary.month})


def _name(effect: Effect) -> str:
    cell = effect.cell
    return f"effects.csv, {effect.arm} {cell.outcome} {cell.measure} {cell.month} {cell.group} {effect.target}"
