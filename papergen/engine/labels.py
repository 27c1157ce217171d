"""Labels of numbered paragraphs, tables and appendices, and the references to them.

A reference may come before its label. So it is written as a *placeholder*, which `Labels.settle`
replaces when all parts are written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from papergen.engine.faults import Faults, TagSite
from papergen.engine.ids import Ids
from papergen.engine.tracing import Recorder
from papergen.text import escape_xml

PLACEHOLDER = re.compile("\x02([bnsw])([0-9]+)\x03")
"""Of a reference: the (b)ookmark, the (n)umber, the field's (s)witch, the (w)ord before it."""

ItemNumber = tuple[int | None, ...]
"""An item's abstract list, and the counts down to its level: two items of one paragraph's lists may
have the same.
"""


@dataclass(slots=True, eq=False)
class _Label:
    bookmark: str
    number: str
    site: TagSite | None
    item: ItemNumber = ()
    whole: bool = False
    """Whether the bookmark holds what references repeat (“Table 1”), not a numbered paragraph."""


class Labels:
    """The labels and references of one run. `reference_word`: what stands before the number of a
    paragraph: “paragraph”.
    """

    __slots__ = (
        "_captioned",
        "_captions",
        "_faults",
        "_ids",
        "_items",
        "_labels",
        "_recorder",
        "_references",
        "_word",
        "pending",
    )

    def __init__(
        self,
        ids: Ids,
        faults: Faults,
        recorder: Recorder | None,
        reference_word: str,
    ) -> None:
        self._ids = ids
        self._faults = faults
        self._recorder = recorder
        self._word = reference_word
        self.pending: list[tuple[str, TagSite | None]] = []
        """The labels given in the paragraph that is being written."""
        self._labels: dict[str, _Label] = {}
        self._items: dict[ItemNumber, int] = {}
        """How many items of ordered lists have the same number."""
        self._references: list[tuple[str, TagSite | None]] = []
        self._captions = 0
        self._captioned: tuple[str, str] | None = None
        """The bookmark and the text of the caption's number in the paragraph being written."""

    @property
    def has_references(self) -> bool:
        """Whether placeholders have been written."""
        return bool(self._references)

    # -- labels

    def label(self, name: object) -> str:
        """`label(…)` in a template: name the paragraph that is being written."""
        self.pending.append((str(name), self._faults.current_site()))
        return ""

    def anchor(self, label: str, text: str) -> tuple[int, str]:
        """A bookmark's id and name for a text that references repeat."""
        number = self._ids.next()
        stem = re.sub("[^A-Za-z0-9]", "_", label)[:30]
        name = self._ids.bookmark(f"_pg_{stem}_anchor")
        site = self._faults.current_site()
        self._add(label, _Label(name, text, site, whole=True), numbered=False)
        return number, name

    def caption(self, word: str) -> tuple[int, str, int]:
        """A bookmark's id and name, and the number of the next table that has a caption."""
        self._captions += 1
        name = self._ids.bookmark("_pg_table_caption")
        self._captioned = name, f"{word}\u00a0{self._captions}"
        return self._ids.next(), name, self._captions

    def count_item(self, item: ItemNumber) -> None:
        """Note the number of an item of an ordered list."""
        self._items[item] = self._items.get(item, 0) + 1

    def end_paragraph(self, bookmark: str, number: str, item: ItemNumber = ()) -> None:
        """Give the labels of the paragraph that ends here its bookmark and number. Without a number
        they are faults, unless the paragraph is a caption.
        """
        captioned, self._captioned = self._captioned, None
        for name, site in self.pending:
            if captioned is not None:
                self._add(name, _Label(*captioned, site, whole=True))
            elif bookmark and number:
                self._add(name, _Label(bookmark, number, site, item))
            else:
                self._faults.report(
                    site,
                    "unknown-label",
                    f"the label “{name}” stands in a paragraph without a number",
                    "Put the label into a numbered paragraph of the text.",
                )
        self.pending.clear()

    @property
    def is_waiting(self) -> bool:
        """Whether the end of this paragraph matters to a label or a caption."""
        return bool(self.pending) or self._captioned is not None

    def _add(self, name: str, label: _Label, *, numbered: bool = True) -> None:
        known = self._labels.get(name)
        if known is not None:
            self._faults.report(
                label.site,
                "duplicate-label",
                f"the label “{name}” is given twice in this paper",
                _first_place(known.site)
                + "Give each paragraph a label of its own; in a loop: {{ label('x-' ~ item.id) }}.",
            )
            return
        self._labels[name] = label
        if self._recorder is not None:
            self._recorder.label(name, numbered)

    # -- references

    def reference(self, label: str) -> int:
        """The index in the placeholders of a reference to a label."""
        if self._recorder is not None:
            self._recorder.refer(label)
        self._references.append((label, self._faults.current_site()))
        return len(self._references) - 1

    def reference_text(self, label: str, bare: bool) -> str:
        """A reference as plain text, for places that hold no field."""
        index = self.reference(label)
        return f"\x02n{index}\x03" if bare else f"\x02w{index}\x03\x02n{index}\x03"

    def settle(self, xml: str) -> str:
        """The XML with bookmarks and numbers in place of the placeholders."""
        return PLACEHOLDER.sub(self._settled, xml) if self._references else xml

    def _settled(self, found: re.Match[str]) -> str:
        kind, index = found[1], int(found[2])
        label = self._labels.get(self._references[index][0])
        if label is None:
            return ""
        if kind == "b":
            return label.bookmark
        if kind == "n":
            return escape_xml(label.number)
        if label.whole:
            return ""
        return "\\w " if kind == "s" else escape_xml(f"{self._word}\u00a0")

    def check(self) -> None:
        """Report each reference to a label that no paragraph has, or to one whose number is also
        another item's.
        """
        for name, site in self._references:
            label = self._labels.get(name)
            if label is None:
                self._faults.report(
                    site,
                    "unknown-label",
                    f"there is no numbered paragraph with the label “{name}” in this paper",
                    f"Put {{{{ label('{name}') }}}} into the paragraph that is meant; labels of "
                    f"this paper: {self._some_labels()}.",
                )
            elif label.item and self._items[label.item] > 1:
                self._faults.report(
                    label.site,
                    "ambiguous-label",
                    f"the label “{name}” stands at {label.number}, and so does an item of another "
                    "list",
                    _ONE_ITEM if len(label.item) > 2 else _OWN_LIST,
                )

    def _some_labels(self) -> str:
        names = sorted(self._labels)
        if not names:
            return "none"
        shown = ", ".join(f"“{name}”" for name in names[:_MOST_LABELS])
        return f"{shown} and others" if len(names) > _MOST_LABELS else shown


_MOST_LABELS = 30
_ONE_ITEM = (
    "Make one list of the two, or begin another paragraph before the second, so that a reference "
    "leads to one item."
)
_OWN_LIST = (
    "Take the label out: the template numbers this list for itself, not as a level of the list "
    "of its paragraphs, so that no reference can tell whose item it is."
)


def _first_place(site: TagSite | None) -> str:
    return f"It is first given at {site.where}. " if site else ""
