"""register.toml, read strictly: what the register covers, and how it may be used."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from watwerkt.errors import MissingFile, RegisterSettings
from watwerkt.register.fitness import Fitness, Period, is_period, read_fitness, wrong_fitness

SENSITIVE = ("origin", "nationality", "sex", "age", "disability")
_REQUIRED = ("currency", "period", "threshold", "synthetic")
_ALLOWED = (*_REQUIRED, "gaps", "sensitive", "name", "quality", "backend")
_SWITCHES = ("adjust", "split", "audit")


@dataclass(frozen=True)
class Sensitive:
    """Three switches of a sensitive column: adjust for it, split a rule on it (a legal reason or ""), audit by it."""

    column: str
    adjust: bool = True
    split: str = ""
    audit: bool = True


@dataclass(frozen=True)
class Settings:
    """What register.toml says. ``period`` and ``gaps``: first and last day, inclusive; ``quality``: what is fit."""

    currency: str
    period: Period
    threshold: int
    synthetic: bool
    gaps: tuple[Period, ...] = ()
    sensitive: tuple[Sensitive, ...] = ()
    name: str = ""
    quality: tuple[Fitness, ...] = ()

    @property
    def canonical(self) -> str:
        """The settings as canonical JSON, for the snapshot: another declaration of what is fit is other data."""
        told = asdict(self)
        if not self.quality:
            del told["quality"]
        return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)

    def adjusts_for(self, column: str) -> bool:
        """Whether a column may be adjusted for (yes, unless its switch is off)."""
        return all(s.adjust for s in self.sensitive if s.column == column)


def read_settings(path: Path) -> Settings:
    """Read register.toml; every problem at once."""
    if not path.is_file():
        raise MissingFile(where=str(path))
    try:
        said = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, or a number or nesting without end
        raise RegisterSettings(where=str(path), problems=(" ".join(str(error).split()),)) from None
    problems: list[str] = [f"{' '.join(key.split())} is not known" for key in said if key not in _ALLOWED]
    problems += [f"{key} is missing" for key in _REQUIRED if key not in said]
    problems += _wrong_values(said)
    if problems:
        raise RegisterSettings(where=str(path), problems=tuple(problems))
    return Settings(
        currency=said["currency"],
        period=(said["period"][0], said["period"][1]),
        threshold=said["threshold"],
        synthetic=said["synthetic"],
        gaps=tuple(sorted((a, b) for a, b in said.get("gaps", []))),
        sensitive=tuple(
            Sensitive(column, **switches) for column, switches in sorted(said.get("sensitive", {}).items())
        ),
        name=said.get("name", ""),
        quality=read_fitness(said.get("quality", [])),
    )


def backend_of(path: Path) -> str:
    """Where register.toml says that the tables are; empty where it does not, or cannot be read (yet)."""
    try:
        said = tomllib.loads(path.read_bytes().decode("utf-8-sig")).get("backend", "")
    except (ValueError, RecursionError, OSError):  # read_settings says what is wrong
        return ""
    return said if isinstance(said, str) else ""


def _wrong_values(said: dict[str, object]) -> list[str]:
    """What is wrong with the values that are there."""
    problems = []
    if not isinstance(said.get("currency", ""), str):
        problems.append('currency must be text, like "EUR"')
    if not is_period(said.get("period", [dt.date(1, 1, 1), dt.date(1, 1, 1)])):
        problems.append("period must be two dates, first and last day: [2014-01-01, 2023-12-31]")
    gaps = said.get("gaps", [])
    if not isinstance(gaps, list) or not all(map(is_period, gaps)):
        problems.append("gaps must be a list of periods: [[2018-01-01, 2018-02-28]]")
    threshold = said.get("threshold", 10)
    if type(threshold) is not int or threshold < 0:
        problems.append("threshold must be a whole number, 0 or more")
    if not isinstance(said.get("synthetic", False), bool):
        problems.append("synthetic must be true or false")
    problems += [f"{key} must be text" for key in ("name", "backend") if not isinstance(said.get(key, ""), str)]
    return problems + _wrong_switches(said.get("sensitive", {})) + wrong_fitness(said.get("quality", []))


def _wrong_switches(sensitive: object) -> list[str]:
    """What is wrong with the table of sensitive columns."""
    if not isinstance(sensitive, dict):
        return ["sensitive must be a table of columns"]
    problems = [f"sensitive.{c} is not one of {', '.join(SENSITIVE)}" for c in sensitive if c not in SENSITIVE]
    for column, switches in sensitive.items():
        if not isinstance(switches, dict) or set(switches) - set(_SWITCHES):
            problems.append(f"sensitive.{column} has the switches {', '.join(_SWITCHES)}, no others")
            continue
        kinds = {"adjust": bool, "split": str, "audit": bool}
        problems += [
            f"sensitive.{column}.{switch} must be "
            + ("a legal reason as text" if switch == "split" else "true or false")
            for switch, value in switches.items()
            if not isinstance(value, kinds[switch])
        ]
    return problems
