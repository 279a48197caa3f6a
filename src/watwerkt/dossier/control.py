"""What the person who checks what leaves must see: unrounded, cell by cell. Stays at home; no dossier ever holds it."""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt.dossier.dossier import Dossier
from watwerkt.dossier.effect import Effect

RULES = ("persons", "events", "others", "levels", "largest_two", "largest_one", "freedom")


@dataclass(frozen=True)
class Limit:
    """A rule in force: its name (of RULES) and what it is held against."""

    rule: str
    limit: float


@dataclass(frozen=True)
class Behind:
    """One side of one cell, unrounded. None: not counted, or not a thing that this outcome has.

    ``persons`` whose outcome is known; ``events`` and ``others`` those with and without it (for amounts: with anything
    and with nothing); ``largest_two`` the part that the two largest contributors have in the total; ``largest_one``
    what is left without the two largest, as a share of the largest.
    """

    persons: int | None = None
    events: int | None = None
    others: int | None = None
    largest_two: float | None = None
    largest_one: float | None = None


@dataclass(frozen=True)
class Counted:
    """One cell: the effect as it leaves (or as the door closed it), and what stands behind it.

    ``n`` and ``n_without`` are the estimator's own persons, ``with_`` and ``without`` the second count; ``verdicts``
    has (rule, passed) of each rule that applies, in the order of RULES.
    """

    effect: Effect
    n: int | None
    n_without: int | None
    with_: Behind
    without: Behind
    clusters: int
    freedom: float
    verdicts: tuple[tuple[str, bool], ...]

    @property
    def failed(self) -> tuple[str, ...]:
        """The rules that this cell breaks."""
        return tuple(rule for rule, passed in self.verdicts if not passed)

    @property
    def leaves(self) -> bool:
        """Whether numbers of it leave."""
        return self.effect.opened

    @property
    def smallest(self) -> int:
        """The smallest of the counts that a rule holds against the threshold."""
        counts = [self.n, self.n_without]
        if any(rule == "events" for rule, _ in self.verdicts):
            counts += [self.with_.events, self.without.events]
        if any(rule == "others" for rule, _ in self.verdicts):
            counts += [self.with_.others, self.without.others]
        return min((n for n in counts if n is not None), default=0)


@dataclass(frozen=True)
class Control:
    """The form of one release: the ``dossier`` that leaves, by which rules, and what stands behind it.

    ``files`` has (name, sha256) of the seven files; ``ledger`` (key, value) of the line under which the house wrote
    down which question met which data; ``closed`` (reason, cells) of what was closed before the door, of which nothing
    leaves.
    """

    dossier: Dossier
    limits: tuple[Limit, ...]
    files: tuple[tuple[str, str], ...]
    ledger: tuple[tuple[str, str], ...]
    closed: tuple[tuple[str, int], ...]
    rows: tuple[Counted, ...]


SIDE = ("persons", "events", "others", "largest_two", "largest_one")
KEY = ("instrument", "compared_with", "outcome", "month", "group", "period", "measure")
RELEASED = ("estimate", "std_error", "level", "level_without", "n", "n_without")


def table(control: Control) -> list[dict[str, object]]:
    """The form's cells as rows of one table, codes only: what leaves (``released_*``), what stands behind either side
    (``*_without``: of the comparison), and the verdict of each rule ("" where it does not apply)."""
    return [_row(one) for one in control.rows]


def _row(one: Counted) -> dict[str, object]:
    effect, verdicts = one.effect, dict(one.verdicts)
    said = {True: "passed", False: "failed", None: ""}
    return {
        "arm": effect.arm,
        **{name: getattr(effect.cell, name) for name in KEY},
        "target": effect.target,
        "design": effect.design,
        "leaves": "yes" if one.leaves else "no",
        "reason": effect.reason,
        **{f"released_{name}": getattr(effect, name) for name in RELEASED},
        "n": one.n,
        "n_without": one.n_without,
        **{name: getattr(one.with_, name) for name in SIDE},
        **{f"{name}_without": getattr(one.without, name) for name in SIDE},
        "clusters": one.clusters,
        "freedom": one.freedom,
        **{f"rule_{rule}": said[verdicts.get(rule)] for rule in RULES},
        "family": effect.family,
    }
