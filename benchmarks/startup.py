"""CPU seconds that a start costs, beside the bare interpreter: the best of N fresh processes.

    python benchmarks/startup.py [N]

Ceilings (the last column): importing .1, help .25, a check of a tiny register 1 CPU second.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

TINY = {
    "register.toml": 'currency = "EUR"\nsynthetic = true\nperiod = [2020-01-01, 2022-12-31]\nthreshold = 10\n',
    "person.csv": "person_id,birth_date,sex,education,region,household\np1,1980-05-01,f,3,north,single\n",
    "benefit_spell.csv": (
        "spell_id,person_id,scheme,start,end,end_reason,entitlement_end,office,caseworker,known_on\n"
        "s1,p1,unemployment,2020-03-01,2020-09-01,work,2021-03-01,a,c1,2020-03-02\n"
    ),
    "job_spell.csv": (
        "person_id,job_id,start,end,hours_per_week,monthly_wage,contract,employer_id,sector\n"
        "p1,j1,2020-09-01,2021-09-01,32,2400,temporary,e1,health\n"
    ),
}


def cpu(command: list[str], runs: int) -> float:
    """User and system seconds of the cheapest of some runs, each in a fresh process."""
    seconds = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return min(seconds)


def main(runs: int = 7) -> None:
    """Print one line for each kind of start."""
    python, program = sys.executable, str(Path(sys.executable).with_name("watwerkt"))
    with tempfile.TemporaryDirectory() as folder:
        for name, text in TINY.items():
            Path(folder, name).write_text(text, "utf-8")
        starts: list[tuple[str, list[str], float | None]] = [
            ("bare interpreter", [python, "-c", "pass"], None),
            ("import watwerkt", [python, "-c", "import watwerkt"], 0.1),
            ("watwerkt --help", [program, "--help"], 0.25),
            ("watwerkt check", [program, "check", folder], 1.0),
        ]
        bare = 0.0
        print(f"best of {runs}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
        print(f"{'':18}{'CPU s':>7}{'x bare':>8}{'ceiling':>9}")
        for name, command, ceiling in starts:
            seconds = cpu(command, runs)
            bare = bare or seconds
            limit = "" if ceiling is None else f"{ceiling:.2f}"
            print(f"{name:18}{seconds:7.3f}{seconds / bare:8.1f}{limit:>9}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
