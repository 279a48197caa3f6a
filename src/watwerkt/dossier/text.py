"""A dossier as seven texts, and back. Canonical: the same dossier is the same bytes on every machine.

Numbers are written without exponent and as short as they read back; nothing is an
empty field; lines end in a line feed.
"""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import asdict
from decimal import Decimal
from io import StringIO
from itertools import combinations
from typing import Any

from watwerkt.dossier.cell import Cell
from watwerkt.dossier.check import Check
from watwerkt.dossier.dossier import ArmFacts, Band, Claim, Dossier, Facts, Got, Missing
from watwerkt.dossier.effect import Effect
from watwerkt.dossier.exclusions import Exclusions, Step
from watwerkt.dossier.joint import Joint
from watwerkt.dossier.question_text import from_toml, to_toml
from watwerkt.dossier.schema import FILES, columns, type_of
from watwerkt.errors import DossierError

_CELL = ("instrument", "compared_with", "outcome", "month", "group", "period", "measure")
NO_RULES = "[]\n"


def number(value: float | int | None) -> str:
    """A number as short as it reads back, without exponent; "" for None."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = format(Decimal(repr(float(value))), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


# ---- writing -----------------------------------------------------------------------------------------------------


def texts(dossier: Dossier) -> dict[str, str]:
    """The seven texts by file name; ``dossier.json`` carries the sha256 of the six others."""
    written = {
        "question.toml": to_toml(dossier.question),
        "exclusions.csv": _csv("exclusions.csv", [asdict(s) for s in dossier.exclusions.steps]),
        "checks.csv": _csv("checks.csv", [{**asdict(c), "closes": " ".join(c.closes)} for c in dossier.checks]),
        "effects.csv": _csv("effects.csv", [_effect_row(e) for e in dossier.effects]),
        "joint.csv": _csv("joint.csv", [row for joint in dossier.joints for row in _joint_rows(joint)]),
        "rules.json": NO_RULES,
    }
    return {"dossier.json": _head(dossier, written), **written}


def digest(texts_: dict[str, str]) -> str:
    """The dossier's name among dossiers: sha256 of ``dossier.json``, which holds the hashes of the rest."""
    return hashlib.sha256(texts_["dossier.json"].encode()).hexdigest()


def _head(dossier: Dossier, others: dict[str, str]) -> str:
    head = {
        "service": dossier.service,
        "engine": dossier.engine,
        "snapshot": dossier.snapshot,
        "seed": dossier.seed,
        "synthetic": dossier.synthetic,
        "supersedes": dossier.supersedes,
        "threshold": dossier.threshold,
        "fingerprint": dossier.question.fingerprint,
        "facts": asdict(dossier.facts),
        "sha256": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in others.items()},
    }
    return json.dumps(head, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _effect_row(effect: Effect) -> dict[str, Any]:
    row = asdict(effect)
    return {**row.pop("cell"), **row}


def _joint_rows(joint: Joint) -> list[dict[str, Any]]:
    pairs = combinations(joint.cells, 2)
    return [
        {"family": joint.family, "row": _place(a), "column": _place(b), "correlation": r, "clusters": joint.clusters}
        for (a, b), r in zip(pairs, joint.upper, strict=True)
    ]


def _place(cell: Cell) -> str:
    return f"{cell.measure} {'' if cell.month is None else cell.month}".strip()


def _csv(file: str, rows: list[dict[str, Any]]) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = columns(file)
    writer.writerow(names)
    for row in rows:
        values = (row[name] for name in names)
        writer.writerow([v if isinstance(v, str) else number(v) for v in values])
    return out.getvalue()


# ---- reading -----------------------------------------------------------------------------------------------------


def parse(texts_: dict[str, str]) -> Dossier:
    """The dossier that these texts hold. Raises DossierError, naming file and line, when they hold none."""
    missing = [name for name in FILES if name not in texts_]
    if missing:
        raise DossierError(where="the folder", because=f"{', '.join(missing)} is missing")
    try:
        head = json.loads(texts_["dossier.json"])
        facts = _facts(head["facts"])
    except (ValueError, KeyError, TypeError) as problem:
        raise DossierError(where="dossier.json", because=f"it does not hold what it must ({problem})") from None
    effects = tuple(_effect(row, line) for line, row in enumerate(_rows("effects.csv", texts_), start=2))
    try:
        return Dossier(
            question=from_toml(texts_["question.toml"]),
            exclusions=Exclusions(tuple(Step(**row) for row in _rows("exclusions.csv", texts_))),
            checks=tuple(
                Check(**{**row, "closes": tuple(row["closes"].split())}) for row in _rows("checks.csv", texts_)
            ),
            effects=effects,
            joints=_joints(_rows("joint.csv", texts_), effects),
            facts=facts,
            **{k: head[k] for k in ("service", "engine", "snapshot", "seed", "synthetic", "supersedes", "threshold")},
        )
    except (KeyError, TypeError) as problem:
        raise DossierError(where="the folder", because=f"a field is not what it must be ({problem})") from None


def _facts(head: dict[str, Any]) -> Facts:
    return Facts(
        arms=tuple(ArmFacts(**a) for a in head["arms"]),
        claims=tuple(Claim(**c) for c in head["claims"]),
        bands=tuple(Band(**b) for b in head["bands"]),
        missing=tuple(Missing(**m) for m in head["missing"]),
        remarks=tuple(head["remarks"]),
        windows=tuple((arm, first, last) for arm, first, last in head["windows"]),
        lock_in=tuple((arm, first, last) for arm, first, last in head["lock_in"]),
        got=tuple(Got(**g) for g in head.get("got", ())),  # dossiers of before it had none
        until=head.get("until", ""),
        known_on=head.get("known_on", ""),
    )


def _rows(file: str, texts_: dict[str, str]) -> list[dict[str, Any]]:
    reader = csv.DictReader(StringIO(texts_[file]))
    if tuple(reader.fieldnames or ()) != columns(file):
        raise DossierError(where=f"{file}, line 1", because="its columns are not those of the schema")
    return [
        {name: _value(file, name, text, line) for name, text in row.items()} for line, row in enumerate(reader, start=2)
    ]


def _value(file: str, name: str, text: str | None, line: int) -> Any:
    kind = type_of(file, name) if name is not None else ""
    if text is None or not kind:
        raise DossierError(where=f"{file}, line {line}", because="it has too few or too many fields")
    if kind not in ("number", "count", "integer"):
        return text
    if text == "":
        return None
    try:
        value = float(text) if kind == "number" else int(text)
    except ValueError:
        raise DossierError(where=f"{file}, line {line}", because=f"{name} is not a number: {text!r}") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise DossierError(where=f"{file}, line {line}", because=f"{name} is not a finite number")
    return value


def _effect(row: dict[str, Any], line: int) -> Effect:
    cell = Cell(**{name: row[name] for name in _CELL})
    rest = {name: value for name, value in row.items() if name not in _CELL}
    try:
        return Effect(cell=cell, **rest)
    except DossierError as problem:
        raise DossierError(where=f"effects.csv, line {line}", because=problem.because) from None


def _joints(rows: list[dict[str, Any]], effects: tuple[Effect, ...]) -> tuple[Joint, ...]:
    """Joints from their pairs: the order of cells is that of their first appearance."""
    of = {(e.family, _place(e.cell)): e.cell for e in effects if e.family and e.reason == ""}
    joints = []
    for family in dict.fromkeys(row["family"] for row in rows):
        own = [row for row in rows if row["family"] == family]
        places = list(dict.fromkeys([r["row"] for r in own] + [r["column"] for r in own]))
        pairs = {(r["row"], r["column"]): r["correlation"] for r in own}
        try:
            cells = tuple(of[family, place] for place in places)
            upper = tuple(pairs[pair] for pair in combinations(places, 2))
        except KeyError as pair:
            raise DossierError(where=f"joint.csv, {family}", because=f"{pair} has no open effect or no pair") from None
        joints.append(Joint(family, cells, upper, own[0]["clusters"]))
    return tuple(joints)
