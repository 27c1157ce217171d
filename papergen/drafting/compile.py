"""Compiling: a brand's template and a paper's texts to code, with all that is wrong in either."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from papergen.drafting.layout import any_layout, layout_of, without_numbers
from papergen.engine.codegen import compile_pieces
from papergen.engine.compiled import Compiled, Tables
from papergen.engine.pieces import Links, Piece
from papergen.engine.render import make_environment
from papergen.errors import Location, PapergenError, Problem
from papergen.facts.filters import FILTERS
from papergen.facts.names import GROUPS, NARRATIVE_NAMES, TEMPLATE_NAMES
from papergen.facts.store import Script
from papergen.narrative.compile import compile_inline, compile_narrative
from papergen.word.template import CompiledTemplate, Remains, compile_template

if TYPE_CHECKING:
    from papergen.engine.sandbox import Generator
    from papergen.model.sources import BrandSource
    from papergen.narrative.layout import Layout
    from papergen.readers.document import SourceDocument as SourceDocument
    from papergen.word.styles import TemplateStyles


def faults_without_data(
    document: SourceDocument | None,
    texts: Sequence[Script],
    brand: BrandSource | None,
    *,
    styles: bool = True,
) -> list[Problem]:
    """What is wrong in the texts of a paper and in the template of a brand, as far as it can be
    told without any data.

    `document`: the paper's file, in which `texts` stand. For a paper, a plan or a register that has
    faults of its own. `styles`: whether the brand's own are known, so that one that the template
    lacks is a fault.
    """
    made = Compiler()
    if brand is not None:
        made.template(brand, styles=styles)
    if document is not None:
        made.scripts(texts, {"paper": document})
    return made.problems


def _names() -> tuple[str, ...]:
    """All names that a template or a narrative may take from the values."""
    return (*GROUPS, *NARRATIVE_NAMES, *TEMPLATE_NAMES, "label", "ref")


class Compiler:
    """Compiles a brand's template and a paper's texts, the template first. All that is wrong goes
    into `problems`.
    """

    def __init__(self, trace: bool = False, checking: type[Generator] | None = None) -> None:
        """`checking`: the generator of code that is only run to find faults, and is made of what is
        faulty too.
        """
        self.trace = trace
        self.checking = checking
        self.environment = make_environment(FILTERS)
        self.known = [*_names(), *self.environment.globals]
        self.tables = Tables()
        self.links = Links()
        self.styles: TemplateStyles | None = None
        self.layout: Layout | None = None
        self.appendix_layout: Callable[[], Layout] = any_layout
        self.parts: list[tuple[str, Compiled]] = []
        self.codes: list[Compiled] = []
        self.problems: list[Problem] = []

    def template(self, source: BrandSource, *, styles: bool = True) -> CompiledTemplate | None:
        """The template compiled, its code in `parts`; None where it has faults of its own."""
        remains = Remains()
        try:
            template = compile_template(
                source.template,
                source.template_source,
                language=source.brand.language,
                every_paragraph=self.trace,
                remains=remains,
            )
        except PapergenError as fault:
            self.problems += fault.problems
            self._remaining(remains, source, styles)
            return None
        self._lay_out(template.styles, template.text_width, source, styles)
        for part in template.parts:
            code = self._code(part.pieces, "template")
            if code is not None:
                self.parts.append((part.name, code))
        return template

    def _lay_out(self, found: TemplateStyles, width: int, source: BrandSource, known: bool) -> None:
        self.styles = found
        problems = self.problems if known else []
        self.layout = layout_of(source.brand, found, width, source, problems)
        self.appendix_layout = partial(
            without_numbers, self.layout, source.brand, found, source, problems
        )

    def _remaining(self, remains: Remains, source: BrandSource, styles: bool) -> None:
        """The other faults of a template that is faulty."""
        from papergen.engine.checking import tags_alone

        if remains.styles is not None:
            self._lay_out(remains.styles, remains.text_width, source, styles)
        for tags in remains.tags:
            self._code(tags_alone(tags), "template")

    def scripts(
        self,
        scripts: Sequence[Script],
        documents: Mapping[str, SourceDocument],
        appendices: Collection[int] = (),
    ) -> None:
        """The code of texts into `codes`, in their order; that of an empty text where one has
        faults.

        `appendices`: the indexes of those that are appendices, the paragraphs of which have no
        numbers.
        """
        usual = self.layout or any_layout()
        unnumbered = self.appendix_layout() if appendices else usual
        lists = count(1)
        for script in scripts:
            layout = unnumbered if script.index in appendices else usual
            place = _places(documents[script.root], script)
            found = len(self.problems)
            pieces: list[Piece]
            if script.narrative:
                pieces = compile_narrative(
                    script.text,
                    section=_section_of(script),
                    place=place,
                    layout=layout,
                    links=self.links,
                    lists=lists,
                    problems=self.problems,
                )
            else:
                pieces = compile_inline(script.text, place=place, problems=self.problems)
            sound = len(self.problems) == found or self.checking is not None
            code = self._code(pieces, "paper")
            self.codes.append(code if sound and code is not None else self._nothing())

    def code(self, pieces: Iterable[Piece]) -> Compiled | None:
        """The code of pieces that stand for a template's."""
        return self._code(pieces, "template")

    def _code(self, pieces: Iterable[Piece], origin: str) -> Compiled | None:
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

    def _nothing(self) -> Compiled:
        code = self._code((), "paper")
        assert code is not None
        return code


def _section_of(script: Script) -> str:
    """The stem of a text's bookmarks: its section's id; “implication-finance” for an
    implication.
    """
    if script.keys[0] == "implications":
        return f"implication-{script.keys[1]}"
    return str(script.keys[script.keys.index("sections") + 1])


def _places(document: SourceDocument, script: Script) -> Callable[[int], Location]:
    keys = script.keys
    while keys and not _is_text(document, keys):
        keys = keys[
            :-1
            # A text may stand where its model has a field for it: “purpose: |” for “purpose: {text:
            # |}”.
        ]
    return lambda offset: document.location_in(keys, offset)


def _is_text(document: SourceDocument, keys: tuple[str | int, ...]) -> bool:
    try:
        return isinstance(document.at(keys), str)
    except (LookupError, TypeError):
        return False
