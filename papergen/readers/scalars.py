"""The place in the source of each character of a scalar, in YAML's five styles.

JSON's strings are one of them.
"""

from __future__ import annotations

import re

_WHITE = re.compile(r"[ \t\r\n]+")
_BREAK = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_SURROGATES = re.compile(r"\\ud[89ab]..\\ud[c-f]", re.IGNORECASE)
_HEX = {"x": 2, "u": 4, "U": 8}


def align(text: str, start: int, value: str) -> list[int]:
    """The offset in `text` of each character of `value`, and one more for the place after it.

    `start` is the offset of the scalar: its first character, quotation mark, `|` or `>`. An escape
    is at its backslash, a folded space at the line break that it is made from.
    """
    style = text[start : start + 1]
    if style in ("|", ">"):
        offsets, end = _block(text, start, value, folded=style == ">")
    elif style in ("'", '"'):
        offsets, end = _flow(text, start + 1, len(value), style)
    else:
        offsets, end = _flow(text, start, len(value), "")
    last = min(end, len(text))
    return [*offsets, *[last] * (len(value) + 1 - len(offsets))]


def _flow(text: str, at: int, length: int, quote: str) -> tuple[list[int], int]:
    """Plain and quoted scalars. Source: YAML 1.2.2, 6.5 (line folding) and 5.7 (escapes)."""
    offsets: list[int] = []
    while len(offsets) < length and at < len(text):
        char = text[at]
        white = _WHITE.match(text, at)
        if white:
            breaks = _breaks(text, at, white.end())
            if not breaks:
                offsets.extend(range(at, white.end()))
            else:
                offsets.extend(breaks[1:] or breaks)
            at = white.end()
        elif quote == '"' and char == "\\":
            at = _escape(text, at, offsets)
        else:
            offsets.append(at)
            at += 2 if quote == "'" and char == "'" else 1
    return offsets[:length], at


def _escape(text: str, at: int, offsets: list[int]) -> int:
    """The offset after the escape at `text[at]`."""
    kind = text[at + 1 : at + 2]
    if kind in ("\r", "\n"):
        white = _WHITE.match(text, at + 1)
        assert white
        offsets.extend(_breaks(text, at + 1, white.end())[1:])
        return white.end()
    offsets.append(at)
    end = at + 2 + _HEX.get(kind, 0)
    is_pair = kind == "u" and _SURROGATES.match(text, at) is not None
    return end + 6 if is_pair else end


def _breaks(text: str, start: int, end: int) -> list[int]:
    return [found.start() for found in _BREAK.finditer(text, start, end)]


def _block(text: str, start: int, value: str, *, folded: bool) -> tuple[list[int], int]:
    header = _LINE.match(text, start)
    assert header
    lines, at = _lines(text, header.end(), value.count("\n") + 1, folded)
    indent = _indent(text, lines, value)
    if folded:
        return _folded(text, [(min(begin + indent, end), end) for begin, end in lines], value)
    offsets: list[int] = []
    for begin, end in lines:
        offsets.extend(range(min(begin + indent, end), end + 1))
    return offsets[: len(value)], offsets[len(value)] if len(offsets) > len(value) else at


def _lines(text: str, at: int, needed: int, folded: bool) -> tuple[list[tuple[int, int]], int]:
    """The first and last offset of each of the block's lines.

    A folded text has more of them than its value: all until one that is indented less.
    """
    lines: list[tuple[int, int]] = []
    depth = -1
    while at < len(text) and (folded or len(lines) < needed):
        found = _LINE.match(text, at)
        assert found
        line = found[1]
        if line.strip(" "):
            if _lead(line) < depth:
                break
            depth = max(depth, 0) or min(_lead(line), 1)
        lines.append((at, found.end(1)))
        at = found.end()
    return lines, at


def _indent(text: str, lines: list[tuple[int, int]], value: str) -> int:
    """How deep the block's text is indented: as its first line that holds more than spaces."""
    inner = next((line for line in value.split("\n") if line.strip(" ")), None)
    if inner is None:
        widest = zip(lines, value.split("\n"), strict=False)
        return max((end - begin - len(line) for (begin, end), line in widest if line), default=0)
    outer = next((text[begin:end] for begin, end in lines if text[begin:end].strip(" ")), "")
    return _lead(outer) - _lead(inner)


def _lead(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _folded(text: str, lines: list[tuple[int, int]], value: str) -> tuple[list[int], int]:
    """The offsets of a folded block, whose `lines` are given without their indentation."""
    offsets: list[int] = []
    breaks: list[int] = []
    for begin, end in lines:
        if len(offsets) >= len(value):
            break
        if begin < end:
            rest = len(offsets)
            if breaks and value[rest] == " ":
                offsets.append(breaks[0])
            else:
                count = _newlines(value, rest)
                offsets.extend(breaks[len(breaks) - count :])
            offsets.extend(range(begin, end))
            breaks = []
        breaks.append(end)
    count = min(_newlines(value, len(offsets)), len(breaks))
    offsets.extend(breaks[:count])
    return offsets[: len(value)], breaks[count] if count < len(breaks) else len(text)


def _newlines(value: str, at: int) -> int:
    rest = value[at:] if len(value) - at < 80 else value[at : at + 80]
    count = len(rest) - len(rest.lstrip("\n"))
    return count if count < 80 else len(value[at:]) - len(value[at:].lstrip("\n"))
