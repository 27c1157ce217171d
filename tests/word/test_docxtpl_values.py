"""docxtpl's values in papergen's templates: the same text, look, tables, pictures and links as
docxtpl gives; where the two differ, each difference on its own.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt
from docxtpl import RP, DocxTemplate, InlineImage, Listing, R, RichText, RichTextParagraph, Subdoc
from docxtpl_values import (
    Values,
    both,
    broken,
    by_docxtpl,
    by_papergen,
    invalid,
    picture,
    saved,
    seen,
    text,
)
from template_cases import build, raw, raw_parts, run, zipped
from validity import W, open_package

from papergen.errors import TemplateError
from papergen.word import Template


def rich(*pieces: tuple[str, dict[str, Any]]) -> RichText:
    made = RichText()
    for piece, look in pieces:
        made.add(piece, **look)
    return made


def paragraphs(*pieces: tuple[Any, str | None]) -> RichTextParagraph:
    made = RichTextParagraph()
    for piece, style in pieces:
        made.add(piece, parastyle=style)
    return made


def image(tpl: Any, **size: Any) -> InlineImage:
    return InlineImage(tpl, io.BytesIO(picture()), **size)


def subdoc(tpl: Any) -> Any:
    """A subdocument made by python-docx's means, in the styles of the template."""
    made = tpl.new_subdoc()
    made.add_heading("Findings", 1)
    paragraph = made.add_paragraph("Plain, ")
    run = paragraph.add_run("bold & <big>")
    run.bold = True
    run.font.size = Pt(20)
    made.add_paragraph("first", style="List Number")
    made.add_paragraph("second", style="List Bullet")
    table = made.add_table(2, 2, style="Table Grid")
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"cell {number}"
    made.add_picture(io.BytesIO(picture(20, 10, b"\0\0\xff")), width=Mm(15))
    return made


def annex(*, style: str = "Annex", note: bool = False) -> bytes:
    """A document of its own: a style, a list, a link and a picture that no template has."""
    document = docx.Document()
    made = document.styles.add_style(style, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = document.styles["Body Text"]
    made.font.italic = True
    document.add_paragraph("In its own style", style=style)
    document.add_paragraph("in a list", style="List Number")
    paragraph = document.add_paragraph("See ")
    id_ = document.part.relate_to("https://example.org/?a=1&b=2", LINK, is_external=True)
    paragraph._p.append(
        parse_xml(
            f'<w:hyperlink {nsdecls("w", "r")} r:id="{id_}"><w:r><w:t>the page</w:t></w:r></w:hyperlink>'
        )
    )
    document.add_picture(io.BytesIO(picture(9, 9, b"\0\xff\0")))
    document.inline_shapes[0]._inline.docPr.set("descr", "a green square")
    document.add_table(1, 2, style="Light Grid").cell(0, 1).text = "in a table"
    return saved(document)


LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
STYLED = "a {{r x }} z"
EVERY_LOOK = {
    "bold": {"bold": True},
    "italic": {"italic": True},
    "underline": {"underline": True},
    "wave": {"underline": "wave"},
    "no underline that Word knows": {"underline": "zigzag"},
    "strike": {"strike": True},
    "colour": {"color": "#FF0000"},
    "highlight": {"highlight": "#ffff00"},
    "size": {"size": 40},
    "superscript": {"superscript": True},
    "subscript": {"subscript": True},
    "font": {"font": "Courier New"},
    "font of a region": {"font": "eastAsia:Noto Sans CJK"},
    "style": {"style": "Strong"},
    "a style that the template has not got": {"style": "Nowhere"},
    "the id of a paragraph style": {"style": "Heading1"},
    "right to left": {"rtl": True, "bold": True, "italic": True, "lang": "ar-SA"},
    "language": {"lang": "fr-FR"},
    "all": {
        "style": "Emphasis",
        "color": "00ff00",
        "highlight": "eeeeee",
        "size": 18,
        "bold": True,
        "italic": True,
        "underline": "double",
        "strike": True,
        "font": "Arial",
        "lang": "cy-GB",
    },
}
SIGNS = "a & b < c > d \"e\" 'f' &amp; &#65; ]]> <w:b/>"


def listed(tpl: Any) -> dict[str, Any]:
    return {
        "items": [R("one", bold=True), R("two", italic=True)],
        "group": {"text": R("in a dict", color="0000ff")},
        "thing": SimpleNamespace(text=R("in an object", size=30)),
    }


# One template a line: its lines of text (`support/template_cases.py`), and its values.
SAME: dict[str, tuple[str, Values]] = {
    **{
        f"rich text, {name}": (STYLED, lambda tpl, look=look: {"x": R("words", **look)})
        for name, look in EVERY_LOOK.items()
    },
    "rich text in pieces": (
        STYLED,
        lambda tpl: {"x": rich(("one ", {}), ("two", {"bold": True}), (" three", {}))},
    ),
    "rich text in rich text": (
        STYLED,
        lambda tpl: {"x": rich(("one ", {"italic": True}), (R("two", bold=True), {}))},
    ),
    "rich text of numbers": (STYLED, lambda tpl: {"x": R(12.5, bold=True)}),
    "rich text with all signs": (STYLED, lambda tpl: {"x": R(SIGNS, bold=True)}),
    "rich text with tags of Jinja's": (STYLED, lambda tpl: {"x": R("{{ y }} {% if %} {# #}")}),
    "rich text with lines and tabs": (STYLED, lambda tpl: {"x": R("a\nb\tc\n\nd", bold=True)}),
    "rich text with a new paragraph": (
        "[List Bullet] a {{r x }}",
        lambda tpl: {"x": R("b\ac", bold=True)},
    ),
    "rich text with a new page": ("[List Bullet] a {{r x }}", lambda tpl: {"x": R("b\fc")}),
    "rich text that is empty": (STYLED, lambda tpl: {"x": RichText()}),
    "rich text of 10,000 characters": (STYLED, lambda tpl: {"x": R("æ≠😀 " * 2500, bold=True)}),
    "rich text of emoji and Hebrew": (
        STYLED,
        lambda tpl: {"x": R("👩🏽‍🚒 שלום עולם e\u0301 \u200f", rtl=True, bold=True)},
    ),
    "a link": (
        STYLED,
        lambda tpl: {
            "x": R(
                "page",
                url_id=tpl.build_url_id("https://example.org/?a=1&b=2#c"),
                color="0000ee",
                underline=True,
            )
        },
    ),
    "two links to one page": (
        STYLED,
        lambda tpl: {
            "x": rich(
                ("one", {"url_id": tpl.build_url_id("https://example.org/")}),
                (" and ", {}),
                ("other", {"url_id": tpl.build_url_id("https://example.org/")}),
            )
        },
    ),
    "rich text from lists, dicts and objects": (
        "{%p for i in items %}\n- {{r i }}\n{%p endfor %}\n{{r group.text }}\n{{r thing.text }}",
        listed,
    ),
    "rich text in table cells": ("| {{r x }} | b {{r x }} |", lambda tpl: {"x": R("c", bold=True)}),
    "rich text in the rows of a table": (
        "| h | i |\n| {%tr for i in items %} | |\n| {{ loop.index }} | {{r i }} |\n| {%tr endfor %} | |",
        listed,
    ),
    "rich text in the cells of a row": (
        "| {%tc for i in items %} | {{r i }} | {%tc endfor %} |",
        listed,
    ),
    "rich text in a header and a footer": (
        "header: a {{r x }}\nfooter: b {{r x }}\nbody",
        lambda tpl: {"x": R("c", bold=True, color="ff0000")},
    ),
    "rich text that is set": ("{% set y = x %}{{r y }}", lambda tpl: {"x": R("a", bold=True)}),
    "rich text that is chosen": (
        "{{r x if y else z }}{{r z if y else x }}",
        lambda tpl: {"x": R("a", bold=True), "z": R("b", italic=True), "y": True},
    ),
    "rich text or nothing": (
        "a{{r x or '' }}b{{r y or '' }}c{{r z|default('') }}d",
        lambda tpl: {"x": R("1"), "y": None},
    ),
    "rich text as a default": (
        "{{r z|default(x) }}{{r y|d(x, true) }}",
        lambda tpl: {"x": R("a", bold=True), "y": ""},
    ),
    "rich text if there is some": (
        "{%p if x %}\n{{r x }}\n{%p endif %}\n{%p if not x %}\nnone\n{%p endif %}",
        lambda tpl: {"x": R("a")},
    ),
    "a listing": ("a {{ x }} z", lambda tpl: {"x": Listing("one\ntwo\tthree")}),
    "a listing with all signs": ("a {{ x }} z", lambda tpl: {"x": Listing(SIGNS)}),
    "a listing of a number": ("a {{ x }} z", lambda tpl: {"x": Listing(12)}),
    "a listing in a styled run": ("a ¦{{ x }}¦ z", lambda tpl: {"x": Listing("one\ntwo\n")}),
    "a listing of paragraphs": (
        "[List Number] a ¦{{ x }}¦ z",
        lambda tpl: {"x": Listing("one\atwo\a\athree")},
    ),
    "a listing of pages": ("[Heading 1] a ¦{{ x }}¦ z", lambda tpl: {"x": Listing("one\ftwo")}),
    "a listing of paragraphs in a cell": (
        "| {{ x }} | {{ x }} |",
        lambda tpl: {"x": Listing("one\atwo\nthree")},
    ),
    "a listing in a header": (
        "header: {{ x }}\nbody",
        lambda tpl: {"x": Listing("one\atwo\nthree")},
    ),
    "a listing of 2,000 lines": ("{{ x }}", lambda tpl: {"x": Listing("line & more\n" * 2_000)}),
    "paragraphs": (
        "above\n{{p x }}\nbelow",
        lambda tpl: {
            "x": paragraphs(
                ("plain", None), ("a bullet", "ListBullet"), (R("bold", bold=True), "Heading2")
            )
        },
    ),
    "paragraphs in a style that the template has not got": (
        "{{p x }}",
        lambda tpl: {"x": paragraphs(("a", "Nowhere"), ("b", "Strong"))},
    ),
    "paragraphs in a cell": (
        "| {{p x }} | b |",
        lambda tpl: {"x": paragraphs(("a", "ListBullet"), ("b", None))},
    ),
    "paragraphs in a loop": (
        "{%p for i in items %}\n{{p i }}\n{%p endfor %}",
        lambda tpl: {"items": [RP("one"), RP(R("two", bold=True))]},
    ),
    "paragraphs in a header": (
        "header: {{p x }}\nbody",
        lambda tpl: {"x": RP(R("a\nb\ac", italic=True))},
    ),
    "a picture": ("a {{ x }}", lambda tpl: {"x": image(tpl)}),
    "a picture of a width": ("a {{ x }}", lambda tpl: {"x": image(tpl, width=Mm(30))}),
    "a picture of a height": ("a {{ x }}", lambda tpl: {"x": image(tpl, height=Mm(30))}),
    "a picture of a size": ("a {{ x }}", lambda tpl: {"x": image(tpl, width=Mm(30), height=Mm(5))}),
    "a picture from a file": (
        "{{ x }}",
        lambda tpl: {"x": InlineImage(tpl, str(_file("photo & plan.png", picture(30, 40))))},
    ),
    "a picture that is a link": (
        "{{ x }}",
        lambda tpl: {"x": image(tpl, anchor="https://example.org/?a=1&b=2")},
    ),
    "pictures in a loop": (
        "{%p for i in items %}\n{{ i }}\n{%p endfor %}\n{{ items[0] }}",
        lambda tpl: {"items": [image(tpl), image(tpl, width=Mm(9)), image(tpl)]},
    ),
    "pictures in the rows of a table": (
        "| h |\n| {%tr for i in items %} |\n| {{ i }} |\n| {%tr endfor %} |",
        lambda tpl: {"items": [image(tpl), image(tpl, width=Mm(9))]},
    ),
    "a picture in a header and a footer": (
        "header: {{ x }}\nfooter: f {{ x }}\nbody {{ x }}",
        lambda tpl: {"x": image(tpl, width=Mm(10))},
    ),
    "a subdocument": ("above\n{{p x }}\nbelow", lambda tpl: {"x": subdoc(tpl)}),
    "a subdocument in a cell": ("| {{p x }} | b |", lambda tpl: {"x": _simple_subdoc(tpl)}),
    "a subdocument if there is one": (
        "{%p if x %}\n{{p x }}\n{%p endif %}\n{{p y or '' }}",
        lambda tpl: {"x": subdoc(tpl), "y": None},
    ),
    "subdocuments in a loop": (
        "{%p for i in items %}\n{{p i }}\n{%p endfor %}",
        lambda tpl: {"items": [subdoc(tpl), _simple_subdoc(tpl)]},
    ),
    "a subdocument from a file": (
        "above\n{{p x }}\nbelow",
        lambda tpl: {"x": tpl.new_subdoc(_file("annex.docx", annex()))},
    ),
    "two subdocuments from files": (
        "{{p x }}\n{{p y }}",
        lambda tpl: {
            "x": tpl.new_subdoc(_file("annex.docx", annex())),
            "y": tpl.new_subdoc(_file("other.docx", annex(style="Other"))),
        },
    ),
    "everything at once": (
        "header: {{r x }}\n{{r x }} and {{ l }}\n{{p p }}\n| {{ i }} | {{p p }} |\n{{p s }}\n{{ n }}",
        lambda tpl: {
            "x": R("x", bold=True),
            "l": Listing("a\nb"),
            "p": RP("p", parastyle="ListBullet"),
            "i": image(tpl),
            "s": subdoc(tpl),
            "n": 5,
        },
    ),
}

_FOLDER: list[Path] = []


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    _FOLDER[:] = [tmp_path]
    return tmp_path


def _file(name: str, data: bytes) -> Path:
    path = _FOLDER[0] / name
    path.write_bytes(data)
    return path


def _simple_subdoc(tpl: Any) -> Any:
    made = tpl.new_subdoc()
    made.add_paragraph("one", style="List Bullet")
    made.add_paragraph("two")
    return made


@pytest.mark.parametrize("name", SAME)
def test_papergen_gives_what_docxtpl_gives(name: str, tmp_path: Path) -> None:
    template, values = SAME[name]
    ours, theirs = both(build(template), values)
    assert seen(ours) == seen(theirs)
    one_look = name.startswith("rich text, ") and name != "rich text, all"
    assert (broken(ours) if one_look else invalid(ours, tmp_path)) == []


def test_notes_of_a_subdocument_come_along(tmp_path: Path) -> None:
    """docxtpl loses the address of the link in the note."""
    template = build("{{p x }}\n{{p x }}")
    ours, theirs = both(template, lambda tpl: {"x": tpl.new_subdoc(_file("notes.docx", noted()))})
    assert seen(ours)["document"] == seen(theirs)["document"]
    (note,) = seen(ours)["footnotes"][0]
    assert note[3] == [("A note; ", frozenset(), None), ("a link", frozenset(), "https://n.org/")]
    assert len(seen(ours)["footnotes"]) == 2
    assert len(seen(ours)["endnotes"]) == 2
    assert invalid(ours, tmp_path) == []


def noted() -> bytes:
    """A document with a footnote, which has a link, and an endnote."""
    ends = "<w:r><w:separator/></w:r>"
    notes = {
        kind: f'<w:{kind} w:type="separator" w:id="-1"><w:p>{ends}</w:p></w:{kind}>'
        f'<w:{kind} w:id="1"><w:p><w:r><w:t xml:space="preserve">A note; </w:t></w:r>{more}</w:p></w:{kind}>'
        for kind, more in (
            ("footnote", '<w:hyperlink r:id="rId7"><w:r><w:t>a link</w:t></w:r></w:hyperlink>'),
            ("endnote", ""),
        )
    }
    body = (
        '<w:p><w:r><w:t>Text</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r>'
        '<w:r><w:endnoteReference w:id="1"/></w:r></w:p><w:sectPr/>'
    )
    parts = raw_parts(body, footnotes=notes["footnote"], endnotes=notes["endnote"])
    parts["word/_rels/footnotes.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId7" Type="{LINK}" Target="https://n.org/" TargetMode="External"/>'
        "</Relationships>"
    )
    return zipped(parts)


# Where the two differ: the table in docs/templates.md has a row for each.


def ours(template: str, values: Values, folder: Path) -> bytes:
    """papergen's document, which must be valid."""
    made = by_papergen(build(template), values)
    assert invalid(made, folder) == []
    return made


def faults(template: str, values: Values) -> list[str]:
    """The faults that papergen finds; each has its place, and says what to do."""
    with pytest.raises(TemplateError) as found:
        by_papergen(build(template), values)
    for problem in found.value.problems:
        assert problem.hint
        assert problem.where is not None
        assert "paragraph “" in str(problem.where)
    return [f"{problem.code}: {problem.message}" for problem in found.value.problems]


def test_rich_text_keeps_its_look_in_a_tag_without_r(tmp_path: Path) -> None:
    values: Values = lambda tpl: {"x": R("b", bold=True)}  # noqa: E731
    (paragraph,) = seen(ours("a {{ x }} c", values, tmp_path))["document"]
    bold = frozenset({("b", "on")})
    assert paragraph[3] == [("a ", frozenset(), None), ("b", bold, None), (" c", frozenset(), None)]
    theirs = by_docxtpl(build("a {{ x }} c"), values)
    assert '<w:r><w:t xml:space="preserve">a <w:r>' in unzipped_document(theirs)


def unzipped_document(document: bytes) -> str:
    return open_package(document).members["word/document.xml"].decode()


@pytest.mark.parametrize(
    ("tag", "shown"), [("{{r x }}", " z"), ("{{ i }}", " z"), ("{{r x }} {{ i }}", " z")]
)
def test_the_text_after_a_value_keeps_its_look(tag: str, shown: str, tmp_path: Path) -> None:
    template, values = f"a ¦b {tag} z¦", lambda tpl: {"x": R("c"), "i": image(tpl)}
    bold = frozenset({("b", "on")})
    (paragraph,) = seen(ours(template, values, tmp_path))["document"]
    assert paragraph[3][-1] == (shown, bold, None)
    (paragraph,) = seen(by_docxtpl(build(template), values))["document"]
    assert paragraph[3][-1][1] == frozenset()


def test_a_link_in_a_header_leads_to_its_address(tmp_path: Path) -> None:
    """docxtpl's names a relationship of the main document."""
    values: Values = lambda tpl: {"x": R("p", url_id=tpl.build_url_id("https://e.org/"))}  # noqa: E731
    ((paragraph),) = seen(ours("header: {{r x }}\nb", values, tmp_path))["hdr"]
    assert paragraph[3] == [("p", frozenset(), "https://e.org/")]
    ((paragraph),) = seen(by_docxtpl(build("header: {{r x }}\nb"), values))["hdr"]
    assert paragraph[3] == [("p", frozenset(), "nowhere")]


def test_a_subdocument_in_a_header_has_its_pictures_and_links(tmp_path: Path) -> None:
    values: Values = lambda tpl: {"x": tpl.new_subdoc(_file("annex.docx", annex()))}  # noqa: E731
    made = seen(ours("header: {{p x }}\nb", values, tmp_path))
    assert made["hdr"][:4] == seen(ours("{{p x }}", values, tmp_path))["document"][:4]
    theirs = by_docxtpl(build("header: {{p x }}\nb"), values)
    assert broken(theirs)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (lambda tpl: R("a & b", bold=True), "a & b"),
        (lambda tpl: Listing("a & b\ac"), "a & b\nc"),
        (lambda tpl: image(tpl), "picture"),
        (lambda tpl: RP("a & b"), "a & b"),
    ],
)
def test_what_stands_in_a_line_gets_a_paragraph_of_its_own(
    kind: Any, shown: str, tmp_path: Path
) -> None:
    values: Values = lambda tpl: {"x": kind(tpl)}  # noqa: E731
    assert text(ours("above\n{{p x }}\nbelow", values, tmp_path)) == f"above\n{shown}\nbelow"
    assert text(ours("| {{p x }} |", values, tmp_path)) == shown
    assert text(ours("header: {{p x }}\nb", values, tmp_path), "hdr") == shown


@pytest.mark.parametrize("kind", [lambda tpl: Listing("b\tc"), lambda tpl: image(tpl)])
def test_a_listing_or_a_picture_may_stand_for_a_run(kind: Any, tmp_path: Path) -> None:
    """Of a listing docxtpl shows nothing, of a picture what follows it is lost."""
    values: Values = lambda tpl: {"x": kind(tpl)}  # noqa: E731
    made = seen(ours("¦a {{r x }} z¦", values, tmp_path))["document"]
    assert made == seen(ours("¦a {{ x }} z¦", values, tmp_path))["document"]
    assert seen(by_docxtpl(build("¦a {{r x }} z¦"), values))["document"] != made


@pytest.mark.parametrize("tag", ["{{ x }}", "{{r x }}", "a {{ x }}"])
@pytest.mark.parametrize("kind", [lambda tpl: RP("a"), subdoc])
def test_paragraphs_do_not_stand_within_a_line(tag: str, kind: Any) -> None:
    (fault,) = faults(tag, lambda tpl: {"x": kind(tpl)})
    assert fault.endswith("holds paragraphs, and cannot stand inside a line")


@pytest.mark.parametrize(
    ("look", "fault"),
    [
        ({"color": "red"}, "the colour “red” is none that Word knows"),
        ({"color": "#12345"}, "the colour “12345” is none that Word knows"),
        ({"highlight": "yellow"}, "the highlight “yellow” is none that Word knows"),
        ({"size": 10.5}, "the size “10.5” is none that Word knows"),
        ({"size": 9999}, "the size “9999” is none that Word knows"),
        ({"lang": "en_GB"}, "the language “en_GB” is none that Word knows"),
        (
            {"color": '"/><w:br/><w:i w:val="1'},
            "this RichText holds “br”, which docxtpl does not make",
        ),
        (
            {"style": '"/></w:rPr><w:drawing/><w:rPr><w:b w:val="1'},
            "this RichText holds “drawing”, which docxtpl does not make",
        ),
        (
            {"style": 'Strong" w:rsidR="1'},
            "this RichText holds the setting “rsidR”, which docxtpl does not make",
        ),
        (
            {"style": 'Strong"/><w:u w:val="7'},
            "the underline “7” is none that Word knows",
        ),
        (
            {"style": 'Strong"/><w:b w:val="perhaps'},
            "this RichText holds the setting “val”, which docxtpl does not make",
        ),
        ({"font": 'A"B'}, "the XML of this RichText cannot be read"),
        ({"style": "<b>"}, "the XML of this RichText cannot be read"),
        ({"url_id": "rId1"}, "the link of this RichText was made for another template"),
        ({"url_id": "papergenLinkxyz"}, "the link of this RichText leads nowhere"),
    ],
)
def test_a_look_that_word_does_not_know_is_refused(look: dict[str, Any], fault: str) -> None:
    assert faults(STYLED, lambda tpl: {"x": R("a", **look)}) == [f"template-value: {fault}"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "  ",
        "javascript:alert(1)",
        " JavaScript:x",
        "java\tscript:x",
        "data:text/html,x",
        "a\x01b",
        "\ud800",
    ],
)
def test_a_link_leads_nowhere_but_to_an_address(address: str) -> None:
    def values(tpl: Any) -> dict[str, Any]:
        return {"x": R("a", url_id=tpl.build_url_id(address))}

    (fault,) = faults(STYLED, values)
    assert "is no address that a link can lead to" in fault


@pytest.mark.parametrize("name", ["Bodoni & Co", "A &amp; B", "Trebuchet &x;"])
def test_a_font_may_have_an_ampersand_in_its_name(name: str, tmp_path: Path) -> None:
    values: Values = lambda tpl: {"x": R("a", font=name)}  # noqa: E731
    (paragraph,) = seen(ours("{{r x }}", values, tmp_path))["document"]
    assert ("ascii", name.replace("&amp;", "&")) in paragraph[3][0][1]


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x0b", "\x1b", "\ud800", "\ufffe", "\uffff"])
@pytest.mark.parametrize("kind", [R, RP, Listing])
def test_a_character_that_no_word_file_can_hold_is_told(sign: str, kind: Any) -> None:
    tag = "{{p x }}" if kind is RP else "{{ x }}"
    assert faults(f"a {tag}" if kind is not RP else tag, lambda tpl: {"x": kind(f"a{sign}b")}) == [
        f"template-value: the value holds the character U+{ord(sign):04X}, which no Word file can hold"
    ]


@pytest.mark.parametrize("value", [RichText, Listing, RichTextParagraph])
def test_xml_of_ones_own_is_not_taken(value: Any, tmp_path: Path) -> None:
    made = value("a")
    made.xml += "<w:p><w:r><w:instrText>INCLUDETEXT x</w:instrText></w:r></w:p>"
    if value is Listing:
        shown = text(ours("{{ x }}", lambda tpl: {"x": made}, tmp_path))
        assert shown == "a<w:p><w:r><w:instrText>INCLUDETEXT x</w:instrText></w:r></w:p>"
    else:
        (fault,) = faults("{{p x }}", lambda tpl: {"x": made})
        assert "which docxtpl does not make" in fault


@pytest.mark.parametrize(
    "xml", [None, "a", "<w:r>a</w:r>", "<w:r><w:t>a</w:r>", "<?x y?>", "<!DOCTYPE a>"]
)
def test_xml_that_is_none_of_docxtpls_is_not_taken(xml: Any) -> None:
    made = R("a")
    made.xml = xml
    assert len(faults("{{r x }}", lambda tpl: {"x": made})) == 1


def test_text_that_looks_like_markup_stays_text(tmp_path: Path) -> None:
    hostile = "</w:t></w:r></w:p><w:p/> <?papergen-value 0?> <?papergen-break page?> {_{ x }_} &lt;"
    values: Values = lambda tpl: {"x": R(hostile), "y": Listing(hostile), "z": hostile}  # noqa: E731
    made = ours("{{r x }}\n{{ y }}\n{{ z }}", values, tmp_path)
    assert text(made) == "\n".join([hostile] * 3)
    assert "{{ x }}" in text(by_docxtpl(build("{{r x }}"), values))  # `{_{` has become `{{`


@pytest.mark.parametrize(
    "tag",
    [
        "{{r x ~ x }}",
        "{{ 'a' ~ x }}",
        "{{r l|join }}",
        "{{r l|join(', ') }}",
        "{{ x|upper }}",
        "{{ x|replace('a', 'b') }}",
        "{{ x|string }}",
        "{{ x|cap }}",
        "{{ '%s'|format(x) }}",
        "{{ '%s' % x }}",
        "{{ x|truncate(3) }}",
    ],
)
@pytest.mark.parametrize("kind", [lambda tpl: R("a"), image, _simple_subdoc])
def test_what_docxtpl_makes_is_not_joined_to_text(tag: str, kind: Any) -> None:
    values: Values = lambda tpl: {"x": kind(tpl), "l": [kind(tpl), kind(tpl)]}  # noqa: E731
    (fault,) = faults(tag, values)
    assert fault.startswith("template-value: ")


@pytest.mark.parametrize(
    "tag",
    [
        "{{ x.xml }}",
        "{{ x.add('b') }}",
        "{{ x.save('f') }}",
        "{{ x.docx }}",
        "{{ x.tpl.render({}) }}",
        "{{ x['xml'] }}",
        "{{ [x]|map(attribute='xml')|join }}",
    ],
)
@pytest.mark.parametrize(
    "kind", [lambda tpl: R("a"), image, _simple_subdoc, lambda tpl: Listing("a")]
)
def test_a_template_does_not_reach_into_what_docxtpl_makes(tag: str, kind: Any) -> None:
    with pytest.raises(TemplateError) as found:
        by_papergen(build(tag), lambda tpl: {"x": kind(tpl)})
    assert all(problem.where is not None for problem in found.value.problems)


@pytest.mark.parametrize("tag", ["{{r x }}", "{{p x }}"])
@pytest.mark.parametrize("value", ["text", 5, ["a"], {"a": 1}, True])
def test_a_plain_value_stands_for_no_run_and_no_paragraph(tag: str, value: object) -> None:
    """docxtpl writes its text where Word shows none."""
    (fault,) = faults(tag, lambda tpl: {"x": value})
    assert fault.startswith("template-value: a ")


def test_a_new_paragraph_does_not_double_a_section(tmp_path: Path) -> None:
    template = raw(
        f"<w:p><w:pPr><w:sectPr/></w:pPr>{run('a {{ x }} z')}</w:p><w:p>{run('b')}</w:p><w:sectPr/>"
    )
    values: Values = lambda tpl: {"x": Listing("b\ac")}  # noqa: E731
    made = by_papergen(template, values)
    assert text(made) == "a b\nc z\nb"
    first, second, *_ = re.findall("<w:p>.*?</w:p>", unzipped_document(made))
    assert ("<w:sectPr" in first, "<w:sectPr" in second) == (False, True)
    assert unzipped_document(made).count("<w:sectPr") == 2
    assert unzipped_document(by_docxtpl(template, values)).count("<w:sectPr") == 3


def test_a_new_paragraph_in_a_link_makes_two_links(tmp_path: Path) -> None:
    template = raw(
        f'<w:p><w:hyperlink w:anchor="there">{run("a {{ x }} z")}</w:hyperlink></w:p><w:sectPr/>'
    )
    made = by_papergen(template, lambda tpl: {"x": Listing("b\ac")})
    assert unzipped_document(made).count('<w:hyperlink w:anchor="there">') == 2
    assert text(made) == "a b\nc z"


def test_a_new_paragraph_does_not_begin_in_a_content_control() -> None:
    inner = f"<w:sdt><w:sdtContent>{run('a {{ x }} z')}</w:sdtContent></w:sdt>"
    with pytest.raises(TemplateError, match="a new paragraph cannot begin here"):
        by_papergen(raw(f"<w:p>{inner}</w:p><w:sectPr/>"), lambda tpl: {"x": Listing("b\ac")})


def test_a_link_within_a_link_stands_beside_it() -> None:
    template = raw(
        f'<w:p><w:hyperlink w:anchor="there">{run("a {{ x }} z")}</w:hyperlink></w:p><w:sectPr/>'
    )
    made = by_papergen(
        template, lambda tpl: {"x": R("b", url_id=tpl.build_url_id("https://e.org"))}
    )
    document = unzipped_document(made)
    assert text(made) == "a b z"
    assert document.count("<w:hyperlink") == document.count("</w:hyperlink>") == 3
    assert not re.search(r"<w:hyperlink(?:(?!</w:hyperlink>).)*<w:hyperlink", document)


def test_line_ends_of_windows_are_line_breaks(tmp_path: Path) -> None:
    made = ours("{{ x }}", lambda tpl: {"x": Listing("a\r\nb\rc")}, tmp_path)
    assert text(made) == "a\nb\nc"


def test_the_file_s_properties_take_the_text_of_rich_text() -> None:
    document = docx.Document()
    document.core_properties.title = "T {{ x }} {{ y }}"
    template = saved(document)
    made = by_papergen(template, lambda tpl: {"x": R("a & b", bold=True), "y": Listing("c")})
    assert docx.Document(io.BytesIO(made)).core_properties.title == "T a & b c"
    for kind in (image, subdoc):
        with pytest.raises(TemplateError, match="cannot stand in the file’s properties"):
            by_papergen(template, lambda tpl, kind=kind: {"x": kind(tpl), "y": ""})


def test_pictures_and_rich_text_stand_in_notes(tmp_path: Path) -> None:
    """docxtpl has no picture there: it fails."""
    note = f'<w:footnote w:id="1"><w:p>{run("{{ x }} {{r y }}")}</w:p></w:footnote>'
    body = '<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p><w:sectPr/>'
    template = raw(body, footnotes=note)

    def values(tpl: Any) -> dict[str, Any]:
        return {"x": image(tpl), "y": R("b", url_id=tpl.build_url_id("https://e.org"))}

    ((paragraph,),) = seen(by_papergen(template, values))["footnotes"]
    assert [piece[0] for piece in paragraph[3]] == ["picture", " ", "b"]
    with pytest.raises(AttributeError):
        by_docxtpl(template, values)


# Pictures


def test_a_picture_that_is_not_there_is_told_with_its_place(tmp_path: Path) -> None:
    (fault,) = faults("a {{ x }}", lambda tpl: {"x": InlineImage(tpl, str(tmp_path / "no.png"))})
    assert "no.png” cannot be read (No such file or directory)" in fault


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        b"<svg/>",
        b"\x89PNG\r\n\x1a\n",
        picture()[:20],
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"GIF89a",
        b"BM",
        b"II*\0",
        picture(0, 0),
        b"PK\3\4",
    ],
)
def test_what_is_no_picture_is_told_with_its_place(data: bytes) -> None:
    (fault,) = faults("a {{ x }}", lambda tpl: {"x": InlineImage(tpl, io.BytesIO(data))})
    assert "is not a picture that Word takes" in fault or "has no width or height" in fault


@pytest.mark.parametrize("source", [None, 5, io.StringIO("text"), object()])
def test_what_is_no_file_is_told_with_its_place(source: Any) -> None:
    (fault,) = faults("a {{ x }}", lambda tpl: {"x": InlineImage(tpl, source)})
    assert "is not a picture that Word takes" in fault


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    (fault,) = faults("a {{ x }}", lambda tpl: {"x": InlineImage(tpl, str(tmp_path))})
    assert "cannot be read (Is a directory)" in fault


@pytest.mark.parametrize(
    "size", [{"width": 0}, {"height": -5}, {"width": "wide"}, {"width": 10**15}]
)
def test_a_picture_has_a_size_that_word_takes(size: dict[str, Any]) -> None:
    assert faults("a {{ x }}", lambda tpl: {"x": image(tpl, **size)}) == [
        "template-value: the picture has no width or height that Word takes"
    ]


def test_a_picture_is_given_by_a_path_as_well(tmp_path: Path) -> None:
    path = _file("a.png", picture())
    made = ours("{{ x }}", lambda tpl: {"x": InlineImage(tpl, path)}, tmp_path)
    assert seen(made)["document"][0][3][0][4] == "a.png"


def test_one_picture_is_kept_once(tmp_path: Path) -> None:
    made = ours(
        "header: {{ x }}\n{%p for i in [1, 2, 3] %}\n{{ x }}\n{%p endfor %}",
        lambda tpl: {"x": image(tpl)},
        tmp_path,
    )
    assert [name for name in open_package(made).members if "media" in name] == [
        "word/media/image1.png"
    ]


# Subdocuments


def test_a_subdocument_may_be_printed_twice(tmp_path: Path) -> None:
    """Ids of drawings and names of bookmarks are its own each time."""

    def values(tpl: Any) -> dict[str, Any]:
        document = docx.Document(io.BytesIO(annex()))
        first = document.paragraphs[0]._p
        first.append(parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="3" w:name="Place"/>'))
        first.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="3"/>'))
        document.paragraphs[1]._p.append(
            parse_xml(
                f'<w:hyperlink {nsdecls("w")} w:anchor="Place"><w:r><w:t>up</w:t></w:r></w:hyperlink>'
            )
        )
        return {"x": tpl.new_subdoc(_file("marked.docx", saved(document)))}

    made = ours("{{p x }}\n{{p x }}", values, tmp_path)
    document = unzipped_document(made)
    assert 'w:anchor="Place"' in document
    assert 'w:anchor="Place_2"' in document
    found = seen(made)["document"]
    assert [block[3] for block in found[:1]] == [block[3] for block in found[len(found) // 2 :][:1]]


def test_comments_of_a_subdocument_stay_behind(tmp_path: Path) -> None:
    marks = (
        '<w:commentRangeStart w:id="4"/><w:r><w:t>text</w:t></w:r><w:commentRangeEnd w:id="4"/>'
        '<w:r><w:commentReference w:id="4"/></w:r>'
    )
    source = raw(f"<w:p>{marks}</w:p><w:sectPr/>")
    made = ours("{{p x }}", lambda tpl: {"x": tpl.new_subdoc(_file("c.docx", source))}, tmp_path)
    assert text(made) == "text"
    assert "comment" not in unzipped_document(made)


def test_a_section_of_a_subdocument_stays_out_of_cells_and_headers(tmp_path: Path) -> None:
    source = raw(f"<w:p><w:pPr><w:sectPr/></w:pPr>{run('a')}</w:p><w:p>{run('b')}</w:p><w:sectPr/>")
    values: Values = lambda tpl: {"x": tpl.new_subdoc(_file("s.docx", source))}  # noqa: E731
    for template, sections in (("{{p x }}", 2), ("| {{p x }} |", 1), ("header: {{p x }}\nb", 1)):
        document = unzipped_document(ours(template, values, tmp_path))
        assert document.count("<w:sectPr") == sections


def test_a_cell_ends_with_a_paragraph_where_a_subdocument_ends_with_a_table(tmp_path: Path) -> None:
    def values(tpl: Any) -> dict[str, Any]:
        made = tpl.new_subdoc()
        made.add_table(1, 1).cell(0, 0).text = "inner"
        return {"x": made, "y": tpl.new_subdoc()}

    made = ours("| {{p x }} | {{p y }} |\nend", values, tmp_path)
    assert text(made) == "inner\n\n\nend"


def test_lists_of_subdocuments_count_each_for_itself(tmp_path: Path) -> None:
    def values(tpl: Any) -> dict[str, Any]:
        return {name: tpl.new_subdoc(_file(f"{name}.docx", annex(style=name))) for name in "xy"}

    made = open_package(ours("[List Number] 1\n{{p x }}\n{{p y }}", values, tmp_path))
    used = [node.get(f"{W}val") for node in made.stories["word/document.xml"].iter(f"{W}numId")]
    assert len(used) == len(set(used)) == 2
    known = made.part("numbering").findall(f"{W}num")
    assert {*used} <= {node.get(f"{W}numId") for node in known}


@pytest.mark.parametrize(
    "style",
    [
        'x"/><w:b w:val="true"/><w:b w:val="true"/><w:i w:val="true',
        'x"/><w:color w:val="FF0000" w:tgtFrame="q',
        'x"/></w:rPr><w:t>z</w:t></w:r><w:r><w:t>q</w:t><w:rPr><w:rStyle w:val="z',
        'x" xmlns:q="http://example.org/q',
    ],
)
def test_the_name_of_a_style_brings_no_structure(style: str) -> None:
    (fault,) = faults("{{r x }}", lambda tpl: {"x": RichText("a", style=style, bold=True)})
    assert "this RichText" in fault


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("hyperlink", "javascript:alert(1)"),
        ("image", "http://example.org/x.png"),
        ("oleObject", "file://example.org/x.docx"),
        ("subDocument", "file:///x.docx"),
    ],
)
def test_a_subdocument_leads_to_pages_only(kind: str, address: str) -> None:
    document = docx.Document()
    id_ = document.part.relate_to(address, LINK.replace("hyperlink", kind), is_external=True)
    document.add_paragraph("See ")._p.append(
        parse_xml(
            f'<w:hyperlink {nsdecls("w", "r")} r:id="{id_}"><w:r><w:t>x</w:t></w:r></w:hyperlink>'
        )
    )
    source = saved(document)
    (fault,) = faults("{{p x }}", lambda tpl: {"x": tpl.new_subdoc(_file("out.docx", source))})
    assert "which is not a link to a page" in fault or "leads nowhere" in fault


def test_subdocuments_that_make_a_document_too_long_are_one_fault() -> None:
    document = docx.Document()
    for number in range(3000):
        document.add_paragraph(f"paragraph {number}")
    source = saved(document)
    (fault,) = faults(
        "{%p for i in range(200) %}\n{{p x }}\n{%p endfor %}",
        lambda tpl: {"x": tpl.new_subdoc(_file("long.docx", source))},
    )
    assert "this paper would be far too long" in fault


def test_a_subdocument_whose_relationships_lead_nowhere_is_refused_with_its_name() -> None:
    document = docx.Document()
    data = saved(document)
    broken = rewritten(data, "word/_rels/document.xml.rels", b"styles.xml", b"nothing.xml")
    with pytest.raises(TemplateError) as found:
        Template(build("a")).new_subdoc(_file("astray.docx", broken))
    assert "astray.docx" in str(found.value.problems[0].where)


def rewritten(data: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """The package with other bytes in a member."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(old, new) if name == member else content)
    return stream.getvalue()


def test_a_list_of_a_subdocument_stays_a_list_in_a_template_that_has_none(tmp_path: Path) -> None:
    """To Word the number 0 means “no list”."""
    document = docx.Document()
    document.add_paragraph("{{p x }}")
    numbering = document.part.numbering_part.element
    for node in numbering.findall(f"{W}num"):
        numbering.remove(node)
    for properties in list(document.styles.element.iter(f"{W}numPr")):
        properties.getparent().remove(properties)
    listed = docx.Document()
    number = listed.part.numbering_part.element.find(f"{W}num").get(f"{W}numId")
    properties = listed.add_paragraph("in a list")._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = int(number)
    source = saved(listed)
    values: Values = lambda tpl: {"x": tpl.new_subdoc(_file("x.docx", source))}  # noqa: E731
    made = open_package(by_papergen(saved(document), values))
    used = {node.get(f"{W}val") for node in made.stories["word/document.xml"].iter(f"{W}numId")}
    known = {node.get(f"{W}numId") for node in made.part("numbering").findall(f"{W}num")}
    assert used
    assert used <= known - {"0"}


def test_the_styles_of_a_subdocument_bring_what_they_are_based_on(tmp_path: Path) -> None:
    document = docx.Document()
    base = document.styles.add_style("Own base", WD_STYLE_TYPE.PARAGRAPH)
    document.styles.add_style("Own", WD_STYLE_TYPE.PARAGRAPH).base_style = base
    document.add_paragraph("a", style="Own")
    source = saved(document)
    values: Values = lambda tpl: {"x": tpl.new_subdoc(_file("o.docx", source))}  # noqa: E731
    made = open_package(ours("{{p x }}", values, tmp_path))
    assert {"Own", "Ownbase"} <= set(made.styles)
    assert "Ownbase" not in open_package(by_docxtpl(build("{{p x }}"), values)).styles


def test_notes_of_a_subdocument_have_no_place_in_a_header() -> None:
    (fault,) = faults(
        "header: {{p x }}\nb", lambda tpl: {"x": tpl.new_subdoc(_file("notes.docx", noted()))}
    )
    assert "the subdocument has notes, which can stand in the text only" in fault


def test_a_subdocument_that_word_would_repair_is_refused() -> None:
    source = raw('<w:p/><w:altChunk r:id="rId9"/><w:sectPr/>')
    with pytest.raises((TemplateError, KeyError)):
        by_papergen(build("{{p x }}"), lambda tpl: {"x": tpl.new_subdoc(_file("a.docx", source))})


@pytest.mark.parametrize("data", [b"", b"text", b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_file_that_is_no_document_makes_no_subdocument(data: bytes) -> None:
    with pytest.raises(TemplateError) as found:
        Template(build("a")).new_subdoc(_file("bad.docx", data))
    assert "bad.docx" in str(found.value.problems[0].where)
    with pytest.raises(FileNotFoundError):
        Template(build("a")).new_subdoc(_FOLDER[0] / "nothing.docx")


def test_docxtpls_own_makers_take_papergens_template(tmp_path: Path) -> None:
    path = _file("annex.docx", annex())
    made = ours(
        "{{p x }}\n{{p y }}",
        lambda tpl: {"x": Subdoc(tpl, str(path)), "y": Subdoc(tpl)},
        tmp_path,
    )
    assert text(made).startswith("In its own style\nin a list\nSee the page\n")


def test_values_that_were_made_for_docxtpls_template_are_taken(tmp_path: Path) -> None:
    template = build("{{p s }}\n{{ i }}")
    other = DocxTemplate(io.BytesIO(template))
    made = Template(template).render({"s": subdoc(other), "i": image(other)})
    assert seen(made) == seen(by_docxtpl(template, lambda tpl: {"s": subdoc(tpl), "i": image(tpl)}))
    assert invalid(made, tmp_path) == []


# The engine


def test_a_template_is_rendered_again_and_again_by_many_threads() -> None:
    template = Template(build("header: {{ i }}\n{{r x }}\n{{p s }}\n{{ i }}"))
    values = {"x": R("a\ab", bold=True), "s": subdoc(template), "i": image(template)}
    values["x"].add("link", url_id=template.build_url_id("https://example.org/"))
    first = template.render(values)
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(template.render(values))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [first] * 6
    assert template.render({"x": R("b"), "s": RP("c"), "i": "d"}) != first


def test_all_faults_of_values_are_told_at_once() -> None:
    found = faults(
        "{{ i }}\n{{r x }}\n{{r y }}\n{{p s }}",
        lambda tpl: {
            "i": InlineImage(tpl, io.BytesIO(b"x")),
            "x": R("a", color="red"),
            "y": R("fine"),
            "s": RP("a\x01"),
        },
    )
    assert len(found) == 3
    assert (
        len(
            faults(
                "{{ i }}\n{{ no }}\n{{ l }}",
                lambda tpl: {"i": InlineImage(tpl, "no.png"), "l": Listing("\0")},
            )
        )
        == 3
    )


def test_pictures_beyond_all_bounds_are_too_much_work() -> None:
    found = faults(
        "{% for i in range(99999) %}{% for j in range(99) %}{{ x }}{% endfor %}{% endfor %}",
        lambda tpl: {"x": image(tpl)},
    )
    assert any(fault.startswith("template-work") for fault in found)


LOADED = """
import io, sys
from papergen.word import Template
template = Template(open(sys.argv[1], "rb").read())
template.render({"x": "a", "items": [1, 2.5, None], "y": {"z": "<&>"}})
print(sorted({"docx", "docxtpl", "docxcompose"} & set(sys.modules)))
from docxtpl import RichText
template.render({"x": "a", "items": [], "y": {"z": 1}})
print("papergen.word.docxtpl_values" in sys.modules)
template.render({"x": RichText("a"), "items": [], "y": {"z": 1}})
print("papergen.word.docxtpl_values" in sys.modules)
"""


def test_docxtpl_is_loaded_only_where_one_of_its_values_is_met() -> None:
    path = _file(
        "t.docx", build("{{ x }}\n{%p for i in items %}\n{{ i or '' }}\n{%p endfor %}\n{{ y.z }}")
    )
    command = [sys.executable, "-c", LOADED, str(path)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert shown.split("\n") == ["[]", "False", "True", ""]
