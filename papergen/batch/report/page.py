"""The report of a folder as one HTML page, with links to the papers beside it.

It conforms to WCAG 2.2 (the Public Sector Bodies Accessibility Regulations 2018): language and
title are set, headings are in order, tables have captions and header cells and can be scrolled by
keyboard, and nothing is shown by colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Sized
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from papergen.batch.report.values import Audience, Report
from papergen.dates import PartialDate
from papergen.language.cldr import make_locale
from papergen.text import counted, join_words
from papergen.workbook.answers import answer_line, choices_of
from papergen.workbook.reading_text import cells_of, field_words, value_text

_MOST_NAMED = 8
# Control characters are neither text nor HTML.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def as_page(report: Report, today: PartialDate) -> str:
    """The page as text: the same for the same report on the same day."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters |= {
        "counted": _counted,
        "day": day,
        "given": given,
        "some": some,
        "audience": audience,
        "address": _address,
        "field_words": field_words,
        "cells": cells_of,
        "value": value_text,
        "answer": answer_line,
        "choices": choices_of,
        "cap": _cap,
    }
    source = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    template = environment.from_string(source)
    name = Path(report.folder).name or report.folder
    return template.render(report=report, today=today.isoformat(), name=name)


def _shown(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        return printable(value)
    return value


def printable(text: str) -> str:
    """Text from anybody's file, with a replacement character for each control character."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _counted(things: Sized | int, noun: str) -> str:
    number = things if isinstance(things, int) else len(things)
    return counted(number, noun)


def day(text: str) -> str:
    """A date in words, as far as it is known."""
    return make_locale().format(PartialDate.parse(text)) if text else ""


def given(value: str | None) -> str:
    """A fact's value for people."""
    return "not given" if value is None else value


def some(names: Sequence[str]) -> str:
    """`a, b and c`; of many the first few, and how many more there are."""
    if not names:
        return ""
    more = len(names) - _MOST_NAMED
    if more > 0:
        shown = names[:_MOST_NAMED]
        return f"{', '.join(shown)} and {more:,} more"
    return join_words(names)


def _cap(text: str) -> str:
    """A title as a heading: titles are kept in the form they have within a sentence."""
    return text[:1].upper() + text[1:]


def audience(boards: Sequence[Audience]) -> str:
    """Boards with the dates of their meetings; of many the first few."""
    shown = []
    for board, meeting in boards:
        shown.append(f"{board} ({day(meeting)})" if meeting else board)
    return some(shown)


def _address(file: str) -> str:
    """A file beside the page, as a link: never one that leads elsewhere."""
    return "./" + quote(file, safe="")
