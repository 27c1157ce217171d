"""How much a template or a text may ask for: bounds on hostile ones, each far above what any paper
needs.

Work is counted in *steps*, each about a microsecond at most. A loop counts what its tags cost each
time round; an operation counts the size of what it goes through, but only where that is long: the
loop that repeats a short one counts it already. `Budget` keeps the count.
"""

from __future__ import annotations

MAX_TEXT = 1_000_000
"""Characters of one text, and items of one list, that an operation may make. A paper of 300 pages
has as many characters.
"""
MAX_NUMBER = 10**300
"""The largest whole number: about where Python's floating-point numbers end."""
MAX_WIDTH = 999
"""Characters to which a text is widened: more than a line holds."""
MAX_PLACES = 300
"""Places to which a number is rounded."""
MAX_PARTS = 10_000
"""Parts into which a list is cut."""
MAX_STEPS = 5_000_000
"""Steps of one run. A table of 4,000 rows with eight tags each takes about 250,000, nearly all of
them for the text between the tags. The whole of them takes some seconds.
"""
MAX_OUTPUT = 100_000_000
"""Characters of all values of `LONG_VALUE` or more that one run writes. Word is slow with a tenth
of these.
"""
LONG_VALUE = 100
"""Characters of a value that is counted on its own; the steps of their tags cover shorter ones."""
MAX_TOKEN = 300_000
"""Digits of one token. A token within a token has three times as many: a few of them within each
other would fill a disk.
"""
DEEPEST_CONTROLS = 12
"""Controls within each other. Python has room for 20 loops within one another."""
MAX_BRANCHES = 200
"""Branches of one `if`. Python nests each in the one before it, and cannot nest some thousands."""
MOST_COLUMNS = 63
"""Columns of a table: Word's own limit."""
MAX_ALIKE = 5
"""Faults of one kind that are reported of one tag, which a loop may repeat thousands of times."""
MAX_SIGNS = 2_000
"""Brackets and stars in one paragraph of Markdown: each is compared with those before it."""
MAX_UNCLOSED = 10
"""Unclosed tags that are reported of one text: each is searched to the end of the text."""

LONG_LIST = 50
LONG_TEXT = 10_000
"""Sizes up to which an operation is not counted on its own."""

WORK_OF_PARAGRAPH = 5
"""Steps of a paragraph's beginning and end: its bookmark, its number, the search of its content."""


def work_of(source: str) -> int:
    """The steps of a tag, by its length: an operation takes a few characters at least."""
    return 2 + len(source) // 16


def work_of_text(text: str) -> int:
    """The steps of literal text."""
    return len(text) // 20
