"""The stories, one screen: a question is asked, answered, released and shown. After ``release`` nobody is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from threadpoolctl import threadpool_limits

from watwerkt import door, effects, inside, report, sample
from watwerkt.dossier import Dossier, Quality, Question
from watwerkt.effects.nouns import Answer, Settings
from watwerkt.register import Register
from watwerkt.version import VERSION

Progress = Callable[[str], None]
Noun = TypeVar("Noun")
Place = str | Path | None


def answer(
    question: Question,
    source: object,
    *,
    folder: Place = None,
    seed: int = 1,
    learner: tuple[object, object] | None = None,
    progress: Progress = lambda stage: None,
) -> Answer:
    """Answer a question from a register, a file or any frame; every effect is closed until its checks pass.

    ``folder`` keeps finished stages (in ``folder/inside``), so that a killed run goes on; ``learner`` is a scikit-learn
    regressor and classifier in place of the default models; ``progress`` is told each stage as it begins.
    """
    home = None if folder is None else Path(folder) / "inside"
    settings = Settings(seed=seed, learner=learner)
    people = source if isinstance(source, Register) else sample.prepared(question, source)
    depends = inside.key(VERSION, question, people.snapshot, settings)

    def draw() -> sample.Drawn:
        progress("draw")
        return sample.draw(question, people, seed)

    def estimate() -> Answer:
        drawn = inside.stage(home, "drawn", depends, draw)
        progress("prepare")
        plans = effects.prepare(drawn, settings)
        progress("check")
        checks = tuple(effects.check(plan) for plan in plans)
        progress("follow")
        sealed = inside.stage(home, "sealed", depends, lambda: sample.seal(question, drawn.exclusions))
        followed = sample.follow(drawn, people, sealed)
        progress("estimate")
        estimates = tuple(effects.estimate(plan, followed) for plan in plans)
        progress("open")
        return effects.open_(plans, checks, estimates, followed)

    with threadpool_limits(limits=1, user_api="blas"):  # the same sums in the same order, whatever the machine
        answered = inside.stage(home, "answer", depends, estimate)
    return answered if folder is None else inside.record(Path(folder), answered, depends)


def release(exact: Answer, folder: Place = None, service: str = "", supersedes: str = "", out: Place = None) -> Dossier:
    """What may leave: small cells closed, everything rounded once. Written as seven text files if ``folder`` is named;
    into ``out``/inside, which stays, the form for who checks what leaves: the counts behind it, unrounded."""
    dossier = door.release(exact, service, supersedes)
    if out is not None:
        inside.form(Path(out), door.control(exact, dossier, inside.ledger(Path(out))), report.page)
    return dossier if folder is None else door.write(dossier, folder)


def seen(noun: Answer | Noun) -> Dossier | Noun:
    """What a reader may see of a noun: an answer passes the door first, everything else already has."""
    return door.release(noun) if isinstance(noun, Answer) else noun


def say(noun: object, lang: str = "en") -> str:
    """A noun in plain sentences, in ``nl`` or ``en``."""
    return report.say(seen(noun), lang)


def table(noun: object) -> object:
    """A noun as an Arrow table, which pandas and polars take as it is."""
    return report.table(seen(noun))


def picture(noun: Answer | Dossier, outcome: str, arm: str = "", lang: str = "en") -> str:
    """The path of one arm on one outcome, as SVG."""
    return report.picture(seen(noun), outcome, arm, lang)


def page(noun: Answer | Dossier | Quality, command: str = "") -> str:
    """One HTML file in two languages: offline, no script, everything in it."""
    return report.page(seen(noun), command)


def why(noun: Answer | Dossier, lang: str = "en") -> str:
    """Why effects are closed, and what would open them."""
    return report.why(seen(noun), lang)
