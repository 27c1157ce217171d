"""Templates that are well-formed, and that Word would repair, or read otherwise than they look: a
fault with its place each.
"""

from __future__ import annotations

import pytest
from template_cases import compiled, faults, paragraph, raw

from papergen.word import Template

LEVEL = (
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText '
    'w:val="%1"/></w:lvl>'
)
NUMBERING = (
    f'<w:abstractNum w:abstractNumId="1">{LEVEL}</w:abstractNum><w:num '
    'w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
)
LIST = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'


def numbered(inner: str) -> str:
    return paragraph("Hello", f"<w:numPr>{inner}</w:numPr>")


def spanning(columns: str, *texts: str) -> str:
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in texts)
    span = f'<w:tc><w:tcPr><w:gridSpan w:val="{columns}"/></w:tcPr>{paragraph("Hello")}</w:tc>'
    return f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>{span}{cells}</w:tr></w:tbl><w:p/>"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            numbered('<w:numId w:val="7"/>'),
            "this paragraph belongs to the list 7, which the template has not got (w:numId)",
        ),
        (numbered("<w:numId/>"), "this paragraph’s list is nothing, which is no number (w:numId)"),
        (
            numbered('<w:numId w:val="one"/>'),
            "this paragraph’s list is “one”, which is no number (w:numId)",
        ),
        (
            numbered('<w:ilvl w:val="9"/><w:numId w:val="1"/>'),
            "this paragraph stands at level “9” of its list, and a list has 0 to 8 (w:ilvl)",
        ),
        (
            numbered('<w:ilvl/><w:numId w:val="1"/>'),
            "this paragraph stands at level nothing of its list, and a list has 0 to 8 (w:ilvl)",
        ),
        (
            paragraph("Hello", "<w:pStyle/>"),
            "this paragraph’s style has no name (w:pStyle without w:val)",
        ),
        (
            "<w:p><w:r><w:rPr><w:rStyle/></w:rPr><w:t>Hello</w:t></w:r></w:p>",
            "the style of a stretch of text here has no name (w:rStyle without w:val)",
        ),
        (
            '<w:p><w:r><w:t>Hello</w:t><x:note xmlns:x="urn:x"/></w:r></w:p>',
            "an element “note” stands here that is none of Word’s (urn:x)",
        ),
        (spanning("99999999"), "a cell spans “99999999” columns, and Word takes 1 to 63"),
        (
            spanning("99999999", "{%tc for x in xs %}", "a", "{%tc endfor %}"),
            "a cell spans “99999999” columns, and Word takes 1 to 63",
        ),
        (spanning("0"), "a cell spans “0” columns, and Word takes 1 to 63"),
    ],
)
def test_what_word_would_repair_is_told_with_its_paragraph(body: str, message: str) -> None:
    expected = [f"word/document.xml, paragraph “Hello”: template-xml: {message}"]
    assert faults(raw(body, numbering=NUMBERING)) == expected


@pytest.mark.parametrize(
    ("element", "message"),
    [
        (
            '<w:altChunk r:id="rId9"/>',
            "another file is put in here whole, to be read by Word alone (w:altChunk)",
        ),
        (
            '<x:note xmlns:x="urn:x"/>',
            "an element “note” stands here that is none of Word’s (urn:x)",
        ),
        ("<note/>", "an element “note” stands here that is none of Word’s"),
    ],
)
def test_what_stands_between_paragraphs_is_told_with_the_one_before(
    element: str, message: str
) -> None:
    data = raw(paragraph("Hello") + element)
    assert faults(data) == [
        f"word/document.xml, after the paragraph “Hello”: template-xml: {message}"
    ]
    assert faults(raw(element)) == [f"word/document.xml: template-xml: {message}"]


def test_a_list_without_a_numbering_part_is_told() -> None:
    message = "this paragraph belongs to the list 1, which the template has not got (w:numId)"
    assert faults(raw(paragraph("Hello", LIST))) == [
        f"word/document.xml, paragraph “Hello”: template-xml: {message}"
    ]
    style = (
        '<w:style w:type="paragraph" w:styleId="L"><w:name '
        f'w:val="Lot"/><w:pPr>{LIST}</w:pPr></w:style>'
    )
    expected = (
        f"word/styles.xml, style “Lot”: template-xml: {message.replace('paragraph', 'style')}"
    )
    assert faults(raw(paragraph("Hello"), styles=style)) == [expected]


@pytest.mark.parametrize("start", ["32768", "999999999999", "-4", "x", ""])
def test_a_list_that_begins_at_no_number_of_words_is_told(start: str) -> None:
    wrong = NUMBERING.replace('<w:start w:val="1"/>', f'<w:start w:val="{start}"/>')
    shown = f"“{start}”" if start else "nothing"
    message = f"level 1 of a list begins at {shown}, and Word takes 0 to 32767"
    assert faults(raw(paragraph("Hello", LIST), numbering=wrong)) == [
        f"word/numbering.xml: template-xml: {message}"
    ]
    again = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
    overridden = NUMBERING.replace("</w:num>", again)
    assert faults(raw(paragraph("Hello", LIST), numbering=overridden)) == [
        f"word/numbering.xml: template-xml: {message}"
    ]


@pytest.mark.parametrize(
    "body",
    [
        numbered('<w:numId w:val="0"/>'),
        numbered('<w:ilvl w:val="0"/>'),
        paragraph("Hello", "<w:numPr/>"),
        paragraph("Hello", LIST),
        spanning("2"),
        "<w:p><m:oMath><m:r><m:t>x</m:t></m:r></m:oMath></w:p>",
        '<w:p><w:r><w:pict><v:shape><x:any xmlns:x="urn:x"/></v:shape></w:pict></w:r></w:p>',
    ],
)
def test_what_word_reads_passes(body: str) -> None:
    assert compiled(raw(body, numbering=NUMBERING))


def test_elements_that_the_part_says_may_be_passed_over_pass() -> None:
    from template_cases import raw_parts, zipped

    parts = raw_parts(paragraph("{{ x }}"))
    document = parts["word/document.xml"].replace(
        "<w:document ", '<w:document xmlns:x="urn:x" mc:Ignorable="x" '
    )
    parts["word/document.xml"] = document.replace("</w:p>", "<x:note/></w:p>")
    assert Template(zipped(parts)).render({"x": 1})
