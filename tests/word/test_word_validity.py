"""Whole papers are valid: by two validators, by our own checks, and as goldens that are read before
they change.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from dump import dump
from ooxml_integrity import check
from openxml_audit import OpenXmlValidator
from papers import BRANDS, PAPERS, draft
from places import GOLDENS
from template_cases import paragraph, raw, run
from template_reader import contrast
from validity import (
    Package,
    W,
    bookmarks,
    comments,
    drawings,
    faults,
    fields,
    open_package,
    text_of,
)

from papergen.engine.values import Gap
from papergen.word import Template

GOLDEN_PAPERS = [("everything", brand, "board") for brand in BRANDS] + [
    ("post-inspection-gaps", "plain", "hwb")
]
GOLDEN_PAPERS += [("post-inspection-drafted", brand, "hwb") for brand in BRANDS]
GAP = Gap("owner of action 1.3", "Add “owner:” to action 1.3 in plan.yaml:9.")

for_each_paper = pytest.mark.parametrize("paper", PAPERS, ids="-".join)


# Papers


@for_each_paper
def test_validators_find_nothing_in_a_paper(paper: tuple[str, str, str], tmp_path: Path) -> None:
    path = tmp_path / "paper.docx"
    path.write_bytes(draft(*paper).docx)
    assert OpenXmlValidator().validate(str(path)).errors == []
    assert list(check(str(path))) == []


@for_each_paper
def test_our_own_checks_find_nothing_in_a_paper(paper: tuple[str, str, str]) -> None:
    assert faults(draft(*paper).docx) == []


@pytest.mark.parametrize("paper", GOLDEN_PAPERS, ids="-".join)
def test_a_paper_is_its_golden(paper: tuple[str, str, str], update: bool) -> None:
    path = GOLDENS / f"{'-'.join(paper)}.txt"
    written = dump(draft(*paper).docx)
    if update:
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")


@for_each_paper
def test_every_text_stands_out_from_its_background(paper: tuple[str, str, str]) -> None:
    found = set(colours(open_package(draft(*paper).docx)))
    assert len({colour for _, colour, _ in found}) >= 3, (
        "black, the council's colour and the footer's grey at least"
    )
    assert {(text, *pair) for text, *pair in found if contrast(*pair) < 4.5} == set()


def colours(package: Package) -> Iterator[tuple[str, str, str]]:
    """The text of each run with its colour and that of what is behind it, nearest statement
    first.
    """
    for story in package.stories.values():
        for part in story.iter(f"{W}r"):
            if not text_of(part).strip():
                continue
            inside = next(part.iterancestors(f"{W}p"))
            cell = next(part.iterancestors(f"{W}tc"), None)
            run_style, style = style_of(part, "r"), style_of(inside, "p") or "Normal"
            colour = first(
                value(part.find(f"{W}rPr/{W}color"), "val"),
                value(package.inherited(run_style, f"{W}rPr/{W}color"), "val"),
                value(package.inherited(style, f"{W}rPr/{W}color"), "val"),
            )
            background = first(
                value(part.find(f"{W}rPr/{W}shd"), "fill"),
                value(inside.find(f"{W}pPr/{W}shd"), "fill"),
                value(package.inherited(style, f"{W}pPr/{W}shd"), "fill"),
                None if cell is None else value(cell.find(f"{W}tcPr/{W}shd"), "fill"),
            )
            yield text_of(part), colour or "000000", background or "FFFFFF"


def style_of(node: Any, kind: str) -> str | None:
    return value(node.find(f"{W}{kind}Pr/{W}{kind}Style"), "val")


def value(node: Any | None, name: str) -> str | None:
    found = None if node is None else node.get(W + name)
    return None if found == "auto" else found


def first(*values: str | None) -> str | None:
    return next((each for each in values if each), None)


def test_contrast_is_measured_where_it_is_worst() -> None:
    package = open_package(draft("everything", "plain", "board").docx)
    pairs = {(colour, background) for _, colour, background in colours(package)}
    assert ("000000", "FFFF00") in pairs, "a gap"
    assert ("000000", "D9E2E8") in pairs, "a table's header row"
    assert ("0B4F9E", "FFFFFF") in pairs, "a link"


# The engine alone: what a template holds more than once, or in several parts, has an id of its own
# each time


def test_drawings_bookmarks_and_gaps_in_loops_notes_and_text_boxes_are_valid() -> None:
    template = raw(
        paragraph("{%p for x in rows %}")
        + marked("here", "{{ x }}")
        + boxed("{{ x }}")
        + paragraph("{%p endfor %}"),
        header1=boxed("{{ gap }}"),
        footnotes=f'<w:footnote w:id="1">{marked("there", "{{ gap }}")}</w:footnote>',
    )
    made = open_package(
        Template(template).render({"rows": ["one & one", GAP, "three"], "gap": GAP})
    )
    assert [
        fault for check in (bookmarks, fields, drawings, comments) for fault in check(made)
    ] == []
    shown = {part: text_of(root) for part, root in made.stories.items()}
    assert shown["word/header1.xml"] == shown["word/footnotes.xml"] == "to be confirmed"
    assert len(list(made.part("comments"))) == 1, (
        "the gap in the body; that in the text box takes none"
    )
    ids = [node.get("id") for root in made.stories.values() for node in root.iter("{*}docPr")]
    assert len(set(ids)) == 4
    names = [
        node.get(f"{W}name")
        for root in made.stories.values()
        for node in root.iter(f"{W}bookmarkStart")
    ]
    assert len(set(names)) == 4


def marked(name: str, text: str) -> str:
    """A paragraph with a bookmark round it, whose id is the same for all."""
    return (
        f'<w:p><w:bookmarkStart w:id="3" w:name="{name}"/>{run(text)}<w:bookmarkEnd '
        'w:id="3"/></w:p>'
    )


def boxed(text: str) -> str:
    """A paragraph that holds a text box."""
    shapes = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    return (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="9" cy="9"/><wp:docPr id="1" name="Box" '
        'descr="A box"/>'
        "<a:graphic "
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData '
        f'uri="{shapes}"><wps:wsp>'
        f"<wps:txbx><w:txbxContent>{paragraph(text)}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></w:r></w:p>"
    )


# The checks themselves: each finds what is put wrong in a good paper

BODY, RELS, TYPES, NUMBERS = (
    "word/document.xml",
    "word/_rels/document.xml.rels",
    "[Content_Types].xml",
    "word/numbering.xml",
)
STYLES, CORE, COMMENTS = "word/styles.xml", "docProps/core.xml", "word/comments.xml"
DRAWING = (
    '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="7" name="x"/></wp:inline></w:drawing></w:r>'
)
WRONG = [
    (BODY, '<w:bookmarkEnd w:id="1"/>', "", "bookmark 1 has no end"),
    (
        BODY,
        '<w:bookmarkStart w:id="1" w:name="_pg_purpose_1"/>',
        "",
        "the end of bookmark 1 has no start",
    ),
    (
        BODY,
        'w:id="1" w:name="_pg_purpose_1"',
        'w:id="1" w:name="_pg_purpose_2"',
        "name “_pg_purpose_2” stands 2 times",
    ),
    (
        BODY,
        'w:id="1" w:name="_pg_purpose_1"',
        'w:id="1" w:name="_PG_purpose_2"',
        "name “_pg_purpose_2” stands 2 times",
    ),
    (BODY, 'w:name="_pg_purpose_2"', 'w:name="_pg-purpose"', "“_pg-purpose” is not a name"),
    (
        BODY,
        '<w:bookmarkStart w:id="2"',
        '<w:bookmarkStart w:id="3"',
        "the bookmark id 3 stands 2 times",
    ),
    (
        BODY,
        r'(<w:tc>.*?)<w:bookmarkEnd w:id="(\d+)"/>(.*?</w:tbl>)',
        r'\1\3<w:bookmarkEnd w:id="\2"/>',
        "another container",
    ),
    (BODY, '<w:r><w:fldChar w:fldCharType="end"/></w:r>', "", "a field without an end"),
    (BODY, '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', "", "instruction outside any field"),
    (
        BODY,
        '<w:instrText xml:space="preserve">[^<]*</w:instrText>',
        "",
        "a field without an instruction",
    ),
    (BODY, r" REF _pg_\w+ ", " REF _pg_nothing ", "refers to no bookmark"),
    (
        BODY,
        r'(<w:r><w:instrText.*?</w:r>)(<w:r><w:fldChar w:fldCharType="separate"/></w:r>)',
        r"\2\1",
        "instruction after",
    ),
    (BODY, "<w:r><w:t", DRAWING + DRAWING + "<w:r><w:t", "the drawing id 7 stands 2 times"),
    (BODY, "<w:r><w:t", DRAWING + "<w:r><w:t", "drawing 7 has no alternative text"),
    (
        BODY,
        '<w:commentRangeEnd w:id="0"/>',
        "",
        "comment 0 is anchored by commentRangeStart, commentReference",
    ),
    (
        BODY,
        '<w:r><w:commentReference w:id="0"/></w:r>',
        "",
        "comment 0 is anchored by commentRangeStart, commentRangeEnd",
    ),
    (BODY, '<w:comment[A-Za-z]+ w:id="0"/>', "", "comment 0 is anchored nowhere"),
    (COMMENTS, '<w:comment w:id="0"', '<w:comment w:id="1"', "there is no comment 0"),
    (
        "word/footer1.xml",
        "<w:r><w:t",
        '<w:commentRangeStart w:id="0"/><w:r><w:t',
        "comment 0 stands where Word takes none",
    ),
    (BODY, '<w:numId w:val="4"/>', '<w:numId w:val="5"/>', "the list 5 is not defined"),
    (BODY, '<w:ilvl w:val="2"/>', '<w:ilvl w:val="9"/>', "the list 2 has no level 9"),
    (NUMBERS, '<w:num w:numId="4">', '<w:num w:numId="3">', "the list 3 is defined 2 times"),
    (
        NUMBERS,
        '<w:abstractNumId w:val="2"/>',
        '<w:abstractNumId w:val="8"/>',
        "an instance of 8, which is not defined",
    ),
    (
        NUMBERS,
        '<w:pStyle w:val="ListBullet"/>',
        '<w:pStyle w:val="SubParagraph"/>',
        "SubParagraph, which counts elsewhere",
    ),
    (BODY, '<w:pStyle w:val="Title"/>', '<w:pStyle w:val="Titel"/>', "there is no style Titel"),
    (
        BODY,
        '<w:pStyle w:val="Title"/>',
        '<w:pStyle w:val="Hyperlink"/>',
        "Hyperlink is not a paragraph style",
    ),
    (
        STYLES,
        '<w:basedOn w:val="Header"/>',
        '<w:basedOn w:val="Heading"/>',
        "names Heading in basedOn",
    ),
    (BODY, 'r:id="rIdPapergen1"', 'r:id="rIdPapergen9"', "there is no relationship rIdPapergen9"),
    (BODY, 'r:id="rIdPapergen1"', "", "rIdPapergen1 is used nowhere"),
    (
        RELS,
        'Target="header1.xml"',
        'Target="header9.xml"',
        "rId1 leads to word/header9.xml, which is not there",
    ),
    (RELS, 'Target="footer2.xml"', 'Target="footer1.xml"', "nothing leads to word/footer2.xml"),
    (RELS, 'Id="rId2"', 'Id="rId1"', "rId1 stands twice"),
    (
        TYPES,
        '<Override PartName="/word/comments.xml"[^>]*/>',
        "",
        "word/comments.xml has no content type",
    ),
    (
        TYPES,
        'PartName="/word/comments.xml"',
        'PartName="/word/comment.xml"',
        "of word/comment.xml stands 1 times for 0",
    ),
    (
        BODY,
        '<w:pStyle w:val="Heading2"/>',
        '<w:pStyle w:val="Heading3"/>',
        "of level 3, after one of level 1",
    ),
    (BODY, "<w:tblHeader/>", "", "has no header row"),
    (BODY, "<w:cantSplit/>", "", "may split"),
    (BODY, r'<w:gridCol w:w="\d+"/>', "", "of 3 columns"),
    (
        BODY,
        r'<w:p><w:pPr><w:spacing w:before="0"(?:(?!</w:p>).)*</w:p>',
        "",
        "touches the next one",
    ),
    (CORE, "<dc:title>.*</dc:title>", "<dc:title></dc:title>", "properties have no title"),
    (CORE, "<dc:creator>.*</dc:creator>", "", "properties have no creator"),
    (CORE, "en-GB", "de-DE", "the styles are in en-GB, the properties in de-DE"),
    (
        "word/settings.xml",
        '(="compatibilityMode"[^>]*) w:val="15"',
        r'\1 w:val="14"',
        "in compatibility mode",
    ),
    (BODY, "<w:sectPr>", "<w:p/><w:sectPr>", "there is an empty paragraph after “None.”"),
    (BODY, "<w:p>", '<w:p w:rsidR="00A1">', "w:rsidR= is left"),
    (BODY, "<w:r><w:t", "<w:proofErr/><w:r><w:t", "<w:proofErr is left"),
    (BODY, 'w:name="_pg_purpose_1"', 'w:name="_GoBack"', "_GoBack is left"),
    (BODY, "Recommendations</w:t>", "{{p x }}</w:t>", "a tag or a stand-in is left"),
]


@pytest.mark.parametrize(("part", "old", "new", "fault"), WRONG, ids=[fault for *_, fault in WRONG])
def test_a_check_finds(part: str, old: str, new: str, fault: str) -> None:
    members = open_package(draft("everything", "plain", "board").docx).members
    text = members[part].decode()
    count = 0 if old.startswith("<w:comment[") else 1
    changed = re.sub(old, new, text, count=count, flags=re.DOTALL)
    assert changed != text, "nothing was put wrong"
    found = faults(zipped(members | {part: changed.encode()}))
    assert any(fault in each for each in found), found


def test_a_check_finds_a_part_that_nothing_leads_to() -> None:
    members = open_package(draft("everything", "plain", "board").docx).members
    assert faults(zipped(members | {"word/media/image1.png": b""})) == [
        "nothing leads to word/media/image1.png",
        "word/media/image1.png has no content type",
    ]


def zipped(members: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()
