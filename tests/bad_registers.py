"""Broken registers, beside those of bad_input: found by changing sound ones at random, and seen in deliveries."""

from __future__ import annotations

from dataclasses import dataclass

from bad_input import JOB, PROVISION, SETTINGS, SPELL, Case, Edit, on_register

from watwerkt import errors

PERSON = "register/person.csv"


def _first(file: str, old: str, new: str) -> Edit:
    """An edit of one row of the register: that of p00."""
    return Edit(file, f"p00{old}", f"p00{new}")


def _settings(line: str) -> Edit:
    """A line more in register.toml."""
    return Edit(SETTINGS, "currency", f"{line}\ncurrency")


BROKEN: tuple[Case, ...] = (
    on_register("a column twice but for capitals", errors.UnreadableFile, "a column twice",
                Edit(SPELL, "scheme", "START")),
    on_register("a column of the standard in capitals", errors.MissingColumn, "'end' is not there; close to it: END",
                Edit(SPELL, ",end", ",END")),
    on_register("a column without a name", errors.UnreadableFile, "or without a name: ''", Edit(PERSON, "region", "")),
    on_register("a column that begins with a colon", errors.UnreadableFile, "begins with a colon",
                Edit(PERSON, "region", ":copy")),
    on_register("lines that end in a carriage return alone", errors.UnreadableFile, "do not end in a line feed",
                Edit(PERSON, "\n", "\r")),
    on_register("a quotation mark that is not closed", errors.UnreadableFile, "line 7 is damaged",
                Edit(PERSON, "p05,", '"p05,')),
    on_register("a line that is too short", errors.UnevenRow, "Line 7 has 4 columns, where the first line names 5",
                Edit(PERSON, "p05,1980-06-15,f,3,west", "p05,1980-06-15,f,3")),
    on_register("a cell of three million letters", errors.UnreadableFile, "line 2 is damaged",
                Edit(PERSON, "p00,1980-06-15,f,3,west", "p00,1980-06-15,f,3," + "x" * 3_000_000)),
    on_register("an empty table of persons", errors.UnreadableFile, "names no columns", Edit(PERSON, "", "\n")),
    on_register("persons without a row", errors.EmptyTable, "no rows", Edit(PERSON, "", "person_id,birth_date\n")),
    on_register("spells without a row", errors.EmptyTable, "no rows", Edit(SPELL, "", "spell_id,person_id,start\n")),
    on_register("a register in Latin-1", errors.NotUtf8, "not in UTF-8",
                Edit(PERSON, "", "person_id,région\n", "latin-1")),
    on_register("a register in UTF-16", errors.NotUtf8, "not in UTF-8", Edit(PERSON, "", "person_id\np00\n", "utf-16")),
    on_register("columns separated by tabs", errors.WrongDelimiter, "separated by 'tab'", Edit(JOB, ",", "\t")),
    on_register("columns separated by bars", errors.WrongDelimiter, "separated by '|'", Edit(JOB, ",", "|")),
    on_register("a Parquet file that is text", errors.UnreadableFile, "it is not PARQUET",
                Edit(JOB, "", None), Edit("register/job_spell.parquet", "", "person_id,start\n")),
    on_register("an empty Parquet file", errors.UnreadableFile, "it is not PARQUET",
                Edit(JOB, "", None), Edit("register/job_spell.parquet", "", "\n")),
    on_register("no table of the standard", errors.NoTables, "close to it: job_spells",
                *(Edit(file, "", None) for file in (PERSON, SPELL, JOB, PROVISION)),
                Edit("register/job_spells.csv", "", "a")),
    on_register("no persons", errors.NotInRegister, "needs 'person'", Edit(PERSON, "", None)),
    on_register("no spells", errors.NotInRegister, "needs 'benefit_spell'", Edit(SPELL, "", None)),
    on_register("no jobs where work is asked for", errors.NotInRegister, "needs 'job_spell'", Edit(JOB, "", None)),
    on_register("provisions without a key", errors.MissingColumn, "'provision_id' is not there",
                Edit(PROVISION, "provision_id,", "nummer,")),
    on_register("spells without a first day", errors.MissingColumn, "'start' is not there",
                Edit(SPELL, ",start", ",begin")),
    on_register("text in a birth date", errors.NotDates, "60 values of 'birth_date' are not dates",
                Edit(PERSON, "1980-06-15", "onbekend")),
    on_register("text in a level of education", errors.NotNumbers, "60 values of 'education' are not numbers",
                Edit(PERSON, ",3,", ",drie,")),
    on_register("wages with a decimal comma", errors.NotNumbers, "60 values of 'monthly_wage' are not numbers",
                Edit(JOB, "2000.0", '"2000,50"')),
    on_register("wages that no one earns", errors.NotNumbers, "for example '1e308'", Edit(JOB, "2000.0", "1e308")),
    on_register("days long after our time", errors.NotDates, "for example '290000-01-01'",
                Edit(PROVISION, "2018-04-15", "290000-01-01")),
    on_register("days that the calendar lacks", errors.NotDates, "for example '2018-02-30'",
                Edit(PROVISION, "2018-02-15", "2018-02-30")),
    on_register("an endless period", errors.RegisterSettings, "period must be two dates",
                Edit(SETTINGS, "2020-12-31", "9999-12-31")),
    on_register("a period from the year 1", errors.RegisterSettings, "period must be two dates",
                Edit(SETTINGS, "2014-01-01", "0001-01-01")),
    on_register("a period with hours", errors.RegisterSettings, "period must be two dates",
                Edit(SETTINGS, "2014-01-01", "2014-01-01T00:00:00")),
    on_register("a period in the wrong order", errors.RegisterSettings, "period must be two dates",
                Edit(SETTINGS, "2014-01-01", "2021-01-01")),
    on_register("a threshold below 0", errors.RegisterSettings, "threshold must be a whole number",
                Edit(SETTINGS, "= 10", "= -1")),
    on_register("a threshold of five thousand digits", errors.RegisterSettings, "4300 digits",
                Edit(SETTINGS, "= 10", "= " + "9" * 5000)),
    on_register("settings nested without end", errors.RegisterSettings, "recursion",
                Edit(SETTINGS, "= 10", "= " + "[" * 2000 + "]" * 2000)),
    on_register("empty settings", errors.RegisterSettings, "currency is missing; period is missing",
                Edit(SETTINGS, "", "\n")),
    on_register("settings that say a thing twice", errors.RegisterSettings, "Cannot overwrite a value",
                _settings("threshold = 3")),
    on_register("settings in another encoding", errors.RegisterSettings, "utf-8",
                Edit(SETTINGS, "", 'name = "Fryslân"\n', "latin-1")),
    on_register("a gap that is no period", errors.RegisterSettings, "gaps must be a list of periods",
                _settings("gaps = [2018-01-01, 2018-02-01]")),
    on_register("sensitive columns as a list", errors.RegisterSettings, "sensitive must be a table of columns",
                _settings('sensitive = ["sex"]')),
    on_register("a switch that does not exist", errors.RegisterSettings, "has the switches adjust, split, audit",
                _settings("sensitive = { sex = { show = true } }")),
    on_register("a gap over all years", errors.NoHistory, "Nobody's two years before the spell are covered",
                _settings("gaps = [[2000-01-01, 2030-12-31]]")),
    on_register("provisions without a day", errors.EmptyArm, "Nobody belongs to the arm 'short'",
                Edit(PROVISION, "2018-02-15,2018-03-01", ",")),
)  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """What was planted in a sound register, and the rule that counts it: (table, rule, rows, whether they leave)."""

    planted: str
    edit: Edit
    rule: tuple[str, str, int, bool]


COUNTED = (
    Counted("an endless first day", _first(SPELL, ",ww,2018-01-10", ",ww,infinity"),
            ("benefit_spell", "not_a_date", 1, True)),
    Counted("a first day before all days", _first(SPELL, ",ww,2018-01-10", ",ww,-infinity"),
            ("benefit_spell", "not_a_date", 1, True)),
    Counted("a job before our era", _first(JOB, ",2017-01-01", ",-4713-01-01"), ("job_spell", "not_a_date", 1, True)),
    Counted("a spell in the year 290000", _first(SPELL, ",ww,2018-01-10", ",ww,290000-01-01"),
            ("benefit_spell", "not_a_date", 1, True)),
    Counted("somebody born before our era", _first(PERSON, ",1980-06-15", ",-4000-06-15"),
            ("person", "not_a_date", 1, False)),
    Counted("a wage beyond all money", _first(JOB, ",2017-01-01,2018-01-09,2000.0", ",2017-01-01,2018-01-09,1e308"),
            ("job_spell", "not_a_number", 1, False)),
    Counted("a negative wage", _first(JOB, ",2017-01-01,2018-01-09,2000.0", ",2017-01-01,2018-01-09,-5"),
            ("job_spell", "out_of_range", 1, False)),
    Counted("a spell that ends before it begins",
            _first(SPELL, ",ww,2018-01-10,2018-12-31", ",ww,2018-01-10,2017-12-31"),
            ("benefit_spell", "reversed", 1, True)),
    Counted("a spell without a person", _first(SPELL, ",ww", "x,ww"), ("benefit_spell", "unknown_person", 1, True)),
    Counted("one key for two spells", Edit(SPELL, "p01-2018-01-10", "p00-2018-01-10"),
            ("benefit_spell", "duplicate", 1, True)),
    Counted("one key for two people", Edit(PERSON, "p01,", "p00,"), ("person", "duplicate", 1, True)),
    Counted("a provision without any day", _first(PROVISION, ",training,2018-02-15,2018-03-01", ",training,,"),
            ("provision", "missing_key", 1, True)),
    Counted("a level of education that does not exist", Edit(PERSON, ",3,", ",9,"),
            ("person", "out_of_range", 60, False)),
    Counted("a key with a character that ends text", _first(PERSON, ",1980", "\x00,1980"),
            ("benefit_spell", "unknown_person", 1, True)),
)  # fmt: skip
