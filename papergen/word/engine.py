"""The engine alone: a Word template in docxtpl's dialect, rendered with plain values."""

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

        Raises TemplateError with all its faults, and OSError where the path cannot be read.
        """
        from papergen.language.catalogue import read_catalogue
        from papergen.word.template import compile_template

        if isinstance(template, bytes):
            self._data = template
            source = "template"
        else:
            self._data = Path(template).read_bytes()
            source = str(template)
        catalogue = read_catalogue()
        compiled = compile_template(self._data, source, language=catalogue.tag)
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
        as Jinja takes them, and docxtpl's RichText, RichTextParagraph, Listing, InlineImage and
        Subdoc.

        Values are written as the characters they are; docxtpl's with the look they give. Raises
        TemplateError with all names that are not defined and all values that cannot be written.
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
        if run.problems and run.docxtpl.values:
            from papergen.word.docxtpl_values import check_values

            check_values(run)
        check(run.problems)
        docx, _ = self._writer.package(run, written)
        check(run.problems)  # values of docxtpl's that could not be placed
        return docx

    # What docxtpl's values ask of their template. Each is of the caller alone.

    def new_subdoc(self, docpath: str | Path | None = None) -> Any:
        """A docxtpl Subdoc to be filled in, or with the content of another document.

        Raises TemplateError for an unusable document, and OSError where it cannot be read.
        """
        from papergen.word.docxtpl_values import new_subdocument

        return new_subdocument(self, None if docpath is None else Path(docpath))

    def build_url_id(self, url: str) -> str:
        """What docxtpl's `RichText.add` takes as `url_id` for a link to this address."""
        from papergen.word.docxtpl_values import link_id

        return link_id(url)

    def get_docx(self) -> Any:
        """The template as a document of python-docx's, a new one for each caller."""
        from papergen.word.docxtpl_values import open_document

        return open_document(self._data)
