"""A start costs nothing that is not used. benchmarks/startup.py has the seconds; here we look at what is loaded."""

import subprocess
import sys

import pytest

HEAVY = {
    "babel",
    "cattrs",
    "duckdb",
    "jinja2",
    "lightgbm",
    "narwhals",
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
    "sklearn",
}


def loaded_after(code: str) -> set[str]:
    """The packages that a fresh interpreter holds after a piece of code."""
    report = "import sys; print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    fresh = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True, timeout=60
    )
    return set(fresh.stderr.split())


def test_importing_loads_no_engine() -> None:
    """`import watwerkt` loads neither numpy nor DuckDB nor an estimator, nor what the command line needs."""
    loaded = loaded_after("import watwerkt")

    assert loaded & (HEAVY | {"cyclopts", "rich"}) == set()


@pytest.mark.parametrize("arguments", [["--help"], ["answer", "--help"]])
def test_help_loads_no_engine(arguments: list[str]) -> None:
    """Who asks for help does not wait for an estimator."""
    code = f"""
import sys
sys.argv = ["watwerkt", *{arguments!r}]
from watwerkt.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""

    assert loaded_after(code) & HEAVY == set()


def test_every_public_name_can_be_had() -> None:
    """Names that load late do load, and `__all__` stays short enough to learn."""
    code = "import watwerkt\nfor name in watwerkt.__all__: getattr(watwerkt, name)\nassert len(watwerkt.__all__) <= 24"

    assert "watwerkt" in loaded_after(code)
