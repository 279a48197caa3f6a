"""Write docs/reference: the register standard and the dossier's files, from their declarations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from watwerkt.dossier.schema import schema
from watwerkt.register.notes import LOOKS
from watwerkt.register.tables import STANDARD, Column
from watwerkt.report.words import text
from watwerkt.vocabulary import load

PLACE = Path(__file__).parent / "reference"


def register() -> Iterator[str]:
    """The register standard, a table a table."""
    yield "# The register standard\n"
    yield "A folder with one CSV or Parquet file a table, and `register.toml`. Dates are ISO dates and inclusive; an"
    yield "empty end still runs. Extra columns are welcome; they become covariates only when a question names them."
    yield "Made by `make docs` from `src/watwerkt/register/tables.py`.\n"
    for table in STANDARD:
        key = f", key {', '.join(f'`{name}`' for name in table.key)}" if table.key else ""
        yield f"## {table.name}{key}\n"
        yield "| column | type | must be there | meaning | betekenis |"
        yield "|---|---|---|---|---|"
        yield from (_column(column) for column in table.columns)
        yield ""
    yield from _counted()


def _counted() -> Iterator[str]:
    """What `check` counts beyond the rules of single columns."""
    yield "## What `watwerkt check` counts\n"
    yield "Rows leave, each for the first of these that holds: a key, day or person that is missing or unreadable; an"
    yield "end before its start; a copy. And:\n"
    yield "| table | row | rij |"
    yield "|---|---|---|"
    for table in STANDARD:
        ids = [rule.id for rule in table.row_rules] + (["near_duplicate"] if table.near else [])
        for reason in (load("reasons")[one] for one in ids):
            yield f"| `{table.name}` | {reason.en} | {reason.nl} |"
    yield "\nNothing leaves for these:\n"
    yield "| table | what stands out | what the sample does | wat opvalt | wat wij ermee doen |"
    yield "|---|---|---|---|---|"
    for look in LOOKS:
        said = (text(f"quality.note.{look.id}.{part}", lang) for lang in ("en", "nl") for part in ("what", "then"))
        yield f"| `{look.table}` | {' | '.join(said)} |"
    yield ""


def _column(column: Column) -> str:
    required = "yes" if column.required else ""
    return f"| `{column.name}` | {column.type} | {required} | {column.en} | {column.nl} |"


def dossier() -> Iterator[str]:
    """The dossier's tables, a file a table."""
    yield "# A dossier's files\n"
    yield "Seven text files that a privacy officer can read: `dossier.json` (who, when, on what, facts, and the sha256"
    yield "of the rest), `question.toml`, four tables, and `rules.json` (empty: rules are not released yet). Made by"
    yield "`make docs` from `src/watwerkt/dossier/schema.csv`.\n"
    for file, fields in groupby(schema(), key=lambda f: f.file):
        yield f"## {file}\n"
        yield "| field | type | unit | rounded | withheld when | meaning |"
        yield "|---|---|---|---|---|---|"
        for f in fields:
            yield f"| `{f.field}` | {f.type} | {f.unit} | {f.rounding} | {f.withheld_when} | {f.meaning} |"
        yield ""


PAGES = {"register.md": register, "dossier.md": dossier}


def main() -> None:
    """Write both pages."""
    PLACE.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (PLACE / name).write_text("\n".join(page()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
