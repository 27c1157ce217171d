"""What a traced draft says each paragraph depends on, held to what changes when a fact changes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from lxml import etree
from mutations import Leaf, changed, leaves, others, with_spares
from papers import BRANDS, PAPERS, program
from places import CASES
from pydantic import ValidationError
from small_papers import program_of, values

from papergen.drafting.compile import with_facts
from papergen.drafting.program import Draft, Program
from papergen.drafting.sources import Sources
from papergen.errors import PapergenError
from papergen.model.bodies import Bodies
from papergen.model.cross_checks import check
from papergen.model.plan import Plan

LIST = CASES / "facts" / "printed-nowhere.txt"
PARAGRAPHS = LIST.with_name("paragraphs.txt")
REFUSED = "no other value is accepted"
MODELS: Mapping[str, Any] = {"plan": Plan, "bodies": Bodies}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXTS = {f"{W}t": None, f"{W}tab": "\t", f"{W}br": "\n"}
PROPERTIES = "docProps/core.xml"

Place = tuple[str, int]

PLAN = """
title: Recovery Plan
inspections:
  - {id: i1, inspector: ofsted}
phases:
  - id: p1
    number: 1
    status: active
    workstreams:
      - id: w1
        responsible: lscb
        actions:
          - {id: a1, ref: 1, text: Write, priority: urgent, due: 2012-07, status: complete}
          - {id: a2, ref: 2, text: Read, due: 2012-07, revised_due: [2012-08, 2012-10], status: in-progress}
          - {id: a3, ref: 3, text: Count, due: 2012-12, status: not-started}
decisions:
  - {id: d1, body: hwb, date: 2012-08-21, outcome: agreed}
meetings:
  - {id: m1, body: hwb, date: 2012-08-01, kind: formal, status: held}
  - {id: m2, body: hwb, date: 2012-09-01, kind: interim, status: held}
  - {id: m3, body: hwb, date: 2012-12, kind: formal, status: planned}
  - {id: m4, body: lscb, date: 2013-01, kind: formal, status: planned}
commitments:
  - {id: c1, what: to write, to_bodies: [lscb]}
"""
BODIES = """
bodies:
  - {id: hwb, name: Wellbeing Board, powers: [note]}
  - {id: lscb, name: Local Board, initials: LB}
  - {id: ofsted, name: Ofsted, article: none}
posts:
  - id: dcs
    title: Director of Services
    short: the Director
    holders:
      - {person: jo, to: 2012-03}
      - {person: ann, from: 2012-04}
people:
  - {id: jo, name: Jo Doe}
  - {id: ann, name: Ann Other}
"""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as read back: its text, and the hidden bookmark that it is found again by."""

    text: str
    bookmark: str = ""


def paragraphs(docx: bytes) -> dict[Place, Paragraph]:
    """All paragraphs of all parts, cached fields among their text; the core properties as one
    paragraph.
    """
    found = {}
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        for name in package.namelist():
            if name == PROPERTIES:
                found[name, 0] = Paragraph(package.read(name).decode())
            elif name.startswith(("word/document", "word/header", "word/footer")) and name.endswith(
                ".xml"
            ):
                root = etree.fromstring(package.read(name))
                for index, node in enumerate(root.iter(f"{W}p")):
                    found[name, index] = Paragraph(_text(node), _bookmark(node))
    return found


def _text(paragraph: Any) -> str:
    own = (
        node for node in paragraph.iter(*TEXTS) if next(node.iterancestors(f"{W}p")) is paragraph
    )
    return "".join(TEXTS[node.tag] or node.text or "" for node in own)


def _bookmark(paragraph: Any) -> str:
    names = (node.get(f"{W}name") for node in paragraph.iterchildren(f"{W}bookmarkStart"))
    return next((name for name in names if name.startswith("_pg_")), "")


def difference(before: Mapping[Place, Paragraph], after: Mapping[Place, Paragraph]) -> set[Place]:
    """The places of the paragraphs that say something else now: by position, or by bookmark where
    their number has changed.
    """
    if before.keys() == after.keys():
        return {place for place in before if before[place].text != after[place].text}
    now = {found.bookmark: found.text for found in after.values() if found.bookmark}
    return {
        place
        for place, found in before.items()
        if found.bookmark and now.get(found.bookmark) != found.text
    }


def named(draft: Draft) -> dict[str, set[Place]]:
    """By fact, the paragraphs that depend on it."""
    found: dict[str, set[Place]] = {}
    for one in draft.facts:
        for path in one.facts:
            found.setdefault(path, set()).add((one.part, one.index))
    return found


class Mutations:
    """The facts of a paper, changed one by one. What is refused when it is read, checked or drafted
    is no other value.
    """

    def __init__(self, given_program: Program) -> None:
        given = given_program.sources
        assert given is not None
        self.values = {root: with_spares(root, given.documents[root].value) for root in MODELS}
        self.leaves = [
            leaf
            for root, model in MODELS.items()
            for leaf in leaves(root, model, given.documents[root].value)
        ]
        self.days = list(
            dict.fromkeys([given.paper.as_at, *(one.meeting for one in given.paper.considerations)])
        )
        self.sources = replace(
            given,
            **{root: MODELS[root].model_validate(value) for root, value in self.values.items()},
        )
        self.program = with_facts(given_program, self.sources)
        self.before = {board: self.program.draft(board) for board in self.program.boards}
        self.read = {board: paragraphs(draft.docx) for board, draft in self.before.items()}

    def changes(self, leaf: Leaf) -> dict[str, set[Place]] | None:
        """By board, the paragraphs that change with any other value of the leaf; None if no other
        value is accepted.
        """
        found: dict[str, set[Place]] = {board: set() for board in self.before}
        accepted = False
        for other in others(leaf, self.leaves, self.days):
            made = self.made(leaf, other)
            drafts = made and self.drafts(made)
            if made is None or drafts is None:
                continue
            new = {
                board: draft
                for board, draft in drafts.items()
                if draft.content_hash != self.before[board].content_hash
            }
            if (new or not accepted) and not self.faultless(made):
                continue
            accepted = True
            for board, draft in new.items():
                found[board] |= difference(self.read[board], paragraphs(draft.docx))
        return found if accepted else None

    def made(self, leaf: Leaf, other: Any) -> Sources | None:
        try:
            model = MODELS[leaf.root].model_validate(
                changed(self.values[leaf.root], leaf.keys, other)
            )
        except ValidationError:
            return None
        return replace(self.sources, **{leaf.root: model})

    def faultless(self, made: Sources) -> bool:
        return not check(made.paper, made.bodies, made.plan, made.documents)

    def drafts(self, made: Sources) -> dict[str, Draft] | None:
        program = with_facts(self.program, made)
        try:
            return {board: program.draft(board) for board in program.boards}
        except PapergenError:
            return None

    def mistakes(
        self, leaves: Collection[str] | None = None
    ) -> tuple[dict[str, list[str]], set[str], set[str]]:
        """By board, where what is said is not what is seen; the leaves that change nothing; those
        that have no other value.

        `leaves`: the paths of those to change, else all.
        """
        said = {board: named(self.program.draft(board, trace=True)) for board in self.before}
        wrong: dict[str, list[str]] = {board: [] for board in said}
        silent, refused = set(), set()
        for leaf in self.leaves:
            if leaves is not None and leaf.path not in leaves:
                continue
            changes = self.changes(leaf)
            if changes is None:
                refused.add(leaf.path)
            if not any((changes or {}).values()):
                silent.add(leaf.path)
            for board in said:
                facts, seen = said[board].get(leaf.path, set()), (changes or {}).get(board, set())
                if facts != seen:
                    wrong[board].append(
                        f"{leaf.path}: only said of {sorted(facts - seen)}, only seen in "
                        f"{sorted(seen - facts)}"
                    )
        return wrong, silent, refused


def listed() -> dict[str, str]:
    """The leaves that are printed nowhere, each with its reason."""
    lines = [
        line
        for line in LIST.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return dict(line.split(": ", 1) for line in lines)


NOTHING_WRONG: Mapping[str, list[str]] = {}


def found(wrong: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    return {board: lines for board, lines in wrong.items() if lines}


def test_the_paragraphs_that_change_with_a_fact_are_those_that_are_said_to_depend_on_it() -> None:
    wrong, silent, refused = Mutations(program("post-inspection", BRANDS[0])).mistakes()
    assert found(wrong) == NOTHING_WRONG
    known = listed()
    assert silent == set(known), (
        "a leaf that is printed nowhere is not listed, or one that is listed is printed"
    )
    assert refused == {path for path, reason in known.items() if reason.startswith(REFUSED)}


def test_so_it_is_in_the_other_brand() -> None:
    mutations = Mutations(program("post-inspection", BRANDS[1]))
    wrong, silent, _ = mutations.mistakes(
        {leaf.path for leaf in mutations.leaves} - listed().keys()
    )
    assert found(wrong) == NOTHING_WRONG
    assert not silent
    said = {
        path
        for board in mutations.program.boards
        for path in named(mutations.program.draft(board, trace=True))
    }
    assert not said & listed().keys()


DRAFTED = "post-inspection-drafted"
# A drafted paper has sentences that come and go. What one that is not written would have said or
# named cannot be told (see papergen/facts/trace.py), and a line of another kind moves to another
# sentence. In a list, each entry is said to depend on how many there are, since that decides
# whether there is a list at all, and on those before it.
LISTED = {
    (1, 2): 1,
    (2, 0): 0,
    (2, 1): 0,
    (3, 1): 0,
}  # actions whose dates were put back; where the date that counts stands
INEXACT = {
    *(
        f"plan.phases[0].workstreams[{w}].actions[{a}].{field}"
        for w, a in LISTED
        for field in ("due", "status")
    ),
    *(
        f"plan.phases[0].workstreams[{w}].actions[{a}].revised_due[{last}]"
        for (w, a), last in LISTED.items()
    ),
    "plan.phases[0].workstreams[2].actions[2].due",
    *(f"plan.commitments[{number}].to_bodies[0]" for number in (1, 2)),
    "plan.ratings[0].value",
    "plan.meetings[5].status",
    "plan.phases[0].status",
    *(f"plan.phases[0].workstreams[{number}].title" for number in range(4)),
    *(f"plan.phases[0].workstreams[{number}].responsible" for number in (2, 3)),
    *(f"plan.reporting_lines[{number}].kind" for number in range(6)),
}


def test_so_it_is_in_a_paper_drafted_from_data_but_for_what_is_known() -> None:
    wrong, _, _ = Mutations(program(DRAFTED, BRANDS[0])).mistakes()
    assert {line.partition(":")[0] for lines in wrong.values() for line in lines} == INEXACT


@pytest.mark.parametrize("case", ["post-inspection-gaps", "everything"])
def test_so_it_is_in_papers_with_gaps_loops_and_references(case: str) -> None:
    wrong, _, _ = Mutations(program(case, BRANDS[0])).mistakes()
    assert found(wrong) == NOTHING_WRONG


def cases() -> dict[str, tuple[str, str]]:
    """The cases of paragraphs.txt: by title, the text and what is expected."""
    found = {}
    for block in PARAGRAPHS.read_text(encoding="utf-8").split("\n=== ")[1:]:
        title, _, rest = block.partition("\n")
        text, _, expected = rest.partition("\n---\n")
        found[title] = text, expected
    return found


BOARDS_OF = {title: f"case-{number}" for number, title in enumerate(cases())}


@pytest.fixture(scope="module")
def small() -> Program:
    """One paper for all cases: each is the text that a board of its own gets."""
    bodies = values(BODIES)
    bodies["bodies"] += [
        {"id": board, "name": board, "powers": ["note"]} for board in BOARDS_OF.values()
    ]
    considerations = [
        {
            "board": BOARDS_OF[title],
            "meeting": "2012-11-08",
            "role": "note",
            "recommendations": [{"verb": "note", "text": "x"}],
            "sections": {"only": {"text": text}},
        }
        for title, (text, _) in cases().items()
    ]
    return program_of("x", plan=PLAN, bodies=bodies, considerations=considerations)


@pytest.fixture(scope="module")
def mistakes(small: Program) -> Mapping[str, list[str]]:
    mutations = Mutations(small)
    wrong, _, _ = mutations.mistakes(
        {leaf.path for leaf in mutations.leaves if not leaf.text.startswith("case-")}
    )
    return wrong


@pytest.mark.parametrize("title", cases())
def test_each_paragraph_names_what_it_depends_on(
    title: str, small: Program, mistakes: Mapping[str, list[str]]
) -> None:
    board, (_, expected) = BOARDS_OF[title], cases()[title]
    draft = small.draft(board, trace=True)
    told = {(one.part, one.index): one.facts for one in draft.facts}
    shown = [
        _normal(
            f"{paragraph.text} << {', '.join(path.removeprefix('plan.') for path in told[place])}"
        )
        for place, paragraph in paragraphs(draft.docx).items()
        if place[0] == "word/document.xml"
    ]
    assert shown == [_normal(line) for line in expected.splitlines() if line]
    assert mistakes[board] == []


def _normal(line: str) -> str:
    """A line of an expectation, its facts in order."""
    text, _, facts = line.replace("\u00a0", " ").partition(" <<")
    return f"{text} << {', '.join(sorted(fact.strip() for fact in facts.split(',')))}"


@pytest.mark.parametrize(("case", "brand", "board"), PAPERS)
def test_tracing_changes_no_byte_of_a_paper(case: str, brand: str, board: str) -> None:
    plain, traced = program(case, brand).draft(board), program(case, brand).draft(board, trace=True)
    assert traced.docx == plain.docx
    assert traced.content_hash == plain.content_hash
    assert traced.gaps == plain.gaps
    assert plain.facts == ()


@pytest.mark.parametrize(("case", "brand", "board"), PAPERS)
def test_each_paragraph_of_a_paper_is_told_of_once(case: str, brand: str, board: str) -> None:
    draft = program(case, brand).draft(board, trace=True)
    told = [(one.part, one.index) for one in draft.facts]
    read = paragraphs(draft.docx)
    assert len(told) == len(set(told))
    assert set(told) <= set(read)
    untold = {(part, index) for part, index in read if (part, index) not in set(told)}
    # A header or footer without tags is copied as it is; the paragraph that parts two tables holds
    # nothing.
    assert all(
        not part.endswith("document.xml") or read[part, index].text == "" for part, index in untold
    )


def test_the_header_block_says_what_its_lines_depend_on() -> None:
    draft = program("post-inspection", BRANDS[0]).draft("hwb", trace=True)
    read = paragraphs(draft.docx)
    lines = {
        read[one.part, one.index].text.partition("\t")[0].rstrip(":"): one.facts
        for one in draft.facts
    }
    assert lines["Author"] == (
        "bodies.people[0].name",
        "bodies.posts[0].holders[0].person",
        "bodies.posts[0].title",
    )
    assert lines["Date"] == ()
    assert "bodies.bodies[0].names[0].name" in lines["On behalf of"]
    assert {"plan.title", "plan.decisions[0].date", "plan.decisions[0].outcome"} < set(
        lines["Title"]
    )
    assert "bodies.posts[0].short" in lines["Action required by HWB"]


def test_other_facts_need_no_other_program() -> None:
    given = program("post-inspection", BRANDS[0])
    assert given.sources is not None
    plan = given.sources.plan.model_copy(update={"title": "Other Plan"})
    other = with_facts(given, replace(given.sources, plan=plan))
    assert "Other Plan" in "".join(
        paragraph.text for paragraph in paragraphs(other.draft("hwb").docx).values()
    )
    assert with_facts(other, given.sources).draft("hwb").docx == given.draft("hwb").docx


def test_other_texts_need_another_program() -> None:
    given = program("post-inspection", BRANDS[0])
    assert given.sources is not None
    paper = given.sources.paper.model_copy(update={"title": "Another title"})
    with pytest.raises(ValueError, match="compile"):
        with_facts(given, replace(given.sources, paper=paper))
