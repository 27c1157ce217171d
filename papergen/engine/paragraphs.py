"""Beginning and ending paragraphs: their properties, bookmarks and numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from papergen.engine.ids import Ids
from papergen.engine.labels import Labels
from papergen.engine.numbering import Counters, ListFormat
from papergen.engine.pieces import LIST_HERE, Paragraph
from papergen.engine.tracing import Recorder

_TEXT_END = "</w:t></w:r>"
_FIRST_TEXT = re.compile(r"<w:r>(?:<w:rPr>(?:(?!</?w:r>).)*</w:rPr>)?<w:t(?: [^>]*)?>(?= )")
_CONTENT = re.compile(r"<w:t(?: [^>]*)?>[^<]*[^\s<]|<w:(?:fldChar|drawing|commentReference)\b")
"""What makes a paragraph more than empty."""


class ParagraphWriter:
    """Writes the beginnings and ends of the paragraphs of one document.

    `paragraphs` is the program's table, indexed by what its code holds; `lists` are the template's.
    """

    __slots__ = ("_ids", "_labels", "_lists", "_open", "_paragraphs", "_recorder", "counters")

    def __init__(
        self,
        paragraphs: Sequence[Paragraph],
        lists: Mapping[int, ListFormat],
        ids: Ids,
        labels: Labels,
        recorder: Recorder | None,
    ) -> None:
        self._paragraphs = paragraphs
        self._ids = ids
        self._labels = labels
        self._recorder = recorder
        self.counters = Counters(lists)
        self._lists: dict[int, int | None] = {}
        """By the key of a list of the narrative: its own numId, None for that of its paragraphs."""
        self._open: list[tuple[int, str]] = []
        """The bookmarks of the paragraphs that are open: their ids and names."""

    def begin(self, index: int) -> str:
        """The start of a paragraph: its own element, its properties and its bookmark."""
        paragraph = self._paragraphs[index]
        xml = paragraph.open_xml
        if paragraph.new_list:
            xml = xml.replace(LIST_HERE, self._list_properties(paragraph))
        if self._recorder is not None:
            self._recorder.begin()
        if not paragraph.bookmark:
            self._open.append((0, ""))
            return xml
        name = self._ids.bookmark(f"_pg_{paragraph.bookmark}")
        number = self._ids.next()
        self._open.append((number, name))
        return f'{xml}<w:bookmarkStart w:id="{number}" w:name="{name}"/>'

    def end(self, index: int) -> str:
        """The end of a paragraph: it is counted, and the labels given in it are known from here
        on.
        """
        paragraph = self._paragraphs[index]
        bookmark_id, bookmark = self._open.pop()
        if self._recorder is not None:
            self._recorder.end(paragraph.optional and paragraph.number is not None)
        if paragraph.number is not None:
            self._count(paragraph, bookmark)
        elif self._labels.is_waiting:
            self._labels.end_paragraph(bookmark, "")
        return f'<w:bookmarkEnd w:id="{bookmark_id}"/></w:p>' if bookmark else "</w:p>"

    def _count(self, paragraph: Paragraph, bookmark: str) -> None:
        number = self._number(paragraph)
        assert number is not None
        self.counters.count(number)
        item: tuple[int | None, ...] = ()
        if paragraph.new_list:
            item = self.counters.reached(number)
            self._labels.count_item(item)
        if self._labels.pending:
            self._labels.end_paragraph(bookmark, self.counters.number(number), item)

    def keep(self, index: int, captured: str) -> str:
        """An optional paragraph whose content is written: empty, and its labels dropped, where the
        content is empty.
        """
        paragraph = self._paragraphs[index]
        if _CONTENT.search(captured):
            content = _trimmed(captured) if paragraph.trims else captured
            return self.begin(index) + content + self.end(index)
        if self._recorder is not None:
            self._recorder.drop(paragraph.number is not None)
        self._labels.pending.clear()
        return ""

    # -- lists

    def new_list(self, key: int, number: tuple[int, int]) -> None:
        """A list of the narrative starts here (see `pieces.NewList`)."""
        self._lists[key] = self.counters.new_list(number)

    def _number(self, paragraph: Paragraph) -> tuple[int, int] | None:
        """The list and level that a paragraph counts in, in this document."""
        own = self._lists.get(paragraph.new_list)
        if own is None or paragraph.number is None:
            return paragraph.number
        return own, paragraph.number[1]

    def _list_properties(self, paragraph: Paragraph) -> str:
        own = self._lists.get(paragraph.new_list)
        if own is None or paragraph.number is None:
            return ""
        return f'<w:numPr><w:ilvl w:val="{paragraph.number[1]}"/><w:numId w:val="{own}"/></w:numPr>'


def _trimmed(runs: str) -> str:
    """The runs of a paragraph without a blank at its beginning and one at its end."""
    if runs.endswith(f" {_TEXT_END}"):
        runs = runs[: -len(_TEXT_END) - 1]
        runs = runs[: runs.rfind("<w:r>")] if runs.endswith(">") else runs + _TEXT_END
    opening = _FIRST_TEXT.match(runs)
    if opening is None:
        return runs
    rest = runs[opening.end() :].removeprefix(" ")
    if rest.startswith(_TEXT_END):
        return rest.removeprefix(_TEXT_END)
    return opening[0] + rest
