"""The settings of an invented world: how people leave and return to work, who is offered what, and what it does.

All rates are a month, all effects on the log of a rate; a world is data and holds no random number. What a caseworker
looks at is recorded, except a hidden trait and news: 0 in the mean, 1 in their spread, written to no table.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
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
    """What an offer, or finding work, leans on, in log points.

    ``older``: ten years of age; ``schooled``: a step in schooling; ``recent_work``: per share of the last three months
    before the spell that was worked, ``older_work`` of months 13 … 24 before it; ``older_and_schooled``: an
    interaction; ``deep``: ``People.deep``, an interaction of three recorded columns that changes sign. Recorded
    nowhere: ``trait``, one spread of the hidden trait; ``news``, of what was learned after history ended.
    """

    older: float = 0.0
    schooled: float = 0.0
    recent_work: float = 0.0
    older_work: float = 0.0
    woman: float = 0.0
    older_and_schooled: float = 0.0
    deep: float = 0.0
    trait: float = 0.0
    news: float = 0.0


@dataclass(frozen=True)
class Effect:
    """What an instrument does, in log points; nothing by default.

    ``waiting`` on finding work from the offer to the start, ``lock_in`` from the start to the planned end. After it,
    for the share that was attended: ``finding`` on finding work (``finding_low_schooled`` more for the low schooled,
    ``finding_later`` more for every four months after the fourth in which it was offered), ``keeping`` off losing it,
    ``wage`` on the wage.
    """

    waiting: float = 0.0
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
    one lasts. ``planned_days``: lengths that occur, equally often. ``wait``: days from offer to start, 1 … twice
    this; 0 begins at once. ``never_started``, ``dropped``: shares that never start, or stop halfway, for no reason
    that matters. ``not_in``: offices that never offer it.
    """

    name: str
    instrument: str
    rate: float
    planned_days: tuple[int, ...]
    weights: tuple[float, ...] = (1.0,)
    wait: int = 14
    never_started: float = 0.06
    dropped: float = 0.05
    not_in: tuple[int, ...] = ()
    leaning: Leaning = field(default_factory=Leaning)
    effect: Effect = field(default_factory=Effect)

    @property
    def lock_in_months(self) -> int:
        """The last month of the lock-in window: the median planned length, rounded up to a whole month."""
        return max(1, ceil((median(self.planned_days) - 1) / MONTH))


@dataclass(frozen=True)
class Swing:
    """What the calendar adds to the log of a rate: ``cycle`` and ``season`` at their tops, as much less at their feet.

    The inflow into benefit is highest in January 2017 and, over the cycle, lowest in January 2020.
    """

    cycle: float = 0.0
    season: float = 0.0


@dataclass(frozen=True)
class Policy:
    """Who enters benefit from ``since`` on is entitled to ``share`` of what it was before."""

    since: date
    share: float


def _finding() -> tuple[float, ...]:
    """Rate of finding work by elapsed month: .125 at first, .05 after two years."""
    return tuple(0.05 + 0.075 * max(0.0, 1 - month / 15) ** 1.5 for month in range(16))


@dataclass(frozen=True)
class World:
    """A world. ``finding``, ``losing``, ``finding_again``: rates by month of the spell, of the job, since the job.

    ``selection`` multiplies every recorded leaning of an offer. ``on_finding`` is what finding work leans on beside
    what it leans on in every world. ``trait_on_earlier_wage``: what one spread of the hidden trait adds to wages of
    jobs that ended a year or more before the spell, which is all that is recorded of it. ``offers_recorded``: else only
    the start of a provision is known, and arms are compared from that day. ``until``: elapsed months in which a
    question of this world looks for offers; ``outside``: share of people too young or too old for it.

    ``inflow``, ``on_finding_by_calendar``: swings. ``spike`` is added to the log of finding work in the last 30 days of
    a right to benefit; ``policy``: a shorter right for later entrants. ``offices``, ``caseworkers``: spread of what
    each adds to the log of offers of each arm. ``part_time``: small jobs begun a month, on benefit, that do not end it.
    ``welfare``: share on the second scheme, where ``finding_on_welfare`` a month leave and no right ends.
    """

    name: str
    people: int
    arms: tuple[Arm, ...]
    finding: tuple[float, ...] = field(default_factory=_finding)
    losing: tuple[float, ...] = (0.06, 0.05, 0.04, 0.04, 0.035, 0.035, 0.025, 0.025, 0.02, 0.02, 0.02, 0.02, 0.014)
    finding_again: tuple[float, ...] = (0.16, 0.13, 0.11, 0.10, 0.09, 0.08, 0.07, 0.06)
    selection: float = 1.0
    on_finding: Leaning = field(default_factory=Leaning)
    trait_on_earlier_wage: float = 0.0
    offers_recorded: bool = True
    until: int = 12
    outside: float = 0.0
    inflow: Swing = field(default_factory=Swing)
    on_finding_by_calendar: Swing = field(default_factory=Swing)
    spike: float = 0.0
    policy: Policy | None = None
    offices: float = 0.0
    caseworkers: float = 0.0
    part_time: float = 0.0
    welfare: float = 0.0
    finding_on_welfare: float = 0.022


def planted(world: World) -> str:
    """All that a world plants, as one line of JSON: every setting that is not at its default."""
    return json.dumps(_beyond_default(world), default=str, separators=(",", ":"))


def _beyond_default(part: object) -> object:
    if isinstance(part, tuple):
        return [_beyond_default(each) for each in part]
    if not is_dataclass(part):
        return part
    told = {}
    for f in fields(part):
        value = getattr(part, f.name)
        usual = f.default_factory() if f.default_factory is not MISSING else f.default
        if value != usual:
            told[f.name] = _beyond_default(value)
    return told
