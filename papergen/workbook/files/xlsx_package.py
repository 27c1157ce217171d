"""The package of a workbook: its parts by their relationships, read as streams of XML events.

No tree is made of a part, so that one of many elements takes no more memory than one of few.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn, TypeAlias
from urllib.parse import unquote

from papergen.workbook.cell_faults import refused
from papergen.workbook.files.limits import MOST_CHARACTERS, MOST_PARTS, too_large

SAVE = "Open the file in Excel and save it as “Excel Workbook (.xlsx)”."

_MOST_READ = 4 * MOST_CHARACTERS
"""Characters of all parts that are read."""
_CHUNK = 64 * 1024
_OTHER_FORMS = {
    "xl/workbook.bin": "this is a binary workbook (.xlsb)",
    "content.xml": "this is an OpenDocument spreadsheet (.ods)",
    "index/document.iwa": "this is a spreadsheet of Apple Numbers (.numbers)",
}
"""Parts that files of other forms have, in small letters, and what such a file is."""
_TRUE = ("1", "true", "on")
_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    # Of Strict Open XML.
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_RELATIONSHIPS = ("http://schemas.openxmlformats.org/package/2006/relationships",)

Attributes: TypeAlias = Mapping[str, str]


def is_on(value: str | None) -> bool:
    """Whether an attribute says yes."""
    return value in _TRUE


class PartReader:
    """What lxml's parser calls while it reads a part.

    A subclass says by `on_start` and `on_end` what is to be done at which elements.
    """

    def __init__(self) -> None:
        self._starts: dict[str, Callable[[Attributes], None]] = {}
        self._ends: dict[str, Callable[[], None]] = {}
        self._heard: list[str] = []

    def on_start(
        self,
        handlers: Mapping[str, Callable[[Attributes], None]],
        spaces: Iterable[str] = _MAIN,
    ) -> None:
        """Call a handler at the start of each element that has its name, in one of the spaces."""
        for space in spaces:
            self._starts.update({f"{{{space}}}{name}": handlers[name] for name in handlers})

    def on_end(self, handlers: Mapping[str, Callable[[], None]]) -> None:
        """Call a handler at the end of each element of a workbook that has its name."""
        for space in _MAIN:
            self._ends.update({f"{{{space}}}{name}": handlers[name] for name in handlers})

    def listen(self, _: Attributes) -> None:
        """Forget the text before this element."""
        self._heard.clear()

    def heard(self) -> str:
        """The text since `listen`."""
        return "".join(self._heard)

    # What the parser calls.

    def start(self, tag: str, attributes: Attributes) -> None:
        handler = self._starts.get(tag)
        if handler is not None:
            handler(attributes)

    def end(self, tag: str) -> None:
        handler = self._ends.get(tag)
        if handler is not None:
            handler()

    def data(self, text: str) -> None:
        self._heard.append(text)

    def doctype(self, *_: object) -> NoReturn:
        # The parts of a workbook have none, and entities would be declared in it.
        raise ValueError("a part has a document type")

    def close(self) -> None:
        """All was read."""


@dataclass(frozen=True, slots=True)
class PartLink:
    """A relationship: its id, the last word of its type (“worksheet”), and its part's name."""

    id: str
    kind: str
    part: str


class _Links(PartReader):
    """Gathers the relationships of a part that is in `folder`."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.links: list[PartLink] = []
        self._folder = folder
        self.on_start({"Relationship": self._add}, _RELATIONSHIPS)

    def _add(self, attributes: Attributes) -> None:
        if attributes.get("TargetMode") == "External":
            return
        target = unquote(attributes.get("Target", "")).replace("\\", "/")
        part = posixpath.normpath(posixpath.join("/", self._folder, target)).lstrip("/")
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.links.append(PartLink(attributes.get("Id", ""), kind, part))


class WorkbookPackage:
    """The parts of a workbook. `source` names it in messages."""

    def __init__(self, archive: zipfile.ZipFile, source: str) -> None:
        self.source = source
        self._archive = archive
        self._read = 0
        self._members = {}
        for member in archive.infolist():
            name = member.filename.replace("\\", "/").lstrip("/")
            self._members[name.lower()] = member

    def has(self, part: str) -> bool:
        return part.lower() in self._members

    def main_part(self) -> str:
        """The name of the part of the workbook itself."""
        for link in self.links(""):
            if link.kind == "officeDocument" and self.has(link.part):
                return link.part
        return "xl/workbook.xml"

    def links(self, part: str) -> list[PartLink]:
        """The relationships of a part, or of the package, whose name is empty."""
        folder, name = posixpath.split(part)
        reader = _Links(folder)
        relationships = posixpath.join(folder, "_rels", f"{name}.rels")
        if self.has(relationships):
            self.read(relationships, reader)
        return reader.links

    def read(self, part: str, reader: PartReader) -> None:
        """Read a part. Raises PapergenError where all that was read is too much."""
        from lxml import etree

        parser = etree.XMLParser(
            target=reader,
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
        )
        member = self._members[part.lower()]
        self._read += member.file_size
        if self._read > _MOST_READ:
            raise too_large(self.source, "workbook")
        with self._archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                parser.feed(chunk)
        parser.close()


@contextmanager
def open_package(data: bytes, source: str) -> Iterator[WorkbookPackage]:
    """The package of a workbook. Raises PapergenError, also for damage that shows later on."""
    from lxml import etree

    damage = (
        etree.XMLSyntaxError,
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        # Of zipfile, for encrypted parts among others, and of numbers in the XML.
        RuntimeError,
        ValueError,
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive, source)
            yield WorkbookPackage(archive, source)
    except damage as fault:
        reason = f" ({fault})" if str(fault) else ""
        raise refused(source, f"the workbook is damaged and cannot be read{reason}", SAVE) from None


def _check(archive: zipfile.ZipFile, source: str) -> None:
    """Check that the package is that of a workbook, and not too large. Raises PapergenError."""
    members = archive.infolist()
    largest = max((member.file_size for member in members), default=0)
    if len(members) > MOST_PARTS or largest > MOST_CHARACTERS:
        raise too_large(source, "workbook")
    names = {member.filename.lower() for member in members}
    for name, form in _OTHER_FORMS.items():
        if name in names:
            raise refused(source, form, SAVE)
