"""The engine alone: a Word template in docxtpl's dialect, compiled once, rendered any number of
times with plain values.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from papergen.engine.codegen import compile_pieces
from papergen.engine.compiled import Tables
from papergen.engine.pieces import Links
from papergen.engine.render import make_environment, run_values, suggest
from papergen.engine.state import RenderState, RunWords
from papergen.errors import check
from papergen.word.document import DocumentWriter, make_document


class Template:
    """A compiled .docx template. Threads may share it."""

    def __init__(self, template: str | Path | bytes) -> None:
        """Compile a template, by path or as bytes.

        Raises TemplateError with everything that is wrong in it, and OSError where the path cannot
        be read.
        """
        from papergen.language.catalogue import read_catalogue
        from papergen.word.template import compile_template

        data = template if isinstance(template, bytes) else Path(template).read_bytes()
        source = "template" if isinstance(template, bytes) else str(template)
        catalogue = read_catalogue()
        compiled = compile_template(data, source, language=catalogue.tag)
        problems: list[Any] = []
        self._environment = make_environment()
        self._tables = Tables()
        parts = []
        for part in compiled.parts:
            code = compile_pieces(
                part.pieces, self._environment, self._tables, problems, origin="template"
            )
            if code is not None:
                parts.append((part.name, code))
        check(problems)
        words = catalogue.words
        self._words = RunWords(
            reference=words.reference,
            unknown=words.unknown,
            unknown_fact=words.unknown_fact,
            unknown_comment=words.unknown_comment,
        )
        self._document = make_document(compiled, parts, Links())
        self._writer = DocumentWriter.of(self._document, self._environment)

    def render(self, values: Mapping[str, Any]) -> bytes:
        """The document that the template makes of `values`: strings, numbers, lists and mappings,
        as Jinja takes them.

        Values are written as the characters they are. Raises TemplateError with all names that are
        not defined and all values that cannot be written.
        """
        run = RenderState(
            words=self._words,
            paragraphs=self._tables.paragraphs,
            sites=self._tables.sites,
            lists=self._document.styles.lists,
            first_id=self._document.first_id,
            suggest=suggest,
        )
        run_values(self._environment, run, values)
        written = self._writer.render(run)
        run.check_references()
        check(run.problems)
        docx, _ = self._writer.package(run, written)
        return docx
