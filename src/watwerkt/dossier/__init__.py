"""The nouns that travel: frozen, standard library only, text in and text out. Nobody here knows a person."""

from watwerkt.dossier.cell import Cell, Measure
from watwerkt.dossier.check import Check, Verdict
from watwerkt.dossier.dossier import ArmFacts, Band, Claim, Dossier, Facts, Got, Missing
from watwerkt.dossier.effect import Effect, Target
from watwerkt.dossier.exclusions import Exclusions, Step
from watwerkt.dossier.joint import Joint
from watwerkt.dossier.mapped import Mapped, Went
from watwerkt.dossier.moved import Move, Moved
from watwerkt.dossier.quality import Defect, Doubt, Note, Quality, Registered, TableState
from watwerkt.dossier.question import (
    Arm,
    Checks,
    Design,
    Known,
    Outcome,
    Population,
    Primary,
    Question,
    Source,
    Table,
    Time,
    Where,
    Words,
)
from watwerkt.dossier.revealed import Revealed, Tempting

__all__ = [
    "Arm",
    "ArmFacts",
    "Band",
    "Cell",
    "Check",
    "Checks",
    "Claim",
    "Defect",
    "Design",
    "Dossier",
    "Doubt",
    "Effect",
    "Exclusions",
    "Facts",
    "Got",
    "Joint",
    "Known",
    "Mapped",
    "Measure",
    "Missing",
    "Move",
    "Moved",
    "Note",
    "Outcome",
    "Population",
    "Primary",
    "Quality",
    "Question",
    "Registered",
    "Revealed",
    "Source",
    "Step",
    "Table",
    "TableState",
    "Target",
    "Tempting",
    "Time",
    "Verdict",
    "Went",
    "Where",
    "Words",
]
