"""A paper drafted on trial: a tag that fails is left out by itself, so that one run finds the
faults of all others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from papergen.drafting.compile import (
    Compiler,
    considerations_in,
    run_words_of,
    store_of,
    texts_of,
    words_of,
)
from papergen.drafting.program import bound_texts, sections_not_printed
from papergen.drafting.sources import BrandSource, Sources
from papergen.engine.checking import checking_values, tags_alone
from papergen.engine.compiled import Compiled
from papergen.engine.jinja_internals import CheckingGenerator, Generator
from papergen.engine.pieces import Context, Expression, Piece, Statement
from papergen.engine.render import plain_text, render, run_values, suggest
from papergen.engine.state import RenderState
from papergen.errors import Kind, Location, PapergenError, Problem, ends_all
from papergen.facts.names import template_names
from papergen.facts.registry import TOKEN_DECODERS, meeting_view
from papergen.facts.store import Data, Script, Store
from papergen.language.cldr import make_locale
from papergen.language.words import ENGLISH
from papergen.readers.document import SourceDocument
from papergen.word.styles import TemplateStyles
from papergen.word.template import CompiledTemplate, Remains, compile_template

_NOWHERE = Location("")
"""The place of what stands for a faulty template: nothing is wrong with that."""


class TrialCompiler(Compiler):
    """A compiler that goes on behind the faults of a template, and finds more of them.

    `styles`: whether the brand's own styles are known, so that one that the template lacks is a
    fault. `checking`: as in `Compiler`.
    """

    def __init__(self, *, styles: bool = True, checking: type[Generator] | None = None) -> None:
        super().__init__()
        self.checking = checking
        self.styles: TemplateStyles | None = None
        self._styles_known = styles

    def try_template(self, source: BrandSource) -> CompiledTemplate | None:
        """Compile a template; None where it has faults of its own, which go into `problems`."""
        remains = Remains()
        try:
            template = compile_template(
                source.template,
                source.template_source,
                language=source.brand.language,
                remains=remains,
            )
        except PapergenError as fault:
            self.problems += fault.problems
            if remains.styles is not None:
                self._lay_out(source, remains.styles, remains.text_width)
            for tags in remains.tags:
                self.code(tags_alone(tags), "template")
            return None
        self._lay_out(source, template.styles, template.text_width)
        self.add_parts(template)
        return template

    def _lay_out(self, source: BrandSource, styles: TemplateStyles, width: int) -> None:
        self.styles = styles
        problems = self.problems if self._styles_known else []
        self.lay_out(source, styles, width, problems)


def problems_without_data(
    document: SourceDocument | None,
    texts: Sequence[Script],
    brand: BrandSource | None,
    *,
    styles: bool = True,
) -> list[Problem]:
    """What is wrong in the texts of a paper and in the template of a brand, as far as it can be
    found without any data.

    `document`: the paper's file, which holds the `texts`. `styles`: as for `TrialCompiler`.
    """
    compiler = TrialCompiler(styles=styles)
    if brand is not None:
        compiler.try_template(brand)
    if document is not None:
        compiler.scripts(texts, {"paper": document})
    return compiler.problems


def compile_problems(sources: Sources, brand: str) -> list[Problem]:
    """All that is wrong with a paper's texts and a brand's template, drafting included."""
    source = sources.brands[brand]
    store = store_of(sources, source)
    compiler = TrialCompiler()
    compiler.try_template(source)
    compiler.scripts(store.scripts, texts_of(sources, source), store.appendices.values())
    return [*compiler.problems, *dry_run_problems(sources, brand)]


def dry_run_problems(
    sources: Sources,
    brand: str,
    boards: Collection[str] = (),
    *,
    whole: bool = True,
) -> list[Problem]:
    """All that is wrong with a paper in a brand, found by drafting it on trial.

    `boards`: the ids of the boards to draft for, else all whose papers are in this brand. `whole`:
    whether the facts are all there, so that a reference to a paragraph that is missing is a fault.
    """
    trial = _Trial(sources, sources.brands[brand], whole)
    return trial.problems_of(_considerations_for(trial.store, brand, boards))


def _considerations_for(store: Store, brand: str, boards: Collection[str]) -> list[Data]:
    considerations = store.roots["paper"].fields["considerations"]
    chosen = [one for one in considerations if one.fields["board"].id in boards]
    return chosen or considerations_in(store, brand)


class _Trial:
    """A paper compiled in a brand to be drafted on trial, with all that compiling found wrong."""

    def __init__(self, sources: Sources, source: BrandSource, whole: bool) -> None:
        self.store = store_of(sources, source)
        self.locale = make_locale(ENGLISH, source.brand.date_format)
        self.words = words_of(source.brand)
        self.run_words = run_words_of(source.brand, self.locale)

        self.compiler = TrialCompiler(checking=CheckingGenerator)
        self.template = self.compiler.try_template(source)
        texts = texts_of(sources, source)
        self.compiler.scripts(self.store.scripts, texts, self.store.appendices.values())
        environment = self.compiler.environment
        self.functions = [code.bind(environment) for code in self._codes()]
        self.texts = bound_texts(self.store.scripts, self.compiler.codes, environment)

        self.found = list(self.compiler.problems)
        self.undefined = {
            problem.where for problem in self.found if problem.code == "undefined-name"
        }
        of_styles = any(problem.code == "template-style" for problem in self.found)
        self.is_numbered = self.compiler.styles is not None and not of_styles
        # Where a text has faults, the paragraph that a reference means may have been left out; and
        # a faulty template may be what gives the label.
        is_complete = whole and self.is_numbered and self.template is not None
        self.checks_references = is_complete and not self._found_any(Kind.DATA)
        self.checks_sections = self.template is not None and not self._found_any(Kind.TEMPLATE)

    def problems_of(self, considerations: Iterable[Data]) -> list[Problem]:
        """What is found wrong with these boards' papers, after what compiling found."""
        for consideration in considerations:
            for problem in self._problems_of(consideration):
                if self._is_new(problem):
                    self.found.append(problem)
            if ends_all(self.found):
                break
        return self.found

    def _problems_of(self, consideration: Data) -> list[Problem]:
        as_at = self.store.roots["paper"].fields["as_at"]
        meeting = consideration.fields["meeting"]
        view = meeting_view(self.store, self.locale, meeting, as_at, self.texts)
        names = template_names(view, view.record(consideration), self.words)
        run = self._run(names)
        problems = list(run.problems)
        if not self.is_numbered:
            problems = [problem for problem in problems if problem.code != "unknown-label"]
        if self.checks_sections:
            problems += sections_not_printed(run, names, self.store)
        return problems

    def _run(self, names: Mapping[str, Any]) -> RenderState:
        compiler = self.compiler
        run = RenderState(
            words=self.run_words,
            paragraphs=compiler.tables.paragraphs,
            sites=compiler.tables.sites,
            lists=compiler.styles.lists if compiler.styles is not None else {},
            suggest=suggest,
            decoders=TOKEN_DECODERS,
        )
        checking = checking_values(run, compiler.tables.unsure)
        run_values(compiler.environment, run, {**names, **checking})
        for function in self.functions:
            render(function, run)
        plain_text(names["title"], run)
        if self.checks_references:
            run.check_references()
        return run

    def _codes(self) -> list[Compiled]:
        """The code of the template's parts; where it is faulty, code that prints all texts."""
        if self.template is not None:
            return [code for _, code in self.compiler.parts]
        code = self.compiler.code(_ALL_TEXTS, "template")
        return [code] if code is not None else []

    def _found_any(self, kind: Kind) -> bool:
        return any(problem.kind is kind for problem in self.compiler.problems)

    def _is_new(self, problem: Problem) -> bool:
        if problem.where == _NOWHERE:
            return False
        # Of “{{ a-b }}” the names of both sides are missing, and it is one fault.
        if problem.code == "undefined-name" and problem.where in self.undefined:
            return False
        return not any(_are_one(problem, other) for other in self.found)


def _are_one(one: Problem, other: Problem) -> bool:
    """Whether a reader takes two problems for one: they have the same words, or one tag has both,
    each in another round of a loop.
    """
    if one.where != other.where:
        return False
    if one.message == other.message:
        return True
    return (
        one.where is not None
        and one.where.line is not None
        and {one.code, other.code} <= _OF_VALUES
    )


_OF_VALUES = {"value-misused", "expression-failed"}


def _printed(source: str, context: Context = Context.PLAIN) -> Expression:
    return Expression(source, _NOWHERE, context)


def _each(loop: str, *pieces: Piece) -> list[Piece]:
    return [Statement(f"for {loop}", _NOWHERE), *pieces, Statement("endfor", _NOWHERE)]


_ALL_TEXTS = [
    _printed("title"),
    *_each("r in recommendations", _printed("r.text")),
    *_each("s in sections", _printed("s.heading"), _printed("s.body", Context.BLOCK)),
    *_each("i in implications", _printed("i.body", Context.BLOCK)),
    *_each("a in appendix_sections", _printed("a.body", Context.BLOCK)),
]
"""What a template prints of a paper's texts: for a template that is itself faulty."""
