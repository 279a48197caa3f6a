"""Which backend a text names: nothing for files in the folder, an address of PostgreSQL, or Spark."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import cast
from urllib.parse import parse_qsl, urlsplit

from watwerkt.errors import MissingExtra, PasswordInBackend, UnknownBackend
from watwerkt.register.database import Backend
from watwerkt.register.duck import Engine, InFolder

_POSTGRES = ("postgresql", "postgres")
# The packages of each extra, by the name they are imported under.
_NEEDS = {"postgres": ("psycopg", "sqlglot"), "spark": ("pyspark", "sqlglot")}


def named(text: str, engine: Engine) -> Backend:
    """The backend that a text names: "" or duckdb, postgresql://…, spark or spark:<schema of its catalogue>."""
    name, _, rest = text.strip().partition(":")
    if text.strip() in ("", "duckdb"):
        return InFolder(engine)
    if name in _POSTGRES and rest.startswith("//"):
        _refuse_password(text)
        return _loaded("postgres", text)
    if name == "spark":
        return _loaded("spark", text)
    raise UnknownBackend(where="--backend", name=name)


def _loaded(extra: str, text: str) -> Backend:
    """A backend whose libraries are an extra."""
    if any(find_spec(package) is None for package in _NEEDS[extra]):
        raise MissingExtra(where="--backend", extra=extra, needed_for=extra)
    return cast(Backend, import_module(f"watwerkt.register.{extra}").from_address(text.strip()))


def _refuse_password(address: str) -> None:
    """A password in a file or on a command line is one that others read."""
    parts = urlsplit(address)
    if parts.password or any(key == "password" for key, _ in parse_qsl(parts.query)):
        raise PasswordInBackend(where=f"{parts.scheme}://{parts.hostname or ''}{parts.path}")
