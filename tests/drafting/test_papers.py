"""One road from a paper's files to its drafts, for files on disk and for files as values."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from places import ROOT, SAMPLES

import papergen
from papergen.drafting.papers import draft_boards
from papergen.errors import CommandError, PapergenError, SourceError, TemplateError
from papergen.storage.source_files import GivenFiles

SAMPLE = SAMPLES / "post-inspection"
DRAFT_ALL = """
import sys
import papergen
sources = papergen.load("samples/post-inspection/paper.yaml")
program = papergen.compile(sources)
for board in program.boards:
    program.draft(board)
print(*[name for name in sys.modules if name.startswith("papergen.drafting.diagnose")])
"""
FROM_COMMAND_LINE = """
import sys
import zipfile
from papergen.cli import main
assert main(["draft", "samples/post-inspection/paper.yaml", "--out", sys.argv[1]]) == 0
print(*[name for name in sys.modules if name.startswith("papergen.drafting.diagnose")])
"""


def given(**changed: bytes | None) -> dict[str, bytes]:
    """The sample's files as values, some of them changed, added or (None) left out."""
    files: dict[str, bytes | None] = {
        path.name: path.read_bytes() for path in SAMPLE.glob("*.yaml")
    }
    files |= {name.replace("__", "/").replace("_", "."): data for name, data in changed.items()}
    return {name: data for name, data in files.items() if data is not None}


@pytest.mark.parametrize("script", [DRAFT_ALL, FROM_COMMAND_LINE], ids=["python", "command line"])
def test_a_correct_paper_is_drafted_without_any_code_that_looks_for_faults(
    script: str, tmp_path: Path
):
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PAPERGEN_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == ""


def test_files_given_as_values_give_the_drafts_that_the_same_files_on_disk_give():
    on_disk = papergen.load(SAMPLE / "paper.yaml")
    as_values = papergen.load(given())
    assert as_values.content_hash == on_disk.content_hash
    first, second = papergen.compile(on_disk), papergen.compile(as_values)
    assert first.boards == second.boards
    for board in first.boards:
        assert second.draft(board).content_hash == first.draft(board).content_hash


def test_what_a_web_page_calls_drafts_files_given_as_values():
    drafted = draft_boards(GivenFiles(given()), ["lscb"])
    (one,) = drafted.drafts
    on_disk = draft_boards(SAMPLE / "paper.yaml", ["lscb"], use_cache=False).drafts[0]
    assert one.draft.content_hash == on_disk.draft.content_hash
    with pytest.raises(CommandError) as caught:
        draft_boards(GivenFiles(given()), ["lcsb"])
    assert caught.value.problems[0].hint.startswith("Did you mean “lscb”?")


def test_a_brand_and_its_phrases_may_be_among_the_values():
    folder = ROOT / "templates" / "plain"
    words = (folder / "brand.yaml").read_bytes().replace(b"name: plain", b"name: house")
    paper = (SAMPLE / "drafted.yaml").read_bytes()
    files = given()
    files |= {
        "paper.yaml": paper.replace(b"brand: central-bedfordshire", b"brand: house"),
        "templates/house/brand.yaml": words,
        "templates/house/paper.docx": (folder / "paper.docx").read_bytes(),
        "templates/house/phrases/en/purpose.md": b"The house says why.\n",
    }
    sources = papergen.load(files)
    assert sources.brands["house"].phrases["purpose"].text == "The house says why.\n"
    files["paper.yaml"] = files["paper.yaml"].replace(b"brand: house", b"brand: templates\\house")
    assert papergen.load(files).paper.brand == "templates\\house"
    assert sources.brands["house"].template == (folder / "paper.docx").read_bytes()


def test_values_are_read_by_any_name_and_sources_of_values_can_be_pickled():
    files = {f"papers/autumn/{name}": data for name, data in given(paper_yaml=None).items()}
    files["papers/autumn/update.yaml"] = (SAMPLE / "paper.yaml").read_bytes()
    sources = papergen.load(files, name="papers/autumn/update.yaml")
    assert pickle.loads(pickle.dumps(sources)).content_hash == sources.content_hash


def test_a_value_that_is_missing_is_reported_with_what_there_is():
    with pytest.raises(SourceError) as caught:
        papergen.load(given(bodies_yaml=None, bodys_yaml=b"bodies: []"))
    problem = caught.value.problems[0]
    assert (problem.code, problem.hint) == ("file-missing", "Did you mean “bodys.yaml”?")


@pytest.mark.parametrize("name", ["/etc/passwd", "../../../../etc/passwd", "C:\\boot.ini"])
def test_values_name_no_file_of_this_machine(name: str):
    paper = (SAMPLE / "paper.yaml").read_text(encoding="utf-8")
    assert "plan: plan.yaml" in paper
    changed = paper.replace("plan: plan.yaml", f"plan: '{name}'")
    with pytest.raises(SourceError) as caught:
        papergen.load(given(paper_yaml=changed.encode()))
    assert [problem.code for problem in caught.value.problems][:1] == ["file-missing"]


def test_values_take_no_brand_from_this_machine_but_those_of_papergen(tmp_path: Path):
    (tmp_path / "brand.yaml").write_text("name: other\ntemplate: paper.docx\n")
    for name in (str(tmp_path), f"../../../../../../..{tmp_path}"):
        with pytest.raises(TemplateError) as caught:
            papergen.load(given(), name)
        assert caught.value.problems[0].code == "brand-missing"
    assert papergen.load(given(), "plain").brands["plain"].name == "plain"


def test_a_faulty_template_brings_no_fault_of_papergens_own_phrases():
    """The labels of an appendix are given by the template's own tags."""
    sample = SAMPLES / "action-list"
    files = {path.name: path.read_bytes() for path in sample.iterdir() if path.is_file()}
    brand = ROOT / "templates" / "central-bedfordshire"
    files["templates/central-bedfordshire/brand.yaml"] = (brand / "brand.yaml").read_bytes()
    files["templates/central-bedfordshire/paper.docx"] = rewritten(
        (brand / "paper.docx").read_bytes(), b"{%p endif %}", b"{%p ndif %}"
    )
    with pytest.raises(TemplateError) as caught:
        draft_boards(GivenFiles(files), brand="central-bedfordshire")
    assert {problem.where.source for problem in caught.value.problems if problem.where} == {
        "templates/central-bedfordshire/paper.docx"
    }


def rewritten(docx: bytes, old: bytes, new: bytes) -> bytes:
    """A Word file with other text in its document, in the first place where it is."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                assert old in content
                content = content.replace(old, new, 1)
            target.writestr(name, content)
    return stream.getvalue()


def test_faults_of_all_files_given_as_values_are_reported_in_one_run():
    plan = (SAMPLE / "plan.yaml").read_text(encoding="utf-8")
    bodies = (SAMPLE / "bodies.yaml").read_text(encoding="utf-8")
    with pytest.raises(PapergenError) as caught:
        papergen.load(
            given(
                plan_yaml=plan.replace("2012-04-10", "2012-04-31", 1).encode(),
                bodies_yaml=bodies.replace("kind: council", "kind: cuncil", 1).encode(),
            )
        )
    named = {problem.where.source for problem in caught.value.problems if problem.where}
    assert {"plan.yaml", "bodies.yaml"} <= named
