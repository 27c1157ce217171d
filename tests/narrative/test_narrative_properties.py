"""What holds for every narrative and every value, tried with Hypothesis."""

from __future__ import annotations

import re
import string

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from narrative_reader import W, draft, draft_inline

# What XML 1.0 can hold, without the characters that papergen keeps for itself.
CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc", "Co"), exclude_characters="\ufffe\uffff"
) | st.sampled_from("\n\t")
TEXTS = st.text(CHARACTERS | st.sampled_from("&<>\"'{}%#*|[]()`_~\\"), max_size=40)
FRAGMENTS = st.sampled_from(
    [
        *(
            "\n",
            "\n\n",
            "\n\n\n",
            " ",
            "  ",
            "    ",
            "\t",
            "\\",
            "\\\n",
            "  \n",
            "\r\n",
            "- ",
            "  - ",
            "1. ",
            "   1. ",
            "2) ",
            "* ",
        ),
        *(
            "## ",
            "### ",
            "# ",
            "> ",
            "| ",
            " | ",
            "|---|---|",
            "\n| a | b |\n|---|--:|\n",
            "---",
            "===",
            "```",
            "`",
            "~~",
        ),
        *(
            "**",
            "*",
            "_",
            "__",
            "[",
            "](https://e.org)",
            "](x)",
            "![",
            "<b>",
            "<!--",
            "-->",
            "&amp;",
            "&#12;",
            "&#xF0000;",
            '"',
            "'",
        ),
        *(
            "{% if a %}",
            "{% if b %}",
            "{% elif b %}",
            "{% else %}",
            "{% endif %}",
            "{% for x in xs %}",
            "{% endfor %}",
            "{% set y = 1 %}",
        ),
        *(
            "\n{% if a %}\n",
            "\n{% else %}\n",
            "\n{% endif %}\n",
            "\n{% for x in xs %}\n",
            "\n{% endfor %}\n",
            "{%- if b -%}",
        ),
        *(
            "{{ v }}",
            "{{- v -}}",
            "{{ x }}",
            "{{ v|upper }}",
            "{{ label('l') }}",
            "{{ ref('l') }}",
            "{{ }}",
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
        ),
        *(
            "word",
            "The Board",
            "a.",
            "1.1 The",
            "(a) x",
            "\u2028",
            "\u00a0",
            "\x0c",
            "\U000f0001",
            "[^1]",
            "[a]: b",
            "• ",
            "é",
        ),
    ]
)
NARRATIVES = st.lists(FRAGMENTS | TEXTS, max_size=24).map("".join)
# Fragments of which any sequence is a sound narrative, so that what is written is tried too, not
# only what is refused.
INLINE = st.recursive(
    st.sampled_from(
        [
            "word",
            " ",
            "{{ v }}",
            "**strong**",
            "*so*",
            "[l {{ v }}](https://e.org)",
            "it's",
            '"q"',
            ".",
            "\\\n",
            "\n",
        ]
    ),
    lambda inner: st.tuples(
        st.sampled_from(["if a", "if b", "for x in xs"]), st.lists(inner, max_size=3), st.booleans()
    ).map(
        lambda part: (
            "{% "
            + part[0]
            + " %}"
            + "".join(part[1])
            + ("{% else %} other" if part[2] else "")
            + "{% end"
            + part[0].split()[0]
            + " %}"
        )
    ),
    max_leaves=6,
)
LINES = st.lists(INLINE, min_size=1, max_size=5).map(
    lambda parts: "Text " + re.sub(r"\\?\n", " ", "".join(parts)) + " end"
)
BLOCKS = st.recursive(
    st.one_of(
        LINES,
        LINES.map("## {}\n\nA list below needs a paragraph above it.".format),
        st.lists(LINES, min_size=1, max_size=3).map(
            lambda items: "\n".join(f"- {item}" for item in items)
        ),
        st.lists(LINES, min_size=1, max_size=3).map(
            lambda items: "\n".join(f"1. {item}\n   - {item}\n     1. {item}" for item in items)
        ),
        st.lists(LINES, min_size=1, max_size=3).map(
            lambda cells: (
                "| h |\n|---|\n{% for x in xs %}\n"
                + "\n".join(f"| {cell} |" for cell in cells)
                + "\n{% endfor %}"
            )
        ),
    ),
    lambda inner: st.tuples(
        st.sampled_from(["if a", "if b", "for x in xs"]), st.lists(inner, min_size=1, max_size=3)
    ).map(
        lambda part: (
            "{% "
            + part[0]
            + " %}\n\n"
            + "\n\n".join(part[1])
            + "\n\n{% end"
            + part[0].split()[0]
            + " %}"
        )
    ),
    max_leaves=6,
)
VALUES = st.fixed_dictionaries(
    {
        "a": st.booleans(),
        "b": st.booleans(),
        "v": TEXTS,
        "xs": st.lists(st.integers(), max_size=3),
        "x": st.just("x"),
    }
)


@settings(deadline=None, max_examples=400)
@given(NARRATIVES, VALUES)
def test_any_text_gives_located_problems_or_well_formed_paragraphs(text: str, values: dict):
    drafted = draft(text, values)
    for problem in drafted.problems:
        assert problem.hint
        assert problem.where is not None
        assert 1 <= problem.where.line <= len(re.split("\r\n|\r|\n", text))
    problems, _ = draft_inline(text, values)
    assert all(problem.where is not None and problem.hint for problem in problems)


@settings(deadline=None, max_examples=200)
@given(st.lists(BLOCKS, min_size=1, max_size=4).map("\n\n".join), VALUES)
def test_sound_narratives_are_written_whichever_way_their_controls_go(text: str, values: dict):
    drafted = draft(f"One.\n\n{text}", values)
    assert drafted.problems == []
    for line in drafted.lines:
        words = line.replace(values["v"], "")
        assert "{%" not in words
    root = etree.fromstring(drafted.xml)
    assert all(
        run.find(f"{W}t") is not None or run.find(f"{W}br") is not None
        for run in root.iter(f"{W}r")
    )
    names = [mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")]
    assert len(names) == len(set(names))


@settings(deadline=None, max_examples=200)
@given(TEXTS)
def test_a_value_comes_back_as_the_characters_it_is(value: str):
    text = "A {{ v }} b\n\n- **{{ v }}**!\n\n| h |\n|---|\n| {{ v }}. |"
    root = etree.fromstring(draft(text, {"v": value}).xml)
    signs = {f"{W}tab": "\t", f"{W}br": "\n"}
    found = [
        "".join(
            signs.get(each.tag, each.text or "")
            for each in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br")
        )
        for paragraph in root.iter(f"{W}p")
    ]
    assert found == [f"A {value} b", f"{value}!", "h", f"{value}."]
    assert draft_inline("A {{ v }} b", {"v": value}) == ([], f"A {value} b")


@settings(deadline=None, max_examples=200)
@given(
    st.text(
        st.characters(
            exclude_categories=("Cs", "Cc", "Co", "Zs", "Zl", "Zp"),
            exclude_characters="\ufffe\uffff",
        ),
        min_size=1,
    )
)
def test_text_with_a_backslash_before_each_sign_comes_back(text: str):
    escaped = "".join(f"\\{char}" if char in string.punctuation else char for char in text)
    root = etree.fromstring(draft(f"A {escaped} b", {}).xml)
    assert "".join(each.text for each in root.iter(f"{W}t")) == f"A {text} b"


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        FRAGMENTS.filter(lambda each: not re.search(r"[{}&(]|\]:", each))
        | st.sampled_from("abcdefgh|*_-"),
        max_size=30,
    )
)
def test_no_letter_of_a_text_without_faults_is_lost(parts: list[str]):
    text = "".join(parts)
    drafted = draft(text, {})
    if not drafted.problems:
        root = etree.fromstring(drafted.xml)
        printed = "".join(each.text or "" for each in root.iter(f"{W}t"))
        assert [char for char in printed if char.isalpha()] == [
            char for char in text if char.isalpha()
        ]
