"""Compile and draft: the whole pipeline, from validated values to the bytes of a board's paper.

`compile_program` turns a brand's template and a paper's texts into code, once. `Program.draft` runs
it for one board.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
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
from papergen.errors import Location, Problem, check, ends_all, error
from papergen.facts.filters import FILTERS
from papergen.facts.names import BrandWords, template_names
from papergen.facts.records import MeetingView, NameForm
from papergen.facts.store import Data, Store
from papergen.language.locale import Locale
from papergen.language.words import ENGLISH
from papergen.storage.file_names import file_name
from papergen.word.document import CORE_PROPERTIES, CompiledDocument, DocumentWriter, make_document
from papergen.word.properties import core_properties

if TYPE_CHECKING:
    from papergen.facts.provenance import ParagraphFacts, Trace
    from papergen.model.brand import Brand
    from papergen.model.sources import BrandSource, Sources
    from papergen.readers.document import SourceDocument


@dataclass(frozen=True, slots=True)
class DraftGap:
    """A fact that a paper lacks: what is missing, where its place is, and how to fill it."""

    message: str
    where: Location | None
    hint: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One board's paper. `docx` is the file's bytes, `name` one for the file; `facts`, if traced,
    what paragraphs depend on.
    """

    board: str
    name: str
    docx: bytes
    content_hash: str
    gaps: tuple[DraftGap, ...]
    facts: tuple[ParagraphFacts, ...] = ()
    title: str = ""


@dataclass(slots=True, eq=False)
class Program:
    """A paper compiled for one brand. It holds values and code only: it can be pickled, and shared
    by threads.
    """

    brand: str
    slug: str
    document: CompiledDocument
    tables: Tables
    scripts: tuple[Compiled, ...]
    store: Store
    locale: Locale
    words: BrandWords
    run_words: RunWords
    language: str
    notices: tuple[Problem, ...] = ()
    """What the paper gives and the brand prints nowhere."""
    sources: Sources | None = None
    """What it was compiled from: only needed to trace, and to find all faults."""
    _bound: tuple[Environment, DocumentWriter, tuple[Any, ...]] | None = field(
        default=None, repr=False, compare=False
    )
    _traced: Program | None = field(default=None, repr=False, compare=False)
    _names: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False, compare=False)

    def __getstate__(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in _KEPT)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        for name, value in zip(_KEPT, state, strict=True):
            setattr(self, name, value)
        self.sources = self._bound = self._traced = None
        self._names = {}

    @property
    def boards(self) -> tuple[str, ...]:
        """The ids of the boards that the paper goes to, in order."""
        return tuple(data.fields["board"].id for data in self._considerations())

    def _considerations(self) -> Iterator[Data]:
        yield from self.store.roots["paper"].fields["considerations"]

    def draft(self, board: str, *, trace: bool = False) -> Draft:
        """The paper for one board. Raises DataError or TemplateError with all that is found wrong
        on the way.

        `trace`: also say which facts each paragraph depends on (`Draft.facts`). The program must
        then have its sources.
        """
        consideration = self._consideration(board)
        if trace:
            from papergen.facts.provenance import Trace

            return self._tracing()._draft(consideration, Trace())
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

    def _consideration(self, board: str) -> Data:
        found = next(
            (data for data in self._considerations() if data.fields["board"].id == board), None
        )
        if found is None:
            raise error([_unknown_board(board, self.boards)])
        return found

    def with_facts(self, sources: Sources) -> Program:
        """The program for other facts: another plan, register, or dates of the paper. Nothing is
        compiled anew.

        Raises ValueError where the paper's own texts are not those that were compiled.
        """
        store = _store(sources, sources.brands[self.brand])
        if store.scripts != self.store.scripts:
            raise ValueError("these are other texts than those that were compiled; compile them")
        return self._with_store(store, sources)

    def _with_store(self, store: Store, sources: Sources) -> Program:
        traced = self._traced._with_store(store, sources) if self._traced is not None else None
        made = replace(
            self,
            slug=sources.slug,
            store=store,
            sources=sources,
            _bound=self._bind(),
            _traced=traced,
            _names={},
        )
        made.notices = _notices(made, sources)
        return made

    def _tracing(self) -> Program:
        if self._traced is None:
            if self.sources is None:
                raise ValueError(
                    "this program was kept without its sources and cannot trace; compile it anew"
                )
            self._traced = compile_program(self.sources, self.brand, trace=True)
        return self._traced

    def _draft(self, consideration: Data, trace: Trace | None) -> Draft:
        environment, writer, texts = self._bind()
        meeting: PartialDate = consideration.fields["meeting"]
        names = self._names_of(consideration, texts, trace)
        run = RenderState(
            words=self.run_words,
            paragraphs=self.tables.paragraphs,
            sites=self.tables.sites,
            lists=self.document.styles.lists,
            first_id=self.document.first_id,
            suggest=suggest,
            recorder=trace,
        )
        run_values(environment, run, names)
        title: list[str] = []
        docx, content_hash = writer.write(
            run,
            properties=lambda: self._properties(run, names, trace, title.append),
            before_part=trace.part if trace is not None else None,
        )
        problems = [*run.problems, *_unprinted(run, names, self.store)]
        if problems and self.sources is not None and not ends_all(problems):
            problems += dry_run_problems(self.sources, self.brand, [consideration.path])
        check(problems)
        board = consideration.fields["board"].id
        return Draft(
            board=board,
            name=file_name(meeting, board, self.slug),
            docx=docx,
            content_hash=content_hash,
            gaps=tuple(self._gap(gap) for gap in run.gaps.values()),
            facts=tuple(trace.paragraphs) if trace is not None else (),
            title=unescaped(title[0]),
        )

    def _names_of(
        self, consideration: Data, texts: tuple[Any, ...], trace: Trace | None
    ) -> dict[str, Any]:
        """The names that the texts of a board's paper may use. They are values, and kept, but where
        a draft is traced.
        """
        key = consideration.path
        known = self._names.get(key) if trace is None else None
        if known is None:
            view = MeetingView(
                self.store,
                self.locale,
                consideration.fields["meeting"],
                self.store.roots["paper"].fields["as_at"],
                texts,
            )
            known = template_names(view, view.record(consideration), self.words)
            if trace is None:
                self._names[key] = known
            else:
                view.start_recording(trace)
        return known

    def _bind(self) -> tuple[Environment, DocumentWriter, tuple[Any, ...]]:
        if self._bound is None:
            environment = make_environment(FILTERS)
            texts = tuple(
                SectionText(code.bind(environment), script.path)
                if script.narrative
                else InlineText(code.bind(environment), script.index)
                for script, code in zip(self.store.scripts, self.scripts, strict=True)
            )
            self._bound = environment, DocumentWriter.of(self.document, environment), texts
        return self._bound

    def _properties(
        self,
        run: RenderState,
        names: dict[str, Any],
        trace: Trace | None,
        titled: Callable[[str], None],
    ) -> str:
        """`titled` is told the title, as XML character data: to make it is a twentieth of a
        draft.
        """
        with nullcontext() if trace is None else trace.whole(CORE_PROPERTIES):
            titled(title := plain_text(names["title"], run))
            return core_properties(
                title=title,
                creator=plain_text(NameForm(names["author"], "name"), run),
                language=self.language,
                day=self.store.roots["paper"].fields["as_at"],
            )

    def _gap(self, gap: Gap) -> DraftGap:
        where = None
        root = gap.path.split(".", 1)[0]
        if root in self.store.roots:
            at = self.store.roots[root]
            for data in at.everything():
                if gap.path.startswith((data.path + ".", data.path + "[")) and len(
                    data.path
                ) >= len(at.path):
                    at = data
            # A field of the file's own may stand anywhere in it.
            line = at.where.line if at.where and at.path != root else None
            where = at.where and replace(
                at.where, line=line, column=None, cell=_row_of(at.where.cell)
            )
        return DraftGap(f"to be confirmed: {gap.what}", where, gap.hint)


_KEPT = (
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


def compile_program(sources: Sources, brand: str | None = None, *, trace: bool = False) -> Program:
    """The program of a paper in a brand (the paper's own, unless one is named).

    Raises DataError or TemplateError with all faults of the texts and the template together.
    `trace`: every paragraph of the template is watched as well, which costs time and is only of use
    for tracing.
    """
    from papergen.drafting.compile import Compiler
    from papergen.language.cldr import make_locale

    name = brand or sources.paper.brand
    source = sources.brands[name]
    words = source.brand
    store = _store(sources, source)
    locale = make_locale(ENGLISH, words.date_format)
    made = Compiler(trace)
    template = made.template(source)
    made.scripts(store.scripts, _texts_of(sources, source), store.appendices.values())
    if template is None or made.problems:
        raise error([*made.problems, *dry_run_problems(sources, name)])
    program = Program(
        brand=name,
        slug=sources.slug,
        document=make_document(template, made.parts, made.links),
        tables=made.tables,
        scripts=tuple(made.codes),
        store=store,
        locale=locale,
        words=_words(words),
        run_words=_run_words(words, locale),
        language=words.language,
        sources=sources,
    )
    program.notices = _notices(program, sources)
    return program


def compile_like(known: Iterable[Program], sources: Sources, brand: str) -> Program:
    """As `compile_program`; but where one of the `known` programs has the same texts, it is that
    one with other facts.

    All of `known` must be in the same brand: its template, its words and its phrases. The places of
    faults that such a program finds in drafting are those of the paper that it was compiled from.
    """
    store = _store(sources, sources.brands[brand])
    for program in known:
        if program.store.scripts == store.scripts:
            return program._with_store(store, sources)
    return compile_program(sources, brand)


def _notices(program: Program, sources: Sources) -> tuple[Problem, ...]:
    from papergen.drafting.unused_fields import unused_fields

    codes = [*program.scripts, *(code for _, code in program.document.parts)]
    boards = [one.fields["board"].id for one in _own(program.store, program.brand)]
    return unused_fields(
        sources, sources.brands[program.brand], boards, codes, program.tables.sites
    )


def _words(brand: Brand) -> BrandWords:
    from papergen.model.base import in_language

    return BrandWords(
        {key: in_language(text) for key, text in brand.labels.items()},
        {section.id: in_language(section.heading) for section in brand.sections},
        {implication.id: in_language(implication.heading) for implication in brand.implications},
    )


def _run_words(brand: Brand, locale: Locale) -> RunWords:
    from papergen.model.base import in_language

    return RunWords(
        reference=in_language(brand.reference_word),
        unknown=locale.words.unknown,
        unknown_fact=locale.words.unknown_fact,
        unknown_comment=locale.words.unknown_comment,
    )


def _texts_of(sources: Sources, brand: BrandSource) -> dict[str, SourceDocument]:
    """The files in which the texts of a paper in a brand stand, by root."""
    return {
        **sources.documents,
        **{f"phrases/{id_}": document for id_, document in brand.phrases.items()},
    }


def _store(sources: Sources, brand: BrandSource) -> Store:
    from papergen.facts.build import add_phrases, build_store
    from papergen.model.sections import ACTIONS, section_order

    store = build_store(
        {"plan": sources.plan, "bodies": sources.bodies, "paper": sources.paper},
        {
            **{root: document.source for root, document in sources.documents.items()},
            "template": brand.template_source,
        },
        {root: document.location for root, document in sources.documents.items()},
        ENGLISH,
    )
    phrases = {id_: document.text for id_, document in brand.phrases.items()}
    in_appendix = (
        [ACTIONS] if sources.paper.action_table == "appendix" and ACTIONS in phrases else []
    )
    add_phrases(store, phrases, section_order(sources.paper, brand.brand, phrases), in_appendix)
    return store


def dry_run_problems(
    sources: Sources, brand: str, considerations: Collection[str] = (), *, whole: bool = True
) -> list[Problem]:
    """All that can be found wrong with a paper in a brand, and drafting it: for the considerations
    at these paths.

    Where none are named, for those whose papers are in this brand. `whole`: whether nothing of the
    sources was left out.
    """
    from papergen.drafting.diagnose.dry_run import dry_run
    from papergen.language.cldr import make_locale

    source = sources.brands[brand]
    locale = make_locale(ENGLISH, source.brand.date_format)
    store = _store(sources, source)
    paper = store.roots["paper"].fields

    def names_of(consideration: Data, texts: tuple[Any, ...]) -> dict[str, Any]:
        at = consideration.fields["meeting"]
        view = MeetingView(store, locale, at, paper["as_at"], texts)
        return template_names(view, view.record(consideration), _words(source.brand))

    chosen = [one for one in paper["considerations"] if one.path in considerations] or _own(
        store, brand
    )
    return dry_run(
        source,
        store,
        _texts_of(sources, source),
        chosen,
        names_of,
        _run_words(source.brand, locale),
        lambda run, names: _unprinted(run, names, store),
        whole=whole,
    )


def _own(store: Store, brand: str) -> list[Data]:
    """The considerations whose papers are in a brand; all, where the paper has another brand for
    each.
    """
    paper = store.roots["paper"].fields
    own = [
        one for one in paper["considerations"] if (one.fields["brand"] or paper["brand"]) == brand
    ]
    return own or list(paper["considerations"])


def _unprinted(run: RenderState, names: Mapping[str, Any], store: Store) -> Iterator[Problem]:
    """A section that the paper has and the template prints nowhere: its text would be lost in
    silence.
    """
    if run.cut_short:
        return
    appendices = {f"phrases.{id_}" for id_ in store.appendices}
    for section in (*names["sections"], *names["appendix_sections"]):
        if section.look_up("body").path not in run.printed:
            id_ = str(section.look_up("id"))
            yield Problem(
                "template-section",
                f"the template prints the section “{id_}” nowhere",
                Location(store.files["template"]),
                (
                    "Print all appendices: {%p for a in appendix_sections %} … {{p a.body }} … "
                    "{%p endfor %}."
                )
                if section.look_up("body").path in appendices
                else f"Put {{{{p section.{id_.replace('-', '_')}.body }}}} under its heading, or "
                "print all sections: {%p for s in sections %} … {{p s.body }} … {%p "
                "endfor %}.",
            )


def _row_of(cell: str) -> str:
    """The sheet of a cell and its row: a gap is in a row, not in a cell that happens to be
    filled.
    """
    return re.sub(r"[A-Z]+(?=[0-9]+$)", "", cell)


def _unknown_board(board: str, known: Sequence[str]) -> Problem:
    return Problem(
        "unknown-board",
        f"the paper does not go to “{board}”",
        None,
        f"It goes to: {', '.join(known)}.",
    )
