"""What there is to say of a list: each kind has a code of its own, a message in plain words, and a
row in the tables of docs/authoring.md.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from doc_pages import rows

import papergen.workbook
from papergen.errors import REGISTRY
from papergen.workbook.reading import Certainty, FindingKind

PAGE = "docs/authoring.md"
HEADING = "#### What is recognised, and what is asked"
NOT_SAID = "–"
"""In the tables: the level and the code of what is read without a word."""

BANNED = re.compile(r"\b(?:tells?|told|stands?|stood|distrust(?:s|ed)?)\b", re.IGNORECASE)
"""Words for what people do, and code does not."""


def defined_kinds() -> Iterator[tuple[str, FindingKind]]:
    """The kinds of all modules that read lists, each once, with the names it is defined under."""
    names: dict[int, list[str]] = {}
    found: dict[int, FindingKind] = {}
    package = papergen.workbook
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, FindingKind):
                found[id(value)] = value
                names.setdefault(id(value), []).append(f"{module.name}.{name}")
    for number, kind in found.items():
        yield ", ".join(names[number]), kind


KINDS = dict(defined_kinds())
LEVELS = {kind.code: kind.level for kind in KINDS.values()}


@dataclass(frozen=True)
class Row:
    """A row of the tables: the level and the code as the page has them."""

    level: str
    code: str


def table_rows() -> list[Row]:
    """The rows of the tables that say what is asked, but for those of what is read without a word.

    They have five cells; the tables of fields and of words have fewer.
    """
    found = [Row(cells[2], cells[3].strip("`")) for cells in rows(PAGE, HEADING) if len(cells) == 5]
    return [row for row in found if row != Row(NOT_SAID, NOT_SAID)]


ROWS = table_rows()
KINDS_OF_PAGE = [row for row in ROWS if row.level != Certainty.FAULT or row.code in LEVELS]


def test_there_are_kinds_of_every_module_and_rows_for_them():
    assert len(KINDS) > 100
    assert len(ROWS) > 100


def test_no_two_kinds_have_one_code():
    assert sorted(LEVELS) == sorted(kind.code for kind in KINDS.values())


@pytest.mark.parametrize("name", KINDS)
def test_a_code_is_small_letters_and_hyphens(name: str):
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", KINDS[name].code)


@pytest.mark.parametrize("name", KINDS)
def test_a_message_is_a_sentence_in_plain_words_without_its_full_stop(name: str):
    message = KINDS[name].message
    assert message == " ".join(message.split())
    assert message[-1] not in ".:;,!?"
    assert message[0] == message[0].lower()
    assert not BANNED.findall(message)
    assert '"' not in message, "quotation marks are typographic"


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_in_the_tables_of_the_page_with_its_level(name: str):
    kind = KINDS[name]
    levels = [row.level for row in KINDS_OF_PAGE if row.code == kind.code]
    assert levels == [kind.level.value], f"{PAGE}: the rows for `{kind.code}`"


def test_the_tables_have_no_code_that_no_kind_has():
    unknown = {row.code for row in KINDS_OF_PAGE} - LEVELS.keys()
    assert not unknown


def test_a_fault_of_the_tables_is_a_message_with_a_code():
    faults = {row.code for row in ROWS if row.level == Certainty.FAULT and row.code not in LEVELS}
    assert faults <= REGISTRY.keys()


def test_every_level_of_the_tables_is_one_that_there_is():
    assert {row.level for row in ROWS} <= {level.value for level in Certainty}
