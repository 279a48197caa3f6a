"""Which backend a text names: empty for files in the folder, an address of PostgreSQL, or Spark."""

from __future__ import annotations

from watwerkt.register.database import Backend
from watwerkt.register.duck import Engine, InFolder


def named(text: str, engine: Engine) -> Backend:
    """The backend that a text names."""
    return InFolder(engine)
