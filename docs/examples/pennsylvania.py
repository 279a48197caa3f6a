"""The Pennsylvania bonus experiment as a page: ``python docs/examples/pennsylvania.py --data FOLDER``.

FOLDER holds penn_jae.dat, which is not part of this repository; the table made from it stays under --out.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb
import pyarrow as pa

import watwerkt as ww

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

TABLE = """
COPY (
    SELECT tg AS bonus, ln(inuidur1) AS log_weeks, female, black, hispanic, othrace AS other_origin,
        CAST(dep = 1 AS INT) AS one_dependent, CAST(dep = 2 AS INT) AS more_dependents, recall,
        agelt35 AS below_35, agegt54 AS above_54, durable, nondurable, lusd AS low_unemployment,
        husd AS high_unemployment, q1 + 2 * q2 + 3 * q3 + 4 * q4 + 5 * q5 + 6 * q6 AS quarter
    FROM people
) TO '{table}' (FORMAT parquet)
"""


def make_table(data: Path, table: Path) -> Path:
    """The columns of the question, from the blank separated file."""
    names, *rows = [line.split() for line in (data / "penn_jae.dat").read_text("utf-8").splitlines() if line.strip()]
    columns = (pa.array([int(value) for value in column]) for column in zip(*rows, strict=True))
    table.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.register("people", pa.table(dict(zip(names, columns, strict=True))))
        connection.execute(TABLE.format(table=table))
    return table


def main() -> None:
    """Make the table, answer the question, write the page."""
    options = argparse.ArgumentParser(description="The Pennsylvania bonus experiment as a page.")
    options.add_argument("--data", type=Path, required=True, help="folder of penn_jae.dat")
    options.add_argument(
        "--out", type=Path, default=ROOT / "build" / "pennsylvania", help="where everything is written"
    )
    given = options.parse_args()

    question = ww.ask(ROOT / "questions" / "pennsylvania")
    table = make_table(given.data, given.out / "pennsylvania.parquet")
    dossier = ww.release(ww.answer(question, table, folder=given.out, seed=1), given.out / "dossier")

    page = given.out / "page.html"
    page.write_text(ww.page(dossier, "python docs/examples/pennsylvania.py --data DATA"), encoding="utf-8")
    print(ww.say(dossier, "nl"), page, sep="\n")


if __name__ == "__main__":
    main()
