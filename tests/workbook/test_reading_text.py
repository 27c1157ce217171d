"""Readings of lists in words: in full, in short, as answers in YAML, as plain values, as problems."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import CASES
from readings import (
    HIDDEN,
    OWNER,
    PLAIN_CSV,
    RIVERMEAD,
    cell,
)

from papergen.cli.output import one_line
from papergen.errors import Location
from papergen.model.action_list import ActionsFrom, HiddenParts
from papergen.model.plan import Action
from papergen.readers import read
from papergen.text import FORBIDDEN_IN_XML
from papergen.workbook.answers import CHOICES, answers_yaml
from papergen.workbook.columns.headings import meanings
from papergen.workbook.reading import (
    MOST_VALUES,
    Answer,
    Certainty,
    Entry,
    FindingKind,
    Findings,
    ReadColumn,
    Reading,
    ReadSheet,
    ReadValue,
    Remark,
)
from papergen.workbook.reading_plain import from_plain, plain_reading
from papergen.workbook.reading_text import (
    _BREAK,
    cells_of,
    entry_text,
    question_problems,
    reading_lines,
    short_lines,
    what_is_read,
)
from papergen.workbook.settings import plain
from papergen.workbook.yaml_text import block, flow

# What a cell may hold: no control characters, which the reader of lists refuses.
ANY = st.text(st.characters(exclude_categories=["Cs"])).filter(
    lambda text: not FORBIDDEN_IN_XML.search(text)
)
MARKS = [":", ": ", " #", "{{", "}}", "{%", "'", '"', "-", "- ", "? ", "!", "&", "*", "|", ">"]
MARKS += ["@", "`", ",", "[", "]", "~", "null", "yes", "1.10", "2012-07", "<<", "---", "...", " "]
MARKS += ["\n", "\t", "\x85", "\u2028", "\u202e", "\u200f", "\N{GRINNING FACE}", "שלום", "a", "é"]
TEXTS = ANY | st.lists(st.sampled_from(MARKS), max_size=6).map("".join)
KEYS = TEXTS.filter(bool)

TEXT_OR_NOTHING = TEXTS | st.just("")
LOCATIONS = st.builds(
    Location,
    source=KEYS,
    line=st.none() | st.integers(1, 9),
    column=st.none() | st.integers(1, 9),
    cell=TEXT_OR_NOTHING,
)
ENTRIES = st.builds(
    Entry,
    kind=st.builds(FindingKind, code=KEYS, level=st.sampled_from(Certainty), message=KEYS),
    count=st.integers(1, 9),
    where=st.lists(LOCATIONS, max_size=3).map(tuple),
    values=st.lists(
        st.builds(
            ReadValue,
            typed=TEXT_OR_NOTHING,
            read_as=TEXT_OR_NOTHING,
            count=st.integers(1, 9),
            where=LOCATIONS,
        ),
        max_size=5,
    ).map(tuple),
    different=st.integers(0, 9),
    answers=st.lists(
        st.builds(
            Answer,
            setting=st.sampled_from(sorted(CHOICES)),
            value=TEXTS,
            key=TEXT_OR_NOTHING,
        ),
        max_size=5,
    ).map(tuple),
)
READINGS = st.builds(
    Reading,
    source=KEYS,
    sheets=st.lists(
        st.builds(
            ReadSheet,
            sheet=TEXT_OR_NOTHING,
            heading_row=st.integers(1, 9),
            columns=st.lists(
                st.builds(
                    ReadColumn,
                    letters=st.sampled_from(["", "A", "AB"]),
                    heading=TEXT_OR_NOTHING,
                    field=st.sampled_from(["", "text", "due", "new_field"]),
                    why=TEXT_OR_NOTHING,
                ),
                max_size=3,
            ).map(tuple),
            actions=st.integers(0, 9),
        ),
        max_size=2,
    ).map(tuple),
    entries=st.lists(ENTRIES, max_size=4).map(tuple),
    register=TEXT_OR_NOTHING,
)


def golden(name: str, lines: list[str], update: bool) -> None:
    path = CASES / "readings" / name
    text = "\n".join(lines) + "\n"
    if update:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def asked(*remarks: Remark, source: str = "list.csv") -> Reading:
    """A reading with these remarks, each of a cell of its own."""
    found = Findings()
    for row, remark in enumerate(remarks, 2):
        found.add(remark, cell(f"A{row}", source, ""))
    return Reading(source, (), found.entries())


def group(text: str) -> Any:
    return read(text.encode(), "plan.yaml").value["actions"]


# -- lines


def test_a_reading_in_full(update: bool):
    golden("full.txt", reading_lines(RIVERMEAD), update)


def test_a_reading_in_short(update: bool):
    golden("short.txt", short_lines(RIVERMEAD), update)


def test_the_questions_as_problems(update: bool):
    lines = []
    for problem in question_problems(RIVERMEAD):
        lines += [str(problem), *(f"    {line}" for line in problem.hint.splitlines())]
    golden("problems.txt", lines, update)


def test_the_answers_as_yaml(update: bool):
    golden("answers.yaml", answers_yaml(RIVERMEAD).splitlines(), update)


def test_a_short_reading_begins_a_line_for_each_entry_and_one_for_each_answer():
    lines = short_lines(RIVERMEAD)
    start = lines.index("Questions (4):")
    end = lines.index("Notes (4):")
    questions, notes = lines[start + 1 : end], lines[end + 1 :]
    assert [line.startswith("  ? ") for line in questions].count(True) == 4
    assert [line.startswith("      under actions: ") for line in questions].count(True) == 4
    assert [line.startswith("  - ") for line in notes].count(True) == 4
    assert not any("actions:" in line for line in notes)


@given(READINGS)
def test_a_line_is_as_wide_as_a_screen_or_has_something_that_is_wider(reading: Reading):
    heads = set(what_is_read(reading))
    for line in (*reading_lines(reading), *short_lines(reading)):
        assert len(line) <= 100 or line in heads or not _BREAK.search(line.strip(" ?!-"))


def test_a_short_quotation_is_not_folded():
    kind = FindingKind("x", Certainty.NOTE, "m" * 89)
    lines = short_lines(asked(Remark(kind, "On it", "not complete")))
    assert lines[-1] == "    “On it” (not complete)"


def test_folded_lines_hold_the_words_of_the_line():
    kind = FindingKind("x", Certainty.NOTE, "what it is " + "and so on " * 30)
    words = " ".join(short_lines(asked(Remark(kind, "a  b"))))
    assert " ".join(words.split()).endswith(f"A2: {kind.message.strip()} : “a b”")


def test_what_a_setting_may_be_is_said_once():
    ask = FindingKind("ask", Certainty.QUESTION, "what is it")
    again = FindingKind("again", Certainty.QUESTION, "what is it now")
    note = FindingKind("note", Certainty.NOTE, "what it is")
    reading = asked(
        Remark(ask, answer=Answer("ratings", "red", "R")),
        Remark(again, answer=Answer("ratings", "green", "G")),
        Remark(note, answer=Answer("ratings", "blue", "B")),
        Remark(note, answer=Answer("dates", "day-first")),
    )
    assert "\n".join(short_lines(reading)).count(CHOICES["ratings"]) == 1
    in_full = "\n".join(reading_lines(reading))
    assert CHOICES["ratings"] not in in_full
    assert in_full.count(CHOICES["dates"]) == 1
    assert answers_yaml(reading).count(CHOICES["ratings"]) == 1


def test_a_place_is_named_as_far_as_the_first_line_does_not():
    note = FindingKind("x", Certainty.NOTE, "what it is")

    def first(*sheets: str, where: Location) -> str:
        found = tuple(ReadSheet(sheet, 1, (), 1) for sheet in sheets)
        reading = Reading("t.xlsx", found, (Entry(note, 1, (where,)),))
        return short_lines(reading)[-1].removeprefix("  - ").partition(":")[0]

    assert first("My list", where=cell("F8", "t.xlsx", "My list")) == "F8"
    assert first("My list", where=cell("F8", "t.xlsx", "Other")) == "Other!F8"
    assert first("My list", "Other", where=cell("F8", "t.xlsx", "My list")) == "'My list'!F8"
    assert first("My list", "My list", where=cell("F8", "t.xlsx", "My list")) == "F8"
    assert first("My list", where=Location("t.xlsx", cell="Key")) == "sheet Key"
    assert first("My list", where=Location("plan.yaml", 3, 5)) == "plan.yaml"
    assert first("", where=cell("F8", "t.xlsx", "")) == "F8"


def test_columns_are_in_their_order_and_say_why_where_it_does_not_go_without_saying():
    usual = meanings("Action")[0].why
    columns = (
        ReadColumn("AA", "Owner", "owner", usual),
        ReadColumn("C", "Task", "text", "as plan.yaml says"),
        ReadColumn("B", "Cost", "", "not read: it is hidden"),
        ReadColumn("A", "Cost", "", usual),
    )
    assert reading_lines(Reading("t.csv", (ReadSheet("", 1, columns, 2),), ())) == [
        "t.csv: 2 actions are read; headings in row 1",
        "  C “Task” the action (as plan.yaml says) · AA “Owner” owner",
        f"  Not used: A “Cost” ({usual}) · B “Cost” (it is hidden)",
    ]


def test_a_list_without_anything_to_say():
    assert reading_lines(PLAIN_CSV) == [
        "list.csv: 1 action is read; headings in row 1",
        "  A “Action” the action",
    ]
    assert short_lines(replace(PLAIN_CSV, sheets=())) == ["list.csv: no list is read"]
    assert question_problems(PLAIN_CSV) == []


def test_cells_are_counted_and_so_are_places_that_are_none():
    note = FindingKind("x", Certainty.NOTE, "what it is")
    one = Entry(note, 1, (cell("F8"),))
    assert cells_of(one) == "tracker.xlsx!'Action tracker'!F8"
    assert entry_text(one, RIVERMEAD) == "F8: what it is"
    assert cells_of(replace(one, count=2)) == "tracker.xlsx!'Action tracker'!F8 and 1 more cell"
    assert entry_text(replace(one, count=2), RIVERMEAD) == "F8 and 1 more cell: what it is"
    sheets = Entry(note, 3, (Location("tracker.xlsx", cell="Key"),))
    assert cells_of(sheets) == "tracker.xlsx!Key and 2 more places"
    assert entry_text(sheets, RIVERMEAD) == "sheet Key and 2 more places: what it is"
    assert entry_text(Entry(note, 1, ()), RIVERMEAD) == "tracker.xlsx: what it is"
    assert cells_of(Entry(note, 1, ()), "t.xlsx") == "t.xlsx"


def test_many_values_are_counted_where_they_are_not_shown():
    note = FindingKind("x", Certainty.NOTE, "what it is")
    reading = asked(*(Remark(note, f"v{number}", "w") for number in range(MOST_VALUES + 3)))
    (entry,) = reading.entries
    assert entry_text(entry, reading).endswith("“v0” (w); “v1” (w); “v2” (w); and 50 more values")
    lines = reading_lines(reading)
    assert lines[-1] == "      and 3 more values"
    assert len(lines) == 3 + MOST_VALUES + 1


def test_what_the_message_says_is_not_said_again_with_each_value():
    note = FindingKind("x", Certainty.NOTE, "a column is not read, because it is hidden")
    reading = asked(Remark(note, "Notes", "it is hidden"), Remark(note, "Cost", "not read"))
    assert entry_text(reading.entries[0], reading).endswith(": “Notes”; “Cost” (not read)")


def test_a_long_cell_is_cut_and_its_line_breaks_are_none():
    note = FindingKind("x", Certainty.NOTE, "what it is")
    reading = asked(Remark(note, "a\nb " + "c" * 10_000, "d" * 10_000))
    text = entry_text(reading.entries[0], reading)
    assert len(text) < 200
    assert "“a b c" in text


@given(READINGS)
def test_any_reading_can_be_shown(reading: Reading):
    for line in (*reading_lines(reading), *short_lines(reading)):
        assert "\n" not in one_line(line)
    assert len(question_problems(reading)) == len(reading.of(Certainty.QUESTION))
    for line in answers_yaml(reading).splitlines():
        assert one_line(line) == line


# -- plain values


@given(READINGS)
def test_plain_values_are_a_reading_again(reading: Reading):
    plain = json.loads(json.dumps(plain_reading(reading)))
    assert from_plain(plain) == reading
    assert pickle.loads(pickle.dumps(reading)) == reading


def test_the_keys_of_plain_values_are_those_that_the_page_describes():
    plain = plain_reading(RIVERMEAD)
    assert list(plain) == ["source", "sheets", "entries", "register"]
    assert list(plain["sheets"][0]) == ["sheet", "heading_row", "actions", "columns"]
    assert list(plain["sheets"][0]["columns"][0]) == ["letters", "heading", "field", "why"]
    entry = plain["entries"][1]
    assert list(entry) == [
        "level",
        "code",
        "message",
        "count",
        "where",
        "values",
        "different",
        "answers",
    ]
    assert list(entry["values"][0]) == ["typed", "read_as", "count", "where"]
    assert list(entry["answers"][0]) == ["setting", "value", "key"]


# -- answers


def test_answers_are_added_to_what_the_plan_says():
    given_group = {
        "file": "../lists/tracker.xlsx",
        "ratings": {"b": "red", "P": "unrated"},
        "sheets": "Live",
        "heading_row": "5",
    }
    answered = group(answers_yaml(RIVERMEAD, given=given_group))
    assert answered["file"] == "../lists/tracker.xlsx"
    assert answered["ratings"] == {"P": "unrated", "B": "complete"}
    assert answered["sheets"] == "Live"
    assert answered["heading_row"] == "5"
    assert answered["hidden"] == "skip"


def test_the_file_is_named_as_the_plan_does_or_by_its_name():
    reading = asked(source="council/papers/my list.csv")
    assert group(answers_yaml(reading)) == {"file": "my list.csv"}
    assert group(answers_yaml(reading, "papers/my list.csv"))["file"] == "papers/my list.csv"


def test_answers_to_lists_are_gathered_and_the_first_of_two_holds():
    ask = FindingKind("ask", Certainty.QUESTION, "what is it")
    reading = asked(
        Remark(ask, answer=Answer("rows", "skip", "12")),
        Remark(ask, answer=Answer("rows", "action", "Done!12")),
        Remark(ask, answer=Answer("sheets", "Live: 2025")),
        Remark(ask, answer=Answer("sheets", "Done")),
        Remark(ask, answer=Answer("sheets", "Done")),
        Remark(ask, answer=Answer("dates", "day-first")),
        Remark(ask, answer=Answer("dates", "month-first")),
        Remark(ask, answer=Answer("owners", "as-written", "HR")),
        Remark(ask, answer=Answer("owners", "head-of-hr", " hr.")),
    )
    given_group = {"rows": {"9": "title", "12": "title"}, "sheets": "Old"}
    assert group(answers_yaml(reading, given=given_group)) == {
        "file": "list.csv",
        "rows": {"9": "title", "12": "skip", "Done!12": "action"},
        "sheets": ["Old", "Live: 2025", "Done"],
        "dates": "day-first",
        "owners": {"HR": "as-written"},
    }


def test_an_answer_on_all_that_is_hidden_leaves_what_the_plan_says_of_parts():
    reading = asked(Remark(HIDDEN, answer=Answer("hidden", "skip")))
    answered = group(answers_yaml(reading, given={"hidden": {"rows": "read"}}))
    assert answered["hidden"] == {"rows": "read", "columns": "skip", "sheets": "skip"}
    assert HiddenParts.model_validate(answered["hidden"])


def test_the_scheme_is_a_line_of_the_plan_and_the_register_has_it():
    ask = FindingKind("ask", Certainty.QUESTION, "the plan has no rating scheme")
    reading = asked(Remark(ask, answer=Answer("rag_scheme", "rag")))
    assert answers_yaml(reading) == "rag_scheme: rag\nactions:\n  file: list.csv\n"
    with_scheme = answers_yaml(replace(reading, register="rag_schemes:\n  - id: rag\n"))
    assert with_scheme.startswith("# a scheme of bodies.yaml: ")
    assert read(with_scheme.encode(), "plan.yaml").value["rag_scheme"] == "rag"
    (problem,) = question_problems(reading)
    assert problem.hint == "Answer it in plan.yaml:\nrag_scheme: rag"
    assert short_lines(reading)[-1] == "      in plan.yaml: rag_scheme: rag"


def test_notes_have_no_answers_in_the_group():
    assert "columns" not in group(answers_yaml(RIVERMEAD))


@given(st.lists(st.tuples(KEYS, TEXTS), max_size=6), st.dictionaries(KEYS, TEXTS, max_size=3))
def test_answers_with_any_names_are_read_back_as_they_are(
    owners: list[tuple[str, str]], before: dict[str, str]
):
    remarks = [Remark(OWNER, answer=Answer("owners", value, key)) for key, value in owners]
    answered = group(answers_yaml(asked(*remarks), "a.csv", {"statuses": before} if before else {}))
    wanted: dict[str, str] = {}
    for key, value in owners:
        if plain(key) not in map(plain, wanted):
            wanted[key] = value
    assert answered.get("owners", {}) == wanted
    assert answered.get("statuses", {}) == before


@given(st.dictionaries(TEXTS, TEXTS | st.dictionaries(TEXTS, TEXTS, min_size=1) | st.lists(TEXTS)))
def test_any_mapping_is_read_back_as_it_is(values: dict[str, Any]):
    if values:
        assert read(("\n".join(block(values)) + "\n").encode(), "x.yaml").value == values
    assert read(f"a: {flow(values)}\n".encode(), "x.yaml").value == {"a": values}


@pytest.mark.parametrize("key", ["k" * 5_000, "\N{GRINNING FACE}: " * 400])
def test_a_name_that_is_too_long_for_a_simple_key_is_read_back(key: str):
    values = {key: "a", "b": {key: "c"}}
    assert read(("\n".join(block(values)) + "\n").encode(), "x.yaml").value == values


def test_every_setting_has_its_choices_and_every_status_is_among_them():
    assert set(CHOICES) == set(ActionsFrom.model_fields) - {"file"}
    (known, _) = get_args(Action.model_fields["status"].annotation)
    for status in get_args(known):
        assert status in CHOICES["statuses"]
        assert status in CHOICES["settle"]


# -- problems


def test_a_question_without_an_answer_says_where_to_look():
    (problem,) = question_problems(asked(Remark(HIDDEN)))
    assert problem.code == "list-question"
    assert problem.hint == "`papergen read` shows how the list is read."


def test_of_very_many_answers_a_problem_has_the_first():
    names = [f"Officer {number}" for number in range(200)]
    reading = asked(
        *(Remark(OWNER, name, "", Answer("owners", "as-written", name)) for name in names)
    )
    (problem,) = question_problems(reading)
    assert problem.hint.count("Officer") == 12
    assert problem.hint.endswith("and 188 more: `papergen read` prints them all.")
