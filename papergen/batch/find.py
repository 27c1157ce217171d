"""The papers' files that a command line names: files, and folders that hold any number of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from papergen.batch.jobs import Source
from papergen.errors import Location, PapergenError, Problem, check
from papergen.files import absolute, read_bytes

NAMES = ("paper.yaml", "paper.yml", "paper.json")


def find_papers(paths: Sequence[str], base: Path, out: Path, brand: str | None = None) -> list[Source]:
    """The papers at `paths`, each once; in a folder, those in it and in the folders below, in the order of their names.

    Relative paths are taken from `base`. What is hidden, and what is in `out`, is not looked into. Raises SourceError with each
    path that there is not, and each folder without a paper.
    """
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for path in paths:
        place = base / path
        if not place.is_dir():
            try:
                read_bytes(place, path)
            except PapergenError as fault:
                problems += fault.problems
            found = [(str(place), path)]
        else:
            barred: list[OSError] = []
            found = [(str(each), _shown(path, place, each)) for each in _papers_in(place, out, barred.append)]
            problems += [_barred(fault) for fault in barred]
            if not found and not barred:
                hint = f"A folder of a paper holds a file {_listed(NAMES)}. Name the file itself where it is called otherwise."
                problems.append(Problem("no-papers", f"there is no paper in the folder “{path}”", Location(path), hint))
        for each, shown in found:
            sources.setdefault(str(absolute(each)), Source(str(absolute(each)), shown, brand))
    check(problems)
    return list(sources.values())


def _papers_in(folder: Path, out: Path, tell: Callable[[OSError], None]) -> Iterator[Path]:
    avoided = absolute(out)
    for parent, folders, files in os.walk(folder, onerror=tell):
        here = Path(parent)
        folders[:] = sorted(name for name in folders if not name.startswith(".") and absolute(here / name) != avoided)
        yield from (here / name for name in NAMES if name in files)


def _barred(fault: OSError) -> Problem:
    folder = str(fault.filename)
    hint = "Check that you may open the folder, or name the papers in it one by one."
    message = f"the folder “{folder}” cannot be looked into ({fault.strerror or fault})"
    return Problem("file-unreadable", message, Location(folder), hint)


def _shown(path: str, folder: Path, found: Path) -> str:
    return (Path(path) / found.relative_to(folder)).as_posix()


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}"
