"""Loading: from a paper's file to validated values. All faults of all files are found in one run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from papergen.dates import PartialDate
from papergen.errors import Kind, Location, PapergenError, Problem, error
from papergen.facts.data import Script
from papergen.files import find_brand, find_phrases, read_bytes
from papergen.model.base import ENGLISH, Model
from papergen.model.bodies import Bodies
from papergen.model.brand import Brand
from papergen.model.check import check, check_sections
from papergen.model.paper import Paper
from papergen.model.plan import Plan
from papergen.model.sections import ACTIONS, drafted_sections, given_columns
from papergen.model.sources import BrandSource, Sources
from papergen.model.texts import raw_texts
from papergen.readers import decode, read
from papergen.readers.document import Document, placed_elsewhere, text_document
from papergen.readers.validate import validate

M = TypeVar("M", bound=Model)


def load(path: str | Path, brands: Sequence[str] = ()) -> Sources:
    """The paper at `path`, with its plan, its register of bodies and the brands that it names; `brands` are loaded besides.

    Raises SourceError, DataError or TemplateError with everything that is wrong in any of the files.
    """
    loader = _Loader(Path(path), str(path))
    return loader.load(brands)


class _Loader:
    def __init__(self, path: Path, shown: str) -> None:
        self.path = path
        self.shown = shown
        self.problems: list[Problem] = []
        self.documents: dict[str, Document] = {}
        self.files: dict[str, bytes] = {}
        self.faulty_brands: list[BrandSource] = []
        self.hash = hashlib.sha256()
        self.notes: list[str] = []

    def load(self, brands: Sequence[str]) -> Sources:
        paper = self._read("paper", Paper, self.path, self.shown, None)
        bodies = self._beside("bodies", Bodies)
        plan = self._beside("plan", Plan)
        found = self._brands(brands)
        self.problems += check(paper, bodies, plan, self.documents)
        if paper is not None:
            for name, brand in found.items():
                phrases = find_phrases(brand.folder, ENGLISH)
                self.problems += check_sections(paper, brand.brand, self.documents["paper"], phrases)
                wanted = drafted_sections(paper, brand.brand, phrases)
                drafted = self._phrases({id_: phrases[id_] for id_ in wanted if id_ in phrases})
                if ACTIONS in drafted and plan is not None:
                    drafted[ACTIONS] = _with_columns(drafted[ACTIONS], brand.brand, plan)
                found[name] = replace(brand, phrases=drafted)
        if self.problems:
            raise error([*self.problems, *self._faults_beyond(list(found.values()))])
        assert paper is not None
        assert plan is not None
        assert bodies is not None
        slug = paper.id or self.path.resolve().parent.name
        return Sources(paper, plan, bodies, self.documents, found, slug, self.hash.hexdigest(), self.files, tuple(self.notes))

    def _faults_beyond(self, brands: Sequence[BrandSource]) -> Iterator[Problem]:
        """What compiling would find, so that the faults of texts and templates do not wait for those of the data."""
        from papergen.compiling import faults_without_data

        document = self.documents.get("paper")
        texts = raw_texts(Paper, document.value) if document is not None else ()
        scripts = [Script(at, "paper", "", raw.path, raw.text, raw.narrative) for at, raw in enumerate(texts)]
        tried: list[BrandSource | None] = [*brands] or [None]
        for brand in tried:
            yield from faults_without_data(document, scripts, brand)
        for brand in self.faulty_brands:
            yield from faults_without_data(document, scripts, brand, styles=False)

    def _read(self, root: str, model: type[M], path: Path, shown: str, named_at: Location | None) -> M | None:
        try:
            data = self._bytes(path, shown, named_at)
            self._add_to_hash(root, data)
            document = self.documents[root] = read(data, shown)
            if root == "plan":
                document = self.documents[root] = self._with_actions(document, path)
        except PapergenError as fault:
            self.problems += fault.problems
            return None
        value, problems = validate(model, document)
        self.problems += problems
        return value

    def _with_actions(self, document: Document, plan: Path) -> Document:
        """The plan with the actions of the list that it names, if it names one."""
        name = _text_at(document, "actions")
        if name is None:
            return document
        from papergen.readers.action_list import list_notes, read_action_list
        from papergen.readers.action_list.plan import into_plan

        shown = _shown_beside(document.source, name)
        data = self._bytes(plan.parent / name, shown, document.location(("actions",)))
        self._add_to_hash("actions", data)
        listed = read_action_list(data, shown, as_at=self._as_at())
        self.notes += list_notes(listed)
        register = self.documents["bodies"].value if "bodies" in self.documents else None
        return placed_elsewhere(document, *into_plan(document.value, listed, register))

    def _as_at(self) -> PartialDate:
        """The as-at date, which tells the year of a date without one; where it is itself wrong, any will do."""
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
        return self._read(root, model, path, _shown_beside(self.shown, name), document.location((root,)))

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

    def _phrases(self, paths: Mapping[str, Path]) -> dict[str, Document]:
        """The phrases of sections, read. (The hash of what is read has them: a paper changes with them.)"""
        read_ones: dict[str, Document] = {}
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


def _with_columns(phrase: Document, brand: Brand, plan: Plan) -> Document:
    """The phrase of the action table, with the brand's columns for which the plan gives anything."""
    from papergen.narrative.columns import with_columns

    text = with_columns(phrase.text, brand.action_table.columns, given_columns(plan))
    return text_document(text, phrase.source, ("sections", ACTIONS))


_TEMPLATE: str = Brand.model_fields["template"].default


def _of_brand(problem: Problem) -> Problem:
    """The same fault under the code that says who mends it: not the author of the paper."""
    return replace(problem, code="brand-wrong") if problem.kind is Kind.DATA else problem


def _shown_beside(shown: str, name: str) -> str:
    """What messages call a file that is named in another one: the way the user would have to type it."""
    path = Path(name)
    if path.is_absolute():
        try:
            return path.relative_to(Path.cwd()).as_posix()
        except ValueError:
            return path.as_posix()
    return (Path(shown).parent / path).as_posix()


def _text_at(document: Document | None, *keys: str | int) -> str | None:
    value: Any = document.value if document is not None else None
    for key in keys:
        try:
            value = value[key]
        except (TypeError, KeyError, IndexError):
            return None
    return value if isinstance(value, str) and value.strip() else None


def _brand_places(document: Document | None) -> list[tuple[str | int, ...]]:
    value = document.value if document is not None else None
    considerations = value.get("considerations") if isinstance(value, Mapping) else None
    count = len(considerations) if isinstance(considerations, list) else 0
    return [("brand",), *(("considerations", at, "brand") for at in range(count))]
