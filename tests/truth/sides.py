"""The picture of ``naive.py``: each analysis as a distance from the truth, with its own 95 % interval."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

WORDS = {
    "en": {
        "title": "How far each analysis lies from the truth (invented data)",
        "truth": "truth",
        "axis": "points of 100 in work, 24 months after the offer of long training; bar: its own 95 % interval",
    },
    "nl": {
        "title": "Hoe ver elke analyse van de waarheid af ligt (verzonnen gegevens)",
        "truth": "waarheid",
        "axis": "procentpunten met werk, 24 maanden na het aanbod van lange opleiding; balk: eigen 95 %-interval",
    },
}
LEFT, WIDE, TOP, ROW, RIGHT = 230, 460, 62, 34, 70
GOOD, BAD = "#2f6f6a", "#b5482e"


@dataclass(frozen=True)
class Side:
    """One analysis: its name in two languages, how wrong it is and the error it prints, in points."""

    en: str
    nl: str
    wrong: float
    error: float

    @property
    def holds(self) -> bool:
        """Whether its interval, on average, holds the truth."""
        return abs(self.wrong) <= 1.96 * self.error


def picture(marks: list[Side], lang: str) -> str:
    """All of them below each other on one axis, as SVG."""
    words = WORDS[lang]
    ends = [m.wrong + side * 1.96 * m.error for m in marks for side in (-1, 1)] + [-2.0, 2.0]
    low, high = min(ends), max(ends)
    width, height = LEFT + WIDE + RIGHT, TOP + ROW * len(marks) + 58

    def at(value: float) -> float:
        return LEFT + WIDE * (value - low) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" font-family="Noto Sans, Helvetica, Arial, sans-serif" font-size="13" fill="#222">',
        f"<title>{escape(words['title'])}</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="16" y="24" font-size="15" font-weight="600">{escape(words["title"])}</text>',
        f'<text x="{at(0):.1f}" y="48" text-anchor="middle" fill="{GOOD}">{escape(words["truth"])}</text>',
    ]
    foot = TOP + ROW * len(marks)
    for value in range(int(low // 5) * 5, int(high) + 1, 5):
        if value >= low:
            strong = f'stroke="{GOOD}" stroke-width="1.5"' if value == 0 else 'stroke="#ccc" stroke-width="0.5"'
            parts.append(f'<line x1="{at(value):.1f}" x2="{at(value):.1f}" y1="{TOP - 8}" y2="{foot}" {strong}/>')
            label = f"{value:+d}".replace("-", "−") if value else "0"
            parts.append(f'<text x="{at(value):.1f}" y="{foot + 18}" text-anchor="middle">{label}</text>')
    for i, mark in enumerate(marks):
        parts += _row(mark, lang, TOP + ROW * i + ROW / 2, at)
    parts.append(f'<text x="{width / 2:.0f}" y="{height - 12}" text-anchor="middle">{escape(words["axis"])}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _row(mark: Side, lang: str, y: float, at) -> list[str]:  # type: ignore[no-untyped-def]
    """Name, interval, point, and the distance as a number: colour never speaks alone."""
    colour = GOOD if mark.holds else BAD
    low, high = (at(mark.wrong + side * 1.96 * mark.error) for side in (-1, 1))
    number = f"{mark.wrong:+.1f}".replace("-", "−")
    number = number.replace(".", ",") if lang == "nl" else number
    return [
        f'<text x="{LEFT - 14}" y="{y + 4:.1f}" text-anchor="end">{escape(getattr(mark, lang))}</text>',
        f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="5" '
        'stroke-linecap="round" opacity="0.45"/>',
        f'<circle cx="{at(mark.wrong):.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>',
        f'<text x="{LEFT + WIDE + 12}" y="{y + 4:.1f}" fill="{colour}">{number}</text>',
    ]
