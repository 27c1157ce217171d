"""Where the files of one paper come from: a folder on disk, or bytes that a caller already holds.

`drafting.load` reads a paper through `SourceFiles` alone, so that a command, a worker of a cluster
and a web page load a paper by the same code.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from papergen.errors import Location, Problem, SourceError, TemplateError
from papergen.storage.brands import (
    brand_missing,
    find_brand,
    find_phrases,
    shipped_brands,
    shipped_phrases,
)
from papergen.storage.files import LARGEST, absolute, read_bytes, too_large
from papergen.text import did_you_mean, quote_names


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file. `path` identifies it; `shown` is what messages call it."""

    path: str
    shown: str

    def beside(self, name: str) -> SourceFile:
        """The file that this one calls `name`: relative to its folder, or an absolute path."""
        path = Path(self.path).parent / name
        shown = _shown_beside(self.shown, name)
        return SourceFile(str(path), shown)


class SourceFiles(Protocol):
    """The files of one paper."""

    @property
    def paper(self) -> SourceFile:
        """The paper itself."""

    @property
    def folder_name(self) -> str:
        """The name of the paper's folder, which names its drafts where the paper has no id."""

    def read(self, file: SourceFile, *, named_at: Location | None = None) -> bytes:
        """The bytes of a file. `named_at`: where another file names it.

        Raises SourceError: file-missing, file-unreadable, file-too-large.
        """

    def brand_folder(self, name: str, *, named_at: Location | None = None) -> Path:
        """The folder of a brand. Raises TemplateError: brand-missing."""

    def in_brand(self, folder: Path, name: str) -> SourceFile:
        """A file in a brand's folder."""

    def phrases(self, brand: Path, language: str) -> dict[str, SourceFile]:
        """The phrases that sections are drafted by, by section: the brand's own, then
        papergen's.
        """


def _files_of(files: SourceFiles, paths: Mapping[str, Path]) -> dict[str, SourceFile]:
    """The files at some paths in brands' folders, by the same keys."""
    found = {}
    for key, path in paths.items():
        found[key] = files.in_brand(path.parent, path.name)
    return found


class FolderFiles:
    """The files of a paper on disk, in the paper's folder and wherever it names others."""

    def __init__(self, paper: str | Path, shown: str = "") -> None:
        """`shown`: what messages call the paper, if not by its path."""
        path = str(paper)
        self.paper = SourceFile(path, shown or path)
        self._folder = Path(paper).parent

    @property
    def folder_name(self) -> str:
        return Path(self.paper.path).resolve().parent.name

    def read(self, file: SourceFile, *, named_at: Location | None = None) -> bytes:
        return read_bytes(Path(file.path), file.shown, named_at=named_at)

    def brand_folder(self, name: str, *, named_at: Location | None = None) -> Path:
        return find_brand(name, self._folder, named_at=named_at)

    def in_brand(self, folder: Path, name: str) -> SourceFile:
        path = str(folder / name)
        # A folder that was found is relative to the current one, and not to the paper's.
        shown = _shown_beside("", path)
        return SourceFile(path, shown)

    def phrases(self, brand: Path, language: str) -> dict[str, SourceFile]:
        found = find_phrases(brand, language)
        return _files_of(self, found)


class GivenFiles:
    """The files of a paper as values: bytes by name, such as `plan.yaml` or
    `templates/house/paper.docx`.

    Names are paths with slashes. A brand or phrase that is not among them may be one that comes
    with papergen. Nothing else is read from disk.
    """

    def __init__(self, files: Mapping[str, bytes], paper: str = "paper.yaml") -> None:
        self._files = {_normal(name): data for name, data in files.items()}
        path = _normal(paper)
        self.paper = SourceFile(path, path)

    @property
    def folder_name(self) -> str:
        return PurePosixPath(self.paper.path).parent.name

    def read(self, file: SourceFile, *, named_at: Location | None = None) -> bytes:
        if _comes_with_papergen(Path(file.path)):
            return read_bytes(Path(file.path), file.shown, named_at=named_at)
        data = self._files.get(_normal(file.path))
        where = named_at or Location(file.shown)
        if data is None:
            problem = self._missing(file, where)
            raise SourceError([problem])
        if len(data) > LARGEST:
            problem = too_large(file.shown, where, LARGEST)
            raise SourceError([problem])
        return data

    def brand_folder(self, name: str, *, named_at: Location | None = None) -> Path:
        given = self._brands()
        for folder in self._brand_folders(name):
            if folder in given:
                return Path(folder)
        shipped = shipped_brands()
        if name in shipped:
            return shipped[name]
        names = {PurePosixPath(folder).name for folder in given}
        problem = brand_missing(name, {*names, *shipped}, named_at)
        raise TemplateError([problem])

    def in_brand(self, folder: Path, name: str) -> SourceFile:
        path = _normal((folder / name).as_posix())
        return SourceFile(path, path)

    def phrases(self, brand: Path, language: str) -> dict[str, SourceFile]:
        found = _files_of(self, shipped_phrases(language))
        own = brand / "phrases" / language
        folder = _normal(own.as_posix())
        for name in self._files:
            path = PurePosixPath(name)
            if path.suffix == ".md" and str(path.parent) == folder:
                found[path.stem] = SourceFile(name, name)
        return found

    def _brands(self) -> set[str]:
        """The folders that hold a `brand.yaml`."""
        paths = map(PurePosixPath, self._files)
        return {str(path.parent) for path in paths if path.name == "brand.yaml"}

    def _brand_folders(self, name: str) -> Iterator[str]:
        """Where a brand is looked for, as `find_brand` does on disk."""
        paper_folder = PurePosixPath(self.paper.path).parent
        name = name.replace("\\", "/")
        if "/" in name or name.startswith("."):
            yield _normal(f"{paper_folder}/{name}")
            yield _normal(name)
            return
        for folder in (paper_folder, *paper_folder.parents):
            yield _normal(f"{folder}/templates/{name}")

    def _missing(self, file: SourceFile, where: Location) -> Problem:
        names = [name for name in sorted(self._files) if name != where.source]
        hint = did_you_mean(_normal(file.path), names)
        if not hint:
            hint = f"The files given are {quote_names(names)}."
        message = f"there is no file “{file.shown}”"
        return Problem("file-missing", message, where, hint)


def _normal(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/"))


def _comes_with_papergen(path: Path) -> bool:
    """Whether it is in the folder of a shipped brand or of papergen's own phrases."""
    if not path.is_absolute():
        return False
    folders = set(shipped_brands().values())
    for phrase in shipped_phrases("en").values():
        folders.add(phrase.parent)
    return absolute(path).parent in folders


def _shown_beside(shown: str, name: str) -> str:
    """What messages call a file that another one names: what the user would type."""
    path = Path(name)
    if not path.is_absolute():
        beside = Path(shown).parent / path
        return posixpath.normpath(beside.as_posix())
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
