"""What became of a delivery, in lines: how many rows were read of each table, and where each of them went."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from watwerkt import vocabulary
from watwerkt.dossier import Mapped, Went
from watwerkt.report.numbers import count, written
from watwerkt.report.words import listed, text, tidy

# In the order in which a row meets them; what was read comes first.
_LEFT = ("set_aside", "superseded", "folded", "written")
_THEN = ("check", "unreadable_value", "other_code", "not_told_again")
_HUNDRED = 100


def say_mapped(noun: Mapped, lang: str) -> str:
    """A line a table and, below it, a line for each place its rows went; totals beside the rows; unused files last."""
    prefix = text("invented.prefix", lang) if noun.synthetic else ""
    lines = [prefix + text("mapped.title", lang).format(register=noun.register, mappings=listed(noun.mappings, lang))]
    for table in dict.fromkeys(one.table for one in noun.went):
        lines += _table(noun, [one for one in noun.went if one.table == table], lang)
    if noun.unused:
        lines.append(text("mapped.unused", lang).format(files=listed(noun.unused, lang)))
    return "\n".join([*lines, text("mapped.where", lang)])


def _table(noun: Mapped, went: list[Went], lang: str) -> Iterator[str]:
    files = len({one.file for one in went if one.what == "read"})
    key = "mapped.read.one" if files == 1 else "mapped.read.many"
    said = text(key, lang).format(table=went[0].table, files=count(files, lang))
    yield f"  {said}: {_amounts([one for one in went if one.what == 'read'], lang)}"
    for what in (*_LEFT, *_THEN):
        of = [one for one in went if one.what == what]
        for reason in dict.fromkeys(one.reason for one in of):
            name = text(f"mapped.{what}", lang).format(reason=_reason(noun, what, reason, lang))
            yield f"    {name}: {_amounts([one for one in of if one.reason == reason], lang)}"


def _reason(noun: Mapped, what: str, reason: str, lang: str) -> str:
    """A reason in words: the mapping's own, one of the vocabulary, or what is empty or unreadable."""
    own = dict(noun.reasons)
    if reason in own:
        return str(getattr(own[reason], lang))
    kind, _, column = reason.partition(":")
    if what in ("unreadable_value", "other_code"):
        return f"'{reason}'"
    if column:
        return text(f"mapped.reason.{kind}", lang).format(column=column)
    known = vocabulary.load("reasons").get(reason)
    return known.name(lang) if what == "check" and known else reason.replace("_", " ")


def _amounts(went: list[Went], lang: str) -> str:
    """Rows, and beside them the totals."""
    sums: dict[str, int] = {}
    for one in went:
        sums[one.measure] = sums.get(one.measure, 0) + one.amount
    rows = sums.pop("rows", 0)
    said = f"{count(rows, lang)} {text('mapped.row' if rows == 1 else 'flow.rows', lang)}"
    totals = [f"{name} {written(Decimal(amount) / _HUNDRED, lang, 2)}" for name, amount in sums.items()]
    return tidy(said, f"({'; '.join(totals)})" if totals else "")
