"""Make ``truth_demo.csv`` again: ``python -m watwerkt.synthetic``, some two minutes."""

from pathlib import Path

from watwerkt.synthetic.futures import save, truth
from watwerkt.synthetic.worlds import demo

PEOPLE, SEED = 2_000_000, 1

if __name__ == "__main__":
    save(truth(demo(), PEOPLE, SEED), Path(__file__).with_name("truth_demo.csv"), "python -m watwerkt.synthetic")
