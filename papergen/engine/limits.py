"""How much a template or a text may ask for: bounds on hostile ones, each far above what any paper
needs.

Work is counted in *steps*, each about a microsecond at most: what a loop's tags cost each time
round (`Run.spend`), and the size of what an operation goes through. Small operations are not
counted one by one; the loop that repeats them is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from papergen.engine.tag_sites import current_frame

MAX_TEXT = 1_000_000
"""Characters of one text, and items of one list, that an operation may make. A paper of 300 pages
has as many characters.
"""
MAX_NUMBER = 10**300
"""The largest whole number: about where Python's other numbers end. Larger ones only take time to
reckon with.
"""
MAX_WIDTH = 999
"""Characters to which a text is widened, places to which a number is rounded: more than a line
holds.
"""
MAX_STEPS = 5_000_000
"""Of one run. A table of 4,000 rows with eight tags each takes about 250,000, nearly all of them
for what stands between the tags; as many as these take some seconds."""
MAX_OUTPUT = 100_000_000
"""Characters of all values of `LONG_VALUE` or more that are written in one run. Word is at pains
with a tenth of these.
"""
LONG_VALUE = 100
"""Characters of a value that are counted on their own; those of shorter ones go with the steps of
their tags.
"""
MAX_TOKEN = 300_000
"""Digits of one token: a token within a token has three times as many, so that a few of them within
each other fill a disk.
"""
DEEPEST_CONTROLS = 12
"""Controls within each other. Python has room for 20 loops within one another; no one can read as
many as these.
"""
MAX_BRANCHES = 200
"""Those of one `if`: to Python each stands within the one before it, and some thousands are deeper
than it can go.
"""
MOST_COLUMNS = 63
"""Of a table: Word's own limit."""
MAX_ALIKE = 5
"""Faults of one kind that are told of one tag, which a loop may bring to thousands; of the others,
how many there are.
"""
MAX_SIGNS = 2_000
"""Of Markdown in one paragraph: brackets and stars, each of which is compared with those before it.
"""
MAX_UNCLOSED = 10
"""Tags that never end that are told of one text: each is looked through to the end of the text."""

LONG_LIST = 50
LONG_TEXT = 10_000
"""From these sizes on what an operation costs is more than the search for the run that it counts
in.
"""


def work_of(source: str) -> int:
    """The steps that a tag costs each time it is run, by its length: an operation takes a few
    characters at least.
    """
    return 2 + len(source) // 16


WORK_OF_PARAGRAPH = 5
"""The steps of a paragraph's beginning and end: its bookmark, its number, what it holds looked
through.
"""


def work_of_text(text: str) -> int:
    """The steps that text takes that is written as it stands."""
    return len(text) // 20


def spend(steps: int) -> None:
    """Count steps in the run whose tag is being written now. Raises ValueMisuse where they are too
    many.
    """
    found = current_frame()
    if found is not None:
        found[0].f_locals["context"].parent["_run"].spend(steps)


def count_text(length: int, per: int = 1000) -> None:
    """Count what a text of this length costs that an operation made or goes through: a step for
    every `per` characters.
    """
    if length > LONG_TEXT:
        spend(length // per)


def count_items(length: int, per: int = 1) -> None:
    """Count what it costs to go through a list of this length."""
    if length > LONG_LIST:
        spend(length // per)


def loop_counted(context: Any, values: Any, work: int) -> Any:
    """What a loop goes through, the work of all its rounds counted. `work`: the steps of one.

    What cannot be looped over is given back as it is: the loop itself will say so.
    """
    run = context.parent["_run"]
    if type(values) is list:
        length = len(values)
    elif isinstance(values, list):
        length = list.__len__(values)  # a traced choice would take `len` for a count of its members
    elif isinstance(values, (str, tuple, dict, range)):
        length = len(values)
    elif hasattr(type(values), "__next__"):
        return _loop_counted(run, values, work)
    else:
        return values
    run.steps += length * work
    if run.steps > MAX_STEPS:
        run.spend(0)
    return values


def _loop_counted(run: Any, values: Iterator[Any], work: int) -> Iterator[Any]:
    for value in values:
        run.spend(work)
        yield value


def counted(values: Iterable[Any]) -> Iterator[Any]:
    """The values, each of them counted as it is asked for: those of a list that is only made on the
    way.
    """
    at = 0
    for at, value in enumerate(values, 1):
        if at % LONG_LIST == 0:
            spend(LONG_LIST)
        yield value
