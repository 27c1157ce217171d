"""Compile: from a paper's texts and a brand's template to code, once for all boards.

`compile_program` returns a `Program`, which drafts. It raises with the problems of the texts and of
the template; `drafting.diagnose` finds what else is wrong, by drafting on trial.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count

from papergen.drafting.layout import any_layout, layout_of, without_numbers
from papergen.drafting.program import Program
from papergen.drafting.sources import BrandSource, Sources
from papergen.drafting.unused_fields import unused_fields
from papergen.engine.codegen import compile_pieces
from papergen.engine.compiled import Compiled, Tables
from papergen.engine.jinja_internals import Generator
from papergen.engine.pieces import Links, Piece
from papergen.engine.render import make_environment
from papergen.engine.state import RunWords
from papergen.errors import Location, Problem, check
from papergen.facts.build import add_phrases, build_store
from papergen.facts.filters import FILTERS
from papergen.facts.names import GROUPS, NARRATIVE_NAMES, TEMPLATE_NAMES, BrandWords
from papergen.facts.store import Data, Script, Store
from papergen.language.cldr import make_locale
from papergen.language.locale import Locale
from papergen.language.words import ENGLISH
from papergen.model.base import in_language
from papergen.model.brand import Brand
from papergen.model.sections import ACTIONS, section_order
from papergen.narrative.compile import compile_inline, compile_narrative
from papergen.narrative.layout import Layout
from papergen.readers.document import SourceDocument
from papergen.word.document import make_document
from papergen.word.styles import TemplateStyles
from papergen.word.template import CompiledTemplate, compile_template


def compile_program(sources: Sources, brand: str | None = None, *, trace: bool = False) -> Program:
    """The program of a paper in a brand (the paper's own, unless one is named).

    `trace`: also watch every paragraph of the template, which costs time and only tracing needs.
    Raises TemplateError with the problems of the template, else DataError or TemplateError with
    those of the texts and of the template's tags.
    """
    source = sources.brands[brand or sources.paper.brand]
    store = store_of(sources, source)
    locale = make_locale(ENGLISH, source.brand.date_format)

    compiler = Compiler(trace)
    template = compiler.template(source)
    compiler.scripts(store.scripts, texts_of(sources, source), store.appendices.values())
    check(compiler.problems)

    program = Program(
        brand=source.name,
        slug=sources.slug,
        document=make_document(template, compiler.parts, compiler.links),
        tables=compiler.tables,
        scripts=tuple(compiler.codes),
        store=store,
        locale=locale,
        words=words_of(source.brand),
        run_words=run_words_of(source.brand, locale),
        language=source.brand.language,
        sources=sources,
        compile_traced=None if trace else partial(compile_program, sources, brand, trace=True),
    )
    program.notices = _notices(program, sources)
    return program


def compile_like(known: Iterable[Program], sources: Sources, brand: str) -> Program:
    """As `compile_program`; but a program among `known` that has the same texts is used with the
    facts of these sources.

    All of `known` must be in the same brand: its template, its words and its phrases. Problems that
    such a program finds in drafting have the places of the paper that it was compiled from.
    """
    store = store_of(sources, sources.brands[brand])
    for program in known:
        if program.store.scripts == store.scripts:
            return _with_facts(program, store, sources)
    return compile_program(sources, brand)


def with_facts(program: Program, sources: Sources) -> Program:
    """The program for other facts: another plan, register, or dates of the paper. Nothing is
    compiled anew.

    Raises ValueError where the paper's own texts are not those that were compiled.
    """
    store = store_of(sources, sources.brands[program.brand])
    if store.scripts != program.store.scripts:
        raise ValueError("these are other texts than those that were compiled; compile them")
    return _with_facts(program, store, sources)


def _with_facts(program: Program, store: Store, sources: Sources) -> Program:
    made = program.with_store(store)
    made.slug = sources.slug
    made.sources = sources
    made.compile_traced = partial(compile_program, sources, program.brand, trace=True)
    made.notices = _notices(made, sources)
    return made


def _notices(program: Program, sources: Sources) -> tuple[Problem, ...]:
    """The fields of the paper that neither the template nor a text takes, as problems."""
    codes = [*program.scripts, *(code for _, code in program.document.parts)]
    boards = [one.fields["board"].id for one in considerations_in(program.store, program.brand)]
    brand = sources.brands[program.brand]
    return unused_fields(sources, brand, boards, codes, program.tables.sites)


class Compiler:
    """Compiles a brand's template, then a paper's texts, which share links, lists and tables.

    The problems of tags and texts go into `problems`.
    """

    def __init__(self, trace: bool = False) -> None:
        self.trace = trace
        self.checking: type[Generator] | None = None
        """The generator of code that is only run to find faults, and is made of what is faulty
        too.
        """
        self.environment = make_environment(FILTERS)
        self.known = [*KNOWN_NAMES, *self.environment.globals]
        self.tables = Tables()
        self.links = Links()
        self.layout: Layout | None = None
        self.appendix_layout: Callable[[], Layout] = any_layout
        self.parts: list[tuple[str, Compiled]] = []
        """The code of the template's parts, by name."""
        self.codes: list[Compiled] = []
        """The code of the texts, in their order."""
        self.problems: list[Problem] = []

    def template(self, source: BrandSource) -> CompiledTemplate:
        """Compile a template; its code goes into `parts`. Raises TemplateError."""
        template = compile_template(
            source.template,
            source.template_source,
            language=source.brand.language,
            every_paragraph=self.trace,
        )
        self.lay_out(source, template.styles, template.text_width, self.problems)
        self.add_parts(template)
        return template

    def add_parts(self, template: CompiledTemplate) -> None:
        for part in template.parts:
            code = self.code(part.pieces, "template")
            if code is not None:
                self.parts.append((part.name, code))

    def lay_out(
        self,
        source: BrandSource,
        styles: TemplateStyles,
        width: int,
        problems: list[Problem],
    ) -> None:
        """Find the styles in which texts are written; those that are missing go to `problems`.

        `width`: of the text, in twips.
        """
        brand = source.brand
        self.layout = layout_of(brand, styles, width, source, problems)
        self.appendix_layout = partial(
            without_numbers, self.layout, brand, styles, source, problems
        )

    def scripts(
        self,
        scripts: Sequence[Script],
        documents: Mapping[str, SourceDocument],
        appendices: Collection[int] = (),
    ) -> None:
        """Compile texts; their code goes into `codes`.

        `documents`: the files in which they are, by root. `appendices`: the indexes of those that
        are appendices, whose paragraphs have no numbers.
        """
        numbered = self.layout or any_layout()
        unnumbered = self.appendix_layout() if appendices else numbered
        lists = count(1)
        for script in scripts:
            layout = unnumbered if script.index in appendices else numbered
            place = _places(documents[script.root], script)
            before = len(self.problems)
            pieces = self._pieces(script, place, layout, lists)
            self.codes.append(self.code_of_text(pieces, faulty=len(self.problems) > before))

    def _pieces(
        self,
        script: Script,
        place: Callable[[int], Location],
        layout: Layout,
        lists: Iterator[int],
    ) -> list[Piece]:
        if not script.narrative:
            return compile_inline(script.text, place=place, problems=self.problems)
        return compile_narrative(
            script.text,
            section=_section_of(script),
            place=place,
            layout=layout,
            links=self.links,
            lists=lists,
            problems=self.problems,
        )

    def code_of_text(self, pieces: Iterable[Piece], *, faulty: bool) -> Compiled:
        """The code of a text; that of an empty text where it has faults."""
        is_left_out = faulty and self.checking is None
        code = None if is_left_out else self.code(pieces, "paper")
        return code if code is not None else self.no_code()

    def no_code(self) -> Compiled:
        code = self.code((), "paper")
        assert code is not None
        return code

    def code(self, pieces: Iterable[Piece], origin: str) -> Compiled | None:
        """The code of pieces from the “template” or a “paper”; None where they are faulty."""
        return compile_pieces(
            pieces,
            self.environment,
            self.tables,
            self.problems,
            origin=origin,
            trace=self.trace,
            known=self.known,
            checking=self.checking,
        )


KNOWN_NAMES = (*GROUPS, *NARRATIVE_NAMES, *TEMPLATE_NAMES, "label", "ref")
"""All names that a template or a narrative may take from the values."""


def _section_of(script: Script) -> str:
    """The stem of a text's bookmarks: its section's id, or “implication-finance”."""
    if script.keys[0] == "implications":
        return f"implication-{script.keys[1]}"
    return str(script.keys[script.keys.index("sections") + 1])


def _places(document: SourceDocument, script: Script) -> Callable[[int], Location]:
    """What finds the place of a character of a text, by its offset."""
    keys = script.keys
    # A text may be where its model has a group of fields: `purpose: |` for `purpose: {text: |}`.
    while keys and not _is_text(document, keys):
        keys = keys[:-1]
    return partial(document.location_in, keys)


def _is_text(document: SourceDocument, keys: tuple[str | int, ...]) -> bool:
    try:
        return isinstance(document.at(keys), str)
    except (LookupError, TypeError):
        return False


def store_of(sources: Sources, brand: BrandSource) -> Store:
    """The data of a paper as it is drafted in a brand, as plain values."""
    documents = sources.documents
    files = {root: document.source for root, document in documents.items()}
    store = build_store(
        {"plan": sources.plan, "bodies": sources.bodies, "paper": sources.paper},
        {**files, "template": brand.template_source},
        {root: document.location for root, document in documents.items()},
        ENGLISH,
    )
    phrases = {section: document.text for section, document in brand.phrases.items()}
    order = section_order(sources.paper, brand.brand, phrases)
    in_appendix = []
    if sources.paper.action_table == "appendix" and ACTIONS in phrases:
        in_appendix.append(ACTIONS)
    add_phrases(store, phrases, order, in_appendix)
    return store


def texts_of(sources: Sources, brand: BrandSource) -> dict[str, SourceDocument]:
    """The files that hold the texts of a paper in a brand, by root."""
    phrases = {f"phrases/{section}": document for section, document in brand.phrases.items()}
    return {**sources.documents, **phrases}


def words_of(brand: Brand) -> BrandWords:
    """The words of a brand that its papers print."""
    return BrandWords(
        {key: in_language(text) for key, text in brand.labels.items()},
        {section.id: in_language(section.heading) for section in brand.sections},
        {each.id: in_language(each.heading) for each in brand.implications},
    )


def run_words_of(brand: Brand, locale: Locale) -> RunWords:
    """The words that a draft in a brand prints by itself."""
    return RunWords(
        reference=in_language(brand.reference_word),
        unknown=locale.words.unknown,
        unknown_fact=locale.words.unknown_fact,
        unknown_comment=locale.words.unknown_comment,
    )


def considerations_in(store: Store, brand: str) -> list[Data]:
    """The considerations whose papers are in a brand; all, if each has another brand."""
    paper = store.roots["paper"].fields
    considerations = list(paper["considerations"])
    own = [one for one in considerations if (one.fields["brand"] or paper["brand"]) == brand]
    return own or considerations
