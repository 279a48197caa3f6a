"""The story of `make answer` as the README shows it: the same run, cut to the lines that tell it.

python docs/examples/story.py            writes the block between the marks of README.md again
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import watwerkt as ww
from watwerkt.effects.nouns import Settings
from watwerkt.report import say_reveal, say_tempting
from watwerkt.synthetic.demo import write_demo
from watwerkt.synthetic.reveal import main as first_look
from watwerkt.synthetic.reveal import reveal, tempted
from watwerkt.synthetic.tempting import tempting

ROOT = Path(__file__).parents[2]
PEOPLE, SEED, ARMS = 60_000, 2, ("short", "long", "coaching")
BEGIN, END = "<!-- story: python docs/examples/story.py -->\n", "<!-- end -->\n"
# What opens, what closes itself, and one arm against the other, on work after two years.
TOLD = re.compile(r"(Short|Long) training: after 24 months, .* (started yet|long training)\.|Coaching: work, ")


def story(folder: Path) -> str:
    """The block: wrong tables, what opened and what closed, and the truth; made in ``folder``."""
    write_demo(folder, seed=SEED, people=PEOPLE)
    question, register = ww.ask(ROOT / "questions/short-or-long"), ww.read(folder / "register")
    tables = tempting(question, register, Settings(seed=SEED))
    answered = ww.answer(question, register, seed=SEED)
    said = [line.strip() for line in ww.say(answered, "en").splitlines() if TOLD.search(line) and "in work" in line]
    shut = next(line.strip() for line in ww.say(answered, "en").splitlines() if "Coaching: work" in line)
    truth = folder / "truth.csv"
    rows = [
        row
        for row in first_look(reveal(truth, answered.inside(), question), question)
        if (row.outcome, row.measure, row.month) == ("work", "at", 24) and row.arm in ARMS
    ]
    parts = [say_tempting(tables, "en"), "\n".join([*said, shut]), say_reveal(rows, "en", tempted(truth, tables))]
    return "```text\n" + "\n\n".join(parts) + "\n```\n"


def shown(page: str) -> str:
    """The block that a page shows now."""
    return page.split(BEGIN)[1].split(END)[0]


def main() -> None:
    """Write it into the README."""
    page, file = (ROOT / "README.md").read_text("utf-8"), ROOT / "README.md"
    with tempfile.TemporaryDirectory() as folder:
        file.write_text(page.replace(shown(page), story(Path(folder))), "utf-8")


if __name__ == "__main__":
    main()
