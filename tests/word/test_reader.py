"""Word papers read back: papergen's own drafts, papers made with python-docx, and hostile files."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papers import BRANDS, PAPERS, draft
from validity import W, open_package

from papergen.errors import PapergenError, TemplateError
from papergen.word import reader
from papergen.word.paper import WordPaper, WordParagraph
from papergen.word.reader import read_paper

for_each_brand = pytest.mark.parametrize("brand", BRANDS)
for_each_paper = pytest.mark.parametrize("paper", PAPERS, ids="-".join)
REFERENCE = re.compile(r"REF (\S+)( \\w)? \\h")


def read(document: Document) -> WordPaper:
    return read_paper(saved(document), "made.docx")


def saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def oxml(text: str) -> Any:
    """An element; `w:` and `r:` are declared."""
    return parse_xml(re.sub(r"(?<=<)([\w:]+)", rf"\1 {nsdecls('w', 'r')}", text, count=1))


def body_paragraph(document: Document, inner: str) -> None:
    """A paragraph of this XML at the end of the document."""
    document.element.body.sectPr.addprevious(oxml(f"<w:p>{inner}</w:p>"))


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def lines(paper: WordPaper) -> list[str]:
    return [f"{each.number} {each.text}".strip() for each in paper.document]


# Papergen's own drafts


@for_each_paper
def test_cached_references_are_the_numbers_that_are_read(paper: tuple[str, str, str]) -> None:
    read_back = read_paper(draft(*paper).docx, "draft")
    fields = [field for each in read_back.document for field in each.fields]
    for field in fields:
        found = REFERENCE.fullmatch(field.instruction)
        if found is None:
            assert field.instruction.startswith("SEQ ")
            continue
        target = read_back.bookmarked(found[1])
        assert target is not None
        if found[2]:
            assert target.full_number == field.result
        else:
            assert target.text.startswith(f"{field.result}: ")
    assert bool(fields) == (paper[0] != "post-inspection-gaps")


@pytest.mark.parametrize(
    ("brand", "references"),
    [
        ("central-bedfordshire", "10 2(b) 2(b)(ii) 6 3 4(c) 1 5 6 2(b) 1 2(b)(ii) 3"),
        ("plain", "3.2 1.2(b) 1.2(b)(ii) 2.2 1.3 1.4(c) 1.1 2.1 2.2 1.2(b) 1.1 1.2(b)(ii) 1.3"),
    ],
)
def test_cached_references_are_read_in_order(brand: str, references: str) -> None:
    paper = read_paper(draft("everything", brand, "board").docx, "draft")
    results = [field.result for each in paper.document for field in each.fields]
    assert " ".join(results) == references


def test_the_sample_is_numbered_from_1_to_23() -> None:
    paper = read_paper(draft("post-inspection", "central-bedfordshire", "hwb").docx, "draft")
    numbers = [each.number for each in paper.document if each.style == "Numbered paragraph"]
    assert numbers == [str(number) for number in range(1, 24)]


@for_each_brand
def test_a_second_list_under_one_paragraph_starts_anew(brand: str) -> None:
    paper = read_paper(draft("everything", brand, "board").docx, "draft")
    numbers = {each.text: each.number for each in paper.document}
    texts = ("alpha;", "beta;", "gamma, which starts anew;", "delta;")
    assert [numbers[text] for text in texts] == ["(a)", "(b)", "(a)", "(b)"]


@for_each_brand
def test_headings_are_read_with_their_levels(brand: str) -> None:
    paper = read_paper(draft("post-inspection", brand, "hwb").docx, "draft")
    headings = {each.text: (each.heading, each.style) for each in paper.headings}
    assert headings["Governance"] == (1, "Heading 1")
    assert headings["Health"] == (2, "Heading 2")


@for_each_brand
def test_comments_are_read_with_the_words_they_are_on(brand: str) -> None:
    made = draft("post-inspection-gaps", brand, "hwb")
    paper = read_paper(made.docx, "draft")
    parts = open_package(made.docx)
    assert len(paper.comments) == len(parts.part("comments"))
    for comment in paper.comments:
        assert comment.author == "papergen"
        assert comment.date == ""
        assert re.fullmatch(r"\[to be confirmed: .+\]", comment.quote)
        assert comment.text.startswith("To be confirmed: ")
        assert comment.paragraph is not None
        assert comment.quote in comment.paragraph.text
        assert comment.id in comment.paragraph.comments


@for_each_brand
def test_tables_are_read_with_their_header_rows(brand: str) -> None:
    made = draft("post-inspection-drafted", brand, "hwb").docx
    found = read_paper(made, "draft").tables
    expected = docx.Document(io.BytesIO(made)).tables
    assert len(found) == len(expected)
    for table, known in zip(found, expected, strict=True):
        assert [row.header for row in table.rows] == [True] + [False] * (len(known.rows) - 1)
        texts = [[cell.text for cell in row.cells] for row in table.rows]
        assert texts == [[cell.text for cell in row.cells] for row in known.rows]


@for_each_paper
def test_paragraphs_are_those_that_python_docx_reads(paper: tuple[str, str, str]) -> None:
    made = draft(*paper).docx
    found = [
        (each.style, each.text) for each in read_paper(made, "draft").document if each.cell is None
    ]
    known = docx.Document(io.BytesIO(made)).paragraphs
    assert found == [(each.style.name, each.text) for each in known]


@for_each_brand
def test_headers_and_footers_are_read(brand: str) -> None:
    paper = read_paper(draft("post-inspection", brand, "hwb").docx, "draft")
    edges = [each for each in paper.paragraphs if each.story != "document"]
    assert [(each.story, each.part) for each in edges] == [
        ("header", "word/header1.xml"),
        ("footer", "word/footer1.xml"),
        ("footer", "word/footer2.xml"),
    ]
    assert edges[0].text == "Central Bedfordshire Council"
    assert edges[1].text.endswith("\tPage 1 of 1")
    assert [field.instruction for field in edges[1].fields] == ["PAGE", "NUMPAGES"]


# Numbers


def numbered_document(numbering: str) -> Document:
    """An empty document with these lists."""
    document = docx.Document()
    root = document.part.numbering_part.element
    for child in list(root):
        root.remove(child)
    for element in oxml(f"<w:numbering>{numbering}</w:numbering>"):
        root.append(element)
    return document


def abstract(number: int, *levels: tuple[str, str] | str) -> str:
    """An abstract list of these levels: format and pattern, or the XML inside w:lvl."""
    written = []
    for index, level in enumerate(levels):
        inner = level
        if isinstance(level, tuple):
            inner = (
                f'<w:start w:val="1"/><w:numFmt w:val="{level[0]}"/><w:lvlText w:val="{level[1]}"/>'
            )
        written.append(f'<w:lvl w:ilvl="{index}">{inner}</w:lvl>')
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(written)}</w:abstractNum>'


def num(number: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def add(document: Document, text: str, number: int | None = None, level: int | None = None) -> None:
    listed = ""
    if level is not None:
        listed += f'<w:ilvl w:val="{level}"/>'
    if number is not None:
        listed += f'<w:numId w:val="{number}"/>'
    properties = f"<w:pPr><w:numPr>{listed}</w:numPr></w:pPr>" if listed else ""
    body_paragraph(document, properties + run(text))


def formats_document() -> Document:
    levels = [
        ("decimal", "%1."),
        ("decimal", "%1.%2"),
        ("lowerLetter", "(%3)"),
        ("lowerRoman", "(%4)"),
        ("upperLetter", "%5)"),
        ("upperRoman", "%6"),
        ("bullet", "–"),
    ]
    document = numbered_document(abstract(1, *levels) + num(1, 1))
    for depth in (0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 2, 0, 1, 2):
        add(document, f"level {depth}", 1, depth)
    return document


def restarts_document() -> Document:
    letters = (
        '<w:start w:val="3"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/>'
        '<w:lvlJc w:val="left"/>'
    )
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{}"/></w:lvlOverride>'
    own = (
        '<w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="upperRoman"/><w:lvlText w:val="Part %1"/></w:lvl></w:lvlOverride>'
    )
    document = numbered_document(
        abstract(1, ("decimal", "%1."), ("lowerLetter", "%2)"))
        + abstract(2, letters)
        + abstract(3, ("decimal", "%1"))
        + num(1, 1)
        + num(2, 1)
        + num(3, 1, start.format(1))
        + num(4, 1, start.format(5))
        + num(5, 2)
        + num(6, 3, own)
    )
    add(document, "first", 1, 0)
    add(document, "second", 1, 0)
    add(document, "continued by another list of the same kind", 2, 0)
    add(document, "begins again", 3, 0)
    add(document, "and goes on", 3, 0)
    add(document, "without a number")
    add(document, "from five", 4, 0)
    add(document, "goes on behind it", 1, 0)
    add(document, "an item under it", 1, 1)
    add(document, "c", 5, 0)
    add(document, "d", 5, 0)
    add(document, "a level of its own", 6, 0)
    add(document, "taken out of the list", 0, 0)
    return document


def styles_document(level: str = "", legal: str = "<w:isLgl/>") -> Document:
    """Lists linked to styles. `level`: what the style says of its level itself. `legal`: what
    makes the number of the heading an Arabic one.
    """
    linked = (
        '<w:start w:val="1"/><w:numFmt w:val="{}"/><w:pStyle w:val="{}"/><w:lvlText w:val="{}"/>'
    )
    document = numbered_document(
        abstract(
            1,
            linked.format("upperRoman", "Heading1", "%1"),
            '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="ListNumber"/>'
            f'{legal}<w:lvlText w:val="%1.%2"/>',
        )
        + num(1, 1)
    )
    for style in ("Heading 1", "List Number"):
        properties = document.styles[style].element.get_or_add_pPr()
        for known in properties.findall(f"{W}numPr"):
            properties.remove(known)
        own = level if style == "List Number" else ""
        properties.append(oxml(f'<w:numPr>{own}<w:numId w:val="1"/></w:numPr>'))
    document.add_paragraph("One", "Heading 1")
    document.add_paragraph("text", "List Number")
    document.add_paragraph("text", "List Number")
    document.add_paragraph("Two", "Heading 1")
    document.add_paragraph("text", "List Number")
    plain = document.add_paragraph("no number", "List Number")
    plain._p.get_or_add_pPr().append(
        oxml('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>')
    )
    document.add_paragraph("text", "List Number")
    return document


def test_numbers_of_each_format_and_level() -> None:
    numbers = [each.number for each in read(formats_document()).document]
    assert numbers == [
        *("1.", "1.1", "1.2", "(a)", "(b)", "(i)", "(ii)", "A)", "B)", "I", "II", "–"),
        *("(c)", "2.", "2.1", "(a)"),
    ]


def test_numbers_in_full_context() -> None:
    found = {each.number: each.full_number for each in read(formats_document()).document}
    assert found["1."] == "1"
    assert found["1.2"] == "1.2"
    assert found["(ii)"] == "1.2(b)(ii)"
    assert found["–"] == ""


def test_lists_continue_and_restart() -> None:
    assert lines(read(restarts_document())) == [
        "1. first",
        "2. second",
        "3. continued by another list of the same kind",
        "1. begins again",
        "2. and goes on",
        "without a number",
        "5. from five",
        "6. goes on behind it",
        "a) an item under it",
        "c) c",
        "d) d",
        "Part I a level of its own",
        "taken out of the list",
    ]


def test_numbers_come_from_styles_that_a_list_is_linked_to() -> None:
    found = read(styles_document())
    assert lines(found) == [
        *("I One", "1.1 text", "1.2 text", "II Two", "2.1 text", "no number", "2.2 text"),
    ]
    assert [each.list_level for each in found.document] == [0, 1, 1, 0, 1, None, 1]


def test_bullets_of_a_symbol_font_are_bullets() -> None:
    document = numbered_document(abstract(1, ("bullet", "\uf0b7")) + num(1, 1))
    add(document, "item", 1, 0)
    assert lines(read(document)) == ["• item"]


def test_levels_and_numbers_beyond_words_own_take_no_number() -> None:
    far = (
        '<w:start w:val="2000000000"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1%1%1%1"/>'
    )
    long = '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{}"/>'
    lists = abstract(1, far) + abstract(2, long.format("%1" * 500)) + num(1, 1) + num(2, 2)
    document = numbered_document(lists)
    add(document, "far", 1, 0)
    add(document, "long", 2, 0)
    add(document, "deep", 1, 12)
    add(document, "below the first", 1, -1)
    add(document, "unknown list", 7, 0)
    style = document.styles["List Number"].element.get_or_add_pPr()
    for known in style.findall(f"{W}numPr"):
        style.remove(known)
    style.append(oxml('<w:numPr><w:ilvl w:val="40"/><w:numId w:val="1"/></w:numPr>'))
    document.add_paragraph("deep style", "List Number")
    assert [each.number for each in read(document).document] == [""] * 6


def test_a_text_box_counts_its_own_lists() -> None:
    document = numbered_document(abstract(1, ("decimal", "%1")) + num(1, 1))
    listed = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    add(document, "one", 1, 0)
    box = f"<w:txbxContent><w:p>{listed}{run('in the box')}</w:p></w:txbxContent>"
    body_paragraph(document, f"{run('a box')}<w:r><w:pict>{box}</w:pict></w:r>{run(' here')}")
    add(document, "two", 1, 0)
    found = read(document)
    assert lines(found) == ["1 one", "a box here", "1 in the box", "2 two"]
    assert [each.in_text_box for each in found.document] == [False, False, True, False]


# Texts


def test_breaks_and_tabs_are_text_and_tab_stops_are_not() -> None:
    document = docx.Document()
    body_paragraph(
        document,
        '<w:pPr><w:tabs><w:tab w:val="left" w:pos="100"/></w:tabs></w:pPr>'
        "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r>",
    )
    assert read(document).document[0].text == "a\tb\nc-d"


def test_links_are_read_with_their_targets() -> None:
    document = docx.Document()
    key = document.part.relate_to("https://ambridge.example/", RT.HYPERLINK, is_external=True)
    body_paragraph(
        document,
        f'<w:hyperlink r:id="{key}">{run("the council")}</w:hyperlink>{run(" and ")}'
        f'<w:hyperlink w:anchor="there">{run("there")}</w:hyperlink>'
        f'<w:hyperlink r:id="rId999">{run("nowhere")}</w:hyperlink>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText> HYPERLINK "https://ambridge.example/a" \\l "b" </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("a field")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )
    paragraph = read(document).document[0]
    assert paragraph.text == "the council and therenowherea field"
    assert [(link.text, link.target) for link in paragraph.links] == [
        ("the council", "https://ambridge.example/"),
        ("there", "#there"),
        ("nowhere", ""),
        ("a field", "https://ambridge.example/a#b"),
    ]


def test_fields_are_read_with_their_cached_results() -> None:
    document = docx.Document()
    body_paragraph(
        document,
        f'<w:fldSimple w:instr=" PAGE ">{run("7")}</w:fldSimple>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> IF </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("hidden")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("shown")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )
    paragraph = read(document).document[0]
    assert [(field.instruction, field.result) for field in paragraph.fields] == [
        ("PAGE", "7"),
        ("DATE", "hidden"),
        ("IF", "shown"),
    ]
    assert paragraph.text == "7shown"


def test_a_field_over_several_paragraphs_belongs_to_the_first() -> None:
    document = docx.Document()
    body_paragraph(
        document,
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("One")}',
    )
    body_paragraph(document, run("Two") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    first, second = read(document).document
    assert [(field.instruction, field.result) for field in first.fields] == [("TOC", "One\nTwo")]
    assert second.fields == ()


def test_a_field_that_never_ends_hides_no_later_text() -> None:
    document = docx.Document()
    body_paragraph(document, '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("instruction"))
    body_paragraph(document, run("text"))
    body_paragraph(document, '<w:r><w:fldChar w:fldCharType="end"/></w:r>' * 2 + run("more"))
    assert lines(read(document)) == ["", "text", "more"]


def test_deleted_text_is_no_text_and_inserted_text_is() -> None:
    document = docx.Document()
    body_paragraph(
        document,
        f'{run("Of 412 doors, ")}<w:del w:id="1" w:author="A" w:date="2025-01-06T09:11:00Z">'
        "<w:r><w:delText>288</w:delText></w:r></w:del>"
        f'<w:ins w:id="2" w:author="B">{run("301")}'
        f'<w:del w:id="3" w:author="C">{run(" old")}</w:del></w:ins>{run(" are new.")}',
    )
    paragraph = read(document).document[0]
    assert paragraph.text == "Of 412 doors, 301 are new."
    assert [(each.kind, each.author, each.date, each.text) for each in paragraph.changes] == [
        ("deleted", "A", "2025-01-06T09:11:00Z", "288"),
        ("deleted", "C", "", " old"),
        ("inserted", "B", "", "301 old"),
    ]


def test_a_paragraph_that_is_deleted_or_moved_away_is_not_counted() -> None:
    document = numbered_document(abstract(1, ("decimal", "%1")) + num(1, 1))
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    for kind in ("del", "moveFrom"):
        mark = f'<w:{kind} w:id="1" w:author="A"/>'
        body_paragraph(
            document,
            f"<w:pPr>{listed}<w:rPr>{mark}</w:rPr></w:pPr>"
            f'<w:{kind} w:id="2" w:author="A">{run("gone")}</w:{kind}>',
        )
    body_paragraph(
        document,
        f'<w:pPr>{listed}</w:pPr><w:moveTo w:id="3" w:author="A">{run("here")}</w:moveTo>',
    )
    found = read(document).document
    assert [(each.number, each.text, each.deleted) for each in found] == [
        ("", "", True),
        ("", "", True),
        ("1", "here", False),
    ]
    assert [each.changes[0].kind for each in found] == ["deleted", "deleted", "inserted"]


def test_a_drawing_is_read_once() -> None:
    document = docx.Document()
    namespace = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = f"<w:txbxContent><w:p>{run('in the box')}</w:p></w:txbxContent>"
    body_paragraph(
        document,
        f'<w:r><mc:AlternateContent {namespace}><mc:Choice Requires="wps">{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>",
    )
    body_paragraph(document, run("after it"))
    found = read(document).document
    assert [(each.index, each.text) for each in found] == [
        (0, ""),
        (1, "in the box"),
        (3, "after it"),
    ]


def test_bookmarks_between_paragraphs_belong_to_the_next() -> None:
    document = docx.Document()
    document.element.body.insert(0, oxml('<w:bookmarkStart w:id="1" w:name="here"/>'))
    body_paragraph(document, '<w:bookmarkStart w:id="2" w:name="too"/>' + run("text"))
    found = read(document)
    assert found.document[0].bookmarks == ("here", "too")
    assert found.bookmarked("too") == found.document[0]
    assert found.bookmarked("nowhere") is None


def test_comments_are_read_with_range_or_mark() -> None:
    document = docx.Document()
    first = document.add_paragraph("It costs ")
    words = first.add_run("much")
    first.add_run(" money.")
    comment = document.add_comment(words, "How much?\nSay.", author="A Clerk", initials="AC")
    comment.add_paragraph("Please.")
    second = document.add_paragraph("No range.")
    document.add_comment(second.add_run("x"), "A mark", author="B")
    for kind in ("commentRangeStart", "commentRangeEnd"):
        mark = second._p.find(f"{W}{kind}")
        mark.getparent().remove(mark)
    document.add_comment(document.add_paragraph().add_run("gone"), "Nowhere", author="C")
    for node in list(document.paragraphs[-1]._p):
        document.paragraphs[-1]._p.remove(node)
    found = read(document)
    assert [(each.author, each.text, each.quote) for each in found.comments] == [
        ("A Clerk", "How much?\nSay.\nPlease.", "much"),
        ("B", "A mark", ""),
        ("C", "Nowhere", ""),
    ]
    assert [each.paragraph for each in found.comments] == [*found.document[:2], None]
    assert [each.comments for each in found.document] == [("0",), ("1",), ()]
    assert found.comments[0].date.startswith("20")


def test_headers_footers_and_notes_are_stories_of_their_own() -> None:
    document = docx.Document()
    document.add_paragraph("the text")
    document.sections[0].header.paragraphs[0].text = "on top"
    document.sections[0].footer.paragraphs[0].text = "below"
    notes = (
        f"<w:footnotes {nsdecls('w')}>"
        '<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        f'<w:footnote w:id="2"><w:p>{run("a note")}</w:p></w:footnote></w:footnotes>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    package = document.part.package
    assert package is not None
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), package)
    document.part.relate_to(part, RT.FOOTNOTES)
    found = read(document)
    assert [(each.story, each.index, each.text, each.note) for each in found.paragraphs] == [
        ("document", 0, "the text", ""),
        ("header", 0, "on top", ""),
        ("footer", 0, "below", ""),
        ("footnotes", 1, "a note", "2"),
    ]


def test_a_style_that_the_paper_lacks_is_its_default() -> None:
    document = docx.Document()
    body_paragraph(document, '<w:pPr><w:pStyle w:val="Nowhere"/></w:pPr>' + run("text"))
    (paragraph,) = read(document).document
    assert (paragraph.style, paragraph.style_id, paragraph.heading) == ("Normal", "Normal", None)


def test_outline_levels_of_paragraphs_and_of_styles_make_headings() -> None:
    document = docx.Document()
    document.styles.add_style("Mine", 1).base_style = document.styles["Heading 2"]
    document.add_paragraph("by what it is based on", "Mine")
    text = document.styles.add_style("Contents", 1)
    text.base_style = document.styles["Heading 1"]
    text.element.get_or_add_pPr().append(oxml('<w:outlineLvl w:val="9"/>'))
    document.add_paragraph("text in spite of what it is based on", "Contents")
    body_paragraph(document, '<w:pPr><w:outlineLvl w:val="3"/></w:pPr>' + run("its own"))
    body_paragraph(
        document,
        '<w:pPr><w:pStyle w:val="Heading1"/><w:outlineLvl w:val="9"/></w:pPr>' + run("text"),
    )
    assert [each.heading for each in read(document).document] == [2, None, 4, None]


# Tables


def test_tables_are_read_with_merged_cells_and_nested_tables() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for row, cells in enumerate(table.rows):
        for column, cell in enumerate(cells.cells):
            cell.text = f"{row}{column}"
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 2).merge(table.cell(2, 2))
    inner = table.cell(1, 0).add_table(1, 1)
    inner.cell(0, 0).text = "inner"
    table.rows[0]._tr.get_or_add_trPr().append(oxml("<w:tblHeader/>"))
    after = document.add_table(1, 1)
    after.cell(0, 0).text = "after"
    found = read(document)
    first, second = found.tables
    assert [row.header for row in first.rows] == [True, False, False]
    shape = [
        [(cell.column, cell.column_span, cell.row_span) for cell in row.cells] for row in first.rows
    ]
    assert shape == [
        [(0, 2, 1), (2, 1, 1)],
        [(0, 1, 1), (1, 1, 1), (2, 1, 2)],
        [(0, 1, 1), (1, 1, 1)],
    ]
    nested = first.rows[1].cells[0].tables
    assert [(each.number, each.rows[0].cells[0].text) for each in nested] == [(1, "inner")]
    assert (second.number, second.rows[0].cells[0].text) == (2, "after")
    places = {each.text: each.cell for each in found.document if each.cell and each.text}
    assert (places["21"].table, places["21"].row, places["21"].column) == (0, 2, 1)
    assert (places["inner"].table, places["inner"].row, places["inner"].column) == (1, 0, 0)


def test_cells_in_content_controls_are_cells() -> None:
    document = docx.Document()
    cell = f"<w:tc><w:p>{run('{}')}</w:p></w:tc>"
    table = (
        f'<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell.format("a")}'
        f"<w:sdt><w:sdtContent>{cell.format('b')}</w:sdtContent></w:sdt></w:tr>"
        f"<w:sdt><w:sdtContent><w:tr>{cell.format('c')}</w:tr></w:sdtContent></w:sdt></w:tbl>"
    )
    document.element.body.sectPr.addprevious(oxml(table))
    (found,) = read(document).tables
    assert [[(cell.column, cell.text) for cell in row.cells] for row in found.rows] == [
        [(1, "a"), (2, "b")],
        [(0, "c")],
    ]


# Whatever the text

TEXTS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
    ),
    max_size=40,
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(TEXTS, st.sampled_from(["Normal", "Heading 1", "List Bullet"]))))
def test_paragraphs_are_read_as_they_were_written(written: list[tuple[str, str]]) -> None:
    document = docx.Document()
    for text, style in written:
        document.add_paragraph(text, style)
    found = read(document).document
    assert [(each.text, each.style) for each in found] == written


# Damaged and hostile files


def repacked(data: bytes, changed: dict[str, bytes | None]) -> bytes:
    """The package with these members in the place of its own; None leaves one out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name in dict.fromkeys([*old.namelist(), *changed]):
            content = changed.get(name, b"") if name in changed else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return target.getvalue()


def codes(data: bytes) -> set[str]:
    with pytest.raises(TemplateError) as caught:
        read_paper(data, "bad.docx")
    for problem in caught.value.problems:
        assert problem.where is None or problem.where.source == "bad.docx"
    return {problem.code for problem in caught.value.problems}


SMALL = saved(docx.Document())


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"word/document.xml": b"<w:document"}, "template-xml"),
        ({"word/document.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, "template-xml"),
        ({"word/document.xml": b"<a/>"}, "unsafe-docx"),
        ({"word/document.xml": None}, "unsafe-docx"),
        ({"_rels/.rels": b"<a/>"}, "unsafe-docx"),
        ({"_rels/.rels": None}, "unsafe-docx"),
        ({"[Content_Types].xml": b"<a/>"}, "unsafe-docx"),
        ({"[Content_Types].xml": None}, "not-a-docx"),
        ({"word/big.bin": bytes(64_000_000)}, "unsafe-docx"),
    ],
)
def test_a_damaged_package_is_a_problem(changed: dict[str, bytes | None], code: str) -> None:
    assert codes(repacked(SMALL, changed)) == {code}


@pytest.mark.parametrize("data", [b"", b"text", SMALL[:-30], SMALL[:2000]])
def test_what_is_no_package_is_a_problem(data: bytes) -> None:
    assert codes(data) <= {"not-a-docx", "unsafe-docx"}


def test_a_template_or_a_workbook_is_no_paper() -> None:
    types = zipfile.ZipFile(io.BytesIO(SMALL)).read("[Content_Types].xml")
    other = types.replace(b"document.main+xml", b"template.main+xml")
    assert codes(repacked(SMALL, {"[Content_Types].xml": other})) == {"not-a-docx"}


def test_more_xml_than_a_paper_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_XML", 10_000)
    assert codes(SMALL) == {"unsafe-docx"}


def test_more_relationships_than_a_paper_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_RELATIONSHIPS", 5)
    assert codes(SMALL) == {"unsafe-docx"}


def test_more_styles_than_a_paper_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_STYLES", 50)
    assert codes(SMALL) == {"unsafe-docx"}


def test_a_chain_of_parts_too_long_to_follow_is_a_problem() -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    changed: dict[str, bytes | None] = {}
    for n in range(3_000):
        changed[f"word/{n}.bin"] = b"x"
        changed[f"word/_rels/{n}.bin.rels"] = relationships((kind, f"{n + 1}.bin"))
    types = zipfile.ZipFile(io.BytesIO(SMALL)).read("[Content_Types].xml")
    default = b'<Default Extension="bin" ContentType="image/png"/><Override'
    changed["[Content_Types].xml"] = types.replace(b"<Override", default, 1)
    changed["word/_rels/document.xml.rels"] = relationships((kind, "0.bin"))
    assert codes(repacked(SMALL, changed)) == {"unsafe-docx"}


def relationships(*targets: tuple[str, str]) -> bytes:
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{namespace}">{rows}</Relationships>'.encode()


def test_a_paper_with_links_to_what_is_not_in_it_opens() -> None:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    links = relationships((base + "image", "NULL"), (base + "hyperlink", "#_Toc1"))
    document = docx.Document()
    body_paragraph(document, f'<w:hyperlink r:id="rId2">{run("see")}</w:hyperlink>')
    data = repacked(saved(document), {"word/_rels/document.xml.rels": links})
    (paragraph,) = read_paper(data, "paper").document
    assert [(link.text, link.target) for link in paragraph.links] == [("see", "#_Toc1")]


def test_deep_nesting_is_read_or_refused() -> None:
    document = docx.Document()
    depth = 400
    content = "<w:ins w:id='1'>" * depth + run("deep") + "</w:ins>" * depth
    xml = f"<w:document {nsdecls('w')}><w:body><w:p>{content}</w:p></w:body></w:document>"
    assert codes(repacked(saved(document), {"word/document.xml": xml.encode()})) == {"unsafe-docx"}


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_changed_part_is_read_or_a_problem_but_never_a_crash(data: st.DataObject) -> None:
    parts = open_package(draft("post-inspection-gaps", "plain", "hwb").docx).members
    name = data.draw(st.sampled_from(sorted(parts)))
    content = bytearray(parts[name])
    at = data.draw(st.integers(0, len(content) - 1))
    length = data.draw(st.integers(0, 40))
    content[at : at + length] = data.draw(st.sampled_from([b"", b"9", b"<", b"</w:p>", b'w:val="']))
    changed = repacked(draft("post-inspection-gaps", "plain", "hwb").docx, {name: bytes(content)})
    try:
        read_paper(changed, "bad.docx")
    except PapergenError:
        return


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_parts_without_some_of_their_elements_are_read_or_a_problem(data: st.DataObject) -> None:
    from lxml import etree

    parts = open_package(draft("everything", "plain", "board").docx).members
    name = data.draw(st.sampled_from(sorted(parts)))
    root = etree.fromstring(parts[name])
    elements = [node for node in root.iter() if node is not root]
    for _ in range(data.draw(st.integers(1, 5))):
        node = data.draw(st.sampled_from(elements))
        if node.getparent() is not None:
            if data.draw(st.booleans()):
                node.getparent().remove(node)
            else:
                node.attrib.clear()
    changed = repacked(draft("everything", "plain", "board").docx, {name: etree.tostring(root)})
    try:
        read_paper(changed, "bad.docx")
    except PapergenError:
        return


# What LibreOffice shows


@pytest.mark.needs_office
def test_numbers_are_those_that_libreoffice_prints(tmp_path: Path) -> None:
    papers = {"-".join(paper): draft(*paper).docx for paper in PAPERS}
    papers["formats"] = saved(formats_document())
    papers["restarts"] = saved(restarts_document())
    # LibreOffice does not take a level from the list that names the style, nor know w:isLgl.
    papers["styles"] = saved(styles_document('<w:ilvl w:val="1"/>', legal=""))
    for name, data in papers.items():
        (tmp_path / f"{name}.docx").write_bytes(data)
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless"]
    command += ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path)]
    files = [str(path) for path in sorted(tmp_path.glob("*.docx"))]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=180)
    for name, data in papers.items():
        printed = (tmp_path / f"{name}.txt").read_text(encoding="utf-8-sig").splitlines()
        paragraphs = read_paper(data, name).document
        assert [_squeezed(line) for line in printed] == [_line(each) for each in paragraphs], name


def _line(paragraph: WordParagraph) -> str:
    return _squeezed(f"{paragraph.number} {paragraph.text}")


def _squeezed(line: str) -> str:
    """LibreOffice has bullets of its own in a text file."""
    return re.sub("^[•–◦▪] ", "• ", line.strip())
