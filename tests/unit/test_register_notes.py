"""What `check` counts in a delivery: each thing by hand, in a register that has it and in one that has not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from registers import four_people, job, person, question, spell, training, write

from watwerkt import register, report, vocabulary
from watwerkt.dossier import Arm, Where
from watwerkt.register.notes import LOOKS
from watwerkt.sample.register_draw import draw_register


def notes(folder, **tables):
    """Of each thing that stands out: how many, of how many, and examples."""
    found = register.check(register.read(write(folder, **tables))).notes
    return {(n.table, n.rule): (n.found, n.of, n.examples) for n in found}


def defects(folder, **tables):
    """Rows that break a rule, and whether they leave."""
    return {(d.table, d.rule): (d.rows, d.sets_aside) for d in register.read(write(folder, **tables)).defects}


def with_row(table, *rows):
    """The four people and some rows more."""
    tables = four_people()
    tables.setdefault(table, [])
    tables[table] += rows
    return tables


def test_nothing_stands_out_among_the_four_people(tmp_path):
    """Every look is taken, none finds anything."""
    assert notes(tmp_path, **four_people()) == {}


@pytest.mark.parametrize(
    ("table", "rule", "row"),
    [
        ("benefit_spell", "known_late", spell("bob", "2019-01-01", "2019-03-01", known_on="2019-04-02")),
        ("provision", "known_late", training("bob", "2018-02-01", "2018-02-05", "2018-03-01", known_on="2018-05-03")),
        ("job_spell", "overlapping_jobs", job("bob", "2019-01-01", "2019-02-01", 300.0)),
        ("provision", "no_planned_end", training("bob", "2018-02-01", "2018-02-05", None)),
        ("provision", "never_started", training("bob", "2018-02-01", None, "2018-03-01")),
        ("provision", "ends_with_spell", training("bob", "2018-02-01", "2018-02-05", "2018-03-10", end="2018-03-02")),
        (
            "benefit_spell",
            "no_income_form",
            spell("bob", "2017-01-01", "2018-02-20", end_reason="no_income_form"),
        ),
    ],
)
def test_one_row_is_one_note(tmp_path, table, rule, row):
    """It is counted once, of all rows of its table, and named by its key; nothing leaves for it."""
    tables = with_row(table, row)
    found = notes(tmp_path, **tables)

    count, of, examples = found[table, rule]
    assert (count, of) == (1, len(tables[table]))
    assert len(examples) == 1
    assert not any(aside for _, aside in defects(tmp_path / "again", **tables).values())


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("benefit_spell", spell("bob", "2019-01-01", "2019-03-01", known_on="2019-04-01")),
        ("job_spell", job("bob", "2017-01-01", "2018-03-02", 300.0)),
        ("provision", training("bob", "2018-02-01", "2018-02-05", "2018-03-10", end="2018-03-01")),
        ("benefit_spell", spell("bob", "2016-01-01", "2016-02-20", end_reason="no_income_form")),
    ],
    ids=["ninety days", "the day before", "a day before the benefit ends", "no work near"],
)
def test_a_row_beside_the_rule_is_none(tmp_path, table, row):
    """The same rows, a day or a month further."""
    assert notes(tmp_path, **with_row(table, row)) == {}


def test_a_sanction_that_was_reversed(tmp_path):
    """One of two."""
    rows = [
        {"sanction_id": i, "person_id": "bob", "kind": "measure", "decided": "2018-02-01", "reversed_on": day}
        for i, day in (("a", None), ("b", "2018-03-01"))
    ]

    assert notes(tmp_path, **with_row("sanction", *rows)) == {("sanction", "reversed_sanction"): (1, 2, ("b",))}


# ---- offices -----------------------------------------------------------------------------------------------------


def offices(few=1.0, lost=(), merged=False):
    """Six offices with 240 spells each, evenly over two years, and a coaching for every second spell."""
    tables = {"person": [], "benefit_spell": [], "provision": []}
    for o in range(6):
        for i in range(240):
            who, start = f"{o}-{i}", date(2017, 1, 1) + timedelta(3 * i)
            day = start + timedelta(5)
            code = "new" if merged and o < 2 and start >= date(2018, 1, 1) else f"office{o}"
            tables["person"].append(person(who))
            tables["benefit_spell"].append(spell(who, str(start), str(start + timedelta(60)), office=code))
            if i % 2 and not (o == 0 and i % 100 >= 100 * few) and (o, str(day)[:7]) not in lost:
                given = training(who, str(day), str(day), str(day + timedelta(20)), office=code)
                tables["provision"].append(given | {"instrument": "coaching"})
    # Half as many days a month are not enough to miss one: each office has a talk a day as well.
    for o in range(6):
        for i in range(720):
            day = date(2017, 1, 1) + timedelta(i)
            if (o, str(day)[:7]) not in lost:
                given = training(f"{o}-{i // 3}", str(day), str(day), str(day), office=f"office{o}")
                tables["provision"].append(given | {"instrument": "talk", "provision_id": f"t{o}-{i}"})
    return tables


def test_even_offices_do_not_stand_out(tmp_path):
    """The same rates everywhere, in every month."""
    assert set(notes(tmp_path, **offices())) <= {("provision", "ends_with_spell")}


def test_an_office_that_registers_half_stands_out(tmp_path):
    """It, and its instrument."""
    found = notes(tmp_path, **offices(few=0.5))

    assert found["provision", "few_for_office"][::2] == (1, ("office0|coaching",))


def test_a_lost_month_stands_out(tmp_path):
    """A month of one office without a single provision."""
    found = notes(tmp_path, **offices(lost={(3, "2018-03")}))

    assert found["provision", "empty_month"][::2] == (1, ("office3|2018-03",))


def test_a_merger_stands_out(tmp_path):
    """Two codes stop and one begins."""
    found = notes(tmp_path, **offices(merged=True))

    assert found["benefit_spell", "office_code_changes"] == (3, 7, ("new", "office0", "office1"))


# ---- rows that leave ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "planned", "near"),
    [("2018-02-21", "2018-05-05", 1), ("2018-02-20", None, 1), ("2018-02-22", "2018-05-05", 0),
     ("2018-02-20", "2018-07-05", 0)],
    ids=["a day off", "another id", "two days off", "another length"],
)  # fmt: skip
def test_a_provision_registered_twice_counts_once(tmp_path, days, planned, near):
    """The first stays; two days or another planned length are two provisions."""
    again = training("anna", days, "2018-03-05", planned, provision_id="again")
    tables = with_row("provision", again)

    expected = {("provision", "near_duplicate"): (1, True)} if near else {}
    assert defects(tmp_path, **tables) == expected
    with register.read(tmp_path).connect("provision") as connection:
        kept = connection.execute('SELECT count(*) FROM "provision"').fetchone()
    assert kept == (3 - near,)


def test_pay_without_hours_is_no_job(tmp_path):
    """A payment afterwards and a correction leave, each for its own reason; unknown hours stay."""
    later = job("bob", "2018-06-01", "2018-06-30", 200.0, hours_per_week=0)
    back = job("bob", "2018-07-01", "2018-07-31", -80.0, hours_per_week=0)

    assert defects(tmp_path, **with_row("job_spell", later, back)) == {
        ("job_spell", "no_hours"): (1, True),
        ("job_spell", "correction"): (1, True),
    }


def test_a_row_that_leaves_is_counted_once(tmp_path):
    """What is set aside adds up to the rows that left, also where a row breaks two rules."""
    wrong = spell("nobody", "2019-01-01", "2018-01-01")
    tables = with_row("benefit_spell", wrong, wrong, spell("bob", "2018-02-01", "2018-03-02", spell_id="x"))
    found = defects(tmp_path, **tables)

    with register.read(tmp_path).connect("benefit_spell") as connection:
        kept = connection.execute('SELECT count(*) FROM "benefit_spell"').fetchone()
    assert sum(n for n, _ in found.values()) == len(tables["benefit_spell"]) - kept[0]


# ---- the sample --------------------------------------------------------------------------------------------------


def drawn(folder, asked=None, **tables):
    """Draw, arms of one person allowed."""
    return draw_register(asked or question(), register.read(write(folder, **tables)), seed=1, least=1)


def test_spells_that_break_a_rule_are_rows_of_the_exclusions(tmp_path):
    """Carla's spell once more a day later under another id: as many months as the question looks at. One that ends
    before it begins is one row. Everybody else is drawn as before."""
    before = drawn(tmp_path / "a", **four_people())
    again, wrong = spell("carla", "2018-01-02"), spell("bob", "2019-06-01", "2019-05-01")
    after = drawn(tmp_path / "b", **with_row("benefit_spell", again, wrong))

    assert after.exclusions.set_aside() == (
        ("reversed", "", 1),
        ("near_duplicate", "", 3),
        *before.exclusions.set_aside(),
    )
    assert after.exclusions.read == before.exclusions.read + 4
    assert after.key.tolist() == before.key.tolist()


def test_a_start_of_unknown_length_is_in_no_arm(tmp_path):
    """Nor is it compared with one: its month is set aside, and later months have an earlier provision."""
    short = Arm("short", "training.short", (Where("instrument", ("training",)), Where("planned_months", (0, 3), True)))
    asked = question(arms=(short,))
    known = drawn(
        tmp_path / "a",
        asked,
        **with_row("person", person("eva"), person("finn")),
    )
    tables = with_row("person", person("eva"), person("finn"))
    tables["benefit_spell"] += [spell("eva", "2018-01-01", "2018-12-31"), spell("finn", "2018-01-01", "2018-12-31")]
    tables["provision"] += [training("eva", "2018-02-03", "2018-02-10", None)]
    found = drawn(tmp_path / "b", asked, **tables)

    assert {why: n for why, _, n in found.exclusions.set_aside()}["arm_unknown"] == 1
    assert not any(key.startswith("eva|2018-01-01|001") for key in found.key)
    assert any(key.startswith("finn|2018-01-01|001") for key in found.key)
    assert "arm_unknown" not in {why for why, _, _ in known.exclusions.set_aside()}


def test_a_start_of_another_instrument_needs_no_length(tmp_path):
    """What cannot belong to an arm, whatever its length, sets nothing aside."""
    short = Arm("short", "training.short", (Where("instrument", ("training",)), Where("planned_months", (0, 3), True)))
    other = training("carla", "2018-02-03", "2018-02-10", None, provision_id="y") | {"instrument": "talk"}
    found = drawn(tmp_path, question(arms=(short,)), **with_row("provision", other))

    assert "carla|2018-01-01|001" in found.key.tolist()
    assert "arm_unknown" not in {why for why, _, _ in found.exclusions.set_aside()}


# ---- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_note_is_said_with_what_the_sample_does(tmp_path, lang):
    """In lines and on the page, with its share."""
    tables = with_row("provision", training("bob", "2018-02-01", None, None))
    quality = register.check(register.read(write(tmp_path, **tables)))
    said, page = report.say(quality, lang), report.page(quality)

    for rule in ("no_planned_end", "never_started"):
        for part in ("what", "then"):
            words = report.words.text(f"quality.note.{rule}.{part}", lang)
            assert words in said
            assert words.split(",")[0].split("'")[0] in page
    assert {"nl": "33,3 %", "en": "33.3%"}[lang] in said


def test_every_look_and_every_rule_has_words():
    """Each look in both languages; each reason of the standard in the vocabulary."""
    for look in LOOKS:
        for lang in ("nl", "en"):
            assert report.words.text(f"quality.note.{look.id}.what", lang)
            assert report.words.text(f"quality.note.{look.id}.then", lang)
    for rule in ("near_duplicate", "correction", "no_hours", "arm_unknown"):
        assert vocabulary.load("reasons")[rule].nl
