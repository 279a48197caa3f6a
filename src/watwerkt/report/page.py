"""One HTML file in two languages: offline, no script, everything in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from markupsafe import Markup

from watwerkt.dossier import Dossier, Quality
from watwerkt.dossier.control import Control
from watwerkt.report import control, quality
from watwerkt.report.charts.picture import style
from watwerkt.report.charts.signs import sign
from watwerkt.report.fitness import cells, paste
from watwerkt.report.view import page_view
from watwerkt.report.words import LANGUAGES, text


class _Components(BaseLoader):
    """Templates from the folder beside this file, wherever the package is installed."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, None, None]:
        """The text of a template; jinja's loaders need a path, a zipped package has none."""
        path = files("watwerkt.report").joinpath("components", template)
        if not path.is_file():
            raise TemplateNotFound(template)
        return path.read_text(encoding="utf-8"), None, None


def page(noun: Dossier | Quality | Control, command: str = "") -> str:
    """A dossier, the quality of a register, or the form for who checks what leaves, as a page."""
    if isinstance(noun, Quality):
        return check_page(noun)
    if isinstance(noun, Control):
        return _form(noun)
    views = [page_view(noun, lang, command) for lang in LANGUAGES]
    return _render("page.html", views=views, body="dossier.html", title=" · ".join(v.kicker for v in views))


def check_page(noun: Quality) -> str:
    """What is wrong with a register and what it can answer, as a page."""
    views = [quality.quality_view(noun, lang) for lang in LANGUAGES]
    return _render("page.html", views=views, body="quality.html", title=" · ".join(v.kicker for v in views))


def check_files(noun: Quality, lang: str) -> dict[str, str]:
    """Name and text of each file of a check: the page, lines for register.toml, every count. For home use."""
    return {"check.html": check_page(noun), "quality.toml": paste(noun, lang), "registered.csv": cells(noun)}


def _form(noun: Control) -> str:
    """What stands behind each cell that leaves, for inside only."""
    views = [control.control_view(noun, lang) for lang in LANGUAGES]
    return _render("page.html", views=views, body="control.html", title=" · ".join(v.kicker for v in views))


def _render(template: str, *, views: Sequence[object], body: str, title: str) -> str:
    """Blank lines and indents of the templates are left out: they are half of a long table."""
    css = _sheet("watwerkt.css") + style()
    made = _environment().get_template(template).render(views=views, body=body, title=title, css=Markup(css))
    return re.sub(r"\n\s*\n+", "\n", re.sub(r"(?m)^[ \t]+", "", made)) + "\n"


@cache
def _sheet(name: str) -> str:
    return files("watwerkt.report").joinpath("components", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    """Names that are missing raise; everything is escaped but drawings and marks of our own."""
    made = Environment(loader=_Components(), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.filters["rich"] = rich
    made.filters["drawing"] = Markup
    made.globals.update(t=text, sign=lambda verdict: Markup(sign(verdict)))
    return made


def rich(marked: str) -> Markup:
    """Marked text as HTML: *so* becomes bold."""
    return Markup(re.sub(r"\*([^*]+)\*", r"<b>\1</b>", escape(marked, quote=False)))
