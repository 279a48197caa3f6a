"""Copy the numbers of docs/truth/opened.md that stand on every adjusted page to the package: report/limits.toml.

Until that table is there, the file has no rows, and pages say the limits without numbers. Nothing is typed by hand;
tests/unit/test_report_limits.py holds the file against the table.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "truth" / "opened.md"
FILE = ROOT / "src" / "watwerkt" / "report" / "limits.toml"
HEAD = "# How often watwerkt opens what is sound and closes what is not. Made by docs/make_limits.py.\n"
# (world, leans on what is hidden, placebo declared) of each row that a page shows.
ROWS = {
    "honest_older": ("honest, older", "no", "yes"),
    "honest_recent": ("honest, recent", "no", "yes"),
    "trait_strong": ("trait, strong", "yes", "yes"),
    "trait_middle": ("trait, middle", "yes", "yes"),
    "trait_weak": ("trait, weak", "yes", "yes"),
    "undeclared": ("trait, middle", "yes", "no"),
    "news": ("news", "yes", "yes"),
}
COLUMNS = {"effects": "effects", "opened": "opened", "misses": "misses the truth, of opened"}


def cells(line: str) -> list[str]:
    """The cells of a row of Markdown."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def table(page: str) -> dict[tuple[str, ...], dict[str, str]]:
    """The first table of a page: rows by their first three cells, values by the name of their column."""
    lines = [line for line in page.split("\n## ")[0].splitlines() if line.startswith("|")]
    names = cells(lines[0])
    return {tuple(row[:3]): dict(zip(names, row, strict=True)) for row in map(cells, lines[2:])}


def text(page: str) -> str:
    """The package's file, from the page with the table; without rows where the page is empty."""
    if not page:
        return HEAD
    found = table(page)
    command = re.search(r"Made by:\n+ +(\S.*)\n", page)
    date = re.search(r"on \d+ cores, (\d{4}-\d{2}-\d{2})\.", page)
    lines = [HEAD, f'command = "{command[1] if command else ""}"\n', f'date = "{date[1] if date else ""}"\n']
    for name, key in ROWS.items():
        if key in found:
            lines.append(f"[tried.{name}]\n")
            values = {short: found[key][column].split(" ")[0] for short, column in COLUMNS.items()}
            lines += [f"{short} = {value}\n" for short, value in values.items() if value != "–"]
    return "".join(lines)


def main() -> None:
    """Write the file."""
    FILE.write_text(text(TABLE.read_text("utf-8") if TABLE.exists() else ""), "utf-8")


if __name__ == "__main__":
    main()
