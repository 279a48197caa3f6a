"""From register files to dossier and page at 10⁴, 10⁵ and 10⁶ people; draw and follow at 10⁷: seconds and memory.

    python benchmarks/million.py --people 10000 100000 1000000 --follow 10000000 --out docs/explanation/scale.md
                                 [--draws 400] [--threads 2] [--memory 3GB] [--folder build/million]

The country of the invented worlds, delivered in chunks to Parquet; four instruments against not now, work, earnings,
benefit, work at the earlier wage and wages by bounds, 36 months, every check with R fake draws. Each size is a process
of its own whose tree (joblib's workers too) is watched from outside ten times a second: CPU seconds, wall seconds and
memory (shared pages once) by stage. Results are kept in FOLDER/*.json as they come: the same command goes on where it
stopped, and makes table and picture of what there is. Wall seconds mean something on a machine that does nothing else.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from html import escape
from pathlib import Path

QUESTION = """
[question]
id = "million"
title = { nl = "Wat werkt, en wanneer?", en = "What works, and when?" }
[population]
scheme = ["ww"]
age = [18, 65]
[time]
zero = "each month"
until = 12
horizon = 36
primary = { outcome = "work", month = 24 }
[arms]
short = { counts_as = "training.short", where = { instrument = "training", planned_months = [0, 3] } }
long = { counts_as = "training.long", where = { instrument = "training", planned_months = [6, 24] } }
coaching = { counts_as = "coaching", where = { instrument = "coaching" } }
matching = { counts_as = "matching", where = { instrument = "matching" } }
compared_with = "not_now"
[outcomes]
work = { kind = "employed" }
earnings = { kind = "earnings" }
benefit = { kind = "on_benefit" }
kept_wage = { kind = "employed_at", share_of_previous_wage = 1.0 }
wage = { kind = "wage" }
[groups]
by = ["sex"]
[checks]
not_used_in_selection = ["earnings_13_24"]
fake_arms = DRAWS
[design]
use = ["adjusted"]
"""
TICKS = os.sysconf("SC_CLK_TCK")
STAGES = ("read", "draw", "prepare", "check", "follow", "estimate", "open", "release", "page")


# ---- inside the process that is watched --------------------------------------------------------------------------


def answer(register: str, question: str, out: str) -> None:
    """The whole run, as `watwerkt answer` does it; a line a stage as it begins."""
    import watwerkt as ww
    from watwerkt.effects import loops

    def begins(stage: str) -> None:
        print(stage, flush=True)

    begins("read")
    source, asked = ww.read(register), ww.ask(question)
    with loops.jobs():
        answered = ww.answer(asked, source, seed=1, progress=begins)
    begins("release")
    dossier = ww.release(answered, folder=Path(out) / "dossier")
    begins("page")
    Path(out, "page.html").write_text(ww.page(dossier), encoding="utf-8")
    print(json.dumps({"effects": len(answered.effects), "open": sum(not e.reason for e in answered.effects)}))


def follow(register: str, question: str, out: str) -> None:
    """Read, draw and follow alone."""
    import watwerkt as ww
    from watwerkt import sample

    print("read", flush=True)
    source, asked = ww.read(register), ww.ask(question)
    print("draw", flush=True)
    drawn = sample.draw(asked, source, 1)
    print("follow", flush=True)
    followed = sample.follow(drawn, source, sample.seal(asked, drawn.exclusions))
    print(json.dumps({"rows": len(drawn), "cells": sum(panel.y.size for panel in followed.panels)}))


def deliver(people: int, folder: str) -> None:
    """The register, in chunks."""
    from watwerkt.synthetic import deliver as write
    from watwerkt.synthetic import worlds

    write(worlds.country(), people, 1, Path(folder))


# ---- outside -----------------------------------------------------------------------------------------------------


def tree(root: int) -> list[int]:
    """A process and all that come from it."""
    found = [root]
    for pid in found:
        try:
            threads = Path(f"/proc/{pid}/task").iterdir()
            found += [int(child) for one in threads for child in (one / "children").read_text().split()]
        except OSError:  # it ended while we looked
            continue
    return found


def seen(pids: list[int]) -> tuple[float, float]:
    """CPU seconds so far, those of children that ended included, and memory in MB. Pages that processes share count
    once (PSS), where the system tells."""
    cpu = memory = 0.0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
            cpu += sum(map(int, fields[11:15])) / TICKS
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            memory += int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1]) / 1024
        except (OSError, StopIteration):
            continue
    return cpu, memory


def watched(command: list[str], environment: dict[str, str], log: Path) -> dict[str, object]:
    """Run a process that writes its stages to ``log``; by stage, what it and its children took."""
    began, stages, stage, said = time.monotonic(), {}, "start", 0
    cpu_before, wall_before, peak, cpu = 0.0, began, 0.0, 0.0
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, stdout=out, env=environment)
    while True:
        ended = process.poll() is not None
        now, memory = seen(tree(process.pid))
        cpu, peak = max(cpu, now), max(peak, memory)
        lines = log.read_text(encoding="utf-8").splitlines()
        for line in (one for one in lines[said:] if one in STAGES):
            took = time.monotonic()
            stages[stage] = {"cpu": cpu - cpu_before, "wall": took - wall_before, "peak_mb": peak}
            stage, cpu_before, wall_before, peak = line, cpu, took, memory
        said = len(lines)
        if ended:
            break
        time.sleep(0.1)
    stages[stage] = {"cpu": cpu - cpu_before, "wall": time.monotonic() - wall_before, "peak_mb": peak}
    if process.returncode:
        return {"failed": process.returncode, "stage": stage, "stages": stages}
    whole = {"cpu": cpu, "wall": time.monotonic() - began, "peak_mb": max(s["peak_mb"] for s in stages.values())}
    return {"stages": stages, "whole": whole, "found": json.loads(lines[-1])}


def measured(given: argparse.Namespace, people: int, verb: str) -> dict[str, object]:
    """One size, or what an earlier run found."""
    home = given.folder / str(people)
    kept = given.folder / f"{verb}-{people}.json"
    if kept.exists():
        return json.loads(kept.read_text(encoding="utf-8"))
    register = home / "register"
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "WATWERKT_THREADS": str(given.threads)}
    environment |= {"WATWERKT_MEMORY": given.memory}
    if not (home / "delivered").exists():
        call = [sys.executable, __file__, "--inside", "deliver", str(people), str(register)]
        subprocess.run(call, check=True, env=environment)
        (home / "delivered").touch()
    (home / "question.toml").write_text(QUESTION.replace("DRAWS", str(given.draws)), encoding="utf-8")
    call = [sys.executable, __file__, "--inside", verb, str(register), str(home / "question.toml"), str(home)]
    found = {"people": people, "verb": verb, **watched(call, environment, home / "log.txt")}
    found |= {"threads": given.threads, "memory": given.memory, "draws": given.draws}
    if "whole" in found:  # one that stopped is tried again
        kept.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return found


# ---- the page ----------------------------------------------------------------------------------------------------


def table(runs: list[dict[str, object]]) -> str:
    """CPU seconds / MB a stage, a column a size."""
    heads = [f"{run['people']:,}" + (" (draw, follow)" if run["verb"] == "follow" else "") for run in runs]
    lines = ["| | " + " | ".join(heads) + " |", "|---" * (len(runs) + 1) + "|"]
    for stage in STAGES:
        cells = []
        for run in runs:
            of = run["stages"].get(stage)
            cells.append(f"{of['cpu']:.1f} · {of['wall']:.1f} · {of['peak_mb']:,.0f}" if of else "–")
        lines.append(f"| {stage} | " + " | ".join(cells) + " |")
    cells = []
    for run in runs:
        of = run.get("whole")
        failed = f"stopped in {run.get('stage')} (exit {run.get('failed')})"
        cells.append(f"**{of['cpu']:.1f} · {of['wall']:.1f} · {of['peak_mb']:,.0f}**" if of else failed)
    lines.append("| **whole run** | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def picture(runs: list[dict[str, object]]) -> str:
    """Wall seconds, CPU seconds and memory of the whole run by people, both axes logarithmic, as SVG."""
    from math import log10

    wide, high, left, top = 620, 360, 70, 56
    x_at = lambda people: left + (log10(people) - 3.8) / 3.4 * (wide - left - 30)  # noqa: E731
    y_at = lambda value: top + (5 - log10(max(value, 1))) / 5 * (high - top - 60)  # noqa: E731
    title = "Time and memory of a whole answer, by people in the register"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'role="img" font-family="Noto Sans, Helvetica, Arial, sans-serif" font-size="12" fill="#222">',
        f'<title>{escape(title)}</title><rect width="{wide}" height="{high}" fill="#fff"/>',
        f'<text x="{left}" y="22" font-size="14" font-weight="600">{escape(title)}</text>',
    ]
    for power in range(6):
        y = y_at(10**power)
        parts.append(f'<line x1="{left}" x2="{wide - 30}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:,}</text>')
    for power in range(4, 8):
        parts.append(f'<text x="{x_at(10**power):.1f}" y="{high - 38}" text-anchor="middle">{10**power:,}</text>')
    series = (("peak_mb", "memory, MB", "#2f6f6a"), ("cpu", "CPU seconds", "#b5482e"), ("wall", "wall seconds", "#555"))
    for i, (key, word, colour) in enumerate(series):
        points = [(x_at(run["people"]), y_at(run["whole"][key])) for run in runs if "whole" in run]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points]
        parts.append(f'<text x="{left + i * 140}" y="42" fill="{colour}">● {word}</text>')
    parts.append(f'<text x="{(left + wide) / 2}" y="{high - 16}" text-anchor="middle">people in the register</text>')
    return "\n".join([*parts, "</svg>", ""])


def page(given: argparse.Namespace, runs: list[dict[str, object]]) -> None:
    """The tables and the picture, in the place of what an earlier run wrote between the two marks."""
    begins, ends = "<!-- measured -->", "<!-- /measured -->"
    text = given.out.read_text(encoding="utf-8")
    command = "python benchmarks/million.py --people " + " ".join(map(str, given.people))
    command += f" --follow {given.follow}" if given.follow else ""
    said = f"Made by `{command} --draws {given.draws} --threads {given.threads} --memory {given.memory}`, "
    said += f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores. CPU seconds · wall seconds · largest memory in MB."
    image = given.out.with_name("scale.svg")
    image.write_text(picture([run for run in runs if run["verb"] == "answer"]), encoding="utf-8")
    made = f"{begins}\n{said}\n\n{table(runs)}\n\n![Time and memory by people](scale.svg)\n{ends}"
    before, after = text.split(begins)[0], text.split(ends)[1]
    given.out.write_text(before + made + after, encoding="utf-8")


def main() -> None:
    """Measure what is not there yet, and write the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, nargs="*", default=[10_000])
    arguments.add_argument("--follow", type=int, default=0, help="draw and follow so many people too")
    arguments.add_argument("--draws", type=int, default=400)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--memory", default="3GB")
    arguments.add_argument("--folder", type=Path, default=Path("build/million"))
    arguments.add_argument("--out", type=Path, help="the page; without it nothing but JSON is written")
    given = arguments.parse_args()
    runs = [measured(given, people, "answer") for people in given.people]
    runs += [measured(given, given.follow, "follow")] if given.follow else []
    print(table(runs))
    if given.out:
        page(given, runs)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        verb, *words = sys.argv[2:]
        {"answer": answer, "follow": follow, "deliver": lambda n, to: deliver(int(n), to)}[verb](*words)
    else:
        main()
