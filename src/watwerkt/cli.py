"""The command line: reads arguments, calls the stories, prints. The only module that does.

Exit code 0 also when effects close; each kind of user error has its own code (errors.py), 130 when interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

import watwerkt as ww
from watwerkt.errors import MissingFile, OtherSource, OutputError, WatwerktError

if TYPE_CHECKING:
    from collections.abc import Iterator

Lang = Annotated[Literal["nl", "en"], Parameter(name=["--lang"], help="Language of what is said: nl or en.")]

Mappings = Annotated[list[str], Parameter(negative_iterable=())]

app = App(
    name="watwerkt",
    help="Tells an employment service what works: from its own registers, one declared question at a time.",
    version=ww.__version__,
    help_format="plaintext",
)

LIMITS = {"memory": "WATWERKT_MEMORY", "threads": "WATWERKT_THREADS"}


@app.meta.default
def limited(
    *words: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    memory: Annotated[
        str | None, Parameter(help="How much memory tables may use, like 3GB; then temporary files.")
    ] = None,
    threads: Annotated[str | None, Parameter(help="How many cores to use; all of them unless named.")] = None,
) -> None:
    """Run a command within these limits of the machine."""
    before = {name: os.environ.get(name) for name in LIMITS.values()}
    os.environ.update({LIMITS[k]: v for k, v in (("memory", memory), ("threads", threads)) if v is not None})
    try:
        app(words)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


# How long each stage takes of the whole, roughly: for the time left.
WEIGHTS = {"draw": 3, "prepare": 2, "check": 2, "follow": 2, "estimate": 4, "open": 2, "page": 1}


def _say(text: str) -> None:
    print(text)


@app.command
def demo(folder: Path, *, seed: int = 1, people: int = 10_000, tables: bool = True) -> None:
    """Write an invented register with known truth, and the tables of the example questions.

    Parameters
    ----------
    folder
        Where to write register/, tables/ and truth.csv.
    seed
        Another seed is another invented country.
    people
        How many people to invent.
    tables
        Also write the tables of the questions about real people; they come with the extra `demo`.
    """
    make = import_module("watwerkt.synthetic.demo").write_demo
    with _progress(("register", "truth", "tables"), "en") as progress:
        make(folder, seed=seed, people=people, progress=progress, tables=tables)
    _say(f"{folder}: invented data (verzonnen gegevens)")


@app.command(name="map")
def map_(delivery: Path, *, out: Path, mapping: Mappings | None = None, lang: Lang = "en") -> None:
    """Map a service's own files to the register standard, and say where every row went.

    Parameters
    ----------
    delivery
        The folder with the files (.csv .sav .dta .parquet), register.toml and, unless --mapping, mapping.toml.
    out
        Where to write the register; one that was mapped before is replaced.
    mapping
        A mapping file, or the name of a shipped one (bus, srg, spolis); may be given again.
    """
    mapped = ww.map_delivery(delivery, out, mapping or ())
    _say(import_module("watwerkt.report").say(mapped, lang))


@app.command
def mapping(name: str) -> None:
    """Print a shipped mapping, to keep beside your files and change.

    Parameters
    ----------
    name
        One of bus, srg, spolis.
    """
    _say(import_module("watwerkt.register.mapping").text_of(name))


@app.command
def check(
    register: Path,
    *,
    page: Path | None = None,
    out: Path | None = None,
    known_on: str | None = None,
    backend: str = "",
    lang: Lang = "en",
) -> None:
    """Say what is wrong with a register before any question, what is fit for use, and what it can answer.

    Parameters
    ----------
    register
        The folder with the register's tables.
    page
        Also write the same as an HTML page.
    known_on
        A day, like 2019-06-30: the register as it was known then.
    backend
        Where the tables are: postgresql://host/database?schema=name, spark or spark:name. Else: in the folder.
    out
        Write check.html, quality.toml (lines for register.toml) and registered.csv to this folder.
    """
    quality = ww.check(ww.read(register, backend=backend, known_on=known_on))
    report = import_module("watwerkt.report")  # without the stories, which wait for every estimator to load
    _say(report.say(quality, lang))
    save = import_module("watwerkt.inside").save
    if page is not None:
        _say(str(save(page, report.page(quality))))
    if out is not None:
        for name, written in report.check_files(quality, lang).items():
            _say(str(save(out / name, written)))


@app.command
def seal(question: Path) -> None:
    """Print the fingerprint that fixes a question: any change to it is another question.

    Parameters
    ----------
    question
        The question.toml, or the folder that holds it.
    """
    _say(ww.ask(question).fingerprint)


@Parameter(name="*")
@dataclass(frozen=True)
class Where:
    """Where the people of a question are.

    Parameters
    ----------
    register
        The folder with the register, or with the question's own table.
    known_on
        A day, like 2019-06-30: the register as it was known then.
    backend
        Where its tables are: postgresql://host/database?schema=name, spark or spark:name. Else: in the folder.
    """

    register: Path | None = None
    known_on: str | None = None
    backend: str = ""


@app.command
def answer(
    question: Path, *, out: Path, where: Where | None = None, seed: int | None = None, lang: Lang = "en"
) -> None:
    """Answer a question: draw, seal, follow, estimate, check, open, release, and write the page.

    Where an earlier dossier of the question is, it is kept in earlier/, and what moved since, and why, is said.

    Parameters
    ----------
    question
        The question.toml, or the folder that holds it, or a folder of such folders: then each is answered.
    out
        Where to write inside/ (stays), dossier/ (may leave) and page.html; of several questions each in its folder.
    where
        Where its people are.
    seed
        All draws come from it: that of the earlier dossier where there is one, else 1.
    """
    several, failed = _questions(question, out), 0
    for each, place in several:
        try:
            _answer(each, place, where or Where(), seed, lang)
        except WatwerktError as error:
            if len(several) == 1:
                raise
            _tell(error, lang)  # the other questions are answered all the same
            failed = failed or error.code
    if failed:
        raise SystemExit(failed)


def _questions(question: Path, out: Path) -> list[tuple[Path, Path]]:
    """Each question with the folder of its answer: the one that is named, or all in a folder of folders."""
    within = sorted(path.parent for path in question.glob("*/question.toml")) if question.is_dir() else []
    if not within or (question / "question.toml").exists():
        return [(question, out)]
    return [(each, out / each.name) for each in within]


def _answer(question: Path, out: Path, where: Where, given: int | None, lang: str) -> None:
    """One question, from its file to its page; ``given``: the seed."""
    asked = ww.ask(question)
    source = _source(asked, question, where)
    seed = given if given is not None else _dossier(out).seed if (out / "dossier").is_dir() else 1
    command = f"watwerkt answer {question} --out {out}" + (f" --register {where.register}" if where.register else "")
    command += f" --known-on {where.known_on}" if where.known_on else ""
    with _progress((*WEIGHTS,), lang) as progress:
        with import_module("watwerkt.effects.loops").jobs():
            dossier, moved = ww.renew(asked, source, folder=out, seed=seed, progress=progress)
        progress("page")
        page = import_module("watwerkt.inside").save(out / "page.html", ww.page(dossier, f"{command} --seed {seed}"))
    _say(ww.say(dossier, lang))
    if moved is not None:
        _say(ww.say(moved, lang))
    _say(str(page))


@app.command
def tempting(question: Path, *, register: Path, out: Path | None = None, seed: int = 1, lang: Lang = "en") -> None:
    """Show the tables that one would make first of an invented register, struck through, and why they are wrong.

    Parameters
    ----------
    question
        The question.toml, or the folder that holds it.
    register
        The folder of an invented register; one of real people is refused.
    out
        The folder of an answer: `watwerkt reveal` then sets the truth beside these numbers too.
    seed
        All draws come from it.
    """
    asked, source = ww.ask(question), ww.read(register)
    module, inside = import_module("watwerkt.synthetic.tempting"), import_module("watwerkt.inside")
    settings, home = module.Settings(seed=seed), None if out is None else out / "inside"
    of = inside.key(ww.__version__, asked, source.snapshot, settings)
    with _progress(("plain", "realised"), lang) as progress:
        tables = inside.stage(home, "tempting", of, lambda: module.tempting(asked, source, settings, progress))
    terminal = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    _say(import_module("watwerkt.report").say_tempting(tables, lang, terminal))


@app.command
def why(out: Path, *, lang: Lang = "en") -> None:
    """Say why effects are closed, and what would open them.

    Parameters
    ----------
    out
        The folder of an answer, or a dossier's folder.
    """
    _say(import_module("watwerkt.report").why(_dossier(out), lang))


@app.command
def compare(out: Path, first: str, second: str, *, lang: Lang = "en") -> None:
    """Set two arms of an answer against each other, in one population and with the difference's own range.

    Parameters
    ----------
    out
        The folder of an answer.
    first
        An arm of its question.
    second
        Another arm.
    """
    _say(ww.say(ww.compare(_latest(out), first, second), lang))


@app.command
def release(out: Path, *, to: Path | None = None, service: str = "", lang: Lang = "en") -> None:
    """Say what of an answer may leave and what may not, and write it as seven text files.

    OUT/inside gets the form for who checks what leaves: every cell with its counts, unrounded. It stays.

    Parameters
    ----------
    out
        The folder of an answer.
    to
        Where to write; OUT/dossier unless named.
    service
        Who answers: the name that readers will see.
    """
    folder = to or out / "dossier"
    report, earlier = import_module("watwerkt.report"), _dossier(out).supersedes if (out / "dossier").is_dir() else ""
    dossier = ww.release(_latest(out), folder=folder, service=service, supersedes=earlier, out=out)
    _say(report.say_release(dossier, lang))
    _say(report.say_form(str(out / "inside" / "control.html"), lang))
    _say(str(folder))


@app.command
def verify(dossier: Path) -> None:
    """Check that a folder is a dossier that may travel: names, hashes, ranges, rounding, small cells.

    Parameters
    ----------
    dossier
        The folder with the seven text files.
    """
    broken = ww.verify(dossier)
    for line in broken:
        _say(line)
    if broken:
        raise SystemExit(7)
    _say(f"{dossier}: may travel")


@app.command
def show(dossier: Path, *, page: Path | None = None, lang: Lang = "en") -> None:
    """Say what a dossier says, and write its page.

    Parameters
    ----------
    dossier
        The folder with the seven text files, or the folder of an answer.
    page
        Where to write the HTML page.
    """
    found, report = _dossier(dossier), import_module("watwerkt.report")
    _say(report.say(found, lang))
    if page is not None:
        _say(str(import_module("watwerkt.inside").save(page, report.page(found))))


@app.command
def reveal(out: Path, *, truth: Path, every: bool = False, lang: Lang = "en") -> None:
    """Set the planted truth of an invented world beside the estimates, opened and closed.

    Parameters
    ----------
    out
        The folder of an answer on invented data.
    truth
        The truth.csv that `watwerkt demo` wrote.
    every
        Every month, target and pair of arms, not only the main ones.
    """
    module = import_module("watwerkt.synthetic.reveal")
    answered = _latest(out)
    rows = module.reveal(truth, answered.inside(), answered.question)
    wrong = module.tempted(truth, import_module("watwerkt.inside").beside(out, "tempting") or ())
    shown = rows if every else module.main(rows, answered.question)
    _say(import_module("watwerkt.report").say_reveal(shown, lang, wrong))


def _source(asked: ww.Question, question: Path, where: Where) -> object:
    """The register, or the path of the question's own table: in --register if named, else beside the question."""
    if asked.table is None:
        if where.register is None:
            raise MissingFile(where="--register")
        return ww.read(where.register, backend=where.backend, known_on=where.known_on)
    if where.known_on is not None:
        raise OtherSource(
            where="--known-on", asked_of="a table of its own", given="a day on which a register was known"
        )
    beside = question if question.is_dir() else question.parent
    return (where.register or beside) / asked.table.file


def _latest(out: Path) -> ww.Answer:
    return import_module("watwerkt.inside").latest(out)  # type: ignore[no-any-return]


def _dossier(folder: Path) -> ww.Dossier:
    inner = folder / "dossier"
    return import_module("watwerkt.dossier.folder").read(inner if inner.is_dir() else folder)  # type: ignore[no-any-return]


@contextmanager
def _progress(stages: tuple[str, ...], lang: str) -> Iterator[Callable[[str], None]]:
    """A bar with the time left on a terminal; silence where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    rich = import_module("rich.progress")
    name = import_module("watwerkt.report.words").stage
    console = import_module("rich.console").Console(stderr=True)
    columns = (rich.TextColumn("{task.description}"), rich.BarColumn(), rich.TimeRemainingColumn())
    total = sum(WEIGHTS.get(stage, 1) for stage in stages)
    with rich.Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total)

        def at(stage: str) -> None:
            done = sum(WEIGHTS.get(s, 1) for s in stages[: stages.index(stage)])
            bar.update(task, completed=done, description=name(stage, lang))

        yield at


def _tell(error: WatwerktError, lang: str) -> None:
    """A user's mistake in one sentence."""
    print(import_module("watwerkt.report.words").error(error, lang), file=sys.stderr)


def _language(arguments: list[str]) -> str:
    """The language asked for, read before anything can go wrong."""
    for before, after in zip(arguments, [*arguments[1:], ""], strict=True):
        if before == "--lang" and after in ("nl", "en"):
            return after
    return "nl" if "--lang=nl" in arguments else "en"


def main(arguments: list[str] | None = None) -> None:
    """Run a command; turn a user's mistake into one sentence and an exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        app.meta(given)
    except WatwerktError as error:
        _tell(error, _language(given))
        raise SystemExit(error.code) from None
    except KeyboardInterrupt:
        print("Stopped. What was finished is kept; run the same command to go on.", file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as problem:
        failed = OutputError(where=str(problem.filename or ""), because=(problem.strerror or str(problem)).lower())
        print(failed, file=sys.stderr)
        raise SystemExit(failed.code) from None
