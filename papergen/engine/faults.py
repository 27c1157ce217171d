"""The faults of one run: each reported once, at the place of its tag."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from papergen.engine.jinja_internals import missing
from papergen.engine.limits import MAX_ALIKE
from papergen.engine.tag_sites import site_being_written
from papergen.errors import Location, Problem


@dataclass(frozen=True, slots=True)
class TagSite:
    """Where a tag stands and what it says. `origin`: "paper" or "template", who has to mend it."""

    where: Location
    source: str
    origin: str


class Faults:
    """What is found wrong in one run. `sites`: those of the program, by index.

    A loop may repeat a fault of one tag thousands of times. Equal faults are reported once; of
    faults of one code in one tag the first few are reported, and how many more there are.
    """

    __slots__ = ("_alike", "_problems", "_sites", "_suggest", "cut_short", "inner_site", "values")

    def __init__(self, sites: Sequence[TagSite], suggest: Callable[[Any, str], str] | None) -> None:
        self._sites = sites
        self._suggest = suggest
        self._problems: dict[Problem, None] = {}
        self._alike: dict[tuple[TagSite | None, str], int] = {}
        self.inner_site = -1
        """The site of the value that is being printed, where another tag prints it."""
        self.values: Mapping[str, Any] = {}
        """The names that compiled code takes, for hints."""
        self.cut_short = False
        """Whether a fault has kept some of the document from being written."""

    @property
    def problems(self) -> list[Problem]:
        """The faults, in the order in which they were found."""
        found = list(self._problems)
        for (site, code), number in self._alike.items():
            if number > MAX_ALIKE:
                message = f"there are {number - MAX_ALIKE:,} more faults of this kind in this tag"
                found.append(Problem(code, message, site.where if site else None, _MORE))
        return found

    def site(self, index: int) -> TagSite | None:
        """The site of that index; None for -1."""
        return self._sites[index] if 0 <= index < len(self._sites) else None

    def current_site(self) -> TagSite | None:
        """The site of the tag that is being written now."""
        return self.site(self.inner_site if self.inner_site >= 0 else site_being_written())

    def report(
        self,
        site: TagSite | None,
        code: str,
        message: str,
        hint: str = "",
    ) -> None:
        """Add a fault of the tag at `site`."""
        self._add(site, code, message, lambda: hint)

    def undefined(self, owner: Any, name: str | int | None) -> None:
        """Add that the tag that is being written uses a name that is not defined, or a field that
        `owner` does not have.
        """
        of_record = owner is not missing

        site = self.current_site()
        # A list, or a mapping, may be asked for a number.
        asked = "" if name is None else str(name)

        def hint() -> str:
            if not of_record and (name == "loop" or self._suggest is not None):
                return self._hint_for_name(asked, site)
            suggested = self._suggest(owner, asked) if self._suggest else ""
            return suggested or "Check the spelling."

        message = undefined_message(name, of_record=of_record)
        self._add(site, "undefined-name", message, hint)

    def _hint_for_name(self, name: str, site: TagSite | None) -> str:
        """The hint that the compiler gives where the name is first used."""
        from papergen.engine.undefined import MissingName
        from papergen.engine.unknown_names import unknown_name_hint

        # What a faulty statement may have been meant to make is a value that is itself missing.
        known = [
            each
            for each, value in self.values.items()
            if not each.startswith("_") and not isinstance(value, MissingName)
        ]
        return unknown_name_hint(name, site.source if site is not None else "", known)

    def _add(
        self,
        site: TagSite | None,
        code: str,
        message: str,
        hint: Callable[[], str],
    ) -> None:
        """`hint` is only called for a fault that is reported: to find a near name takes time."""
        code = code_of(site, code)
        number = self._alike.get((site, code), 0)
        if number >= MAX_ALIKE:
            self._alike[site, code] = number + 1
            return
        problem = Problem(code, message, site.where if site else None, hint())
        if problem not in self._problems:
            self._problems[problem] = None
            self._alike[site, code] = number + 1


_MORE = "Put the others right, and run papergen again."
LOOP_HINT = (
    "Put the tag between {% for … %} and {% endfor %}. In a template, {% vm %} and {% hm %} merge "
    "the cells that a loop makes."
)


def undefined_message(name: str | int | None, *, of_record: bool = False) -> str:
    """What to say of a name that is not defined."""
    if name == "loop" and not of_record:
        return "“loop” is known only within a loop"
    return f"“{name}” is not defined" if name else "this is not defined"


def code_of(site: TagSite | None, code: str) -> str:
    """The message code of a fault: it depends on whether its tag is the paper's or the
    template's.
    """
    if site is not None and site.origin == "template":
        return _TEMPLATE_CODES.get(code, code)
    return code


_TEMPLATE_CODES = {
    "undefined-name": "template-name",
    "value-misused": "template-value",
    "expression-failed": "template-value",
    "too-much-work": "template-work",
}
