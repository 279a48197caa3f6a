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
    print(f"| {'what':42} | {'one outcome':>11} | {'whole answer':>12} | {'ratio':>6} | {'peak MB':>7} |")
    print(f"|{'-' * 44}|{'-' * 13}|{'-' * 14}|{'-' * 8}|{'-' * 9}|")
    print(f"| {'watwerkt, all of it':42} | {'':>11} | {ours['cpu']:12.2f} | {1:6d} | {ours['peak_mb']:7.0f} |")
    for learner in ("lightgbm", "ridge"):
        theirs = peer(people, 1, learner)
        looped = OUTCOMES * theirs["cpu"]
        name = f"DoubleMLAPOS, {learner}, × 180 (one timed)"
        ratio = looped / ours["cpu"]
        print(f"| {name:42} | {theirs['cpu']:11.2f} | {looped:12.0f} | {ratio:6.0f} | {theirs['peak_mb']:7.0f} |")
    print(f"\nwatwerkt's process held {ours['start_mb']:.0f} MB before it began (the rows and their panels).")


def accuracy(people: int, draws: int) -> None:
    """Root mean squared error of the timed outcome over draws, both on the same rows, against the known truth."""
    import trials

    truth = trials.known("drawn")[:, trials.TIMED]
    errors: dict[str, list[np.ndarray]] = {"watwerkt": [], "lightgbm": [], "ridge": []}
    for seed in range(101, 101 + draws):
        ours = once(sys.executable, "watwerkt_once.py", str(people), str(seed), "outcome")
        errors["watwerkt"].append(np.array(ours["theta"], dtype=float) - truth)
        for learner in ("lightgbm", "ridge"):
            errors[learner].append(np.array(peer(people, seed, learner)["theta"]) - truth)
    print(f"\nRoot mean squared error, work at month {trials.TIMED}, target all, {draws} draws\n")
    rmse = {name: np.sqrt(np.nanmean(np.array(found) ** 2, axis=0)) for name, found in errors.items()}
    for name, found in rmse.items():
        against = found[LARGE].mean() / rmse["lightgbm"][LARGE].mean()
        print(f"{name:10} five larger arms {found[LARGE].mean():.4f} ({against:.2f}x), rare arm {found[5]:.4f}")


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
