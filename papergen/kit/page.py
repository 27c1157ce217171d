"""What surrounds the text of a template: page, header and footer, settings, fonts and theme."""

from __future__ import annotations

from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Twips
from lxml import etree
from lxml.builder import ElementMaker

from papergen.kit.look import A4, FONT, LANGUAGE, LINK, MARGIN, TEXT_GREY, TWIPS_IN_CM, Look, cm
from papergen.kit.oxml import add_field, element, refill

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PARTS = (
    RELATIONSHIP_TYPE.STYLES,
    RELATIONSHIP_TYPE.NUMBERING,
    RELATIONSHIP_TYPE.SETTINGS,
    RELATIONSHIP_TYPE.FONT_TABLE,
    RELATIONSHIP_TYPE.THEME,
)
_COMPATIBILITY_URI = "http://schemas.microsoft.com/office/word"
_COMPATIBILITY = {
    "compatibilityMode": 15,
    "overrideTableStyleFontSizeAndJustification": 1,
    "enableOpenTypeFeatures": 1,
    "doNotFlipMirrorIndents": 1,
    "differentiateMultirowTableHeaders": 1,
    "useWord2013TrackBottomHyphenation": 0,
}


def blank_document() -> Document:
    """An empty A4 document with the edges of its pages, and of the parts of python-docx's own
    template only those that a brand fills.
    """
    document = docx.Document()
    main: Any = document.part
    package = main.package
    properties = package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
    package.rels.clear()
    package.relate_to(main, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
    package.relate_to(properties, RELATIONSHIP_TYPE.CORE_PROPERTIES)
    kept = {kind: main.part_related_by(kind) for kind in _PARTS}
    main.rels.clear()
    _write_page(document)
    for kind, part in kept.items():
        main.relate_to(part, kind)
    return document


def _write_page(document: Document) -> None:
    """A4 with a header and a footer of its own on the first page."""
    section = document.sections[0]
    refill(section._sectPr)  # the columns and the grid of python-docx's template
    section.page_width, section.page_height = (Twips(side) for side in A4)
    section.top_margin = section.right_margin = Twips(MARGIN)
    section.bottom_margin = section.left_margin = Twips(MARGIN)
    section.header_distance = section.footer_distance = Twips(cm(1.25))
    section.gutter = Twips(0)
    section.different_first_page_header_footer = True
    for edge in (section.first_page_header, section.footer, section.first_page_footer):
        edge.is_linked_to_previous = False


def write_edges(document: Document, council: str) -> None:
    """The council's name at the head of the first page, and the foot of every page."""
    section = document.sections[0]
    header = section.first_page_header.paragraphs[0]
    header.style = "Council name"
    header.add_run(council)
    for footer in (section.footer, section.first_page_footer):
        line = footer.paragraphs[0]
        line.style = "Footer"
        line.add_run("{% if reference %}{{ reference }} – {% endif %}{{ short_title }}\tPage ")
        # Word and LibreOffice count pages anew whenever they lay a footer out: what the fields
        # show here is never seen in either.
        add_field(line, "PAGE", "1")
        line.add_run(" of ")
        add_field(line, "NUMPAGES", "1")


def write_settings(document: Document, look: Look) -> None:
    """Settings, fonts, theme and properties of the document."""
    compatibility = [
        element("compatSetting", name=name, uri=_COMPATIBILITY_URI, val=value)
        for name, value in _COMPATIBILITY.items()
    ]
    accents = [f"accent{number}" for number in range(1, 7)]
    colours = {"bg1": "light1", "t1": "dark1", "bg2": "light2", "t2": "dark2"}
    colours |= {name: name for name in (*accents, "hyperlink", "followedHyperlink")}
    refill(
        document.settings.element,
        element("zoom", percent=100),
        element("defaultTabStop", val=TWIPS_IN_CM),
        element("characterSpacingControl", val="doNotCompress"),
        element("compat", *compatibility),
        element("themeFontLang", val=LANGUAGE),
        element("clrSchemeMapping", **colours),
        element("decimalSymbol", val="."),
        element("listSeparator", val=","),
    )
    font = element(
        "font",
        element("panose1", val="020B0604020202020204"),
        element("charset", val="00"),
        element("family", val="swiss"),
        element("pitch", val="variable"),
        name=FONT,
    )
    _replace(document, RELATIONSHIP_TYPE.FONT_TABLE, element("fonts", font))
    _replace(document, RELATIONSHIP_TYPE.THEME, theme(look.colour))
    properties = document.core_properties
    refill(properties._element)
    properties.title = "Committee paper"
    properties.language = LANGUAGE


def theme(accent: str) -> Any:
    """What an officer's own chart or shape starts from: the brand's colour, and Arial."""
    a = ElementMaker(namespace=_DRAWING, nsmap={"a": _DRAWING})
    plain = {
        "dk2": accent,
        "lt2": "F2F2F2",
        "accent1": accent,
        "accent2": TEXT_GREY,
        "accent3": "8A4B08",
        "accent4": "5B3A79",
        "accent5": "1F6F78",
        "accent6": "7A1F2B",
        "hlink": LINK,
        "folHlink": "5B3A79",
    }
    colours = a.clrScheme(
        a.dk1(a.sysClr(val="windowText", lastClr="000000")),
        a.lt1(a.sysClr(val="window", lastClr="FFFFFF")),
        *(a(slot, a.srgbClr(val=colour)) for slot, colour in plain.items()),
        name="Committee paper",
    )

    def font(kind: str) -> Any:
        return a(kind, a.latin(typeface=FONT), a.ea(typeface=""), a.cs(typeface=""))

    def fill() -> Any:
        return a.solidFill(a.schemeClr(val="phClr"))

    return a.theme(
        a.themeElements(
            colours,
            a.fontScheme(font("majorFont"), font("minorFont"), name="Committee paper"),
            a.fmtScheme(
                a.fillStyleLst(fill(), fill(), fill()),
                a.lnStyleLst(*(a.ln(fill(), w=width) for width in ("6350", "12700", "19050"))),
                a.effectStyleLst(*(a.effectStyle(a.effectLst()) for _ in range(3))),
                a.bgFillStyleLst(fill(), fill(), fill()),
                name="Committee paper",
            ),
        ),
        name="Committee paper",
    )


def _replace(document: Document, kind: str, root: Any) -> None:
    """Put another content into a part that python-docx keeps as bytes."""
    part = document.part.part_related_by(kind)
    part._blob = etree.tostring(root, encoding="UTF-8", standalone=True)
