"""The entries that a register of bodies lacks for the names of a list, as YAML to paste."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from papergen.text import counted
from papergen.workbook.ids import id_for
from papergen.workbook.parties import entries
from papergen.workbook.words import word_set
from papergen.workbook.yaml_text import scalar

_TITLES = word_set("cllr councillor mr mrs ms miss dr prof professor sir dame rev lord lady")
_OF_BODIES = word_set(
    "council trust board committee team group police nhs icb partnership forum service "
    "services panel authority agency university college school schools department directorate"
)
_OF_POSTS = word_set(
    "director head officer manager lead chief executive monitoring secretary clerk chair "
    "leader assistant deputy adviser advisor coordinator co-ordinator commissioner finance "
    "solicitor auditor treasurer holder member all"
)


def register_entries(names: Iterable[str], taken: Iterable[str], body: str) -> str:
    """YAML for bodies.yaml with an entry for each name; empty where there are none.

    What each name is, a person, a body or a post, is proposed by its words, and to be checked.
    `taken`: the ids that the register has. `body`: the id of the body that posts belong to.
    """
    ids = set(taken)
    groups: dict[str, list[str]] = {"bodies": [], "posts": [], "people": []}
    for name in dict.fromkeys(names):
        id_ = id_for(name, ids)
        match _kind_of(name):
            case "person":
                groups["people"].append(f"  - {{id: {id_}, name: {scalar(name)}}}")
            case "body":
                groups["bodies"].append(f"  - {{id: {id_}, name: {scalar(name)}}}")
            case _:
                of_body = f", body: {body}" if body else ""
                groups["posts"].append(f"  - {{id: {id_}, title: {scalar(name)}{of_body}}}")
    lines = []
    for group, found in groups.items():
        if found:
            lines += [f"{group}:", *found]
    return "\n".join(lines)


def _kind_of(name: str) -> str:
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", name)
    small = {word.casefold() for word in words}
    if small & _TITLES:
        return "person"
    if small & _OF_POSTS:
        return "post"
    if small & _OF_BODIES:
        return "body"
    is_capitalised = all(word[:1].isupper() for word in words)
    if (
        2 <= len(words) <= 3
        and is_capitalised
        and not any(len(w) > 1 and w.isupper() for w in words)
    ):
        return "person"
    return "post"


def missing_register(
    names: Iterable[str],
    register: Mapping[str, Any] | None,
    ratings: Mapping[str, int],
    key: Mapping[str, str],
) -> str:
    """YAML for bodies.yaml: entries for the names that it lacks, and a scheme for ratings.

    `ratings`: the codes that no scheme is there for, with the number of actions rated so; none are
    missing where the register has a scheme. `key`: what a key beside the list says of them.
    """
    taken = {
        str(entry.get("id"))
        for group in ("bodies", "posts", "people")
        for entry in entries(register, group)
    }
    first = next((str(entry.get("id")) for entry in entries(register, "bodies")), "")
    scheme = "" if first_scheme(register) else _scheme(ratings, key)
    parts = [register_entries(names, taken, first), scheme]
    return "\n".join(part for part in parts if part)


def first_scheme(register: Mapping[str, Any] | None) -> str:
    """The id of the register's first rating scheme; empty where it has none."""
    return next((str(entry.get("id")) for entry in entries(register, "rag_schemes")), "")


_TINTS = {"red": "F6CECE", "amber": "FCE5B8", "green": "D3EBCF", "blue": "CFE0F3"}
_WORST_FIRST = ("red", "amber", "green", "blue")


def _scheme(ratings: Mapping[str, int], key: Mapping[str, str]) -> str:
    """A scheme with the codes of some ratings, from the worst to the best."""
    codes = [code for code in _WORST_FIRST if code in ratings]
    if not codes:
        return ""
    lines = ["rag_schemes:", "  - id: rag", "    values:"]
    for code in codes:
        count = counted(ratings[code], "action")
        meaning = key.get(code) or key.get(code[0], "")
        said = f", meaning: {scalar(meaning)}" if meaning else ""
        value = f"{{code: {code}, label: {code.capitalize()}{said}, colour: {_TINTS[code]}}}"
        lines.append(f"      # {count}; `means: complete` or `means: not-due`, if it means that")
        lines.append(f"      - {value}")
    return "\n".join(lines)
