"""The declared groups of a question on a register: bands of age, education and elapsed months, and sex."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Question
from watwerkt.errors import NotInRegister
from watwerkt.sample.months import month_number
from watwerkt.sample.nouns import Group

# First value of every band but the first, and the labels.
AGE = ((25, 35, 45, 55), ("0–24", "25–34", "35–44", "45–54", "55+"))
EDUCATION = ((3, 5), ("0–2", "3–4", "5–8"))
ELAPSED = ((3, 6, 12), ("0–2", "3–5", "6–11", "12+"))
_YEAR = 12

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]


def years(birth: Days, day: Days) -> Floats:
    """Completed years of age on a day, NaN where the birth date is unknown."""
    known = ~np.isnat(birth)
    born = np.where(known, birth, day)
    of_month = [d - d.astype("datetime64[M]").astype("datetime64[D]") for d in (day, born)]
    months = month_number(day) - month_number(born) - (of_month[0] < of_month[1])
    return np.where(known, months // _YEAR, np.nan)


def groups(question: Question, about: dict[str, Floats], sex: NDArray[np.object_]) -> tuple[Group, ...]:
    """The groups that the question declares. ``about``: age (years), education (ISCED) and elapsed (months) of rows."""
    found = []
    for name in question.groups:
        if name == "age_band":
            found.append(_banded(name, about["age"], AGE))
        elif name == "education_band":
            found.append(_banded(name, about["education"], EDUCATION))
        elif name == "elapsed_band":
            found.append(_banded(name, about["elapsed"], ELAPSED))
        elif name == "sex":
            found.append(_coded(name, sex))
        else:
            raise NotInRegister(where=f"question {question.id}", needed=name)
    return tuple(found)


def _banded(name: str, values: Floats, bands: tuple[Sequence[int], tuple[str, ...]]) -> Group:
    """Bands of a number."""
    edges, labels = bands
    code = np.searchsorted(np.array(edges, dtype=np.float64), values, side="right").astype(np.int64)
    return Group(name, labels, np.where(np.isnan(values), -1, code))


def _coded(name: str, values: NDArray[np.object_]) -> Group:
    """The codes that occur."""
    labels = tuple(sorted({str(v) for v in values.tolist() if v is not None}))
    place = {label: i for i, label in enumerate(labels)}
    return Group(name, labels, np.array([-1 if v is None else place[str(v)] for v in values.tolist()], dtype=np.int64))
