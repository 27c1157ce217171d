"""A reading in words: as lines for a terminal, in full and in short, and its questions as problems.

The lines hold what cells hold: whoever prints them escapes what would act on a terminal.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from papergen.errors import Location, Problem
from papergen.text import counted, shorten_line
from papergen.workbook.answers import OF_PLAN, answer_line, answers_of, choices_of, lines_of
from papergen.workbook.reading import Certainty, Entry, ReadColumn, Reading, ReadSheet, ReadValue
from papergen.workbook.sheets import sheet_reference

FIELD_WORDS = {
    "ref": "reference",
    "text": "the action",
    "owner": "owner",
    "responsible": "responsible body",
    "workstream": "workstream",
    "phase": "phase",
    "priority": "priority",
    "due": "due date",
    "revised_due": "revised due date",
    "status": "status",
    "completed": "date completed",
    "share": "per cent complete",
    "rating": "rating",
    "comment": "latest update",
    "evidence": "evidence",
    "signed_off": "sign-off",
}
"""What the fields of a list are; others are named as they are."""

_HEADINGS = {Certainty.FAULT: "Faults", Certainty.QUESTION: "Questions", Certainty.NOTE: "Notes"}
_MARKS = {Certainty.FAULT: "!", Certainty.QUESTION: "?", Certainty.NOTE: "-"}
_USUAL = "a usual name of it"
"""Why most columns are read as what they are, which goes without saying."""
_NOT_READ = "not read: "
_PHRASE = 3
"""Words that make a phrase."""
_FEW_VALUES = 3
_MOST_ANSWERS = 3
_MOST_ANSWERS_OF_PROBLEM = 12
_WIDTH = 100
_BREAK = re.compile(r" (?![^“”()]{0,40}[”)])")
"""Where a line may be folded: not within a short quotation, nor within short brackets."""
_BETWEEN = " · "
_ENTRY = " " * 4
"""Where the lines of an entry after its first begin."""
_BELOW_ENTRY = " " * 6
"""Where its values and answers begin; their own further lines begin two columns later."""


# -- what is read


def what_is_read(reading: Reading) -> list[str]:
    """A line for each list of a reading: how many actions it has, and where its headings are."""
    if not reading.sheets:
        return [f"{reading.source}: no list is read"]
    return [_sheet_line(reading.source, sheet) for sheet in reading.sheets]


def _sheet_line(source: str, sheet: ReadSheet) -> str:
    place = f"{source}, sheet “{sheet.sheet}”" if sheet.sheet else source
    verb = "is" if sheet.actions == 1 else "are"
    read = f"{counted(sheet.actions, 'action')} {verb} read"
    return f"{place}: {read}; headings in row {sheet.heading_row}"


def field_words(name: str) -> str:
    """What a field of a list is, for people."""
    return FIELD_WORDS.get(name, name.replace("_", " "))


def column_text(column: ReadColumn) -> str:
    """A column, with the field that it is read as, and why where its heading is not a usual name of
    that; or why it is not used.
    """
    heading = f"“{shorten_line(column.heading)}”" if column.heading else "without a heading"
    text = f"{column.letters} {heading}".strip()
    if not column.field:
        why = column.why.removeprefix(_NOT_READ)
        return f"{text} ({why})" if why else text
    text += f" {field_words(column.field)}"
    return text if column.why in ("", _USUAL) else f"{text} ({column.why})"


def _column_lines(sheet: ReadSheet) -> Iterator[str]:
    columns = sorted(sheet.columns, key=_letters)
    used = [column_text(column) for column in columns if column.field]
    unused = [column_text(column) for column in columns if not column.field]
    yield from _side_by_side("", used)
    if unused:
        yield from _side_by_side("Not used: ", unused)


def _letters(column: ReadColumn) -> tuple[int, str]:
    return len(column.letters), column.letters


def _side_by_side(beginning: str, parts: Sequence[str]) -> Iterator[str]:
    """The parts on indented lines, as many on each as have room."""
    line = f"  {beginning}"
    on_line = 0
    for part in parts:
        if on_line and len(line) + len(_BETWEEN) + len(part) > _WIDTH:
            yield from _folded(line, " " * 6)
            line = "    "
            on_line = 0
        line += f"{_BETWEEN}{part}" if on_line else part
        on_line += 1
    if on_line:
        yield from _folded(line, " " * 6)


def _folded(line: str, indent: str) -> Iterator[str]:
    """A line, folded between words where it is too wide; `indent` begins its further lines.

    What is wider than the screen by itself is left whole.
    """
    words = _BREAK.split(line.lstrip(" "))
    current = line[: len(line) - len(line.lstrip(" "))] + words[0]
    for word in words[1:]:
        if len(current) + 1 + len(word) > _WIDTH:
            yield current.rstrip(" ")
            current = indent + word
        else:
            current += f" {word}"
    yield current.rstrip(" ")


# -- entries


def cells(where: Location | str, count: int) -> str:
    """The first of so many cells: “F8 and 3 more cells”.

    Of what is no cell, a sheet or a file, there are more places.
    """
    if count <= 1:
        return str(where)
    is_cell = isinstance(where, str) or where.line is not None
    return f"{where} and {counted(count - 1, 'more cell' if is_cell else 'more place')}"


def cells_of(entry: Entry, source: str = "") -> str:
    """The first cell of an entry, and how many more it has; the file, where it names none."""
    return cells(entry.where[0] if entry.where else Location(source), entry.count)


def value_text(value: ReadValue, message: str = "") -> str:
    """What cells hold, and what it is read as, unless the message of its entry says so already."""
    typed = f"“{shorten_line(value.typed)}”" if value.typed else ""
    # A single word of a message may be there for another reason.
    is_said = len(value.read_as.split()) >= _PHRASE and value.read_as in message
    if typed and value.read_as and not is_said:
        return f"{typed} ({shorten_line(value.read_as, 100)})"
    return typed or shorten_line(value.read_as)


def entry_text(entry: Entry, reading: Reading) -> str:
    """An entry of a reading, with the first few of its values.

    Its place is named as it is seen from the reading's first line, which names file and sheet.
    """
    text = f"{_places(entry, reading)}: {entry.kind.message}"
    values = _few_values(entry)
    return f"{text}: {values}" if values else text


def _places(entry: Entry, reading: Reading) -> str:
    """The first place of an entry, seen from its reading, and how many more it has."""
    where = entry.where[0] if entry.where else Location(reading.source)
    more = entry.count - 1
    place = _near(where, reading)
    if more < 1:
        return place
    return f"{place} and {counted(more, 'more cell' if where.line is not None else 'more place')}"


def _near(where: Location, reading: Reading) -> str:
    """A place without the file that the reading is of, and without its only sheet."""
    if where.source != reading.source or not where.cell:
        return str(where)
    name = str(where).removeprefix(f"{where.source}!")
    if where.line is None:
        return f"sheet {name}"
    sheets = {sheet_reference(sheet.sheet) for sheet in reading.sheets if sheet.sheet}
    return name.removeprefix(f"{sheets.pop()}!") if len(sheets) == 1 else name


def _few_values(entry: Entry) -> str:
    shown = [value for value in entry.values[:_FEW_VALUES] if not _is_its_place(value, entry)]
    text = "; ".join(value_text(value, entry.kind.message) for value in shown)
    more = max(entry.different, len(entry.values)) - _FEW_VALUES
    return f"{text}; and {counted(more, 'more value')}" if more > 0 else text


def _is_its_place(value: ReadValue, entry: Entry) -> bool:
    """Whether a value is the name of the sheet that is the entry's place."""
    is_sheet = value.where.line is None and bool(value.typed) and not value.read_as
    return is_sheet and entry.count == 1 and sheet_reference(value.typed) == value.where.cell


def _value_lines(entry: Entry, reading: Reading) -> Iterator[str]:
    """A line for each value, with its cells."""
    for value in entry.values:
        text = value_text(value, entry.kind.message)
        line = f"{_BELOW_ENTRY}{text}: {cells(_near(value.where, reading), value.count)}"
        yield from _folded(line, f"{_BELOW_ENTRY}  ")
    more = entry.different - len(entry.values)
    if more > 0:
        yield f"{_BELOW_ENTRY}and {counted(more, 'more value')}"


# -- a whole reading


def reading_lines(reading: Reading) -> list[str]:
    """A reading in full, for a terminal: what is read, then faults, questions and notes.

    What a setting may be is said for those of notes: the group of `answers_yaml` has the others.
    """
    lines = []
    for sheet, line in zip(reading.sheets, what_is_read(reading), strict=False):
        lines += [line, *_column_lines(sheet)]
    if not reading.sheets:
        lines += what_is_read(reading)
    asked = [entry for entry in reading.entries if entry.level is not Certainty.NOTE]
    answers = _AnswerLines(answers_of(asked))
    for level, entries in _by_level(reading):
        lines.append(f"{_HEADINGS[level]} ({len(entries)}):")
        for entry in entries:
            lines += _entry_in_full(entry, reading)
            lines += answers.of(entry)
    return lines


def _by_level(reading: Reading) -> Iterator[tuple[Certainty, Sequence[Entry]]]:
    for level in _HEADINGS:
        entries = reading.of(level)
        if entries:
            yield level, entries


def _entry_in_full(entry: Entry, reading: Reading) -> Iterator[str]:
    most = _FEW_VALUES if entry.level is Certainty.NOTE else 1
    if entry.different <= most:
        yield from _entry_lines(entry, entry_text(entry, reading))
    else:
        yield from _entry_lines(entry, f"{_places(entry, reading)}: {entry.kind.message}:")
        yield from _value_lines(entry, reading)


def _entry_lines(entry: Entry, text: str) -> Iterator[str]:
    yield from _folded(f"  {_MARKS[entry.level]} {text}", _ENTRY)


class _AnswerLines:
    """Words the answers of one reading's entries: what a setting may be is said once."""

    def __init__(self, known: Collection[str] = ()) -> None:
        self._known = set(known)
        """The settings of which it is said what they may be."""

    def of(self, entry: Entry) -> Iterator[str]:
        """The lines of an entry's answers."""
        if not entry.answers:
            return
        before = "or, under actions" if entry.level is Certainty.NOTE else "under actions"
        if entry.answers[0].setting in OF_PLAN:
            before = "in plan.yaml"
        line = f"{_BELOW_ENTRY}{before}: {answer_line(entry, _MOST_ANSWERS)}"
        settings = {answer.setting for answer in entry.answers} - self._known
        self._known |= settings
        choices = choices_of(entry, settings)
        further = f"{_BELOW_ENTRY}  "
        if not choices:
            yield from _folded(line, further)
        elif len(line) + len(choices) + 5 <= _WIDTH:
            yield f"{line}   ({choices})"
        else:
            yield from _folded(line, further)
            yield from _folded(f"{further}({choices})", f"{further} ")


def short_lines(reading: Reading) -> list[str]:
    """A reading in short: each list, each entry, and the answers that a question asks for."""
    lines = what_is_read(reading)
    answers = _AnswerLines()
    for level, entries in _by_level(reading):
        lines.append(f"{_HEADINGS[level]} ({len(entries)}):")
        for entry in entries:
            lines += _entry_lines(entry, entry_text(entry, reading))
            if level is not Certainty.NOTE:
                lines += answers.of(entry)
    return lines


# -- problems


def question_problems(reading: Reading) -> list[Problem]:
    """The questions of a reading as problems, for who wants every one answered."""
    return [_question(entry, reading.source) for entry in reading.of(Certainty.QUESTION)]


def _question(entry: Entry, source: str) -> Problem:
    message = entry.kind.message
    if entry.count > 1:
        message += f" (here and in {counted(entry.count - 1, 'more cell')})"
    values = _few_values(entry)
    if values:
        message += f": {values}"
    where = entry.where[0] if entry.where else Location(source)
    return Problem("list-question", message, where, _hint(entry))


def _hint(entry: Entry) -> str:
    if not entry.answers:
        return "`papergen read` shows how the list is read."
    shown = Entry(entry.kind, 0, (), answers=entry.answers[:_MOST_ANSWERS_OF_PROBLEM])
    lines = ["Answer it in plan.yaml:", *lines_of(answers_of([shown]))]
    more = len(entry.answers) - len(shown.answers)
    if more > 0:
        lines.append(f"and {more:,} more: `papergen read` prints them all.")
    return "\n".join(lines)
