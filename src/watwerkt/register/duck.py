"""DuckDB in this process over files in a folder: the backend unless another one is named."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from watwerkt.errors import NotALimit, OutputError, TooLittleMemory
from watwerkt.register import files
from watwerkt.register.arrow import arrow
from watwerkt.register.database import Kind
from watwerkt.register.files import Source, quoted

# How much of the machine may be used, where a caller does not say (docs/how-to/a-large-register.md).
MEMORY, THREADS = "WATWERKT_MEMORY", "WATWERKT_THREADS"


@dataclass(frozen=True)
class Engine:
    """How much of the machine DuckDB may use. What does not fit in memory goes to a temporary folder."""

    memory: str = "3GB"
    threads: int | None = None

    @classmethod
    def given(cls) -> Engine:
        """As the environment says: WATWERKT_MEMORY and WATWERKT_THREADS. Raises NotALimit."""
        memory, threads = os.environ.get(MEMORY, ""), os.environ.get(THREADS, "")
        if memory and not re.fullmatch(r"[1-9][0-9]*(\.[0-9]+)? ?(MB|GB|TB|MiB|GiB|TiB)", memory):
            raise NotALimit(where="--memory", given=memory, such_as="3GB")
        if threads and not re.fullmatch(r"[1-9][0-9]{0,3}", threads):
            raise NotALimit(where="--threads", given=threads, such_as="2")
        return cls(memory or cls.memory, int(threads) if threads else None)


@dataclass(frozen=True)
class InFolder:
    """CSV and Parquet files, read by DuckDB in this process."""

    engine: Engine = Engine()

    def find(self, folder: Path) -> tuple[Source, ...]:
        """The tables of the standard that a folder holds."""
        return files.find(folder)

    @contextmanager
    def open(self) -> Iterator[Duck]:
        """A session."""
        with connected(self.engine) as connection:
            yield Duck(connection)


@dataclass(frozen=True, eq=False)
class Duck:
    """A session of DuckDB."""

    connection: duckdb.DuckDBPyConnection

    def execute(self, query: str, values: Sequence[object] = (), /) -> duckdb.DuckDBPyConnection:
        """Run statements as they are."""
        return self.connection.execute(query, values) if values else self.connection.execute(query)

    def load(self, name: str, kinds: Mapping[str, Kind], columns: Mapping[str, Iterable[object]]) -> None:
        """Make a temporary table from values of this process."""
        self.connection.register("loaded", arrow(kinds, columns))
        self.connection.execute(f"CREATE TEMP TABLE {quoted(name)} AS SELECT * FROM loaded")
        self.connection.unregister("loaded")

    def show(self, source: Source) -> None:
        """Make the view ``raw_<table>`` of a file."""
        name = quoted(f"raw_{source.table.name}")
        self.connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {source.scan}")


@contextmanager
def connected(engine: Engine) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB in this process, within its limits; its temporary files go when it closes."""
    spill = Path(tempfile.gettempdir()) / f"watwerkt-{uuid.uuid4().hex}"
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": engine.memory,
        "threads": engine.threads or os.cpu_count() or 1,
        "temp_directory": str(spill),
        "preserve_insertion_order": False,
    }
    connection = duckdb.connect(config=config)
    connection.execute("SET enable_progress_bar = false")  # DuckDB would write it between what is said
    try:
        yield connection
    except duckdb.OutOfMemoryException:
        raise TooLittleMemory(where=f"temporary files in {tempfile.gettempdir()}", memory=engine.memory) from None
    except duckdb.IOException as error:
        if "No space" in str(error):
            raise OutputError(where=tempfile.gettempdir(), because="no room for temporary files") from None
        raise
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)
