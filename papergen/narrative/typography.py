"""The spans of a paragraph as they are printed: white space and quotation marks put right.

The white space that controls leave behind must not show: “Board {% if no %}must{% endif %} act”
must not print two blanks when the control prints nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeGuard

from papergen.engine.tags import RawTag
from papergen.narrative.controls import keyword_of
from papergen.narrative.spans import Branch, Control, Node, Span, SpanKind, tree

_NO_BLANK_BEFORE: Final = frozenset(" .,;:!?)]”’")
_STANDS_FOR: Final = {SpanKind.EXPRESSION: "x", SpanKind.BREAK: "\n"}
"""What quotation marks see of spans that are not text; nothing of all others."""


def settle(spans: Iterable[Span], ends: Mapping[int, RawTag]) -> list[Node]:
    """The spans of one paragraph as they are printed: trimmed, with curled quotation marks.

    Controls hold their branches. `ends`: the closer of each control, by the offset of its opener.
    All controls of the spans must be whole.
    """
    trimmed = _without_outer_blanks(_trimmed(spans))
    kept = _without_double_blanks(trimmed)
    curled_spans = _with_curled_quotes(kept)
    return _space(tree(curled_spans, ends), rest=True, at_start=True)


# -- white space of the text itself


def _trimmed(spans: Iterable[Span]) -> list[Span]:
    """The spans without the white space that `{{-` and `-}}` take away, within the paragraph."""
    trimmed = list(spans)
    last = len(trimmed) - 1
    for index, span in enumerate(trimmed):
        if span.tag is None:
            continue
        if span.tag.trim_left and index > 0:
            trimmed[index - 1] = _without_trailing_blanks(trimmed[index - 1])
        if span.tag.trim_right and index < last:
            trimmed[index + 1] = _without_leading_blanks(trimmed[index + 1])
    return trimmed


def _without_outer_blanks(spans: Sequence[Span]) -> list[Span]:
    first = 0
    end = len(spans)
    while first < end and _is_blank(spans[first]):
        first += 1
    while first < end and _is_blank(spans[end - 1]):
        end -= 1
    kept = list(spans[first:end])
    if kept:
        kept[0] = _without_leading_blanks(kept[0])
        kept[-1] = _without_trailing_blanks(kept[-1])
    return kept


def _without_double_blanks(spans: Iterable[Span]) -> list[Span]:
    """The spans without empty text, and with one blank where two texts meet that both have one."""
    merged: list[Span] = []
    for span in spans:
        kept = span
        if merged and _ends_with_blank(merged[-1]) and _starts_with_blank(span):
            kept = replace(span, text=span.text[1:])
        if kept.is_text and not kept.text:
            continue
        merged.append(kept)
    return merged


def _is_blank(span: Span) -> bool:
    return span.is_text and not span.text.strip(" ")


def _without_leading_blanks(span: Span) -> Span:
    if not span.is_text:
        return span
    return replace(span, text=span.text.lstrip(" "))


def _without_trailing_blanks(span: Span) -> Span:
    if not span.is_text:
        return span
    return replace(span, text=span.text.rstrip(" "))


def _starts_with_blank(node: Node | None) -> TypeGuard[Span]:
    return isinstance(node, Span) and node.is_text and node.text.startswith(" ")


def _ends_with_blank(node: Node | None) -> TypeGuard[Span]:
    return isinstance(node, Span) and node.is_text and node.text.endswith(" ")


# -- blanks about controls


def _space(
    nodes: Sequence[Node],
    *,
    rest: bool,
    at_start: bool,
) -> list[Node]:
    """Move the blanks about controls into their branches.

    A control that prints nothing then leaves one blank, not two.

    `rest`: what follows the nodes can do without a blank before it. `at_start`: they may be the
    first of the paragraph that print anything.
    """
    unneeded = _blanks_unneeded(nodes, rest)
    out: list[Node] = []
    started = not at_start
    for index, node in enumerate(nodes):
        following = None
        if index + 1 < len(nodes):
            following = nodes[index + 1]
        rest_of_node = unneeded[index + 1]
        if isinstance(node, Control):
            _space_control(
                control=node,
                out=out,
                following=following,
                rest=rest_of_node,
                started=started,
            )
        else:
            _space_span(
                span=node,
                out=out,
                following=following,
                rest=rest_of_node,
                started=started,
            )
            if node.is_text and not node.text:
                continue
        out.append(node)
        started = _is_started_after(node, started)
    return out


def _space_control(
    control: Control,
    out: list[Node],
    following: Node | None,
    rest: bool,
    started: bool,
) -> None:
    """Move the blank before or after a control into its branches. `out`: the nodes before it."""
    blank = None
    if rest:
        blank = _take_blank_before(out)
    if blank is not None:
        _put_blank(control, blank, before=True)
    elif not started and _starts_with_blank(following):
        _put_blank(control, following, before=False)
        following.text = following.text[1:]
    _drop_double_blanks(control, out, following)
    for branch in control.branches:
        branch.nodes = _space(branch.nodes, rest=rest, at_start=not started)


def _space_span(
    span: Span,
    out: list[Node],
    following: Node | None,
    rest: bool,
    started: bool,
) -> None:
    """Remove a blank about a span that prints nothing, and those at the start of a paragraph."""
    prints_nothing = span.kind in (SpanKind.STATEMENT, SpanKind.SILENT)
    if prints_nothing and _starts_with_blank(following):
        before = out[-1] if out else None
        if not started or _ends_with_blank(before):
            following.text = following.text[1:]
    elif span.kind is SpanKind.SILENT and rest:
        _take_blank_before(out)
    elif span.is_text and not started:
        span.text = span.text.lstrip(" ")


def _is_started_after(node: Node, started: bool) -> bool:
    """Whether something may have been printed on the line, after `node`."""
    if isinstance(node, Control):
        return True
    if node.kind is SpanKind.BREAK:
        return False
    return started or node.kind not in (SpanKind.STATEMENT, SpanKind.SILENT)


def _blanks_unneeded(nodes: Sequence[Node], rest: bool) -> list[bool]:
    """For each index, whether what is printed from there on can do without a blank before it.

    It can, whichever branches are taken, if it begins with a blank, a closing mark or a break, or
    is the end; `rest` says it of what follows the nodes.
    """
    unneeded = [rest]
    for node in reversed(nodes):
        after = unneeded[-1]
        unneeded.append(_is_blank_unneeded(node, after))
    unneeded.reverse()
    return unneeded


def _is_blank_unneeded(node: Node, after: bool) -> bool:
    """Whether `node` and what follows it can do without a blank before.

    `after` says it of what follows.
    """
    if isinstance(node, Control):
        if not after:
            return False
        for branch in node.branches:
            at_start, *_ = _blanks_unneeded(branch.nodes, after)
            if not at_start:
                return False
        return True
    if node.is_text and node.text:
        return node.text[0] in _NO_BLANK_BEFORE
    if node.kind is SpanKind.BREAK:
        return True
    if node.kind is SpanKind.EXPRESSION:
        return False
    return after


def _drop_double_blanks(
    control: Control,
    before: Sequence[Node],
    following: Node | None,
) -> None:
    """Remove a blank just within a control where there is one just outside it.

    Within a loop, a blank also parts the rounds, unless each round both starts and ends with one.
    """
    after_blank = bool(before) and _ends_with_blank(before[-1])
    before_blank = _starts_with_blank(following)
    for branch in control.branches:
        nodes = branch.nodes
        loops = _is_loop(branch)
        if after_blank and not loops and nodes and _starts_with_blank(nodes[0]):
            _cut(nodes, 0, slice(1, None))
        if not nodes or not before_blank:
            continue
        may_lose_last = not loops or _starts_with_blank(nodes[0])
        if may_lose_last and _ends_with_blank(nodes[-1]):
            _cut(nodes, -1, slice(None, -1))


def _cut(nodes: list[Node], index: int, kept: slice) -> None:
    """Keep a part of the text at `index`; remove the text when that part is empty."""
    node = nodes[index]
    assert isinstance(node, Span)
    node.text = node.text[kept]
    if not node.text:
        del nodes[index]


def _take_blank_before(out: list[Node]) -> Span | None:
    """Remove the blank that the last node ends with.

    Return the text that it was in, None if there is none.
    """
    if not out:
        return None
    last = out[-1]
    if not _ends_with_blank(last):
        return None
    last.text = last.text[:-1]
    if not last.text:
        out.pop()
    return last


def _put_blank(control: Control, like: Span, *, before: bool) -> None:
    """Put a blank, in the format of `like`, at the start or the end of each branch.

    A branch that prints nothing gets none, a loop one for all its rounds.
    """
    for branch in control.branches:
        nodes = branch.nodes
        if not nodes or not _takes_blank(nodes, before):
            continue
        blank: Node = replace(like, text=" ")
        if _is_loop(branch):
            condition = "if loop.first" if before else "if loop.last"
            opener = replace(branch.tag, body=condition)
            closer = replace(branch.tag, body="endif")
            blank = Control([Branch(opener, [blank])], closer)
        nodes.insert(0 if before else len(nodes), blank)


def _takes_blank(nodes: Sequence[Node], before: bool) -> bool:
    """Whether a blank makes a difference before the first, or after the last of the nodes."""
    edge = nodes[0] if before else nodes[-1]
    if not isinstance(edge, Span) or not edge.is_text:
        return True
    if before:
        return edge.text[0] not in _NO_BLANK_BEFORE
    return edge.text[-1] != " "


def _is_loop(branch: Branch) -> bool:
    return keyword_of(branch.tag) == "for"


# -- quotation marks

_QUOTES: Final = re.compile("[\"']")
_OPENS_AFTER: Final = frozenset(" \t\n\u00a0([{<–—-/“‘\"'")
_CLOSES_SINGLE: Final = re.compile(r"(?<=[^\s(\[“‘])'(?!\w)")


def _with_curled_quotes(spans: Sequence[Span]) -> list[Span]:
    """The spans with printed quotation marks.

    These depend on all the text about them, whatever its format; statements have no width.
    """
    shown = [_seen_by_quotes(span) for span in spans]
    before = "".join(shown)
    after = curled(before)
    if after == before:
        return list(spans)
    out = []
    at = 0
    for span, part in zip(spans, shown, strict=True):
        end = at + len(part)
        if span.is_text and not span.fixed:
            out.append(replace(span, text=after[at:end]))
        else:
            out.append(span)
        at = end
    return out


def _seen_by_quotes(span: Span) -> str:
    if span.is_text:
        return span.text
    return _STANDS_FOR.get(span.kind, "")


def curled(text: str) -> str:
    """`text` with printed quotation marks in place of those of typewriters, one for one.

    They are “ ”, ‘ ’, and ’ for an apostrophe. A double quote opens at the start, and after a
    blank, a bracket or a dash, when something follows it. A single one is an apostrophe, unless it
    could open a word and a later one could close: ’90s, parents’, but ‘looked after’.
    """
    if '"' not in text and "'" not in text:
        return text
    out = list(text)
    single_open = False
    last_close = -1
    for found in _CLOSES_SINGLE.finditer(text):
        last_close = found.start()
    for found in _QUOTES.finditer(text):
        at = found.start()
        after = text[at + 1 : at + 2]
        may_open = _may_open(out, at, after)
        if found[0] == '"':
            out[at] = "“" if may_open else "”"
            continue
        may_close_later = last_close > at + 1 and not after.isdigit()
        if may_open and may_close_later and not single_open:
            single_open = True
            out[at] = "‘"
            continue
        out[at] = "’"
        within_word = after.isalnum() or after == "_"
        if not within_word:
            single_open = False
    return "".join(out)


def _may_open(characters: Sequence[str], at: int, after: str) -> bool:
    """Whether the quotation mark at `at` may open something; `after` is the character after it."""
    if after == "" or after.isspace():
        return False
    return at == 0 or characters[at - 1] in _OPENS_AFTER
