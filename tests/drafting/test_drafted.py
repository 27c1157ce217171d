"""Papers drafted from data: which sections, what they say, and the table of actions."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import docx
import places
import pytest
from docx.oxml.ns import qn
from papers import CASES, draft, program
from small_papers import BODIES, BRAND, paper_of, paragraphs, values, write_paper
from validity import open_package

import papergen
from papergen.drafting.program import Draft
from papergen.drafting.traces import printed_paragraphs
from papergen.errors import PapergenError

READINGS = places.CASES / "drafted"
HOUSE = """{%p for s in sections %}
§ {{ s.heading }}
{{p s.body }}
{%p endfor %}
{%p for a in appendix_sections %}
§ {{ a.mark }}: {{ a.heading }}
{{p a.body }}
{%p endfor %}"""
SECTIONS = [
    {"id": "purpose", "heading": "Purpose", "required": "true"},
    {"id": "progress", "heading": "Progress"},
    {"id": "risk", "heading": "Risk"},
    {"id": "conclusion", "heading": "Conclusion", "required": "true"},
]
SCHEME = """
rag_schemes:
  - id: rag
    values:
      - {code: red, label: Red, meaning: off track, colour: F6CECE}
      - {code: green, label: Green}
"""
PLAN = """
title: Recovery Plan
rag_scheme: rag
phases:
  - id: one
    number: 1
    workstreams:
      - id: homes
        title: Homes
        actions:
          - {id: a, ref: 1.1, text: Build, owner: dcs, due: 2012-10-01, status: complete, ratings: [{value: green}]}
          - {id: b, ref: 1.2, text: Mend, owner: dcs, due: 2012-10-01, status: in-progress, ratings: [{value: red}]}
          - id: c
            ref: 1.3
            text: Paint
            status: not-started
            ratings: [{value: red, withheld: {reason: it is being checked}}]
"""


def drafted(
    folder: Path,
    sections: dict[str, Any] | None = None,
    plan: Any = PLAN,
    bodies: str = BODIES + SCHEME,
    **fields: Any,
) -> Draft:
    paper = paper_of("x", **fields)
    del paper["sections"]
    if sections is not None:
        paper["sections"] = sections
    brand = BRAND | {
        "sections": SECTIONS,
        "styles": BRAND["styles"] | {"unnumbered": "Normal", "caption": "Caption"},
    }
    path = write_paper(folder, paper, plan=plan, bodies=bodies, brand=brand, house=HOUSE)
    return papergen.compile(papergen.load(path)).draft("hwb")


def headings(made: Draft) -> list[str]:
    return [text.removeprefix("§ ") for text in paragraphs(made) if text.startswith("§ ")]


def test_a_paper_without_sections_has_those_of_its_brand(tmp_path: Path) -> None:
    assert headings(drafted(tmp_path)) == ["Purpose", "Progress", "Risk", "Conclusion"]


def test_a_required_section_that_is_left_out_is_drafted_where_the_brand_has_it(
    tmp_path: Path,
) -> None:
    own = {"extra": {"heading": "Extra", "text": "Text."}, "risk": "Text."}
    assert headings(drafted(tmp_path, own)) == ["Extra", "Purpose", "Risk", "Conclusion"]


def test_a_section_is_drafted_where_it_says_so(tmp_path: Path) -> None:
    made = drafted(
        tmp_path, {"purpose": "Ours.", "progress": "auto", "conclusion": {"text": "auto"}}
    )
    said = paragraphs(made)
    assert said[said.index("§ Purpose") + 1] == "Ours."
    assert said[-1] == "The Shadow Health and Wellbeing Board (HWB) is asked to note x."


def test_a_brand_may_have_phrases_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "templates" / "house" / "phrases" / "en" / "conclusion.md"
    own.parent.mkdir(parents=True)
    own.write_text("That is all of the {{ plan }}.\n", encoding="utf-8")
    assert paragraphs(drafted(tmp_path))[-1] == "That is all of the Recovery Plan."


def test_a_fault_in_a_phrase_of_a_brand_is_told_at_its_place(tmp_path: Path) -> None:
    own = tmp_path / "templates" / "house" / "phrases" / "en" / "conclusion.md"
    own.parent.mkdir(parents=True)
    own.write_text("One.\n\nThe {{ paln }}.\n", encoding="utf-8")
    with pytest.raises(PapergenError) as caught:
        drafted(tmp_path)
    (problem,) = caught.value.problems
    assert problem.where is not None
    assert (Path(problem.where.source), problem.where.line, problem.where.column) == (own, 3, 5)
    assert (problem.code, "plan" in problem.hint) == ("undefined-name", True)


def test_what_is_drafted_counts_what_the_plan_holds(tmp_path: Path) -> None:
    text = " ".join(paragraphs(drafted(tmp_path))).replace("\xa0", " ")
    assert (
        "of the Recovery Plan (1 of 3) were recorded as complete. One was in progress and one "
        "had not been started."
    ) in text
    assert (
        "One of the 3 actions is overdue by the date now in force: Mend (1.2, Director of "
        "Children’s Services), due"
    ) in text
    assert (
        "No due date is recorded for one of the actions that are not complete (“Paint”), so "
        "it cannot be said"
    ) in text
    assert (
        "Of the 2 actions that are rated, one is Red and one is Green. The rating of one "
        "action is not included"
    ) in text


def test_background_papers_and_the_implications_of_risk_are_those_that_the_plan_tells_of() -> None:
    said = [
        text.replace("\xa0", " ")
        for text in paragraphs(draft("action-list", "plain", "trust-board"))
    ]
    at = said.index("This report relies on the following background papers:")
    assert said[at + 1 : at + 3] == [
        "Inspection report on community health services for adults, 16 September 2025",
        "CQC Improvement Plan, November 2025",
    ]
    assert said[said.index("Risk implications") + 1].startswith(
        "The Improvement Plan has two open risks: the risk of missed visits (score with "
        "controls 15); and the risk of "
    )


def test_an_inspection_without_the_title_of_its_report_leaves_a_gap_among_the_background_papers(
    tmp_path: Path,
) -> None:
    plan = values(PLAN) | {
        "inspections": [{"id": "i", "published": "2012-04-10"}],
        "completed": "2012-07",
    }
    paper = paper_of("x", background_papers="auto", brand="plain")
    path = write_paper(tmp_path, paper, plan=plan, bodies=BODIES + SCHEME)
    said = paragraphs(papergen.compile(papergen.load(path)).draft("hwb"))
    at = said.index("This report relies on the following background papers:")
    assert said[at + 1 : at + 3] == [
        "[to be confirmed: title of the report of inspection “i”], 10\xa0April 2012",
        "Recovery Plan, July 2012",
    ]


# -- the table of actions


def test_the_table_stands_in_an_appendix_or_among_the_sections(tmp_path: Path) -> None:
    assert headings(drafted(tmp_path, action_table="appendix"))[-1] == "Appendix\xa0A: Action table"
    assert headings(drafted(tmp_path, action_table="body")) == [
        "Purpose",
        "Progress",
        "Risk",
        "Action table",
        "Conclusion",
    ]


@pytest.mark.parametrize("place", ["appendix", "body"])
def test_a_board_may_call_it_by_a_label_of_its_own(place: str, tmp_path: Path) -> None:
    paper = paper_of("x")["considerations"]
    paper[0]["labels"] = {"actions": "Actions of the plan"}
    made = drafted(tmp_path, action_table=place, considerations=paper)
    assert any(heading.endswith("Actions of the plan") for heading in headings(made))


def test_its_rows_are_the_actions_with_their_ratings_in_words_and_tints(tmp_path: Path) -> None:
    (table,) = docx.Document(io.BytesIO(drafted(tmp_path, action_table="appendix").docx)).tables
    rows = [[cell.text.replace("\xa0", " ") for cell in row.cells] for row in table.rows]
    assert rows == [
        ["Ref", "Action", "Owner", "Due", "Status", "Rating"],
        ["1.1", "Build", "Director of Children’s Services", "1 October 2012", "Complete", "Green"],
        [
            "1.2",
            "Mend",
            "Director of Children’s Services",
            "1 October 2012, overdue",
            "In progress",
            "Red",
        ],
        [
            "1.3",
            "Paint",
            "[to be confirmed: owner of action 1.3]",
            "[to be confirmed: due date of action 1.3]",
            "Not started",
            "it is being checked",
        ],
    ]
    fills = [
        [
            shade.get(qn("w:fill"))
            for shade in row._tr.iterfind(f"{qn('w:tc')}/{qn('w:tcPr')}/{qn('w:shd')}")
        ]
        for row in table.rows
    ]
    assert fills[1:] == [[], ["F6CECE"], []]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_ratings_and_their_key_are_in_the_words_of_the_boards_own_scheme(tmp_path: Path) -> None:
    own = (
        "  - {id: ours, values: [{code: red, label: Off track}, {code: green, label: On track, "
        "meaning: as planned}]}\n"
    )
    bodies = (BODIES + SCHEME + own).replace(
        "    initials: HWB\n", "    initials: HWB\n    rag_scheme: ours\n"
    )
    made = drafted(tmp_path, action_table="appendix", bodies=bodies)
    (table,) = docx.Document(io.BytesIO(made.docx)).tables
    assert [row.cells[5].text for row in table.rows][1:3] == ["On track", "Off track"]
    text = " ".join(paragraphs(made))
    assert "Of the 2 actions that are rated, one is Off track and one is On track." in text
    assert "Key to ratings: Off track; On track, as planned." in text


def test_a_column_for_which_the_plan_gives_nothing_is_left_out(tmp_path: Path) -> None:
    plan = values(PLAN)
    for action in plan["phases"][0]["workstreams"][0]["actions"]:
        del action["ratings"], action["ref"]
    (table,) = docx.Document(
        io.BytesIO(drafted(tmp_path, plan=plan, action_table="appendix").docx)
    ).tables
    assert [cell.text for cell in table.rows[0].cells] == ["Action", "Owner", "Due", "Status"]


def test_references_lead_to_tables_and_appendices_and_repeat_what_they_are_called(
    tmp_path: Path,
) -> None:
    text = "See {{ ref('actions-homes') }} in {{ ref('actions') }}."
    made = drafted(tmp_path, {"purpose": text, "conclusion": "End."}, action_table="appendix")
    assert "See Table\xa01 in Appendix\xa0A." in paragraphs(made)
    assert "Table\xa01: Homes" in paragraphs(made)
    xml = open_package(made.docx).parts["word/document.xml"]
    instructions = ["".join(text.itertext()).strip() for text in xml.iter(qn("w:instrText"))]
    names = {start.get(qn("w:name")) for start in xml.iter(qn("w:bookmarkStart"))}
    references = [
        re.fullmatch(r"REF (\w+) \\h", instruction)
        for instruction in instructions
        if "REF" in instruction
    ]
    assert [found[1] in names for found in references if found] == [True, True]
    assert instructions.count("SEQ Table \\* ARABIC") == 1


def test_a_table_of_a_text_may_have_a_caption(tmp_path: Path) -> None:
    text = (
        "Table: {{ label('t') }}Homes & more\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nAs {{ ref('t') "
        "}} shows.\n"
    )
    said = paragraphs(drafted(tmp_path, {"purpose": text, "conclusion": "End."}))
    assert said[1:3] == ["Table\xa01: Homes & more", "As Table\xa01 shows."]


# -- readings


@pytest.mark.parametrize("meeting", ["2012-07-05", "2012-11-08", "2013-01-10"])
def test_a_plan_reads_differently_at_another_meeting(
    meeting: str, tmp_path: Path, update: bool
) -> None:
    source = CASES["post-inspection-drafted"]
    paper = source.read_text(encoding="utf-8").replace("meeting: 2012-11-08", f"meeting: {meeting}")
    paper = paper.replace("as_at: 2012-10-31", f"as_at: {meeting}")
    for name in ("plan.yaml", "bodies.yaml"):
        (tmp_path / name).write_bytes((source.parent / name).read_bytes())
    (tmp_path / "paper.yaml").write_text(paper, encoding="utf-8")
    made = papergen.compile(papergen.load(tmp_path / "paper.yaml")).draft("hwb")
    written = "\n".join(paragraphs(made)).replace("\xa0", " ") + "\n"
    golden = READINGS / f"{meeting}.txt"
    if update:
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("case", "board"), [("unusual", "cabinet"), ("unusual", "boards"), ("as-listed", "cabinet")]
)
def test_what_plans_seldom_hold_is_told_as_it_is(case: str, board: str, update: bool) -> None:
    made = papergen.compile(papergen.load(READINGS / case / "paper.yaml")).draft(board)
    said = paragraphs(made)
    if case == "as-listed":
        for table in docx.Document(io.BytesIO(made.docx)).tables:
            said += [" | ".join(cell.text for cell in row.cells) for row in table.rows]
    written = "\n".join(said).replace("\xa0", " ") + "\n"
    golden = READINGS / case / f"{board}.txt"
    if update:
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text(encoding="utf-8")


def test_one_action_is_not_yet_complete(tmp_path: Path) -> None:
    plan = values(PLAN)
    (stream,) = plan["phases"][0]["workstreams"]
    stream["actions"] = [{"id": "a", "text": "Build", "due": "2013"}]
    brand = {"id": "next-steps", "heading": "Next steps"}
    made = drafted(tmp_path, {brand["id"]: {"heading": "Next", "text": "auto"}}, plan=plan)
    assert "The one action is not yet recorded as complete." in paragraphs(made)


COLUMNS = ["ref", "owner", "responsible", "due", "status", "share", "evidence", "rating"]


def test_the_table_has_what_a_list_may_hold(tmp_path: Path) -> None:
    plan = values(PLAN)
    plan["phases"][0]["workstreams"] = [
        {
            "id": "w",
            "responsible": "hwb",
            "actions": [
                {
                    "id": "a",
                    "ref": "1",
                    "text": "Build",
                    "owners": [{"post": "dcs"}, {"name": "iCT leads"}],
                    "carried_out_by": [{"name": "Acme Ltd"}],
                    "due": {"text": "Q2 2012/13", "until": "2012-09-30"},
                    "share_complete": "60",
                    "evidence": [{"title": "Minutes"}],
                },
                {"id": "b", "text": "Mend", "owners": [{"name": "all"}], "not_due": "true"},
                {"id": "c", "text": "x", "status": "suspended", "ratings": [{"value": "green"}]},
            ],
        }
    ]
    brand = BRAND | {"action_table": {"columns": COLUMNS}, "sections": SECTIONS}
    brand["styles"] = BRAND["styles"] | {"unnumbered": "Normal", "caption": "Caption"}
    paper = paper_of("x", action_table="appendix")
    path = write_paper(tmp_path, paper, plan=plan, bodies=BODIES + SCHEME, brand=brand, house=HOUSE)
    made = papergen.compile(papergen.load(path)).draft("hwb")
    (table,) = docx.Document(io.BytesIO(made.docx)).tables
    assert [[cell.text.replace("\xa0", " ") for cell in row.cells] for row in table.rows] == [
        ["Ref", "Owner", "Responsible", "Due", "Status", "Per cent complete", "Evidence", "Rating"],
        [
            "1",
            "Director of Children’s Services and iCT leads",
            "Acme Ltd",
            "Q2 2012/13, overdue",
            "[to be confirmed: status of action 1]",
            "60%",
            "Not assessed",
            "[to be confirmed: rating of action 1]",
        ],
        [
            "[to be confirmed: reference of action “Mend”]",
            "all",
            "HWB",
            "[to be confirmed: due date of action “Mend”]",
            "Not yet due",
            "Not recorded",
            "Not recorded",
            "[to be confirmed: rating of action “Mend”]",
        ],
        [
            "[to be confirmed: reference of action “x”]",
            "[to be confirmed: owner of action “x”]",
            "HWB",
            "[to be confirmed: due date of action “x”]",
            "On hold",
            "Not recorded",
            "Not recorded",
            "Green",
        ],
    ]


def test_no_drafted_paragraph_is_ill_formed() -> None:
    for brand in ("central-bedfordshire", "plain"):
        for text in paragraphs(draft("post-inspection-drafted", brand, "hwb")):
            assert text.strip() == text
            assert not re.search(
                r"  |None\b(?! of)| [,.;:]|\b1 actions\b|\{|\}", text.replace("None.", "")
            ), text


# -- the facts of the example


def test_the_facts_of_the_example_are_stated_and_traced() -> None:
    lines = (READINGS / "facts.txt").read_text(encoding="utf-8").splitlines()
    facts = [line.rsplit(" | ", 1) for line in lines if line and not line.startswith("#")]
    assert len(facts) >= 40
    made = program("post-inspection-drafted", "central-bedfordshire").draft("hwb", trace=True)
    named = {(each.part, each.index): set(each.facts) for each in made.facts}
    printed = [each for each in printed_paragraphs(made.docx) if each.part == "word/document.xml"]
    for text, path in facts:
        stating = [each for each in printed if text in each.text.replace("\xa0", " ")]
        assert stating, f"nothing states “{text}”"
        behind = set[str]().union(*(named.get((each.part, each.index), set()) for each in stating))
        assert path == "-" or path in behind, (
            f"“{text}” is not traced to {path}, but to {sorted(behind)}"
        )
