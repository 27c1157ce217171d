"""What no single field can tell: ids and references over all files, dates that overlap, what a
board may be asked to do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import MAXYEAR
from typing import Protocol

from papergen.dates import entry_on
from papergen.errors import Location, Problem
from papergen.model.base import Model, in_language
from papergen.model.bodies import Bodies, Body, Holder, Name
from papergen.model.brand import Brand
from papergen.model.paper import Consideration, Paper
from papergen.model.plan import Plan
from papergen.model.rating_checks import check_ratings
from papergen.model.sections import IMPLICATION, drafted_sections
from papergen.model.walk import Path, Thing, links, things

FILE_OF = dict.fromkeys(("body", "post", "person", "scheme"), "bodies")
"""Where things of a kind are defined; of all other kinds, in the plan."""


class Places(Protocol):
    """A source file, as far as it is asked for places."""

    def location(self, path: Path) -> Location: ...


class Doubt(Protocol):
    """What cannot be relied on in a file that has faults, so that nothing is told that only follows
    from these.
    """

    @property
    def paths(self) -> frozenset[Path]: ...
    @property
    def ids(self) -> frozenset[str]: ...
    @property
    def loses(self) -> frozenset[str]: ...

    def holds(self, path: Path) -> bool: ...
    def touches(self, path: Path) -> bool: ...


class _NoDoubt:
    paths: frozenset[Path] = frozenset()
    ids: frozenset[str] = frozenset()
    loses: frozenset[str] = frozenset()

    def holds(self, path: Path) -> bool:
        return False

    touches = holds


NO_DOUBT: Doubt = _NoDoubt()


def check(
    paper: Paper | None,
    bodies: Bodies | None,
    plan: Plan | None,
    documents: Mapping[str, Places],
    doubts: Mapping[str, Doubt] | None = None,
) -> list[Problem]:
    """All that is wrong between and within the three. `documents`: their files, as “paper”,
    “bodies” and “plan”.

    Where one is None, since too much is wrong with it, what can be told without it. `doubts`: of
    those that have faults of their own, and of which a part is given.
    """
    sure = dict.fromkeys(("paper", "bodies", "plan"), NO_DOUBT) | dict(doubts or {})
    given: dict[str, Model | None] = {"bodies": bodies, "plan": plan, "paper": paper}
    models = {name: model for name, model in given.items() if model is not None}
    problems: list[Problem] = []
    known: dict[str, dict[str, Thing]] = {}
    for name, model in models.items():
        problems += _index(model, known, documents[name])
    for name, model in models.items():
        problems += _unknown_ids(name, model, known, documents[name], models, sure)
    if plan is not None and bodies is not None and not sure["bodies"].touches(("rag_schemes",)):
        found = check_ratings(plan, bodies, paper, documents["plan"].location)
        problems += (problem for path, problem in found if not sure["plan"].touches(path))
    if plan is not None:
        problems += _too_late(plan, documents["plan"], sure["plan"])
    if bodies is not None:
        problems += _overlaps(bodies, documents["bodies"], sure["bodies"])
    if paper is not None:
        problems += _boards(paper, known, documents["paper"], sure)
        problems += _sections_of_boards(paper, documents["paper"], sure["paper"])
    return problems


def check_sections(
    paper: Paper, brand: Brand, places: Places, phrases: Collection[str], doubt: Doubt = NO_DOUBT
) -> list[Problem]:
    """Sections without a heading, or required ones that are left out; and those that can neither be
    printed nor drafted.

    `phrases`: the ids of the sections that can be drafted from data.
    """
    problems = []
    headings = {section.id for section in brand.sections}
    nameless = {
        id_ for id_, own in paper.sections.items() if own.heading is None and id_ not in headings
    }
    for id_, path in _drafted(paper, brand, phrases):
        if id_ not in phrases and id_ not in nameless and not doubt.touches(path):
            listed = ", ".join(f"`{known}`" for known in sorted(headings & set(phrases)))
            hint = f"Write its text at `{id_}:` under `sections:`. papergen can draft {listed}."
            problems.append(
                _at(
                    places,
                    path,
                    "missing-section",
                    f"the section “{id_}” cannot be drafted from data",
                    hint,
                )
            )
    for section in brand.sections:
        for path in _omissions(paper, section.id) if section.required else ():
            message = f"the section “{section.id}” is required and cannot be left out"
            problems.append(
                _at(places, path, "missing-section", message, "Delete it from `omit:`.")
            )
    for id_ in paper.sections:
        if id_ in nameless and not doubt.touches(("sections", id_)):
            near = _nearest(id_, headings)
            hint = f"Did you mean `{near}`? Else give it" if near else "Give it"
            hint += " a heading of its own: `heading:` and `text:` under its name."
            problems.append(
                _at(
                    places,
                    ("sections", id_),
                    "missing-field",
                    f"the section “{id_}” has no heading",
                    hint,
                )
            )
    return problems


def _drafted(paper: Paper, brand: Brand, phrases: Collection[str]) -> Iterator[tuple[str, Path]]:
    """The sections that are to be drafted, each with the place that asks for it."""
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
    sure: Mapping[str, Doubt],
) -> Iterator[Problem]:
    for link in links(model):
        ids = known.get(link.kind, {})
        file = FILE_OF.get(link.kind, "plan")
        doubtful = (
            sure[name].holds(link.path)
            or link.kind in sure[file].loses
            or link.id in sure[file].ids
        )
        if link.id not in ids and file in models and not doubtful:
            home = "the register of bodies" if file == "bodies" else "the plan"
            shown = link.id if len(link.id) <= 60 else f"{link.id[:59]}…"
            named = next(
                (id_ for id_, thing in ids.items() if _is_called(thing.model, link.id)), None
            )
            hint = f"Write its id, `{named}`." if named else _instead(link.id, ids, link.kind)
            yield _at(
                places,
                link.path,
                "unknown-id",
                f"there is no {link.kind} “{shown}” in {home}",
                hint,
            )


def _is_called(model: Model, name: str) -> bool:
    """Whether `name` is a title, a name or the initials of a thing, in whatever case, with or
    without its article.
    """
    name = name.casefold().removeprefix("the ")
    texts = [getattr(model, field, None) for field in ("title", "name", "initials")]
    texts += [entry.name for entry in getattr(model, "names", ())]
    return any(text is not None and in_language(text).casefold() == name for text in texts)


def _instead(word: str, known: Iterable[str], kind: str) -> str:
    near = _nearest(word, known)
    if near:
        return f"Did you mean `{near}`?"
    listed = ", ".join(f"`{id_}`" for id_ in sorted(known)[:12])
    return f"Those defined are {listed}." if listed else f"Define the {kind} first."


def _nearest(word: str, known: Iterable[str]) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.6)), None)


def _too_late(plan: Plan, places: Places, doubt: Doubt) -> Iterator[Problem]:
    """Report dates from which the months that a requirement allows cannot be counted."""
    for at, inspection in enumerate(plan.inspections):
        published = inspection.published
        months = max(
            (requirement.months or 0 for requirement in inspection.requirements), default=0
        )
        if doubt.touches(("inspections", at)):
            continue
        if (
            published is not None
            and published.year * 12 + (published.month or 1) - 1 + months >= (MAXYEAR + 1) * 12
        ):
            message = (
                f"what “{inspection.id}” requires would be due after the year {MAXYEAR}, with "
                "which dates end"
            )
            yield _at(
                places,
                ("inspections", at, "published"),
                "bad-date",
                message,
                "Check the year of publication.",
            )


def _overlaps(bodies: Bodies, places: Places, doubt: Doubt) -> Iterator[Problem]:
    for at, body in enumerate(bodies.bodies):
        if not doubt.touches(("bodies", at, "names")):
            yield from _overlapping(
                body.names, ("bodies", at, "names"), f"two names of the body “{body.id}”", places
            )
    for at, post in enumerate(bodies.posts):
        if not doubt.touches(("posts", at, "holders")):
            yield from _overlapping(
                post.holders,
                ("posts", at, "holders"),
                f"two holders of the post “{post.id}”",
                places,
            )


def _overlapping(
    entries: Sequence[Name | Holder], path: Path, what: str, places: Places
) -> Iterator[Problem]:
    """Report each entry that holds on a day on which an earlier one does."""
    for number, entry in enumerate(entries):
        if entry.period.is_reversed():
            hint = "Put the earlier date at `from:` and the later one at `to:`."
            yield _at(
                places,
                (*path, number, "to"),
                "wrong-value",
                f"“{entry.to}” is before “{entry.from_}”",
                hint,
            )
            continue
        for earlier in entries[:number]:
            if earlier.period.overlaps(entry.period):
                hint = "End the earlier one with `to:` on the day before the later one's `from:`."
                yield _at(
                    places,
                    (*path, number),
                    "overlapping-names",
                    f"{what} hold on the same day",
                    hint,
                )
                break


def _boards(
    paper: Paper,
    known: Mapping[str, Mapping[str, Thing]],
    places: Places,
    sure: Mapping[str, Doubt],
) -> Iterator[Problem]:
    """What is wrong with the boards of a paper; unknown boards are reported elsewhere."""
    seen: set[str] = set()
    for at, consideration in enumerate(paper.considerations):
        path: Path = ("considerations", at)
        if consideration.board in seen:
            message = f"the board “{consideration.board}” stands here twice"
            hint = (
                "Delete one of the two; a paper for a later meeting of a board is a paper of its "
                "own."
            )
            yield _at(places, (*path, "board"), "duplicate-id", message, hint)
        seen.add(consideration.board)
        for id_, where in (
            (consideration.board, (*path, "board")),
            (paper.on_behalf_of, ("on_behalf_of",)),
        ):
            thing = known.get("body", {}).get(id_)
            if (
                thing is None
                or sure["paper"].holds((*path, "meeting"))
                or _is_doubtful(thing, "names", sure)
            ):
                continue
            if not isinstance(thing.model, Body):
                continue
            if entry_on(consideration.meeting, thing.model.names) is None:
                message = f"the body “{id_}” has no name on {consideration.meeting}"
                hint = (
                    "Add the name it has on that day to its `names:` in the register of bodies, "
                    "or correct the date."
                )
                yield _at(places, where, "no-name-on-date", message, hint)
        thing = known.get("body", {}).get(consideration.board)
        if thing and isinstance(thing.model, Body) and not _is_doubtful(thing, "powers", sure):
            yield from _powers(consideration, thing.model, path, places, sure["paper"])


def _is_doubtful(body: Thing, field: str, sure: Mapping[str, Doubt]) -> bool:
    return sure["bodies"].touches((*body.path, field))


def _powers(
    consideration: Consideration, board: Body, path: Path, places: Places, doubt: Doubt
) -> Iterator[Problem]:
    for number, recommendation in enumerate(consideration.recommendations):
        spoiled = doubt.holds((*path, "recommendations", number, "verb"))
        if recommendation.verb not in board.powers and not spoiled:
            may = ", ".join(f"`{verb}`" for verb in board.powers) or "nothing yet"
            yield _at(
                places,
                (*path, "recommendations", number, "verb"),
                "power-missing",
                f"the board “{board.id}” has no power to {recommendation.verb}",
                (
                    f"It may be asked to: {may}. Use one of these, or add the verb to its "
                    "`powers:` in the register of bodies."
                ),
            )


def _sections_of_boards(paper: Paper, places: Places, doubt: Doubt) -> Iterator[Problem]:
    """Report replaced or omitted sections that the paper has not got. One that brings its heading
    is the board's own.
    """
    lost = any(
        path[:1] == ("sections",) and path[1:2] not in [(id_,) for id_ in paper.sections]
        for path in doubt.paths
    )
    for at, consideration in enumerate(paper.considerations):
        path: Path = ("considerations", at)
        named = {
            (*path, "sections", id_): id_
            for id_, own in consideration.sections.items()
            if own.heading is None
        }
        named |= {(*path, "omit", number): id_ for number, id_ in enumerate(consideration.omit)}
        for where, id_ in named.items():
            if paper.sections and id_ not in paper.sections and not (lost or doubt.holds(where)):
                hint = _instead(id_, paper.sections, "section")
                yield _at(places, where, "unknown-id", f"the paper has no section “{id_}”", hint)
        for number, id_ in enumerate(consideration.omit):
            if id_ in consideration.sections:
                message = (
                    f"the section “{id_}” is both replaced and left out for the board "
                    f"“{consideration.board}”"
                )
                yield _at(
                    places,
                    (*path, "omit", number),
                    "wrong-value",
                    message,
                    "Delete it from `sections:` or from `omit:`.",
                )


def _omissions(paper: Paper, section: str) -> Iterator[Path]:
    for at, consideration in enumerate(paper.considerations):
        for number, id_ in enumerate(consideration.omit):
            if id_ == section:
                yield ("considerations", at, "omit", number)


def _at(places: Places, path: Path, code: str, message: str, hint: str) -> Problem:
    return Problem(code, message, places.location(path), hint)
