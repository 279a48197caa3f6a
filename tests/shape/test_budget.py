"""The shape of the code: short files, short functions, few parameters, no surprises.

Each rule yields the places that break it. An exception stands in exceptions.toml with its reason, for as long as it
is needed.
"""

import ast
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "watwerkt"
EXCEPTIONS = tomllib.loads(Path(__file__).with_name("exceptions.toml").read_text("utf-8"))["exception"]

FILE_LINES = 600
FUNCTION_LINES = 80
LONG_LINES, LONG_SHARE = 50, 0.02
PARAMETERS = 6
CLASS_LINES = 300
CLASS_METHODS = 15
DRAWERS = {"utils", "util", "helpers", "helper", "misc", "common", "tools"}
RANDOM = {"Generator", "default_rng", "SeedSequence", "BitGenerator", "PCG64", "Philox"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


@dataclass(frozen=True)
class Module:
    """A file of the package, read once."""

    path: str
    text: str
    tree: ast.Module


MODULES = [
    Module(path.relative_to(SOURCE).as_posix(), text, ast.parse(text))
    for path in sorted(SOURCE.rglob("*.py"))
    for text in [path.read_text("utf-8")]
]


def definitions(
    node: ast.AST, above: tuple[str, ...] = (), inner: bool = False
) -> Iterator[tuple[str, bool, Definition]]:
    """All functions and classes below a node: dotted name, whether hidden within a function, node."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition):
            name = (*above, child.name)
            yield ".".join(name), inner, child
            yield from definitions(child, name, inner or isinstance(child, Function))
        else:
            yield from definitions(child, above, inner)


def functions(module: Module) -> Iterator[tuple[str, bool, Function]]:
    """All functions and methods of a module."""
    return ((name, inner, node) for name, inner, node in definitions(module.tree) if isinstance(node, Function))


def classes(module: Module) -> Iterator[tuple[str, bool, ast.ClassDef]]:
    """All classes of a module."""
    return ((name, inner, node) for name, inner, node in definitions(module.tree) if isinstance(node, ast.ClassDef))


def lines(node: Definition) -> int:
    """Lines from `def` to the end, without the docstring."""
    length = int(node.end_lineno or 0) - node.lineno + 1
    if ast.get_docstring(node) is not None:
        length -= int(node.body[0].end_lineno or 0) - node.body[0].lineno + 1
    return length


def parameters(node: Function) -> list[str]:
    """Names of all parameters, without self and cls."""
    given = node.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    names += [argument.arg for argument in (given.vararg, given.kwarg) if argument]
    return [name for name in names if name not in {"self", "cls"}]


def is_public(name: str) -> bool:
    """No part of a dotted name begins with an underscore."""
    return not any(part.startswith("_") for part in name.split("."))


def decorators(node: Definition) -> list[str]:
    """The decorators of a definition as they are written."""
    return [ast.unparse(decorator) for decorator in node.decorator_list]


def long_file(module: Module) -> Iterator[str]:
    """A file longer than 600 lines."""
    if len(module.text.splitlines()) > FILE_LINES:
        yield module.path


def long_function(module: Module) -> Iterator[str]:
    """A function longer than 80 lines without its docstring."""
    return (f"{module.path}::{name}" for name, _, node in functions(module) if lines(node) > FUNCTION_LINES)


def many_parameters(module: Module) -> Iterator[str]:
    """More than 6 parameters: a frozen settings object is due."""
    return (f"{module.path}::{name}" for name, _, node in functions(module) if len(parameters(node)) > PARAMETERS)


def open_parameters(module: Module) -> Iterator[str]:
    """`**anything` on a public function."""
    return (
        f"{module.path}::{n}" for n, inner, node in functions(module) if node.args.kwarg and is_public(n) and not inner
    )


def large_class(module: Module) -> Iterator[str]:
    """A class of more than 300 lines or 15 public methods."""
    for name, _, node in classes(module):
        methods = [child for child in node.body if isinstance(child, Function) and is_public(child.name)]
        if lines(node) > CLASS_LINES or len(methods) > CLASS_METHODS:
            yield f"{module.path}::{name}"


def no_docstring(module: Module) -> Iterator[str]:
    """A public name, or a module, without a docstring; the methods of a protocol are explained by its class."""
    if ast.get_docstring(module.tree) is None:
        yield module.path
    protocols = {name for name, _, node in classes(module) if "Protocol" in map(ast.unparse, node.bases)}
    for name, inner, node in definitions(module.tree):
        exempt = inner or "overload" in decorators(node) or name.rpartition(".")[0] in protocols
        if is_public(name) and not exempt and ast.get_docstring(node) is None:
            yield f"{module.path}::{name}"


def print_call(module: Module) -> Iterator[str]:
    """`print` outside the command line."""
    if module.path != "cli.py":
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
                yield module.path
                return


def global_seed(module: Module) -> Iterator[str]:
    """Randomness that is not handed over as a generator."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"np.random", "numpy.random"}:
            wrong = node.attr not in RANDOM
        elif isinstance(node, ast.Import):
            wrong = any(alias.name == "random" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            wrong = node.module == "random" or (
                node.module == "numpy.random" and not {alias.name for alias in node.names} <= RANDOM
            )
        else:
            wrong = False
        if wrong:
            yield module.path
            return


def drawer(module: Module) -> Iterator[str]:
    """A name that says nothing about its contents."""
    if DRAWERS & {part.strip("_").removesuffix(".py") for part in module.path.split("/")}:
        yield module.path


def hidden_import(module: Module) -> Iterator[str]:
    """An import within a function, or one by name, which the import contracts do not see."""
    within = [inner for _, _, node in functions(module) for inner in ast.walk(node)]
    hidden = any(isinstance(node, ast.Import | ast.ImportFrom) for node in within)
    named = any(
        isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"import_module", "__import__"}
        for node in ast.walk(module.tree)
    )
    if hidden or named:
        yield module.path


def mutable_noun(module: Module) -> Iterator[str]:
    """A dataclass of `dossier` that is not frozen."""
    if module.path.startswith("dossier/"):
        for name, _, node in classes(module):
            for written in decorators(node):
                if "dataclass" in written and "frozen=True" not in written:
                    yield f"{module.path}::{name}"


RULES: dict[str, Callable[[Module], Iterator[str]]] = {
    rule.__name__.replace("_", " "): rule
    for rule in (
        long_file,
        long_function,
        many_parameters,
        open_parameters,
        large_class,
        no_docstring,
        print_call,
        global_seed,
        drawer,
        hidden_import,
        mutable_noun,
    )
}


def broken(rule: str) -> set[str]:
    """All places in the package that break a rule."""
    return {place for module in MODULES for place in RULES[rule](module)}


def excepted(rule: str) -> set[str]:
    """The places that exceptions.toml allows to break it."""
    return {exception["where"] for exception in EXCEPTIONS if exception["rule"] == rule}


@pytest.mark.parametrize("rule", RULES)
def test_the_package_keeps_the_rule(rule: str) -> None:
    """Nothing breaks it without a reason in exceptions.toml."""
    assert broken(rule) - excepted(rule) == set()


@pytest.mark.parametrize("exception", EXCEPTIONS, ids=lambda exception: f"{exception['rule']}: {exception['where']}")
def test_an_exception_is_still_needed(exception: dict[str, str]) -> None:
    """An exception has a reason, and goes when nothing needs it any more."""
    assert set(exception) == {"rule", "where", "reason"}
    assert exception["where"] in broken(exception["rule"])
    assert len(exception["reason"].split()) >= 3


def test_few_functions_are_long() -> None:
    """At most 2 % have more than 50 lines."""
    lengths = {f"{module.path}::{name}": lines(node) for module in MODULES for name, _, node in functions(module)}
    long = [name for name, length in lengths.items() if length > LONG_LINES]

    assert len(long) <= LONG_SHARE * len(lengths), long


WRONG = {
    "long file": "\n" * (FILE_LINES + 1),
    "long function": "def f():\n" + "    pass\n" * FUNCTION_LINES,
    "many parameters": "class C:\n    def f(self, a, b, c, d, *e, f, g): ...",
    "open parameters": "def f(**anything): ...",
    "large class": "class C:\n" + "".join(f"    def f{i}(self): ...\n" for i in range(CLASS_METHODS + 1)),
    "no docstring": '"""A module."""\nclass C:\n    """A class."""\n    def f(self): ...',
    "print call": "print('here')",
    "global seed": "import numpy as np\nnp.random.seed(1)",
    "drawer": "",
    "hidden import": "def f():\n    if True:\n        import numpy",
    "mutable noun": "@dataclass(slots=True)\nclass C: ...",
}


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_catches(rule: str) -> None:
    """Each rule sees the wrong that it is about."""
    wrong = Module("dossier/utils.py", WRONG[rule], ast.parse(WRONG[rule]))

    assert list(RULES[rule](wrong)) != []
