"""A dossier in a folder."""

from __future__ import annotations

from pathlib import Path

from watwerkt.dossier.dossier import Dossier
from watwerkt.dossier.schema import FILES
from watwerkt.dossier.text import parse
from watwerkt.errors import DossierError, MissingFile


def read_texts(folder: Path) -> dict[str, str]:
    """The texts of a folder by file name. Raises when the folder is not there or a file is not UTF-8 text."""
    if not folder.is_dir():
        raise MissingFile(where=str(folder))
    found = {}
    for path in sorted(folder.iterdir()):
        if path.name not in FILES or path.is_symlink() or not path.is_file():
            raise DossierError(where=str(path), because="this does not belong in a dossier")
        try:
            found[path.name] = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise DossierError(where=str(path), because="it is not UTF-8 text") from None
    return found


def read(folder: str | Path) -> Dossier:
    """The dossier in a folder; DossierError where it is none."""
    return parse(read_texts(Path(folder)))
