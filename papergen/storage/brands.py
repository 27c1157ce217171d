"""The folders of brands, and of what comes with papergen."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from papergen.errors import Location, Problem, TemplateError
from papergen.storage.files import absolute, listed, names_in
from papergen.text import nearest

_PACKAGE = Path(__file__).parents[1]


def shipped(kind: Literal["templates", "samples"]) -> Path:
    """The folder that came with papergen: in an installed package, else in the repository."""
    installed = _PACKAGE / "_data" / kind
    return installed if installed.is_dir() else _PACKAGE.parent / kind


def find_brand(name: str, paper_folder: Path, *, named_at: Location | None = None) -> Path:
    """The folder of a brand: one with a `brand.yaml`. Raises TemplateError: brand-missing.

    A `name` with a slash, or one that starts with a full stop, is a path, from the paper's folder
    or the current one. Any other is looked up in `templates/` beside the paper, in its parents'
    and in the current folder's, then among those shipped. The nearest wins, so that a council can
    have its own version of a shipped brand.
    """
    path = name.replace("\\", "/")
    if "/" in path or path.startswith("."):
        candidates = [paper_folder / path, Path(path)]
    else:
        candidates = [folder / path for folder in _template_folders(paper_folder)]
    for candidate in candidates:
        if _is_brand(candidate):
            return candidate
    raise TemplateError([_brand_missing(name, candidates, paper_folder, named_at)])


def find_phrases(brand: Path, language: str) -> dict[str, Path]:
    """The files of phrases that sections are drafted from, by the id of the section.

    A brand's own phrases replace papergen's. They are in a folder for each language:
    `phrases/en/progress.md` in the folder of a brand.
    """
    found: dict[str, Path] = {}
    for folder in (_PACKAGE / "language" / "phrases" / language, brand / "phrases" / language):
        try:
            found |= {path.stem: path for path in sorted(folder.glob("*.md"))}
        except OSError:
            # A folder that cannot be read has no phrases: a missing one is reported by its name.
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
    name: str, candidates: Sequence[Path], paper_folder: Path, named_at: Location | None
) -> Problem:
    known = _known_brands(paper_folder)
    hint = f"The brands found are {listed(known)}."
    for candidate in candidates:
        if os.path.isdir(candidate):
            message = f"the folder “{candidate}” is not a brand: it holds no brand.yaml"
            return Problem("brand-missing", message, named_at, hint)
    near = nearest(name, known)
    if near:
        hint = f"Did you mean “{near}”? {hint}"
    return Problem("brand-missing", f"there is no brand “{name}”", named_at, hint)


def _known_brands(paper_folder: Path) -> list[str]:
    names: set[str] = set()
    for folder in _template_folders(paper_folder):
        names.update(name for name in names_in(folder) if _is_brand(folder / name))
    return sorted(names)
