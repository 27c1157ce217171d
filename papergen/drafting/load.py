"""Load: from the files of a paper to validated values.

`load` reads the paper, the register of bodies, the plan and the brands, validates each file, and
checks the files against each other. It raises at the first file that is wrong;
`drafting.diagnose` finds everything that is wrong in all of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from papergen.dates import PartialDate
from papergen.drafting.sources import BrandSource, Sources
from papergen.errors import Kind, Location, PapergenError, Problem, check, error
from papergen.language.words import ENGLISH
from papergen.model.base import Model
from papergen.model.bodies import Bodies
from papergen.model.brand import Brand
from papergen.model.cross_checks import check as cross_check
from papergen.model.cross_checks import check_sections
from papergen.model.paper import Paper
from papergen.model.plan import Plan
from papergen.model.sections import ACTIONS, drafted_sections, given_columns
from papergen.narrative.columns import with_columns
from papergen.readers import decode, read
from papergen.readers.document import Path, SourceDocument, placed_elsewhere, text_document
from papergen.readers.validate import validate
from papergen.storage.source_files import SourceFile, SourceFiles
from papergen.workbook.reading import Reading

M = TypeVar("M", bound=Model)


def load(files: SourceFiles, brands: Iterable[str] = ()) -> Sources:
    """The paper, its plan, its register of bodies, and the brands that it names.

    `brands`: further brands to load.
    Raises SourceError, DataError or TemplateError with the problems of the first file that is
    wrong, or of the files taken together.
    """
    reader = Reader(files)

    paper = validated(Paper, reader.document("paper", files.paper))
    at_paper = reader.documents["paper"].location

    bodies_file = files.paper.beside(paper.bodies)
    bodies = validated(Bodies, reader.document("bodies", bodies_file, at_paper(("bodies",))))

    plan_file = files.paper.beside(paper.plan)
    plan_document = reader.document("plan", plan_file, at_paper(("plan",)))
    problems: list[Problem] = []
    plan_document = with_listed_actions(
        reader, plan_document, plan_file, paper.as_at, problems, until=_last_meeting(paper)
    )
    check(problems)
    plan = validated(Plan, plan_document)

    found: dict[str, BrandSource] = {}
    for name, named_at in sorted(_named_brands(paper, at_paper, brands).items()):
        found[name] = read_brand(reader, name, named_at)

    check(cross_check(paper, bodies, plan, reader.documents))
    for name, brand in found.items():
        found[name] = _with_phrases(reader, brand, paper, plan)
    return reader.sources(paper, plan, bodies, found)


class Reader:
    """Reads the files of one paper, and keeps what it has read: documents, hashes, readings."""

    def __init__(self, files: SourceFiles) -> None:
        self.files = files
        self.documents: dict[str, SourceDocument] = {}
        """The files as read: “paper”, “bodies”, “plan”."""
        self.digests: dict[str, bytes] = {}
        """SHA-256 of each file, by its path."""
        self.readings: list[Reading] = []
        """How each list of actions was read."""
        self._hash = hashlib.sha256()

    def contents(self, file: SourceFile, named_at: Location | None = None) -> bytes:
        data = self.files.read(file, named_at=named_at)
        self.digests[file.path] = hashlib.sha256(data).digest()
        return data

    def add_to_hash(self, name: str, *contents: bytes) -> None:
        """Add contents to the content hash of the sources, each with its length."""
        for content in (name.encode(), *contents):
            self._hash.update(len(content).to_bytes(8))
            self._hash.update(content)

    def document(
        self, root: str, file: SourceFile, named_at: Location | None = None
    ) -> SourceDocument:
        """A YAML or JSON file, kept as the document of `root`."""
        data = self.contents(file, named_at)
        self.add_to_hash(root, data)
        self.documents[root] = read(data, file.shown)
        return self.documents[root]

    def sources(
        self,
        paper: Paper,
        plan: Plan,
        bodies: Bodies,
        brands: Mapping[str, BrandSource],
    ) -> Sources:
        return Sources(
            paper,
            plan,
            bodies,
            self.documents,
            brands,
            slug=paper.id or self.files.folder_name,
            content_hash=self._hash.hexdigest(),
            files=self.digests,
            readings=tuple(self.readings),
        )


def validated(model: type[M], document: SourceDocument) -> M:
    """The model of a document's values. Raises DataError with what is wrong in it."""
    value, problems = validate(model, document)
    check(problems)
    assert value is not None
    return value


def with_listed_actions(
    reader: Reader,
    document: SourceDocument,
    plan_file: SourceFile,
    as_at: PartialDate,
    problems: list[Problem],
    *,
    until: PartialDate | None = None,
) -> SourceDocument:
    """The plan with the actions of the list that it names, if it names one.

    `as_at`: the day on which what the list says is known. `until`: the day of the last meeting.
    Adds what is wrong in cells to `problems`. Raises PapergenError where the list cannot be read.
    """
    if not has_actions(document):
        return document
    from papergen.drafting.named_list import actions_group, read_named_list
    from papergen.workbook.into_plan import into_plan

    group = actions_group(document)
    if group is None:
        return document
    list_file = plan_file.beside(group.file)
    data = reader.contents(list_file, document.location(("actions",)))
    reader.add_to_hash("actions", data)
    listed = read_named_list(
        data,
        list_file.shown,
        group=group,
        plan=document,
        bodies=reader.documents.get("bodies"),
        as_at=as_at,
        until=until,
    )
    problems += listed.problems
    merged = into_plan(document.value, listed.actions)
    reader.readings.append(listed.reading.plus(merged.remarks))
    reader.documents["plan"] = placed_elsewhere(document, merged.values, merged.places)
    return reader.documents["plan"]


def _last_meeting(paper: Paper) -> PartialDate | None:
    """The last of the meetings that a paper is for."""
    return max((one.meeting for one in paper.considerations), default=None)


def has_actions(plan: SourceDocument) -> bool:
    """Whether a plan has anything under `actions:`."""
    return isinstance(plan.value, Mapping) and plan.value.get("actions") is not None


def text_at(document: SourceDocument, *path: str | int) -> str | None:
    """The text at a path; None where there is none, or another kind of value.

    A value that a fault of the file has made something else is not what its author meant: None.
    """
    if path in document.doubtful and path not in document.comments:
        return None
    try:
        value = document.at(path)
    except (LookupError, TypeError):
        return None
    return value if isinstance(value, str) and value.strip() else None


def _named_brands(
    paper: Paper, location: Callable[[Path], Location], further: Iterable[str]
) -> dict[str, Location | None]:
    """The brands to load, with where the paper names each first."""
    named: dict[str, Location | None] = dict.fromkeys(further)
    named.setdefault(paper.brand, location(("brand",)))
    for index, consideration in enumerate(paper.considerations):
        if consideration.brand is not None:
            named.setdefault(consideration.brand, location(("considerations", index, "brand")))
    return named


def read_brand(reader: Reader, name: str, named_at: Location | None) -> BrandSource:
    """A brand's words and its template. Raises PapergenError, `brand-wrong` for its words."""
    folder = reader.files.brand_folder(name, named_at=named_at)
    words_file = reader.files.in_brand(folder, "brand.yaml")
    words = reader.contents(words_file)
    try:
        document = read(words, words_file.shown)
        brand = validated(Brand, document)
    except PapergenError as fault:
        raise error(map(of_brand, fault.problems)) from None
    template_file = reader.files.in_brand(folder, brand.template)
    template = reader.contents(template_file, document.location(("template",)))
    reader.add_to_hash(f"brand {name}", words, template)
    return BrandSource(name, brand, template, folder, words_file.shown, template_file.shown)


def of_brand(problem: Problem) -> Problem:
    """The problem under the code that says who corrects it: not the author of the paper."""
    return replace(problem, code="brand-wrong") if problem.kind is Kind.DATA else problem


def _with_phrases(
    reader: Reader,
    brand: BrandSource,
    paper: Paper,
    plan: Plan,
) -> BrandSource:
    phrases = reader.files.phrases(brand.folder, ENGLISH)
    check(check_sections(paper, brand.brand, reader.documents["paper"], phrases))
    read_phrases: dict[str, SourceDocument] = {}
    for section in drafted_sections(paper, brand.brand, phrases):
        if section in phrases:
            read_phrases[section] = read_phrase(reader, section, phrases[section])
    return with_phrases(brand, read_phrases, plan)


def with_phrases(
    brand: BrandSource, phrases: Mapping[str, SourceDocument], plan: Plan | None
) -> BrandSource:
    """The brand with the phrases of the sections that are drafted from data."""
    fitted = dict(phrases)
    if ACTIONS in fitted and plan is not None:
        fitted[ACTIONS] = _with_columns(fitted[ACTIONS], brand.brand, plan)
    return replace(brand, phrases=fitted)


def read_phrase(reader: Reader, section: str, file: SourceFile) -> SourceDocument:
    """The text that a section is drafted by, as the document of one text."""
    data = reader.contents(file)
    reader.add_to_hash(f"phrases {section}", data)
    return text_document(decode(data, file.shown), file.shown, ("sections", section))


def _with_columns(phrase: SourceDocument, brand: Brand, plan: Plan) -> SourceDocument:
    """The phrase of the action table, with the brand's columns for which the plan has values."""
    text = with_columns(phrase.text, brand.action_table.columns, given_columns(plan))
    return text_document(text, phrase.source, ("sections", ACTIONS))
