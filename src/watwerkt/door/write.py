"""Seven text files, all of them or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from watwerkt.dossier import Dossier
from watwerkt.dossier.text import texts
from watwerkt.dossier.verify import verify
from watwerkt.errors import DossierError, OutputError


def write(dossier: Dossier, folder: str | Path) -> Dossier:
    """Write and verify a dossier; the folder appears whole or not at all. Raises OutputError, DossierError."""
    write_texts(texts(dossier), Path(folder))
    return dossier


def write_texts(written: Mapping[str, str], folder: Path) -> Path:
    """Write texts beside the folder, verify them, and put them in its place."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as problem:
        raise OutputError(where=str(folder), because=_because(problem)) from None
    try:
        for name, text in written.items():
            (aside / name).write_bytes(text.encode("utf-8"))
        broken = verify(aside)
        if broken:
            raise DossierError(where=str(folder), because="; ".join(broken[:3]))
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(aside, folder)
    except OSError as problem:
        raise OutputError(where=str(folder), because=_because(problem)) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def _because(problem: OSError) -> str:
    return (problem.strerror or str(problem)).lower()
