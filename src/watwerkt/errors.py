"""Everything that can go wrong for a reason a user can mend: one tree, each error says what, where, and what now.

    WatwerktError
    ├── QuestionError   3   the question file says something it cannot say
    ├── TableError      4   a register or prepared table is not what it should be
    ├── FitError        5   question and data do not fit each other
    ├── MethodError     6   an estimator is asked for something it cannot give
    ├── DossierError    7   a dossier is not one that may be read, written or released
    ├── OutputError     8   the answer cannot be written
    ├── MissingExtra    9   an optional library is absent
    └── MachineError   10   the machine may not be used as far as is needed

The number is the exit code of the command line. The English sentences stand here; their Dutch stands in the word
catalogue under the class's name, and only ``cli`` translates. An error's fields are the facts its sentence needs.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar, dataclass_transform


@dataclass_transform(eq_default=False)
class _Facts(Exception):
    """Makes a dataclass of every error of the tree: what it declares are the facts of its sentence."""

    def __init_subclass__(cls) -> None:
        dataclass(eq=False)(cls)


class WatwerktError(_Facts):
    """A mistake with a mend. ``what`` and ``now`` are templates over the fields; ``where`` names the place."""

    where: str
    code: ClassVar[int] = 1
    what: ClassVar[str] = "Something is not as it should be."
    now: ClassVar[str] = "Read what stands above and try again."
    lists: ClassVar[str] = ""  # the field whose items {listed} names

    def facts(self) -> dict[str, object]:
        """The fields by name, and what is listed, shown or near as one piece of text, for a translated sentence."""
        facts = {f.name: getattr(self, f.name) for f in fields(self)}
        if self.lists:
            facts["listed"] = ("; " if self.lists == "problems" else ", ").join(facts[self.lists])
        if "examples" in facts:
            facts["shown"] = ", ".join(map(repr, facts["examples"]))
        if "near" in facts:
            facts["hint"] = f"; close to it: {', '.join(facts['near'])}" if facts["near"] else ""
        return facts

    def __reduce__(self) -> tuple[type[WatwerktError], tuple[object, ...]]:
        """A worker hands it over whole: an exception's own way forgets the fields."""
        return type(self), tuple(getattr(self, f.name) for f in fields(self))

    def __str__(self) -> str:
        facts = self.facts()
        return f"{self.what.format(**facts)} ({self.where}) {self.now.format(**facts)}"


# ---- the question file -------------------------------------------------------------------------------------------


class QuestionError(WatwerktError):
    """Every problem of a question at once; ``problems`` has one 'key, line: sentence' each."""

    problems: tuple[str, ...] = ()
    code: ClassVar[int] = 3
    what: ClassVar[str] = "The question cannot be read: {listed}."
    now: ClassVar[str] = "Mend these lines and run the command again."
    lists: ClassVar[str] = "problems"


class NoQuestion(QuestionError):
    """There is no question file at the place named."""

    what: ClassVar[str] = "There is no question here."
    now: ClassVar[str] = "Name a question.toml, or the folder that holds one."


class NotSealed(QuestionError):
    """Outcomes were asked for before the question was sealed, or the question changed after it was."""

    what: ClassVar[str] = "The question was not sealed, or it changed after it was: outcomes stay closed."
    now: ClassVar[str] = "Seal the question as it stands now, then follow its people."


class NeverIsNotBuilt(QuestionError):
    """`never` needs weights for later starts (METHODS 1.8); until they exist it is refused by name."""

    what: ClassVar[str] = "A comparison with people who never start is not built yet."
    now: ClassVar[str] = 'Write compared_with = "not_now": start now against not now, later starts as they happen.'


# ---- tables and registers ----------------------------------------------------------------------------------------


class TableError(WatwerktError):
    """A table is not what the register standard or the question says it is."""

    code: ClassVar[int] = 4


class MissingFile(TableError):
    """A file or folder that must be there is not."""

    what: ClassVar[str] = "This file or folder does not exist."
    now: ClassVar[str] = "Check the path, or give --register the folder that holds it."


class UnreadableFile(TableError):
    """A file is there and cannot be read as what its name says."""

    because: str = ""
    what: ClassVar[str] = "This file cannot be read: {because}."
    now: ClassVar[str] = "Save it again as CSV (comma, UTF-8) or Parquet."


class MissingColumn(TableError):
    """A declared column is absent; ``near`` holds the closest names that are there."""

    column: str = ""
    near: tuple[str, ...] = ()
    what: ClassVar[str] = "The column '{column}' is not there{hint}."
    now: ClassVar[str] = "Correct its name in the question or in the table."


class WrongType(TableError):
    """Values do not have the declared type; ``examples`` holds up to three, never more."""

    column: str = ""
    expected: str = ""
    count: int = 0
    examples: tuple[str, ...] = ()
    what: ClassVar[str] = "{count} values of '{column}' are not {expected}, for example {shown}."
    now: ClassVar[str] = "Mend the values, or take the column out of the question."


class ContradictingWages(TableError):
    """People who are not at work have a wage all the same: one of the two columns is not what the question says."""

    column: str = ""
    at_work: str = ""
    count: int = 0
    what: ClassVar[str] = "{count} people have a wage in '{column}' and are not at work by '{at_work}'."
    now: ClassVar[str] = "Mend the values, or name the column of at_work that belongs to this wage."


class NotDates(WrongType):
    """Most values of a date column are not dates as the standard writes them."""

    what: ClassVar[str] = "{count} values of '{column}' are not dates like 2019-12-31, for example {shown}."
    now: ClassVar[str] = "Write dates as year-month-day; of a delivery, name their form in the mapping: dates = …"


class NotNumbers(WrongType):
    """Most values of a number column are not numbers."""

    what: ClassVar[str] = "{count} values of '{column}' are not numbers like 1234.50, for example {shown}."
    now: ClassVar[str] = "Write numbers with a decimal point and nothing else."


class DecimalComma(NotNumbers):
    """Numbers are written with a decimal comma."""

    what: ClassVar[str] = "{count} values of '{column}' have a decimal comma, for example {shown}."
    now: ClassVar[str] = "Save it with English settings or as Parquet; of a delivery, say decimal = ',' in the mapping."


class InfiniteValues(TableError):
    """A column holds infinite values, which are no numbers one can average."""

    column: str = ""
    count: int = 0
    what: ClassVar[str] = "{count} values of '{column}' are infinite."
    now: ClassVar[str] = "Leave such values empty: a logarithm of 0 is not a number."


class MissingValues(TableError):
    """A column in which every row must have a value lacks some."""

    column: str = ""
    count: int = 0
    what: ClassVar[str] = "{count} rows have no value in '{column}', where every row needs one."
    now: ClassVar[str] = "Fill them, or take these rows out of the table."


class TooManyValues(TableError):
    """A column has more different values than a group or a category may have."""

    column: str = ""
    count: int = 0
    most: int = 0
    what: ClassVar[str] = "The column '{column}' has {count} different values; a group has {most} at most."
    now: ClassVar[str] = "Put its values together into a few bands, in a column of its own."


class NotAFrame(TableError):
    """What was given is neither a file nor a frame."""

    what: ClassVar[str] = "This is neither a path nor a table of people."
    now: ClassVar[str] = "Give a path, or a frame of pandas, polars, Arrow or DuckDB with one row a person."


class WrongDelimiter(TableError):
    """A CSV file separates its columns by something else than a comma."""

    found: str = ""
    what: ClassVar[str] = "The columns of this file are separated by '{found}', not by a comma."
    now: ClassVar[str] = "Save it again as CSV with commas (UTF-8), or as Parquet."


class NotUtf8(TableError):
    """A text file is in another encoding."""

    what: ClassVar[str] = "This file is not in UTF-8."
    now: ClassVar[str] = "Save it again as CSV (UTF-8), or as Parquet; of a delivery, name its encoding in the mapping."


class UnevenRow(TableError):
    """A line of a CSV file has more or fewer columns than its first line names."""

    line: int = 0
    found: int = 0
    expected: int = 0
    what: ClassVar[str] = "Line {line} has {found} columns, where the first line names {expected}."
    now: ClassVar[str] = "Put values that hold a comma between quotes, or save the table as Parquet."


class TwoFiles(TableError):
    """One table stands in the folder twice."""

    files: tuple[str, ...] = ()
    what: ClassVar[str] = "One table stands here twice: {listed}."
    now: ClassVar[str] = "Leave only the file that counts."
    lists: ClassVar[str] = "files"


class NoTables(TableError):
    """No file in the folder is a table of the register standard; ``near`` holds names that look like one."""

    near: tuple[str, ...] = ()
    what: ClassVar[str] = "No file here is a table of the register standard{hint}."
    now: ClassVar[str] = "Name files after the standard: person.csv, benefit_spell.csv, provision.csv, job_spell.csv."


class UnknownBackend(TableError):
    """The tables are said to be somewhere that we do not know."""

    name: str = ""
    what: ClassVar[str] = "'{name}' is no place where a register's tables can be."
    now: ClassVar[str] = "Write duckdb, postgresql://host/database?schema=name, spark or spark:name."


class PasswordInBackend(TableError):
    """A password stands where others can read it."""

    what: ClassVar[str] = "The address of the database holds a password."
    now: ClassVar[str] = "Take it out, and keep it in ~/.pgpass or in PGPASSWORD."


class NotReachable(TableError):
    """The engine where the tables are does not answer."""

    because: str = ""
    what: ClassVar[str] = "The tables cannot be reached: {because}."
    now: ClassVar[str] = "Check the address, your name there, and whether it runs."


class NoTablesThere(NoTables):
    """No table in a schema is one of the register standard, as far as this user may see."""

    what: ClassVar[str] = "There is no table of the register standard here that you may see{hint}."
    now: ClassVar[str] = "Check the schema's name; name tables after the standard: person, benefit_spell, provision."


class QueryRefused(TableError):
    """The engine where the tables are did not carry out a query. Its own message may quote a row: only its kind is
    repeated."""

    because: str = ""
    what: ClassVar[str] = "The engine where the tables are did not carry out a query: {because}."
    now: ClassVar[str] = "It must let you read the tables and make temporary ones; ask who runs it."


class RegisterSettings(TableError):
    """Every problem of register.toml at once."""

    problems: tuple[str, ...] = ()
    what: ClassVar[str] = "The register's settings cannot be read: {listed}."
    now: ClassVar[str] = "Mend these lines; currency, period, threshold and synthetic must be there."
    lists: ClassVar[str] = "problems"


class NotADay(TableError):
    """The day as of which a register is to be read is no day."""

    day: str = ""
    what: ClassVar[str] = "'{day}' is not a day like 2019-12-31."
    now: ClassVar[str] = "Write the day as year-month-day."


class MappingError(TableError):
    """Every problem of a mapping at once, each with its key and, where it is one, the expression."""

    problems: tuple[str, ...] = ()
    what: ClassVar[str] = "The mapping cannot be used: {listed}."
    now: ClassVar[str] = "Mend these keys and run the command again."
    lists: ClassVar[str] = "problems"


class UnknownMapping(TableError):
    """No mapping of this name comes with watwerkt."""

    known: tuple[str, ...] = ()
    what: ClassVar[str] = "There is no mapping of this name."
    now: ClassVar[str] = "Name a file that ends in .toml, or one of: {listed}."
    lists: ClassVar[str] = "known"


class NothingDelivered(MissingFile):
    """A mapping asks for files that the delivery does not have."""

    patterns: tuple[str, ...] = ()
    what: ClassVar[str] = "No file here has a name like {listed}, for which the mapping asks."
    now: ClassVar[str] = "Put the file here, or name it in the mapping under files."
    lists: ClassVar[str] = "patterns"


class UnknownCode(TableError):
    """Rows have codes that a code list does not have: the list, or the registration, has changed."""

    column: str = ""
    codes: str = ""
    count: int = 0
    examples: tuple[str, ...] = ()
    what: ClassVar[str] = "{count} rows have a value in '{column}' that the code list '{codes}' does not have: {shown}."
    now: ClassVar[str] = (
        "Add it to codes.{codes}.values in the mapping, or say what becomes of other codes: "
        "other = 'unknown' empties the value, other = 'drop' sets the row aside; both are counted."
    )


class SumsDiffer(TableError):
    """What was written does not add up to what was read: the engine or the disk failed, nothing is kept."""

    measure: str = ""
    read: int = 0
    written: int = 0
    what: ClassVar[str] = "What was written does not add up to the source: {measure} {written}, where {read} were read."
    now: ClassVar[str] = "Nothing was kept. Run it again; if it stays, tell the makers and send the mapping."


class DuplicateKeys(TableError):
    """A key that must be unique is not."""

    column: str = ""
    count: int = 0
    examples: tuple[str, ...] = ()
    what: ClassVar[str] = "{count} keys in '{column}' occur more than once, for example {shown}."
    now: ClassVar[str] = "Keep one row for each, or leave 'person' out of the question if rows are not people."


class EmptyTable(TableError):
    """A table has no rows."""

    what: ClassVar[str] = "This table has no rows."
    now: ClassVar[str] = "Check the export that made it."


# ---- question and data together ----------------------------------------------------------------------------------


class FitError(WatwerktError):
    """Question and data do not fit each other."""

    code: ClassVar[int] = 5


class EmptyArm(FitError):
    """No row belongs to an arm."""

    arm: str = ""
    what: ClassVar[str] = "Nobody belongs to the arm '{arm}'."
    now: ClassVar[str] = "Check the 'where' of this arm against the values in the data."


class TooSmallToRead(FitError):
    """An arm is so small that not even its covariates may be compared."""

    arm: str = ""
    count: int = 0
    least: int = 10
    what: ClassVar[str] = "The arm '{arm}' has {count} people; at least {least} are needed to compare anything."
    now: ClassVar[str] = "Widen the population or join this arm with another one."


class OverlappingArms(FitError):
    """A row belongs to two arms at once."""

    arms: tuple[str, ...] = ()
    count: int = 0
    what: ClassVar[str] = "{count} rows belong to more than one of the arms {listed}."
    now: ClassVar[str] = "Make the 'where' of the arms exclude each other."
    lists: ClassVar[str] = "arms"


class NoSharedStratum(FitError):
    """An arm has nobody in any stratum of its comparison, so no stratum can compare them."""

    arm: str = ""
    compared_with: str = ""
    column: str = ""
    what: ClassVar[str] = "The arm '{arm}' shares no stratum of '{column}' with '{compared_with}'."
    now: ClassVar[str] = "Name the column by which people were drawn, or leave 'stratum' out."


class UselessColumn(FitError):
    """A declared column cannot do what the question asks of it."""

    column: str = ""
    because: str = ""
    what: ClassVar[str] = "The column '{column}' says nothing: {because}."
    now: ClassVar[str] = "Take it out of the question, or mend the table."


class OutsideTheRegister(FitError):
    """The question looks at months that the register does not cover for anybody."""

    last_covered: str = ""
    what: ClassVar[str] = "Nobody can be followed for the whole horizon: the register ends on {last_covered}."
    now: ClassVar[str] = "Shorten 'horizon', or let 'entry' end earlier."


class NotInRegister(FitError):
    """The question needs a table or a measure that this register does not have."""

    needed: str = ""
    what: ClassVar[str] = "The question needs '{needed}', which this register does not have."
    now: ClassVar[str] = "Add it to the register, or take it out of the question."


class NoHistory(FitError):
    """Nobody's 24 months before the spell lie within the register."""

    first_covered: str = ""
    what: ClassVar[str] = "Nobody's two years before the spell are covered: the register begins on {first_covered}."
    now: ClassVar[str] = "Let 'entry' begin two years after the register does, or add older jobs."


class BeforeTheRegister(FitError):
    """A register is to be read as it was before its first day."""

    day: str = ""
    first_covered: str = ""
    what: ClassVar[str] = "Nothing was there on {day}: the register begins on {first_covered}."
    now: ClassVar[str] = "Name a day within the period that the register covers."


class OtherSource(FitError):
    """A question on a register was given a table, or the other way round."""

    asked_of: str = ""
    given: str = ""
    what: ClassVar[str] = "This question is asked of {asked_of}, and {given} was given."
    now: ClassVar[str] = "Read a register with ww.read(folder); give a question with a [table] the table itself."


class OtherData(FitError):
    """People are to be followed in other data than they were drawn from."""

    what: ClassVar[str] = "These are not the data that the people were drawn from."
    now: ClassVar[str] = "Draw again from these data, or follow in the data as they were."


# ---- methods -----------------------------------------------------------------------------------------------------


class MethodError(WatwerktError):
    """An estimator is asked for something it cannot give."""

    code: ClassVar[int] = 6


class UnknownDesign(MethodError):
    """The design is not one of those that exist."""

    design: str = ""
    known: tuple[str, ...] = ()
    what: ClassVar[str] = "There is no design '{design}'."
    now: ClassVar[str] = "Use one of: {listed}."
    lists: ClassVar[str] = "known"


class UnknownArm(MethodError):
    """An arm is asked for that the question does not have, or the comparison where an arm is meant."""

    arm: str = ""
    known: tuple[str, ...] = ()
    what: ClassVar[str] = "There is no arm '{arm}' here."
    now: ClassVar[str] = "Use one of: {listed}."
    lists: ClassVar[str] = "known"


class DifferentPopulations(MethodError):
    """Effects of two populations cannot be subtracted (METHODS 2.2)."""

    first: str = ""
    second: str = ""
    what: ClassVar[str] = "'{first}' and '{second}' have no population in common: their difference means nothing."
    now: ClassVar[str] = "Compare two arms of one question; the difference is taken among those in the first."


class MixedUptake(MethodError):
    """Take-up with several arms: one ratio would mix their effects (Kirkebøen, Leuven & Mogstad 2016; METHODS 6)."""

    column: str = ""
    arms: tuple[str, ...] = ()
    what: ClassVar[str] = "With the arms {listed} the effect of taking it up ('{column}') cannot be told apart by arm."
    now: ClassVar[str] = "Leave 'takeup' out and look at the offer, or ask about one arm at a time."
    lists: ClassVar[str] = "arms"


class SeparatedArm(MethodError):
    """A column predicts an arm perfectly, so its propensity does not exist (METHODS 2.6)."""

    arm: str = ""
    column: str = ""
    what: ClassVar[str] = "The column '{column}' predicts the arm '{arm}' perfectly: nobody there can be compared."
    now: ClassVar[str] = "Leave out the people for whom the arm was impossible, or the column if it is not a cause."


class OnlyInvented(MethodError):
    """Tables that are known to be wrong are made of invented people alone: of real ones they would open what closed."""

    what: ClassVar[str] = "These are real people: a table that is known to be wrong is not made of them."
    now: ClassVar[str] = "Use 'watwerkt answer'; to see what goes wrong, invent a register with 'watwerkt demo'."


class UnsuitableLearner(MethodError):
    """A learner cannot be used in the cross-fit loop."""

    learner: str = ""
    lacks: str = ""
    what: ClassVar[str] = "The learner '{learner}' cannot be used: it lacks {lacks}."
    now: ClassVar[str] = "Give a scikit-learn regressor or classifier whose fit takes sample_weight."


# ---- dossiers and output -----------------------------------------------------------------------------------------


class DossierError(WatwerktError):
    """A dossier is not one that may be read, written or released; ``because`` says which rule it breaks."""

    because: str = ""
    code: ClassVar[int] = 7
    what: ClassVar[str] = "This is not a dossier that may travel: {because}."
    now: ClassVar[str] = "Make it again with 'watwerkt release'; never mend a dossier by hand."


class OutputError(WatwerktError):
    """The answer cannot be written: no place, no right, no room."""

    because: str = ""
    code: ClassVar[int] = 8
    what: ClassVar[str] = "The answer cannot be written: {because}."
    now: ClassVar[str] = "Free some room or name another folder with --out; nothing was left half written."


class MissingExtra(WatwerktError):
    """An optional library is absent."""

    extra: str = ""
    needed_for: str = ""
    code: ClassVar[int] = 9
    what: ClassVar[str] = "'{needed_for}' needs a library that is not installed."
    now: ClassVar[str] = "Install it with: pip install 'watwerkt[{extra}]'."


class MachineError(WatwerktError):
    """How much of the machine may be used, and how much is needed."""

    code: ClassVar[int] = 10


class NotALimit(MachineError):
    """A limit that says no number of threads and no amount of memory."""

    given: str = ""
    such_as: str = ""
    what: ClassVar[str] = "'{given}' is no limit that can be kept."
    now: ClassVar[str] = "Write it like {such_as}, or leave it out."


class TooLittleMemory(MachineError):
    """A query that needs more memory than it may have, even with temporary files."""

    memory: str = ""
    what: ClassVar[str] = "The tables need more memory than the {memory} that they may use."
    now: ClassVar[str] = "Allow more with --memory, or make room for temporary files; what was finished is kept."
