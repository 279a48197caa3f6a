"""The readers' side: any noun in sentences, as a table, as a picture, as a page. It never meets a person."""

from watwerkt.report.charts.picture import picture
from watwerkt.report.closed import why_closed as why
from watwerkt.report.page import check_files, check_page, page
from watwerkt.report.say import say, say_form, say_release, say_reveal
from watwerkt.report.shown import Shown
from watwerkt.report.table import table
from watwerkt.report.tempting import say_tempting

__all__ = [
    "Shown",
    "check_files",
    "check_page",
    "page",
    "picture",
    "say",
    "say_form",
    "say_release",
    "say_reveal",
    "say_tempting",
    "table",
    "why",
]
