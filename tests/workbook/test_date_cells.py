"""What cells of columns of dates say: as cases in text, and as properties of any text and date."""

from __future__ import annotations

import calendar
import re
import time
from datetime import date, timedelta

import places
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papergen.dates import PartialDate, WrittenDate
from papergen.workbook.dates import readings as date_readings
from papergen.workbook.dates.cells import DateReading, is_month_first, read_completed, read_due
from papergen.workbook.reading import Answer, Certainty, FindingKind, Remark
from papergen.workbook.settings import AS_WRITTEN, ListSettings, plain
from papergen.workbook.sheets import Broken, Cell, Moment, Number

CASES = places.CASES / "actions" / "dates.txt"
HEAD, *SECTIONS = re.split(r"^(?==== )", CASES.read_text(encoding="utf-8"), flags=re.MULTILINE)
AS_AT = PartialDate(2025, 9, 30)
MONTHS = date_readings.MONTHS
KINDS = [value for value in vars(date_readings).values() if isinstance(value, FindingKind)]


def read(
    cell: Cell,
    as_at: PartialDate = AS_AT,
    *,
    column: str = "due",
    serials: bool = True,
    month_first_seen: bool = False,
    **answers: object,
) -> DateReading:
    reader = read_due if column == "due" else read_completed
    given_answers = ListSettings(**answers)  # type: ignore[arg-type]
    return reader(cell, as_at, given_answers, serials=serials, month_first_seen=month_first_seen)


def codes(reading: DateReading) -> list[str]:
    return [one.kind.code for one in reading.remarks]


# -- cases in text


def section_settings(title: str) -> dict[str, object]:
    """“=== as at 2025-09-30, due, month-first” as arguments of `read`."""
    as_at, column, *more = title.removeprefix("=== as at ").split(", ")
    chosen: dict[str, object] = {"as_at": PartialDate.parse(as_at), "column": column}
    if "month-first seen" in more:
        chosen["month_first_seen"] = True
        more.remove("month-first seen")
    if more:
        (chosen["dates"],) = more
    return chosen


def in_short(value: PartialDate | WrittenDate | None, typed: str) -> str:
    match value:
        case None:
            return "nothing"
        case PartialDate():
            return value.isoformat()
    text = "as written" if value.text == typed else f"“{value.text}”"
    if value.first is not None:
        text += f" from {value.first}"
    if value.last is not None:
        text += f" to {value.last}"
    return text


def outcome(reading: DateReading, typed: str) -> str:
    said = in_short(reading.date, typed)
    if reading.revised is not None:
        said += f", then {in_short(reading.revised, typed)}"
    if reading.completed is not None:
        said += f", completed {reading.completed}"
    if reading.says_complete:
        said += ", complete"
    return f"{said} :: {'; '.join(remark_in_short(one) for one in reading.remarks)}".rstrip()


def remark_in_short(one: Remark) -> str:
    if one.kind.level is Certainty.NOTE:
        return one.kind.code
    answer = one.answer
    assert answer is not None
    return f"ASK {one.kind.code} ({answer.value})"


def case_lines(section: str) -> list[str]:
    _, *lines = section.splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def outcome_of(line: str, title: str) -> str:
    typed = line.partition(" :: ")[0]
    cell = typed.replace(r"\n", "\n")
    return f"{typed} :: {outcome(read(cell, **section_settings(title)), typed)}"  # type: ignore[arg-type]


def all_cases() -> list[tuple[str, str]]:
    return [(section.splitlines()[0], line) for section in SECTIONS for line in case_lines(section)]


@pytest.mark.parametrize(("title", "line"), all_cases())
def test_a_cell_is_read_as_written_beside_it(title: str, line: str, update: bool) -> None:
    if not update:
        assert outcome_of(line, title) == line


def test_the_date_cases_can_be_written_anew(update: bool) -> None:
    if not update:
        return
    written = [HEAD]
    for section in SECTIONS:
        title, *lines = section.splitlines(keepends=True)
        written.append(title)
        for line in lines:
            is_case = line.strip() and not line.startswith("#")
            written.append(
                outcome_of(line.rstrip("\n"), title.rstrip("\n")) + "\n" if is_case else line
            )
    CASES.write_text("".join(written), encoding="utf-8")


def test_there_are_as_many_date_cases_as_there_were() -> None:
    due = [line for title, line in all_cases() if ", due" in title]
    assert len(due) >= 250
    assert len(all_cases()) - len(due) >= 40


def test_every_kind_has_a_case_or_a_test() -> None:
    shown_in_cases = CASES.read_text(encoding="utf-8")
    elsewhere = {"month-cell", "long-due-date", "not-a-date"}
    missing = {kind.code for kind in KINDS if kind.code not in shown_in_cases} - elsewhere
    assert missing == set()


def test_kinds_are_each_of_their_own() -> None:
    assert len({kind.code for kind in KINDS}) == len(KINDS)
    assert not any(kind.message.endswith(".") for kind in KINDS)


# -- cells that are no texts


def test_an_empty_cell_says_nothing() -> None:
    assert read(None) == read(None, column="completed") == DateReading()
    assert read(" \n ") == read("\u00a0", column="completed") == DateReading()


def test_a_broken_cell_is_a_fault() -> None:
    broken = Broken("holds #REF!", "Mend the formula.")
    assert read(broken) == DateReading(fault="the cell holds #REF!", hint="Mend the formula.")
    assert read(broken, column="completed").fault


def test_a_date_of_the_workbook_is_that_date() -> None:
    assert read(Moment(PartialDate(2025, 10, 30), "30/10/2025")) == DateReading(
        PartialDate(2025, 10, 30)
    )


def test_a_month_that_excel_shows_without_its_day_is_noted() -> None:
    reading = read(Moment(PartialDate(2024, 7), "Jul-24", is_reduced=True))
    assert reading.date == PartialDate(2024, 7)
    assert [(one.kind.code, one.typed, one.read_as) for one in reading.remarks] == [
        ("month-cell", "Jul-24", "July 2024")
    ]


def test_a_date_of_1900_is_what_excel_makes_of_nothing() -> None:
    reading = read(Moment(PartialDate(1900, 1, 1), "01/01/1900"))
    assert (reading.date, codes(reading)) == (None, ["not-a-date"])


def test_a_number_is_a_day_of_excels_or_a_year() -> None:
    reading = read(Number(45992, "45992"))
    assert reading.date == PartialDate(2025, 12, 1)
    assert [(one.kind.code, one.read_as) for one in reading.remarks] == [
        ("excel-day", "1 December 2025")
    ]
    assert read(Number(45992.75, "45992.75")).date == PartialDate(2025, 12, 1)
    assert read(Number(2026, "2026")) == DateReading(PartialDate(2026))
    assert read(Number(45992, "45992"), column="completed").completed == PartialDate(2025, 12, 1)


def test_a_number_of_the_1904_system_is_a_question() -> None:
    reading = read(Number(44530, "44530"), serials=False)
    assert reading.date is None
    assert reading.remarks[0].answer == Answer("due_dates", "as-written", "44530")


@pytest.mark.parametrize(
    "cell",
    [
        True,
        False,
        Number(0.5, "50%", is_share=True),
        Number(0.5, "0.5"),
        Number(-3, "-3"),
        Number(0, "0"),
        Number(30.1, "30.1"),
        Number(99999999, "99999999"),
        Number(float("inf"), "inf"),
        Number(float("nan"), "nan"),
        "0.5",
        "-3",
        "60%",
    ],
)
def test_an_odd_value_is_a_question_and_nothing_is_taken(cell: Cell) -> None:
    reading = read(cell)
    assert (reading.date, codes(reading)) == (None, ["not-a-date"])
    assert reading.remarks[0].kind.level is Certainty.QUESTION


def test_a_tick_box_says_whether_an_action_is_complete() -> None:
    assert read(True, column="completed").says_complete
    assert codes(read(False, column="completed")) == ["not-completed-yet"]


@pytest.mark.parametrize("column", ["due", "completed"])
def test_a_long_text_is_no_date(column: str) -> None:
    for text in ("30/10/2025 " * 12, "x" * 10_000, "1 " * 5_000):
        reading = read(text, column=column)
        assert (reading.date, reading.completed) == (None, None)
        assert codes(reading) == ["long-due-date"]
    assert read("30/10/2025 " * 12).remarks[0].answer is not None
    assert read("x" * 10_000).remarks[0].answer is None


def test_spaces_do_not_make_a_date_long() -> None:
    assert read("30" + " " * 200 + "October 2025").date == PartialDate(2025, 10, 30)


def test_a_remark_says_what_a_text_is_read_as() -> None:
    def read_as(text: str) -> list[str]:
        return [one.read_as for one in read(text).remarks]

    assert read_as("Q3 2025/26") == ["until 31 December 2025"]
    assert read_as("end of March") == ["March 2026"]
    assert read_as("30th Nov") == ["30 November 2025"]
    assert read_as("Dec 25 (slipped from Sep 25)") == [
        "September 2025 and December 2025",
        "September 2025, revised to December 2025",
    ]


# -- what is asked can be answered


def test_an_answer_that_is_a_date_is_that_date() -> None:
    answers = {plain("Oct 15"): PartialDate(2025, 10, 15)}
    assert read(" OCT  15.", due_dates=answers) == DateReading(PartialDate(2025, 10, 15))
    assert read("Oct 15", column="completed", due_dates=answers) == DateReading(
        completed=PartialDate(2025, 10, 15)
    )


def test_as_written_keeps_a_range_that_can_be_computed() -> None:
    def answered(text: str) -> DateReading:
        return read(text, due_dates={plain(text): AS_WRITTEN})

    assert answered("Oct 15") == DateReading(WrittenDate("Oct 15"))
    assert answered("TBC") == DateReading(WrittenDate("TBC"))
    day = PartialDate(2025, 10, 30)
    assert answered("30/10/25") == DateReading(WrittenDate("30/10/25", day, day))
    quarter = WrittenDate("Q3 2025/26", PartialDate(2025, 10, 1), PartialDate(2025, 12, 31))
    assert answered("Q3 2025/26") == DateReading(quarter)
    moved = answered("30/9/25, revised 30/11/25")
    assert isinstance(moved.date, WrittenDate)
    assert (moved.date.last, moved.revised, moved.remarks) == (PartialDate(2025, 11, 30), None, ())
    assert read("Oct 15", column="completed", due_dates={"oct 15": AS_WRITTEN}) == DateReading()


def test_every_question_of_the_cases_can_be_answered() -> None:
    asked = 0
    for title, line in all_cases():
        typed = line.partition(" :: ")[0].replace(r"\n", "\n")
        chosen = section_settings(title)
        for one in read(typed, **chosen).remarks:  # type: ignore[arg-type]
            if one.kind.level is not Certainty.QUESTION:
                continue
            asked += 1
            answer = one.answer
            assert answer is not None
            if answer.setting == "dates":
                chosen["dates"] = answer.value
            else:
                value = answer.value
                date_or_word = value if value == AS_WRITTEN else PartialDate.parse(value)
                chosen["due_dates"] = {plain(answer.key): date_or_word}
            answered = read(typed, **chosen)  # type: ignore[arg-type]
            assert all(after.kind.level is Certainty.NOTE for after in answered.remarks)
    assert asked > 60


def test_a_question_never_has_a_last_day_or_a_completion() -> None:
    """What is asked is meanwhile neither overdue nor complete."""
    for title, line in all_cases():
        typed = line.partition(" :: ")[0].replace(r"\n", "\n")
        reading = read(typed, **section_settings(title))  # type: ignore[arg-type]
        if any(one.kind.level is Certainty.QUESTION for one in reading.remarks):
            assert not isinstance(reading.date, PartialDate)
            assert reading.date is None or reading.date.last is None
            assert (reading.revised, reading.completed, reading.says_complete) == (
                None,
                None,
                False,
            )


# -- properties

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINALS = {1: "st", 21: "st", 31: "st", 2: "nd", 22: "nd", 3: "rd", 23: "rd"}
FORMS = [
    "{iso}",
    "{iso} 00:00:00",
    "{d:02}/{m:02}/{y}",
    "{d}/{m}/{y}",
    "{d:02}.{m:02}.{yy:02}",
    "{d:02}-{m:02}-{y}",
    "{d} {month} {y}",
    "{d}{th} {month} {y}",
    "the {d}{th} of {month} {y}",
    "{d}-{mon}-{yy:02}",
    "{d}{mon}{y}",
    "{weekday}, {d} {month} {y}",
    "{day} {d}{th} {mon} {y}",
    "by {d} {month} {y}",
    "by 5pm on {d:02}/{m:02}/{yy:02}",
    "{month} {d}, {y}",
    "Due: {d}/{m}/{y}",
    "{d} {MONTH}\n{y}.",
    "no later than {d} {mon}. {y}",
    "{y}/{m:02}/{d:02}",
]
FORECASTS = ("by", "Due", "no later")
DAYS = st.dates(date(1995, 1, 1), date(2089, 12, 31))


@given(DAYS, st.sampled_from(FORMS), st.sampled_from([2012, 2025, 2040]))
def test_a_day_in_any_sure_form_is_that_day(day: date, form: str, as_at_year: int) -> None:
    month = MONTHS[day.month - 1]
    text = form.format(
        iso=day.isoformat(),
        y=day.year,
        yy=day.year % 100,
        m=day.month,
        d=day.day,
        month=month,
        MONTH=month.upper(),
        mon=month[:3],
        th=ORDINALS.get(day.day, "th"),
        weekday=WEEKDAYS[day.weekday()],
        day=WEEKDAYS[day.weekday()][:3],
    )
    reading = read(text, PartialDate(as_at_year, 9, 30))
    assert reading == DateReading(PartialDate.of(day))
    completed = None if form.startswith(FORECASTS) else PartialDate.of(day)
    assert read(text, column="completed").completed == completed


@given(DAYS, st.sampled_from(["{month} {y}", "end of {month} {y}", "{m}/{y}", "by {mon} {y}"]))
def test_a_month_in_any_sure_form_is_that_month(day: date, form: str) -> None:
    month = MONTHS[day.month - 1]
    text = form.format(y=day.year, m=day.month, month=month, mon=month[:3])
    assert read(text) == DateReading(PartialDate(day.year, day.month))


@given(DAYS, DAYS)
def test_two_days_are_a_range_or_a_move_to_the_second(one: date, other: date) -> None:
    first, last = PartialDate.of(min(one, other)), PartialDate.of(max(one, other))
    day, later = f"{first.first:%d/%m/%Y}", f"{last.first:%d/%m/%Y}"
    for between in (" - ", " to ", " & ", ", ", "\n", " / "):
        reading = read(f"{day}{between}{later}")
        assert isinstance(reading.date, WrittenDate)
        assert (reading.date.first, reading.date.last) == (first, last)
    for text in (f"{day} (revised {later})", f"{later} (was {day})", f"{day} → {later}"):
        reading = read(text)
        assert (reading.date, reading.revised) == (first, last)


@given(DAYS, st.integers(1, 12))
def test_a_date_without_a_year_is_never_past_before_the_as_at_month(
    as_at: date, month: int
) -> None:
    reading = read(MONTHS[month - 1], PartialDate.of(as_at))
    if isinstance(reading.date, PartialDate):
        assert reading.date.last >= as_at.replace(day=1)
        assert codes(reading) == ["no-year"]
    else:
        assert codes(reading) == ["which-year"]


@given(DAYS)
def test_figures_are_read_in_the_order_that_is_answered(day: date) -> None:
    text = f"{day.month}/{day.day}/{day.year}"
    reading = read(text, dates="month-first")
    assert reading.date == PartialDate.of(day)
    assert is_month_first(text) == (day.day > 12)
    seen = read(text, month_first_seen=True)
    if day.day == day.month:
        assert seen == reading
    else:
        assert [one.kind.level for one in seen.remarks] == [Certainty.QUESTION]


WORDS = r"""
    by end of mid early late the Q1 Q3 quarter 2025 2025/26 25/26 26 FY year term spring autumn
    winter 30 31st 3rd October Oct may March w/c w/e week ending commencing TBC ongoing complete
    completed not yet revised to was now from slipped until - – / & ( ) , ; → : . ? 30/11 31/9/25
    12/31/2025 03/04/2025 10/2025 2025-10-30 and or each every ✓ yes subject funding Mon Friday 5pm
    before after onwards half first second ' '25 Christmas Easter \n
"""
PIECES = st.sampled_from([word.replace(r"\n", "\n") for word in WORDS.split()])


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=200), st.booleans())
def test_any_text_has_a_reading(text: str, seen: bool) -> None:
    started = time.perf_counter()
    for column in ("due", "completed"):
        reading = read(text, column=column, month_first_seen=seen)
        assert not reading.fault
        for one in reading.remarks:
            assert (one.answer is not None) == (one.kind.level is Certainty.QUESTION)
        if len({one.kind for one in reading.remarks}) < len(reading.remarks):
            raise AssertionError("a cell counts twice for one kind")
        if isinstance(reading.date, WrittenDate):
            assert "\n" not in reading.date.text
            first, last = reading.date.first, reading.date.last
            assert first is None or last is None or first.first <= last.last
    is_month_first(text)
    assert time.perf_counter() - started < 1


@given(st.integers(-400, 400), st.sampled_from(["w/c {}", "week commencing {}", "W/B: {}"]))
def test_a_week_ends_on_its_seventh_day(days: int, form: str) -> None:
    start = date(2025, 9, 29) + timedelta(days)
    reading = read(form.format(f"{start:%d/%m/%Y}"))
    assert isinstance(reading.date, WrittenDate)
    assert reading.date.first == PartialDate.of(start)
    assert reading.date.last == PartialDate.of(start + timedelta(6))


@given(st.integers(2000, 2080), st.integers(1, 4))
def test_a_quarter_of_a_financial_year_is_three_months(year: int, quarter: int) -> None:
    text = f"Q{quarter} {year}/{(year + 1) % 100:02}"
    reading = read(text)
    assert isinstance(reading.date, WrittenDate)
    first = PartialDate(year, 4, 1).plus_months(3 * quarter - 3)
    assert reading.date.first == first
    month = first.plus_months(2)
    assert month.month is not None
    length = calendar.monthrange(month.year, month.month)[1]
    assert reading.date.last == PartialDate(month.year, month.month, length)
