"""People at risk: drawn without their outcomes, sealed, and followed.

``draw`` and ``follow`` take a register or a prepared table (``prepared`` reads one); ``seal`` stands between them, and
``follow`` refuses what was not sealed.
"""

from __future__ import annotations

from watwerkt.dossier import Question
from watwerkt.errors import OtherSource
from watwerkt.register import Register
from watwerkt.sample.nouns import Covariates, Drawn, Followed, Group, Panel, Placebo, Sealed
from watwerkt.sample.prepared import Prepared, draw_table, follow_table, prepared
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
    "Prepared",
    "Sealed",
    "draw",
    "follow",
    "prepared",
    "seal",
]


def draw(question: Question, source: Register | Prepared, seed: int) -> Drawn:
    """The rows of a question with their arms and their past; nothing dated after time zero."""
    if isinstance(source, Register):
        if question.table is not None:
            raise OtherSource(where=f"question {question.id}", asked_of="a table of its own", given="a register")
        return draw_register(question, source, seed)
    return draw_table(question, source, seed)


def follow(drawn: Drawn, source: Register | Prepared, sealed: Sealed) -> Followed:
    """The same rows and what became of them; only for a question that was sealed as it stands."""
    if isinstance(source, Register):
        return follow_register(drawn, source, sealed)
    return follow_table(drawn, source, sealed)
