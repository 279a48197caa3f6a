"""watwerkt tells an employment service what works.

>>> import watwerkt as ww
>>> question = ww.ask("questions/short-or-long/")
>>> answer = ww.answer(question, ww.read("register/"), seed=1)
>>> ww.say(answer, lang="nl")

Importing this loads nothing but these lines: each name below is fetched from its stage when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from watwerkt import version

if TYPE_CHECKING:
    from watwerkt.dossier import Dossier, Effect, Question
    from watwerkt.dossier.verify import verify
    from watwerkt.effects.compare import compare
    from watwerkt.effects.nouns import Answer
    from watwerkt.errors import WatwerktError
    from watwerkt.flow import answer, page, picture, release, say, table, why
    from watwerkt.later import renew
    from watwerkt.question.ask import ask
    from watwerkt.register.mapping import map_delivery
    from watwerkt.register.quality import check
    from watwerkt.register.read import read

_FROM = {
    "watwerkt.flow": ("answer", "page", "picture", "release", "say", "table", "why"),
    "watwerkt.later": ("renew",),
    "watwerkt.question": ("ask",),
    "watwerkt.register": ("check", "read"),
    "watwerkt.register.mapping": ("map_delivery",),
    "watwerkt.effects.compare": ("compare",),
    "watwerkt.effects.nouns": ("Answer",),
    "watwerkt.dossier": ("Dossier", "Effect", "Question"),
    "watwerkt.dossier.verify": ("verify",),
    "watwerkt.errors": ("WatwerktError",),
}  # fmt: skip
_HOME = {name: module for module, names in _FROM.items() for name in names}

__all__ = [
    "Answer", "Dossier", "Effect", "Question", "WatwerktError", "answer", "ask", "check", "compare", "map_delivery",
    "page", "picture", "read", "release", "renew", "say", "table", "verify", "why",
]  # fmt: skip

__version__ = version.VERSION


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'watwerkt' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
