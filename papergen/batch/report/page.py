"""The report of a folder as one HTML page, with links to the papers that stand beside it.

It keeps to WCAG 2.2 (the Public Sector Bodies Accessibility Regulations 2018): language and title
set, headings in order, captions and header cells, nothing told by colour alone, and tables that a
keyboard can scroll.
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
from papergen.language.locale import locale
from papergen.text import counted, join_words

_MOST_NAMED = 8
# Controls are no text, and no HTML.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def as_page(report: Report, today: PartialDate) -> str:
    """The page, as text. It is the same for the same report on the same day."""
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
        "cap": _cap,
    }
    source = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    name = Path(report.folder).name or report.folder
    return environment.from_string(source).render(report=report, today=today.isoformat(), name=name)


def _shown(value: object) -> object:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def printable(text: str) -> str:
    """Text from anybody's file, with a sign in the place of what is no text."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _counted(things: Sized | int, noun: str) -> str:
    number = things if isinstance(things, int) else len(things)
    return counted(number, noun)


def day(text: str) -> str:
    """A date in words, as far as it is known."""
    return locale("en").format(PartialDate.parse(text)) if text else ""


def given(value: str | None) -> str:
    """A fact's value for people."""
    return "not given" if value is None else value


def some(names: Sequence[str]) -> str:
    """`a, b and c`; of many the first few, and how many more there are."""
    shown, more = list(names[:_MOST_NAMED]), len(names) - _MOST_NAMED
    if more > 0:
        return f"{', '.join(shown)} and {more:,} more"
    return join_words(shown)


def _cap(text: str) -> str:
    """A title is kept as it stands within a sentence."""
    return text[:1].upper() + text[1:]


def audience(told: Sequence[Audience]) -> str:
    """Boards with the dates of their meetings; of many the first few."""
    return some([f"{board} ({day(meeting)})" if meeting else board for board, meeting in told])


def _address(file: str) -> str:
    """A file beside the page, as a link: never one that leads elsewhere."""
    return "./" + quote(file, safe="")
