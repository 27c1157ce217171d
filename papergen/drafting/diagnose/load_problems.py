"""All that is wrong in the files of a paper, found in one run.

A file that has faults is read on behind them. What is right in it is compared with the other files,
its texts and templates are compiled, and where the rest allows it the paper is drafted on trial.
What only follows from another fault is not reported.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from papergen.dates import PartialDate
from papergen.drafting.diagnose.dry_run import dry_run_problems, problems_without_data
from papergen.drafting.diagnose.recover import Replaced, as_meant, recover
from papergen.drafting.diagnose.resolvable import without_unknown
from papergen.drafting.load import (
    Reader,
    of_brand,
    read_phrase,
    text_at,
    with_listed_actions,
    with_phrases,
)
from papergen.drafting.sources import BrandSource, Sources
from papergen.errors import Location, PapergenError, Problem, error
from papergen.facts.store import Script
from papergen.language.words import ENGLISH
from papergen.model.base import Model
from papergen.model.bodies import Bodies
from papergen.model.brand import Brand
from papergen.model.cross_checks import NOTHING_UNRELIABLE, check_sections
from papergen.model.cross_checks import check as cross_check
from papergen.model.paper import Paper
from papergen.model.plan import Plan
from papergen.model.sections import drafted_sections
from papergen.model.texts import raw_texts
from papergen.readers import read, read_on
from papergen.readers.document import SourceDocument
from papergen.readers.validate import validate
from papergen.storage.source_files import SourceFile, SourceFiles

M = TypeVar("M", bound=Model)


def load_problems(files: SourceFiles, brands: Iterable[str] = ()) -> list[Problem]:
    """Everything that is wrong in the files of a paper; nothing where `load` accepts them.

    `brands`: further brands to load.
    """
    return _Diagnosis(files).problems_of(list(brands))


class _Diagnosis:
    def __init__(self, files: SourceFiles) -> None:
        self.reader = Reader(files)
        self.files = files
        self.problems: list[Problem] = []
        self.faulty_brands: list[BrandSource] = []
        self.unreliable: dict[str, Replaced] = {}

    @property
    def documents(self) -> dict[str, SourceDocument]:
        return self.reader.documents

    def problems_of(self, further_brands: Sequence[str]) -> list[Problem]:
        paper = self._model("paper", Paper, self.files.paper, None)
        bodies = self._named_by_paper("bodies", Bodies)
        plan = self._named_by_paper("plan", Plan)
        brands = self._brands(further_brands)
        between = cross_check(paper, bodies, plan, self.documents, self.unreliable)
        if paper is not None:
            for name, brand in brands.items():
                phrases = self.files.phrases(brand.folder, ENGLISH)
                between += check_sections(
                    paper,
                    brand.brand,
                    self.documents["paper"],
                    phrases,
                    self.unreliable.get("paper", NOTHING_UNRELIABLE),
                )
                brands[name] = self._with_phrases(brand, paper, plan, phrases)
        self.problems += between
        if not self.problems:
            return []
        models = {"paper": paper, "bodies": bodies, "plan": plan}
        readable = {root: model for root, model in models.items() if model is not None}
        can_be_drafted = {problem.code for problem in between} <= _DRAFTED_IN_SPITE_OF
        if can_be_drafted and len(readable) == len(models):
            self.problems += self._dry_run(readable, brands, between)
        self.problems += self._of_texts_and_templates(list(brands.values()))
        return self.problems

    def _with_phrases(
        self,
        brand: BrandSource,
        paper: Paper,
        plan: Plan | None,
        phrases: Mapping[str, SourceFile],
    ) -> BrandSource:
        readable: dict[str, SourceDocument] = {}
        for section in drafted_sections(paper, brand.brand, phrases):
            if section not in phrases:
                continue
            try:
                readable[section] = read_phrase(self.reader, section, phrases[section])
            except PapergenError as fault:
                self.problems += fault.problems
        return with_phrases(brand, readable, plan)

    def _of_texts_and_templates(self, brands: Sequence[BrandSource]) -> Iterator[Problem]:
        """What compiling finds without any data."""
        document = self.documents.get("paper")
        texts = raw_texts(Paper, document.value) if document is not None else ()
        scripts = [
            Script(index, "paper", "", raw.path, raw.text, raw.narrative)
            for index, raw in enumerate(texts)
        ]
        if not brands:
            yield from problems_without_data(document, scripts, None)
        for brand in brands:
            yield from problems_without_data(document, scripts, brand)
        for brand in self.faulty_brands:
            yield from problems_without_data(document, scripts, brand, styles=False)

    def _dry_run(
        self,
        models: Mapping[str, Model],
        brands: Mapping[str, BrandSource],
        between: Sequence[Problem],
    ) -> Iterator[Problem]:
        """What drafting finds, unless it only follows from the faults of the data."""
        tried = without_unknown(models, self.documents)
        if tried is None:
            return
        paper, bodies, plan = (tried.models[root] for root in ("paper", "bodies", "plan"))
        sources = Sources(paper, plan, bodies, self.documents, brands, "", "", {})  # type: ignore[arg-type]
        whole = not any(part.structural for part in self.unreliable.values())
        following = self._following_codes(between)
        lost = self._lost_names() - tried.ids
        for name in brands:
            for problem in dry_run_problems(sources, name, whole=whole):
                if problem.code not in following and not _names_any(problem, lost):
                    yield problem

    def _following_codes(self, between: Sequence[Problem]) -> set[str]:
        """The codes of what may only follow from a fault that is known."""
        codes: set[str] = set()
        if any(part.loses for part in self.unreliable.values()):
            codes |= {"undefined-name", "template-name"}
        nameless = any(problem.code in _OF_NAMES for problem in between)
        meeting_replaced = any(path[-1] == "meeting" for path in self._replaced_paths())
        if nameless or "bodies" in self.unreliable or meeting_replaced:
            codes |= _OF_NAMES
        return codes

    def _replaced_paths(self) -> list[tuple[str | int, ...]]:
        return [path for part in self.unreliable.values() for path in part.paths if path]

    def _lost_names(self) -> set[str | int]:
        """The names and ids that a fault may have taken away."""
        lost: set[str | int] = set()
        for path in self._replaced_paths():
            if len(path) > 1 and path[-2] in _NAMED_BY_AUTHOR:
                lost.add(path[-1])
        for part in self.unreliable.values():
            lost |= part.ids
        return lost

    def _model(
        self,
        root: str,
        model: type[M],
        file: SourceFile,
        named_at: Location | None,
    ) -> M | None:
        try:
            data = self.reader.contents(file, named_at)
            document, problems = read_on(data, file.shown)
        except PapergenError as fault:
            self.problems += fault.problems
            return None
        self.problems += problems
        if document is None:
            return None
        lost: frozenset[str] = frozenset()
        if root == "plan":
            document, lost = self._with_listed_actions(document, file)
        self.documents[root] = document
        value, faults = validate(model, document)
        self.problems += faults
        if value is not None and not problems and not lost:
            return value
        return self._recovered(root, model, document, lost)

    def _with_listed_actions(
        self, document: SourceDocument, plan_file: SourceFile
    ) -> tuple[SourceDocument, frozenset[str]]:
        """The plan with the actions of its list, and the kinds of things that the list lacks."""
        problems: list[Problem] = []
        try:
            document = with_listed_actions(
                self.reader, document, plan_file, self._as_at(), problems
            )
        except PapergenError as fault:
            self.problems += problems
            self.problems += fault.problems
            return document, _LISTED
        self.problems += problems
        if any(problem.code == "missing-field" for problem in problems):
            return document, _LISTED  # a row without its text is not an action
        return document, frozenset()

    def _recovered(
        self,
        root: str,
        model: type[M],
        document: SourceDocument,
        lost: frozenset[str],
    ) -> M | None:
        """The model of what is right in a file that has faults: to check the rest against."""
        document = self.documents[root] = as_meant(model, document)
        self.problems += validate(model, document)[1]
        recovered = recover(model, document, lost=lost)
        self.unreliable[root] = recovered.replaced
        return recovered.value

    def _as_at(self) -> PartialDate:
        """The as-at date; where it is itself wrong, any will do."""
        paper = self.documents.get("paper")
        text = text_at(paper, "as_at") if paper is not None else None
        try:
            return PartialDate.parse(text or "")
        except ValueError:
            return PartialDate(2000, 1, 1)

    def _named_by_paper(self, root: str, model: type[M]) -> M | None:
        """A file that the paper names, even where other things in the paper are wrong."""
        paper = self.documents.get("paper")
        name = text_at(paper, root) if paper is not None else None
        if paper is None or name is None:
            return None
        file = self.files.paper.beside(name)
        return self._model(root, model, file, paper.location((root,)))

    def _brands(self, further: Sequence[str]) -> dict[str, BrandSource]:
        paper = self.documents.get("paper")
        named: dict[str, Location | None] = dict.fromkeys(further)
        if paper is not None:
            for path in _brand_paths(paper):
                name = text_at(paper, *path)
                if name is not None:
                    named.setdefault(name, paper.location(path))
        found = {}
        for name, where in sorted(named.items()):
            try:
                found[name] = self._brand(name, where)
            except PapergenError as fault:
                self.problems += fault.problems
        return found

    def _brand(self, name: str, where: Location | None) -> BrandSource:
        """As `read_brand`, with the faults of the words and of the template together."""
        folder = self.files.brand_folder(name, named_at=where)
        words_file = self.files.in_brand(folder, "brand.yaml")
        data = self.reader.contents(words_file)
        document, brand = None, None
        try:
            document = read(data, words_file.shown)
            brand, problems = validate(Brand, document)
        except PapergenError as fault:
            problems = list(fault.problems)
        template_name = text_at(document, "template") if document is not None else None
        used = brand or Brand(name=name, template=template_name or _TEMPLATE)
        template_file = self.files.in_brand(folder, used.template)
        named_at = document.location(("template",)) if document is not None else None
        try:
            template = self.reader.contents(template_file, named_at)
        except PapergenError as fault:
            raise error([*map(of_brand, problems), *fault.problems]) from None
        made = BrandSource(name, used, template, folder, words_file.shown, template_file.shown)
        if brand is None:
            self.faulty_brands.append(made)
            raise error(map(of_brand, problems))
        return made


_LISTED = frozenset({"phase", "workstream", "action"})
"""What a list of actions brings."""

_DRAFTED_IN_SPITE_OF = {
    "unknown-id",
    "power-missing",
    "overlapping-names",
    "duplicate-id",
    "no-name-on-date",
    "missing-field",
}
"""Problems between the files that do not prevent a trial draft."""

_NAMED_BY_AUTHOR = {"values", "labels", "sections", "implications"}
"""The groups of a paper whose entries have names of the author's own."""

_OF_NAMES = {"no-name-on-date", "shared-short-form"}
"""What drafting finds that may well follow from a fault of a body's names."""

_TEMPLATE: str = Brand.model_fields["template"].default


def _names_any(problem: Problem, names: Collection[Any]) -> bool:
    """Whether a problem is about one of the names."""
    found = re.match("“(.*?)”", problem.message)
    if found is None:
        return False
    return found[1] in names or found[1].replace("_", "-") in names


def _brand_paths(paper: SourceDocument) -> list[tuple[str | int, ...]]:
    """Where the values of a paper may name a brand."""
    value = paper.value
    considerations = value.get("considerations") if isinstance(value, Mapping) else None
    count = len(considerations) if isinstance(considerations, list) else 0
    return [("brand",), *(("considerations", index, "brand") for index in range(count))]
