"""The faults of one run: each told once, at the place of its tag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from papergen.engine.limits import MAX_ALIKE
from papergen.errors import Location, Problem


@dataclass(frozen=True, slots=True)
class TagSite:
    """Where a tag stands and what it says. `origin` is "paper" or "template": whose fault a fault
    is.
    """

    where: Location
    source: str
    origin: str


class Faults:
    """What is found wrong in one run.

    A loop can bring a fault of one tag to thousands. What is the same is told once; of faults of
    one code in one tag the first few are told, and how many more there are.
    """

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}
        self._alike: dict[tuple[TagSite | None, str], int] = {}

    def __bool__(self) -> bool:
        return bool(self._problems)

    def add(self, site: TagSite | None, code: str, message: str, hint: Callable[[], str]) -> None:
        """Note a fault. `hint` is asked for where it is told: to find a name that is near can take
        time.
        """
        code = code_of(site, code)
        number = self._alike.get((site, code), 0)
        if number >= MAX_ALIKE:
            self._alike[site, code] = number + 1
            return
        problem = Problem(code, message, site.where if site else None, hint())
        if problem not in self._problems:
            self._problems[problem] = None
            self._alike[site, code] = number + 1

    def told(self) -> list[Problem]:
        """The problems, in the order in which they were found."""
        more = [
            Problem(
                code,
                f"there are {number - MAX_ALIKE:,} more faults of this kind in this tag",
                site.where if site else None,
                _MORE,
            )
            for (site, code), number in self._alike.items()
            if number > MAX_ALIKE
        ]
        return [*self._problems, *more]


_MORE = "Put the others right, and run papergen again."
LOOP_HINT = (
    "Put the tag between {% for … %} and {% endfor %}. In a template, {% vm %} and {% hm %} merge "
    "the cells that a loop makes."
)


def undefined_message(name: str | None, *, of_record: bool = False) -> str:
    """What to say of a name that is not defined."""
    if name == "loop" and not of_record:
        return "“loop” is known only within a loop"
    return f"“{name}” is not defined" if name else "this is not defined"


def code_of(site: TagSite | None, code: str) -> str:
    """The code under which a fault is told: who mends it depends on where its tag stands."""
    return (
        _TEMPLATE_CODES.get(code, code) if site is not None and site.origin == "template" else code
    )


_TEMPLATE_CODES = {
    "undefined-name": "template-name",
    "value-misused": "template-value",
    "expression-failed": "template-value",
    "too-much-work": "template-work",
}
