"""People at risk: drawn without their outcomes, sealed, and followed.

``draw`` and ``follow`` take a register; ``seal`` stands between them, and ``follow`` refuses what was not sealed.
"""

from __future__ import annotations

from watwerkt.dossier import Question
from watwerkt.register import Register
from watwerkt.sample.nouns import Covariates, Drawn, Followed, Group, Panel, Placebo, Sealed
from watwerkt.sample.register_draw import draw_register
from watwerkt.sample.register_follow import follow_register
from watwerkt.sample.seal import seal

__all__ = [
    "Covariates",
    "Drawn",
    "Followed",
    "Group",
    "Panel",
    "Placebo",
    "Sealed",
    "draw",
    "follow",
    "seal",
]


def draw(question: Question, source: Register, seed: int) -> Drawn:
    """The rows of a question with their arms and their past; nothing dated after time zero."""
    return draw_register(question, source, seed)


def follow(drawn: Drawn, source: Register, sealed: Sealed) -> Followed:
    """The same rows and what became of them; only for a question that was sealed as it stands."""
    return follow_register(drawn, source, sealed)
