"""What fake arms cost in answers: CPU seconds of the check beside those of the same answer without it, in one run.

    python benchmarks/fake_arms.py [PEOPLE] [DRAWS]

An answer is everything from an open register on: draw, checks, follow, estimate, open. Ceiling: 100 draws cost 40
answers. The small world of the truth tests, four arms, three outcomes, 36 months.
"""

import sys
import tempfile
import time
from pathlib import Path

from threadpoolctl import threadpool_limits

from watwerkt import effects, sample
from watwerkt.effects import fakes
from watwerkt.effects.checks import fake_arms
from watwerkt.effects.nouns import Settings
from watwerkt.question.read import declare
from watwerkt.register import read
from watwerkt.synthetic import make, worlds, write

QUESTION = {
    "question": {"id": "fake-arms", "title": {"nl": "Nepgroepen", "en": "Fake arms"}},
    "population": {"scheme": ["ww"], "age": [25, 60]},
    "time": {"zero": "each month", "until": 12, "horizon": 36},
    "arms": {
        "short": {"counts_as": "training.short", "where": {"instrument": "training", "planned_months": [0, 3]}},
        "long": {"counts_as": "training.long", "where": {"instrument": "training", "planned_months": [6, 24]}},
        "coaching": {"counts_as": "coaching", "where": {"instrument": "coaching"}},
        "matching": {"counts_as": "matching", "where": {"instrument": "matching"}},
        "compared_with": "not_now",
    },
    "outcomes": {"work": {"kind": "employed"}, "earnings": {"kind": "earnings"}, "benefit": {"kind": "on_benefit"}},
    "design": {"use": ["adjusted"]},
}


def main(people: int = 3_400, draws: int = 100) -> None:
    """One register, one answer, and the check on it."""
    question = declare(QUESTION, "fake-arms", {})
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(limits=1):
        write(make(worlds.small(), people, 1), Path(folder))
        register = read(folder)
        began = time.process_time()
        drawn = sample.draw(question, register, 1)
        plans = effects.prepare(drawn, Settings())
        checks = tuple(effects.check(plan) for plan in plans)
        followed = sample.follow(drawn, register, sample.seal(question, drawn.exclusions))
        estimates = tuple(effects.estimate(plan, followed) for plan in plans)
        effects.open_(plans, checks, estimates, followed)
        answer = time.process_time() - began
    arms = tuple(drawn.arms.index(c.arm) for c in fake_arms.contrasts(plans[0]))
    with threadpool_limits(limits=1):
        began = time.process_time()
        ready = fakes.untreated(plans[0], followed, arms)
        model = time.process_time() - began
        began = time.process_time()
        fakes.looks(ready, draws)
        each = (time.process_time() - began) / draws
    print(f"{len(drawn):,} rows, {(drawn.arm == 0).sum():,} of them comparison, {len(arms)} arms looked at")
    print(f"one answer                {answer:8.2f} CPU s")
    print(f"selection model           {model:8.2f} CPU s")
    print(f"one draw                  {each:8.3f} CPU s")
    print(f"100 draws with the model  {(model + 100 * each) / answer:8.1f} answers (at most 40)")
    print(f"400 draws with the model  {model + 400 * each:8.0f} CPU s")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
