"""Pages in a real browser: nothing scrolls sideways, targets are large enough, one language at a time, no script.

Chromium is asked to print what it laid out; a script of the test's own, never of the page, measures and writes it down.
The page stands in a frame of the asked width, since a window without a screen is never narrower than 500 pixels.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from watwerkt import report

sys.path.insert(0, str(Path(__file__).parents[1]))
import dossiers

CHROMIUM = shutil.which("chromium")
MADE = ("job_corps", "nsw", "nsw_psid", "three_arms")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip
MEASURE = """
<script>
addEventListener("load", () => {
  const seen = (e) => e.getClientRects().length > 0;
  const box = (e) => { const r = e.getBoundingClientRect(); return [r.width, r.height, e.textContent.slice(0, 40)]; };
  document.querySelectorAll("details").forEach((d) => { d.open = true; });
  const width = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll("body *")].filter((e) => seen(e) && !e.closest(".vh, .skip, svg")
    && e.getBoundingClientRect().right > width + 1).map((e) => e.tagName + "." + e.className);
  const targets = [...document.querySelectorAll("a:not(.skip), label, summary")].filter(seen).map(box);
  const tongues = [...document.querySelectorAll(".tongue")].filter(seen).map((e) => e.lang);
  const labels = () => [...document.querySelectorAll("svg[role] text")].filter(seen).map((e) => {
    const r = e.getBoundingClientRect();
    return [[...document.querySelectorAll("svg")].indexOf(e.closest("svg")), r.left, r.top, r.right, r.bottom, e.textContent];
  });
  const texts = labels();
  document.querySelectorAll(".r2").forEach((e) => { e.checked = true; });
  texts.push(...labels().map((t) => [t[0] + 1000, ...t.slice(1)]));
  const found = { scroll: document.documentElement.scrollWidth, width, wide, targets, tongues, texts };
  parent.postMessage(JSON.stringify(found), "*");
});
</script>
"""  # noqa: E501

FRAME = """<!doctype html><body><script>
addEventListener("message", (e) => document.body.setAttribute("data-found", e.data));
</script><iframe src="{page}#{lang}" width="{width}" height="900" style="border:0"></iframe></body>"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium fonts-noto-core"),
]


@cache
def found(folder: Path, name: str, lang: str, width: int) -> dict:  # type: ignore[type-arg]
    """What the browser says of a page."""
    path = folder / f"{name}-{lang}-{width}.html"
    made = report.page(getattr(dossiers, name)(), "watwerkt answer questions/a-question --out answers/a-question")
    path.write_text(made.replace("</body>", MEASURE + "</body>"), encoding="utf-8")
    outer = folder / f"frame-{path.name}"
    outer.write_text(FRAME.format(page=path.name, lang=lang, width=width), encoding="utf-8")
    profile = folder / f"profile-{name}-{lang}-{width}"
    command = [
        str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", "--window-size=1400,900", "--dump-dom",
        outer.as_uri(),
    ]  # fmt: skip
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    return json.loads(unescape(re.search(r'data-found="([^"]*)"', dom).group(1)))  # type: ignore[union-attr,no-any-return]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages and profiles of this run."""
    return tmp_path_factory.mktemp("pages")


PAGES = [(name, lang, width) for name in MADE for lang in ("nl", "en") for width in (360, 768, 1280)]


@pytest.mark.parametrize(("name", "lang", "width"), PAGES)
def test_nothing_scrolls_sideways(folder: Path, name: str, lang: str, width: int) -> None:
    """At phone, tablet and desk width, folds open, in both languages."""
    seen = found(folder, name, lang, width)

    assert seen["width"] == width
    assert seen["scroll"] <= width, seen["wide"]


@pytest.mark.parametrize(("name", "lang", "width"), PAGES)
def test_one_language_at_a_time(folder: Path, name: str, lang: str, width: int) -> None:
    """The address alone decides, without script."""
    assert found(folder, name, lang, width)["tongues"] == [lang]


@pytest.mark.parametrize(("name", "lang", "width"), PAGES)
def test_targets_are_large_enough(folder: Path, name: str, lang: str, width: int) -> None:
    """What one clicks or taps is at least 24 pixels (WCAG 2.2, 2.5.8)."""
    small = [t for t in found(folder, name, lang, width)["targets"] if min(t[0], t[1]) < 24]

    assert small == []


@pytest.mark.parametrize(("name", "lang", "width"), PAGES)
def test_labels_of_pictures_keep_apart(folder: Path, name: str, lang: str, width: int) -> None:
    """Measured as drawn, with the fonts that are here: no label covers another one."""
    texts = found(folder, name, lang, width)["texts"]
    hits = [
        (a[5], b[5])
        for i, a in enumerate(texts)
        for b in texts[i + 1 :]
        if a[0] == b[0] and a[1] < b[3] - 1 and b[1] < a[3] - 1 and a[2] + 3 < b[4] - 3 and b[2] + 3 < a[4] - 3
    ]

    assert texts or name == "nsw_psid"
    assert hits == []


def test_dutch_is_where_a_reader_lands(folder: Path) -> None:
    """Without a language in the address the page is Dutch."""
    assert found(folder, "nsw", "", 768)["tongues"] == ["nl"]
