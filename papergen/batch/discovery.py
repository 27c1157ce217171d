"""The papers' files that a command line names: files, and folders that hold any number of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from papergen.batch.jobs import Source
from papergen.errors import Location, PapergenError, Problem, check
from papergen.storage.files import absolute, is_folder, read_bytes, real

NAMES = ("paper.yaml", "paper.yml", "paper.json")


def discover_papers(
    paths: Sequence[str],
    base: Path,
    out: Path,
    brand: str | None = None,
    *,
    resuming: bool = False,
) -> list[Source]:
    """The papers at `paths`, each once. Relative paths start from `base`.

    In a folder, they are those in it and in the folders below, in the order of their names. Hidden
    folders and `out` are skipped. A folder that cannot be read yields a paper that cannot be read
    either; so does a missing path in a run that is `resuming`. Raises SourceError with all other
    missing paths, and all folders without a paper.
    """
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for path in paths:
        place = base / path
        if is_folder(place):
            found = [(file, _shown(path, place, file)) for file in _papers_in(place, out)]
            if not found:
                problems.append(_no_papers(path))
        else:
            found = [(place, path)]
            if not resuming:
                problems += _problems_of(place, path)
        for file, shown in found:
            source = Source(str(absolute(file)), shown, brand)
            # Two links to one file are one paper.
            sources.setdefault(real(file), source)
    check(problems)
    return list(sources.values())


def _problems_of(file: Path, shown: str) -> tuple[Problem, ...]:
    try:
        read_bytes(file, shown)
    except PapergenError as fault:
        return fault.problems
    return ()


def _no_papers(path: str) -> Problem:
    *most, last = NAMES
    message = f"there is no paper in the folder “{path}”"
    names = f"{', '.join(most)} or {last}"
    hint = (
        f"A folder of a paper holds a file {names}. Name the file itself where it is called "
        "otherwise."
    )
    return Problem("no-papers", message, Location(path), hint)


def _papers_in(folder: Path, out: Path) -> Iterator[Path]:
    """The papers' files of a folder and those below. Links to folders are followed once."""
    unreadable: list[Path] = []
    seen = {real(out)}

    def note(fault: OSError) -> None:
        unreadable.append(Path(fault.filename))

    for parent, folders, files in os.walk(folder, onerror=note, followlinks=True):
        here = Path(parent)
        seen.add(real(here))
        shown = sorted(name for name in folders if not name.startswith("."))
        folders[:] = [name for name in shown if real(here / name) not in seen]
        for name in NAMES:
            if name in files:
                yield here / name
    for each in unreadable:
        yield each / NAMES[0]


def _shown(path: str, folder: Path, found: Path) -> str:
    shown = Path(path, found.relative_to(folder))
    return shown.as_posix()
