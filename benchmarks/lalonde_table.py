"""NSW's people against six comparison groups from surveys: what opens, what closes, and why.

    python benchmarks/lalonde_table.py [--data FOLDER]

Two halves. The *trained* of the experiment against each group: the experiment itself says 1.62 (Lin) to 1.79 (raw)
thousand dollars. Its *controls* against each group: nobody was trained, so the truth is 0. LaLonde (1986); Dehejia &
Wahba (1999); the comparison of controls with surveys after Heckman, Ichimura & Todd (1997). Target `treated`.
"""

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyreadstat

import watwerkt as ww

GIVEN = ("age", "education", "black", "hispanic", "married", "nodegree", "re74", "re75")
GROUPS = {
    "psid1": "psid_controls", "psid2": "psid_controls2", "psid3": "psid_controls3",
    "cps1": "cps_controls", "cps2": "cps_controls2", "cps3": "cps_controls3",
}  # fmt: skip


def people(folder: Path, name: str) -> dict[str, np.ndarray]:
    """The columns of a file that the question uses, earnings in 1978 in thousands of dollars."""
    columns, _ = pyreadstat.read_dta(folder / f"{name}.dta", output_format="dict")
    kept = {key: np.asarray(columns[key], dtype=float) for key in (*GIVEN, "re78", "treat")}
    return {**kept, "re78": kept["re78"] / 1000}


def answer(ours: dict[str, np.ndarray], theirs: dict[str, np.ndarray]) -> object:
    """What our people earn more than people like them in the survey."""
    table = {key: np.concatenate([ours[key], theirs[key]]) for key in (*GIVEN, "re78")}
    side = np.repeat([1, 0], [len(ours["re78"]), len(theirs["re78"])])
    question = ww.ask(
        id="nsw-and-a-survey",
        arms={"nsw": {"side": 1}, "survey": {"side": 0}},
        compared_with="survey",
        outcomes={"earnings": {"column": "re78", "kind": "earnings", "unit": "thousand USD a year"}},
        given=GIVEN,
        design="adjusted",
    )
    return ww.answer(question, pa.table({**table, "side": side}), seed=1)


def row(answered: object, group: str, n: int) -> str:
    """One line: the exact estimate (never shown outside the house when closed), persons, verdict and reason."""
    judged = next(j for j in answered.inside() if j.exact.target == "treated" and j.exact.design == "adjusted")
    of = judged.exact
    carried = next(c.statistic for c in answered.checks if c.name == "overlap" and "treated" in c.closes)
    failed = [c.name for c in answered.checks if c.shuts(of.arm, "treated", of.cell.outcome)]
    opened = "**open**" if not judged.reason else f"closed: {judged.reason}"
    return (
        f"| {group} | {n:,} | {of.estimate:.2f} ({of.std_error:.2f}) | {of.low:.2f} to {of.high:.2f} "
        f"| {carried:.0f} | {opened} | {', '.join(failed) or '–'} |"
    )


def main(folder: Path) -> None:
    """Print both halves."""
    if not folder.is_dir():
        print(f"no data in {folder}")
        return
    everybody = people(folder, "nsw_dw")
    for title, side in (("Trained (the experiment: 1.62)", 1), ("Controls (the truth: 0)", 0)):
        ours = {key: values[everybody["treat"] == side] for key, values in everybody.items()}
        print(f"\n{title}, {len(ours['re78'])} people\n")
        print("| group | people | estimate (error) | 95 % interval | effective persons | verdict | failed checks |")
        print("|---|---|---|---|---|---|---|")
        for group, file in GROUPS.items():
            theirs = people(folder, file)
            print(row(answer(ours, theirs), group, len(theirs["re78"])))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    main(parser.parse_args().data / "lalonde_nsw")
