"""Writing an invented register to a folder: whole, or chunk by chunk so that ten million people need no more memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from watwerkt.synthetic.keys import Keys
from watwerkt.synthetic.making import Register, make_chunk
from watwerkt.synthetic.offices import Offices
from watwerkt.synthetic.planting import Quirks
from watwerkt.synthetic.quirks import CLEAN, of_offices, plant
from watwerkt.synthetic.tables import instrument, policy_change, register_toml, tables
from watwerkt.synthetic.world import World

CHUNK = 50_000  # people that are in memory at once


@dataclass(frozen=True)
class Delivery:
    """How a register is delivered: its quirks, people a chunk, and who is told how many people are done."""

    quirks: Quirks = CLEAN
    chunk: int = CHUNK
    progress: Callable[[int], None] = lambda people: None


def write(register: Register, folder: Path, quirks: Quirks = CLEAN) -> dict[str, int]:
    """Write a register that is in memory: its tables as Parquet and ``register.toml``; the folder is made.

    Returns how much of each quirk was planted, by ``table.rule``.
    """
    return _write(register.world, len(register.people), register.seed, [register], (folder, Delivery(quirks)))


def deliver(world: World, people: int, seed: int, folder: Path, delivery: Delivery | None = None) -> dict[str, int]:
    """Make so many people and write their register, a chunk at a time: one row group a chunk and table.

    Keys are unique over chunks. Up to a chunk of people it is the register that ``make`` and ``write`` give, byte for
    byte. Returns what was planted, as ``write`` does.
    """
    delivery = delivery or Delivery()
    size = delivery.chunk
    made = (
        make_chunk(world, number, min(size, people - first), seed)
        for number, first in enumerate(range(0, people, size))
    )
    return _write(world, people, seed, made, (folder, delivery))


def _write(
    world: World, people: int, seed: int, chunks: Iterator[Register] | list[Register], to: tuple[Path, Delivery]
) -> dict[str, int]:
    folder, delivery = to
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[str, pq.ParquetWriter] = {}
    planted, done = of_offices(delivery.quirks, Offices.of(seed, delivery.quirks.under_registering)), 0
    try:
        for chunk in chunks:
            keys = Keys(seed, done, len(chunk.people), people)
            delivered, wrong = plant(tables(chunk, keys), delivery.quirks, keys, chunk.chunk)
            planted += wrong
            _append(delivered, folder, writers)
            done += len(chunk.people)
            delivery.progress(done)
    finally:
        for writer in writers.values():
            writer.close()
    pq.write_table(instrument(world), folder / "instrument.parquet", compression="zstd")
    if world.policy is not None:
        pq.write_table(policy_change(world.policy), folder / "policy_change.parquet", compression="zstd")
    (folder / "register.toml").write_text(register_toml(world, seed, people), encoding="utf-8")
    return dict(sorted(planted.items()))


def _append(made: dict[str, pa.Table], folder: Path, writers: dict[str, pq.ParquetWriter]) -> None:
    """One row group a table; the file is opened with the first."""
    for name, table in made.items():
        if name not in writers:
            writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", table.schema, compression="zstd")
        writers[name].write_table(table, row_group_size=max(table.num_rows, 1))


def planted_toml(planted: dict[str, int]) -> str:
    """What was planted as TOML, a table a table of the register."""
    lines = ["# Verzonnen gegevens / invented data: how many of each were planted in the register beside this file."]
    by_table: dict[str, list[str]] = {}
    for name, count in planted.items():
        table, rule = name.split(".")
        by_table.setdefault(table, []).append(f"{rule} = {count}")
    for table, counts in by_table.items():
        lines += [f"[{table}]", *counts]
    return "\n".join(lines) + "\n"
