"""The problems of names that compiled code takes from its values and that are not there. Loaded
when there is one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from papergen.engine.faults import LOOP_HINT, code_of, undefined_message
from papergen.errors import Problem
from papergen.text import did_you_mean

if TYPE_CHECKING:
    from papergen.engine.compiled import Tables


def unknown_names(
    names: Iterable[tuple[str, int]], known: Collection[str], tables: Tables
) -> Iterator[Problem]:
    """A problem for each of these names, given with the index of its site. `known`: the names that
    are there.
    """
    for name, index in names:
        site = tables.sites[index]
        code = code_of(site, "undefined-name")
        hint = unknown_name_hint(name, site.source, known)
        yield Problem(code, undefined_message(name), site.where, hint)


def unknown_name_hint(name: str, tag: str, known: Collection[str]) -> str:
    """What to do about a name in `tag` that is not among those `known`."""
    if name == "loop":
        return LOOP_HINT
    hyphenated = re.search(rf"(?:\w+-)+{re.escape(name)}\b(?:-\w+)*", tag)
    if hyphenated:
        return f"In a tag a hyphen is a minus sign: write “{hyphenated[0].replace('-', '_')}”."
    names = ", ".join(sorted(known))
    return did_you_mean(name, known) or f"Names that can be used here: {names}."
