"""The seal: outcomes are read only for a question that can no longer change."""

from __future__ import annotations

from watwerkt.dossier import Exclusions, Question
from watwerkt.errors import NotSealed
from watwerkt.sample.nouns import Drawn, Sealed


def seal(question: Question, exclusions: Exclusions) -> Sealed:
    """Fix the question and what had been set aside before any outcome was read."""
    return Sealed(question.fingerprint, exclusions)


def require_sealed(drawn: Drawn, sealed: Sealed) -> None:
    """Refuse to go on unless the drawn people are exactly those of the sealed question."""
    where = f"question {drawn.question.id}"
    if not isinstance(sealed, Sealed):
        raise NotSealed(where=where)
    if sealed.fingerprint != drawn.question.fingerprint or sealed.exclusions != drawn.exclusions:
        raise NotSealed(where=where)
