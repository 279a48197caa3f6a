"""The plain expressions of a mapping: read, checked for the kind of value they give, and written as SQL.

    start = "day(BEGINDATUM)"        monthly_wage = "round(paid / months(start, end), 2)"
    person_id = "RINPERSOON"         where = "RINPERSOONS <> 'R'"

A name is a column, whatever its capitals; between double quotes it may hold anything. Text stands between single
quotes. Only what stands in ``FUNCTIONS`` can be called, so an expression reads its row and nothing else. There are two
truths, not three: a comparison with an empty value is false, ``<>`` with one is true.

What stands in a file is *raw*: text that becomes a number or a day where one is needed. A value that cannot become one
is empty, and remembered (``Compiled.wrong``), so that it is counted.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from watwerkt.register.files import literal, quoted

Kind = Literal["raw", "text", "number", "date", "truth"]

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<column>"[^"]+")|(?P<text>'(?:[^']|'')*')"""
    r"""|(?P<sign>\|\||<>|!=|<=|>=|[-+*/=<>(),]))"""
)
_WORDS = ("and", "or", "not", "in", "is", "empty")
_COMPARE = ("=", "<>", "!=", "<", "<=", ">", ">=")
_SAID = {"raw": "a value", "text": "text", "number": "a number", "date": "a day", "truth": "a yes or no"}


class Mistake(Exception):
    """What is wrong with an expression, as a sentence without its full stop."""


@dataclass(frozen=True)
class Codes:
    """A code list: what each value becomes ("" = nothing), and what happens to a value that is not in it."""

    name: str
    values: tuple[tuple[str, str], ...]
    other: Literal["error", "unknown", "drop"] = "error"


@dataclass(frozen=True)
class Reading:
    """One value that is read as a day or a number: whether it failed, and the value itself, both as SQL."""

    kind: Literal["date", "number"]
    failed: str
    value: str


@dataclass(frozen=True)
class Looked:
    """One value that is looked up in a code list: whether it is not there, the value, and what was written."""

    codes: Codes
    strange: str
    value: str
    column: str


@dataclass(frozen=True)
class Compiled:
    """An expression as SQL: the kind of value it gives, the columns it takes, what it reads and looks up."""

    sql: str
    kind: Kind
    columns: frozenset[str] = frozenset()
    readings: tuple[Reading, ...] = ()
    looked: tuple[Looked, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Context:
    """What an expression can use: columns with their kinds, code lists, and how the files write days and numbers.

    ``columns`` None: any name is a raw column of a file, and whether the file has it is seen later.
    """

    columns: Mapping[str, Kind] | None = None
    codes: Mapping[str, Codes] = field(default_factory=dict)
    decimal: str = "."
    dates: str = ""


def compiled(text: str, context: Context, kind: Kind | None = None) -> Compiled:
    """The expression, giving a value of ``kind`` where one is asked for. Raises Mistake."""
    parser = _Parser(_tokens(text), context)
    found = parser.whole()
    if kind is not None:
        found = parser.become(found, kind)
    elif found.kind == "raw":
        found = parser.become(found, "text")
    return _with(found, source=text)


# ---- days and numbers as files write them ------------------------------------------------------------------------

_ISO = r"\d{4}-\d{2}-\d{2}([ T]00:00(:00(\.0+)?)?)?"
DATES = {
    "dd-mm-yyyy": (r"\d{1,2}-\d{1,2}-\d{4}", "%d-%m-%Y"),
    "dd/mm/yyyy": (r"\d{1,2}/\d{1,2}/\d{4}", "%d/%m/%Y"),
    "mm/dd/yyyy": (r"\d{1,2}/\d{1,2}/\d{4}", "%m/%d/%Y"),
}
_POINT = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?"
_COMMA = r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d*)?"


def _day_of(value: str, dates: str) -> str:
    whens = (
        f"WHEN regexp_full_match({value}, '{_ISO}') THEN TRY_CAST(left({value}, 10) AS DATE) "
        f"WHEN regexp_full_match({value}, '\\d{{8}}') THEN CAST(try_strptime({value}, '%Y%m%d') AS DATE)"
    )
    if dates:
        pattern, written = DATES[dates]
        whens += f" WHEN regexp_full_match({value}, '{pattern}') THEN CAST(try_strptime({value}, '{written}') AS DATE)"
    return f"(CASE {whens} END)"


def _number_of(value: str, decimal: str) -> str:
    point = f"WHEN regexp_full_match({value}, '{_POINT}') THEN TRY_CAST({value} AS DOUBLE)"
    if decimal == ".":
        return f"(CASE {point} END)"
    plain = f"replace(replace({value}, '.', ''), ',', '.')"
    # Only a text file writes a comma; what another file stores as a number reaches us with a point.
    comma = f"WHEN \":csv\" AND regexp_full_match({value}, '{_COMMA}') THEN TRY_CAST({plain} AS DOUBLE)"
    return f'(CASE {comma} WHEN ":csv" THEN NULL {point} END)'


# ---- functions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Function:
    """A function by the kinds it takes, the kind it gives and its SQL over {0} and {1}."""

    takes: tuple[Kind, ...]
    gives: Kind
    sql: str
    means: str


_PART = "(day({d}) - 1) / CAST(day(last_day({d})) AS DOUBLE)"
_MONTHS = (
    "((year({1} + 1) - year({0})) * 12 + (month({1} + 1) - month({0})) "
    f"+ {_PART.format(d='({1} + 1)')} - {_PART.format(d='{0}')})"
)
FUNCTIONS: dict[str, Function] = {
    "day": Function(("date",), "date", "{0}", "a day, written as 2019-12-31 or 20191231"),
    "number": Function(("number",), "number", "{0}", "a number"),
    "trim": Function(("text",), "text", "trim({0})", "without blanks around it"),
    "upper": Function(("text",), "text", "upper({0})", "in capitals"),
    "lower": Function(("text",), "text", "lower({0})", "in small letters"),
    "left": Function(("text", "number"), "text", "left({0}, CAST({1} AS BIGINT))", "the first characters"),
    "right": Function(("text", "number"), "text", "right({0}, CAST({1} AS BIGINT))", "the last characters"),
    "pad": Function(
        ("text", "number"),
        "text",
        "CASE WHEN length({0}) >= {1} THEN {0} ELSE lpad({0}, CAST({1} AS INTEGER), '0') END",
        "zeros before it, up to a length",
    ),
    "round": Function(("number", "number"), "number", "round({0}, CAST({1} AS INTEGER))", "rounded to decimals"),
    "year": Function(("date",), "number", "CAST(year({0}) AS DOUBLE)", "the year of a day"),
    "days": Function(
        ("date", "date"), "number", "CAST(({1} - {0}) + 1 AS DOUBLE)", "how many days, first and last included"
    ),
    "months": Function(
        ("date", "date"),
        "number",
        _MONTHS,
        "how many months, first and last day included; a part of a month counts by its days",
    ),
    "month_start": Function(
        ("number", "number"),
        "date",
        "(CASE WHEN {0} BETWEEN 1 AND 9998 AND {1} BETWEEN 1 AND 12 THEN "
        "make_date(CAST({0} AS BIGINT), CAST({1} AS BIGINT), 1) END)",
        "the first day of a year and month",
    ),
    "month_end": Function(
        ("number", "number"),
        "date",
        "(CASE WHEN {0} BETWEEN 1 AND 9998 AND {1} BETWEEN 1 AND 12 THEN "
        "last_day(make_date(CAST({0} AS BIGINT), CAST({1} AS BIGINT), 1)) END)",
        "the last day of a year and month",
    ),
}
SPECIAL = {
    "code": "code(x, 'list'): what the code list makes of it",
    "first": "first(x, y, …): the first that is not empty",
    "when": "when(yes or no, x, y): x where it is so, else y",
    "nothing": "nothing(x, 'a', …): empty where it is one of these values",
    "text": "text(x): a day or a number as text, a day as 2019-12-31",
}


# ---- reading -----------------------------------------------------------------------------------------------------


def _tokens(text: str) -> list[tuple[str, str]]:
    """Kind and text of each token, with an end."""
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Mistake(f"'{text[at:].strip()[:12]}' cannot be read")
        kind = str(match.lastgroup)
        value = match[kind]
        if kind == "name" and value.lower() in _WORDS:
            kind, value = "word", value.lower()
        found.append((kind, value))
        at = match.end()
    return [*found, ("end", "")]


def _with(one: Compiled, **changes: Any) -> Compiled:
    return replace(one, **changes)


def _join(sql: str, kind: Kind, *parts: Compiled) -> Compiled:
    """An expression made of others: it takes, reads and looks up what they do."""
    return Compiled(
        sql,
        kind,
        frozenset().union(*(p.columns for p in parts)),
        tuple(r for p in parts for r in p.readings),
        tuple(c for p in parts for c in p.looked),
    )


class _Parser:
    """One expression, by recursive descent: or, and, not, comparison, sum, product, value."""

    def __init__(self, tokens: list[tuple[str, str]], context: Context) -> None:
        self._tokens, self._at, self._context = tokens, 0, context

    def whole(self) -> Compiled:
        """Everything up to the end."""
        found = self._either()
        if self._peek()[0] != "end":
            raise Mistake(f"something else is expected before '{self._peek()[1]}'")
        return found

    def become(self, one: Compiled, kind: Kind) -> Compiled:
        """The same value as another kind, where that can be."""
        if one.kind == kind:
            return one
        if one.kind == "raw" and kind == "text":
            return _with(one, kind="text")
        if one.kind == "raw" and kind in ("date", "number"):
            context = self._context
            read = _day_of(one.sql, context.dates) if kind == "date" else _number_of(one.sql, context.decimal)
            reading = Reading(kind, f"({one.sql} IS NOT NULL AND {read} IS NULL)", one.sql)
            return _with(one, sql=read, kind=kind, readings=(*one.readings, reading))
        raise Mistake(f"it gives {_SAID[one.kind]} where {_SAID[kind]} is needed")

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at]

    def _next(self) -> tuple[str, str]:
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, *values: str) -> str:
        """The next token if it is one of these signs or words, else ""."""
        kind, value = self._peek()
        if kind in ("sign", "word") and value in values:
            self._at += 1
            return value
        return ""

    def _need(self, value: str) -> None:
        if not self._take(value):
            there = self._peek()[1] or "the end"
            raise Mistake(f"'{value}' is expected before {there!r}")

    def _either(self) -> Compiled:
        left = self._both()
        while self._take("or"):
            right = self.become(self._both(), "truth")
            left = _join(f"({self.become(left, 'truth').sql} OR {right.sql})", "truth", left, right)
        return left

    def _both(self) -> Compiled:
        left = self._opposite()
        while self._take("and"):
            right = self.become(self._opposite(), "truth")
            left = _join(f"({self.become(left, 'truth').sql} AND {right.sql})", "truth", left, right)
        return left

    def _opposite(self) -> Compiled:
        if self._take("not"):
            one = self.become(self._opposite(), "truth")
            return _join(f"(NOT {one.sql})", "truth", one)
        return self._compared()

    def _compared(self) -> Compiled:
        left = self._sum()
        if self._take("is"):
            no = " NOT" if self._take("not") else ""
            self._need("empty")
            return _join(f"({left.sql} IS{no} NULL)", "truth", left)
        negated = self._tokens[self._at : self._at + 2] == [("word", "not"), ("word", "in")]
        if negated:
            self._next()
        if self._take("in"):
            items = [self._alike(left, item) for item in self._listed()]
            first = items[0][0]
            among = f"coalesce({first.sql} IN ({', '.join(item.sql for _, item in items)}), false)"
            return _join(f"(NOT {among})" if negated else among, "truth", first, *(item for _, item in items))
        sign = self._take(*_COMPARE)
        if not sign:
            return left
        left, right = self._alike(left, self._sum())
        if sign in ("<>", "!="):
            return _join(f"({left.sql} IS DISTINCT FROM {right.sql})", "truth", left, right)
        if sign != "=" and left.kind == "text":
            raise Mistake("text has no order: write day(…) or number(…) around what is compared")
        return _join(f"coalesce({left.sql} {sign} {right.sql}, false)", "truth", left, right)

    def _alike(self, left: Compiled, right: Compiled) -> tuple[Compiled, Compiled]:
        """Two values as the same kind."""
        kinds = {left.kind, right.kind} - {"raw"} or {"text"}
        kind = sorted(kinds)[0]
        return self.become(left, kind), self.become(right, kind)

    def _sum(self) -> Compiled:
        left = self._product()
        while sign := self._take("+", "-", "||"):
            right = self._product()
            left = self._added(left, sign, right)
        return left

    def _added(self, left: Compiled, sign: str, right: Compiled) -> Compiled:
        if sign == "||":
            left, right = self.become(left, "text"), self.become(right, "text")
            return _join(f"({left.sql} || {right.sql})", "text", left, right)
        if left.kind == "date" and right.kind == "date" and sign == "-":
            return _join(f"CAST({left.sql} - {right.sql} AS DOUBLE)", "number", left, right)
        if left.kind == "date":
            right = self.become(right, "number")
            return _join(f"({left.sql} {sign} CAST(round({right.sql}) AS INTEGER))", "date", left, right)
        left, right = self.become(left, "number"), self.become(right, "number")
        return _join(f"({left.sql} {sign} {right.sql})", "number", left, right)

    def _product(self) -> Compiled:
        left = self._value()
        while sign := self._take("*", "/"):
            left, right = self.become(left, "number"), self.become(self._value(), "number")
            # By nothing: empty, as every number that is not there.
            under = f"nullif({right.sql}, 0)" if sign == "/" else right.sql
            left = _join(f"({left.sql} {sign} {under})", "number", left, right)
        return left

    def _value(self) -> Compiled:
        kind, value = self._next()
        if kind == "number":
            return Compiled(f"CAST({value} AS DOUBLE)", "number")
        if kind == "text":
            return Compiled(literal(value[1:-1].replace("''", "'")), "text")
        if kind == "column":
            return self._column(value[1:-1])
        if kind == "name":
            return self._call(value.lower()) if self._take("(") else self._column(value)
        if (kind, value) == ("sign", "("):
            inner = self._either()
            self._need(")")
            return inner
        if (kind, value) == ("sign", "-"):
            one = self.become(self._value(), "number")
            return _join(f"(-{one.sql})", "number", one)
        raise Mistake(f"a value is expected before {value!r}" if value else "it stops halfway")

    def _column(self, name: str) -> Compiled:
        known = self._context.columns
        if known is None:
            return Compiled(quoted(name.upper()), "raw", frozenset({name}))
        if name not in known:
            near = difflib.get_close_matches(name, list(known), n=1)
            raise Mistake(f"there is no column '{name}'" + (f"; closest: '{near[0]}'" if near else ""))
        return Compiled(quoted(name), known[name], frozenset({name}))

    def _listed(self) -> list[Compiled]:
        self._need("(")
        return self._rest()

    def _rest(self) -> list[Compiled]:
        """Arguments up to the closing bracket."""
        found = [self._either()]
        while self._take(","):
            found.append(self._either())
        self._need(")")
        return found

    def _call(self, name: str) -> Compiled:
        if name not in FUNCTIONS and name not in SPECIAL:
            near = difflib.get_close_matches(name, [*FUNCTIONS, *SPECIAL], n=1)
            raise Mistake(f"there is no '{name}(…)'" + (f"; closest: '{near[0]}'" if near else ""))
        given = self._rest()
        if name in SPECIAL:
            return getattr(self, f"_{name}")(given)  # type: ignore[no-any-return]
        function = FUNCTIONS[name]
        if len(given) != len(function.takes):
            raise Mistake(f"{name}(…) takes {len(function.takes)} values, not {len(given)}")
        parts = [self.become(one, kind) for one, kind in zip(given, function.takes, strict=True)]
        return _join(function.sql.format(*(part.sql for part in parts)), function.gives, *parts)

    def _code(self, given: list[Compiled]) -> Compiled:
        if len(given) != 2 or not given[1].sql.startswith("'"):
            raise Mistake("code(…) takes a value and the name of a code list between single quotes")
        name = given[1].sql[1:-1]
        known = self._context.codes
        if name not in known:
            near = difflib.get_close_matches(name, list(known), n=1)
            raise Mistake(f"there is no code list '{name}'" + (f"; closest: '{near[0]}'" if near else ""))
        one, codes = self.become(given[0], "text"), known[name]
        plain = _plain_sql(one.sql)
        whens = " ".join(f"WHEN {literal(plain_code(a))} THEN nullif({literal(b)}, '')" for a, b in codes.values)
        among = ", ".join(literal(plain_code(a)) for a, _ in codes.values)
        strange = f"({one.sql} IS NOT NULL AND {plain} NOT IN ({among}))"
        looked = Looked(codes, strange, one.sql, ", ".join(sorted(one.columns)))
        return _with(_join(f"(CASE {plain} {whens} END)", "text", one), looked=(*one.looked, looked))

    def _first(self, given: list[Compiled]) -> Compiled:
        parts = self._same(given)
        return _join(f"coalesce({', '.join(p.sql for p in parts)})", parts[0].kind, *parts)

    def _when(self, given: list[Compiled]) -> Compiled:
        if len(given) != 3:
            raise Mistake("when(…) takes a yes or no and two values")
        yes, (one, two) = self.become(given[0], "truth"), self._same(given[1:])
        return _join(f"(CASE WHEN {yes.sql} THEN {one.sql} ELSE {two.sql} END)", one.kind, yes, one, two)

    def _nothing(self, given: list[Compiled]) -> Compiled:
        """Still raw, so that what is left is read as a day or a number."""
        one, *values = given
        if one.kind not in ("raw", "text") or any(v.kind != "text" for v in values) or not values:
            raise Mistake("nothing(…) takes a value and texts between single quotes")
        among = ", ".join(v.sql for v in values)
        return _with(one, sql=f"(CASE WHEN {one.sql} IN ({among}) THEN NULL ELSE {one.sql} END)")

    def _text(self, given: list[Compiled]) -> Compiled:
        if len(given) != 1 or given[0].kind == "truth":
            raise Mistake("text(…) takes one day, number or text")
        (one,) = given
        if one.kind in ("raw", "text"):
            return self.become(one, "text")
        return _join(f"CAST({one.sql} AS VARCHAR)", "text", one)

    def _same(self, given: list[Compiled]) -> list[Compiled]:
        """Values of one kind; raw ones become that of the others."""
        kinds = {one.kind for one in given} - {"raw"} or {"raw"}
        if len(kinds) > 1:
            raise Mistake(f"it mixes {' and '.join(sorted(_SAID[kind] for kind in kinds))}")
        (kind,) = kinds
        return [one if kind == "raw" else self.become(one, kind) for one in given]


def plain_code(code: str) -> str:
    """A code without the zeros that a spreadsheet takes off: 01 and 1 are one code."""
    return (code.lstrip("0") or "0") if code.isdecimal() and code.isascii() else code


def _plain_sql(value: str) -> str:
    """The same in SQL."""
    return (
        f"(CASE WHEN regexp_full_match({value}, '[0-9]+') THEN coalesce(nullif(ltrim({value}, '0'), ''), '0') "
        f"ELSE {value} END)"
    )
