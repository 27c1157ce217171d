"""The folders of brands, and of what comes with papergen."""

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
    """The folder that came with papergen: in an installed package, else in the repository."""
    installed = _PACKAGE / "_data" / kind
    if installed.is_dir():
        return installed
    return _PACKAGE.parent / kind


def shipped_brands() -> dict[str, Path]:
    """The folders of the brands that come with papergen, by name."""
    return _brands_in(shipped("templates"))


def shipped_phrases(language: str) -> dict[str, Path]:
    """The files of papergen's own phrases in a language, by the id of the section."""
    return _phrases_in(_PACKAGE / "language" / "phrases" / language)


def find_brand(
    name: str,
    paper_folder: Path,
    *,
    named_at: Location | None = None,
) -> Path:
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
    problem = _missing(name, candidates, paper_folder, named_at)
    raise TemplateError([problem])


def find_phrases(brand: Path, language: str) -> dict[str, Path]:
    """The files of phrases that sections are drafted from, by the id of the section.

    There is a folder for each language: `phrases/en/progress.md` in the folder of a brand.
    """
    own_phrases = _phrases_in(brand / "phrases" / language)
    return shipped_phrases(language) | own_phrases


def _phrases_in(folder: Path) -> dict[str, Path]:
    try:
        files = sorted(folder.glob("*.md"))
    except OSError:
        # A folder that cannot be read has no phrases: one that is needed is reported by its name.
        return {}
    return {file.stem: file for file in files}


def _template_folders(paper_folder: Path) -> Iterator[Path]:
    yield paper_folder / "templates"
    for parent in absolute(paper_folder).parents:
        yield parent / "templates"
    yield Path("templates")
    yield shipped("templates")


def _brands_in(folder: Path) -> dict[str, Path]:
    """The folders of the brands in a folder, by name."""
    brands = {}
    for name in names_in(folder):
        brand = folder / name
        if _is_brand(brand):
            brands[name] = brand
    return brands


def _is_brand(folder: Path) -> bool:
    return os.path.isfile(folder / "brand.yaml")


def _missing(
    name: str,
    candidates: Iterable[Path],
    paper_folder: Path,
    named_at: Location | None,
) -> Problem:
    known: set[str] = set()
    for folder in _template_folders(paper_folder):
        known.update(_brands_in(folder))
    folders = [candidate for candidate in candidates if os.path.isdir(candidate)]
    if not folders:
        return brand_missing(name, known, named_at)
    listed = quote_names(sorted(known))
    return Problem(
        code="brand-missing",
        message=f"the folder “{folders[0]}” is not a brand: it holds no brand.yaml",
        where=named_at,
        hint=f"The brands found are {listed}.",
    )


def brand_missing(
    name: str,
    known: Iterable[str],
    named_at: Location | None,
) -> Problem:
    """The problem of a brand that is not among those that are `known`."""
    names = sorted(known)
    suggestion = did_you_mean(name, names)
    found = f"The brands found are {quote_names(names)}."
    return Problem(
        code="brand-missing",
        message=f"there is no brand “{name}”",
        where=named_at,
        hint=f"{suggestion} {found}".lstrip(),
    )
