"""Programs kept between runs: quicker, and never a paper other than the one that compiling anew
would give.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from places import ROOT

from papergen.cli import main
from papergen.drafting import papers
from papergen.errors import Location, OutputError, Problem
from papergen.storage import cache
from papergen.storage.source_files import FolderFiles
from papergen.word.package import package_hash

needs_owners = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows keeps a user's folders from others by itself"
)


class Paper:
    """A copy of the sample, with a brand of its own beside it, and a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "paper" / "paper.yaml"
        self.cache = folder / "cache"
        shutil.copytree(ROOT / "samples" / "post-inspection", self.file.parent)

    def own_brand(self) -> Path:
        """The folder of a brand that is found before the shipped one."""
        own = self.file.parent / "templates" / "central-bedfordshire"
        shutil.copytree(ROOT / "templates" / "central-bedfordshire", own)
        return own

    def draft(self, *options: str) -> str:
        """The content hash of the paper for one board, made in an empty folder."""
        out = self.folder / "drafts"
        shutil.rmtree(out, ignore_errors=True)
        assert main(["draft", str(self.file), "--board", "hwb", "--out", str(out), *options]) == 0
        (draft,) = out.glob("*.docx")
        found = package_hash(draft.read_bytes())
        assert found
        return found

    def entries(self) -> list[Path]:
        return sorted(self.cache.iterdir()) if self.cache.is_dir() else []

    def replace(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paper:
    found = Paper(tmp_path)
    monkeypatch.setenv("PAPERGEN_CACHE", str(found.cache))
    monkeypatch.chdir(tmp_path)
    return found


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The papers that were loaded and compiled, and not taken from the cache."""
    asked: list[Path] = []
    prepare_anew: Callable[..., object] = papers._prepare

    def noting(files: FolderFiles, *arguments: object) -> object:
        asked.append(Path(files.paper.path))
        return prepare_anew(files, *arguments)

    monkeypatch.setattr(papers, "_prepare", noting)
    return asked


def test_a_second_run_takes_the_program_from_the_cache_and_makes_the_same_paper(paper, compiled):
    assert paper.draft() == paper.draft()
    assert len(compiled) == 1
    assert len(paper.entries()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_file_whose_place_a_pipe_has_taken_is_told_and_not_waited_for(paper, capfd):
    paper.draft()
    plan = paper.file.with_name("plan.yaml")
    plan.unlink()
    os.mkfifo(plan)
    assert main(["draft", str(paper.file), "--out", str(paper.folder / "drafts")]) == 3
    assert "“" + str(plan) + "” is not a file" in capfd.readouterr().err


def test_without_a_cache_nothing_is_read_and_nothing_is_kept(paper, compiled):
    first = paper.draft("--no-cache")
    assert paper.entries() == []
    assert paper.draft() == paper.draft("--no-cache") == first
    assert len(compiled) == 3


DAMAGES = {
    "empty": lambda data: b"",
    "cut short": lambda data: data[: len(data) // 2],
    "one byte short": lambda data: data[:-1],
    "one bit changed": lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
    "something else": lambda data: b"not a program" * 100,
    "longer": lambda data: data + b"\0",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_no_entry_and_is_made_anew(paper, compiled, damage):
    first = paper.draft()
    (entry,) = paper.entries()
    entry.write_bytes(DAMAGES[damage](entry.read_bytes()))
    assert paper.draft() == first
    assert paper.draft() == first
    assert len(compiled) == 2


def test_an_entry_that_is_whole_but_holds_something_else_is_no_entry(paper, compiled):
    first = paper.draft()
    (entry,) = paper.entries()
    cache.put(entry.name, {"an": "entry of another kind"})
    assert paper.draft() == first
    assert len(compiled) == 2


def test_an_entry_whose_classes_are_gone_is_no_entry(paper, compiled):
    first = paper.draft()
    (entry,) = paper.entries()
    gone = b"cpapergen.drafting.papers\n_GoneClass\n."
    entry.write_bytes(hashlib.sha256(gone).digest() + gone)
    assert paper.draft() == first
    assert len(compiled) == 2


def test_a_changed_source_is_seen_even_at_the_same_size_and_time(paper, compiled):
    first = paper.draft()
    for source in ("plan.yaml", "bodies.yaml", "paper.yaml"):
        path = paper.file.with_name(source)
        times = path.stat()
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("2012", "2011"), encoding="utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        before = len(compiled)
        main(["draft", str(paper.file), "--board", "hwb", "--out", str(paper.folder / "changed")])
        assert len(compiled) == before + 1, source
        path.write_text(text, encoding="utf-8")
    assert paper.draft() == first


def test_a_changed_template_is_seen(paper, compiled):
    own = paper.own_brand()
    first = paper.draft()
    plain = (ROOT / "templates" / "plain" / "paper.docx").read_bytes()
    template = own / "paper.docx"
    template.write_bytes(template.read_bytes())
    assert paper.draft() == first
    assert len(compiled) == 1
    template.write_bytes(plain)
    assert main(
        ["draft", str(paper.file), "--board", "hwb", "--out", str(paper.folder / "other")]
    ) in (0, 5)
    assert len(compiled) == 2


def test_a_brand_that_is_now_found_nearer_is_seen(paper, compiled):
    first = paper.draft()
    own = paper.own_brand()
    paper.replace(own / "brand.yaml", "d MMMM yyyy", "yyyy MMMM d")
    second = paper.draft()
    assert second != first
    assert len(compiled) == 2
    shutil.rmtree(own)
    assert paper.draft() == first


def test_a_source_that_is_gone_is_a_problem_and_not_an_old_paper(paper, capsys):
    paper.draft()
    paper.file.with_name("plan.yaml").unlink()
    assert main(["draft", str(paper.file), "--out", str(paper.folder / "drafts")]) == 3
    assert "file-missing" in capsys.readouterr().err


def test_other_boards_and_brands_have_entries_of_their_own(paper, compiled):
    first = paper.draft()
    assert (
        main(["draft", str(paper.file), "--board", "lscb", "--out", str(paper.folder / "other")])
        == 0
    )
    assert paper.draft("--brand", "plain") != first
    assert paper.draft() == first
    assert len(compiled) == 3


def test_names_of_entries_change_with_papergens_own_files(monkeypatch, tmp_path):
    copy = tmp_path / "papergen"
    shutil.copytree(ROOT / "papergen", copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(cache, "__file__", str(copy / "storage" / "cache.py"))
    before = cache.key("x")
    assert cache.key("x") == before
    os.utime(copy / "word" / "package.py", ns=(1, 1))
    touched = cache.key("x")
    assert touched != before
    (copy / "engine" / "added.py").write_text("")
    assert cache.key("x") not in (before, touched)


def test_names_of_entries_change_with_the_packages_that_are_installed(monkeypatch, tmp_path):
    packages = tmp_path / "site-packages"
    (packages / "jinja2-3.1.6.dist-info").mkdir(parents=True)
    monkeypatch.setattr(
        sys, "path", [*sys.path, str(packages), str(tmp_path / "none" / "site-packages")]
    )
    before = cache.key("x")
    (packages / "jinja2-3.1.6.dist-info").rename(packages / "jinja2-3.2.0.dist-info")
    assert cache.key("x") != before


def test_names_of_entries_tell_their_parts_apart():
    assert cache.key("ab", "c") != cache.key("a", "bc")
    assert cache.key("a name that is no text: \udcff") != cache.key("a name that is no text: ")


@needs_owners
def test_an_entry_that_others_could_have_written_is_not_read(paper, compiled):
    first = paper.draft()
    (entry,) = paper.entries()
    for path, mode in ((entry, 0o666), (paper.cache, 0o777), (paper.cache, 0o770)):
        path.chmod(mode)
        assert paper.draft() == first
        path.chmod(0o700)
        entry.chmod(0o600)
    assert len(compiled) == 4


@needs_owners
def test_an_entry_of_another_user_is_not_read(paper, compiled, monkeypatch):
    first = paper.draft()
    monkeypatch.setattr(os, "getuid", lambda: os.stat(paper.cache).st_uid + 1)
    assert paper.draft() == first
    assert len(compiled) == 2


@needs_owners
def test_a_folder_of_the_caches_own_is_closed_to_others(paper):
    paper.draft()
    assert paper.cache.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_to_does_not_matter(paper, compiled, monkeypatch):
    def refused(path: Path, *_: object, **__: object) -> None:
        raise OutputError([Problem("output-unwritable", "read-only", Location(str(path)))])

    monkeypatch.setattr(cache, "write_atomic", refused)
    assert paper.draft() == paper.draft()
    assert len(compiled) == 2
    assert paper.entries() == []


def test_a_file_where_the_folder_should_be_does_not_matter(paper, compiled):
    paper.cache.write_text("a file")
    assert paper.draft() == paper.draft()
    assert len(compiled) == 2
    assert paper.cache.read_text() == "a file"


def test_a_user_without_a_home_has_no_cache_and_gets_the_paper(paper, compiled, monkeypatch):
    for name in ("PAPERGEN_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as where no home is known
    assert cache.folder() is None
    assert paper.draft() == paper.draft()
    assert len(compiled) == 2


def test_only_so_many_entries_are_kept_and_nothing_else_is_deleted(paper):
    paper.cache.mkdir(mode=0o700)
    letter = paper.cache / "letter.docx"
    letter.write_bytes(b"not an entry")
    os.utime(letter, ns=(0, 0))
    names = [f"{number:064x}" for number in range(cache.MOST_ENTRIES + 5)]
    for number, name in enumerate(names):
        cache.put(name, number)
        os.utime(paper.cache / name, ns=(number, number))
    assert cache.get(names[0]) is None
    assert cache.get(names[-1]) == len(names) - 1
    assert len(paper.entries()) == cache.MOST_ENTRIES + 1
    assert letter.read_bytes() == b"not an entry"


@pytest.fixture
def environment(paper: Paper) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PAPERGEN_CACHE": str(paper.cache)}


def test_two_processes_at_once_make_the_same_paper(paper, environment):
    def start(out: str) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "papergen",
            "draft",
            str(paper.file),
            "--board",
            "hwb",
            "--out",
            out,
        ]
        return subprocess.Popen(
            command,
            cwd=paper.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    started = [start(name) for name in ("one", "two")]
    assert [process.communicate()[1] for process in started] == [b"", b""]
    assert [process.returncode for process in started] == [0, 0]
    found = {package_hash(path.read_bytes()) for path in _drafts(paper.folder, "one", "two")}
    assert found == {paper.draft()}


def _drafts(folder: Path, *names: str) -> Iterator[Path]:
    for name in names:
        yield from (folder / name).glob("*.docx")


def test_a_cached_program_runs_without_what_only_compiling_needs(paper, environment):
    script = (
        "import sys\nfrom papergen.cli import main\n"
        f"main(['draft', {str(paper.file)!r}, '--board', 'hwb', '--out', 'drafts'])\n"
        "compiling = {'pydantic', 'pydantic_core', 'yaml', 'lxml', 'babel', 'markdown_it', "
        "'docx', 'docxcompose', 'docxtpl', 'zipfile'}\n"
        "print(*sorted(compiling & set(sys.modules)), file=sys.stderr)"
    )

    def loaded() -> str:
        command = [sys.executable, "-c", script]
        return subprocess.run(
            command, cwd=paper.folder, env=environment, capture_output=True, text=True, check=True
        ).stderr

    assert {"babel", "pydantic"} <= set(loaded().split())
    assert loaded().split() == []
