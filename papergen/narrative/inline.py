"""The text of one paragraph, heading or cell, read as Markdown: its spans, and faults at their own
places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from papergen.engine.limits import MAX_SIGNS
from papergen.engine.tags import TagKind
from papergen.errors import Location, Problem
from papergen.narrative import typed_numbers, unsupported
from papergen.narrative.controls import Container, Controls
from papergen.narrative.source import MARK, MarkedSource, bad_character, first_bad_character
from papergen.narrative.spans import PLAIN, Format, Span, SpanKind, text_spans

_ADDRESS: Final = re.compile(r"https?://[^\s/?#@:][^\s]*|mailto:[^\s@]+@[^\s@]+", re.IGNORECASE)
_BROKEN_LINK: Final = re.compile(
    r"\[[^\[\]]*\](?:\([^()]*(?:://|mailto:|www\.)|\s+\((?:https?://|mailto:))[^()]*\)"
)
# What Markdown does not know as signs that a backslash keeps from acting.
_SIGNS: Final = frozenset(typed_numbers.BULLET_CHARACTERS)
_SIGN: Final = re.compile(r"[*_\[\]]")
_REPLACEMENT: Final = re.compile("&#(?:0*65533|[xX]0*[fF]{3}[dD]);")
_SWITCHES: Final = {
    "strong_open": "strong",
    "strong_close": "strong",
    "em_open": "emphasis",
    "em_close": "emphasis",
}


@cache
def parser() -> MarkdownIt:
    """Markdown as papers have it: CommonMark with tables, without reference links."""
    made = (
        MarkdownIt("commonmark", {"html": True, "maxNesting": 100})
        .enable("table")
        .disable("reference")
    )
    # Addresses are judged here, not by the parser, which would leave a link that it refuses in the
    # text.
    made.normalizeLink = lambda url: url  # type: ignore[method-assign]
    made.validateLink = _any_address  # type: ignore[method-assign]
    rules = made.inline.ruler
    for name, rule in zip(rules.get_active_rules(), rules.getRules(""), strict=True):
        if name not in ("text", "newline", "emphasis"):
            rules.at(name, _placed(rule))
    return made


def _any_address(url: str) -> bool:  # noqa: ARG001 - the parser calls it by this name
    return True


def _placed(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """The rule, noting for each token it makes where in the paragraph's text it was found."""

    def placed(state: StateInline, silent: bool) -> bool:
        at, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        for token in state.tokens[count:]:
            token.meta.setdefault("at", at)
        return True

    return placed


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a paragraph or cell: for each of its lines, where it starts in the text and in
    the marked source.
    """

    text: str
    starts: tuple[tuple[int, int], ...]


@dataclass(slots=True, eq=False)
class Inline:
    """Reads the texts of one section. `keys` gives each container of controls its key."""

    prepared: MarkedSource
    controls: Controls
    problems: list[Problem]
    keys: Iterator[int]

    def where(self, content: Content, at: int) -> Location:
        start, marked = max(pair for pair in content.starts if pair[0] <= at)
        return self.prepared.where(marked + at - start)

    def read(self, content: Content, name: str) -> list[Span]:
        """The spans of `content`; `name` is what holds it, for messages."""
        for pattern, (message, hint) in unsupported.TEXT:
            for found in pattern.finditer(content.text):
                self._problem(
                    "markdown-unsupported", message, self.where(content, found.start()), hint
                )
        tokens: list[Token] = []
        if len(content.text) > MAX_SIGNS and len(_SIGN.findall(content.text)) > MAX_SIGNS:
            message = f"more than {MAX_SIGNS:,} stars, underscores and square brackets stand here"
            self._problem(
                "markdown-unsupported",
                message,
                self.where(content, 0),
                "Divide the text into paragraphs.",
            )
            return []
        parser().inline.parse(content.text, parser(), {}, tokens)
        spans: list[Span] = []
        container = outer = Container(name, next(self.keys))
        formatting = PLAIN
        for token in tokens:
            if token.type in ("text", "text_special", "softbreak"):
                spans += self._text(token, content, formatting, container)
            elif token.type == "hardbreak":
                spans.append(Span(SpanKind.BREAK, formatting=formatting))
            elif token.type in _SWITCHES:
                formatting = replace(formatting, **{_SWITCHES[token.type]: token.nesting > 0})
            elif token.type in unsupported.INLINE or token.markup == "autolink":
                self._unsupported(token, content, container)
            elif token.nesting > 0:
                formatting, container = (
                    replace(formatting, link=True),
                    Container("link", next(self.keys)),
                )
                spans.append(self._link(token, content, container))
            else:
                if spans[-1].kind is SpanKind.LINK:
                    hint = "Write the words that are to be seen between the square brackets."
                    self._problem(
                        "bad-link",
                        "the link has no words",
                        self.where(content, token.meta["at"]),
                        hint,
                    )
                formatting, container = replace(formatting, link=False), outer
                spans.append(Span(SpanKind.LINK_END))
        return spans

    def _text(
        self, token: Token, content: Content, formatting: Format, container: Container
    ) -> list[Span]:
        if token.type == "softbreak":
            return [Span(SpanKind.TEXT, " ", formatting=formatting)]
        if token.info == "escape" and token.content[1:] in _SIGNS:
            return [Span(SpanKind.TEXT, token.content[1:], formatting=formatting, fixed=True)]
        if token.type == "text" or (token.info == "escape" and len(token.content) > 1):
            for found in _BROKEN_LINK.finditer(token.content):
                self._broken_link(found[0], content)
            self.statements_in(token.content, container)
            return text_spans(token.content, self.prepared, formatting)
        if (
            token.info == "entity"
            and token.content == "\ufffd"
            and not _REPLACEMENT.fullmatch(token.markup)
        ):
            # Markdown puts this sign in place of each character that cannot be.
            self._problem(
                "bad-character",
                f"“{token.markup}” stands for a character that no Word file can hold",
                self.where(content, token.meta["at"]),
                "Delete it and type the text there again.",
            )
            return []
        if char := first_bad_character(token.content):
            self.problems.append(bad_character(char, self.where(content, token.meta["at"])))
            return []
        return [Span(SpanKind.TEXT, token.content, formatting=formatting, fixed=True)]

    def _link(self, token: Token, content: Content, container: Container) -> Span:
        address = str(token.attrGet("href") or "")
        title = str(token.attrGet("title") or "")
        where = self.where(content, token.meta["at"])
        if MARK.search(address + title):
            self.statements_in(address + title, container)
            message = "the link’s address holds a Jinja tag, but addresses are written out"
            self._problem(
                "bad-link",
                message,
                where,
                "Write the whole address, beginning with https://, or take the link out.",
            )
            return Span(SpanKind.LINK)
        if char := first_bad_character(address + title):
            self.problems.append(bad_character(char, where))
            return Span(SpanKind.LINK)
        target = normalizeLink(address)
        if not _ADDRESS.fullmatch(target):
            self._problem(
                "bad-link",
                f"“{address}” is not the address of a web page or of a mailbox",
                where,
                "Begin it with https://, http:// or mailto:. To name a paragraph of this paper "
                "write {{ ref('its-label') }}. "
                "Where no link is meant, put a backslash before the opening bracket.",
            )
        return Span(SpanKind.LINK, target, title=title)

    def _broken_link(self, text: str, content: Content) -> None:
        self._problem(
            "bad-link",
            "a link cannot be understood",
            self.where(content, max(content.text.find(text), 0)),
            "Write [words](https://…), with no blank before the address or in it. Where no link "
            "is meant, put a backslash before the opening bracket.",
        )

    def _unsupported(self, token: Token, content: Content, container: Container) -> None:
        if token.type == "link_close":
            return
        self.statements_in(token.content, container)
        message, hint = unsupported.INLINE["autolink" if token.markup == "autolink" else token.type]
        self._problem("markdown-unsupported", message, self.where(content, token.meta["at"]), hint)

    def statements_in(self, text: str, container: Container) -> None:
        """Statements where they cannot stand are matched all the same, so that one fault is not
        two.
        """
        for mark in MARK.findall(text):
            tag = self.prepared.tag(mark)
            if tag.kind is TagKind.STATEMENT:
                self.controls.add(tag, container)

    def _problem(self, code: str, message: str, where: Location, hint: str) -> None:
        self.problems.append(Problem(code, message, where, hint))
