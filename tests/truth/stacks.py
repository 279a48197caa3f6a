"""The picture of ``opened.py``: what a placebo said, by strength of the trait, as stacked bars in four panels."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

COLOURS = ("#b5482e", "#d9d4c7", "#2f6f6a")  # failed, not informative, passed
WORDS = {
    "verdicts": ("failed: closes", "not informative", "passed"),
    "panels": {
        (False, True): "declared; offers lean on no history",
        (True, True): "declared; on recent history",
        (False, False): "not declared; on no history",
        (True, False): "not declared; on recent history",
    },
    "axis": "mean bias of the main effect, in standard errors",
    "title": "What the placebo says, by strength of a planted hidden trait (invented worlds)",
}
WIDE, HIGH, LEFT, TOP, GAP = 300, 150, 56, 70, 62


@dataclass(frozen=True)
class Stack:
    """One bar: ``bias`` in standard errors stands below it; ``shares`` failed, not informative, passed."""

    recent: bool
    declared: bool
    bias: float
    shares: tuple[float, float, float]


def picture(bars: list[Stack]) -> str:
    """The four panels as SVG, with a legend and a title that says the same in words."""
    width, height = LEFT + 2 * (WIDE + GAP), TOP + 2 * (HIGH + GAP) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-family="Noto Sans, Helvetica, Arial, sans-serif" font-size="12" fill="#222">',
        f"<title>{escape(WORDS['title'])}</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-size="14" font-weight="600">{escape(WORDS["title"])}</text>',
        *_legend(),
    ]
    for i, ((recent, declared), name) in enumerate(WORDS["panels"].items()):
        x, y = LEFT + (i % 2) * (WIDE + GAP), TOP + (i // 2) * (HIGH + GAP)
        parts += _panel(x, y, name, [b for b in bars if (b.recent, b.declared) == (recent, declared)])
    middle = LEFT + WIDE + GAP / 2
    parts.append(f'<text x="{middle}" y="{height - 12}" text-anchor="middle">{escape(WORDS["axis"])}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _legend() -> list[str]:
    parts, x = [], LEFT
    for colour, word in zip(COLOURS, WORDS["verdicts"], strict=True):
        parts.append(f'<rect x="{x}" y="32" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 18}" y="42">{escape(word)}</text>')
        x += 44 + 7 * len(word)
    return parts


def _panel(x: float, y: float, name: str, bars: list[Stack]) -> list[str]:
    """One panel with its axis from 0 to 100 %."""
    parts = [f'<text x="{x}" y="{y - 8}" font-weight="600">{escape(name)}</text>']
    for share in (0, 0.5, 1):
        at = y + HIGH * (1 - share)
        parts.append(f'<line x1="{x}" x2="{x + WIDE}" y1="{at:g}" y2="{at:g}" stroke="#ccc" stroke-width="0.5"/>')
        parts.append(f'<text x="{x - 6}" y="{at + 4:g}" text-anchor="end">{100 * share:.0f} %</text>')
    step = WIDE / max(len(bars), 1)
    for i, bar in enumerate(bars):
        left, foot = x + i * step + 0.15 * step, float(y + HIGH)
        for colour, share in zip(COLOURS, bar.shares, strict=True):
            foot -= HIGH * share
            parts.append(
                f'<rect x="{left:.1f}" y="{foot:.1f}" width="{0.7 * step:.1f}" height="{HIGH * share:.1f}" '
                f'fill="{colour}"/>'
            )
        parts.append(
            f'<text x="{left + 0.35 * step:.1f}" y="{y + HIGH + 16}" text-anchor="middle">{bar.bias:.1f}</text>'
        )
    return parts
