"""Loading: from a paper's file to validated values. All faults of all files are found in one
run.
"""

from __future__ import annotations

import dataclasses
import hashlib
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from papergen.dates import PartialDate
from papergen.errors import Kind, Location, PapergenError, Problem, error
from papergen.facts.store import Script
from papergen.model.base import ENGLISH, Model
from papergen.model.bodies import Bodies
from papergen.model.brand import Brand
from papergen.model.cross_checks import NOTHING_UNRELIABLE, check, check_sections
from papergen.model.paper import Paper
from papergen.model.plan import Plan
from papergen.model.sections import ACTIONS, drafted_sections, given_columns
from papergen.model.sources import BrandSource, Sources
from papergen.model.texts import raw_texts
from papergen.readers import decode, read, read_on
from papergen.readers.document import SourceDocument, placed_elsewhere, text_document
from papergen.readers.validate import validate
from papergen.storage.brands import find_brand, find_phrases
from papergen.storage.files import read_bytes

if TYPE_CHECKING:
    from papergen.drafting.diagnose.recover import Replaced

M = TypeVar("M", bound=Model)


def load(path: str | Path, brands: Sequence[str] = (), *, shown: str = "") -> Sources:
    """The paper at `path`, with its plan, its register of bodies and the brands that it names;
    `brands` are loaded besides.

    `shown` is what messages call the paper, where that is not its path; the other files are called
    accordingly. Raises SourceError, DataError or TemplateError with everything that is wrong in any
    of the files.
    """
    loader = _Loader(Path(path), shown or str(path))
    return loader.load(brands)


class _Loader:
    def __init__(self, path: Path, shown: str) -> None:
        self.path = path
        self.shown = shown
        self.problems: list[Problem] = []
        self.documents: dict[str, SourceDocument] = {}
        self.files: dict[str, bytes] = {}
        self.faulty_brands: list[BrandSource] = []
        self.hash = hashlib.sha256()
        self.notes: list[str] = []
        self.doubts: dict[str, Replaced] = {}

    def load(self, brands: Sequence[str]) -> Sources:
        paper = self._read("paper", Paper, self.path, self.shown, None)
        bodies = self._beside("bodies", Bodies)
        plan = self._beside("plan", Plan)
        found = self._brands(brands)
        between = check(paper, bodies, plan, self.documents, self.doubts)
        if paper is not None:
            for name, brand in found.items():
                phrases = find_phrases(brand.folder, ENGLISH)
                doubt = self.doubts.get("paper", NOTHING_UNRELIABLE)
                between += check_sections(
                    paper, brand.brand, self.documents["paper"], phrases, doubt
                )
                wanted = drafted_sections(paper, brand.brand, phrases)
                drafted = self._phrases({id_: phrases[id_] for id_ in wanted if id_ in phrases})
                if ACTIONS in drafted and plan is not None:
                    drafted[ACTIONS] = _with_columns(drafted[ACTIONS], brand.brand, plan)
                found[name] = dataclasses.replace(brand, phrases=drafted)
        self.problems += between
        if self.problems:
            if (
                paper is not None
                and bodies is not None
                and plan is not None
                and _can_be_tried(between)
            ):
                nameless = any(problem.code in _OF_NAMES for problem in between)
                self.problems += self._tried(
                    {"paper": paper, "bodies": bodies, "plan": plan}, found, nameless
                )
            raise error([*self.problems, *self._faults_beyond(list(found.values()))])
        assert paper is not None
        assert plan is not None
        assert bodies is not None
        slug = paper.id or self.path.resolve().parent.name
        return Sources(
            paper,
            plan,
            bodies,
            self.documents,
            found,
            slug,
            self.hash.hexdigest(),
            self.files,
            tuple(self.notes),
        )

    def _faults_beyond(self, brands: Sequence[BrandSource]) -> Iterator[Problem]:
        """What compiling would find, so that the faults of texts and templates do not wait for
        those of the data.
        """
        from papergen.drafting.compile import faults_without_data

        document = self.documents.get("paper")
        texts = raw_texts(Paper, document.value) if document is not None else ()
        scripts = [
            Script(at, "paper", "", raw.path, raw.text, raw.narrative)
            for at, raw in enumerate(texts)
        ]
        tried: list[BrandSource | None] = [*brands] or [None]
        for brand in tried:
            yield from faults_without_data(document, scripts, brand)
        for brand in self.faulty_brands:
            yield from faults_without_data(document, scripts, brand, styles=False)

    def _tried(
        self, models: Mapping[str, Model], brands: Mapping[str, BrandSource], nameless: bool
    ) -> Iterator[Problem]:
        """What drafting would find, as far as it does not only follow from the faults of the data.

        `nameless`: whether names of bodies are known to be missing.
        """
        from papergen.drafting.diagnose.resolvable import without_unknown
        from papergen.drafting.program import dry_run_problems

        tried = without_unknown(models, self.documents)
        if tried is None:
            return
        paper, bodies, plan = (tried.models[root] for root in ("paper", "bodies", "plan"))
        sources = Sources(paper, plan, bodies, self.documents, brands, "", "", {})  # type: ignore[arg-type]
        whole = not any(doubt.structural for doubt in self.doubts.values())
        spoiled = [path for doubt in self.doubts.values() for path in doubt.paths if path]
        lost = {path[-1] for path in spoiled if len(path) > 1 and path[-2] in _BY_NAME}
        lost = lost.union(*(doubt.ids for doubt in self.doubts.values())) - tried.ids
        follow = (
            {"undefined-name", "template-name"}
            if any(doubt.loses for doubt in self.doubts.values())
            else set()
        )
        nameless = (
            nameless or "bodies" in self.doubts or any(path[-1] == "meeting" for path in spoiled)
        )
        follow |= _OF_NAMES if nameless else set()
        for name in brands:
            for problem in dry_run_problems(sources, name, whole=whole):
                if problem.code not in follow and not _names_any(problem, lost):
                    yield problem

    def _read(
        self, root: str, model: type[M], path: Path, shown: str, named_at: Location | None
    ) -> M | None:
        try:
            data = self._bytes(path, shown, named_at)
            self._add_to_hash(root, data)
            document, problems = read_on(data, shown)
            self.problems += problems
            if document is None:
                return None
        except PapergenError as fault:
            self.problems += fault.problems
            return None
        lost: frozenset[str] = frozenset()
        if root == "plan":
            listed: list[Problem] = []
            try:
                document = self._with_actions(document, path, listed)
            except PapergenError as fault:
                listed += fault.problems
                lost = _LISTED
            if any(problem.code == "missing-field" for problem in listed):
                lost = _LISTED  # a row that is no action for want of its text
            self.problems += listed
        self.documents[root] = document
        value, more = validate(model, document)
        self.problems += more
        if value is not None and not problems and not lost:
            return value
        return self._mended(root, model, document, lost)

    def _mended(
        self, root: str, model: type[M], document: SourceDocument, lost: frozenset[str]
    ) -> M | None:
        """The model of what is right in a file that has faults: for what else can be checked, not
        to draft a paper from.

        `lost`: the kinds of things that a list with faults would have given.
        """
        from papergen.drafting.diagnose.recover import as_meant, recover

        document = self.documents[root] = as_meant(model, document)
        self.problems += validate(model, document)[1]
        mended = recover(model, document, lost=lost)
        self.doubts[root] = mended.replaced
        return mended.value

    def _with_actions(
        self, document: SourceDocument, plan: Path, problems: list[Problem]
    ) -> SourceDocument:
        """The plan with the actions of the list that it names, if it names one; what is wrong in
        cells goes into `problems`.
        """
        name = _text_at(document, "actions")
        if name is None:
            return document
        from papergen.workbook import list_notes, read_action_list
        from papergen.workbook.into_plan import into_plan

        shown = _shown_beside(document.source, name)
        data = self._bytes(plan.parent / name, shown, document.location(("actions",)))
        self._add_to_hash("actions", data)
        listed = read_action_list(data, shown, as_at=self._as_at(), problems=problems)
        self.notes += list_notes(listed)
        register = self.documents["bodies"].value if "bodies" in self.documents else None
        return placed_elsewhere(document, *into_plan(document.value, listed, register))

    def _as_at(self) -> PartialDate:
        """The as-at date, which tells the year of a date without one; where it is itself wrong, any
        will do.
        """
        try:
            return PartialDate.parse(_text_at(self.documents.get("paper"), "as_at") or "")
        except ValueError:
            return PartialDate(2000, 1, 1)

    def _beside(self, root: str, model: type[M]) -> M | None:
        """A file that the paper names, even where other things in the paper are wrong."""
        document = self.documents.get("paper")
        name = _text_at(document, root)
        if document is None or name is None:
            return None
        path = self.path.parent / name
        return self._read(
            root, model, path, _shown_beside(self.shown, name), document.location((root,))
        )

    def _brands(self, more: Sequence[str]) -> dict[str, BrandSource]:
        document = self.documents.get("paper")
        named: dict[str, Location | None] = dict.fromkeys(more)
        for keys in _brand_places(document):
            name = _text_at(document, *keys)
            if document is not None and name is not None:
                named.setdefault(name, document.location(keys))
        found = {}
        for name, where in sorted(named.items()):
            try:
                found[name] = self._brand(name, where)
            except PapergenError as fault:
                self.problems += fault.problems
        return found

    def _phrases(self, paths: Mapping[str, Path]) -> dict[str, SourceDocument]:
        """The phrases of sections, read. (The hash of what is read has them: a paper changes with
        them.)
        """
        read_ones: dict[str, SourceDocument] = {}
        for id_, path in paths.items():
            shown = _shown_beside(self.shown, str(path))
            try:
                data = self._bytes(path, shown, None)
                self._add_to_hash(f"phrases {id_}", data)
                read_ones[id_] = text_document(decode(data, shown), shown, ("sections", id_))
            except PapergenError as fault:
                self.problems += fault.problems
        return read_ones

    def _brand(self, name: str, where: Location | None) -> BrandSource:
        folder = find_brand(name, self.path.parent, named_at=where)
        source = _shown_beside(self.shown, str(folder / "brand.yaml"))
        data = self._bytes(folder / "brand.yaml", source, None)
        document, brand = None, None
        try:
            document = read(data, source)
            brand, problems = validate(Brand, document)
        except PapergenError as fault:
            problems = list(fault.problems)
        used = brand or Brand(name=name, template=_text_at(document, "template") or _TEMPLATE)
        template_source = _shown_beside(self.shown, str(folder / used.template))
        named_at = document.location(("template",)) if document is not None else None
        try:
            template = self._bytes(folder / used.template, template_source, named_at)
        except PapergenError as fault:
            raise error([*map(_of_brand, problems), *fault.problems]) from None
        made = BrandSource(name, used, template, folder, source, template_source)
        if brand is None:
            self.faulty_brands.append(made)
            raise error(map(_of_brand, problems))
        self._add_to_hash(f"brand {name}", data, template)
        return made

    def _bytes(self, path: Path, shown: str, named_at: Location | None) -> bytes:
        data = read_bytes(path, shown, named_at=named_at)
        self.files[str(path)] = hashlib.sha256(data).digest()
        return data

    def _add_to_hash(self, name: str, *contents: bytes) -> None:
        for piece in (name.encode(), *contents):
            self.hash.update(len(piece).to_bytes(8))
            self.hash.update(piece)


_LISTED = frozenset({"phase", "workstream", "action"})
"""What a list of actions brings."""


def _can_be_tried(problems: Sequence[Problem]) -> bool:
    """Whether a paper with these problems between its files can be drafted to find others."""
    return {problem.code for problem in problems} <= _HARMLESS


_HARMLESS = {
    "unknown-id",
    "power-missing",
    "overlapping-names",
    "duplicate-id",
    "no-name-on-date",
    "missing-field",
}
_BY_NAME = {"values", "labels", "sections", "implications"}
"""The groups of a paper whose entries have names of the author's own."""
_OF_NAMES = {"no-name-on-date", "shared-short-form"}
"""What drafting finds that may well follow from a fault of a body's names."""


def _names_any(problem: Problem, names: Collection[Any]) -> bool:
    found = re.match("“(.*?)”", problem.message)
    return found is not None and (found[1] in names or found[1].replace("_", "-") in names)


def _with_columns(phrase: SourceDocument, brand: Brand, plan: Plan) -> SourceDocument:
    """The phrase of the action table, with the brand's columns for which the plan gives
    anything.
    """
    from papergen.narrative.columns import with_columns

    text = with_columns(phrase.text, brand.action_table.columns, given_columns(plan))
    return text_document(text, phrase.source, ("sections", ACTIONS))


_TEMPLATE: str = Brand.model_fields["template"].default


def _of_brand(problem: Problem) -> Problem:
    """The same fault under the code that says who mends it: not the author of the paper."""
    return (
        dataclasses.replace(problem, code="brand-wrong") if problem.kind is Kind.DATA else problem
    )


def _shown_beside(shown: str, name: str) -> str:
    """What messages call a file that is named in another one: the way the user would have to type
    it.
    """
    path = Path(name)
    if path.is_absolute():
        try:
            return path.relative_to(Path.cwd()).as_posix()
        except ValueError:
            return path.as_posix()
    return posixpath.normpath((Path(shown).parent / path).as_posix())


def _text_at(document: SourceDocument | None, *keys: str | int) -> str | None:
    """The text there, if there is one; not one that is known not to be what was meant."""
    value: Any = document.value if document is not None else None
    if document is not None and keys in document.doubtful and keys not in document.comments:
        return None
    for key in keys:
        try:
            value = value[key]
        except (TypeError, KeyError, IndexError):
            return None
    return value if isinstance(value, str) and value.strip() else None


def _brand_places(document: SourceDocument | None) -> list[tuple[str | int, ...]]:
    value = document.value if document is not None else None
    considerations = value.get("considerations") if isinstance(value, Mapping) else None
    count = len(considerations) if isinstance(considerations, list) else 0
    return [("brand",), *(("considerations", at, "brand") for at in range(count))]
