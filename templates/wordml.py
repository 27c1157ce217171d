"""The parts of a Word template as text: values in, WordprocessingML out. Only `make.py` uses this
module.

Nothing is taken from another program's default document, so nothing of one can be left behind.
Element order follows ECMA-376 part 1 (`CT_PPr`, `CT_RPr`, `CT_Style`, `CT_Lvl`, `CT_Settings`):
Word refuses some parts that are out of order.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
LANGUAGE = "en-GB"
FONT = "Arial"

TWIPS_IN_CM = 567
A4 = (11906, 16838)
MARGIN = 1417  # 2.5 cm
TEXT_WIDTH = A4[0] - 2 * MARGIN
TEXT_GREY = "595959"  # 7.0 to 1 on white
LINK = "0B4F9E"  # 8.0 to 1 on white
LINE = 276  # 1.15 lines, in 240ths of a line


def cm(length: float) -> int:
    """Centimetres as twips."""
    return round(length * TWIPS_IN_CM)


@dataclass(frozen=True, slots=True)
class Style:
    """A named style. `gallery`: shown in Word's style gallery, in the order of `priority`.
    `based_on`: Normal when empty.
    """

    name: str
    id: str
    next: str = ""
    priority: int = 99
    kind: str = "paragraph"
    based_on: str = ""
    gallery: bool = True
    default: bool = False
    paragraph: str = ""
    run: str = ""
    table: str = ""

    def xml(self) -> str:
        default = ' w:default="1"' if self.default else ""
        based_on = (
            ""
            if self.default
            else self.based_on
            or {"paragraph": "Normal", "character": "DefaultParagraphFont"}[self.kind]
        )
        own = "" if self.name in BUILT_IN else ' w:customStyle="1"'
        return (
            (
                f'<w:style w:type="{self.kind}"{default}{own} w:styleId="{self.id}"><w:name '
                f"w:val={quoteattr(self.name)}/>"
            )
            + (f'<w:basedOn w:val="{based_on}"/>' if based_on else "")
            + (f'<w:next w:val="{self.next}"/>' if self.next else "")
            + f'<w:uiPriority w:val="{self.priority}"/>'
            + ("<w:qFormat/>" if self.gallery else "<w:unhideWhenUsed/>")
            + (f"<w:pPr>{self.paragraph}</w:pPr>" if self.paragraph else "")
            + (f"<w:rPr>{self.run}</w:rPr>" if self.run else "")
            + self.table
            + "</w:style>"
        )


# Word's own styles, by their names in a file. Word translates these for its user; screen readers
# know headings by them.
BUILT_IN = {
    *(
        "Normal",
        "Title",
        "heading 1",
        "heading 2",
        "heading 3",
        "header",
        "footer",
        "caption",
        "Hyperlink",
        "Strong",
    ),
    *(
        "Emphasis",
        "List Bullet",
        "List Bullet 2",
        "List Continue",
        "List Continue 2",
        "annotation text",
    ),
    *(
        "annotation reference",
        "annotation subject",
        "Default Paragraph Font",
        "Normal Table",
        "No List",
    ),
}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: its number stands at `at` twips, its text at `text_at`."""

    format: str
    text: str
    at: int
    text_at: int
    style: str = ""
    run: str = ""

    def xml(self, index: int) -> str:
        return (
            f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{self.format}"/>'
            + (f'<w:pStyle w:val="{self.style}"/>' if self.style else "")
            + f'<w:suff w:val="tab"/><w:lvlText w:val="{self.text}"/><w:lvlJc w:val="left"/>'
            + (
                f'<w:pPr><w:ind w:left="{self.text_at}" '
                f'w:hanging="{self.text_at - self.at}"/></w:pPr>'
            )
            + (f"<w:rPr>{self.run}</w:rPr>" if self.run else "")
            + "</w:lvl>"
        )


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text; `\\t` is a tab. `style` is the id of a character style."""

    text: str
    style: str = ""

    def xml(self) -> str:
        properties = f'<w:rPr><w:rStyle w:val="{self.style}"/></w:rPr>' if self.style else ""
        pieces = [
            f'<w:t xml:space="preserve">{escape(piece)}</w:t>' if piece else ""
            for piece in self.text.split("\t")
        ]
        return f"<w:r>{properties}{'<w:tab/>'.join(pieces)}</w:r>"


@dataclass(frozen=True, slots=True)
class Field:
    """A field Word keeps up to date, and what it shows until then."""

    instruction: str
    shows: str

    def xml(self) -> str:
        def run(inner: str) -> str:
            return f"<w:r>{inner}</w:r>"

        return (
            run('<w:fldChar w:fldCharType="begin"/>')
            + run(f'<w:instrText xml:space="preserve"> {escape(self.instruction)} </w:instrText>')
            + run('<w:fldChar w:fldCharType="separate"/>')
            + run(f"<w:t>{escape(self.shows)}</w:t>")
            + run('<w:fldChar w:fldCharType="end"/>')
        )


def paragraph(style: str, *content: str | Text | Field) -> str:
    """A paragraph in the style with this id; a plain `str` is a run without a style of its own."""
    runs = "".join((Text(piece) if isinstance(piece, str) else piece).xml() for piece in content)
    properties = "" if style == "Normal" else f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
    return f"<w:p>{properties}{runs}</w:p>"


def spacing(before: float = 0, after: float = 0, line: int = LINE) -> str:
    return (
        f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" '
        f'w:line="{line}" w:lineRule="auto"/>'
    )


def indent(left: int, hanging: int = 0) -> str:
    return (
        f'<w:ind w:left="{left}" w:hanging="{hanging}"/>'
        if hanging
        else f'<w:ind w:left="{left}" w:firstLine="0"/>'
    )


def tab_stop(at: int, kind: str = "left") -> str:
    return f'<w:tabs><w:tab w:val="{kind}" w:pos="{at}"/></w:tabs>'


def numbered(number: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def rule(side: str, eighths: int, colour: str, space: int) -> str:
    """A rule at one side of a paragraph, `eighths` of a point thick and `space` points away from
    the text.
    """
    return (
        f'<w:pBdr><w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" '
        f'w:color="{colour}"/></w:pBdr>'
    )


def cell_margins(vertical: int, horizontal: int) -> str:
    sides = {"top": vertical, "left": horizontal, "bottom": vertical, "right": horizontal}
    inner = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides.items())
    return f"<w:tblCellMar>{inner}</w:tblCellMar>"


def letters(points: float = 0, *, bold: bool = False, colour: str = "") -> str:
    """Run properties."""
    return (
        ("<w:b/><w:bCs/>" if bold else "")
        + (f'<w:color w:val="{colour}"/>' if colour else "")
        + (
            f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'
            if points
            else ""
        )
    )


def styles_part(styles: list[Style], points: float) -> str:
    """Styles that are not listed stay hidden in Word until somebody uses them."""
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{FONT}" w:eastAsia="{FONT}" '
        f'w:hAnsi="{FONT}" w:cs="{FONT}"/>'
        f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'
        f'<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" '
        'w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
        "</w:docDefaults>"
        '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1" '
        'w:defUnhideWhenUsed="1" '
        'w:defQFormat="0" w:count="376"/>'
    )
    return (
        f"{DECLARATION}<w:styles "
        f'xmlns:w="{W}">{defaults}{"".join(style.xml() for style in styles)}</w:styles>'
    )


def numbering_part(lists: list[list[Level]]) -> str:
    """List n (from 1) is `w:num` n."""
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{n}"><w:nsid w:val="5A{n:06X}"/><w:multiLevelType '
        'w:val="multilevel"/>'
        "<w:tmpl "
        f'w:val="5B{n:06X}"/>{"".join(level.xml(index) for index, level in enumerate(levels))}</w:abstractNum>'
        for n, levels in enumerate(lists, 1)
    )
    numbers = "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>'
        for n in range(1, len(lists) + 1)
    )
    return f'{DECLARATION}<w:numbering xmlns:w="{W}">{abstract}{numbers}</w:numbering>'


def document_part(body: str) -> str:
    """Header and footer of the first page differ from those of the others; `rId1` to `rId3` are as
    `make.py` writes them.
    """
    section = (
        '<w:sectPr><w:headerReference w:type="first" r:id="rId1"/><w:footerReference '
        'w:type="default" r:id="rId2"/>'
        '<w:footerReference w:type="first" r:id="rId3"/>'
        f'<w:pgSz w:w="{A4[0]}" w:h="{A4[1]}"/><w:pgMar w:top="{MARGIN}" w:right="{MARGIN}" '
        f'w:bottom="{MARGIN}" '
        f'w:left="{MARGIN}" w:header="{cm(1.25)}" w:footer="{cm(1.25)}" '
        'w:gutter="0"/><w:titlePg/></w:sectPr>'
    )
    return (
        f'{DECLARATION}<w:document xmlns:w="{W}" '
        f'xmlns:r="{R}"><w:body>{body}{section}</w:body></w:document>'
    )


def edge_part(kind: str, content: str) -> str:
    """A page header (`hdr`) or footer (`ftr`)."""
    return f'{DECLARATION}<w:{kind} xmlns:w="{W}" xmlns:r="{R}">{content}</w:{kind}>'


def settings_part() -> str:
    flags = {
        "compatibilityMode": 15,
        "overrideTableStyleFontSizeAndJustification": 1,
        "enableOpenTypeFeatures": 1,
        "doNotFlipMirrorIndents": 1,
        "differentiateMultirowTableHeaders": 1,
        "useWord2013TrackBottomHyphenation": 0,
    }
    compatibility = "".join(
        (
            f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" '
            f'w:val="{value}"/>'
        )
        for name, value in flags.items()
    )
    slots = {"bg1": "light1", "t1": "dark1", "bg2": "light2", "t2": "dark2"}
    slots |= {
        same: same
        for same in (*(f"accent{n}" for n in range(1, 7)), "hyperlink", "followedHyperlink")
    }
    mapping = " ".join(f'w:{slot}="{colour}"' for slot, colour in slots.items())
    return (
        f'{DECLARATION}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop '
        f'w:val="{TWIPS_IN_CM}"/>'
        f'<w:characterSpacingControl w:val="doNotCompress"/><w:compat>{compatibility}</w:compat>'
        f'<w:themeFontLang w:val="{LANGUAGE}"/><w:clrSchemeMapping {mapping}/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def font_part() -> str:
    return (
        f'{DECLARATION}<w:fonts xmlns:w="{W}"><w:font w:name="{FONT}"><w:panose1 '
        'w:val="020B0604020202020204"/>'
        '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch '
        'w:val="variable"/></w:font></w:fonts>'
    )


def theme_part(accent: str) -> str:
    """What an officer's own chart or shape starts from: the brand's colour, and Arial."""
    plain = {
        "dk2": accent,
        "lt2": "F2F2F2",
        "accent1": accent,
        "accent2": TEXT_GREY,
        "accent3": "8A4B08",
    }
    plain |= {
        "accent4": "5B3A79",
        "accent5": "1F6F78",
        "accent6": "7A1F2B",
        "hlink": LINK,
        "folHlink": "5B3A79",
    }
    colours = (
        '<a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1><a:lt1><a:sysClr '
        'val="window" lastClr="FFFFFF"/></a:lt1>'
    ) + "".join(
        f'<a:{slot}><a:srgbClr val="{colour}"/></a:{slot}>' for slot, colour in plain.items()
    )
    font = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    lines = "".join(f'<a:ln w="{width}">{fill}</a:ln>' for width in (6350, 12700, 19050))
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    return (
        f'{DECLARATION}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'name="Committee paper">'
        '<a:themeElements><a:clrScheme name="Committee '
        f'paper">{colours}</a:clrScheme><a:fontScheme name="Committee paper">'
        f"<a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme>"
        '<a:fmtScheme name="Committee '
        f'paper"><a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{lines}</a:lnStyleLst>'
        f"<a:effectStyleLst>{effects}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )


def core_part() -> str:
    return (
        f"{DECLARATION}<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Committee paper</dc:title>'
        f"<dc:language>{LANGUAGE}</dc:language></cp:coreProperties>"
    )
