"""Before anything is installed: the right Python, the right machine, every file as it was sent.

Is dit de juiste Python, de juiste computer, en is elk bestand zoals het is verstuurd?
"""

import hashlib
import pathlib
import re
import sys
import sysconfig

FOR_PYTHON, FOR_PLATFORM = "{python}", "{platform}"
SAME = {"amd64": "x86_64", "aarch64": "arm64"}  # one processor by two names


def machine(platform):
    """The system and processor in a platform's name."""
    parts = re.match(r"(win|linux|macosx).*?(amd64|x86_64|arm64|aarch64|universal2)$", re.sub("[.-]", "_", platform))
    return (parts.group(1), SAME.get(parts.group(2), parts.group(2))) if parts else platform


def wrong(folder):
    """Everything that is not as it should be, in English and Dutch."""
    here, mine = ".".join(map(str, sys.version_info[:2])), sysconfig.get_platform()
    if here != FOR_PYTHON:
        yield (
            f"this folder is for Python {FOR_PYTHON}, this is {here}",
            f"deze map is voor Python {FOR_PYTHON}, dit is {here}",
        )
    if machine(mine) != machine(FOR_PLATFORM) and not mine.endswith("universal2"):
        yield f"this folder is for {FOR_PLATFORM}, this is {mine}", f"deze map is voor {FOR_PLATFORM}, dit is {mine}"
    sent = set()
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        said, name = line.split("  ", 1)
        sent.add(name)
        path = folder / name
        if not path.is_file():
            yield f"{name} is not there", f"{name} ontbreekt"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != said:
            yield f"{name} is not the file that was sent", f"{name} is niet het bestand dat is verstuurd"
    for path in sorted((folder / "wheels").iterdir()):
        if "wheels/" + path.name not in sent:
            yield f"wheels/{path.name} was not sent", f"wheels/{path.name} is niet verstuurd"


def main():
    """Say what is wrong and stop, or say nothing."""
    found = list(wrong(pathlib.Path(__file__).resolve().parent))
    for english, dutch in found:
        print(f"{english} / {dutch}", file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
