"""Native Word comments: the part that holds them, written when a paper has gaps."""

from __future__ import annotations

from collections.abc import Sequence

from papergen.engine.values import Gap
from papergen.text import escape_attribute, escape_xml

AUTHOR = "papergen"
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"


def comments_part(gaps: Sequence[Gap], form: str, style: str) -> str:
    """`comments.xml` with one comment a gap: what is missing, and where to put it.

    A comment's id is the gap's index; it has no date. `form`: the text of a comment, with `{what}`
    and `{hint}`. `style`: the id of the paragraph style of comments; empty where the template has
    none.
    """
    properties = ""
    if style:
        properties = f'<w:pPr><w:pStyle w:val="{escape_attribute(style)}"/></w:pPr>'
    written = ""
    for index, gap in enumerate(gaps):
        text = form.format(what=gap.what, hint=gap.hint).strip()
        written += (
            f'<w:comment w:id="{index}" w:author="{AUTHOR}" w:initials="pg">'
            f'<w:p>{properties}<w:r><w:t xml:space="preserve">{escape_xml(text)}</w:t></w:r></w:p>'
            "</w:comment>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:comments xmlns:w="{NAMESPACE}">{written}</w:comments>'
    )
