"""docxtpl's values, put into a document that has been written with marks in their places.

Only this module knows how docxtpl's objects are made. None of their own writing is used: it counts
on regular expressions over the whole document.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Collection, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import docx
import docxtpl
from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.image.image import Image
from docx.oxml.shape import CT_Inline
from lxml import etree

from papergen.engine.docxtpl_marks import DOCXTPL_MARK
from papergen.engine.state import RenderState
from papergen.engine.undefined import Recorded
from papergen.engine.values import ValueMisuse, bare_text
from papergen.errors import Location, Problem, TemplateError
from papergen.text import FORBIDDEN_IN_XML
from papergen.word.definitions import DefinitionSource
from papergen.word.insertion import (
    break_paragraphs,
    put_blocks,
    put_runs,
    put_text,
    stands_among_blocks,
)
from papergen.word.links import is_script
from papergen.word.open_package import OFFICE, OpenPackage
from papergen.word.package import Member, read_package
from papergen.word.parts import Parts
from papergen.word.rich_text import rich_paragraphs, rich_runs, text_nodes
from papergen.word.subdocuments import Subdocument, SubdocumentWriter
from papergen.word.tree import WP, Element, R, parse, w

_ID: Final = f"{{{R}}}id"
_LINK: Final = "papergenLink"
_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC: Final = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_DESCRIBED: Final = (
    f"{{{WP}}}docPr",
    f"{{{_PIC}}}cNvPr",
)
_EXTENSIONS: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/tiff": "tiff",
}
_LARGEST: Final = 27_273_042_316_900
"""The largest length in English Metric Units: ST_PositiveCoordinate (ISO/IEC 29500-1
§20.1.10.42).
"""
_NOT_A_PICTURE = (
    UnrecognizedImageError,
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    struct.error,
    ValueError,
    LookupError,
    ArithmeticError,
    AttributeError,
    TypeError,
    AssertionError,
)
"""What python-docx raises for bytes that are none of the pictures it knows."""


def new_subdocument(template: Any, path: Path | None) -> Any:
    """A Subdoc for a `word.Template`. Raises TemplateError or OSError for an unusable file."""
    if path is None:
        return docxtpl.Subdoc(template)
    data = path.read_bytes()
    members = read_package(data, str(path))
    Parts(members, str(path))  # raises for what is no document
    try:
        return docxtpl.Subdoc(template, io.BytesIO(data))
    except (ValueError, LookupError, AttributeError, TypeError, AssertionError) as fault:
        # What python-docx and docxcompose raise for relationships that lead nowhere.
        message = f"“{path.name}” holds something that leads nowhere"
        hint = "Open it in Word, save it again as a Word Document (*.docx), and use that file."
        problem = Problem("unsafe-docx", message, Location(str(path)), hint)
        raise TemplateError([problem]) from fault


def open_document(data: bytes) -> Any:
    """A document of python-docx's, of a package's bytes."""
    return docx.Document(io.BytesIO(data))


def link_id(address: str) -> str:
    """A relationship id that holds an address until it is known which part the link stands in."""
    encoded = address.encode("utf-8", "surrogatepass")
    return _LINK + encoded.hex()


def place_values(
    run: RenderState, members: Sequence[Member], parts: Collection[str]
) -> tuple[Member, ...]:
    """The members of a document with the values that a run has printed in the places of their
    marks. `parts`: the names of those with marks.

    Values that cannot be placed go to the run's problems.
    """
    package = OpenPackage(members, "template")
    placer = _Placer(package, run)
    mark = f"<?{DOCXTPL_MARK} ".encode()
    for part in parts:
        if mark in package.data(part):
            placer.place_all(part)
    return () if run.problems else package.members()


def check_values(run: RenderState) -> None:
    """Report what is wrong with the printed values, of a run whose document cannot be written."""
    for printed in run.docxtpl.values:
        try:
            _check_value(printed.value)
        except ValueMisuse as fault:
            run.faults.report(printed.site, fault.code, str(fault), fault.hint)


def _check_value(value: Any) -> None:
    """Raise ValueMisuse where a value could be written nowhere."""
    kind = type(value)
    if issubclass(kind, docxtpl.Listing):
        list(text_nodes(bare_text(value)))
    elif issubclass(kind, docxtpl.RichText):
        rich_runs(value.xml)
    elif issubclass(kind, docxtpl.RichTextParagraph):
        rich_paragraphs(value.xml)
    elif issubclass(kind, docxtpl.InlineImage):
        _size(_image(value), value)


class _Placer:
    """Puts values in the places of their marks."""

    def __init__(self, package: OpenPackage, run: RenderState) -> None:
        self._package = package
        self._run = run
        self._subdocuments = SubdocumentWriter(package, run)
        self._opened: dict[int, Subdocument] = {}
        self._writers: list[tuple[type, Callable[[Element, Any, str], None]]] = [
            (docxtpl.Listing, self._listing),
            (docxtpl.RichText, self._rich_text),
            (docxtpl.RichTextParagraph, self._rich_paragraphs),
            (docxtpl.InlineImage, self._picture),
            (docxtpl.Subdoc, self._subdocument),
        ]

    def place_all(self, part: str) -> None:
        """Place the values of a part, and report those that cannot be placed."""
        root = self._package.tree(part)
        marks = [mark for mark in root.iter(etree.PI) if mark.target == DOCXTPL_MARK]
        for mark in marks:
            printed = self._run.docxtpl.values[int(mark.text)]
            try:
                self._place(mark, printed.value, part)
            except Recorded:
                return  # the run has done all the work that one may do, and has reported it
            except ValueMisuse as fault:
                self._run.faults.report(printed.site, fault.code, str(fault), fault.hint)
            except TemplateError as error:
                for problem in error.problems:
                    message = f"the subdocument cannot be used: {problem.message}"
                    self._run.faults.report(printed.site, "value-misused", message, problem.hint)

    def _place(self, mark: Element, value: Any, part: str) -> None:
        kind = type(value)
        for known, write in self._writers:
            if issubclass(kind, known):
                write(mark, value, part)
                return
        raise AssertionError(f"no way to place a {kind}")

    # -- text

    def _listing(self, mark: Element, value: Any, part: str) -> None:
        nodes = list(text_nodes(bare_text(value)))
        if stands_among_blocks(mark):
            run = etree.Element(w("r"))
            run.extend(nodes)
            self._paragraph(mark, [run])
            return
        put_text(mark, nodes)
        break_paragraphs(nodes)

    def _rich_text(self, mark: Element, value: Any, part: str) -> None:
        runs = rich_runs(value.xml)
        self._prepare(runs, part)
        if stands_among_blocks(mark):
            self._paragraph(mark, runs)
            return
        put_runs(mark, runs)
        break_paragraphs(runs)

    def _rich_paragraphs(self, mark: Element, value: Any, part: str) -> None:
        self._refuse_in_line(mark, "RichTextParagraph")
        paragraphs = rich_paragraphs(value.xml)
        self._prepare(paragraphs, part)
        put_blocks(mark, paragraphs)
        break_paragraphs(paragraphs)

    def _paragraph(self, mark: Element, runs: list[Element]) -> None:
        """Put runs in the place of a mark among paragraphs, in a paragraph of their own."""
        paragraph = etree.Element(w("p"))
        paragraph.extend(runs)
        put_blocks(mark, [paragraph])
        break_paragraphs([paragraph])

    def _refuse_in_line(self, mark: Element, kind: str) -> None:
        if not stands_among_blocks(mark):
            raise ValueMisuse(
                f"a {kind} holds paragraphs, and cannot stand inside a line",
                "Print it with {{p … }} in a paragraph of its own.",
            )

    def _prepare(self, nodes: list[Element], part: str) -> None:
        """Make links lead to their addresses, and leave out styles that the document does not
        have: Word ignores these.
        """
        styles = self._package.tree(self._package.own_part("styles"))
        kinds: dict[str | None, str | None] = {}
        for style in styles.iter(w("style")):
            kinds[style.get(w("styleId"))] = style.get(w("type"))
        for node in nodes:
            for link in node.iter(w("hyperlink")):
                relationship = self._link(_address_of(link), part)
                link.set(_ID, relationship)
            for style in list(node.iter(w("rStyle"), w("pStyle"))):
                kind = "character" if style.tag == w("rStyle") else "paragraph"
                if kinds.get(style.get(w("val"))) != kind:
                    style.getparent().remove(style)

    def _link(self, address: str, part: str) -> str:
        """The id of a relationship of `part` to an address."""
        is_writable = address.strip() and not FORBIDDEN_IN_XML.search(address)
        if not is_writable or is_script(address):
            shown = FORBIDDEN_IN_XML.sub("", address)[:60]
            raise ValueMisuse(
                f"“{shown}” is no address that a link can lead to",
                "Give the address of a page, a file or a mailbox: https://…, mailto:….",
            )
        return self._package.relate(part, OFFICE + "hyperlink", address, external=True)

    # -- pictures

    def _picture(self, mark: Element, value: Any, part: str) -> None:
        image = _image(value)
        width, height = _size(image, value)
        extension = _EXTENSIONS[image.content_type]
        media = self._package.add_media(image.blob, extension, image.content_type)
        relationship = self._package.relate(part, OFFICE + "image", media)
        name = FORBIDDEN_IN_XML.sub("", image.filename)
        number = int(self._run.ids.drawing_id())
        inline = CT_Inline.new_pic_inline(number, relationship, name, width, height)
        if value.anchor:
            link = self._link(str(value.anchor), part)
            for described in inline.iter(*_DESCRIBED):
                click = etree.SubElement(described, f"{{{_A}}}hlinkClick")
                click.set(_ID, link)
        run = etree.Element(w("r"))
        drawing = etree.SubElement(run, w("drawing"))
        drawing.append(inline)
        if stands_among_blocks(mark):
            self._paragraph(mark, [run])
        else:
            put_runs(mark, [run])

    # -- subdocuments

    def _subdocument(self, mark: Element, value: Any, part: str) -> None:
        self._refuse_in_line(mark, "Subdoc")
        key = id(value)
        if key not in self._opened:
            self._opened[key] = _opened(value)
        sections = mark.getparent().tag == w("body")
        nodes = self._subdocuments.content(self._opened[key], part, sections=sections)
        put_blocks(mark, nodes)


def _address_of(link: Element) -> str:
    id_ = link.get(_ID) or ""
    if not id_.startswith(_LINK):
        raise ValueMisuse(
            "the link of this RichText was made for another template",
            "Give url_id=template.build_url_id(…) of the template that is filled in.",
        )
    try:
        return bytes.fromhex(id_.removeprefix(_LINK)).decode("utf-8", "surrogatepass")
    except ValueError:
        raise ValueMisuse(
            "the link of this RichText leads nowhere", "Give url_id=template.build_url_id(…)."
        ) from None


def _image(value: Any) -> Any:
    """The picture of an InlineImage. Raises ValueMisuse where there is none."""
    source = value.image_descriptor
    named = isinstance(source, (str, Path))
    shown = f"“{source}”" if named else "what is given as a picture"
    try:
        if named:
            return Image.from_file(str(source))
        if isinstance(source, io.BytesIO):  # read without moving, since other threads may read it
            return Image.from_blob(source.getvalue())
        return Image.from_file(source)
    except OSError as fault:
        reason = fault.strerror or "it cannot be read"
        raise ValueMisuse(
            f"the picture {shown} cannot be read ({reason})", "Check the path of the file."
        ) from None
    except _NOT_A_PICTURE:
        raise ValueMisuse(
            f"{shown} is not a picture that Word takes",
            "Give a PNG, JPEG, GIF, BMP or TIFF file, by its path or opened for reading bytes.",
        ) from None


def _size(image: Image, value: Any) -> tuple[Any, Any]:
    """Width and height of a picture. Raises ValueMisuse for lengths that Word does not take."""
    try:
        width, height = image.scaled_dimensions(value.width, value.height)
    except (ArithmeticError, TypeError, ValueError):
        width = height = docx.shared.Emu(0)
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise ValueMisuse(
            "the picture has no width or height that Word takes",
            "Give its width or height as a length of python-docx's: Mm(60).",
        )
    return width, height


def _opened(value: Any) -> Subdocument:
    """A Subdoc with the packages that its content refers to."""
    master = DefinitionSource(_parts(value.docx))
    own = None
    if value.subdocx.part is not value.docx.part:
        own = DefinitionSource(_parts(value.subdocx))
    xml = etree.tostring(deepcopy(value.subdocx.element))
    return Subdocument(parse(xml, "subdocument", "document.xml"), master, own)


def _parts(document: Any) -> Parts:
    stream = io.BytesIO()
    document.save(stream)
    return Parts(read_package(stream.getvalue(), "subdocument"), "subdocument")
