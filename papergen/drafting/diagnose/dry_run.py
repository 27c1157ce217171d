"""A paper tried out for its faults: a tag that fails is left out by itself, so that one run finds
the faults of all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from papergen.drafting.compile import Compiler
from papergen.engine.checking import CheckingGenerator, checking_values
from papergen.engine.compiled import Function
from papergen.engine.pieces import Context, Expression, Piece, Statement
from papergen.engine.render import InlineText, SectionText, plain_text, render, run_values, suggest
from papergen.engine.state import RenderState, RunWords
from papergen.errors import Kind, Location, Problem, ends_all

if TYPE_CHECKING:
    from papergen.facts.store import Data, Store
    from papergen.model.sources import BrandSource
    from papergen.readers.document import SourceDocument

NamesOf = Callable[["Data", "tuple[Any, ...]"], "dict[str, Any]"]
"""The names that the texts of a board's paper may use, given the board's consideration and those
texts.
"""

_NOWHERE = Location("")
"""The place of what stands for a faulty template: nothing is wrong with that."""


def dry_run(
    brand: BrandSource,
    store: Store,
    documents: Mapping[str, SourceDocument],
    considerations: Sequence[Data],
    names_of: NamesOf,
    words: RunWords,
    unprinted: Callable[[RenderState, Mapping[str, Any]], Iterator[Problem]],
    *,
    whole: bool = True,
) -> list[Problem]:
    """All that is wrong with the template of a brand, and with a paper's texts in the papers of
    these considerations.

    `documents`: the files of the texts, by root. `unprinted`: what a run has left out. `whole`:
    whether the facts are all there, so that a paragraph that is referred to and not there is
    missing.
    """
    made = Compiler(checking=CheckingGenerator)
    template = made.template(brand)
    made.scripts(store.scripts, documents, store.appendices.values())
    codes = [code for _, code in made.parts] if template is not None else [made.code(_ALL_TEXTS)]
    functions = [code.bind(made.environment) for code in codes if code is not None]
    bound = [code.bind(made.environment) for code in made.codes]
    texts = tuple(
        SectionText(function, script.path)
        if script.narrative
        else InlineText(function, script.index)
        for script, function in zip(store.scripts, bound, strict=True)
    )
    found = list(made.problems)
    numbered = made.styles is not None and not any(
        problem.code == "template-style" for problem in found
    )
    named = {problem.where for problem in found if problem.code == "undefined-name"}
    for consideration in considerations:
        names = names_of(consideration, texts)
        run = _run(made, functions, names, words)
        if whole and numbered and not any(problem.kind is Kind.DATA for problem in made.problems):
            run.check_references()  # else the paragraph that is meant may have been left out
        problems = [
            problem for problem in run.problems if numbered or problem.code != "unknown-label"
        ]
        if template is not None and not any(
            problem.kind is Kind.TEMPLATE for problem in made.problems
        ):
            problems += unprinted(run, names)
        for problem in problems:
            # Of “{{ a-b }}” the names of both sides are missing, and it is one fault.
            again = problem.code == "undefined-name" and problem.where in named
            if (
                problem.where != _NOWHERE
                and not again
                and not any(_are_one(problem, other) for other in found)
            ):
                found.append(problem)
        if ends_all(found):
            break
    return found


def _are_one(one: Problem, other: Problem) -> bool:
    """Whether two problems are one fault to the reader: said in the same words; or told of one tag,
    each time round a loop.
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


def _run(
    made: Compiler,
    functions: Sequence[Function],
    names: Mapping[str, Any],
    words: RunWords,
) -> RenderState:
    styles = made.styles
    run = RenderState(
        words=words,
        paragraphs=made.tables.paragraphs,
        sites=made.tables.sites,
        lists=styles.lists if styles is not None else {},
        suggest=suggest,
    )
    run_values(made.environment, run, {**names, **checking_values(run, made.tables.unsure)})
    for function in functions:
        render(function, run)
    plain_text(names["title"], run)
    return run


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
