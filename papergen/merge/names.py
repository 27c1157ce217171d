"""The names that compiled code takes from its values, held against those that there are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from papergen.errors import Problem
from papergen.merge.code import Compiled, Tables
from papergen.merge.faults import LOOP_HINT, code_of, undefined_message


def check_names(compiled: Compiled, known: Sequence[str], tables: Tables, problems: list[Problem]) -> None:
    """Report each name that the code takes from the values and that is not among `known`."""
    for name, index in compiled.names:
        if name not in known:
            site = tables.sites[index]
            code = code_of(site, "undefined-name")
            hint = LOOP_HINT if name == "loop" else _name_hint(name, site.source, known)
            problems.append(Problem(code, undefined_message(name), site.where, hint))


def _name_hint(name: str, tag: str, known: Sequence[str]) -> str:
    hyphenated = re.search(rf"(?:\w+-)+{re.escape(name)}\b(?:-\w+)*", tag)
    if hyphenated:
        return f"In a tag a hyphen is a minus sign: write “{hyphenated[0].replace('-', '_')}”."
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    return f"Did you mean “{near[0]}”?" if near else f"Names that can be used here: {', '.join(sorted(known))}."
