"""Whether the ratings of a plan are values of the schemes that its papers print them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from papergen.errors import Location, Problem
from papergen.model.bodies import Bodies
from papergen.model.paper import Paper
from papergen.model.plan import Plan
from papergen.model.rating import RagScheme, Rating
from papergen.model.walk import models_of
from papergen.model.words import UNRATED
from papergen.readers.document import Path
from papergen.text import CODE, did_you_mean, in_code


def check_ratings(
    plan: Plan,
    bodies: Bodies,
    paper: Paper | None,
    location: Callable[[Path], Location],
) -> Iterator[tuple[Path, Problem]]:
    """A problem, with the path of its value, for each rating that is in none of the schemes used.

    Those are the scheme of the plan and those of the paper's boards. `location`: the place of a
    value of the plan. Without a scheme any code is right: it prints as a word. Schemes that do not
    exist are reported elsewhere.
    """
    schemes = _schemes_used(plan, bodies, paper)
    for path, rating in models_of(plan, Rating):
        for scheme, whose in schemes:
            codes = [value.code for value in scheme.values]
            if rating.value != UNRATED and rating.value not in codes:
                where = (*path, "value")
                message = f"there is no value “{rating.value}” in {whose}, “{scheme.id}”"
                hint = _hint_for(rating.value, codes)
                yield where, Problem("unknown-id", message, location(where), hint)
                break


def _schemes_used(plan: Plan, bodies: Bodies, paper: Paper | None) -> list[tuple[RagScheme, str]]:
    """The schemes in which ratings are printed, and in words whose they are."""
    boards = {each.board for each in paper.considerations} if paper is not None else set()
    used = {plan.rag_scheme: "the scheme of the plan"}
    for body in bodies.bodies:
        if body.id in boards and body.rag_scheme is not None:
            used.setdefault(body.rag_scheme, f"the scheme of the board “{body.id}”")
    schemes = {scheme.id: scheme for scheme in bodies.rag_schemes}
    return [(schemes[id_], whose) for id_, whose in used.items() if id_ in schemes]


def _hint_for(code: str, codes: list[str]) -> str:
    near = did_you_mean(code, codes, CODE)
    if near:
        return near
    allowed = in_code((*codes, UNRATED))
    return f"Use one of {allowed}, or add the value to the scheme in the register of bodies."
