"""Make ``truth_demo.csv`` again: ``python -m watwerkt.synthetic``, some three minutes on two cores."""

from pathlib import Path

from watwerkt.synthetic.futures import save, truth
from watwerkt.synthetic.worlds import demo

PEOPLE, SEED, PROCESSES = 1_200_000, 1, 2

if __name__ == "__main__":
    file = Path(__file__).with_name("truth_demo.csv")
    save(truth(demo(), PEOPLE, SEED, PROCESSES), file, "python -m watwerkt.synthetic", demo())
