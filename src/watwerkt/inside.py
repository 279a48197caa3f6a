"""What stays in the house: finished stages, found again by their content, and the exact table.

``inside/<stage>-<key>/`` is written aside and renamed, so that a killed run leaves nothing half and the next one goes
on from the last finished stage. The key holds everything a stage depends on; there is no state to go stale. Pickle is
used here and only here: these files are ours, are read by the version that wrote them, and never leave.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from watwerkt.dossier import Dossier
from watwerkt.dossier.control import Control
from watwerkt.dossier.control import table as control_table
from watwerkt.dossier.folder import read, read_texts
from watwerkt.dossier.schema import columns
from watwerkt.dossier.text import digest as named
from watwerkt.dossier.text import number
from watwerkt.effects.nouns import Answer, Benchmark, Bound
from watwerkt.errors import MissingFile, OutputError

T = TypeVar("T")
_NAME = 12  # characters of a digest that name an earlier dossier


def key(*parts: object) -> str:
    """A short name for a stage: sha256 of all it depends on."""
    text = json.dumps([str(part) for part in parts])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def stage(folder: Path | None, name: str, of: str, make: Callable[[], T]) -> T:
    """What ``make`` makes, or what an earlier run made of the same things. Without a folder nothing is kept."""
    if folder is None:
        return make()
    place = folder / f"{name}-{of}"
    if (place / "value.pickle").exists():
        return _load(place)
    value = make()
    _put(place, {"value.pickle": pickle.dumps(value, protocol=5)})
    return value


def _load(place: Path) -> T:  # type: ignore[type-var]
    return pickle.loads((place / "value.pickle").read_bytes())  # type: ignore[no-any-return]  # noqa: S301


def latest(out: Path) -> Answer:
    """The answer that a folder was last written with. Raises MissingFile where there is none."""
    ledger = out / "inside" / "ledger.json"
    if not ledger.exists():
        raise MissingFile(where=str(ledger))
    last = json.loads(ledger.read_text(encoding="utf-8"))[-1]["answer"]
    return _load(out / "inside" / f"answer-{last}")


def beside(out: Path, name: str) -> object | None:
    """Another finished stage of the same question, data and settings as the folder's last answer; None without one."""
    ledger = out / "inside" / "ledger.json"
    last = json.loads(ledger.read_text(encoding="utf-8"))[-1]["answer"] if ledger.exists() else ""
    place = out / "inside" / f"{name}-{last}"
    return _load(place) if (place / "value.pickle").exists() else None


def superseded(out: Path, answer: Answer) -> tuple[Dossier, str] | None:
    """The dossier that an answer replaces, with its digest: kept in ``earlier/`` from now on. None where there is none.

    That is the one in the folder, if it is of other data, another engine or another seed; else the one that that one
    replaced itself. Of another question it is kept too, but nothing replaces it. Raises DossierError where the folder
    holds what is no dossier: then nothing is overwritten.
    """
    here = out / "dossier"
    if not here.is_dir():
        return None
    old, digest = read(here), named(read_texts(here))
    asked = old.question.fingerprint == answer.question.fingerprint
    if asked and (old.snapshot, old.engine, old.seed) == (answer.snapshot, answer.engine, answer.seed):
        kept = sorted((out / "earlier").glob(f"*{old.supersedes[:_NAME]}/dossier")) if old.supersedes else []
        return (read(kept[0]), old.supersedes) if kept else None
    place = out / "earlier" / f"{old.facts.until or 'undated'}-{digest[:_NAME]}"
    if not place.exists():
        page = {"page.html": (out / "page.html").read_bytes()} if (out / "page.html").is_file() else {}
        texts = {f"dossier/{name}": text.encode() for name, text in read_texts(here).items()}
        _put(place, {**page, **texts})
    return (old, digest) if asked else None


def record(out: Path, answer: Answer, of: str) -> Answer:
    """The answer, when its exact tables are written, and a ledger's line: when which question met which data."""
    inside = out / "inside"
    known = (
        json.loads((inside / "ledger.json").read_text(encoding="utf-8")) if (inside / "ledger.json").exists() else []
    )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"answer": of, "fingerprint": answer.question.fingerprint, "snapshot": answer.snapshot, "at": now}
    files = {
        "effects.csv": _effects(answer),
        "checks.csv": _table([{**asdict(c), "closes": " ".join(c.closes)} for c in answer.checks]),
        "hidden.csv": _table([row for beside in answer.beside for bound in beside.bounds for row in _bound(bound)]),
        "sensitivity.csv": _table([asdict(one) for beside in answer.beside for one in beside.variants]),
        "exclusions.csv": _table([asdict(step) for step in answer.exclusions.steps]),
        "ledger.json": json.dumps([*known, line], indent=1) + "\n",
    }
    for name, text in files.items():
        _replace(inside / name, text.encode())
    return answer


def ledger(out: Path) -> dict[str, str]:
    """The last line of a folder's ledger: which question met which data, and when. Nothing where there is none."""
    path = out / "inside" / "ledger.json"
    lines = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return {key: str(value) for key, value in lines[-1].items()} if lines else {}


def form(out: Path, control: Control, page: Callable[[Control], str]) -> Path:
    """The form for who checks what leaves: ``control.csv`` with every cell, and its page. Raises OutputError."""
    _replace(out / "inside" / "control.csv", _table(control_table(control)).encode())
    return save(out / "inside" / "control.html", page(control))


def _effects(answer: Answer) -> str:
    """The dossier's columns with every number, those of closed effects too; ``reason`` still says why."""
    rows = []
    for judged in answer.inside():
        row = asdict(judged.exact)
        rows.append({**row.pop("cell"), **row, "reason": judged.reason or judged.exact.reason})
    return _table(rows, columns("effects.csv"))


def _bound(bound: Bound) -> list[dict[str, object]]:
    """An arm's bound on a line of its own, then one a known group of columns."""
    whole = asdict(bound)
    rows = whole.pop("benchmarks")
    names = [field.name for field in fields(Benchmark)]
    return [{**whole, **dict.fromkeys(names)}] + [{**dict.fromkeys(whole), **row, "arm": bound.arm} for row in rows]


def _table(rows: list[dict[str, object]], names: tuple[str, ...] = ()) -> str:
    names = names or tuple(rows[0] if rows else ())
    lines = [list(names)]
    lines += [[v if isinstance(v, str) else number(v) for v in (row[n] for n in names)] for row in rows]  # type: ignore[arg-type]
    with tempfile.SpooledTemporaryFile(mode="w+", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows(lines)
        out.seek(0)
        return out.read()


def save(path: Path, text: str) -> Path:
    """Write one text file whole or not at all. Raises OutputError."""
    _replace(path, text.encode())
    return path


def _put(place: Path, contents: dict[str, bytes]) -> None:
    """A folder with these files, appearing at once."""
    aside = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".aside-", dir=place.parent))
        for name, content in contents.items():
            (aside / name).parent.mkdir(exist_ok=True)
            (aside / name).write_bytes(content)
        os.replace(aside, place)
    except OSError as problem:
        raise OutputError(where=str(place.parent), because=(problem.strerror or str(problem)).lower()) from None
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)


def _replace(path: Path, content: bytes) -> None:
    """One file in the place of another, or the other as it was."""
    aside = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".aside-", delete=False) as file:
            aside = Path(file.name)
            file.write(content)
        os.replace(aside, path)
    except OSError as problem:
        raise OutputError(where=str(path), because=(problem.strerror or str(problem)).lower()) from None
    finally:
        if aside is not None:
            aside.unlink(missing_ok=True)
