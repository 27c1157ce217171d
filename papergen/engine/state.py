"""One run of a program: everything that is counted or collected while one document is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from jinja2.utils import missing

from papergen.engine.faults import LOOP_HINT, Faults, TagSite, undefined_message
from papergen.engine.limits import MAX_OUTPUT, MAX_STEPS
from papergen.engine.numbering import Counters, ListFormat
from papergen.engine.pieces import LIST_HERE, Paragraph
from papergen.engine.tag_sites import current_frame
from papergen.engine.tracing import Recorder
from papergen.engine.undefined import Recorded
from papergen.engine.values import Gap, ValueMisuse
from papergen.errors import Problem

DOCXTPL_MARK = "papergen-value"
DOCXTPL_SIZE = 1000
"""The characters that a value of docxtpl's counts for, beside those of its text."""
PLACEHOLDER = re.compile("\x02([bnsw])([0-9]+)\x03")
_TEXT_END = "</w:t></w:r>"
_FIRST_TEXT = re.compile(r"<w:r>(?:<w:rPr>(?:(?!</?w:r>).)*</w:rPr>)?<w:t(?: [^>]*)?>(?= )")
_TEXT = re.compile(r"<w:t(?: [^>]*)?>[^<]*[^\s<]|<w:(?:fldChar|drawing|commentReference)\b")
_EMPTY_RUN = re.compile(
    r'<w:r>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t xml:space="preserve"></w:t></w:r>'
)


@dataclass(frozen=True, slots=True)
class DocxtplValue:
    """A value of docxtpl's that was printed, and the tag that printed it."""

    value: Any
    site: TagSite | None


@dataclass(slots=True, eq=False)
class _Label:
    bookmark: str
    number: str
    site: TagSite | None
    item: tuple[int | None, ...] = ()
    """What tells the number of an item of a list from others; two items of one paragraph's lists
    may have the same.
    """
    whole: bool = False
    """Whether the bookmark is round what references repeat (“Table 1”), and not round a numbered
    paragraph.
    """


class RenderState:
    """The state of one run. `paragraphs` and `sites` are the program's own tables, indexed by what
    its code holds.
    """

    def __init__(
        self,
        *,
        paragraphs: Sequence[Paragraph] = (),
        sites: Sequence[TagSite] = (),
        lists: Mapping[int, ListFormat] | None = None,
        reference_word: str = "paragraph",
        first_id: int = 1,
        suggest: Callable[[Any, str], str] | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        self.paragraphs = paragraphs
        self.sites = sites
        self.counters = Counters(lists or {})
        self.reference_word = reference_word
        self.recorder = recorder
        self.introducing = True
        self.environment: Any = None
        self.values: dict[str, Any] = {}
        self.evaluation: Any = None
        self.introduced: dict[str, frozenset[str]] = {}
        self.short_forms: dict[str, str] = {}
        self.claimed: set[str] = set()
        """The paths of bodies and posts whose short forms are among `short_forms`."""
        self._faults = Faults()
        self.steps = 0
        """The work that has been done: see `merge.bounds`."""
        self.written = 0
        """The characters that have been written."""
        self.exhausted = False
        """Whether the run has done all the work that one may do."""
        self.inner_site = -1
        """The index of the site of the value that is being printed, where that is not the tag that
        is being written.
        """
        self.cut_short = False
        """Whether a fault has kept some of the document from being written."""
        self.gaps: dict[tuple[str, str], Gap] = {}
        self.comments: list[Gap] = []
        self.has_placeholders = False
        self.open_texts: set[Callable[..., Any]] = set()
        """The titles, headings and recommendations that are being printed now."""
        self.docxtpl_values: list[DocxtplValue] = []
        """Those that were printed, in the order of their marks in the XML."""
        self.printed: set[str] = set()
        """The paths of the sections that have been printed."""
        self._suggest = suggest
        self._next_id = first_id
        self._bookmarks: dict[str, int] = {}
        self._open: list[tuple[int, str]] = []
        self._template_bookmarks: dict[str, list[tuple[int, str]]] = {}
        self._lists: dict[int, int | None] = {}
        self._pending_labels: list[tuple[str, TagSite | None]] = []
        self._labels: dict[str, _Label] = {}
        self._items: dict[tuple[int | None, ...], int] = {}
        """How many items of ordered lists have the same number."""
        self._references: list[tuple[str, TagSite | None]] = []
        self._captions = 0
        self._captioned: tuple[str, str] | None = None
        """The bookmark and the text of the caption's number, in the paragraph that is being
        written.
        """

    # -- paragraphs

    def begin(self, index: int) -> str:
        """The start of a paragraph: its own element, its properties and its bookmark."""
        paragraph = self.paragraphs[index]
        xml = paragraph.open_xml
        if paragraph.new_list:
            xml = xml.replace(LIST_HERE, self._list_properties(paragraph))
        if self.recorder is not None:
            self.recorder.begin()
        if not paragraph.bookmark:
            self._open.append((0, ""))
            return xml
        name = self._bookmark(f"_pg_{paragraph.bookmark}")
        number = self._next_id
        self._next_id = number + 1
        self._open.append((number, name))
        return f'{xml}<w:bookmarkStart w:id="{number}" w:name="{name}"/>'

    def end(self, index: int) -> str:
        """The end of a paragraph: it takes its number, and labels given in it are now known."""
        paragraph = self.paragraphs[index]
        bookmark_id, bookmark = self._open.pop()
        if self.recorder is not None:
            self.recorder.end(paragraph.optional and paragraph.number is not None)
        if paragraph.number is not None:
            number = self._number_of(paragraph) if paragraph.new_list else paragraph.number
            self.counters.count(number)
            item: tuple[int | None, ...] = ()
            if paragraph.new_list:
                item = self.counters.reached(number)
                self._items[item] = self._items.get(item, 0) + 1
            if self._pending_labels:
                self._settle_labels(bookmark, self.counters.number(number), item)
        elif self._pending_labels or self._captioned is not None:
            self._settle_labels(bookmark, "")
        return f'<w:bookmarkEnd w:id="{bookmark_id}"/></w:p>' if bookmark else "</w:p>"

    def keep(self, index: int, captured: str) -> str:
        """An optional paragraph whose content has been written: dropped, labels and all, when it
        holds nothing.
        """
        if _TEXT.search(captured):
            content = _trimmed(captured) if self.paragraphs[index].trims else captured
            return self.begin(index) + content + self.end(index)
        if self.recorder is not None:
            self.recorder.drop(self.paragraphs[index].number is not None)
        self._pending_labels.clear()
        return ""

    def _bookmark(self, stem: str) -> str:
        count = self._bookmarks.get(stem)
        if count is None:
            self._bookmarks[stem] = 1
            return stem
        self._bookmarks[stem] = count = count + 1
        return self._bookmark(f"{stem[: 39 - len(str(count))]}_{count}")

    def next_id(self) -> int:
        """An id that no other bookmark, drawing or shape of the document has."""
        self._next_id += 1
        return self._next_id - 1

    # -- lists

    def new_list(self, key: int, number: tuple[int, int]) -> str:
        self._lists[key] = self.counters.new_list(number)
        return ""

    def _number_of(self, paragraph: Paragraph) -> tuple[int, int]:
        assert paragraph.number is not None
        own = self._lists.get(paragraph.new_list)
        return paragraph.number if own is None else (own, paragraph.number[1])

    def _list_properties(self, paragraph: Paragraph) -> str:
        own = self._lists.get(paragraph.new_list)
        if own is None or paragraph.number is None:
            return ""
        return f'<w:numPr><w:ilvl w:val="{paragraph.number[1]}"/><w:numId w:val="{own}"/></w:numPr>'

    # -- labels and references

    def label(self, name: object) -> str:
        """Give the paragraph that is being written a name by which it can be referred to."""
        self._pending_labels.append((str(name), self.current_site()))
        return ""

    def anchor(self, label: str, text: str) -> tuple[int, str]:
        """A bookmark's id and name for a text that references repeat."""
        number, name = (
            self.next_id(),
            self._bookmark(f"_pg_{re.sub('[^A-Za-z0-9]', '_', label)[:30]}_anchor"),
        )
        self._add_label(label, _Label(name, text, self.current_site(), whole=True), numbered=False)
        return number, name

    def caption(self, word: str) -> tuple[int, str, int]:
        """A bookmark's id and name, and the number of the next table that has a caption."""
        self._captions += 1
        name = self._bookmark("_pg_table_caption")
        self._captioned = name, f"{word}\u00a0{self._captions}"
        return self.next_id(), name, self._captions

    def reference(self, label: str) -> int:
        """The index by which the stand-ins for the bookmark and the number of a labelled paragraph
        are told apart.
        """
        self.has_placeholders = True
        if self.recorder is not None:
            self.recorder.refer(label)
        self._references.append((label, self.current_site()))
        return len(self._references) - 1

    def reference_text(self, label: str, bare: bool) -> str:
        """The reference as plain text, for places that hold no field."""
        index = self.reference(label)
        return f"\x02n{index}\x03" if bare else f"\x02w{index}\x03\x02n{index}\x03"

    def _settle_labels(self, bookmark: str, number: str, item: tuple[int | None, ...] = ()) -> None:
        captioned, self._captioned = self._captioned, None
        for name, site in self._pending_labels:
            if captioned is not None:
                self._add_label(name, _Label(*captioned, site, whole=True))
            elif not bookmark or not number:
                self.report(
                    site,
                    "unknown-label",
                    f"the label “{name}” stands in a paragraph without a number",
                    "Put the label into a numbered paragraph of the text.",
                )
            else:
                self._add_label(name, _Label(bookmark, number, site, item))
        self._pending_labels.clear()

    def _add_label(self, name: str, label: _Label, *, numbered: bool = True) -> None:
        known = self._labels.get(name)
        if known is not None:
            self.report(
                label.site,
                "duplicate-label",
                f"the label “{name}” is given twice in this paper",
                _first_place(known.site)
                + "Give each paragraph a label of its own; in a loop: {{ label('x-' ~ item.id) }}.",
            )
            return
        self._labels[name] = label
        if self.recorder is not None:
            self.recorder.label(name, numbered)

    def settle(self, xml: str) -> str:
        """The part with bookmarks and numbers in place of their stand-ins, and without the empty
        runs that gaps leave.
        """
        if self.has_placeholders:
            xml = PLACEHOLDER.sub(self._settled, xml)
        if self.has_placeholders or self.comments:
            xml = _EMPTY_RUN.sub("", xml)
        return xml

    def _settled(self, found: re.Match[str]) -> str:
        label = self._labels.get(self._references[int(found[2])][0])
        if label is None:
            return ""
        if found[1] in "bn":
            return label.bookmark if found[1] == "b" else escape(label.number)
        if label.whole:
            return ""
        return "\\w " if found[1] == "s" else escape(f"{self.reference_word}\u00a0")

    def check_references(self) -> None:
        """Report each reference to a label that no paragraph has, or one whose number is not its
        own.

        Nothing where some paragraphs could not be written.
        """
        if self.cut_short:
            return
        known = ", ".join(f"“{name}”" for name in sorted(self._labels)[:_MOST_LABELS]) or "none"
        known += " and others" if len(self._labels) > _MOST_LABELS else ""
        for label, site in self._references:
            known_as = self._labels.get(label)
            if known_as is not None and known_as.item and self._items[known_as.item] > 1:
                message = (
                    f"the label “{label}” stands at {known_as.number}, and so does an item of "
                    "another list"
                )
                self.report(
                    known_as.site,
                    "ambiguous-label",
                    message,
                    _ONE_ITEM if len(known_as.item) > 2 else _OWN_LIST,
                )
            elif known_as is None:
                self.report(
                    site,
                    "unknown-label",
                    f"there is no numbered paragraph with the label “{label}” in this paper",
                    (
                        f"Put {{{{ label('{label}') }}}} into the paragraph that is meant; labels "
                        f"of this paper: {known}."
                    ),
                )

    # -- gaps

    def gap(self, gap: Gap, comment: bool = False) -> int:
        """Note a gap; with `comment`, also a comment, whose id is returned."""
        if self.recorder is not None:
            self.recorder.depend(gap.facts)
        self.gaps.setdefault((gap.what, gap.path), gap)
        if not comment:
            return -1
        self.comments.append(gap)
        return len(self.comments) - 1

    # -- values of docxtpl's

    def mark_docxtpl(self, value: Any) -> str:
        """A processing instruction that stands for the value until all parts are written: no value
        can hold one, since every value is escaped.
        """
        xml = getattr(value, "__dict__", {}).get("xml")
        self.wrote(DOCXTPL_SIZE + (len(xml) if isinstance(xml, str) else 0))
        self.docxtpl_values.append(DocxtplValue(value, self.current_site()))
        return f"<?{DOCXTPL_MARK} {len(self.docxtpl_values) - 1}?>"

    # -- ids of the template's own drawings and bookmarks

    def drawing_id(self) -> str:
        return str(self.next_id())

    def bookmark_id(self, name: str) -> str:
        number = self.next_id()
        self._template_bookmarks.setdefault(name, []).append((number, self._bookmark(name)))
        return str(number)

    def bookmark_name(self, name: str) -> str:
        return self._template_bookmarks[name][-1][1]

    def bookmark_end_id(self, name: str) -> str:
        return str(self._template_bookmarks[name][-1][0])

    # -- faults

    def current_site(self) -> TagSite | None:
        """The tag that is being written now."""
        if self.inner_site >= 0:
            return self.site(self.inner_site)
        found = current_frame()
        return self.site(found[1]) if found else None

    def site(self, index: int) -> TagSite | None:
        return self.sites[index] if 0 <= index < len(self.sites) else None

    @property
    def problems(self) -> list[Problem]:
        """What was found wrong."""
        return self._faults.told()

    def report(self, site: TagSite | None, code: str, message: str, hint: str = "") -> None:
        self._faults.add(site, code, message, lambda: hint)

    def undefined(self, site: TagSite | None, owner: Any, name: str | None) -> None:
        def hint() -> str:
            if name == "loop" and owner is missing:
                return LOOP_HINT
            return (
                self._suggest(owner, name or "") if self._suggest is not None else ""
            ) or "Check the spelling."

        self._faults.add(
            site, "undefined-name", undefined_message(name, of_record=owner is not missing), hint
        )

    # -- bounds

    def spend(self, steps: int) -> None:
        """Count work. Raises ValueMisuse where it is more than any paper needs."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            self._stop("this paper asks for too much work")

    def wrote(self, characters: int) -> None:
        """Count what is written. Raises ValueMisuse where it is more than a document can hold."""
        self.written += characters
        if self.written > MAX_OUTPUT:
            self._stop("this paper would be far too long")

    def _stop(self, message: str) -> None:
        if self.exhausted:  # whatever else is asked for is left out
            raise Recorded
        self.exhausted = True
        hint = (
            "A loop goes round too often, most likely one that stands in another loop; or a text "
            "or list grows in a loop."
        )
        raise ValueMisuse(message, hint, "too-much-work")


_ONE_ITEM = (
    "Make one list of the two, or begin another paragraph before the second, so that a reference "
    "leads to one item."
)
_OWN_LIST = (
    "Take the label out: the template numbers this list for itself, not as a level of the list "
    "of its paragraphs, so that no reference can tell whose item it is."
)


def _trimmed(runs: str) -> str:
    """The runs of a paragraph less a blank at its end and one at its beginning."""
    if runs.endswith(f" {_TEXT_END}"):
        runs = runs[: -len(_TEXT_END) - 1]
        runs = runs[: runs.rfind("<w:r>")] if runs.endswith(">") else runs + _TEXT_END
    opening = _FIRST_TEXT.match(runs)
    if opening:
        rest = runs[opening.end() :].removeprefix(" ")
        return rest.removeprefix(_TEXT_END) if rest.startswith(_TEXT_END) else opening[0] + rest
    return runs


def _first_place(site: TagSite | None) -> str:
    return f"It is first given at {site.where}. " if site else ""


_MOST_LABELS = 30
