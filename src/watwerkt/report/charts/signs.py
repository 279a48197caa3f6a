"""The sign of a verdict: filled tick, filled square with a cross, ring with a bar, dashed ring."""

from __future__ import annotations

from watwerkt.report.charts.canvas import ornament

SIGNS = {
    "passed": '<circle class="on" cx="8" cy="8" r="7.5"/><path class="tick" d="M4.4 8.3 7 10.8 11.7 5.6"/>',
    "failed": '<rect class="ink" x=".75" y=".75" width="14.5" height="14.5"/>'
    '<path class="tick" d="M4.8 4.8l6.4 6.4m0-6.4l-6.4 6.4"/>',
    "not_informative": '<circle class="ring" cx="8" cy="8" r="6.9"/><path class="bar" d="M5 8h6"/>',
    "not_applicable": '<circle class="off" cx="8" cy="8" r="6.9"/>',
    "not_reported": '<circle class="off" cx="8" cy="8" r="6.9"/>',
}


def sign(verdict: str) -> str:
    """One verdict as a small picture; the word stands beside it."""
    return ornament("sign", (16, 16), [SIGNS[verdict]])
