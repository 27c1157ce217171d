"""Brands and what comes with papergen: where their folders are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from papergen.errors import Location, Problem, TemplateError
from papergen.storage.files import absolute, names_in
from papergen.text import did_you_mean, quote_names

_PACKAGE = Path(__file__).parents[1]


def shipped(kind: Literal["templates", "samples"]) -> Path:
    """The folder that came with papergen: inside an installed package, else the repository's
    own.
    """
    installed = _PACKAGE / "_data" / kind
    return installed if installed.is_dir() else _PACKAGE.parent / kind


def find_brand(name: str, paper_folder: Path, *, named_at: Location | None = None) -> Path:
    """The folder of a brand, that is, one with a `brand.yaml`.

    A `name` with a slash, or one that starts with a full stop, is a path, from the paper's folder
    or the current one. Any other is looked for in `templates/` beside the paper, in its parents'
    and in the current folder's, then among those shipped: the nearest wins, so that a council can
    have its own version of a shipped brand. Raises TemplateError: brand-missing.
    """
    path = name.replace("\\", "/")
    if "/" in path or path.startswith("."):
        places = [paper_folder / path, Path(path)]
    else:
        places = [folder / path for folder in _template_folders(paper_folder)]
    for place in places:
        if _is_brand(place):
            return place
    raise TemplateError([_brand_missing(name, places, paper_folder, named_at)])


def find_phrases(brand: Path, language: str) -> dict[str, Path]:
    """The files of phrases that sections are drafted by, by the id of the section: a brand's own,
    then papergen's.

    Phrases stand in a folder for each language: `phrases/en/progress.md` in the folder of a brand.
    """
    found: dict[str, Path] = {}
    for folder in (_PACKAGE / "language" / "phrases" / language, brand / "phrases" / language):
        try:
            found |= {path.stem: path for path in sorted(folder.glob("*.md"))}
        except OSError:
            # A folder that cannot be looked into has no phrases; one that is wanted is then missed
            # by name.
            continue
    return found


def _template_folders(paper_folder: Path) -> Iterator[Path]:
    yield paper_folder / "templates"
    for parent in absolute(paper_folder).parents:
        yield parent / "templates"
    yield Path("templates")
    yield shipped("templates")


def _is_brand(folder: Path) -> bool:
    return os.path.isfile(folder / "brand.yaml")


def _brand_missing(
    name: str, places: Iterable[Path], paper_folder: Path, named_at: Location | None
) -> Problem:
    known = sorted(
        {
            entry
            for folder in _template_folders(paper_folder)
            for entry in names_in(folder)
            if _is_brand(folder / entry)
        }
    )
    bare = next((place for place in places if os.path.isdir(place)), None)
    if bare:
        message, hint = (
            f"the folder “{bare}” is not a brand: it holds no brand.yaml",
            f"The brands found are {quote_names(known)}.",
        )
    else:
        message = f"there is no brand “{name}”"
        found = f"The brands found are {quote_names(known)}."
        hint = f"{did_you_mean(name, known)} {found}".lstrip()
    return Problem("brand-missing", message, named_at, hint)
