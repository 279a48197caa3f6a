"""Declaring a question: from its file, or from keywords. ``write`` gives the file's text back."""

from watwerkt.dossier.question_text import to_toml as write
from watwerkt.question.ask import ask
from watwerkt.question.read import read

__all__ = ["ask", "read", "write"]
