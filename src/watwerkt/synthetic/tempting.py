"""Tables that one would make first, and that are wrong: for invented registers alone, whose truth stands beside them.

Two mistakes, each with a reason of the vocabulary that says what is wrong. *plain*: everybody with an arm against
everybody without, as they are. *realised*: groups made comparable as `adjusted` does, but sorted by how long they
stayed instead of how long was planned: who finds work leaves early, so a short stay is a success by construction.

Nothing of it is opened, released or judged; no question can ask for it, and only the command line can import it
(docs/decisions/0110).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from watwerkt.dossier import Effect, Question, Tempting
from watwerkt.dossier.question_text import RANGE_COLUMN
from watwerkt.effects.cells import EVERYONE
from watwerkt.effects.designs import adjusted, difference, families
from watwerkt.effects.nouns import Estimates, Family, Settings
from watwerkt.effects.summaries import path
from watwerkt.errors import OnlyInvented
from watwerkt.register import Register
from watwerkt.sample import follow, seal
from watwerkt.sample.arms import Length
from watwerkt.sample.nouns import Followed
from watwerkt.sample.register_draw import draw_register

# The reason why it is wrong, and what planned lengths are held against.
TABLES: tuple[tuple[str, Length], ...] = (("plain", "planned"), ("realised", "realised"))


def tempting(
    question: Question, register: Register, settings: Settings, progress: Callable[[str], None] = lambda stage: None
) -> tuple[Tempting, ...]:
    """The wrong tables of a question at its primary cell; the second only where arms are told apart by their length.

    ``progress`` is told the reason of each as it begins. Raises OnlyInvented on a register of real people.
    """
    if not register.synthetic:
        raise OnlyInvented(where=str(register.folder))
    narrow = replace(question, outcomes=(question.outcome(question.primary.outcome),), groups=())
    made = []
    with threadpool_limits(limits=1, user_api="blas"):
        for reason, length in TABLES:
            if length == "planned" or by_length(question):
                progress(reason)
                followed = _followed(narrow, register, settings.seed, length)
                found = _raw(followed) if reason == "plain" else _adjusted(followed, settings)
                made.append(Tempting(reason, question, tuple(_effects(found, question))))
    return tuple(made)


def by_length(question: Question) -> tuple[str, ...]:
    """The arms that are told apart by their length."""
    return tuple(a.name for a in question.treatments if any(w.column == RANGE_COLUMN for w in a.where))


def shown(question: Question) -> tuple[str, ...]:
    """The arms that a table shows: those told apart by their length, else all."""
    return by_length(question) or tuple(arm.name for arm in question.treatments)


def _followed(question: Question, register: Register, seed: int, length: Length) -> Followed:
    """Drawn and followed to the primary month alone."""
    drawn = draw_register(question, register, seed, length=length)
    followed = follow(drawn, register, seal(question, drawn.exclusions))
    panel = followed.panel(question.primary.outcome)
    at = panel.months.index(question.primary.month) if question.primary.month in panel.months else -1
    seen = None if panel.observed is None else panel.observed[:, [at]]
    one = replace(panel, months=(panel.months[at],), y=panel.y[:, [at]], observed=seen)
    return Followed(drawn, (one,), None)


def _raw(followed: Followed) -> Estimates:
    """Means of the arms as they are."""
    looked, arms = families.looks(difference.DESIGN, followed, adjust=False), followed.drawn.arms
    pairs = tuple((arms.index(a), arms.index(b)) for a, b in _pairs(followed.drawn.question))
    return families.estimates(difference.DESIGN, looked, ("all",), pairs)


def _adjusted(followed: Followed, settings: Settings) -> Estimates:
    """The default estimator among those who started, with arms that should not be."""
    plan, pairs = adjusted.prepare(followed.drawn, settings), _pairs(followed.drawn.question)
    kept = tuple(c for c in plan.contrasts if c.target == "treated" and (c.arm, c.compared_with) in pairs)
    return adjusted.estimate(replace(plan, contrasts=kept), followed)


def _pairs(question: Question) -> tuple[tuple[str, str], ...]:
    """Each arm shown against the comparison, then the first against the second."""
    arms = shown(question)
    first = ((arms[0], arms[1]),) if len(arms) > 1 else ()
    return (*((arm, question.compared_with) for arm in arms), *first)


def _effects(estimates: Estimates, question: Question) -> Iterator[Effect]:
    """Every pair that the estimates hold, in their order."""
    found = {(f.arm, f.compared_with): f for f in estimates.families if f.cells[0].group == EVERYONE}
    yield from (_effect(found[pair], estimates.design) for pair in _pairs(question) if pair in found)


def _effect(family: Family, design: str) -> Effect:
    """The one cell of a family. Who makes such a table speaks of the participants, whatever it averages over."""
    at = path(family, np.eye(1), 0, "")
    return Effect(
        cell=family.cells[0],
        arm=family.arm,
        target="treated",
        design=design,
        estimate=float(at.theta[0]),
        std_error=float(at.se[0]),
        low=float(at.low[0]),
        high=float(at.high[0]),
        level=float(at.without[0] + at.theta[0]),
        level_without=float(at.without[0]),
        n=family.n,
        n_without=family.n_without,
        family=family.name,
    )
