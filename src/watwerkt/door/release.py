"""An answer becomes a dossier: small cells closed, everything rounded once, joints only where they give nobody away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from watwerkt.door import rounding
from watwerkt.door.disclose import suppress, suppress_got
from watwerkt.door.rules import broken, counted
from watwerkt.dossier import Check, Dossier, Facts, Joint
from watwerkt.dossier.verify import LEAST_CLUSTERS_A_ROW, public_periods
from watwerkt.dossier.why import compared_arm
from watwerkt.effects.nouns import Answer, Family
from watwerkt.vocabulary import load


def release(answer: Answer, service: str = "", supersedes: str = "") -> Dossier:
    """What may be published of an answer (DESIGN, what leaks). A closed effect has no number, by type.

    ``service`` names who answers; ``supersedes`` is the digest of a dossier that this one replaces.
    """
    families = tuple(family for estimates in answer.estimates for family in estimates.families)
    exact = Dossier(
        question=answer.question,
        service=service,
        engine=answer.engine,
        snapshot=answer.snapshot,
        seed=answer.seed,
        synthetic=answer.synthetic,
        exclusions=answer.exclusions,
        checks=answer.checks,
        effects=answer.effects,
        facts=answer.facts,
        supersedes=supersedes,
        threshold=answer.threshold,
    )
    safe = suppress(exact, broken(counted(answer)))
    rounded = replace(
        safe,
        exclusions=rounding.exclusions(safe.exclusions),
        checks=tuple(rounding.check(c) for c in _checks_of_opened(safe)),
        effects=tuple(rounding.effect(e) for e in safe.effects),
        facts=rounding.facts(_facts_of_opened(safe)),
    )
    joints = (_joint(family, rounded) for family in families)
    return replace(rounded, joints=tuple(j for j in joints if j is not None))


def _checks_of_opened(dossier: Dossier) -> tuple[Check, ...]:
    """Checks without those that would tell how large a closed effect is.

    Such a check looks at the primary cell under `treated`; it leaves where that is open, or where it closes it itself.
    """
    primary = dossier.question.primary
    sized = {name for name, row in load("checks").items() if row.sized}
    opened = {
        (e.arm, e.design)
        for e in dossier.effects
        if e.reason == "" and e.target == "treated" and e.cell.measure == "at" and e.cell.group == "all"
        and (e.cell.outcome, e.cell.month) == (primary.outcome, primary.month)
        and compared_arm(dossier.question, e) == ""
    }  # fmt: skip
    return tuple(
        c
        for c in dossier.checks
        if c.name not in sized or (c.arm, c.design) in opened or (c.verdict == "failed" and c.closes)
    )


def _facts_of_opened(dossier: Dossier) -> Facts:
    """Facts without the bands and claims of families in which nothing is open."""
    opened = {e.family for e in dossier.effects if e.reason == ""}
    arms = {(e.arm, e.target) for e in dossier.effects if e.reason == ""}
    facts = dossier.facts
    return replace(
        facts,
        bands=tuple(b for b in facts.bands if b.family in opened),
        claims=tuple(c for c in facts.claims if (c.arm, c.target) in arms),
        got=suppress_got(tuple(g for g in facts.got if g.arm in {arm for arm, _ in arms}), dossier.threshold),
    )


def _joint(family: Family, dossier: Dossier) -> Joint | None:
    """Correlations of the opened public periods of one family, or None where they may not leave."""
    public = public_periods(dossier)
    opened = {(e.family, e.cell): e for e in dossier.effects if e.reason == ""}
    rows = [i for i, c in enumerate(family.cells) if (family.name, c) in opened and c.month in public]
    clusters = rounding.COUNTS_TO * (family.clusters // rounding.COUNTS_TO)
    fewest = min(clusters, family.n)
    if len(rows) < 2 or fewest < LEAST_CLUSTERS_A_ROW * len(rows) or not _has_variance(family, rows):
        return None
    deviations = np.sqrt(np.diag(family.V)[rows])
    correlations = family.V[np.ix_(rows, rows)] / np.outer(deviations, deviations)
    upper = np.clip(np.round(correlations[np.triu_indices(len(rows), 1)], 3), -1, 1) + 0.0
    return Joint(family.name, tuple(family.cells[i] for i in rows), tuple(upper.tolist()), clusters)


def _has_variance(family: Family, rows: list[int]) -> bool:
    return bool((np.diag(family.V)[rows] > 0).all())
