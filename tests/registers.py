"""Small registers written by hand, and the question that is asked of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from watwerkt.dossier import Arm, Outcome, Population, Question, Time, Where, Words

SETTINGS = """\
currency = "EUR"
period = [2014-01-01, 2020-12-31]
threshold = 10
synthetic = true
"""

Rows = Iterable[dict[str, object]]


def write(folder: Path, settings: str = SETTINGS, **tables: Rows | str) -> Path:
    """A register's folder: one CSV file a table, rows as dictionaries (None = empty) or the text itself."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "register.toml").write_text(settings, "utf-8")
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        if isinstance(rows, str):
            path.write_text(rows, "utf-8")
            continue
        rows = list(rows)
        names = list(dict.fromkeys(key for row in rows for key in row))
        with path.open("w", encoding="utf-8", newline="") as file:
            lines = csv.DictWriter(file, names)
            lines.writeheader()
            lines.writerows(rows)
    return folder


def person(person_id: str, born: str = "1980-06-15", **more: object) -> dict[str, object]:
    """One person, 37 years old in January 2018 unless told otherwise."""
    return {"person_id": person_id, "birth_date": born, "sex": "f", "education": 3, "region": "west", **more}


def spell(person_id: str, start: str, end: str | None = None, **more: object) -> dict[str, object]:
    """One benefit spell; running unless it ends."""
    return {
        "spell_id": f"{person_id}-{start}",
        "person_id": person_id,
        "scheme": "ww",
        "start": start,
        "end": end,
        **more,
    }


def job(person_id: str, start: str, end: str | None, wage: float, **more: object) -> dict[str, object]:
    """One job spell."""
    return {"person_id": person_id, "start": start, "end": end, "monthly_wage": wage, **more}


def training(
    person_id: str, offered: str | None, start: str | None, planned_end: str, **more: object
) -> dict[str, object]:
    """One provision of a training."""
    return {
        "provision_id": f"{person_id}-{offered or start}",
        "person_id": person_id,
        "instrument": "training",
        "offered": offered,
        "start": start,
        "planned_end": planned_end,
        **more,
    }


def four_people() -> dict[str, list[dict[str, object]]]:
    """Anna is offered a training; Bob leaves early; Carla stays and trains later; Dirk is on another scheme."""
    return {
        "person": [person("anna"), person("bob"), person("carla"), person("dirk")],
        "benefit_spell": [
            spell("anna", "2018-01-15", "2018-12-31"),
            spell("bob", "2018-01-31", "2018-03-02"),
            spell("carla", "2018-01-01"),
            spell("dirk", "2018-01-01", "2018-01-20", scheme="other"),
        ],
        "job_spell": [
            job("anna", "2017-01-01", "2018-01-14", 3000.0),
            job("anna", "2018-06-10", None, 3100.0),
            job("bob", "2018-03-03", None, 2500.0),
        ],
        "provision": [
            training("anna", "2018-02-20", "2018-03-05", "2018-05-05"),
            training("carla", "2018-07-01", "2018-07-10", "2018-08-31"),
        ],
        "measurement": [
            {"person_id": "anna", "date": "2018-02-01", "measure": "wellbeing", "value": 3},
            {"person_id": "anna", "date": "2018-05-10", "measure": "wellbeing", "value": 7},
            {"person_id": "anna", "date": "2018-09-01", "measure": "wellbeing", "value": 8},
        ],
    }


def question(**changes: object) -> Question:
    """Short training or not now, three months of trials, followed for a year."""
    parts = {
        "id": "short",
        "title": Words(),
        "arms": (Arm("short", "training.short", (Where("instrument", ("training",)),)),),
        "compared_with": "not_now",
        "outcomes": (
            Outcome("work", "employed", 0.02),
            Outcome("kept", "employed_at", 0.02, share_of_previous_wage=0.9),
            Outcome("earnings", "earnings", 50.0),
            Outcome("benefit", "on_benefit", 0.02),
            Outcome("wellbeing", "measure", 0.2, measure="wellbeing", window=2),
        ),
        "population": Population(scheme=("ww",), age=(25, 60), entry=("2017-01-01", "2019-12-31")),
        "time": Time(zero="each month", until=3, horizon=12),
    }
    return Question(**{**parts, **changes})  # type: ignore[arg-type]
