"""The whole answer against DoubleML looped over outcomes: 7 arms × 180 outcomes, three targets, bands, S = 1.

    python benchmarks/against_doubleml.py [PEOPLE] [DRAWS]

DoubleML is timed on one outcome and multiplied by 180; it does less (one target, no sampling weights, no bands). It
lives in an environment of its own:

    python3 -m venv build/peers && build/peers/bin/pip install -r benchmarks/peers.txt

One thread each. OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE, which some machines set for older builds, are unset for both.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
PEERS = HERE.parent / "build" / "peers" / "bin" / "python"
sys.path.insert(0, str(HERE / "against"))
OUTCOMES = 180
LARGE = slice(0, 5)
OURS = "watwerkt: 180 outcomes, `treated`, `all` and `pair`, every arm against every other, totals, bands"
LEARNERS = {"lightgbm": "DoubleMLAPOS, LightGBM", "ridge": "DoubleMLAPOS, ridge and logit"}


def once(python: str, script: str, *arguments: str) -> dict[str, object]:
    """One fresh process with one thread; its JSON."""
    environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [python, str(HERE / "against" / script), *arguments]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(run.stderr[-2000:])
    return dict(json.loads(run.stdout))


def peer(people: int, seed: int, learner: str) -> dict[str, object]:
    """DoubleML on the timed outcome of one draw."""
    import trials

    of, seen = trials.simulate(people, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "rows.npz"))
        np.savez(path, x=of.covariates.x, arm=of.arm, y=seen.panels[0].y[:, trials.TIMED])
        return once(str(PEERS), "doubleml_once.py", path, learner)


def speed(people: int) -> None:
    """CPU seconds and memory of one run each, side by side."""
    ours = once(sys.executable, "watwerkt_once.py", str(people), "1", "answer")
    print(f"{ours['rows']} rows, 7 arms, {OUTCOMES} outcomes, 3 targets, bands; CPU seconds on one thread\n")
    print("| what | one outcome, CPU s | whole answer, CPU s | times watwerkt | peak MB |")
    print("|---|---|---|---|---|")
    print(f"| {OURS} | – | {ours['cpu']:.2f} | 1 | {ours['peak_mb']:.0f} |")
    for learner, name in LEARNERS.items():
        theirs = peer(people, 1, learner)
        looped = OUTCOMES * theirs["cpu"]
        ratio = looped / ours["cpu"]
        print(f"| {name}, × 180 | {theirs['cpu']:.2f} | {looped:,.0f} | {ratio:.0f} | {theirs['peak_mb']:.0f} |")
    print(f"\nwatwerkt's process held {ours['start_mb']:.0f} MB before it began (the rows and their panels).")


def accuracy(people: int, draws: int) -> None:
    """Root mean squared error of the timed outcome over draws, both on the same rows, against the known truth."""
    import trials

    truth = trials.known("drawn")[:, trials.TIMED]
    errors: dict[str, list[np.ndarray]] = {"watwerkt": [], "lightgbm": [], "ridge": []}
    for seed in range(101, 101 + draws):
        ours = once(sys.executable, "watwerkt_once.py", str(people), str(seed), "outcome")
        errors["watwerkt"].append(np.array(ours["theta"], dtype=float) - truth)
        for learner in LEARNERS:
            errors[learner].append(np.array(peer(people, seed, learner)["theta"]) - truth)
    print(f"\nRoot mean squared error, work at month {trials.TIMED}, target all, {draws} draws\n")
    rmse = {name: np.sqrt(np.nanmean(np.array(found) ** 2, axis=0)) for name, found in errors.items()}
    print("| | five larger arms | ratio | rare arm |\n|---|---|---|---|")
    for key, name in {"watwerkt": "watwerkt", **LEARNERS}.items():
        found, base = rmse[key], rmse["lightgbm"][LARGE].mean()
        ratio = "1" if key == "lightgbm" else f"{found[LARGE].mean() / base:.2f}".lstrip("0")
        print(f"| {name} | {bare(found[LARGE].mean(), 4)} | {ratio} | {bare(found[5], 3)} |")


def bare(value: float, digits: int) -> str:
    """A number below 1 as it stands in a table: .0224."""
    return f"{value:.{digits}f}".lstrip("0")


def main(people: int = 10_000, draws: int = 10) -> None:
    """Both tables, or where to find the peer."""
    if not PEERS.exists():
        print("DoubleML is not installed apart; see the head of this file.")
        return
    speed(people)
    if draws:
        accuracy(people, draws)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
