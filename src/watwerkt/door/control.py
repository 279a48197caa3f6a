"""The form for the person who checks what leaves: what stands unrounded behind every cell, and which rules it met."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from watwerkt.door.rules import counted, key, limits
from watwerkt.dossier import Dossier
from watwerkt.dossier.control import Control
from watwerkt.dossier.text import texts
from watwerkt.effects.nouns import Answer


def control(answer: Answer, dossier: Dossier, ledger: Mapping[str, str]) -> Control:
    """The form of one release. It is kept inside and never leaves: it holds what the door took away."""
    leaves = {key(effect): effect for effect in dossier.effects}
    rows = tuple(replace(one, effect=leaves[key(one.effect)]) for one in counted(answer))
    before = Counter(effect.reason for effect in answer.effects if not effect.opened)
    return Control(
        dossier=dossier,
        limits=limits(dossier.threshold),
        files=tuple((name, hashlib.sha256(text.encode()).hexdigest()) for name, text in texts(dossier).items()),
        ledger=tuple(ledger.items()),
        closed=tuple(sorted(before.items())),
        rows=rows,
    )
