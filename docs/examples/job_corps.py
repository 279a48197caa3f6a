"""The Job Corps study as a page: ``python docs/examples/job_corps.py --data FOLDER``.

FOLDER holds JobCorps_baseline.csv.gz and JobCorps_employment_weekly.csv.gz. They are not part of this repository, and
nor is the table of persons that is made from them: it stays under --out.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

import watwerkt as ww

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

# One row a person: the offer, what was known before it (empty where it is not known), and 208 weeks.
TABLE = """
COPY (
    SELECT b."MPRID" AS person, b."TREATMNT.y" AS offer, b."FEMALE" AS female, b."AGE" AS age, b."BLACK" AS black,
        b."HISP" AS hispanic, b."OTHERRAC" AS other_origin, b."HASCHLD" AS child, b."HGC" AS schooling,
        b."EVARRST" AS arrested, b."CURRJOB.y" AS job, b."YR_WORK" AS worked_last_year,
        b."EARN_YR" AS earned_last_year, w.* EXCLUDE ("MPRID")
    FROM read_csv('{data}/JobCorps_baseline.csv.gz') AS b
    JOIN read_csv('{data}/JobCorps_employment_weekly.csv.gz') AS w USING ("MPRID")
) TO '{table}' (FORMAT parquet)
"""


def make_table(data: Path, table: Path) -> Path:
    """The baseline and the weeks of everybody, side by side."""
    table.parent.mkdir(parents=True, exist_ok=True)
    duckdb.execute(TABLE.format(data=data, table=table))
    return table


def main() -> None:
    """Make the table, answer the question, write the page."""
    options = argparse.ArgumentParser(description="The Job Corps study as a page.")
    options.add_argument("--data", type=Path, required=True, help="folder of the study's two files")
    options.add_argument("--out", type=Path, default=ROOT / "build" / "job-corps", help="where persons' data stay")
    options.add_argument("--page", type=Path, default=HERE / "job-corps.html", help="the page to write")
    given = options.parse_args()

    question = ww.ask(ROOT / "questions" / "job-corps")
    table = make_table(given.data, given.out / "job-corps.parquet")
    dossier = ww.release(ww.answer(question, table, folder=given.out, seed=1), given.out / "dossier")

    given.page.write_text(ww.page(dossier, "python docs/examples/job_corps.py --data DATA"), encoding="utf-8")
    print(ww.say(dossier, "nl"), given.page, sep="\n")


if __name__ == "__main__":
    main()
