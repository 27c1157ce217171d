"""Lists of actions as councils keep them: read to the right actions, or to questions at their
cells.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import places
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from list_cases import AS_AT, case_of, outcome
from small_papers import BODIES, paper_of, paragraphs, write_paper

import papergen
from papergen.errors import PapergenError
from papergen.workbook.read_list import read_action_list
from papergen.workbook.reading import Certainty

CASES = places.CASES / "actions" / "lists.txt"
HEAD, *BLOCKS = CASES.read_text(encoding="utf-8").split("\n=== ")
TITLES = {block.partition("\n")[0]: block.partition("\n")[2] for block in BLOCKS}


def test_there_are_as_many_cases_as_there_were() -> None:
    assert len(TITLES) >= 60


@pytest.mark.parametrize("title", TITLES)
def test_a_list_is_read_as_written_beside_it(title: str, update: bool) -> None:
    source, _, expected = TITLES[title].partition("\n---\n")
    if update:
        return
    assert outcome(case_of(source)) == expected.rstrip("\n") + "\n"


def test_the_cases_can_be_written_anew(update: bool) -> None:
    """All at once, whichever process runs it: run `--update` before any other run."""
    if update:
        sources = {title: block.partition("\n---\n")[0] for title, block in TITLES.items()}
        blocks = [
            f"\n=== {title}\n{source}\n---\n{outcome(case_of(source))}"
            for title, source in sources.items()
        ]
        CASES.write_text(
            "\n".join([HEAD.rstrip("\n"), *blocks]).replace("\n\n\n", "\n\n"), encoding="utf-8"
        )


def test_fifty_thousand_rows_are_read() -> None:
    text = "Ref,Action,Owner,Due\n" + "".join(
        f"{n},Do thing {n},Lead,30/10/2012\n" for n in range(50_000)
    )
    listed = read_action_list(text.encode(), "list.csv", as_at=AS_AT)
    last = listed.actions[-1].fields["due"]
    assert (len(listed.actions), str(last)) == (50_000, "2012-10-30")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.text(max_size=20), min_size=3, max_size=3), max_size=5))
def test_any_text_in_any_cell_is_read_or_is_a_fault(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([["Action", "Due", "RAG"], *rows])
    try:
        data = stream.getvalue().encode()
    except UnicodeEncodeError:
        return
    try:
        listed = read_action_list(data, "list.csv", as_at=AS_AT)
    except PapergenError as fault:
        hints = [problem.hint for problem in fault.problems]
    else:
        hints = ["none"]
        assert all(action.fields["text"] for action in listed.actions)
        assert all(entry.where for entry in listed.reading.entries)
    assert all(hints)


# -- in a plan


def drafted(
    folder: Path, text: str, plan: dict[str, Any], listed: bytes, name: str = "list.csv"
) -> list[str]:
    path = write_paper(folder, paper_of(text), plan=plan | {"actions": name}, bodies=BODIES)
    (folder / name).write_bytes(listed)
    return paragraphs(papergen.compile(papergen.load(path)).draft("hwb"))


def test_the_actions_of_a_plan_come_from_its_list(tmp_path: Path) -> None:
    listed = b"Ref,Action,Owner,Due\n1,Train & <learn>,director of childrens services,30/10/12\n2,{{ audit }},,\n"
    text = "{% for a in plan.actions %}{{ a.ref }} {{ a.text }}, {{ a.owner|name }}; {% endfor %}"
    (said,) = drafted(tmp_path, text, {}, listed)
    assert said.startswith(
        "1 Train & <learn>, Director of Children’s Services; 2 {{ audit }}, [to be confirmed: "
        "owner of"
    )


def test_an_owner_may_be_given_by_the_name_of_who_holds_one_post(tmp_path: Path) -> None:
    register = """
bodies:
  - {id: hwb, name: Board, powers: [note]}
posts:
  - {id: dcs, title: Director, holders: [{person: pat}]}
  - {id: head, title: Head, holders: [{person: both}]}
  - {id: deputy, title: Deputy Head, holders: [{person: both}]}
people:
  - {id: pat, name: Pat O'Lee}
  - {id: both, name: Sam Both}
"""
    path = write_paper(
        tmp_path,
        paper_of("{{ (plan.actions|first).owner|name }}"),
        plan={"actions": "list.csv"},
        bodies=register,
    )
    (tmp_path / "list.csv").write_bytes("Action,Owner\nTrain,PAT O’LEE\n".encode())
    assert paragraphs(papergen.compile(papergen.load(path)).draft("hwb")) == ["Director"]
    (tmp_path / "list.csv").write_bytes(b"Action,Owner\nTrain,Sam Both\n")
    assert paragraphs(papergen.compile(papergen.load(path)).draft("hwb")) == ["Sam Both"]


def test_they_join_the_workstreams_that_the_plan_has(tmp_path: Path) -> None:
    plan = {
        "phases": [
            {"id": "p", "number": "1", "workstreams": [{"id": "homes", "title": "Safe homes"}]}
        ]
    }
    listed = b"Theme,Action\nSafe Homes,One\nOther,Two\nhomes,Three\n"
    text = "{% for w in plan.workstreams %}{{ w.title }}: {{ w.actions|count }}; {% endfor %}"
    assert drafted(tmp_path, text, plan, listed) == ["Safe homes: 2; Other: 1;"]


def kinds_of(folder: Path, listed: bytes, plan: dict[str, Any] | None = None) -> list[str]:
    """The kinds of questions and faults of a list, with the first cell of each."""
    named = plan or {"actions": "list.csv"}
    path = write_paper(folder, paper_of("x"), plan=named, bodies=BODIES)
    (folder / "list.csv").write_bytes(listed)
    (reading,) = papergen.load(path).readings
    return [
        f"{entry.where[0].cell}: {entry.kind.code}"
        for entry in reading.entries
        if entry.level is not Certainty.NOTE
    ]


def test_what_is_not_settled_stops_no_paper(tmp_path: Path) -> None:
    listed = b"Action,Owner,Due\nTrain,Director of Childrens Servics,31/11/12\n"
    assert kinds_of(tmp_path, listed) == ["C2: no-such-date", "B2: unknown-name"]


def test_control_characters_are_left_out_and_reported(tmp_path: Path) -> None:
    listed = read_action_list(b"Action\nTrain\x07 staff\n", "list.csv", as_at=AS_AT)
    assert listed.actions[0].fields["text"] == "Train staff"
    assert [entry.kind.code for entry in listed.reading.entries] == ["control-characters"]


def test_with_the_answers_nothing_is_asked(tmp_path: Path) -> None:
    listed = b"Action,Owner,Due\nTrain,Director of Childrens Servics,31/11/12\n"
    group = {
        "file": "list.csv",
        "owners": {"Director of Childrens Servics": "as-written"},
        "due_dates": {"31/11/12": "2012-11-30"},
    }
    assert kinds_of(tmp_path, listed, {"actions": group}) == []


def test_a_fault_of_a_cell_hides_nothing_that_is_wrong_elsewhere(tmp_path: Path) -> None:
    source = "Action | Owner | Due\nTrain | | !:#REF!\nMend | |"
    with pytest.raises(PapergenError) as caught:
        drafted(tmp_path, "x {{ plan.tite }}", {}, case_of(source).data, "list.xlsx")
    codes = sorted(problem.code for problem in caught.value.problems)
    assert codes == ["undefined-name", "wrong-value"]


def test_an_action_in_yaml_takes_what_it_lacks_from_the_row_of_its_reference(
    tmp_path: Path,
) -> None:
    action = {"id": "train", "ref": "1.1", "status": "complete", "outcome": "shown"}
    plan = {
        "phases": [{"id": "p", "number": "1", "workstreams": [{"id": "w", "actions": [action]}]}]
    }
    listed = b"Ref,Action,Due,Status\n1.1,Train staff,2012-10-30,In progress\n1.2,Mend,,\n"
    text = "{% for a in plan.actions %}{{ a.ref }} {{ a.text }} {{ a.status }}; {% endfor %}"
    (said,) = drafted(tmp_path, text, plan, listed)
    assert said.startswith("1.1 Train staff complete; 1.2 Mend [to be confirmed")


def test_a_list_that_is_missing_is_told_at_the_plan(tmp_path: Path) -> None:
    path = write_paper(tmp_path, paper_of("x"), plan={"actions": "gone.xlsx"})
    with pytest.raises(PapergenError) as caught:
        papergen.load(path)
    assert [problem.code for problem in caught.value.problems] == ["file-missing"]


def test_how_a_list_was_read_is_kept(tmp_path: Path) -> None:
    path = write_paper(tmp_path, paper_of("x"), plan={"actions": "list.csv"})
    (tmp_path / "list.csv").write_bytes(b"Action,Budget\nTrain,1\n")
    (reading,) = papergen.load(path).readings
    (sheet,) = reading.sheets
    assert [(column.heading, column.field) for column in sheet.columns] == [
        ("Action", "text"),
        ("Budget", ""),
    ]
