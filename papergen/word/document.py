"""A compiled document: a template whose tags have become code, and how its runs become a .docx."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from papergen.engine.compiled import Compiled, Function
from papergen.engine.numbering import NewNumber
from papergen.engine.pieces import Links
from papergen.engine.render import render
from papergen.engine.sandbox import Environment
from papergen.engine.state import RenderState
from papergen.text import escape_attribute
from papergen.word import comments
from papergen.word.package import (
    CONTENT_TYPES,
    Member,
    PreparedPackage,
    content,
    content_hash,
    deflate,
    write_package,
)
from papergen.word.styles import TemplateStyles

if TYPE_CHECKING:
    from papergen.word.template import CompiledTemplate

CORE_PROPERTIES = "docProps/core.xml"
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


_Prepared: TypeAlias = tuple[PreparedPackage, dict[str, str]]
"""The members that a run leaves as they are, and the text of those it adds to, by name."""


@dataclass(frozen=True, slots=True)
class CompiledDocument:
    """A template whose tags have become code.

    `main` is the name of the main part, `numbering` that of the numbering part, empty if there is
    none. `parts` has the code of each part with tags, the main one first; `members` all other
    parts, as they will be written.
    """

    main: str
    numbering: str
    parts: tuple[tuple[str, Compiled], ...]
    members: tuple[Member, ...]
    styles: TemplateStyles
    first_id: int
    """The first number that no bookmark and no drawing of the unchanging parts has."""


def make_document(
    template: CompiledTemplate, parts: Sequence[tuple[str, Compiled]], links: Links
) -> CompiledDocument:
    """The document of a compiled template whose pieces have become code.

    `links`: those of the narrative that it prints.
    """
    members: Sequence[Member] = template.members
    if links.ids:
        name = _relationships(template.main)
        added = ""
        for address, id_ in links.ids.items():
            added += _link_relationship(id_, address)
        members = _adding(members, {name: ("</Relationships>", added)})
    return CompiledDocument(
        main=template.main,
        numbering=template.numbering,
        parts=tuple(parts),
        members=tuple(members),
        styles=template.styles,
        first_id=max(template.next_drawing, template.next_bookmark),
    )


def _link_relationship(id_: str, address: str) -> str:
    target = escape_attribute(address)
    return f'<Relationship Id="{id_}" Type="{_HYPERLINK}" Target="{target}" TargetMode="External"/>'


@dataclass(slots=True, eq=False)
class DocumentWriter:
    """A document ready to be run any number of times, by any number of threads."""

    document: CompiledDocument
    functions: list[tuple[str, Function]]
    _comment_style: str = ""
    _packages: dict[tuple[bool, bool, bool], _Prepared] = field(default_factory=dict)

    @classmethod
    def of(cls, document: CompiledDocument, environment: Environment) -> DocumentWriter:
        functions = [(name, code.bind(environment)) for name, code in document.parts]
        style = document.styles.find("annotation text")
        return cls(document, functions, style.id if style else "")

    def render(
        self, run: RenderState, *, before_part: Callable[[str], None] | None = None
    ) -> list[tuple[str, str]]:
        """The parts that the template's code writes, by name, as XML with references unsettled.

        `before_part` is called with the name of each part before it is written. Faults are left
        in `run.problems`.
        """
        written: list[tuple[str, str]] = []
        for name, function in self.functions:
            if before_part is not None:
                before_part(name)
            written.append((name, render(function, run)))
        return written

    def package(self, run: RenderState, written: Sequence[tuple[str, str]]) -> tuple[bytes, str]:
        """The .docx of the parts that a run has written, and its content hash.

        The references of the run must have been checked, and the run have no problems.
        """
        changed = {name: run.settle(xml) for name, xml in written}
        gaps = run.gaps.comments
        new_lists = run.paragraphs.counters.new_lists
        has_properties = CORE_PROPERTIES in changed
        package, texts = self._package(bool(gaps), bool(new_lists), has_properties)
        if gaps:
            name = _beside(self.document.main, "comments.xml")
            form = run.words.unknown_comment
            changed[name] = comments.comments_part(gaps, form, self._comment_style)
        if new_lists:
            name = self.document.numbering
            changed[name] = _with_numbers(texts[name], new_lists)
        contents = [(name, xml.encode()) for name, xml in changed.items()]
        members = [deflate(name, data) for name, data in contents]
        if run.docxtpl.values:
            return _with_docxtpl_values(run, [*package.members, *members], changed)
        return package.write(members), package.content_hash(contents)

    def _package(self, has_comments: bool, has_numbers: bool, has_properties: bool) -> _Prepared:
        """The members that a run leaves as they are, and the text of those it adds to."""
        key = (has_comments, has_numbers, has_properties)
        found = self._packages.get(key)
        if found is None:
            found = self._packages[key] = self._prepare(*key)
        return found

    def _prepare(self, has_comments: bool, has_numbers: bool, has_properties: bool) -> _Prepared:
        members = list(self.document.members)
        texts: dict[str, str] = {}
        if has_numbers:
            name = self.document.numbering
            texts[name] = _text(members, name)
            members = _without(members, name)
        if has_properties:
            members = _without(members, CORE_PROPERTIES)
        if has_comments:
            members = _with_comments(members, self.document.main)
        return PreparedPackage(members), texts


def _with_docxtpl_values(
    run: RenderState, members: Sequence[Member], parts: Collection[str]
) -> tuple[bytes, str]:
    """The .docx of a run that has printed values of docxtpl's in these parts, and its hash."""
    from papergen.word.docxtpl_values import place_values

    placed = place_values(run, members, parts)
    if run.problems:
        return b"", ""
    return write_package(placed), content_hash(placed)


def _text(members: Sequence[Member], name: str) -> str:
    found = next(member for member in members if member.name == name)
    return content(found).decode()


def _without(members: Sequence[Member], name: str) -> list[Member]:
    return [member for member in members if member.name != name]


def _with_comments(members: Sequence[Member], main: str) -> list[Member]:
    """The members, with the comments part among the content types and main relationships."""
    name = _beside(main, "comments.xml")
    override = f'<Override PartName="/{name}" ContentType="{comments.CONTENT_TYPE}"/>'
    relationship = (
        f'<Relationship Id="rIdPapergenComments" Type="{comments.RELATIONSHIP}" '
        'Target="comments.xml"/>'
    )
    additions = {
        CONTENT_TYPES: ("</Types>", override),
        _relationships(main): ("</Relationships>", relationship),
    }
    return _adding(members, additions)


def _adding(members: Sequence[Member], additions: Mapping[str, tuple[str, str]]) -> list[Member]:
    """The members, some with XML added: by name, an end tag and what goes before it."""
    changed: list[Member] = []
    for member in members:
        if member.name in additions:
            end, added = additions[member.name]
            text = content(member).decode()
            member = deflate(member.name, text.replace(end, added + end).encode())
        changed.append(member)
    return changed


def _relationships(part: str) -> str:
    name = part.rpartition("/")[2]
    return _beside(part, f"_rels/{name}.rels")


def _with_numbers(numbering: str, made: Sequence[NewNumber]) -> str:
    """The numbering part with a `w:num`, after the others, for each list that a run restarted."""
    added = "".join(_new_list(new) for new in made)
    for end in ("<w:numIdMacAtCleanup", "</w:numbering>"):
        before, found, after = numbering.partition(end)
        if found:
            return f"{before}{added}{found}{after}"
    raise AssertionError("the numbering part has no end tag")


def _new_list(new: NewNumber) -> str:
    return (
        f'<w:num w:numId="{new.number}"><w:abstractNumId w:val="{new.abstract}"/>'
        f'<w:lvlOverride w:ilvl="{new.level}"><w:startOverride w:val="{new.start}"/>'
        "</w:lvlOverride></w:num>"
    )


def _beside(part: str, name: str) -> str:
    folder, slash, _ = part.rpartition("/")
    return f"{folder}{slash}{name}"
