"""Everything that installs watwerkt where there is no internet, in one folder: `make wheelhouse`.

The wheels of the core lock (and of the extras that are asked for) for one platform and one Python, the project's own
wheel, the declared questions, an install script, checksums, and the list of licences that an IT department asks for.

Which pins apply is decided here, by the markers of the platform and Python that the folder is *for*: pip decides by
those of the Python it runs in, and takes the wrong numpy for another one (docs/decisions/0150).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
TEXTS = Path(__file__).parent / "texts"
CORE, ALL = ROOT / "requirements-core.lock", ROOT / "requirements.lock"
LINUX = ("2_5", "2_12", "2_17", "2_24", "2_26", "2_27", "2_28")  # glibc 2.28: Debian 10, RHEL 8 and newer
LEGACY = ("1", "2010", "2014")
LICENCES = ("name", "version", "licence", "licence_files", "home_page", "wheel", "sha256")


class Unavailable(SystemExit):
    """What was asked cannot be made; the sentence says why."""


@dataclass(frozen=True)
class Pin:
    """One line of a lock: what, which version, where it applies, and the hashes that it may have."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """What the folder is for: wheel tags of the platform ("" = this machine), a Python as "3.12", and its markers."""

    platform: str
    python: str
    tags: tuple[str, ...]
    environment: dict[str, str]

    def meets(self, marker: Marker | None, extra: str = "") -> bool:
        """Whether a marker holds there."""
        return marker is None or marker.evaluate({**self.environment, "extra": extra})


def target(platform: str, python: str) -> Target:
    """A platform by its usual name and a version of Python. Raises Unavailable for one that is not known."""
    here = ".".join(map(str, sys.version_info[:2]))
    environment = {**default_environment()}
    if not platform and python in ("", here):
        return Target(_here(), here, (), environment)
    platform, python = platform or _here(), python or here
    system, machine = _system(platform)
    os_name, sys_platform, name = {
        "win": ("nt", "win32", "Windows"),
        "linux": ("posix", "linux", "Linux"),
        "macosx": ("posix", "darwin", "Darwin"),
    }[system]
    environment |= {
        "os_name": os_name,
        "sys_platform": sys_platform,
        "platform_system": name,
        "platform_machine": machine.upper() if system == "win" else machine,
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_version": f"{python}.0",
        "platform_release": "",
        "platform_version": "",
    }
    return Target(platform, python, _tags(system, machine), environment)


def _here() -> str:
    """This machine as wheels name it: linux_x86_64, win_amd64, macosx_11_0_arm64."""
    return re.sub(r"[.-]", "_", sysconfig.get_platform())


def _system(platform: str) -> tuple[str, str]:
    found = re.fullmatch(r"(win|linux|macosx)(?:_\d+_\d+)?_(amd64|arm64|x86_64|aarch64)", platform)
    if found is None:
        raise Unavailable(f"no platform is called {platform}: win_amd64, linux_x86_64, linux_aarch64, macosx_arm64, …")
    return found[1], found[2]


def _tags(system: str, machine: str) -> tuple[str, ...]:
    """The tags that wheels for such a machine may have: pip does not add the older ones by itself."""
    if system == "win":
        return (f"win_{machine}",)
    if system == "macosx":
        older = tuple(f"macosx_10_{minor}" for minor in range(9, 17)) if machine == "x86_64" else ()
        names = (*older, *(f"macosx_{major}_0" for major in (11, 12, 13, 14)))
        return tuple(f"{name}_{kind}" for name in names for kind in (machine, "universal2"))
    known = (*(f"manylinux_{glibc}" for glibc in LINUX), *(f"manylinux{year}" for year in LEGACY))
    return (*(f"{name}_{machine}" for name in known), f"linux_{machine}")


# ---- the lock ------------------------------------------------------------------------------------------------------


def read_lock(path: Path) -> tuple[Pin, ...]:
    """Every pin of a lock, as pip and uv write it."""
    pins = []
    for block in re.split(r"\n(?=\S)", path.read_text("utf-8").strip()):
        first, *rest = block.replace("\\\n", "\n").splitlines()
        asked = Requirement(first.strip())
        version = next(iter(asked.specifier)).version
        hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", " ".join(rest)))
        pins.append(Pin(canonicalize_name(asked.name), version, str(asked.marker or ""), hashes))
    return tuple(pins)


def applying(pins: tuple[Pin, ...], to: Target) -> dict[str, Pin]:
    """The one pin of each package that holds on a target."""
    return {pin.name: pin for pin in pins if to.meets(Marker(pin.marker) if pin.marker else None)}


def asked(extras: tuple[str, ...], to: Target) -> set[str]:
    """What pyproject.toml asks for in these extras. Raises Unavailable for an extra that it has not."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    known = project["optional-dependencies"]
    if unknown := set(extras) - set(known):
        raise Unavailable(f"no extra is called {', '.join(sorted(unknown))}: {', '.join(known)}")
    wanted = [Requirement(line) for extra in extras for line in known[extra]]
    return {canonicalize_name(one.name) for one in wanted if to.meets(one.marker)}


# ---- the wheels ----------------------------------------------------------------------------------------------------


def collect(folder: Path, to: Target, extras: tuple[str, ...]) -> dict[str, Path]:
    """Download what applies, then what that needs, until nothing is lacking. By name of the package."""
    pins = applying(read_lock(ALL), to)
    todo, have = set(applying(read_lock(CORE), to)) | asked(extras, to), dict[str, Path]()
    while todo:
        if unpinned := todo - set(pins):
            raise Unavailable(f"the lock has no {', '.join(sorted(unpinned))} for {to.platform}, Python {to.python}")
        download(folder, [pins[name] for name in sorted(todo)], to)
        have = {name: path for path in sorted(folder.glob("*.whl")) for name, _ in [named(path)]}
        todo = {name for path in have.values() for name in needs(path, to)} - set(have)
    return have


def download(folder: Path, pins: list[Pin], to: Target) -> None:
    """These pins as wheels, each with one of the hashes of the lock."""
    for_other = [part for tag in to.tags for part in ("--platform", tag)]
    for_other += ["--python-version", to.python] if to.tags else []
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as lines:
        for pin in pins:
            lines.write(f"{pin.name}=={pin.version} {' '.join(f'--hash=sha256:{h}' for h in pin.hashes)}\n")
        lines.flush()
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        pip += ["--only-binary", ":all:", "--require-hashes", "-r", lines.name, "-d", str(folder), *for_other]
        done = subprocess.run(pip, check=False, capture_output=True, text=True)
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr.strip()]
        raise Unavailable(f"not every wheel for {to.platform}, Python {to.python}, can be had:\n" + "\n".join(told))


def needs(wheel: Path, to: Target) -> set[str]:
    """What a wheel says that it needs on the target, without its extras."""
    wanted = [Requirement(line) for line in metadata(wheel).get_all("Requires-Dist", [])]
    return {canonicalize_name(one.name) for one in wanted if to.meets(one.marker)}


def metadata(wheel: Path) -> Message:
    """What a wheel says about itself."""
    with ZipFile(wheel) as zipped:
        name = next(n for n in zipped.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n))
        return Parser().parsestr(zipped.read(name).decode("utf-8"))


def named(wheel: Path) -> tuple[str, str]:
    """Name and version of a wheel, by its metadata."""
    about = metadata(wheel)
    return canonicalize_name(about["Name"]), about["Version"]


def own(folder: Path) -> Path:
    """The project's own wheel: the same bytes of the same sources."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Unavailable(f"the project's own wheel was not built:\n{done.stderr}{done.stdout}")
    return next(folder.glob("watwerkt-*.whl"))


# ---- what lies beside them -----------------------------------------------------------------------------------------


def sha256(path: Path) -> str:
    """Of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def requirements(wheels: dict[str, Path]) -> str:
    """One line a wheel with the hash of the file that lies here, so that nothing else can be installed."""
    lines = []
    for path in wheels.values():
        name, version = named(path)
        lines.append(f"{name}=={version} --hash=sha256:{sha256(path)}\n")
    return "".join(sorted(lines))


def licence(about: Message) -> str:
    """What a package says its licence is: the expression, else its classifiers, else the first line of its text."""
    if about["License-Expression"]:
        return str(about["License-Expression"])
    classified = [c for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    if classified:
        return "; ".join(c.split(" :: ")[-1] for c in classified)
    return str(about["License"] or "not stated").strip().splitlines()[0]


def licences(wheels: dict[str, Path]) -> str:
    """The list of packages: name, version, licence, where in the wheel its text is, home page, file, hash."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(LICENCES)
    for name, path in sorted(wheels.items()):
        about = metadata(path)
        table.writerow(
            (name, about["Version"], licence(about), licence_files(path), home_page(about), path.name, sha256(path))
        )
    return out.getvalue()


def home_page(about: Message) -> str:
    """Where a package lives: its home page, else its sources, else any address that it gives."""
    links = {
        label.strip().lower(): address.strip()
        for label, _, address in (str(line).partition(",") for line in about.get_all("Project-URL", []))
    }
    named_so = ("homepage", "home", "source", "source code", "repository", "github")
    return str(about["Home-page"] or next((links[k] for k in named_so if k in links), next(iter(links.values()), "")))


def licence_files(wheel: Path) -> str:
    """Where in a wheel the texts of its licences are, those of what it bundles too."""
    with ZipFile(wheel) as zipped:
        found = [n for n in zipped.namelist() if re.search(r"\.dist-info/.*(LICEN[CS]E|COPYING|NOTICE|AUTHORS)", n)]
    return " ".join(sorted(found))


def checksums(folder: Path) -> str:
    """Every file of the folder, as `sha256sum --check` reads it."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "SHA256SUMS")
    return "".join(f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)


def fill(folder: Path, to: Target, extras: tuple[str, ...]) -> None:
    """Put everything into an empty folder."""
    wheels = folder / "wheels"
    wheels.mkdir()
    have = collect(wheels, to, extras)
    mine = own(wheels)
    have[named(mine)[0]] = mine
    for text in sorted(TEXTS.iterdir()):
        content = text.read_text("utf-8").replace("{platform}", to.platform).replace("{python}", to.python)
        ends = "\r\n" if text.suffix == ".cmd" else "\n"
        (folder / text.name).write_bytes(content.replace("\n", ends).encode())
    shutil.copytree(ROOT / "questions", folder / "questions")
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    (folder / "requirements.txt").write_text(requirements(have), encoding="utf-8")
    (folder / "licences.csv").write_text(licences(have), encoding="utf-8")
    (folder / "SHA256SUMS").write_text(checksums(folder), encoding="utf-8")


def make(out: Path, to: Target, extras: tuple[str, ...]) -> None:
    """The folder, whole or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as aside:
        fresh = Path(aside) / "wheelhouse"
        fresh.mkdir()
        fill(fresh, to, extras)
        if out.exists():
            shutil.rmtree(out)
        fresh.rename(out)


def main() -> None:
    """Read arguments, make the folder, say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "wheelhouse")
    parser.add_argument("--platform", default="", help="win_amd64, linux_x86_64, macosx_arm64, …; else this machine's")
    parser.add_argument("--python", default="", help="3.11, 3.12, …; else this machine's")
    parser.add_argument("--extras", default="", help="extras of pyproject.toml, with spaces between")
    given = parser.parse_args()
    to = target(given.platform, given.python)
    make(given.out, to, tuple(given.extras.split()))
    wheels = sorted((given.out / "wheels").glob("*.whl"))
    size = sum(path.stat().st_size for path in given.out.rglob("*") if path.is_file())
    print(f"{given.out}: {len(wheels)} wheels for {to.platform}, Python {to.python}; {size / 1e6:.0f} MB")
    print(f"sha256 of SHA256SUMS: {sha256(given.out / 'SHA256SUMS')}")


if __name__ == "__main__":
    main()
