"""The stories, one screen: a question is asked, answered, released and shown.

Everything about persons happens inside ``answer``; everything after ``release`` knows nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from watwerkt import door, effects, inside, report, sample
from watwerkt.dossier import Dossier, Quality
from watwerkt.dossier.folder import read as read_dossier
from watwerkt.dossier.question import Question
from watwerkt.dossier.verify import verify
from watwerkt.effects import compare
from watwerkt.effects.nouns import Answer, Settings
from watwerkt.question import ask
from watwerkt.register import Register, check, read
from watwerkt.version import VERSION

Progress = Callable[[str], None]
STAGES = ("draw", "prepare", "check", "follow", "estimate", "open")


def answer(
    question: Question,
    source: object,
    *,
    folder: str | Path | None = None,
    seed: int = 1,
    learner: tuple[object, object] | None = None,
    progress: Progress = lambda stage: None,
) -> Answer:
    """Answer a question from a register, a file or any frame; every effect is closed until its checks pass.

    ``folder`` keeps finished stages (in ``folder/inside``), so that a killed run resumes; ``learner`` is a pair of
    scikit-learn regressor and classifier in place of the default models.
    """
    home = None if folder is None else Path(folder) / "inside"
    people = source if isinstance(source, Register) else sample.prepared(question, source)
    depends = inside.key(VERSION, question.fingerprint, people.snapshot, seed, learner)

    def draw() -> sample.Drawn:
        progress("draw")
        return sample.draw(question, people, seed)

    def estimate() -> Answer:
        drawn = inside.stage(home, "drawn", depends, draw)
        progress("prepare")
        plans = effects.prepare(drawn, Settings(seed=seed, learner=learner))
        progress("check")
        checks = tuple(effects.check(plan) for plan in plans)
        progress("follow")
        sealed = inside.stage(home, "sealed", depends, lambda: sample.seal(question, drawn.exclusions))
        followed = sample.follow(drawn, people, sealed)
        progress("estimate")
        estimates = tuple(effects.estimate(plan, followed) for plan in plans)
        progress("open")
        return effects.open_(plans, checks, estimates, followed)

    answered = inside.stage(home, "answer", depends, estimate)
    if home is not None:
        inside.record(home, answered, depends)
    return answered


def release(answered: Answer, folder: str | Path | None = None, service: str = "") -> Dossier:
    """What may leave: small cells closed, everything rounded once. Written as seven text files if a folder is named."""
    dossier = door.release(answered, service)
    if folder is not None:
        door.write(dossier, folder)
    return dossier


def seen(noun: object) -> object:
    """What a reader may see of a noun: an answer passes the door first, everything else already has."""
    return door.release(noun) if isinstance(noun, Answer) else noun


def say(noun: object, lang: str = "en") -> str:
    """A noun in plain sentences, in ``nl`` or ``en``."""
    return report.say(seen(noun), lang)


def table(noun: object) -> object:
    """A noun as an Arrow table, which pandas and polars take as it is."""
    return report.table(seen(noun))


def picture(noun: object, outcome: str, arm: str = "", lang: str = "en") -> str:
    """The path of one arm on one outcome, as SVG."""
    return report.picture(seen(noun), outcome, arm, lang)


def page(noun: object, command: str = "") -> str:
    """One HTML file in two languages: offline, no script, everything in it."""
    return report.page(seen(noun), command)


def why(noun: object, lang: str = "en") -> str:
    """Why effects are closed, and what would open them."""
    return report.why(seen(noun), lang)


__all__ = [
    "Quality", "answer", "ask", "check", "compare", "page", "picture", "read", "read_dossier", "release", "say",
    "table", "verify", "why",
]  # fmt: skip
