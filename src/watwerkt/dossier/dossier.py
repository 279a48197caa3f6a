"""The dossier: all that may be published of one answer. It knows no person."""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt.dossier.check import Check
from watwerkt.dossier.effect import Effect
from watwerkt.dossier.exclusions import Exclusions
from watwerkt.dossier.joint import Joint
from watwerkt.dossier.question import Question
from watwerkt.errors import DossierError


@dataclass(frozen=True)
class ArmFacts:
    """What is known of one arm before any effect.

    ``planned`` and ``wait_days`` are medians (periods, days); ``detectable`` is the effect on the primary outcome that
    would be found with 80 % power (METHODS 4.3b), in its unit; ``effective`` the effective number of persons.
    ``offices``: how many decided about them, None where no register tells.
    """

    arm: str
    n: int | None = None
    effective: float | None = None
    planned: float | None = None
    wait_days: float | None = None
    never_started: float | None = None
    detectable: float | None = None
    offices: int | None = None


@dataclass(frozen=True)
class Claim:
    """Whether an arm *works* on the primary cell, over all arms at once (METHODS 4.6). Opened effects only."""

    arm: str
    target: str
    adjusted_p: float
    works: bool


@dataclass(frozen=True)
class Band:
    """The critical value of one family's simultaneous band, with its Monte-Carlo error."""

    family: str
    critical: float
    mc_error: float
    cells: int


@dataclass(frozen=True)
class Missing:
    """How many rows had no value of a covariate, filled by the declared rule."""

    column: str
    rows: int


@dataclass(frozen=True)
class Got:
    """What those compared with ``arm`` got after all: the weighted ``share`` that had started the arm ``started`` by
    ``month``. ``n`` persons of the comparison had, ``n_rest`` had not (rounded to 5 at the door)."""

    arm: str
    started: str
    month: int
    share: float
    n: int
    n_rest: int


@dataclass(frozen=True)
class Facts:
    """What a reader must know beside the effects. ``remarks`` are vocabulary ids.

    ``windows`` has (arm, first, last): the periods of the programme, declared or by its median planned length.
    ``lock_in`` has (arm, at least, at most): for how many periods the arm falls behind, by the band (METHODS 3.3).
    ``until`` is the last day that the register covers; ``known_on`` the day as of which it was read, "" where it was
    read whole.
    """

    arms: tuple[ArmFacts, ...] = ()
    claims: tuple[Claim, ...] = ()
    bands: tuple[Band, ...] = ()
    missing: tuple[Missing, ...] = ()
    remarks: tuple[str, ...] = ()
    windows: tuple[tuple[str, int, int], ...] = ()
    lock_in: tuple[tuple[str, int, int], ...] = ()
    got: tuple[Got, ...] = ()
    until: str = ""
    known_on: str = ""


@dataclass(frozen=True)
class Dossier:
    """Question, exclusions, checks, effects, joints: seven text files that a privacy officer can read.

    ``snapshot`` is the sha256 of the data as read, ``seed`` what all draws came from, ``supersedes`` the digest of the
    dossier this one replaces. ``synthetic`` marks invented data for good. ``threshold`` is the small-cell threshold
    that the door applied.
    """

    question: Question
    service: str
    engine: str
    snapshot: str
    seed: int
    synthetic: bool
    exclusions: Exclusions
    checks: tuple[Check, ...]
    effects: tuple[Effect, ...]
    facts: Facts = Facts()
    joints: tuple[Joint, ...] = ()
    supersedes: str = ""
    threshold: int = 10

    def __post_init__(self) -> None:
        keys = [(e.cell, e.arm, e.target, e.design) for e in self.effects]
        if len(set(keys)) != len(keys):
            raise DossierError(where=self.question.id, because="an effect stands in it twice")
        opened = {(e.cell, e.family) for e in self.effects if e.reason == ""}
        for joint in self.joints:
            if any((cell, joint.family) not in opened for cell in joint.cells):
                raise DossierError(where=self.question.id, because="a joint speaks of an effect that is not open")

    def of(self, arm: str = "", outcome: str = "", measure: str = "at", target: str = "treated") -> tuple[Effect, ...]:
        """The effects of an arm ("" = every arm) on an outcome, in the order of their periods."""
        chosen = (
            e
            for e in self.effects
            if arm in ("", e.arm)
            and outcome in ("", e.cell.outcome)
            and e.cell.measure == measure
            and e.target == target
            and e.cell.group == "all"
        )
        return tuple(sorted(chosen, key=lambda e: (e.arm, e.cell.outcome, e.cell.month or 0)))
