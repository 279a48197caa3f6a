"""A quarter later, one screen: a sealed question is answered again on a new delivery, and what moved is told.

Three runs: the earlier dossier as it stands; the new data up to the last day that it covered, as known now; the new
data whole. The first step holds late registrations and corrections, the second new people and months.
"""

from __future__ import annotations

from pathlib import Path

from watwerkt import inside
from watwerkt.dossier import Dossier, Moved, Question
from watwerkt.dossier.moved import moved_csv
from watwerkt.errors import FitError
from watwerkt.flow import Progress, answer, release
from watwerkt.register import Register, up_to


def renew(
    question: Question,
    source: object,
    folder: str | Path,
    *,
    seed: int = 1,
    progress: Progress = lambda stage: None,
) -> tuple[Dossier, Moved | None]:
    """Answer and release in ``folder``. A dossier that is there already is kept in ``earlier/`` and never overwritten;
    what moved since, and why, is returned and written to ``inside/moved.csv``. None where nothing was there before.
    """
    home = Path(folder)
    answered = answer(question, source, folder=home, seed=seed, progress=progress)
    before = inside.superseded(home, answered)
    if before is None:
        return release(answered, home / "dossier", out=home), None
    old, digest = before
    new = release(answered, home / "dossier", old.service, digest, home)
    moved = Moved(old, _as_then(question, source, home, old, progress), new, digest)
    inside.save(home / "inside" / "moved.csv", moved_csv(moved))
    return new, moved


def _as_then(question: Question, source: object, home: Path, old: Dossier, progress: Progress) -> Dossier | None:
    """The new data up to the last day that the old ones covered, as known now; it is told of and never published."""
    if not isinstance(source, Register) or not old.facts.until:
        return None
    place = home / "inside" / "as-then"
    try:
        then = up_to(source, old.facts.until)
        return release(answer(question, then, folder=place, seed=old.seed, progress=progress))
    except FitError:  # nobody is left to compare, or nothing of that time is there any more
        return None
