"""The text of one paragraph, heading or cell, read as Markdown: its spans, and the faults in it."""

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
from papergen.narrative import unsupported
from papergen.narrative.controls import Container, Controls
from papergen.narrative.source import MARK, MarkedSource, bad_character, first_bad_character
from papergen.narrative.spans import PLAIN, Span, SpanKind, text_spans

_ADDRESS: Final = re.compile(r"https?://[^\s/?#@:][^\s]*|mailto:[^\s@]+@[^\s@]+", re.IGNORECASE)
_BROKEN_LINK: Final = re.compile(
    r"\[[^\[\]]*\](?:\([^()]*(?:://|mailto:|www\.)|\s+\((?:https?://|mailto:))[^()]*\)"
)
_BULLETS: Final = frozenset(unsupported.BULLET_CHARACTERS)
"""What a backslash escapes here, besides the signs of Markdown."""
_SIGN: Final = re.compile(r"[*_\[\]]")
_REPLACEMENT: Final = re.compile("&#(?:0*65533|[xX]0*[fF]{3}[dD]);")
"""A reference to U+FFFD, which Markdown also puts in place of each character that cannot be."""
_SWITCHES: Final = {
    "strong_open": "strong",
    "strong_close": "strong",
    "em_open": "emphasis",
    "em_close": "emphasis",
}


@cache
def parser() -> MarkdownIt:
    """Markdown as papers have it: CommonMark with tables, without reference links."""
    made = MarkdownIt("commonmark", {"html": True, "maxNesting": 100})
    made.enable("table")
    made.disable("reference")
    # This module checks addresses, since the parser would leave a link that it refuses in the text.
    made.normalizeLink = lambda url: url  # type: ignore[method-assign]
    made.validateLink = _any_address  # type: ignore[method-assign]
    rules = made.inline.ruler
    for name, rule in zip(rules.get_active_rules(), rules.getRules(""), strict=True):
        if name not in ("text", "newline", "emphasis"):
            rules.at(name, _placed(rule))
    return made


def _any_address(url: str) -> bool:  # noqa: ARG001 - the parser calls it by this name
    return True


_Rule = Callable[[StateInline, bool], bool]


def _placed(rule: _Rule) -> _Rule:
    """The rule, which also notes where in the paragraph's text each of its tokens was found."""

    def placed(state: StateInline, silent: bool) -> bool:
        at = state.pos
        count = len(state.tokens)
        if not rule(state, silent):
            return False
        for token in state.tokens[count:]:
            token.meta.setdefault("at", at)
        return True

    return placed


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a paragraph or cell.

    `starts`: for each of its lines, where it starts in the text and in the marked source.
    """

    text: str
    starts: tuple[tuple[int, int], ...]


@dataclass(slots=True, eq=False)
class Inline:
    """Reads the texts of one section. `keys` yields a key for each container of controls."""

    prepared: MarkedSource
    controls: Controls
    problems: list[Problem]
    keys: Iterator[int]

    def where(self, content: Content, at: int) -> Location:
        """The place of `content.text[at]`."""
        before = [pair for pair in content.starts if pair[0] <= at]
        start, marked = max(before)
        return self.prepared.where(marked + at - start)

    def read(self, content: Content, name: str) -> list[Span]:
        """The spans of `content`; `name` is what holds it, for messages."""
        for pattern, (message, hint) in unsupported.TEXT:
            for found in pattern.finditer(content.text):
                where = self.where(content, found.start())
                self.problem("markdown-unsupported", message, where, hint)
        signs = _SIGN.findall(content.text)
        if len(signs) > MAX_SIGNS:
            self.problem(
                code="markdown-unsupported",
                message=(
                    f"more than {MAX_SIGNS:,} stars, underscores and square brackets stand here"
                ),
                where=self.where(content, 0),
                hint="Divide the text into paragraphs.",
            )
            return []
        tokens: list[Token] = []
        parser().inline.parse(content.text, parser(), {}, tokens)
        container = Container(name, next(self.keys))
        reader = _ContentReader(self, content, container)
        for token in tokens:
            reader.read(token)
        return reader.spans

    def statements_in(self, text: str, container: Container) -> None:
        """Match the statements in a text that cannot hold any, so as to report the fault once."""
        for mark in MARK.findall(text):
            tag = self.prepared.tag(mark)
            if tag.kind is TagKind.STATEMENT:
                self.controls.add(tag, container)

    def problem(
        self,
        code: str,
        message: str,
        where: Location,
        hint: str,
    ) -> None:
        problem = Problem(code, message, where, hint)
        self.problems.append(problem)


class _ContentReader:
    """Reads the tokens of one content, in order, into `spans`."""

    def __init__(
        self,
        inline: Inline,
        content: Content,
        container: Container,
    ) -> None:
        self.inline = inline
        self.content = content
        self.outer = container
        self.container = container
        """What a control may not cross: the content, or the link in it that is open."""
        self.formatting = PLAIN
        self.spans: list[Span] = []

    def read(self, token: Token) -> None:
        if token.type in ("text", "text_special", "softbreak"):
            self._text(token)
        elif token.type == "hardbreak":
            line_break = Span(SpanKind.BREAK, formatting=self.formatting)
            self.spans.append(line_break)
        elif token.type in _SWITCHES:
            switched = {_SWITCHES[token.type]: token.nesting > 0}
            self.formatting = replace(self.formatting, **switched)
        elif token.type in unsupported.INLINE or token.markup == "autolink":
            self._unsupported(token)
        elif token.nesting > 0:
            self._start_link(token)
        else:
            self._end_link(token)

    # -- text

    def _text(self, token: Token) -> None:
        is_escape = token.info == "escape"
        if token.type == "softbreak":
            blank = Span(SpanKind.TEXT, " ", formatting=self.formatting)
            self.spans.append(blank)
        elif is_escape and token.content[1:] in _BULLETS:
            self._fixed_text(token.content[1:])
        elif token.type == "text" or (is_escape and len(token.content) > 1):
            self._plain_text(token.content)
        else:
            self._special_character(token)

    def _plain_text(self, text: str) -> None:
        for found in _BROKEN_LINK.finditer(text):
            self._broken_link(found[0])
        self.inline.statements_in(text, self.container)
        self.spans += text_spans(text, self.inline.prepared, self.formatting)

    def _special_character(self, token: Token) -> None:
        """A character that its author escaped, or wrote as an entity."""
        is_replaced = token.info == "entity" and token.content == "\ufffd"
        bad = first_bad_character(token.content)
        if is_replaced and not _REPLACEMENT.fullmatch(token.markup):
            self.inline.problem(
                code="bad-character",
                message=f"“{token.markup}” stands for a character that no Word file can hold",
                where=self._where(token),
                hint="Delete it and type the text there again.",
            )
        elif bad:
            problem = bad_character(bad, self._where(token))
            self.inline.problems.append(problem)
        else:
            self._fixed_text(token.content)

    def _fixed_text(self, text: str) -> None:
        span = Span(
            kind=SpanKind.TEXT,
            text=text,
            formatting=self.formatting,
            fixed=True,
        )
        self.spans.append(span)

    # -- links

    def _start_link(self, token: Token) -> None:
        self.formatting = replace(self.formatting, link=True)
        self.container = Container("link", next(self.inline.keys))
        self.spans.append(self._link(token))

    def _end_link(self, token: Token) -> None:
        if self.spans[-1].kind is SpanKind.LINK:
            self.inline.problem(
                code="bad-link",
                message="the link has no words",
                where=self._where(token),
                hint="Write the words that are to be seen between the square brackets.",
            )
        self.formatting = replace(self.formatting, link=False)
        self.container = self.outer
        self.spans.append(Span(SpanKind.LINK_END))

    def _link(self, token: Token) -> Span:
        """The span of a link, without an address where that is at fault."""
        address = str(token.attrGet("href") or "")
        title = str(token.attrGet("title") or "")
        where = self._where(token)
        parts = address + title
        if MARK.search(parts):
            self.inline.statements_in(parts, self.container)
            self.inline.problem(
                code="bad-link",
                message="the link’s address holds a Jinja tag, but addresses are written out",
                where=where,
                hint="Write the whole address, beginning with https://, or take the link out.",
            )
            return Span(SpanKind.LINK)
        bad = first_bad_character(parts)
        if bad:
            problem = bad_character(bad, where)
            self.inline.problems.append(problem)
            return Span(SpanKind.LINK)
        target = normalizeLink(address)
        if not _ADDRESS.fullmatch(target):
            self.inline.problem(
                code="bad-link",
                message=f"“{address}” is not the address of a web page or of a mailbox",
                where=where,
                hint=(
                    "Begin it with https://, http:// or mailto:. To name a paragraph of this paper "
                    "write {{ ref('its-label') }}. "
                    "Where no link is meant, put a backslash before the opening bracket."
                ),
            )
        return Span(SpanKind.LINK, target, title=title)

    def _broken_link(self, text: str) -> None:
        at = max(self.content.text.find(text), 0)
        self.inline.problem(
            code="bad-link",
            message="a link cannot be understood",
            where=self.inline.where(self.content, at),
            hint=(
                "Write [words](https://…), with no blank before the address or in it. Where no "
                "link is meant, put a backslash before the opening bracket."
            ),
        )

    # -- what has no place in a paper

    def _unsupported(self, token: Token) -> None:
        if token.type == "link_close":
            return
        self.inline.statements_in(token.content, self.container)
        kind = token.type
        if token.markup == "autolink":
            kind = "autolink"
        message, hint = unsupported.INLINE[kind]
        where = self._where(token)
        self.inline.problem("markdown-unsupported", message, where, hint)

    def _where(self, token: Token) -> Location:
        return self.inline.where(self.content, token.meta["at"])
