"""Reading and writing whole files, and finding brands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

from papergen.errors import Location, OutputError, SourceError, TemplateError
from papergen.storage.brands import find_brand, shipped
from papergen.storage.file_names import LONGEST, beside, file_name
from papergen.storage.files import read_bytes, write_atomic


def only(caught: pytest.ExceptionInfo[SourceError | OutputError | TemplateError]):
    (problem,) = caught.value.problems
    return problem


# Reading


def test_a_file_is_read_whole(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_bytes(b"a\r\n\x00\xff")
    assert read_bytes(path, "plan.yaml") == b"a\r\n\x00\xff"


def test_an_empty_file_is_empty_bytes(tmp_path):
    path = tmp_path / "plan.yaml"
    path.touch()
    assert read_bytes(path, "plan.yaml") == b""


def test_a_misspelt_name_is_answered_with_the_file_beside_it(tmp_path):
    (tmp_path / "plan.yaml").touch()
    with pytest.raises(SourceError) as caught:
        read_bytes(tmp_path / "plna.yaml", "plna.yaml", named_at=Location("paper.yaml", 5, 7))
    problem = only(caught)
    assert str(problem) == "paper.yaml:5:7: file-missing: there is no file “plna.yaml”"
    assert "“plan.yaml”" in problem.hint


def test_a_name_like_no_other_is_answered_with_what_the_folder_holds(tmp_path):
    for name in ("plan.yaml", "bodies.yaml", "notes.docx", ".hidden.yaml"):
        (tmp_path / name).touch()
    with pytest.raises(SourceError) as caught:
        read_bytes(tmp_path / "zzzzzzzzzzzzzzzz.yaml", "zzzzzzzzzzzzzzzz.yaml")
    assert only(caught).hint == "The folder holds “bodies.yaml”, “plan.yaml”."


def test_a_missing_folder_is_said_to_be_missing(tmp_path):
    (tmp_path / "samples").mkdir()
    with pytest.raises(SourceError) as caught:
        read_bytes(tmp_path / "smaples" / "x" / "paper.yaml", "smaples/x/paper.yaml")
    problem = only(caught)
    assert problem.code == "file-missing"
    assert "“samples”" in problem.hint


def test_a_folder_is_answered_with_the_paper_in_it(tmp_path):
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "paper.yaml").touch()
    with pytest.raises(SourceError) as caught:
        read_bytes(tmp_path / "case", "case")
    problem = only(caught)
    assert (problem.code, problem.hint) == (
        "file-unreadable",
        "Name the file in it: case/paper.yaml",
    )


def test_a_path_that_goes_through_a_file_is_missing(tmp_path):
    (tmp_path / "plan.yaml").touch()
    with pytest.raises(SourceError) as caught:
        read_bytes(tmp_path / "plan.yaml" / "x", "plan.yaml/x")
    assert only(caught).code == "file-missing"


@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_a_name_no_file_can_have_is_a_problem(tmp_path, name):
    with pytest.raises(SourceError) as caught:
        read_bytes(tmp_path / name, "strange")
    assert only(caught).code in {"file-missing", "file-unreadable"}


def test_a_file_of_the_limit_is_read_and_one_byte_more_is_too_large(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_bytes(b"x" * 100)
    assert len(read_bytes(path, "plan.yaml", limit=100)) == 100
    path.write_bytes(b"x" * 101)
    with pytest.raises(SourceError) as caught:
        read_bytes(path, "plan.yaml", limit=100)
    assert only(caught).code == "file-too-large"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no /dev/zero")
def test_a_device_is_not_a_file():
    with pytest.raises(SourceError) as caught:
        read_bytes(Path("/dev/zero"), "/dev/zero", limit=1000)
    assert (only(caught).code, only(caught).message) == (
        "file-unreadable",
        "“/dev/zero” is not a file",
    )


# Writing


def test_a_new_file_has_the_permissions_of_the_users_other_files(tmp_path):
    (tmp_path / "usual").touch()
    write_atomic(tmp_path / "paper.docx", b"new")
    assert (tmp_path / "paper.docx").read_bytes() == b"new"
    assert (tmp_path / "paper.docx").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_replaced_file_keeps_its_permissions_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "paper.docx"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["paper.docx"]


def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path):
    (tmp_path / "real.docx").write_bytes(b"old")
    link = tmp_path / "link.docx"
    link.symlink_to("real.docx")
    write_atomic(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "real.docx").read_bytes() == b"new"


@pytest.mark.parametrize(
    "lock", ["~$12-11-08-hwb.docx", "~$2012-11-08-hwb.docx", ".~lock.2012-11-08-hwb.docx#"]
)
def test_a_file_open_in_word_or_libreoffice_is_not_replaced(tmp_path, lock):
    path = tmp_path / "2012-11-08-hwb.docx"
    path.write_bytes(b"old")
    (tmp_path / lock).touch()
    with pytest.raises(OutputError) as caught:
        write_atomic(path, b"new")
    problem = only(caught)
    assert problem.code == "output-locked"
    assert lock in problem.hint
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("number", "winerror", "code"),
    [
        (28, None, "output-full"),
        (27, None, "output-full"),
        (122, None, "output-full"),
        (36, None, "output-unwritable"),
        (30, None, "output-unwritable"),
        (13, None, "output-unwritable"),
        (13, 32, "output-locked"),
        (13, 5, "output-locked"),
        (2, 206, "output-unwritable"),
    ],
)
def test_a_failure_to_replace_is_told_by_its_cause_and_leaves_the_old_file_alone(
    tmp_path, monkeypatch, number, winerror, code
):
    path = tmp_path / "paper.docx"
    path.write_bytes(b"old")

    def refuse(*_):
        fault = OSError(number, os.strerror(number))
        if winerror is not None:
            fault.winerror = winerror
        raise fault

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OutputError) as caught:
        write_atomic(path, b"new")
    assert only(caught).code == code
    assert only(caught).hint
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["paper.docx"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on file sizes to set")
def test_a_disk_that_fills_up_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "paper.docx"
    path.write_bytes(b"old")
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from papergen.errors import OutputError; from papergen.storage.files import write_atomic\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: write_atomic(Path(sys.argv[1]), b'x' * 100_000)\n"
        "except OutputError as fault: print(fault.problems[0].code)\n"
    )
    root = str(ROOT)
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
    )
    assert done.stdout.strip() == "output-full"
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["paper.docx"]


def test_a_folder_of_the_papers_name_is_a_problem(tmp_path):
    (tmp_path / "paper.docx").mkdir()
    with pytest.raises(OutputError) as caught:
        write_atomic(tmp_path / "paper.docx", b"new")
    assert only(caught).code == "output-unwritable"


def test_a_name_that_is_too_long_is_a_problem(tmp_path):
    with pytest.raises(OutputError) as caught:
        write_atomic(tmp_path / ("x" * 300), b"new")
    assert only(caught).code == "output-unwritable"
    assert "too long" in only(caught).message


# Names


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("post-inspection", "2012-11-08-hwb-post-inspection.docx"),
        ("Post Inspection (final) v2.", "2012-11-08-hwb-post-inspection-final-v2.docx"),
        ("Cyngor Môn ŵy", "2012-11-08-hwb-cyngor-mon-wy.docx"),
        ("con", "2012-11-08-hwb-con.docx"),
        ("../../etc/passwd", "2012-11-08-hwb-etc-passwd.docx"),
        ("مجلس 🎉", "2012-11-08-hwb-paper.docx"),
        ("", "2012-11-08-hwb-paper.docx"),
    ],
)
def test_a_file_name_is_plain_whatever_the_folder_is_called(slug, name):
    from papergen.dates import PartialDate

    assert file_name(PartialDate(2012, 11, 8), "hwb", slug) == name


def test_a_long_name_is_cut_with_room_for_what_is_added_beside_it():
    from datetime import date

    name = file_name(date(2012, 2, 29), "b" * 40, "long-" * 60)
    assert not name.removesuffix(".docx").endswith("-")
    assert len(beside(name, "edited", 99)) <= LONGEST


def test_names_beside_count_from_the_second():
    assert beside("a.b.docx", "new") == "a.b (new).docx"
    assert beside("a.b.docx", "new", 2) == "a.b (new 2).docx"


# Brands


@pytest.fixture
def council(tmp_path, monkeypatch):
    """A council's own tree, with the current folder elsewhere in it."""
    for folder in ("papers/case", "elsewhere", "templates/house", "papers/case/templates/plain"):
        (tmp_path / folder).mkdir(parents=True)
    for folder in ("templates/house", "papers/case/templates/plain"):
        (tmp_path / folder / "brand.yaml").touch()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path


def test_a_brand_is_found_beside_the_paper_before_those_shipped(council):
    assert find_brand("plain", council / "papers/case").samefile(
        council / "papers/case/templates/plain"
    )


def test_a_brand_is_found_in_a_parents_templates(council):
    assert find_brand("house", council / "papers/case").samefile(council / "templates/house")


def test_a_brand_is_found_in_the_current_folders_templates(council):
    (council / "elsewhere/templates/mine").mkdir(parents=True)
    (council / "elsewhere/templates/mine/brand.yaml").touch()
    assert find_brand("mine", council / "papers/case").samefile(
        council / "elsewhere/templates/mine"
    )


def test_the_shipped_brands_are_found_from_anywhere(council):
    assert find_brand("central-bedfordshire", council).samefile(
        shipped("templates") / "central-bedfordshire"
    )


@pytest.mark.parametrize("path", ["../../templates/house", "..\\..\\templates\\house"])
def test_a_brand_can_be_a_path_from_the_papers_folder(council, path):
    assert find_brand(path, council / "papers/case").samefile(council / "templates/house")


def test_a_brand_can_be_an_absolute_path(council):
    assert find_brand(str(council / "templates/house"), Path()) == council / "templates/house"


def test_a_misspelt_brand_is_answered_with_the_nearest_and_all(council):
    with pytest.raises(TemplateError) as caught:
        find_brand("huose", council / "papers/case", named_at=Location("paper.yaml", 7, 8))
    problem = only(caught)
    assert str(problem) == "paper.yaml:7:8: brand-missing: there is no brand “huose”"
    assert problem.hint.startswith("Did you mean “house”? ")
    assert "“central-bedfordshire”" in problem.hint


def test_a_folder_without_brand_yaml_is_said_to_be_no_brand(council):
    (council / "papers/case/templates/empty").mkdir()
    with pytest.raises(TemplateError) as caught:
        find_brand("empty", council / "papers/case")
    assert "holds no brand.yaml" in only(caught).message


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "", "/", "🎉"])
def test_a_name_no_brand_can_have_is_a_problem(council, name):
    with pytest.raises(TemplateError) as caught:
        find_brand(name, council / "papers/case")
    assert only(caught).code == "brand-missing"
