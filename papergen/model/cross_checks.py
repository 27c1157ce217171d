"""Checks between the fields and files of a paper: ids and references, dates, powers of boards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import MAXYEAR
from typing import Protocol

from papergen.dates import entry_on
from papergen.errors import Location, Problem
from papergen.model.action_list_checks import check_answers
from papergen.model.base import Model, in_language
from papergen.model.bodies import Bodies, Body, Holder, Name
from papergen.model.brand import Brand
from papergen.model.paper import Consideration, Paper
from papergen.model.plan import Plan
from papergen.model.rating_checks import check_ratings
from papergen.model.sections import IMPLICATION, drafted_sections
from papergen.model.walk import Thing, links, things
from papergen.readers.document import Path
from papergen.text import CODE, did_you_mean, in_code, shorten

FILE_OF = dict.fromkeys(("body", "post", "person", "scheme"), "bodies")
"""The file that defines things of a kind; that of all other kinds is the plan."""


class Places(Protocol):
    """A source file that can locate its values."""

    def location(self, path: Path) -> Location: ...


class Unreliable(Protocol):
    """What is unreliable in a file with faults: no check reports what only follows from it.

    `paths` are those of unreliable values, `ids` all ids that the file holds, reliable or not,
    `loses` the kinds of things of which the file may have lost some.
    """

    @property
    def paths(self) -> frozenset[Path]: ...
    @property
    def ids(self) -> frozenset[str]: ...
    @property
    def loses(self) -> frozenset[str]: ...

    def holds(self, path: Path) -> bool:
        """Whether the value at `path` is unreliable, or within a value that is."""
        ...

    def touches(self, path: Path) -> bool:
        """Whether it, or anything within it, is unreliable."""
        ...


class _NothingUnreliable:
    paths: frozenset[Path] = frozenset()
    ids: frozenset[str] = frozenset()
    loses: frozenset[str] = frozenset()

    def holds(self, path: Path) -> bool:
        return False

    touches = holds


NOTHING_UNRELIABLE: Unreliable = _NothingUnreliable()


def check(
    paper: Paper | None,
    bodies: Bodies | None,
    plan: Plan | None,
    documents: Mapping[str, Places],
    unreliable: Mapping[str, Unreliable] | None = None,
) -> list[Problem]:
    """All that is wrong between and within the three, as far as they are given.

    `documents`: their files, as “paper”, “bodies” and “plan”. `unreliable`: what cannot be relied
    on in those that have faults of their own.
    """
    wrong = dict.fromkeys(("paper", "bodies", "plan"), NOTHING_UNRELIABLE) | dict(unreliable or {})
    given: dict[str, Model | None] = {"bodies": bodies, "plan": plan, "paper": paper}
    models = {name: model for name, model in given.items() if model is not None}
    problems: list[Problem] = []
    known: dict[str, dict[str, Thing]] = {}
    for name, model in models.items():
        problems += _index(model, known, documents[name])
    for name, model in models.items():
        problems += _unknown_ids(name, model, known, documents[name], models, wrong)
    if plan is not None and bodies is not None:
        if not wrong["bodies"].touches(("rag_schemes",)):
            found = check_ratings(plan, bodies, paper, documents["plan"].location)
            problems += (problem for path, problem in found if not wrong["plan"].touches(path))
        if not wrong["bodies"].touches(()):
            found = check_answers(plan, bodies, documents["plan"].location)
            problems += (problem for path, problem in found if not wrong["plan"].touches(path))
    if plan is not None:
        problems += _too_late(plan, documents["plan"], wrong["plan"])
    if bodies is not None:
        problems += _overlaps(bodies, documents["bodies"], wrong["bodies"])
    if paper is not None:
        problems += _boards(paper, known, documents["paper"], wrong)
        problems += _sections_of_boards(paper, documents["paper"], wrong["paper"])
    return problems


def check_sections(
    paper: Paper,
    brand: Brand,
    places: Places,
    phrases: Collection[str],
    unreliable: Unreliable = NOTHING_UNRELIABLE,
) -> list[Problem]:
    """What is wrong with the sections of a paper in a brand.

    Those that can neither be printed nor drafted, required ones that are left out, and those
    without a heading. `phrases`: the ids of the sections that can be drafted from data.
    """
    headings = {section.id for section in brand.sections}
    nameless = {
        id_ for id_, own in paper.sections.items() if own.heading is None and id_ not in headings
    }
    return [
        *_undraftable(paper, brand, places, phrases, nameless, unreliable),
        *_left_out(paper, brand, places),
        *_without_heading(paper, places, nameless, headings, unreliable),
    ]


def _undraftable(
    paper: Paper,
    brand: Brand,
    places: Places,
    phrases: Collection[str],
    nameless: Collection[str],
    unreliable: Unreliable,
) -> Iterator[Problem]:
    headings = {section.id for section in brand.sections}
    for id_, path in _drafted(paper, brand, phrases):
        if id_ not in phrases and id_ not in nameless and not unreliable.touches(path):
            message = f"the section “{id_}” cannot be drafted from data"
            can = in_code(sorted(headings & set(phrases)))
            hint = f"Write its text at `{id_}:` under `sections:`. papergen can draft {can}."
            yield _at(places, path, "missing-section", message, hint)


def _left_out(paper: Paper, brand: Brand, places: Places) -> Iterator[Problem]:
    required = [section.id for section in brand.sections if section.required]
    for id_ in required:
        for path in _omissions(paper, id_):
            message = f"the section “{id_}” is required and cannot be left out"
            yield _at(places, path, "missing-section", message, "Delete it from `omit:`.")


def _without_heading(
    paper: Paper,
    places: Places,
    nameless: Collection[str],
    headings: Collection[str],
    unreliable: Unreliable,
) -> Iterator[Problem]:
    for id_ in paper.sections:
        path: Path = ("sections", id_)
        if id_ in nameless and not unreliable.touches(path):
            near = did_you_mean(id_, headings, CODE)
            give = f"{near} Else give it" if near else "Give it"
            hint = f"{give} a heading of its own: `heading:` and `text:` under its name."
            message = f"the section “{id_}” has no heading"
            yield _at(places, path, "missing-field", message, hint)


def _drafted(paper: Paper, brand: Brand, phrases: Collection[str]) -> Iterator[tuple[str, Path]]:
    """The sections to draft, each with the place that asks for it."""
    common = drafted_sections(paper.model_copy(update={"considerations": ()}), brand, phrases)
    for id_ in common:
        implication = id_.removeprefix(IMPLICATION)
        yield id_, ("sections", id_) if implication == id_ else ("implications", implication)
    for at, consideration in enumerate(paper.considerations):
        for id_, section in consideration.sections.items():
            if section.drafted:
                yield id_, ("considerations", at, "sections", id_)


def _index(model: Model, known: dict[str, dict[str, Thing]], places: Places) -> Iterator[Problem]:
    """Add the things of a model to `known`, and report ids given twice."""
    for thing in things(model):
        ids = known.setdefault(thing.kind, {})
        first = ids.setdefault(thing.id, thing)
        if first is not thing:
            where = places.location((*first.path, "id"))
            yield _at(
                places,
                (*thing.path, "id"),
                "duplicate-id",
                f"the {thing.kind} “{thing.id}” is defined twice",
                f"Give one of them another id; the first stands at {where}.",
            )


def _unknown_ids(
    name: str,
    model: Model,
    known: Mapping[str, Mapping[str, Thing]],
    places: Places,
    models: Mapping[str, Model],
    unreliable: Mapping[str, Unreliable],
) -> Iterator[Problem]:
    for link in links(model):
        ids = known.get(link.kind, {})
        file = FILE_OF.get(link.kind, "plan")
        if link.id in ids or file not in models or unreliable[name].holds(link.path):
            continue
        if link.kind in unreliable[file].loses or link.id in unreliable[file].ids:
            continue  # it may well be defined, where the file is faulty
        home = "the register of bodies" if file == "bodies" else "the plan"
        message = f"there is no {link.kind} “{shorten(link.id)}” in {home}"
        yield _at(places, link.path, "unknown-id", message, _hint_for_id(link.id, link.kind, ids))


def _hint_for_id(id_: str, kind: str, known: Mapping[str, Thing]) -> str:
    """What to do about an id that no thing of that kind has."""
    for named, thing in known.items():
        if _is_called(thing.model, id_):
            return f"Write its id, `{named}`."
    return _instead(id_, known, kind)


def _is_called(model: Model, name: str) -> bool:
    """Whether `name` is a title, a name or the initials of a thing.

    Case does not count, nor does the article.
    """
    name = name.casefold().removeprefix("the ")
    texts = [getattr(model, field, None) for field in ("title", "name", "initials")]
    texts += [entry.name for entry in getattr(model, "names", ())]
    return any(text is not None and in_language(text).casefold() == name for text in texts)


def _instead(word: str, known: Iterable[str], kind: str) -> str:
    near = did_you_mean(word, known, CODE)
    if near:
        return near
    defined = in_code(sorted(known)[:12])
    return f"Those defined are {defined}." if defined else f"Define the {kind} first."


def _too_late(plan: Plan, places: Places, unreliable: Unreliable) -> Iterator[Problem]:
    """Report dates of publication after which a requirement is due later than dates can be."""
    for index, inspection in enumerate(plan.inspections):
        published = inspection.published
        if published is None or unreliable.touches(("inspections", index)):
            continue
        allowed = [requirement.months or 0 for requirement in inspection.requirements]
        month = published.year * 12 + (published.month or 1) - 1
        if month + max(allowed, default=0) >= (MAXYEAR + 1) * 12:
            message = (
                f"what “{inspection.id}” requires would be due after the year {MAXYEAR}, with "
                "which dates end"
            )
            path = ("inspections", index, "published")
            yield _at(places, path, "bad-date", message, "Check the year of publication.")


def _overlaps(bodies: Bodies, places: Places, unreliable: Unreliable) -> Iterator[Problem]:
    for index, body in enumerate(bodies.bodies):
        path: Path = ("bodies", index, "names")
        if not unreliable.touches(path):
            yield from _overlapping(body.names, path, f"two names of the body “{body.id}”", places)
    for index, post in enumerate(bodies.posts):
        path = ("posts", index, "holders")
        if not unreliable.touches(path):
            what = f"two holders of the post “{post.id}”"
            yield from _overlapping(post.holders, path, what, places)


def _overlapping(
    entries: Sequence[Name | Holder],
    path: Path,
    what: str,
    places: Places,
) -> Iterator[Problem]:
    """Report each entry that holds on a day on which an earlier one does."""
    for index, entry in enumerate(entries):
        if entry.period.is_reversed():
            message = f"“{entry.to}” is before “{entry.from_}”"
            hint = "Put the earlier date at `from:` and the later one at `to:`."
            yield _at(places, (*path, index, "to"), "wrong-value", message, hint)
        elif any(earlier.period.overlaps(entry.period) for earlier in entries[:index]):
            message = f"{what} hold on the same day"
            hint = "End the earlier one with `to:` on the day before the later one's `from:`."
            yield _at(places, (*path, index), "overlapping-names", message, hint)


def _boards(
    paper: Paper,
    known: Mapping[str, Mapping[str, Thing]],
    places: Places,
    unreliable: Mapping[str, Unreliable],
) -> Iterator[Problem]:
    """What is wrong with the boards of a paper; unknown boards are reported elsewhere."""
    bodies = known.get("body", {})
    seen: set[str] = set()
    for index, consideration in enumerate(paper.considerations):
        path: Path = ("considerations", index)
        if consideration.board in seen:
            message = f"the board “{consideration.board}” stands here twice"
            hint = (
                "Delete one of the two; a paper for a later meeting of a board is a paper of its "
                "own."
            )
            yield _at(places, (*path, "board"), "duplicate-id", message, hint)
        seen.add(consideration.board)
        if not unreliable["paper"].holds((*path, "meeting")):
            places_of = {
                (*path, "board"): consideration.board,
                ("on_behalf_of",): paper.on_behalf_of,
            }
            for where, id_ in places_of.items():
                if _has_no_name(bodies.get(id_), consideration, unreliable["bodies"]):
                    message = f"the body “{id_}” has no name on {consideration.meeting}"
                    hint = (
                        "Add the name it has on that day to its `names:` in the register of "
                        "bodies, or correct the date."
                    )
                    yield _at(places, where, "no-name-on-date", message, hint)
        board = bodies.get(consideration.board)
        if board is not None and not unreliable["bodies"].touches((*board.path, "powers")):
            assert isinstance(board.model, Body)
            yield from _powers(consideration, board.model, path, places, unreliable["paper"])


def _has_no_name(body: Thing | None, consideration: Consideration, unreliable: Unreliable) -> bool:
    """Whether a body that is known has no name on the day of the meeting."""
    if body is None or unreliable.touches((*body.path, "names")):
        return False
    assert isinstance(body.model, Body)
    return entry_on(consideration.meeting, body.model.names) is None


def _powers(
    consideration: Consideration,
    board: Body,
    path: Path,
    places: Places,
    unreliable: Unreliable,
) -> Iterator[Problem]:
    for index, recommendation in enumerate(consideration.recommendations):
        where = (*path, "recommendations", index, "verb")
        if recommendation.verb not in board.powers and not unreliable.holds(where):
            may = in_code(board.powers) or "nothing yet"
            message = f"the board “{board.id}” has no power to {recommendation.verb}"
            hint = (
                f"It may be asked to: {may}. Use one of these, or add the verb to its `powers:` in "
                "the register of bodies."
            )
            yield _at(places, where, "power-missing", message, hint)


def _sections_of_boards(paper: Paper, places: Places, unreliable: Unreliable) -> Iterator[Problem]:
    """Report replaced or omitted sections that the paper does not have.

    A section that brings its heading is the board's own.
    """
    sections_are_known = bool(paper.sections) and not _may_lack_sections(paper, unreliable)
    for index, consideration in enumerate(paper.considerations):
        path: Path = ("considerations", index)
        if sections_are_known:
            for where, id_ in _named_sections(consideration, path):
                if id_ not in paper.sections and not unreliable.holds(where):
                    message = f"the paper has no section “{id_}”"
                    hint = _instead(id_, paper.sections, "section")
                    yield _at(places, where, "unknown-id", message, hint)
        for number, id_ in enumerate(consideration.omit):
            if id_ in consideration.sections:
                message = (
                    f"the section “{id_}” is both replaced and left out for the board "
                    f"“{consideration.board}”"
                )
                hint = "Delete it from `sections:` or from `omit:`."
                yield _at(places, (*path, "omit", number), "wrong-value", message, hint)


def _may_lack_sections(paper: Paper, unreliable: Unreliable) -> bool:
    """Whether a fault of the file may have taken a section away."""
    for path in unreliable.paths:
        if path[:1] == ("sections",) and (len(path) == 1 or path[1] not in paper.sections):
            return True
    return False


def _named_sections(consideration: Consideration, path: Path) -> Iterator[tuple[Path, str]]:
    """The sections of the paper that a board replaces or leaves out, each with its place."""
    for id_, own in consideration.sections.items():
        if own.heading is None:
            yield (*path, "sections", id_), id_
    for number, id_ in enumerate(consideration.omit):
        yield (*path, "omit", number), id_


def _omissions(paper: Paper, section: str) -> Iterator[Path]:
    for at, consideration in enumerate(paper.considerations):
        for number, id_ in enumerate(consideration.omit):
            if id_ == section:
                yield ("considerations", at, "omit", number)


def _at(
    places: Places,
    path: Path,
    code: str,
    message: str,
    hint: str,
) -> Problem:
    return Problem(code, message, places.location(path), hint)
