"""Whether the answers on a list of actions name what there is in the register of bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from papergen.errors import Location, Problem
from papergen.model.action_list import RATING_STATES
from papergen.model.bodies import Bodies
from papergen.model.plan import Plan
from papergen.model.words import AS_WRITTEN, UNRATED
from papergen.readers.document import Path
from papergen.text import CODE, did_you_mean, in_code, shorten


def check_answers(
    plan: Plan, bodies: Bodies, location: Callable[[Path], Location]
) -> Iterator[tuple[Path, Problem]]:
    """A problem, with the path of its value, for each owner that is answered with an id that
    nothing has, and each rating with a code that the plan's scheme lacks.

    `location`: the place of a value of the plan. Without a scheme any code is right.
    """
    if plan.actions_from is None:
        return
    yield from _unknown_owners(plan.actions_from.owners, bodies, location)
    yield from _unknown_codes(plan, bodies, location)


def _unknown_owners(
    owners: dict[str, str], bodies: Bodies, location: Callable[[Path], Location]
) -> Iterator[tuple[Path, Problem]]:
    known = {AS_WRITTEN}
    known.update(post.id for post in bodies.posts)
    known.update(body.id for body in bodies.bodies)
    known.update(person.id for person in bodies.people)
    for name, id_ in owners.items():
        if id_ in known:
            continue
        path: Path = ("actions", "owners", name)
        message = f"there is no post, body or person “{shorten(id_)}” in the register of bodies"
        hint = did_you_mean(id_, known, CODE)
        if not hint:
            hint = f"Add it there, or write `{AS_WRITTEN}`: papers then print “{shorten(name)}”."
        yield path, Problem("unknown-id", message, location(path), hint)


def _unknown_codes(
    plan: Plan, bodies: Bodies, location: Callable[[Path], Location]
) -> Iterator[tuple[Path, Problem]]:
    scheme = next((each for each in bodies.rag_schemes if each.id == plan.rag_scheme), None)
    if plan.actions_from is None or scheme is None:
        return
    known = [*(value.code for value in scheme.values), UNRATED, *RATING_STATES]
    for rating, code in plan.actions_from.ratings.items():
        if code not in known:
            path: Path = ("actions", "ratings", rating)
            message = f"there is no value “{code}” in the scheme of the plan, “{scheme.id}”"
            hint = did_you_mean(code, known, CODE) or f"Use one of {in_code(known)}."
            yield path, Problem("unknown-id", message, location(path), hint)
