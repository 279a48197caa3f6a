"""From a design's name to its module: the vocabulary says which, so that no other code asks which design it has."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from watwerkt import vocabulary
from watwerkt.dossier import Question
from watwerkt.effects.nouns import Estimates, Plan, Settings
from watwerkt.errors import UnknownDesign
from watwerkt.sample.nouns import Drawn, Followed
from watwerkt.vocabulary import Entry


class Module(Protocol):
    """What a module in ``effects/designs`` offers."""

    def prepare(self, drawn: Drawn, settings: Settings) -> Plan:
        """Weights, from arms and covariates alone."""

    def estimate(self, plan: Plan, followed: Followed) -> Estimates:
        """Families of cells, from a plan and outcomes."""


def entry(design: str) -> Entry:
    """The vocabulary's row of a design. Raises UnknownDesign."""
    known = vocabulary.load("designs")
    if design not in known:
        raise UnknownDesign(where="design.use", design=design, known=tuple(known))
    return known[design]


def module(design: str) -> Module:
    """The module of a design."""
    return cast(Module, import_module(f"watwerkt.effects.designs.{entry(design).module}"))


def prepare(drawn: Drawn, settings: Settings) -> tuple[Plan, ...]:
    """One plan for each design that the question names, in its order, then those that run beside them."""
    return tuple(module(design).prepare(drawn, settings) for design in designs(drawn.question))


def designs(question: Question) -> tuple[str, ...]:
    """The designs that are asked; on a prepared table also those that never open: its reader knows those numbers."""
    beside = (name for name, row in vocabulary.load("designs").items() if row.reason and question.table is not None)
    return tuple(dict.fromkeys((*question.design.use, *beside)))


def estimate(plan: Plan, followed: Followed) -> Estimates:
    """Every family of one design."""
    return module(plan.design).estimate(plan, followed)
