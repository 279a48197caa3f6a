"""Engines that the tests start themselves: a PostgreSQL server of this machine, and Spark in local mode."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

# `make spark` puts it here: half a gigabyte that no other test needs.
SPARK = Path(__file__).parents[1] / "build" / "spark"
_TYPES = {"string": "text", "large_string": "text", "date32[day]": "date", "double": "double precision",
          "int64": "bigint", "int32": "integer", "bool": "boolean", "timestamp[us]": "timestamp"}  # fmt: skip


def why_no_postgres() -> str:
    """Why there is no server to start; empty where there is one."""
    if find_spec("psycopg") is None or find_spec("sqlglot") is None:
        return "the extra 'postgres' is not installed"
    return "" if _binaries() else "PostgreSQL's server is not installed (Debian: postgresql)"


def why_no_spark() -> str:
    """Why Spark cannot start; empty where it can."""
    if SPARK.is_dir() and str(SPARK) not in sys.path:
        sys.path.append(str(SPARK))
    if find_spec("pyspark") is None or find_spec("sqlglot") is None:
        return "the extra 'spark' is not installed (make spark)"
    return "" if shutil.which("java") else "there is no Java"


def _binaries() -> Path | None:
    """Where initdb and pg_ctl are; Debian keeps them off the PATH."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


@contextmanager
def postgres() -> Iterator[str]:
    """A server on a free port of this machine, its data in a temporary folder: the address of its database."""
    binaries = _binaries()
    assert binaries is not None
    owner = pwd.getpwnam("postgres").pw_name if os.getuid() == 0 else None  # the server refuses to run as root
    home = Path(tempfile.mkdtemp(prefix="watwerkt-postgres-"))
    if owner:
        shutil.chown(home, owner)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=owner, cwd=home, capture_output=True, timeout=120)

    # A language in which texts do not sort by their bytes, as most servers have.
    language = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=nl-NL")
    run(str(binaries / "initdb"), "-D", f"{home}/data", "-A", "trust", "-U", "clerk", "-E", "UTF8", *language)
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = (str(binaries / "pg_ctl"), "-D", f"{home}/data", "-w")
    run(*control, "-l", f"{home}/log", "-o", options, "start")
    try:
        yield f"postgresql://clerk@127.0.0.1:{port}/postgres"
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


def fill(address: str, schema: str, folder: Path) -> None:
    """A register's files as tables of a schema, with the types that the files have: text where they are CSV."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{schema}"')
        for path in sorted(folder.iterdir()):
            if path.suffix not in (".csv", ".parquet"):
                continue
            table = _table(path)
            columns = ", ".join(f'"{field.name}" {_TYPES[str(field.type)]}' for field in table.schema)
            name = f'"{schema}"."{path.stem}"'
            connection.execute(f"CREATE TABLE {name} ({columns})")
            with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
                    copy.write_row(row)


def _table(path: Path) -> pa.Table:
    """One file; all values of a CSV file are text, and none is empty."""
    if path.suffix == ".parquet":
        return pa.parquet.read_table(path)
    names = path.read_text("utf-8").split("\n", 1)[0].split(",")
    options = pa.csv.ConvertOptions(
        column_types={name: pa.string() for name in names}, strings_can_be_null=True, null_values=[""]
    )
    return pa.csv.read_csv(path, convert_options=options)


def spark() -> Any:
    """Spark in local mode, made small: one task at a time, no pages, only this machine's own address."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    local = {
        "spark.master": "local[1]",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        # Interpreting a few thousand rows is faster than compiling code for them.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }
    session = SparkSession.builder.config(map=local).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
