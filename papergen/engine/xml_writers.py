"""Writing values into XML, each for its place. These are the filters that compiled code calls.

Every value is escaped here, once. The quick way is for what nearly all values are: printable text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from papergen.engine.jinja_internals import RunContext
from papergen.engine.limits import LONG_VALUE, MOST_COLUMNS
from papergen.engine.state import RenderState
from papergen.engine.undefined import MissingName
from papergen.engine.values import (
    Anchor,
    Gap,
    Printable,
    Reference,
    ValueMisuse,
    bare_text,
    describe,
    is_docxtpl,
    is_listing,
    parts_of,
    text_of,
)
from papergen.text import FORBIDDEN_IN_XML, NOT_XML, escape_attribute, escape_xml

CLOSE: Final = "</w:t></w:r>"
PRESERVE: Final = '<w:t xml:space="preserve">'
# What XML 1.0 (fifth edition, 2.2) forbids, and what WordprocessingML writes as elements.
_UNUSUAL = re.compile(f"[\t\n\r{NOT_XML}]")
_BREAKS = re.compile("\r\n|[\r\n\t]")
_AFTER_SHADING = re.compile(
    r"<w:(?:fitText|vertAlign|rtl|cs|em|lang|eastAsianLayout|specVanish|oMath)[ />]|</w:rPr>"
)
# Not `w:highlight`: LibreOffice paints that of a paragraph's first run over the blank after the
# paragraph's number as well.
_YELLOW: Final = '<w:shd w:val="clear" w:color="auto" w:fill="FFFF00"/>'


class Markup:
    """Compiled paragraphs, the only value that is trusted as WordprocessingML."""

    __slots__ = ()

    def write(self, context: RunContext) -> str:
        """The XML, written in the context's run."""
        raise NotImplementedError

    def __str__(self) -> str:
        raise ValueMisuse(
            "compiled paragraphs cannot stand inside a line",
            "Print them with {{p … }} in a paragraph of its own.",
        )


def _in_run(introduces: bool, comments: bool) -> Callable[..., str]:
    """A function that writes a value in a run's `<w:t>`.

    `introduces`: a body that is named is introduced. `comments`: a gap gets a comment.
    """

    def write(context: RunContext, value: Any, properties: str = "") -> str:
        if type(value) is str:
            if len(value) > LONG_VALUE:
                context.run.budget.write(len(value))
            if value.isprintable() or not _UNUSUAL.search(value):
                if "&" in value or "<" in value or ">" in value:
                    return escape_xml(value)
                return value
        elif isinstance(value, Printable):
            context.run.names.introducing = introduces
            known = value.quick(context.run)
            if known is not None and not _UNUSUAL.search(known):
                return escape_xml(known)
        return _write(context.run, value, properties, introduces, comments)

    return write


text: Final = _in_run(introduces=True, comments=True)
heading: Final = _in_run(introduces=False, comments=True)
"""Headings and captions."""
note: Final = _in_run(introduces=True, comments=False)
"""Text boxes and notes, where Word takes no comment."""
margin: Final = _in_run(introduces=False, comments=False)
"""Page headers and footers."""


def plain(context: RunContext, value: Any) -> str:
    """In XML character data or an attribute: no runs, no elements."""
    return escape_attribute(_plain_text(context, value))


def _plain_text(context: RunContext, value: Any) -> str:
    run = context.run
    run.names.introducing = False
    pieces = []
    for part in parts_of(value, run):
        if isinstance(part, Gap):
            run.gaps.note(part)
            pieces.append(run.words.unknown)
        elif isinstance(part, Reference):
            pieces.append(run.labels.reference_text(part.label, part.bare))
        elif isinstance(part, Anchor):
            pieces.append(part.text)
        elif is_docxtpl(part):
            pieces.append(_text_of(bare_text(part)))
        else:
            pieces.append(_text_of(part))
    shown = "".join(pieces)
    if len(shown) > LONG_VALUE:
        run.budget.write(len(shown))
    return shown


def attribute(context: RunContext, value: Any) -> str:
    """In an attribute, where line breaks and tabs must be character references."""
    written = plain(context, value)
    return (
        written.replace("\r\n", "\n")
        .replace("\t", "&#9;")
        .replace("\n", "&#10;")
        .replace("\r", "&#10;")
    )


def block(context: RunContext, value: Any) -> str:
    """Where paragraphs stand: only compiled text may be printed here."""
    if isinstance(value, Markup):
        return value.write(context)
    if isinstance(value, MissingName):
        return str(value)
    if is_docxtpl(value):
        return context.run.docxtpl.mark(value)
    if type(value) is str and not value:
        return ""
    raise ValueMisuse(
        f"{describe(value)} cannot stand for whole paragraphs",
        "Use {{p … }} for the body of a section only; print single values with {{ … }}.",
    )


def last_block(context: RunContext, value: Any) -> str:
    """At the end of a table cell, which must end with a paragraph (CT_Tc)."""
    written = block(context, value)
    if written.endswith("</w:p>") or is_docxtpl(value):
        return written
    run = context.run
    if run.recorder is not None:
        run.recorder.skip(1)
    return f"{written}<w:p/>"


def colour(context: RunContext, value: Any) -> str:
    """The colour of a cell, as RRGGBB or “auto”; a `#` before it is left out."""
    shown = _plain_text(context, value).removeprefix("#")
    if not _COLOUR.fullmatch(shown):
        raise ValueMisuse(
            f"“{shown[:40]}” is not a colour", "Give the colour as six digits 0-9 or A-F: D9E2E8."
        )
    return shown


def number(context: RunContext, value: Any) -> str:
    """How many columns a cell spans."""
    shown = _plain_text(context, value)
    if not shown.isdecimal() or not shown.isascii() or not 1 <= int(shown[:9]) <= MOST_COLUMNS:
        raise ValueMisuse(
            f"a cell cannot span “{shown[:40]}” columns",
            f"Give a whole number from 1 to {MOST_COLUMNS}.",
        )
    return shown


_COLOUR = re.compile("[0-9A-Fa-f]{6}|auto")


def inline(context: RunContext, value: Any, properties: str = "") -> str:
    """Where a whole run stands, `{{r … }}`: rich text and other values of docxtpl's.

    An empty text may stand there for rich text that is not given. `properties`: those of the tag's
    own run.
    """
    if isinstance(value, MissingName):
        return str(value)
    if is_docxtpl(value):
        mark = context.run.docxtpl.mark(value)
        return f"<w:r>{properties}{PRESERVE}{mark}{CLOSE}" if is_listing(value) else mark
    if type(value) is str and not value:
        return ""
    raise ValueMisuse(
        f"{describe(value)} is not rich text, which {{{{r … }}}} takes",
        "Print the value with {{ … }}.",
    )


class Placed(Printable):
    """A value of a title or a recommendation. Whatever prints it, a failure to print it is the
    fault of its own tag, at the site of this index.
    """

    __slots__ = ("_site", "_value")

    def __init__(self, value: Any, site: int) -> None:
        self._value = value
        self._site = site

    def parts(self, run: RenderState) -> Iterator[Any]:
        outer, run.faults.inner_site = run.faults.inner_site, self._site
        yield from parts_of(self._value, run)
        # Not in a `finally`: whatever catches a fault first asks for its place.
        run.faults.inner_site = outer


def same(_context: RunContext, value: Any, site: int) -> Any:
    """Not XML: the value itself, to be written where it is printed. `site`: that of its tag."""
    if type(value) is str and "\x02" not in value:
        return value
    if isinstance(value, MissingName):
        return str(value)
    return Placed(value, site)


def unescaped(data: str) -> str:
    """The text of what `plain` has written."""
    if "&" not in data:
        return data
    quoted = data.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">")
    return quoted.replace("&amp;", "&")


def _write(
    run: RenderState,
    value: Any,
    properties: str,
    introduces: bool,
    comments: bool,
) -> str:
    run.names.introducing = introduces
    if isinstance(value, Markup):
        return str(value)
    written = []
    for part in parts_of(value, run):
        if type(part) is str and not _UNUSUAL.search(part):
            written.append(escape_xml(part))
        elif isinstance(part, Gap):
            if comments:
                shown = run.words.unknown_fact.format(what=part.what)
                written.append(_gap_run(shown, properties, run.gaps.comment(part)))
            else:
                run.gaps.note(part)
                written.append(escape_xml(run.words.unknown))
        elif isinstance(part, Reference):
            written.append(_field(run.labels.reference(part.label), part.bare, properties))
        elif isinstance(part, Anchor):
            written.append(_anchor(run, part, properties))
        elif is_docxtpl(part):
            written.append(run.docxtpl.mark(part))
        else:
            written.append(_with_breaks(_text_of(part)))
        run.names.introducing = introduces
    shown = "".join(written)
    if len(shown) > LONG_VALUE:
        run.budget.write(len(shown))
    return shown


def _with_breaks(value: str) -> str:
    return _BREAKS.sub(_break, escape_xml(value))


def _break(found: re.Match[str]) -> str:
    element = "<w:tab/>" if found[0] == "\t" else "<w:br/>"
    return f"</w:t>{element}{PRESERVE}"


def _text_of(value: Any) -> str:
    """The text of a single value. Raises ValueMisuse for one that has none, or that XML cannot
    hold.
    """
    shown = text_of(value)
    found = FORBIDDEN_IN_XML.search(shown)
    if found:
        raise ValueMisuse(
            f"the value holds the character U+{ord(found[0]):04X}, which no Word file can hold",
            "Delete the character from the data.",
        )
    return shown


def _gap_run(shown: str, properties: str, comment: int) -> str:
    text = escape_xml(_text_of(shown))
    return (
        f"{CLOSE}<w:commentRangeStart "
        f'w:id="{comment}"/><w:r>{_highlighted(properties)}{PRESERVE}{text}{CLOSE}'
        f'<w:commentRangeEnd w:id="{comment}"/><w:r><w:commentReference w:id="{comment}"/></w:r>'
        f"<w:r>{properties}{PRESERVE}"
    )


def _highlighted(properties: str) -> str:
    """Run properties with yellow behind the text, in the order of CT_RPr."""
    if not properties:
        return f"<w:rPr>{_YELLOW}</w:rPr>"
    bare = re.sub(r"<w:(?:highlight|shd) [^>]*/>", "", properties)
    at = _AFTER_SHADING.search(bare)
    assert at is not None
    return f"{bare[: at.start()]}{_YELLOW}{bare[at.start() :]}"


def _field(index: int, bare: bool, properties: str) -> str:
    """A REF field between runs, with placeholders for what it refers to (see `labels`)."""
    begin = f"<w:r>{properties}"
    word = "" if bare else f"\x02w{index}\x03"
    return (
        f'{word}{CLOSE}{begin}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'{begin}<w:instrText xml:space="preserve"> REF \x02b{index}\x03 \x02s{index}\x03\\h '
        "</w:instrText></w:r>"
        f'{begin}<w:fldChar w:fldCharType="separate"/></w:r>{begin}<w:t>\x02n{index}\x03{CLOSE}'
        f'{begin}<w:fldChar w:fldCharType="end"/></w:r>{begin}{PRESERVE}'
    )


def _anchor(run: RenderState, anchor: Anchor, properties: str) -> str:
    """A text within a bookmark, between runs."""
    number, name = run.labels.anchor(anchor.label, anchor.text)
    begin = f"<w:r>{properties}"
    return (
        f'{CLOSE}<w:bookmarkStart w:id="{number}" '
        f'w:name="{name}"/>{begin}{PRESERVE}{escape_xml(_text_of(anchor.text))}{CLOSE}'
        f'<w:bookmarkEnd w:id="{number}"/>{begin}{PRESERVE}'
    )


def caption(run: RenderState, word: str) -> str:
    """The number of a table in its caption: a bookmark round “Table 1”, whose number is a SEQ
    field (17.16.5.56).
    """
    number, name, count = run.labels.caption(word)
    return (
        f'<w:bookmarkStart w:id="{number}" '
        f'w:name="{name}"/><w:r>{PRESERVE}{escape_xml(word)}\u00a0{CLOSE}'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> SEQ Table \\* ARABIC </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{count}{CLOSE}'
        f'<w:r><w:fldChar w:fldCharType="end"/></w:r><w:bookmarkEnd w:id="{number}"/>'
    )


def tint(_context: RunContext, value: Any) -> str:
    """The shading of a cell that holds a rating (CT_TcPr: after `w:tcW`); empty for any other
    value.
    """
    fill = getattr(value, "tint", "")
    if not fill or not _COLOUR.fullmatch(fill):
        return ""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
