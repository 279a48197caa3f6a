"""`watwerkt demo` writes a folder that three questions can be asked of."""

import csv
from pathlib import Path

import pytest

from watwerkt.errors import MissingExtra
from watwerkt.synthetic import demo as demo_module
from watwerkt.synthetic.demo import write_demo


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small demonstration."""
    folder = tmp_path_factory.mktemp("demo") / "build" / "demo"
    write_demo(folder, seed=1, people=400)
    return folder


def test_it_has_a_register_its_truth_and_two_tables(folder: Path) -> None:
    """All in one folder, none left half written."""
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == [
        "planted.toml",
        "register/benefit_month.parquet",
        "register/benefit_spell.parquet",
        "register/instrument.parquet",
        "register/job_spell.parquet",
        "register/measurement.parquet",
        "register/person.parquet",
        "register/policy_change.parquet",
        "register/provision.parquet",
        "register/register.toml",
        "register/sanction.parquet",
        "tables/nsw-psid.csv",
        "tables/nsw.csv",
        "truth.csv",
    ]


@pytest.mark.parametrize(
    ("name", "rows", "trained", "difference"), [("nsw.csv", 445, 185, 1.7943), ("nsw-psid.csv", 2_675, 185, -15.2048)]
)
def test_the_real_tables_are_the_published_ones(
    folder: Path, name: str, rows: int, trained: int, difference: float
) -> None:
    """The raw differences in earnings of 1978, in thousands of dollars, are the published ones."""
    with (folder / "tables" / name).open(encoding="utf-8") as lines:
        table = list(csv.DictReader(lines))
    earned = {t: [float(r["re78"]) for r in table if r["train"] == t] for t in ("0", "1")}

    assert len(table) == rows
    assert len(earned["1"]) == trained
    assert round(sum(earned["1"]) / trained - sum(earned["0"]) / (rows - trained), 4) == difference


def test_progress_names_each_part(tmp_path: Path) -> None:
    """Before it begins."""
    parts: list[str] = []
    write_demo(tmp_path, people=50, progress=parts.append)

    assert parts == ["register", "truth", "tables"]


def test_without_the_extra_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A named error that says what to install, before a file exists."""
    monkeypatch.setattr(demo_module, "find_spec", lambda name: None)

    with pytest.raises(MissingExtra, match=r"watwerkt\[demo\]"):
        write_demo(tmp_path / "new", people=50)

    assert not (tmp_path / "new").exists()
