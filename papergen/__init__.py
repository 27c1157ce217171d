"""Drafts committee papers in a council's own Word template from structured plan data.

    sources = papergen.load("samples/post-inspection/paper.yaml")
    program = papergen.compile(sources)
    draft = program.draft("hwb")            # draft.docx, draft.name, draft.gaps

`sources.readings` has how each list of actions was read.

`papergen.word.Template(path_or_bytes).render(values)` is the engine alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papergen.version import __version__

if TYPE_CHECKING:
    from papergen.drafting.program import Draft, DraftGap, Program
    from papergen.drafting.sources import Sources
    from papergen.word.engine import Template

__all__ = [
    "Draft",
    "DraftGap",
    "Program",
    "Sources",
    "Template",
    "__version__",
    "compile",
    "load",
]


def load(
    paper: str | Path | Mapping[str, bytes], brand: str | None = None, *, name: str = "paper.yaml"
) -> Sources:
    """Read and check a paper with its plan, its register of bodies and its brands.

    `paper`: the path of its file; or the bytes of its files by name, of which `name` is the paper.
    `brand` is loaded besides those that the paper names.
    What comes back is values only: it can be pickled, and has a content hash. Raises SourceError,
    DataError or TemplateError (`papergen.errors`) with all problems of all files.
    """
    from papergen.drafting.papers import load_paper
    from papergen.storage.source_files import FolderFiles, GivenFiles

    files = GivenFiles(paper, name) if isinstance(paper, Mapping) else FolderFiles(paper)
    return load_paper(files, [brand] if brand is not None else [])


def compile(sources: Sources, brand: str | None = None) -> Program:  # noqa: A001 (the pipeline's own word)
    """Compile a paper for one brand: the paper's own, unless another is named that was loaded with
    it.

    Raises DataError or TemplateError with all problems of its texts and its template.
    """
    from papergen.drafting.papers import compile_paper

    return compile_paper(sources, brand)


def __getattr__(name: str) -> Any:
    # The names of types, without the cost of their modules for those who do not ask.
    if name == "Sources":
        from papergen.drafting.sources import Sources

        return Sources
    if name in ("Draft", "DraftGap", "Program"):
        from papergen.drafting import program

        return getattr(program, name)
    if name == "Template":
        from papergen.word.engine import Template

        return Template
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
