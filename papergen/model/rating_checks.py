"""Whether the ratings of a plan are values of the schemes that its papers print them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from papergen.errors import Location, Problem
from papergen.model.bodies import Bodies
from papergen.model.paper import Paper
from papergen.model.plan import Plan
from papergen.model.rating import RagScheme, Rating
from papergen.model.walk import Path, models_of
from papergen.model.words import UNRATED


def check_ratings(
    plan: Plan, bodies: Bodies, paper: Paper | None, location: Callable[[Path], Location]
) -> Iterator[tuple[Path, Problem]]:
    """A problem, with the path of its value, for each rating whose code the scheme of the plan or
    of a board has not got.

    `location`: the place of a value of the plan. A plan without a scheme has nothing to be held to:
    its codes print as words. Schemes that do not exist are reported elsewhere.
    """
    schemes = {scheme.id: scheme for scheme in bodies.rag_schemes}
    boards = {each.board for each in paper.considerations} if paper is not None else set()
    used = {plan.rag_scheme: "the scheme of the plan"}
    for body in bodies.bodies:
        if body.id in boards and body.rag_scheme is not None:
            used.setdefault(body.rag_scheme, f"the scheme of the board “{body.id}”")
    held_to = [(schemes[id_], whose) for id_, whose in used.items() if id_ in schemes]
    for path, rating in models_of(plan, Rating):
        for scheme, whose in held_to:
            codes = [value.code for value in scheme.values]
            if rating.value != UNRATED and rating.value not in codes:
                message = f"there is no value “{rating.value}” in {whose}, “{scheme.id}”"
                where = (*path, "value")
                yield (
                    where,
                    Problem("unknown-id", message, location(where), _instead(rating.value, scheme)),
                )
                break


def _instead(code: str, scheme: RagScheme) -> str:
    from difflib import get_close_matches

    codes = [value.code for value in scheme.values]
    near = get_close_matches(code, codes, 1)
    if near:
        return f"Did you mean `{near[0]}`?"
    listed = ", ".join(f"`{each}`" for each in (*codes, UNRATED))
    return f"Use one of {listed}, or add the value to the scheme in the register of bodies."
