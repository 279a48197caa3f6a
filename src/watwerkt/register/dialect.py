"""The one SQL, written in DuckDB's dialect, as another engine takes it. sqlglot does nearly all; the rest stands here.

What no dialect shares becomes a function of five that each backend makes for its session: ``try_date``, ``try_number``,
``number_text``, ``hex_number`` and ``least_three``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import sqlglot
from sqlglot import exp

Dialect = Literal["postgres", "spark"]
_LARGEST = "1.7976931348623157e308"
# Stands for a value that is bound later; no SQL of ours holds it.
MARK = "\x00"
_ONCE = "typed"


@dataclass(frozen=True)
class Statement:
    """One statement: a table or view to make from a query, one to drop, or a query to ask.

    ``before``: what its query reads as ``typed``, to be worked out once, where an engine would else work it out again
    for each of the many rules that read it.
    """

    kind: Literal["table", "view", "drop", "ask"]
    name: str
    text: str
    before: str = ""


@lru_cache(maxsize=512)
def translated(text: str, dialect: Dialect) -> tuple[Statement, ...]:
    """The statements of a text. A question mark becomes MARK."""
    found = (one for one in sqlglot.parse(text, read="duckdb") if one is not None)
    return tuple(_statement(one, dialect) for one in found)


def _statement(parsed: exp.Expr, dialect: Dialect) -> Statement:
    made = parsed.copy()
    for node in reversed(list(made.dfs())):  # what is inside first
        new = _rewritten(node, dialect)
        if new is not node:
            node.replace(new)
    if isinstance(made, exp.Drop):
        return Statement("drop", made.args["tables"][0].name, "")
    query = made.expression if isinstance(made, exp.Create) else made
    before = _taken_out(query, dialect)
    if not isinstance(made, exp.Create):
        return Statement("ask", "", _text(query, dialect), before)
    kind: Literal["table", "view"] = "view" if made.args["kind"] == "VIEW" else "table"
    return Statement(kind, made.this.name, _text(query, dialect), before)


def _taken_out(query: exp.Expr, dialect: Dialect) -> str:
    """The query ``typed`` of a query: PostgreSQL is told to work it out once, for Spark it is taken out."""
    named = next((cte for cte in query.find_all(exp.CTE) if cte.alias == _ONCE), None)
    if named is None:
        return ""
    if dialect == "postgres":
        named.set("materialized", True)
        return ""
    ctes = named.parent
    text = _text(named.this, dialect)
    named.pop()
    if ctes is not None and not ctes.expressions:
        ctes.pop()
    return text


def _text(made: exp.Expr, dialect: Dialect) -> str:
    return made.sql(dialect=dialect, comments=False, identify=True, unsupported_level=sqlglot.ErrorLevel.RAISE)


def _rewritten(node: exp.Expr, dialect: Dialect) -> exp.Expr:
    """What sqlglot cannot know: our functions, and what text, numbers and days look like."""
    if isinstance(node, exp.Placeholder):
        return exp.Var(this=MARK)
    if isinstance(node, exp.Filter) and isinstance(node.this, exp.Min) and node.this.args.get("count"):
        return _least_three(node.this.this, node.expression, dialect)
    if isinstance(node, exp.Min) and node.args.get("count") and not isinstance(node.parent, exp.Filter):
        return _least_three(node.this, None, dialect)
    if isinstance(node, exp.Cast):
        return _cast(node, dialect)
    if isinstance(node, exp.IsNan):
        return exp.EQ(this=node.this, expression=_double("NaN"))
    if isinstance(node, exp.Anonymous) and node.name.lower() == "isfinite":
        return exp.LTE(this=exp.Abs(this=node.expressions[0]), expression=_double(_LARGEST))
    if dialect == "postgres" and isinstance(node, exp.DateDiff):
        # All our days are dates; sqlglot would go by seconds.
        return exp.Paren(this=exp.Sub(this=exp.Paren(this=node.this), expression=exp.Paren(this=node.expression)))
    if dialect == "postgres" and isinstance(node, exp.SHA2):
        encoded = exp.Anonymous(this="convert_to", expressions=[node.this, exp.Literal.string("UTF8")])
        hashed = exp.Anonymous(this="sha256", expressions=[encoded])
        return exp.Anonymous(this="encode", expressions=[hashed, exp.Literal.string("hex")])
    return node


def _cast(node: exp.Cast, dialect: Dialect) -> exp.Expr:
    """A cast that must not fail, one of hexadecimal digits, one of a float to text."""
    to, inner = node.to.this, node.this
    if isinstance(node, exp.TryCast) and to in (exp.DType.DATE, exp.DType.DOUBLE):
        name = "try_date" if to == exp.DType.DATE else "try_number"
        return _ours(name, [exp.cast(inner, "TEXT")], dialect)
    bare = inner.unnest()
    if to == exp.DType.BIGINT and isinstance(bare, exp.DPipe) and bare.this.name == "0x":
        return _ours("hex_number", [bare.expression], dialect)
    if to == exp.DType.TEXT and isinstance(inner, exp.Cast) and inner.to.this == exp.DType.DOUBLE:
        return _ours("number_text", [inner], dialect)
    if to == exp.DType.TEXT and dialect == "postgres":
        # Texts are ordered by their bytes, as DuckDB and Spark do, whatever the language of the database.
        return exp.Collate(this=node.copy(), expression=exp.to_identifier("C", quoted=True))
    return node


def _least_three(of: exp.Expr, where: exp.Expr | None, dialect: Dialect) -> exp.Expr:
    """The three smallest texts, of those rows."""
    if dialect == "postgres":
        return _filtered(_ours("least_three", [of], dialect), where)
    every = _filtered(exp.Anonymous(this="collect_list", expressions=[of]), where)
    ordered = exp.Anonymous(this="array_sort", expressions=[every])
    return exp.Anonymous(this="slice", expressions=[ordered, exp.Literal.number(1), exp.Literal.number(3)])


def _filtered(of: exp.Expr, where: exp.Expr | None) -> exp.Expr:
    return of if where is None else exp.Filter(this=of, expression=where)


def _ours(name: str, values: list[exp.Expr], dialect: Dialect) -> exp.Expr:
    """A function that the backend made for its session."""
    made = exp.Anonymous(this=name, expressions=values)
    return exp.Dot(this=exp.to_identifier("pg_temp"), expression=made) if dialect == "postgres" else made


def _double(text: str) -> exp.Expr:
    return exp.cast(exp.Literal.string(text), "DOUBLE")
