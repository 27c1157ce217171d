"""Which facts a board was told, against the traces of the same drafts; and programs that papers of
the same texts share.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pytest
import yaml
from places import SAMPLES

import papergen
from papergen.drafting.compile import compile_like
from papergen.drafting.program import Program
from papergen.facts.reported import Fact, KnownFacts, reported_facts


def facts_of(program: Program, board: str) -> dict[str, Fact]:
    _, view = program.draft_once(board)
    return {fact.key: fact for fact in reported_facts(view, KnownFacts())}


@pytest.fixture(scope="module")
def sample() -> Program:
    return papergen.compile(papergen.load(SAMPLES / "post-inspection/paper.yaml"))


@pytest.mark.parametrize(
    "paper",
    ["post-inspection/paper.yaml", "post-inspection/drafted.yaml", "action-list/paper.yaml"],
)
def test_every_fact_that_a_paragraph_states_was_told(paper: str):
    """Tracing is slower and says more; what it says is stated is among what was looked up."""
    program = papergen.compile(papergen.load(SAMPLES / paper))
    for board in program.boards:
        traced = program.draft(board, trace=True)
        stated = {fact for paragraph in traced.facts for fact in paragraph.stated}
        _, view = program.draft_once(board)
        looked_up = {f"{data.path}.{name}" for data, names in view.looked_up() for name in names}
        # A list of words or dates is one fact.
        plain = {
            re.sub(r"\[\d+\]$", "", fact)
            for fact in stated
            if fact.startswith(("plan.", "bodies."))
        }
        assert plain
        assert {
            fact for fact in plain if fact not in looked_up and fact.rpartition(".")[2] != "id"
        } == set()


def test_a_fact_has_a_key_a_label_and_its_value(sample: Program):
    facts = facts_of(sample, "hwb")
    fact = facts["plan/post-inspection/inspection ofsted/published"]
    assert (fact.label, fact.value) == (
        "date of publication of inspection “ofsted”",
        "10 April 2012",
    )
    assert list(facts) == sorted(facts)
    assert all(
        fact.label and (fact.value is None or fact.value.strip() == fact.value)
        for fact in facts.values()
    )


def test_keys_stay_where_places_in_the_file_change(tmp_path: Path, sample: Program):
    for name in ("plan.yaml", "bodies.yaml", "paper.yaml"):
        values = yaml.load(
            (SAMPLES / "post-inspection" / name).read_text(encoding="utf-8"), yaml.BaseLoader
        )
        if name == "bodies.yaml":
            values["bodies"].reverse()
        if name == "plan.yaml":
            values["milestones"].insert(0, values["milestones"][0] | {"id": "another"})
        (tmp_path / name).write_text(
            yaml.dump(values, allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
    moved = facts_of(papergen.compile(papergen.load(tmp_path / "paper.yaml")), "hwb")
    before = facts_of(sample, "hwb")
    assert {key: fact.value for key, fact in before.items()} == {
        key: moved[key].value for key in before
    }


def test_ratings_are_told_of_what_is_rated_and_not_by_their_place():
    """A new rating comes after the one before, and is to be compared with it."""
    facts = facts_of(
        papergen.compile(papergen.load(SAMPLES / "action-list/paper.yaml")), "trust-board"
    )
    ratings = {key: fact for key, fact in facts.items() if key.endswith("/ratings.value")}
    assert len(ratings) > 30
    assert all(fact.label.startswith("rating of action ") for fact in ratings.values())
    assert not any("[" in key for key in facts)


def test_drafts_once_each_are_the_same_and_keep_nothing(sample: Program):
    for board in sample.boards:
        draft, _ = sample.draft_once(board)
        assert draft.docx == sample.draft(board).docx
        assert draft.title.startswith("Progress report on the implementation")


def test_the_title_of_a_draft_is_text(tmp_path: Path):
    from many_papers import make_papers

    (path,) = make_papers(tmp_path, 1, 1)
    title = "A & B <c> \"d\" 'e' &amp;lt;"
    text = path.read_text(encoding="utf-8")
    values = yaml.load(text, yaml.BaseLoader) | {"title": title}
    path.write_text(yaml.dump(values, allow_unicode=True, sort_keys=False), encoding="utf-8")
    draft = papergen.compile(papergen.load(path)).draft("board-001")
    assert draft.title == "A & B <c> “d” ‘e’ &amp;lt;"
    assert docx.Document(io.BytesIO(draft.docx)).core_properties.title == draft.title


def test_papers_with_the_same_texts_share_what_was_compiled(tmp_path: Path, sample: Program):
    from many_papers import make_papers

    first, second = (papergen.load(path) for path in make_papers(tmp_path, 2, 2))
    program = papergen.compile(first)
    shared = compile_like([program], second, "central-bedfordshire")
    assert shared.scripts is program.scripts
    assert shared.draft("board-001").docx == papergen.compile(second).draft("board-001").docx
    assert shared.draft("board-001").docx != program.draft("board-001").docx
    other = compile_like(
        [program], papergen.load(SAMPLES / "post-inspection/paper.yaml"), "central-bedfordshire"
    )
    assert other.scripts is not program.scripts
    assert other.draft("hwb").docx == sample.draft("hwb").docx


def test_what_is_not_printed_is_told_of_the_papers_own_facts(tmp_path: Path):
    from many_papers import make_papers

    paths = make_papers(tmp_path, 2, 1)
    text = paths[1].read_text(encoding="utf-8")
    paths[1].write_text(
        text + "contact:\n  person: nobody\n" if "contact" not in text else text, encoding="utf-8"
    )
    program = papergen.compile(papergen.load(paths[0], "plain"), "plain")
    sources = (
        papergen.load(paths[1], "plain") if "contact" in text else papergen.load(paths[0], "plain")
    )
    assert (
        compile_like([program], sources, "plain").notices
        == papergen.compile(sources, "plain").notices
    )
