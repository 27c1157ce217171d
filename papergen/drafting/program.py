"""Draft: from a compiled paper to the bytes of each board's .docx.

A `Program` holds values and code only. `Program.draft` runs the code for one board.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from papergen.dates import PartialDate
from papergen.engine.compiled import Compiled, Tables
from papergen.engine.render import (
    InlineText,
    SectionText,
    make_environment,
    plain_text,
    run_values,
    suggest,
)
from papergen.engine.sandbox import Environment
from papergen.engine.state import RenderState, RunWords
from papergen.engine.values import Gap
from papergen.engine.xml_writers import unescaped
from papergen.errors import Location, Problem, check, error
from papergen.facts.filters import FILTERS
from papergen.facts.names import BrandWords, template_names
from papergen.facts.records import NameForm
from papergen.facts.registry import TOKEN_DECODERS, meeting_view
from papergen.facts.store import Data, Script, Store
from papergen.facts.view import MeetingView
from papergen.language.locale import Locale
from papergen.storage.file_names import file_name
from papergen.word.document import CORE_PROPERTIES, CompiledDocument, DocumentWriter
from papergen.word.properties import core_properties

if TYPE_CHECKING:
    from papergen.drafting.sources import Sources
    from papergen.facts.provenance import ParagraphFacts, Trace


@dataclass(frozen=True, slots=True)
class DraftGap:
    """A fact that a paper lacks: what is missing, where it belongs, and how to fill it."""

    message: str
    where: Location | None
    hint: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One board's paper. `docx`: the file's bytes; `name`: a name for the file."""

    board: str
    name: str
    docx: bytes
    content_hash: str
    gaps: tuple[DraftGap, ...]
    facts: tuple[ParagraphFacts, ...] = ()
    """What each paragraph depends on, if the draft was traced."""
    title: str = ""


@dataclass(slots=True, eq=False)
class Program:
    """A paper compiled for one brand. It can be pickled, and shared by threads."""

    brand: str
    slug: str
    document: CompiledDocument
    tables: Tables
    scripts: tuple[Compiled, ...]
    """The code of the paper's texts, in the order of `store.scripts`."""
    store: Store
    locale: Locale
    words: BrandWords
    run_words: RunWords
    language: str
    notices: tuple[Problem, ...] = ()
    """The fields of the paper that the brand prints nowhere."""
    sources: Sources | None = None
    """What it was compiled from; not pickled."""
    compile_traced: Callable[[], Program] | None = None
    """Compiles the program that traces; not pickled."""
    _bound: tuple[Environment, DocumentWriter, tuple[Any, ...]] | None = field(
        default=None, repr=False
    )
    _traced: Program | None = field(default=None, repr=False)
    _names: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in _PICKLED)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        for name, value in zip(_PICKLED, state, strict=True):
            setattr(self, name, value)
        self.sources = None
        self.compile_traced = None
        self._bound = None
        self._traced = None
        self._names = {}

    @property
    def boards(self) -> tuple[str, ...]:
        """The ids of the boards that the paper goes to, in order."""
        return tuple(data.fields["board"].id for data in self._considerations())

    def draft(self, board: str, *, trace: bool = False) -> Draft:
        """The paper for one board.

        `trace`: also report which facts each paragraph depends on (`Draft.facts`).
        Raises DataError or TemplateError with what is found wrong on the way, and ValueError where
        a program that was unpickled is to trace.
        """
        consideration = self._consideration(board)
        if trace:
            from papergen.facts.provenance import Trace

            return self._tracing_program()._draft(consideration, Trace())
        return self._draft(consideration, None)

    def draft_once(self, board: str) -> tuple[Draft, MeetingView]:
        """The paper for one board, and the view that knows which facts it looked up
        (`facts.reported`). Raises as `draft` does.

        Nothing is kept for another draft of it: a program that drafts for a thousand boards, once
        each, does not grow.
        """
        consideration = self._consideration(board)
        try:
            draft = self._draft(consideration, None)
        finally:
            names = self._names.pop(consideration.path, {})
        return draft, names["_view"]

    def with_store(self, store: Store) -> Program:
        """The same code with other data, which must have the same texts."""
        traced = self._traced.with_store(store) if self._traced is not None else None
        return replace(self, store=store, _bound=self._bind(), _traced=traced, _names={})

    def _considerations(self) -> Iterator[Data]:
        yield from self.store.roots["paper"].fields["considerations"]

    def _consideration(self, board: str) -> Data:
        for consideration in self._considerations():
            if consideration.fields["board"].id == board:
                return consideration
        raise error([_unknown_board(board, self.boards)])

    def _tracing_program(self) -> Program:
        if self._traced is None:
            if self.compile_traced is None:
                raise ValueError("a program that was unpickled cannot trace: compile it anew")
            self._traced = self.compile_traced()
        return self._traced

    def _draft(self, consideration: Data, trace: Trace | None) -> Draft:
        environment, writer, texts = self._bind()
        names = self._names_of(consideration, texts, trace)
        state = RenderState(
            words=self.run_words,
            paragraphs=self.tables.paragraphs,
            sites=self.tables.sites,
            lists=self.document.styles.lists,
            first_id=self.document.first_id,
            suggest=suggest,
            recorder=trace,
            decoders=TOKEN_DECODERS,
        )
        run_values(environment, state, names)

        parts = writer.render(state, before_part=trace.part if trace is not None else None)
        with nullcontext() if trace is None else trace.whole(CORE_PROPERTIES):
            title = plain_text(names["title"], state)
            author = plain_text(NameForm(names["author"], "name"), state)
        parts.append((CORE_PROPERTIES, self._properties(title, author)))
        state.check_references()
        check([*state.problems, *sections_not_printed(state, names, self.store)])

        docx, content_hash = writer.package(state, parts)
        meeting: PartialDate = consideration.fields["meeting"]
        board = consideration.fields["board"].id
        return Draft(
            board=board,
            name=file_name(meeting, board, self.slug),
            docx=docx,
            content_hash=content_hash,
            gaps=tuple(self._gap(gap) for gap in state.gaps.found.values()),
            facts=tuple(trace.paragraphs) if trace is not None else (),
            title=unescaped(title),
        )

    def _names_of(
        self, consideration: Data, texts: tuple[Any, ...], trace: Trace | None
    ) -> dict[str, Any]:
        """The names that a board's paper may use. They are kept, except for a traced draft."""
        if trace is None and consideration.path in self._names:
            return self._names[consideration.path]
        meeting = consideration.fields["meeting"]
        as_at = self.store.roots["paper"].fields["as_at"]
        view = meeting_view(self.store, self.locale, meeting, as_at, texts)
        names = template_names(view, view.record(consideration), self.words)
        if trace is None:
            self._names[consideration.path] = names
        else:
            view.start_recording(trace)
        return names

    def _bind(self) -> tuple[Environment, DocumentWriter, tuple[Any, ...]]:
        """The code as functions, made when it is first needed."""
        if self._bound is None:
            environment = make_environment(FILTERS)
            writer = DocumentWriter.of(self.document, environment)
            texts = bound_texts(self.store.scripts, self.scripts, environment)
            self._bound = environment, writer, texts
        return self._bound

    def _properties(self, title: str, author: str) -> str:
        return core_properties(
            title=title,
            creator=author,
            language=self.language,
            day=self.store.roots["paper"].fields["as_at"],
        )

    def _gap(self, gap: Gap) -> DraftGap:
        return DraftGap(f"to be confirmed: {gap.what}", self._place_of(gap), gap.hint)

    def _place_of(self, gap: Gap) -> Location | None:
        """The place of the innermost thing that the missing fact is one of."""
        root = gap.path.split(".", 1)[0]
        if root not in self.store.roots:
            return None
        at = self.store.roots[root].holder_of(gap.path)
        if at.where is None:
            return None
        # A field of the file itself may be anywhere in it.
        line = at.where.line if at.path != root else None
        return replace(at.where, line=line, column=None, cell=_row_of(at.where.cell))


_PICKLED = (
    "brand",
    "slug",
    "document",
    "tables",
    "scripts",
    "store",
    "locale",
    "words",
    "run_words",
    "language",
    "notices",
)


def bound_texts(
    scripts: Sequence[Script], codes: Sequence[Compiled], environment: Environment
) -> tuple[Any, ...]:
    """The texts of a paper as values that a template prints."""
    texts: list[SectionText | InlineText] = []
    for script, code in zip(scripts, codes, strict=True):
        function = code.bind(environment)
        if script.narrative:
            texts.append(SectionText(function, script.path))
        else:
            texts.append(InlineText(function, script.index))
    return tuple(texts)


def sections_not_printed(
    state: RenderState, names: Mapping[str, Any], store: Store
) -> Iterator[Problem]:
    """A problem for each section that the paper has and the template prints nowhere."""
    if state.faults.cut_short:
        return
    appendices = {f"phrases.{section}" for section in store.appendices}
    for section in (*names["sections"], *names["appendix_sections"]):
        path = section.look_up("body").path
        if path in state.texts.sections:
            continue
        id_ = str(section.look_up("id"))
        if path in appendices:
            hint = (
                "Print all appendices: "
                "{%p for a in appendix_sections %} … {{p a.body }} … {%p endfor %}."
            )
        else:
            tag = f"{{{{p section.{id_.replace('-', '_')}.body }}}}"
            hint = (
                f"Put {tag} under its heading, or print all sections: "
                "{%p for s in sections %} … {{p s.body }} … {%p endfor %}."
            )
        yield Problem(
            "template-section",
            f"the template prints the section “{id_}” nowhere",
            Location(store.files["template"]),
            hint,
        )


def _row_of(cell: str) -> str:
    """The sheet and the row of a cell: a gap is in a row, not in a cell that is filled."""
    return re.sub(r"[A-Z]+(?=[0-9]+$)", "", cell)


def _unknown_board(board: str, known: Sequence[str]) -> Problem:
    message = f"the paper does not go to “{board}”"
    return Problem("unknown-board", message, None, f"It goes to: {', '.join(known)}.")
