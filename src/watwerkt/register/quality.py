"""What is wrong with a register before any question, and which outcomes it can answer."""

from __future__ import annotations

from watwerkt.dossier import Quality, TableState
from watwerkt.register.duck import InFolder
from watwerkt.register.notes import notes
from watwerkt.register.read import Register
from watwerkt.register.registered import registered
from watwerkt.register.tables import STANDARD

# A question on a register needs these whatever its outcome is.
_ALWAYS = ("person", "benefit_spell", "provision")
_NEEDS = {
    "employed": ("job_spell", ("start", "end")),
    "employed_at": ("job_spell", ("start", "end", "monthly_wage")),
    "earnings": ("job_spell", ("start", "end", "monthly_wage")),
    "on_benefit": ("benefit_spell", ("start", "end")),
    "measure": ("measurement", ("date", "measure", "value")),
}


def check(register: Register) -> Quality:
    """Every table of the standard with its state, each rule that some row breaks, what stands out, and its use.

    What stands out is looked for in files alone: its SQL is DuckDB's own (docs/decisions/0140).
    """
    states = {state.table: state for state in register.states}
    cells, doubts = registered(register)
    return Quality(
        register=register.settings.name or register.folder.name,
        snapshot=register.snapshot,
        synthetic=register.synthetic,
        tables=tuple(states.get(table.name, TableState(table.name, False)) for table in STANDARD),
        defects=register.defects,
        fit_for=tuple(kind for kind in _NEEDS if _is_fit(register, kind)),
        notes=notes(register) if isinstance(register.backend, InFolder) else (),
        known_on=str((register.as_of and register.as_of.known_on) or ""),
        registered=cells,
        doubts=doubts,
    )


def _is_fit(register: Register, kind: str) -> bool:
    """Whether the tables and columns are there that an outcome of this kind needs."""
    table, columns = _NEEDS[kind]
    source = register.source(table)
    if source is None or any(name not in register.tables for name in _ALWAYS):
        return False
    return all(column in source.types for column in columns)
