"""Broken inputs, each with what is said about it: the table that the test of bad input and docs/errors.md share.

A case is a sound question with a sound table, or a sound register, and a few edits that break it.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import registers

from watwerkt import errors, question, register, sample
from watwerkt.errors import WatwerktError
from watwerkt.register import mapping

QUESTION, PEOPLE, REGISTER = "question.toml", "people.csv", "register"
PROVISION, SPELL, JOB = "register/provision.csv", "register/benefit_spell.csv", "register/job_spell.csv"
SETTINGS, MAPPING = "register/register.toml", "delivery/mapping.toml"

ON_TABLE = """\
[question]
id = "course"
title = { nl = "Helpt de cursus?", en = "Does the course help?" }

[table]
file = "people.csv"
person = "person"
given = ["age", "region"]

[time]
primary = { outcome = "earnings" }

[arms]
course = { counts_as = "training", where = { course = 1 } }
none = { where = { course = 0 } }
compared_with = "none"

[outcomes]
earnings = { kind = "earnings", column = "earnings", unit = "EUR a month" }

[design]
use = ["randomised"]
"""

# A second outcome, under [outcomes].
WAGE = 'wage = { kind = "wage", column = "weight", unit = "EUR a month" }\n\n'

ON_REGISTER = """\
[question]
id = "short"
title = { nl = "Helpt een korte training?", en = "Does a short training help?" }

[population]
scheme = ["ww"]
age = [25, 60]
entry = [2017-01-01, 2019-12-31]

[time]
until = 3
horizon = 12
lock_in = [1, 3]
primary = { outcome = "work", month = 12 }

[arms]
short = { counts_as = "training.short", where = { instrument = "training", planned_months = [0, 3] } }
compared_with = "not_now"

[outcomes]
work = { kind = "employed", smallest_effect = 0.02 }
earnings = { kind = "earnings" }

[design]
use = ["adjusted"]
"""


# A delivery and the mapping that makes a register of it.
ON_DELIVERY = """\
[files.people]
path = "people*.csv"
optional = ["CITY"]

[files.pay]
path = ["pay*.csv", "pay*.sav"]

[codes.sex]
values = { "1" = "m", "2" = "f" }

[tables.person]
from = "people"
columns.person_id = "pad(NUMBER, 4)"
columns.birth_date = "BORN"
columns.sex = "code(SEX, 'sex')"
columns._told = "day(TOLD)"
versions = { key = ["person_id"], by = "_told" }

[tables.job_spell]
from = "pay"
set_aside = [{ reason = "no_hours", where = "number(HOURS) = 0" }]
columns.person_id = "pad(NUMBER, 4)"
columns.job_id = "JOB"
columns.start = "FROM_DAY"
columns.end = "TO_DAY"
columns.paid = "number(PAID)"
totals = ["paid"]
fold = { by = ["person_id", "job_id"], cut = { paid = 0.05 } }
after.monthly_wage = "round(paid / months(start, end), 2)"
"""
DELIVERED = {
    "people1.csv": "NUMBER,BORN,SEX,TOLD\n1,19800131,1,20190630\n2,19810228,2,20190630\n",
    "people2.csv": "NUMBER,BORN,SEX,TOLD\n2,19810228,2,20191231\n3,19790101,1,20191231\n",
    "pay.csv": "NUMBER,JOB,FROM_DAY,TO_DAY,PAID,HOURS\n"
    + "".join(
        f"{i},j{i},2019{month:02d}01,2019{month:02d}28,{1000 + i}.50,{38 * (month > 1)}\n"
        for i in (1, 2, 3)
        for month in (1, 2, 3)
    ),
}


@dataclass(frozen=True)
class Edit:
    """In ``file``, ``old`` becomes ``new`` everywhere; without ``old`` the whole file does; ``new`` None removes it."""

    file: str
    old: str
    new: str | None
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Case:
    """What was planted, the error that must follow, and a fragment of its sentence.

    ``base``: the sound question that the edits break, on a table or on a register, or the mapping. ``people``:
    given in place of the table's path. ``known_on``: the day as of which the register is read.
    """

    planted: str
    error: type[WatwerktError]
    says: str
    edits: tuple[Edit, ...]
    base: str = ON_TABLE
    people: Any = PEOPLE
    known_on: str | None = None


def q(old: str, new: str) -> Edit:
    """An edit of the question."""
    return Edit(QUESTION, old, new)


def p(old: str, new: str) -> Edit:
    """An edit of its table."""
    return Edit(PEOPLE, old, new)


def on_table(planted: str, error: type[WatwerktError], says: str, *edits: Edit, people: Any = PEOPLE) -> Case:
    """A case of the question on a table."""
    return Case(planted, error, says, edits, ON_TABLE, people)


def on_register(planted: str, error: type[WatwerktError], says: str, *edits: Edit, known_on: str | None = None) -> Case:
    """A case of the question on a register."""
    return Case(planted, error, says, edits, ON_REGISTER, known_on=known_on)


def on_delivery(planted: str, error: type[WatwerktError], says: str, *edits: Edit) -> Case:
    """A case of a delivery that is mapped."""
    return Case(planted, error, says, edits, ON_DELIVERY)


def m(old: str, new: str) -> Edit:
    """An edit of the mapping."""
    return Edit(MAPPING, old, new)


def pay(old: str, new: str, encoding: str = "utf-8") -> Edit:
    """An edit of what was paid."""
    return Edit("delivery/pay.csv", old, new, encoding)


def people1(old: str, new: str) -> Edit:
    """An edit of the first file of people."""
    return Edit("delivery/people1.csv", old, new)


Q1 = "period = [2018-01-01, 2018-03-31]"


def quality(*lines: str) -> Edit:
    """Settings with one [[quality]] of these lines."""
    return Edit(SETTINGS, "", "\n".join((registers.SETTINGS, "[[quality]]", *lines, "")))


def table() -> str:
    """Sixty people, a third of them on the course."""
    rows = ["person,course,age,region,weight,earnings"]
    for i in range(60):
        region = ("north", "south", "west")[i % 4 % 3]
        rows.append(f"p{i:02d},{int(i % 3 == 0)},{20 + 7 * i % 37},{region},1.5,{100.5 + 31 * i % 97}")
    return "\n".join(rows) + "\n"


def people_of_the_register() -> dict[str, list[dict[str, object]]]:
    """Sixty people on benefit since January 2018, half of them offered a training in February."""
    ids = [f"p{i:02d}" for i in range(60)]
    return {
        "person": [registers.person(one) for one in ids],
        "benefit_spell": [registers.spell(one, "2018-01-10", "2018-12-31") for one in ids],
        "job_spell": [registers.job(one, "2017-01-01", "2018-01-09", 2000.0) for one in ids],
        "provision": [registers.training(one, "2018-02-15", "2018-03-01", "2018-04-15") for one in ids[:30]],
    }


QUESTIONS = (
    on_table("no question where one was named", errors.NoQuestion, "no question here", Edit(QUESTION, "", None)),
    on_table("a question that is not TOML", errors.QuestionError, "line 2: this is not TOML", q('"course"', "course")),
    on_table("a question in another encoding", errors.QuestionError, "the file is not in UTF-8",
             Edit(QUESTION, "", ON_TABLE.replace("Helpt", "Hélpt"), "latin-1")),
    on_table("a misspelt key", errors.QuestionError,
             "question.titel, line 3: is not known here; closest: 'title'", q("title =", "titel =")),
    on_table("a title in one language", errors.QuestionError, "question.title.en, line 3: is missing",
             q(', en = "Does the course help?"', "")),
    on_register("text where a number is due", errors.QuestionError, "must be a whole number, not text '12'",
                q("horizon = 12", 'horizon = "12"')),
    on_register("text where a list is due", errors.QuestionError, "must be a list, not text 'ww'", q('["ww"]', '"ww"')),
    on_table("three mistakes at once", errors.QuestionError, "closest: 'randomised'",
             q('"randomised"', '"randomized"'), q('kind = "earnings"', 'kind = "erning"'), q('"person"', "7")),
    on_register("dates in the wrong order", errors.QuestionError,
                "entry, line 8: is in the wrong order: 2019-12-31 lies after 2017-01-01",
                q("[2017-01-01, 2019-12-31]", "[2019-12-31, 2017-01-01]")),
    on_register("a date in Dutch style", errors.QuestionError, "a date is written year-month-day",
                q("2017-01-01", "01-01-2017")),
    on_register("a date between quotes", errors.QuestionError, "must be a date like 2019-12-31, without quotes",
                q("2017-01-01", '"2017-01-01"')),
    on_table("an instrument that the vocabulary does not have", errors.QuestionError, "closest: 'training'",
             q('"training"', '"traning"')),
    on_table("an unknown arm to compare with", errors.QuestionError, "'nobody' is not one of: course, none",
             q('with = "none"', 'with = "nobody"')),
    on_table("an arm without a condition", errors.QuestionError, "arms.none.where, line 15: is missing",
             q("none = { where = { course = 0 } }", "none = {}")),
    on_register("a planned length in the wrong order", errors.QuestionError, "from 3 to below 0 there is nothing",
                q("[0, 3]", "[3, 0]")),
    on_register("an arm that is known by how long it lasted", errors.QuestionError, "is known only afterwards",
                q("planned_months = [0, 3]", "realised_months = [0, 3]")),
    on_register("a comparison with people who never start", errors.NeverIsNotBuilt, "not built yet",
                q('"not_now"', '"never"')),
    on_register("an unknown kind of outcome", errors.QuestionError, "closest: 'employed'",
                q('"employed"', '"emploid"')),
    on_table("an outcome without a unit", errors.QuestionError, "earnings.unit, line 19: is missing",
             q(', unit = "EUR a month"', "")),
    on_table("a primary outcome that is not there", errors.QuestionError, "'pay' is not an outcome of this question",
             q('outcome = "earnings"', 'outcome = "pay"')),
    on_register("a primary month after the last one", errors.QuestionError, "24 is not followed; there is 1 to 12",
                q("month = 12", "month = 24")),
    on_register("a register's question without a horizon", errors.QuestionError, "time.horizon, line 10: is missing",
                q("horizon = 12\n", "")),
    on_register("a lock-in in the wrong order", errors.QuestionError, "must be its first and its last period",
                q("[1, 3]", "[3, 1]")),
    on_table("an outcome that is adjusted for", errors.QuestionError, "'earnings' is an outcome: what comes later",
             q('["age", "region"]', '["age", "earnings"]')),
    on_table("a table and a population in one question", errors.QuestionError, "belongs to a question on a register",
             q("[time]", "[population]\nage = [25, 60]\n\n[time]")),
    on_table("shares that do not add up", errors.QuestionError, "shares above 0 that add up to 1",
             q("[design]", "[design]\nshares = { course = 0.5, none = 0.6 }")),
    on_table("a question that is judged on a wage", errors.QuestionError, "a wage, which only who works has",
             q('kind = "earnings"', 'kind = "wage"')),
    on_table("a wage first, and nothing else to judge by", errors.QuestionError, "put another outcome first",
             q('kind = "earnings"', 'kind = "wage"'), q('primary = { outcome = "earnings" }', "")),
    on_table("who is at work, of an outcome that is no wage", errors.QuestionError, "it goes with kind 'wage'",
             q('column = "earnings"', 'column = "earnings", at_work = "course"')),
    on_table("who is at work by period, of a wage without", errors.QuestionError, "must be like the wage: one column",
             q("[design]", WAGE.replace('"weight"', '"weight", at_work = "work_{t}"') + "[design]")),
    on_register("a group that a register does not know", errors.QuestionError, "closest: 'age_band'",
                q("[design]", '[groups]\nby = ["age_bands"]\n\n[design]')),
)  # fmt: skip

TABLES = (
    on_table("no table where one was named", errors.MissingFile, "does not exist", Edit(PEOPLE, "", None)),
    on_table("something that is no table", errors.NotAFrame, "neither a path nor a table", people=["anna", "bob"]),
    on_table("a file of another kind", errors.UnreadableFile, "'.xlsx' is not .csv, .parquet",
             Edit("people.xlsx", "", "PK"), people="people.xlsx"),
    on_table("a damaged Parquet file", errors.UnreadableFile, "it is not PARQUET",
             Edit("people.parquet", "", "PAR1"), people="people.parquet"),
    on_table("an empty file", errors.UnreadableFile, "names no columns", p("", "")),
    on_table("a table in UTF-16", errors.NotUtf8, "not in UTF-8", Edit(PEOPLE, "", table(), "utf-16")),
    on_table("a table in Latin-1", errors.NotUtf8, "not in UTF-8",
             Edit(PEOPLE, "", table().replace("west", "Fryslân"), "latin-1")),
    on_table("columns separated by blanks", errors.WrongDelimiter, "separated by 'blank'", p(",", " ")),
    on_table("a misspelt column", errors.MissingColumn, "'age' is not there; close to it: aeg", p("age,", "aeg,")),
    on_table("a column twice", errors.UnreadableFile, "the column 'age' twice", p("weight", "age")),
    on_table("a line that is too long", errors.UnevenRow, "Line 3 has 7 columns, where the first line names 6",
             p("p01,", "p01,,")),
    on_table("a table without rows", errors.EmptyTable, "no rows", p("", table().splitlines()[0] + "\n")),
    on_table("text in a number", errors.NotNumbers, "1 values of 'age' are not numbers",
             p("p03,1,41", "p03,1,41 jaar")),
    on_table("text in an outcome", errors.NotNumbers, "1 values of 'earnings' are not numbers", p("100.5", "onbekend")),
    on_table("a decimal comma", errors.DecimalComma, "have a decimal comma", p(",", ";"), p(".", ",")),
    on_table("infinite values", errors.InfiniteValues, "1 values of 'earnings' are infinite", p("100.5", "inf")),
    on_table("a person twice", errors.DuplicateKeys, "occur more than once, for example 'p01'", p("p02", "p01")),
    on_table("a person without a key", errors.MissingValues, "1 rows have no value in 'person'", p("p02", "")),
    on_table("a negative weight", errors.WrongType, "weights above 0", q("person =", 'weight = "weight"\nperson ='),
             p("west,1.5", "west,-1")),
    on_table("work that is neither yes nor no", errors.WrongType, "values of 'earnings' are not 0 or 1",
             q('kind = "earnings"', 'kind = "employed"')),
    on_table("a negative wage", errors.WrongType, "values of 'weight' are not wages, 0 for who is not at work",
             q("[design]", WAGE + "[design]"), p("west,1.5", "west,-1")),
    on_table("a wage without work", errors.ContradictingWages, "40 people have a wage in 'weight' and are not at work",
             q("[design]", WAGE.replace('"weight"', '"weight", at_work = "worked"') + "[design]"),
             Edit(PEOPLE, "", "\n".join(
                 f"{line},{'worked' if i == 0 else int(i > 40)}" for i, line in enumerate(table().splitlines())))),
    on_table("a wage that nobody has", errors.UselessColumn, "nobody has a wage",
             q("[design]", WAGE + "[design]"), p(",1.5,", ",0,")),
    on_table("take-up that is neither yes nor no", errors.WrongType, "values of 'weight' are not 0 or 1",
             q("[design]", '[design]\ntakeup = "weight"')),
    on_table("a covariate that is the same for everybody", errors.UselessColumn, "it is 1.5 for everybody",
             q('"region"', '"weight"')),
    on_table("a covariate that is empty", errors.UselessColumn, "it is empty for everybody", p(",1.5,", ",,"),
             q('"region"', '"weight"')),
    on_table("a covariate with a name for everybody", errors.TooManyValues, "has 60 different values",
             q('"region"]', '"name"]'),
             Edit(PEOPLE, "", "\n".join(
                 f"{line},{'name' if i == 0 else f'mevrouw {i}'}" for i, line in enumerate(table().splitlines())))),
    on_table("a group with too many values", errors.TooManyValues, "a group has 8 at most",
             q("[design]", '[groups]\nby = ["age"]\n\n[design]')),
    on_table("an outcome that nobody has", errors.UselessColumn, "no outcome is known of anybody",
             q('column = "earnings"', 'column = "later"'),
             Edit(PEOPLE, "", "\n".join(
                 f"{line},{'later' if i == 0 else ''}" for i, line in enumerate(table().splitlines())))),
    on_table("an empty arm", errors.EmptyArm, "Nobody belongs to the arm 'course'",
             q("{ course = 1 }", "{ course = 2 }")),
    on_table("an arm of three people", errors.TooSmallToRead, "The arm 'course' has 3 people; at least 10",
             q("{ course = 1 }", '{ course = 1, person = ["p00", "p03", "p06"] }')),
    on_table("arms that overlap", errors.OverlappingArms, "20 rows belong to more than one of the arms",
             q("{ course = 0 }", "{ course = [0, 1] }")),
    on_table("an arm that shares no stratum with its comparison", errors.NoSharedStratum,
             "shares no stratum of 'course'", q("person =", 'stratum = "course"\nperson =')),
)  # fmt: skip

REGISTERS = (
    on_register("no register where one was named", errors.MissingFile, "does not exist", Edit(REGISTER, "", None)),
    on_register("a register without settings", errors.MissingFile, "does not exist", Edit(SETTINGS, "", None)),
    on_register("tables in a place that is none", errors.UnknownBackend, "'oracle' is no place where",
                Edit(SETTINGS, "currency =", 'backend = "oracle://werk"\ncurrency =')),
    on_register("a password in the settings", errors.PasswordInBackend, "holds a password",
                Edit(SETTINGS, "currency =", 'backend = "postgresql://me:secret@127.0.0.1:1/werk"\ncurrency =')),
    on_register("a database that does not answer", errors.NotReachable, "cannot be reached",
                Edit(SETTINGS, "currency =", 'backend = "postgresql://me@127.0.0.1:1/werk"\ncurrency =')),
    on_register("settings with two mistakes", errors.RegisterSettings, "curency is not known",
                Edit(SETTINGS, "currency", "curency")),
    on_register("a quality without a period", errors.RegisterSettings, "quality 1: period must be two dates",
                quality('instrument = "training"', "fit = false")),
    on_register("a quality that says neither yes nor no", errors.RegisterSettings, "fit must be true or false",
                quality('instrument = "training"', Q1, 'fit = "no"')),
    on_register("a quality of nothing in particular", errors.RegisterSettings,
                "a period that nobody registered belongs",
                quality(Q1, "fit = false")),
    on_register("a misspelt key of a quality", errors.RegisterSettings,
                "quality 1: ofice is not known; there is office",
                quality('ofice = "west-1"', 'instrument = "training"', Q1, "fit = false")),
    on_register("one quality for a whole list", errors.RegisterSettings, "quality must be a list of tables",
                Edit(SETTINGS, "", registers.SETTINGS + "quality = false\n")),
    on_register("a quality of an instrument that nobody got", errors.RegisterSettings,
                "instrument 'trainin' is not in the register; close to it: training",
                quality('instrument = "trainin"', Q1, "fit = false")),
    on_register("a quality of an office that no spell has", errors.RegisterSettings,
                "office 'west-1' is not in the register",
                quality('office = "west-1"', Q1, "fit = false")),
    on_register("days that are fit and are not", errors.RegisterSettings,
                "quality 1 and quality 2 say of the same days that they are fit and that they are not",
                quality('instrument = "training"', Q1, "fit = false",
                        "[[quality]]", 'instrument = "training"', "period = [2018-03-31, 2018-06-30]", "fit = true")),
    on_register("every month of training declared unfit", errors.EmptyArm, "Nobody belongs to the arm 'short'",
                quality('instrument = "training"', "period = [2018-01-01, 2018-12-31]", "fit = false")),
    on_register("dates in Dutch style", errors.NotDates, "are not dates like 2019-12-31",
                Edit(SPELL, "2018-01-10", "10-01-2018")),
    on_register("text in a wage", errors.NotNumbers, "60 values of 'monthly_wage' are not numbers",
                Edit(JOB, "2000.0", "tweeduizend")),
    on_register("columns separated by semicolons", errors.WrongDelimiter, "separated by ';'", Edit(SPELL, ",", ";")),
    on_register("a missing column", errors.MissingColumn, "'person_id' is not there; close to it: persoon_id",
                Edit(JOB, "person_id", "persoon_id")),
    on_register("a table twice", errors.TwoFiles, "benefit_spell.csv, benefit_spell.parquet",
                Edit("register/benefit_spell.parquet", "", "PAR1")),
    on_register("no provisions", errors.NotInRegister, "needs 'provision'", Edit(PROVISION, "", None)),
    on_register("a scheme that nobody is on", errors.NotInRegister, "scheme = wwb", q('["ww"]', '["wwb"]')),
    on_register("an instrument that nobody got", errors.EmptyArm, "Nobody belongs to the arm 'short'",
                q('instrument = "training"', 'instrument = "coaching"')),
    on_register("a column that provisions do not have", errors.MissingColumn, "'provider_kind' is not there",
                q('instrument = "training"', 'provider_kind = "school"')),
    on_register("an arm of three people on a register", errors.TooSmallToRead, "has 3 people; at least 10",
                *(Edit(PROVISION, f"p{i:02d},training", f"p{i:02d},coaching") for i in range(3, 30))),
    on_register("arms that overlap on a register", errors.OverlappingArms, "belong to more than one of the arms",
                q("[outcomes]", 'any = { counts_as = "training", where = { instrument = "training" } }\n\n[outcomes]')),
    on_register("outcomes after the end of the register", errors.OutsideTheRegister,
                "the register ends on 2020-12-31", q("horizon = 12", "horizon = 48")),
    on_register("a register that begins too late", errors.NoHistory, "the register begins on 2017-06-01",
                Edit(SETTINGS, "2014-01-01", "2017-06-01")),
    on_register("a day in Dutch style", errors.NotADay, "'30-06-2019' is not a day like 2019-12-31",
                known_on="30-06-2019"),
    on_register("a register before its first day", errors.BeforeTheRegister, "Nothing was there on 2013-12-31",
                known_on="2013-12-31"),
)  # fmt: skip

DELIVERIES = (
    on_delivery("no delivery where one was named", errors.MissingFile, "does not exist", Edit("delivery", "", None)),
    on_delivery("a delivery without settings", errors.MissingFile, "does not exist",
                Edit("delivery/register.toml", "", None)),
    on_delivery("a delivery without a mapping", errors.UnknownMapping, "one of: bus, spolis, srg",
                Edit(MAPPING, "", None)),
    on_delivery("a mapping that is no TOML", errors.MappingError, "cannot be used",
                m("[files.people]", "[files.people")),
    on_delivery("a mapping in Latin-1", errors.MappingError, "it is not in UTF-8",
                Edit(MAPPING, "CITY", "PLAATS_Ë", "latin-1")),
    on_delivery("a file that the mapping asks for is not there", errors.NothingDelivered,
                "has a name like pay*.csv, pay*.sav", Edit("delivery/pay.csv", "", None)),
    on_delivery("a misspelt key of a mapping", errors.MappingError,
                "tables.person.colums is not known; closest: 'columns'",
                m('columns.sex =', 'colums.sex =')),
    on_delivery("a table that the standard does not have", errors.MappingError,
                "the standard has no table 'persons'; closest: 'person'", m("[tables.person]", "[tables.persons]")),
    on_delivery("a table twice in a mapping", errors.MappingError, "cannot be used",
                m("[tables.job_spell]", "[tables.person]")),
    on_delivery("a table without a column that it needs", errors.MappingError,
                "tables.job_spell.columns.start is missing", m('columns.start = "FROM_DAY"\n', "")),
    on_delivery("a table from files that the mapping does not name", errors.MappingError,
                "'persons' is not one of the files (people, pay)", m('from = "people"', 'from = "persons"')),
    on_delivery("an expression that stops halfway", errors.MappingError,
                "tables.person.columns.person_id: in 'pad(NUMBER, 4' ')' is expected before 'the end'",
                m('person_id = "pad(NUMBER, 4)"\ncolumns.birth', 'person_id = "pad(NUMBER, 4"\ncolumns.birth')),
    on_delivery("a function that does not exist", errors.MappingError, "there is no 'pda(…)'; closest: 'pad'",
                m("pad(", "pda(")),
    on_delivery("an expression that would read a file", errors.MappingError, "there is no 'read_text(…)'",
                m("pad(NUMBER, 4)", "read_text('/etc/hostname')")),
    on_delivery("text where a day is needed", errors.MappingError,
                "tables.person.columns.birth_date: in ''x' || BORN' it gives text where a day is needed",
                m('"BORN"', "\"'x' || BORN\"")),
    on_delivery("a condition that is no yes or no", errors.MappingError,
                "it gives a number where a yes or no is needed", m("number(HOURS) = 0", "number(HOURS)")),
    on_delivery("a column after folding that is not there", errors.MappingError,
                "there is no column 'payd'; closest: 'paid'", m("round(paid", "round(payd")),
    on_delivery("a code list that is not there", errors.MappingError, "there is no code list 'sexe'; closest: 'sex'",
                m("'sex')", "'sexe')")),
    on_delivery("another end for codes than there is", errors.MappingError,
                "'ignore' is not one of: error, unknown, drop",
                m("[codes.sex]", '[codes.sex]\nother = "ignore"')),
    on_delivery("an encoding that is not known", errors.MappingError, "'cp1252' is not one of: utf-8, latin-1, utf-16",
                m('path = "people*.csv"', 'path = "people*.csv"\nencoding = "cp1252"')),
    on_delivery("a total that is no number", errors.MappingError, "'job_id' is not a number",
                m('["paid"]', '["job_id"]')),
    on_delivery("versions by a column that is not there", errors.MappingError,
                "there is no column 'told' here; closest: '_told'", m('by = "_told"', 'by = "told"')),
    on_delivery("a column that a file of the delivery lacks", errors.MissingColumn,
                "'BORN' is not there; close to it: BORNE", people1("BORN", "BORNE")),
    on_delivery("a column twice in a file of the delivery", errors.UnreadableFile, "the column 'born' twice",
                people1("TOLD\n", "born\n")),
    on_delivery("an empty file in a delivery", errors.UnreadableFile, "names no columns",
                Edit("delivery/people1.csv", "", "")),
    on_delivery("files without a row", errors.EmptyTable, "no rows",
                Edit("delivery/pay.csv", "", "NUMBER,JOB,FROM_DAY,TO_DAY,PAID,HOURS\n")),
    on_delivery("a file of a delivery in Latin-1", errors.NotUtf8, "not in UTF-8", pay("j1", "jé", "latin-1")),
    on_delivery("a damaged SPSS file", errors.UnreadableFile, "it is not SAV", Edit("delivery/pay2.sav", "", "$FL2")),
    on_delivery("a changed code list", errors.UnknownCode,
                "1 rows have a value in 'SEX' that the code list 'sex' does not have: '3'",
                people1("19800131,1", "19800131,3")),
    on_delivery("days as the Dutch write them, not declared", errors.NotDates,
                "9 values of 'job_spell.start = FROM_DAY' are not dates", *(
                    pay(f"2019{month}01,", f"01-{month}-2019,") for month in ("01", "02", "03")
                )),
    on_delivery("a decimal comma, not declared", errors.DecimalComma,
                "values of 'job_spell.paid = number(PAID)' have a decimal comma", pay(",", ";"), pay(".", ",")),
    on_delivery("text in what was paid", errors.NotNumbers, "values of 'job_spell.paid = number(PAID)' are not numbers",
                pay(".50", " euro")),
    on_delivery("a line of a delivery that is too long", errors.UnevenRow, "Line 3 has 7 columns",
                pay("1,j1,20190201,", "1,j1,20190201,,")),
    on_delivery("something else where the register is to be", errors.OutputError,
                "this folder holds something else than a mapped register", Edit("register/notes.txt", "", "mine")),
)  # fmt: skip

CASES = (*QUESTIONS, *TABLES, *REGISTERS, *DELIVERIES)


def plant(case: Case) -> None:
    """Write the sound files into the folder where we are, and break them."""
    if case.base == ON_DELIVERY:
        written = {"register.toml": registers.SETTINGS, "mapping.toml": ON_DELIVERY, **DELIVERED}
        Path("delivery").mkdir(exist_ok=True)
        for name, text in written.items():
            (Path("delivery") / name).write_text(text, "utf-8")
    else:
        Path(QUESTION).write_text(case.base, "utf-8")
    if case.base == ON_TABLE:
        Path(PEOPLE).write_text(table(), "utf-8")
    elif case.base == ON_REGISTER:
        registers.write(Path(REGISTER), **people_of_the_register())
    for edit in case.edits:
        _edit(edit)


def _edit(edit: Edit) -> None:
    path = Path(edit.file)
    if edit.new is None:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        return
    text = path.read_text("utf-8").replace(edit.old, edit.new) if edit.old else edit.new
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode(edit.encoding))


def run(case: Case) -> None:
    """Read, draw, seal and follow, as an answer does; effects come later."""
    if case.base == ON_DELIVERY:
        mapping.map_delivery("delivery", REGISTER)
        return
    asked = question.read(QUESTION)
    if case.base == ON_TABLE:
        source: Any = sample.prepared(asked, case.people)
    else:
        source = register.read(REGISTER, known_on=case.known_on)
    drawn = sample.draw(asked, source, seed=1)
    sample.follow(drawn, source, sample.seal(asked, drawn.exclusions))


def said(case: Case, folder: Path) -> WatwerktError | None:
    """The error that follows, None if none does. Paths in it are as somebody in ``folder`` would type them."""
    with contextlib.chdir(folder):
        plant(case)
        try:
            run(case)
        except WatwerktError as error:
            return error
    return None
