"""What holds of the readers whatever the text: it comes back, its characters have their places, and
nothing crashes.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
import yaml as pyyaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from papergen.errors import PapergenError
from papergen.readers import read
from papergen.readers import yaml as yaml_reader
from papergen.readers.document import SourceDocument, line_starts

# What XML 1.0 allows, but for CR: a bare one is a line break to YAML wherever it is not escaped.
NASTY = (
    "& < > \" ' ]]> {{ }} {% %} {#, **, |\ttab\nbreak 😀 العربية e\u0301 \u2028\u2029\x85 "
    "\ufeff\x7f: #- \\ \U000f0000"
)
CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"
).filter(lambda char: char in "\t\n" or char >= " ")
TEXTS = st.text(CHARACTERS) | st.text(st.sampled_from(NASTY), max_size=30)
LINES = TEXTS.map(lambda text: text.replace("\n", ""))


def double_quoted(text: str) -> str:
    return (
        '"'
        + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
        + '"'
    )


def single_quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def literal(text: str) -> str:
    lines = text.removesuffix("\n").split("\n")
    return (
        f"|2{'+' if text.endswith(chr(10)) else '-'}\n"
        + "\n".join(f"  {line}" for line in lines)
        + "\n"
    )


@given(TEXTS)
@example(NASTY)
@example("\r\n \r")
def test_any_text_comes_back_from_double_quotes_and_from_json(text: str) -> None:
    for source, name in [
        (f"a: {double_quoted(text)}\n", "p.yaml"),
        (json.dumps({"a": text}), "p.json"),
    ]:
        document = read(source.encode(), name)
        assert document.value == {"a": text}
        each_character_has_its_place(document, ("a",))
    assert read(json.dumps({"a": text}, ensure_ascii=False).encode(), "p.json").value == {"a": text}


@given(LINES)
@example(NASTY.replace("\n", ""))
def test_any_line_comes_back_from_single_quotes(text: str) -> None:
    document = read(f"- {single_quoted(text)}\n".encode(), "p.yaml")
    assert document.value == [text]
    each_character_has_its_place(document, (0,))


@given(TEXTS.filter(lambda text: text.strip(" \n")), st.booleans())
@example(NASTY, False)
@example(NASTY + "\n\n", True)
@example(" \n  x\n\n ", True)
def test_any_text_comes_back_from_a_literal_block(text: str, crlf: bool) -> None:
    source = f"a: {literal(text)}"
    document = read((source.replace("\n", "\r\n") if crlf else source).encode(), "p.yaml")
    assert document.value == {"a": text}
    each_character_has_its_place(document, ("a",))


@example("x: #x")
@given(
    st.text(st.sampled_from("ab&<>{}%|*'\"é😀\u2028\u0301ع#:- "), max_size=20).map(
        lambda text: f"x{text}x"
    )
)
def test_a_plain_text_comes_back_or_is_a_fault(text: str) -> None:
    source = f"a: {text}\n".encode()
    before = re.sub(" +#.*", "", text)
    if ": " in before + " " or (before != text and " " in before):
        assert set(faults_of(source, "p.yaml")) == {"quote-value"}
        return
    document = read(source, "p.yaml")
    # What follows a single word is a comment.
    assert document.value == {"a": before}
    each_character_has_its_place(document, ("a",))


WORDS = st.text(st.sampled_from("ab''é😀\\\"\u2028"), min_size=1, max_size=4).map(
    lambda word: f"w{word}w"
)
FOLDED_LINES = st.lists(
    st.tuples(st.integers(0, 3), st.lists(WORDS, max_size=3), st.integers(0, 2), st.integers(0, 2)),
    min_size=1,
    max_size=6,
)
BREAKS = st.sampled_from(["\n", "\r\n", "\r"])


@settings(max_examples=300)
@given(
    FOLDED_LINES,
    st.sampled_from([">", ">-", ">+", ">2", ">2-", "|", "|-", "|+", "|2+"]),
    BREAKS,
    st.booleans(),
)
def test_each_character_of_a_block_has_its_place(
    lines: list[tuple[int, list[str], int, int]], header: str, end: str, anchor: bool
) -> None:
    body = ""
    for at, (deeper, words, trailing, blank) in enumerate(lines):
        # Without an indicator, the first line says how deep the block is.
        deeper = 0 if at == 0 and "2" not in header else deeper
        body += f"    {' ' * deeper}{' '.join(words) or 'x'}{' ' * trailing}\n" + "\n" * blank
    source = f"k:\n  a: {'&n ' if anchor else ''}{header} # comment\n{body}  b: c\n".replace(
        "\n", end
    )
    document = read(source.encode(), "p.yaml")
    assert document.value["k"]["b"] == "c"
    each_character_has_its_place(document, ("k", "a"))


@settings(max_examples=300)
@given(FOLDED_LINES, st.sampled_from(["'", '"', ""]), BREAKS, st.booleans())
def test_each_character_of_a_folded_quotation_has_its_place(
    lines: list[tuple[int, list[str], int, int]], quote: str, end: str, escaped: bool
) -> None:
    body = ""
    for deeper, words, trailing, blank in lines:
        text = " ".join(words) or "x"
        if quote == "'":
            text = text.replace("'", "''")
        if quote == '"':
            text = (
                text.replace("\\", "\\\\")
                .replace('"', '\\"')
                .replace("é", "\\u00e9")
                .replace("😀", "\\U0001F600")
            )
            text += "\\" if escaped else ""
        body += f"{text}{'' if escaped else ' ' * trailing}\n" + "\n" * blank + "   " + " " * deeper
    source = f"a: {quote}{body.rstrip() if not quote else body}{quote}\nb: c\n".replace("\n", end)
    document = read(source.encode(), "p.yaml")
    assert document.value["b"] == "c"
    each_character_has_its_place(document, ("a",))


def each_character_has_its_place(document: SourceDocument, path: tuple[str | int, ...]) -> None:
    """At the place of each character the source holds it, an escape of it, or the white space it
    was folded from.
    """
    starts = line_starts(document.text)
    value = document.at(path)
    offsets = []
    for at in range(len(value) + 1):
        where = document.location_in(path, at)
        assert where.line is not None
        assert where.column is not None
        offsets.append(starts[where.line - 1] + where.column - 1)
    assert all(one < two or one == two == len(document.text) for one, two in pairwise(offsets))
    for at, char in enumerate(value):
        rest = document.text[offsets[at] :]
        if rest.startswith("\\") and char not in " \n" and not rest.startswith(char):
            assert json.loads(f'"{escape(rest)}"') == char
        elif char in " \n":
            assert rest[:1] in (" ", "\n", "\r", "\\", "")
        else:
            assert rest.startswith(char)


def escape(rest: str) -> str:
    """The escape that `rest` begins with, as JSON knows it."""
    long = re.match(r"\\U([0-9A-Fa-f]{8})", rest)
    if long:
        return chr(int(long[1], 16))
    found = re.match(r"(?:\\u[dD][89abAB]..\\u....|\\u....|\\.)", rest)
    assert found
    return found[0]


PIECES = [
    "a: ",
    "b:",
    "\n",
    "\n  ",
    "- ",
    "{{ x }}",
    "{% if %}",
    "|\n",
    ">2\n",
    "'",
    '"',
    "text",
    ": ",
    " #",
    "&a ",
    "*a",
    "[",
]
PIECES += [
    "]",
    "{",
    "}",
    ",",
    "---\n",
    "<<: ",
    "!t ",
    "? ",
    "\t",
    "\\u",
    "\\x07",
    "\r\n",
    "...\n",
    "%YAML 1.1\n",
    "~",
    "@",
    "\x00",
]
YAMLISH = st.text(
    st.sampled_from("ab:- \n\t#'\"[]{},|>&*!%@?{}\\~é\u2028\x07\r\ufeff<=.0"), max_size=40
)
YAMLISH |= st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


@settings(max_examples=1500)
@given(YAMLISH)
def test_no_text_at_all_makes_either_parser_crash(text: str) -> None:
    codes = []
    for loader in (getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader), pyyaml.SafeLoader):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml_reader, "_LOADER", loader)
            codes.append(faults_of(text.encode(), "p.yaml"))
    assert bool(codes[0]) == bool(codes[1]) or "\t" in text or "\ufeff" in text or differs(text)


def differs(text: str) -> bool:
    """Whether PyYAML's two parsers themselves judge the text differently."""
    judged = []
    for loader in (getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader), pyyaml.SafeLoader):
        try:
            judged.append(len(list(pyyaml.parse(re.sub("[\x00\x07\u2028]", "x", text), loader))))
        except pyyaml.YAMLError:
            judged.append(-1)
    return judged[0] != judged[1]


@given(st.binary(max_size=40) | YAMLISH.map(str.encode))
def test_no_bytes_at_all_make_json_crash(data: bytes) -> None:
    faults_of(data, "p.json")


def faults_of(data: bytes, source: str) -> list[str]:
    """The codes of what is wrong, each of which has a place that is in the file, and a hint."""
    try:
        read(data, source)
    except PapergenError as fault:
        starts = line_starts(data.decode("utf-8", "replace"))
        for problem in fault.problems:
            assert problem.where is not None
            assert problem.where.line is not None
            assert 1 <= problem.where.line <= len(starts)
            assert problem.where.column is not None
            assert problem.where.column >= 1
            assert problem.hint
        return [problem.code for problem in fault.problems]
    return []
