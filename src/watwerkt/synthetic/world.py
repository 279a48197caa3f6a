"""The settings of an invented world: how people leave and return to work, who is offered what, and what it does.

All rates are a month, all effects on the log of a rate; a world is data and holds no random number. What a caseworker
looks at is recorded, except a hidden trait: 0 in the mean, 1 in its spread, written to no table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import ceil
from statistics import median

from watwerkt.synthetic.clock import MONTH

# The period that the register covers, and the days on which a benefit spell may begin.
COVERED = (date(2013, 1, 1), date(2024, 6, 30))
ENTRY = (date(2017, 1, 1), date(2019, 12, 31))
CURRENCY = "EUR"
SMALL_CELLS = 10


@dataclass(frozen=True)
class Leaning:
    """What an offer leans on, in log points: ten years older, a step in schooling, recent work.

    ``recent_work`` is per share of the last three months before the spell that was worked; ``older_and_schooled`` an
    interaction; ``trait`` one spread of the hidden trait.
    """

    older: float = 0.0
    schooled: float = 0.0
    recent_work: float = 0.0
    woman: float = 0.0
    older_and_schooled: float = 0.0
    trait: float = 0.0


@dataclass(frozen=True)
class Effect:
    """What an instrument does, in log points; nothing by default.

    ``lock_in`` on finding work from the start to the planned end. After it, for the share that was attended:
    ``finding`` on finding work (``finding_low_schooled`` more for the low schooled, ``finding_later`` more for every
    four months after the fourth in which it was offered), ``keeping`` off losing it, ``wage`` on the wage.
    """

    lock_in: float = 0.0
    finding: float = 0.0
    finding_low_schooled: float = 0.0
    finding_later: float = 0.0
    keeping: float = 0.0
    wage: float = 0.0


@dataclass(frozen=True)
class Arm:
    """One instrument, or a variant of one, as a question tells them apart.

    ``rate``: offers a month, for the average person in a month of weight 1; ``weights``: by elapsed month, the last
    one lasts. ``planned_weeks``: lengths that occur, equally often. ``wait``: days from offer to start, 1 … twice
    this. ``never_started``, ``dropped``: shares that never start, or stop halfway, for no reason that matters.
    """

    name: str
    instrument: str
    rate: float
    planned_weeks: tuple[int, ...]
    weights: tuple[float, ...] = (1.0,)
    wait: int = 14
    never_started: float = 0.06
    dropped: float = 0.05
    leaning: Leaning = field(default_factory=Leaning)
    effect: Effect = field(default_factory=Effect)

    @property
    def lock_in_months(self) -> int:
        """The last month of the lock-in window: the median planned length, rounded up to a whole month."""
        return ceil((7 * median(self.planned_weeks) - 1) / MONTH)


def _finding() -> tuple[float, ...]:
    """Rate of finding work by elapsed month: .125 at first, .05 after two years."""
    return tuple(0.05 + 0.075 * max(0.0, 1 - month / 15) ** 1.5 for month in range(16))


@dataclass(frozen=True)
class World:
    """A world. ``finding``, ``losing``, ``finding_again``: rates by month of the spell, of the job, since the job.

    ``selection`` multiplies every recorded leaning. ``trait_on_finding`` is what one spread of the hidden trait adds to
    finding work; ``trait_on_earlier_wage`` what it adds to wages of jobs that ended a year or more before the spell,
    which is all that is recorded of it. ``offers_recorded``: else provisions begin at once and only their start is
    known. ``until``: elapsed months in which a question of this world looks for offers;
    ``outside``: share of people too young or too old for it.
    """

    name: str
    people: int
    arms: tuple[Arm, ...]
    finding: tuple[float, ...] = field(default_factory=_finding)
    losing: tuple[float, ...] = (0.06, 0.05, 0.04, 0.04, 0.035, 0.035, 0.025, 0.025, 0.02, 0.02, 0.02, 0.02, 0.014)
    finding_again: tuple[float, ...] = (0.16, 0.13, 0.11, 0.10, 0.09, 0.08, 0.07, 0.06)
    selection: float = 1.0
    trait_on_finding: float = 0.0
    trait_on_earlier_wage: float = 0.0
    offers_recorded: bool = True
    until: int = 12
    outside: float = 0.0
