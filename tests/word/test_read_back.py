"""The sample's papers, read back from their files with python-docx: what an officer opens is what
was asked for.
"""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from typing import Any

import docx
import pytest
from papers import BOARDS, BRANDS, draft, sources
from places import CASES
from validity import W, open_package, text_of

from papergen.model.bodies import Body

EXPECTED = CASES / "sample" / "hwb-paragraphs.txt"
SAMPLE_BOARDS = BOARDS["post-inspection"]
ASKED = {
    "hwb": (
        "receive the report and note that the Director of Children’s Services will be taking "
        "immediate action on the content"
    ),
    "lscb": (
        "receive the report and comment to the Director of Children’s Services on safeguarding "
        "issues"
    ),
    "ctb": (
        "receive the report and consider whether any amendments to the Action Plan for Children’s "
        "Services are needed"
    ),
}
WITH_GAPS = [("post-inspection-gaps", brand, "hwb") for brand in BRANDS] + [
    ("everything", brand, "board") for brand in BRANDS
]

for_each_brand = pytest.mark.parametrize("brand", BRANDS)
for_each_board = pytest.mark.parametrize("board", SAMPLE_BOARDS)
for_each_paper_with_gaps = pytest.mark.parametrize("paper", WITH_GAPS, ids="-".join)


@cache
def document(brand: str, board: str = "hwb") -> Any:
    return docx.Document(BytesIO(draft("post-inspection", brand, board).docx))


def styled(brand: str, style: str, board: str = "hwb") -> list[str]:
    return [
        paragraph.text
        for paragraph in document(brand, board).paragraphs
        if paragraph.style.name == style
    ]


# The paper for the Shadow Health and Wellbeing Board, in the example's form


def test_the_paper_begins_with_its_relation_and_its_recipient() -> None:
    first, second, third = document("central-bedfordshire").paragraphs[:3]
    assert (first.style.name, first.text) == (
        "Relation line",
        "Addendum to Health of Looked After Children",
    )
    assert (second.style.name, second.text) == (
        "Recipient line",
        "Report to the Shadow Health and Wellbeing Board (HWB)",
    )
    assert third.style.name == "Header label block"


def test_five_paragraphs_of_label_and_value_follow() -> None:
    assert [
        tuple(text.split("\t")) for text in styled("central-bedfordshire", "Header label block")
    ] == [
        (
            "Title:",
            (
                "Progress report on the implementation of the post-inspection Action Plan agreed "
                "by the Council’s Executive on 21\u00a0August 2012"
            ),
        ),
        ("Date:", "8\u00a0November 2012"),
        ("Author:", "Edwina Grant, Deputy Chief Executive/Director of Children’s Services"),
        ("On behalf of:", "Central Bedfordshire Council"),
        ("Action required by HWB:", f"To {ASKED['hwb']}."),
    ]
    styles = [paragraph.style.name for paragraph in document("central-bedfordshire").paragraphs]
    assert styles[2:8] == ["Header label block"] * 5 + ["Heading 1"]


@for_each_brand
def test_seven_headings_stand_in_the_order_of_the_example(brand: str) -> None:
    assert styled(brand, "Heading 1")[:7] == [
        "Purpose of the report",
        "Background",
        "Governance",
        "Progress",
        "Risk assessment",
        "Management activity determined by the Director of Children’s Services",
        "Conclusion",
    ]
    assert len(styled("central-bedfordshire", "Heading 1")) == 7


@for_each_brand
def test_two_subheadings_stand_in_the_risk_assessment_without_numbers(brand: str) -> None:
    risk = document(brand).paragraphs
    start, end = (
        next(i for i, p in enumerate(risk) if p.text.startswith(text))
        for text in ("Risk assess", "Management act")
    )
    found = [paragraph for paragraph in risk[start:end] if paragraph.style.name == "Heading 2"]
    assert [paragraph.text for paragraph in found] == ["Health", "Children’s Services"]
    assert all(number_of(brand, paragraph) is None for paragraph in found)


def test_the_paragraphs_are_those_that_are_expected_and_count_in_one_list() -> None:
    lines, lists = [], set()
    for paragraph in document("central-bedfordshire").paragraphs:
        if paragraph.style.name == "Numbered paragraph":
            lists.add(number_of("central-bedfordshire", paragraph))
            lines.append(f"{sum('•' not in line for line in lines) + 1}\t{paragraph.text}")
        elif paragraph.style.name == "List Bullet":
            lines.append(f"{lines[-1].partition(chr(9))[0].removesuffix('.•')}.•\t{paragraph.text}")
    expected = EXPECTED.read_text(encoding="utf-8").splitlines()
    assert [line.replace("\u00a0", " ") for line in lines] == [
        line.replace("\u00a0", " ") for line in expected
    ]
    assert sum("•" not in line for line in lines) == 23
    assert [line.partition("\t")[0] for line in lines[:5]] == ["1", "1.•", "1.•", "1.•", "2"]
    assert len(lists) == 1
    assert lists != {None}


def test_the_paragraphs_of_the_other_brand_have_the_same_text_but_for_names_at_first_mention() -> (
    None
):
    one, other = (styled(brand, "Numbered paragraph")[:23] for brand in BRANDS)
    # There the header block does not name the council; so paragraph 10 does, in full.
    different = [
        index
        for index, (left, right) in enumerate(zip(one, other, strict=True), 1)
        if left != right
    ]
    assert different == [10, 11]
    assert other[9] == one[9].replace("the Council", "Central Bedfordshire Council")
    assert other[10] == one[10].replace("16", "5.4")


@pytest.mark.parametrize(("brand", "number"), [("central-bedfordshire", "16"), ("plain", "5.4")])
def test_a_field_refers_to_the_paragraph_on_looked_after_children(brand: str, number: str) -> None:
    paragraphs = document(brand).element.body.iter(f"{W}p")
    source, target = (
        p
        for p in paragraphs
        if re.match("Insufficient evidence was|Services for looked after", text_of(p))
    )
    assert [node.get(f"{W}fldCharType") for node in source.iter(f"{W}fldChar")] == [
        "begin",
        "separate",
        "end",
    ]
    (instruction,) = source.iter(f"{W}instrText")
    bookmark = re.fullmatch(r" REF (_pg_[A-Za-z0-9_]+) \\w \\h ", instruction.text)
    assert bookmark is not None
    assert bookmark[1] in {node.get(f"{W}name") for node in target.iter(f"{W}bookmarkStart")}
    assert f"see paragraph\u00a0{number} below" in text_of(source)


def number_of(brand: str, paragraph: Any) -> tuple[str, str] | None:
    """The list and level that a paragraph counts in, its own or its style's."""
    package = open_package(draft("post-inspection", brand, "hwb").docx)
    own = paragraph._p.find(f"{W}pPr/{W}numPr")
    found = (
        own if own is not None else package.inherited(paragraph.style.style_id, f"{W}pPr/{W}numPr")
    )
    if found is None:
        return None
    level = found.find(f"{W}ilvl")
    return found.find(f"{W}numId").get(f"{W}val"), "0" if level is None else level.get(f"{W}val")


# Boards


def head_of(brand: str, board: str) -> list[str]:
    """The paragraphs before the first section, and the page headers and footers."""
    found = []
    for paragraph in document(brand, board).paragraphs:
        if paragraph.style.name == "Heading 1":
            break
        found.append(paragraph.text)
    package = open_package(draft("post-inspection", brand, board).docx)
    return found + [
        text_of(root) for root in package.stories.values() if root.tag in (f"{W}hdr", f"{W}ftr")
    ]


def asked(brand: str, board: str) -> str:
    """What the paper asks, as its head has it."""
    if brand == "plain":
        parts = [
            text.rstrip(".;").removesuffix("; and")
            for text in styled(brand, "Recommendation", board)
        ]
        return " and ".join(parts)
    (line,) = (
        text
        for text in styled(brand, "Header label block", board)
        if text.startswith("Action required")
    )
    return line.partition("\tTo ")[2].rstrip(".")


def other_names(board: str) -> set[str]:
    """Whatever another considered board is called or was called, on any day."""
    register: dict[str, Body] = {
        body.id: body for body in sources("post-inspection", "plain").bodies.bodies
    }
    found: set[str] = set()
    for other in (register[id_] for id_ in SAMPLE_BOARDS if id_ != board):
        found |= {str(name.name) for name in other.names} | {str(alias) for alias in other.aliases}
        found |= {str(name) for name in (other.short, other.initials) if name}
    return {name.replace("'", "’").removeprefix("the ") for name in found}


@for_each_brand
@for_each_board
def test_no_name_of_another_board_stands_in_the_head_or_the_recommendations(
    brand: str, board: str
) -> None:
    names = other_names(board)
    assert len(names) >= 4
    for text in [*head_of(brand, board), asked(brand, board)]:
        assert not [
            name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
        ], text


@for_each_brand
@for_each_board
def test_head_and_conclusion_ask_the_same(brand: str, board: str) -> None:
    assert asked(brand, board) == ASKED[board]
    (conclusion,) = (
        text
        for text in styled(brand, "Numbered paragraph", board)
        if text.startswith("The Board is asked to")
    )
    assert conclusion.startswith(f"The Board is asked to {ASKED[board]}. ")


@for_each_board
def test_the_label_names_the_board_that_the_paper_is_for(board: str) -> None:
    labels = [
        text.partition("\t")[0]
        for text in styled("central-bedfordshire", "Header label block", board)
    ]
    assert labels[-1] == f"Action required by {board.upper()}:"
    assert f"({board.upper()})" in styled("central-bedfordshire", "Recipient line", board)[0]


# Gaps


@for_each_paper_with_gaps
def test_each_gap_of_the_body_is_a_highlighted_run_with_a_comment_of_its_own(
    paper: tuple[str, str, str],
) -> None:
    package = open_package(draft(*paper).docx)
    body = package.stories[package.main]
    comments = {node.get(f"{W}id"): node for node in package.part("comments")}
    ranges = list(body.iter(f"{W}commentRangeStart"))
    assert len(ranges) == len(comments) >= 5
    for start in ranges:
        run, end = start.getnext(), start.getnext().getnext()
        assert end.tag == f"{W}commentRangeEnd"
        assert run.find(f"{W}rPr/{W}shd").get(f"{W}fill") == "FFFF00"
        shown = re.fullmatch(r"\[to be confirmed: (.+)\]", text_of(run))
        assert shown is not None
        comment = comments[start.get(f"{W}id")]
        assert text_of(comment).startswith(f"To be confirmed: {shown[1]}. Add ")
        assert re.search(r"\b(?:plan|bodies|paper)\.yaml\b", text_of(comment)), (
            "it says where to put the fact"
        )
    assert len(list(body.iterfind(f".//{W}rPr/{W}shd"))) == len(ranges)


@for_each_paper_with_gaps
def test_comments_are_papergens_and_have_no_date(paper: tuple[str, str, str]) -> None:
    for comment in open_package(draft(*paper).docx).part("comments"):
        assert comment.get(f"{W}author") == "papergen"
        assert comment.get(f"{W}date") is None


@for_each_paper_with_gaps
def test_the_gaps_of_a_draft_are_those_of_its_comments_each_once(
    paper: tuple[str, str, str],
) -> None:
    made = draft(*paper)
    listed = [gap.message for gap in made.gaps]
    comments = [text_of(comment) for comment in open_package(made.docx).part("comments")]
    assert len(set(listed)) == len(listed)
    assert {next(m for m in listed if text.startswith(f"T{m[1:]}. ")) for text in comments} == set(
        listed
    )
    # A field of the file's own may stand anywhere in it.
    assert all(
        gap.where is not None and (gap.where.line or re.search(r" in \w+\.yaml\b(?!:)", gap.hint))
        for gap in made.gaps
    )


@for_each_brand
def test_a_gap_where_word_takes_no_comment_is_plain(brand: str) -> None:
    package = open_package(draft("everything", brand, "board").docx)
    footers = [root for name, root in package.stories.items() if "footer" in name]
    assert len(footers) == 2
    for footer in footers:
        assert "Street Lighting Plan, to be confirmed" in text_of(footer)
        assert next(footer.iter(f"{W}shd"), None) is None
    properties = package.members["docProps/core.xml"].decode()
    assert "since to be confirmed</dc:title>" in properties
    assert "[" not in properties


@for_each_brand
@for_each_board
def test_the_form_of_the_example_has_no_gaps_and_then_no_comments_part(
    brand: str, board: str
) -> None:
    made = draft("post-inspection", brand, board)
    assert (
        ("word/comments.xml" in open_package(made.docx).members)
        == bool(made.gaps)
        == (brand == "plain")
    )


def test_a_gap_in_the_title_is_highlighted_there_too() -> None:
    package = open_package(draft("everything", "plain", "board").docx)
    title = next(
        node for node in package.stories[package.main].iter(f"{W}p") if "“lamps”" in text_of(node)
    )
    assert text_of(title).endswith(
        "since [to be confirmed: date of publication of inspection “survey”]"
    )
    assert len(list(title.iter(f"{W}shd"))) == 1
