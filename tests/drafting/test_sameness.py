"""The same input gives the same bytes: whoever runs it, where, when, how often and in what
order.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import papers
import pytest
from small_papers import paper_of, paragraphs, write_paper

import papergen
from papergen.drafting.papers import prepare
from papergen.errors import PapergenError
from papergen.word.package import package_hash

CASES = list(papers.CASES)
SHOW = """
import hashlib, json, sys, papergen
found = {}
for brand in sys.argv[2:]:
    program = papergen.compile(papergen.load(sys.argv[1], brand), brand)
    for board in program.boards:
        draft = program.draft(board)
        found[brand + " " + board] = [draft.name.split("-")[3], draft.content_hash, hashlib.sha256(draft.docx).hexdigest()]
print(json.dumps(found))
"""


def shown(
    path: Path | str, cwd: Path, prelude: str = "", **environment: str
) -> dict[str, list[str]]:
    """Board, content hash and digest of each paper, as a process of its own makes them."""
    run = subprocess.run(
        [sys.executable, "-c", prelude + SHOW, str(path), *papers.BRANDS],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(papers.ROOT)} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(run.stdout)
    return found


def here(case: str) -> dict[str, list[str]]:
    found = {}
    for name, brand, board in papers.PAPERS:
        if name == case:
            draft = papers.draft(case, brand, board)
            digest = hashlib.sha256(draft.docx).hexdigest()
            found[f"{brand} {board}"] = [draft.name.split("-")[3], draft.content_hash, digest]
    return found


# With gaps: their comments name files and lines, which must not bring the folder in.
GAPS = "post-inspection-gaps"


def test_papers_do_not_depend_on_folder_time_zone_language_hash_seed_or_file_times(
    tmp_path: Path,
) -> None:
    expected = here(GAPS)
    copy = tmp_path / "with blanks & ümläuts" / GAPS
    shutil.copytree(papers.CASES[GAPS].parent, copy)
    for number, file in enumerate(copy.iterdir()):
        os.utime(file, (10**9 + number, 10**9 + number))
    assert (
        shown(
            "paper.yaml",
            copy,
            TZ="Pacific/Kiritimati",
            LANG="tr_TR.UTF-8",
            LC_ALL="tr_TR.UTF-8",
            PYTHONHASHSEED="1",
        )
        == expected
    )
    assert (
        shown(
            f"{GAPS}/paper.yaml",
            copy.parent,
            TZ="America/Adak",
            LANG="C",
            LC_ALL="C",
            PYTHONHASHSEED="4242",
        )
        == expected
    )


def test_the_content_hash_does_not_depend_on_how_the_bytes_are_compressed(tmp_path: Path) -> None:
    """Without isal, zlib compresses: other bytes, the same content."""
    plainly = shown(
        papers.CASES[GAPS], tmp_path, prelude="import sys; sys.modules['isal'] = None\n"
    )
    assert {key: value[:2] for key, value in plainly.items()} == {
        key: value[:2] for key, value in here(GAPS).items()
    }


@pytest.mark.parametrize(("case", "brand", "board"), papers.PAPERS)
def test_a_paper_is_the_same_traced_and_untraced_again_and_from_a_pickle(
    case: str, brand: str, board: str
) -> None:
    expected = papers.draft(case, brand, board)
    program = papers.program(case, brand)
    traced = program.draft(board, trace=True)
    assert traced.facts
    assert (traced.docx, traced.content_hash, traced.gaps, traced.name) == (
        expected.docx,
        expected.content_hash,
        expected.gaps,
        expected.name,
    )
    assert program.draft(board) == expected
    assert pickle.loads(pickle.dumps(program)).draft(board) == expected
    assert package_hash(expected.docx) == expected.content_hash


@pytest.mark.parametrize("case", CASES)
def test_a_program_compiled_anew_is_the_same_in_any_order_of_boards(case: str) -> None:
    for brand in papers.BRANDS:
        sources = pickle.loads(pickle.dumps(papers.sources(case, brand)))
        assert sources.content_hash == papers.sources(case, brand).content_hash
        program = papergen.compile(sources, brand)
        for board in [*reversed(program.boards), *program.boards]:
            assert program.draft(board) == papers.draft(case, brand, board)


@pytest.fixture
def _threads_change_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_threads_change_often")
def test_threads_that_share_a_program_make_the_same_papers() -> None:
    for brand in papers.BRANDS * 4:
        program = pickle.loads(
            pickle.dumps(papers.program("post-inspection", brand))
        )  # so that nothing is known yet
        boards = list(program.boards) * 16
        with ThreadPoolExecutor(8) as threads:
            for board, draft in zip(boards, threads.map(program.draft, boards), strict=True):
                assert draft == papers.draft("post-inspection", brand, board)


@pytest.mark.usefixtures("_threads_change_often")
def test_threads_with_faults_and_gaps_report_each_its_own() -> None:
    """What one draft finds is not found by another that runs beside it."""
    text = (
        "{{ body.hwb }} {{ plan.short_title }} {% if board.id == 'bad' %}{{ board.nothing }}{% "
        "endif %}"
    )
    program = two_boards(text)
    expected = program.draft("hwb")
    assert len(expected.gaps) == 1

    def run(board: str) -> object:
        try:
            return program.draft(board)
        except PapergenError as fault:
            return fault.problems

    faults = run("bad")
    assert isinstance(faults, tuple)
    with ThreadPoolExecutor(8) as threads:
        boards = ["hwb", "bad"] * 40
        for board, found in zip(boards, threads.map(run, boards), strict=True):
            assert found == (expected if board == "hwb" else faults)


def two_boards(text: str) -> papergen.Program:

    bodies = {
        "bodies": [
            {"id": "hwb", "name": "Board", "powers": ["note"]},
            {"id": "bad", "name": "Other", "powers": ["note"]},
        ],
        "posts": [{"id": "dcs", "title": "Director"}],
    }
    recommendations = [{"verb": "note", "text": "x"}]
    boards = [
        {
            "board": board,
            "meeting": "2012-11-08",
            "role": "note",
            "recommendations": recommendations,
        }
        for board in ("hwb", "bad")
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = write_paper(Path(folder), paper_of(text) | {"considerations": boards}, bodies=bodies)
        return papergen.compile(papergen.load(path))


@pytest.mark.parametrize("case", CASES)
def test_a_cached_paper_is_the_same(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERGEN_CACHE", str(tmp_path / "cache"))
    path = papers.CASES[case]
    for brand in papers.BRANDS:
        made = [
            prepare(path, brand=brand, use_cache=use_cache) for use_cache in (False, True, True)
        ]
        assert any((tmp_path / "cache").iterdir())
        for board in papers.BOARDS[case]:
            for prepared in made:
                assert prepared.draft(board).draft == papers.draft(case, brand, board)


def test_a_boards_paper_does_not_depend_on_the_other_boards_in_the_file(tmp_path: Path) -> None:
    """Its text, not its gaps' line numbers: the order of the considerations is turned round in the
    file.
    """
    text = "{{ body.hwb }} meets on {{ meeting.date }}; {{ ref('here') }}{{ label('here') }}."
    bodies = {
        "bodies": [
            {"id": id_, "name": f"{id_} board", "initials": id_.upper(), "powers": ["note"]}
            for id_ in ("hwb", "lscb", "ctb")
        ],
        "posts": [{"id": "dcs", "title": "Director"}],
    }
    boards = [
        {
            "board": id_,
            "meeting": f"2012-11-0{day}",
            "role": "note",
            "recommendations": [{"verb": "note", "text": "x"}],
        }
        for day, id_ in enumerate(("hwb", "lscb", "ctb"), 1)
    ]
    found = []
    for order in (boards, boards[::-1], boards[1:] + boards[:1], boards[:1]):
        path = write_paper(tmp_path, paper_of(text) | {"considerations": order}, bodies=bodies)
        found.append(papergen.compile(papergen.load(path)).draft("hwb"))
    assert paragraphs(found[0]) == [
        "the hwb board (HWB) meets on 1\xa0November 2012; paragraph\xa01."
    ]
    assert [draft.docx for draft in found[1:]] == [found[0].docx] * 3


@pytest.mark.parametrize(
    "value",
    [
        *(
            "meeting",
            "values",
            "body",
            "label",
            "ref",
            "range",
            "range(3)",
            "joiner()",
            "cycler('x')",
            "namespace()",
            "none",
        ),
        *(
            "paper.sections.only.text",
            "paper.considerations[0]",
            "[body.hwb]",
            "{'x': body.hwb}",
            "board.id.upper",
        ),
        *(
            "[1, 2]|map('string')",
            "plan.phases|batch(2)",
            "dict(x=board)",
            "plan.actions",
            "paper.sections",
        ),
    ],
)
@pytest.mark.parametrize(
    "use",
    [
        "{{ x }}",
        "{{ x ~ '' }}",
        "{{ x|string }}",
        "{{ x|cap }}",
        "{{ x|upper }}",
        "{{ [x]|join_and }}",
        "{{ [x]|join }}",
    ],
)
def test_what_has_no_text_is_a_problem_and_never_a_place_in_memory(value: str, use: str) -> None:
    with pytest.raises(PapergenError) as caught:
        two_boards(use.replace("x", f"({value})", 1)).draft("hwb")
    (problem,) = caught.value.problems
    assert problem.code == "value-misused"
    assert problem.where is not None
    assert not re.search("0x[0-9a-f]{6}", problem.message + problem.hint)


def test_nothing_in_a_paper_tells_when_it_was_made() -> None:
    for case, brand, board in papers.PAPERS:
        with zipfile.ZipFile(io.BytesIO(papers.draft(case, brand, board).docx)) as package:
            assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert {entry.create_system for entry in package.infolist()} <= {0, 3}
            core = package.read("docProps/core.xml").decode()
        as_at = papers.sources(case, brand).paper.as_at
        assert core.count(f">{as_at}T00:00:00Z<") == 2


def test_another_input_gives_another_content_hash(tmp_path: Path) -> None:
    hashes = set()
    for text in ("one", "two", "one ", "one\n\ntwo"):
        path = write_paper(tmp_path, paper_of(text))
        sources = papergen.load(path)
        hashes |= {sources.content_hash, papergen.compile(sources).draft("hwb").content_hash}
    # White space at the end is another file and the same paper.
    assert len(hashes) == 4 + 3
