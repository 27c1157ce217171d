"""Openers and closers of controls, matched here: Jinja would blame the wrong end, and knows nothing
of paragraphs and cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from papergen.engine.blocks import (
    CLOSERS,
    OPENERS,
    BlockStack,
    Mismatch,
    OpenBlock,
    first_word,
    is_closer,
    is_middle,
    is_opener,
)
from papergen.engine.limits import DEEPEST_CONTROLS
from papergen.engine.tags import RawTag
from papergen.errors import Location, Problem
from papergen.narrative.source import Place

_FORBIDDEN: Final = {
    "macro": "Write the text out where it is wanted.",
    "call": "Write the text out where it is wanted.",
    "include": "Put the text into this section.",
    "import": "Put the text into this section.",
    "from": "Put the text into this section.",
    "extends": "Put the text into this section.",
    "block": "Put the text into this section.",
    "filter": "Put the filter into each expression: {{ name|filter }}.",
    "raw": "Print braces as an expression: {{ '{{' }}.",
    "do": "Print the value, or keep it with {% set name = value %}.",
    "autoescape": "Leave it out: values are always printed as the characters they are.",
    "trans": "Write the text in English.",
    "with": "Use {% set name = value %}.",
    "break": "Put a condition on the loop: {% for x in list if condition %}.",
    "continue": "Put a condition on the loop: {% for x in list if condition %}.",
}


@dataclass(frozen=True, slots=True)
class Container:
    """What a control may not cross: a paragraph, a cell, a link, the rows of a table, or the blocks
    of the section.
    """

    name: str
    key: int


@dataclass(slots=True, eq=False)
class Controls:
    """The control statements of one text, given to `add` in the order of the text. Problems are
    added as they are found.
    """

    place: Place
    problems: list[Problem]
    ends: dict[int, RawTag] = field(default_factory=dict)
    """The closer of each control, by the offset of its opener."""
    unclosed: list[str] = field(default_factory=list)
    """The keywords of statements whose tags are never closed: ends of these are no second fault."""
    sound: bool = True
    """Whether all controls are whole, as far as is known."""
    _open: BlockStack[_OpenInText] = field(default_factory=lambda: BlockStack(by_container=True))
    _refused: set[str] = field(default_factory=set)

    def add(self, tag: RawTag, container: Container) -> None:
        keyword = keyword_of(tag)
        rest = tag.body[len(keyword) :]
        if is_opener(keyword):
            self._open.open(_OpenInText(keyword, container, tag))
            if len(self._open.blocks) == DEEPEST_CONTROLS + 1:
                hint = "Join conditions with “and”, or divide the text."
                self._problem(
                    "tag-forbidden",
                    f"controls are nested more than {DEEPEST_CONTROLS} deep",
                    tag,
                    hint,
                )
        elif is_middle(keyword):
            self._middle(tag, keyword, rest, container)
        elif is_closer(keyword):
            self._close(tag, keyword, container)
        elif keyword != "set" or "=" not in rest:
            self._refuse(tag, keyword)

    def is_open_in(self, container: Container) -> bool:
        return any(opened.container == container for opened in self._open.blocks)

    def finish(self) -> None:
        for opened in self._open.blocks:
            self._unclosed(opened)
        self._open.blocks.clear()

    def _middle(self, tag: RawTag, keyword: str, rest: str, container: Container) -> None:
        if keyword == "else" and rest:
            hint = "Write {% elif … %} for a further condition, {% else %} for all that remains."
            self._problem("tag-syntax", f"“{{% {tag.body} %}}” cannot be understood", tag, hint)
            return
        match = self._open.middle(keyword, container)
        opened = match.block
        if opened is None:
            hint = "Put it between {% if … %} and {% endif %}, or delete it."
            self._problem(
                "control-unclosed",
                f"“{{% {tag.body} %}}” has no {{% if … %}} that it belongs to",
                tag,
                hint,
            )
        elif match.mismatch is Mismatch.CROSSING:
            self._crossing(opened, tag, container, "goes on")
        elif match.mismatch is Mismatch.AFTER_ELSE:
            hint = "Keep one {% else %}, after all {% elif … %}."
            self._problem(
                "control-unclosed",
                f"“{{% {tag.body} %}}” follows the {{% else %}} of “{opened.shown}”",
                tag,
                hint,
            )

    def _close(self, tag: RawTag, keyword: str, container: Container) -> None:
        opener = OPENERS[keyword]
        match = self._open.close(keyword, container)
        opened = match.block
        if opened is None and opener in self.unclosed:
            self.unclosed.remove(opener)
            self.sound = False
            return
        if opened is None:
            hint = f"Put {{% {opener} … %}} where the part begins, or delete this tag."
            self._problem(
                "control-unclosed",
                f"“{{% {tag.body} %}}” ends nothing: no {{% {opener} … %}} is open",
                tag,
                hint,
            )
            return
        for left in match.unclosed:
            self._unclosed(left)
        if match.mismatch is Mismatch.CROSSING:
            self._crossing(opened, tag, container, "ends")
        else:
            self.ends[opened.tag.start] = tag

    def _crossing(self, opened: _OpenInText, tag: RawTag, container: Container, verb: str) -> None:
        if opened.container.name == container.name:
            places = f"in one {container.name} and {verb} in another"
        else:
            begins_in = _a(opened.container.name)
            places = f"in {begins_in} and {verb} in {_a(container.name)}"
        at = _line(self.place(tag.start))
        self._problem(
            "control-crossing",
            f"“{opened.shown}” begins {places} (“{{% {tag.body} %}}”, {at})",
            opened.tag,
            "Begin and end it in the same paragraph, list item or cell; to take in whole "
            "paragraphs, items or rows, put each of the two tags on a line of its own.",
        )

    def _unclosed(self, opened: _OpenInText) -> None:
        self._problem(
            "control-unclosed",
            f"“{opened.shown}” is never ended",
            opened.tag,
            f"Put {{% {CLOSERS[opened.word]} %}} where it is to end.",
        )

    def _refuse(self, tag: RawTag, keyword: str) -> None:
        opener = keyword.removeprefix("end")
        if opener != keyword and opener in self._refused:
            return
        self._refused.add(keyword)
        if keyword == "set":
            hint = "Write {% set name = value %}."
            self._problem("tag-forbidden", "“set” without “=” is not allowed", tag, hint)
        elif opener in _FORBIDDEN:
            hint = _FORBIDDEN[opener]
            self._problem(
                "tag-forbidden", f"the statement “{keyword}” is not allowed in a paper", tag, hint
            )
        else:
            hint = (
                "Statements are if, elif, else, endif, for, endfor and set; a value is printed "
                "with {{ name }}."
            )
            self._problem("tag-syntax", f"“{{% {tag.body} %}}” is not a statement", tag, hint)

    def _problem(self, code: str, message: str, tag: RawTag, hint: str) -> None:
        self.sound = False
        where = self.place(tag.start)
        self.problems.append(Problem(code, message, where, hint))


@dataclass(slots=True, eq=False)
class _OpenInText(OpenBlock):
    container: Container
    tag: RawTag

    @property
    def shown(self) -> str:
        return f"{{% {self.tag.body} %}}"


def keyword_of(tag: RawTag) -> str:
    """The first word of a statement."""
    return first_word(tag.body)


def _a(name: str) -> str:
    article = "an" if name[0] in "aeiou" else "a"
    return f"{article} {name}"


def _line(where: Location) -> str:
    if where.line is None:
        return str(where)
    return f"line {where.line}"
