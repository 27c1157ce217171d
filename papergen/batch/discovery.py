"""The papers' files that a command line names: files, and folders that hold any number of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from papergen.batch.jobs import Source
from papergen.errors import Location, PapergenError, Problem, check
from papergen.storage.files import absolute, is_folder, read_bytes, real
from papergen.text import join_words

NAMES = ("paper.yaml", "paper.yml", "paper.json")


def discover_papers(
    paths: Sequence[str], base: Path, out: Path, brand: str | None = None, *, again: bool = False
) -> list[Source]:
    """The papers at `paths`, each once; in a folder, those in it and in the folders below, in the
    order of their names.

    Relative paths are taken from `base`. What is hidden, and what is in `out`, is not looked into.
    A folder that cannot be looked into, and (of a run that goes on `again`) a path that is not
    there any more, stands for a paper that cannot be read. Raises SourceError with each other path
    that there is not, and each folder without a paper.
    """
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for path in paths:
        place = base / path
        if not is_folder(place):
            try:
                read_bytes(place, path)
            except PapergenError as fault:
                problems += () if again else fault.problems
            found = [(place, path)]
        else:
            found = [(each, _shown(path, place, each)) for each in _papers_in(place, out)]
            if not found:
                names = join_words(NAMES, "or")
                hint = (
                    f"A folder of a paper holds a file {names}. Name the file itself where it is "
                    "called otherwise."
                )
                problems.append(
                    Problem(
                        "no-papers",
                        f"there is no paper in the folder “{path}”",
                        Location(path),
                        hint,
                    )
                )
        for each, shown in found:
            # By two links it is one paper still.
            sources.setdefault(real(each), Source(str(absolute(each)), shown, brand))
    check(problems)
    return list(sources.values())


def _papers_in(folder: Path, out: Path) -> Iterator[Path]:
    """Links to folders are followed, but never round and round."""
    barred: list[Path] = []
    seen = {real(out)}
    for parent, folders, files in os.walk(
        folder, onerror=lambda fault: barred.append(Path(fault.filename)), followlinks=True
    ):
        here = Path(parent)
        seen.add(real(here))
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and real(here / name) not in seen
        )
        yield from (here / name for name in NAMES if name in files)
    yield from (each / NAMES[0] for each in barred)


def _shown(path: str, folder: Path, found: Path) -> str:
    return (Path(path) / found.relative_to(folder)).as_posix()
