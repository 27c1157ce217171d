"""Words of messages: near misses, lists, short quotations, and what goes into XML."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from places import ROOT

from papergen.cli import main
from papergen.text import (
    FORBIDDEN_IN_XML,
    counted,
    did_you_mean,
    escape_attribute,
    escape_xml,
    join_words,
    quote_names,
    shorten,
    shorten_line,
    shorten_quotations,
)

SAMPLE = ROOT / "samples" / "post-inspection"
_PROBLEM = re.compile(
    r"^(?P<file>\S+?):\d+:\d+: (?P<code>\S+): .*\n    (?P<hint>.*)$", re.MULTILINE
)


@pytest.mark.parametrize(
    ("file", "wrong", "written", "meant", "most"),
    [
        # The post's id is misspelt where it is defined, so that every use of it is unknown.
        ("bodies.yaml", r"- id: dcs$", "- id: dccs", "dccs", {"paper.yaml", "plan.yaml"}),
        ("paper.yaml", r"\bpost\.dcs\b", "post.dsc", "dcs", {"paper.yaml"}),
        ("paper.yaml", r"\bpost\.", "pots.", "post", {"paper.yaml"}),
        ("paper.yaml", r"\bbody\.", "bdy.", "body", {"paper.yaml"}),
        ("paper.yaml", r"\bphase\.", "phaze.", "phase", {"paper.yaml"}),
        ("paper.yaml", r"\binspection\.ofsted\b", "inspection.ofsetd", "ofsted", {"paper.yaml"}),
        ("paper.yaml", r"\.inspector\b", ".inspectr", "inspector", {"paper.yaml"}),
    ],
)
def test_a_word_misspelt_in_many_places_gets_the_same_hint_in_all(
    file: str,
    wrong: str,
    written: str,
    meant: str,
    most: set[str],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(shutil.copytree(SAMPLE, tmp_path / "paper"))
    text = Path(file).read_text(encoding="utf-8")
    spoilt, number = re.subn(wrong, written, text, flags=re.MULTILINE)
    assert number
    Path(file).write_text(spoilt, encoding="utf-8")
    assert main(["draft", "paper.yaml", "--no-cache"]) == 4
    found = list(_PROBLEM.finditer(capfd.readouterr().err))
    assert {each["file"] for each in found} == most
    # YAML is quoted in backticks, words of a tag in quotation marks.
    hints = Counter(re.sub("[`“”]", "'", each["hint"]) for each in found)
    assert hints.keys() == {f"Did you mean '{meant}'?"}
    assert {each["code"] for each in found} <= {"unknown-id", "undefined-name"}
    assert hints.total() >= (20 if file == "bodies.yaml" else number * 0.9)


def test_a_near_miss_is_a_question_in_the_marks_of_its_place() -> None:
    assert did_you_mean("pots", ["post", "body"]) == "Did you mean “post”?"
    assert did_you_mean("pots", ["post", "body"], "``") == "Did you mean `post`?"
    assert did_you_mean("pots", ["body"]) == ""


def test_lists_and_counts_in_words() -> None:
    assert [join_words("abc"[:count]) for count in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert join_words(["a", "b"], "or") == "a or b"
    assert quote_names([]) == "none"
    assert quote_names(["a", "b", "c"], most=2) == "“a”, “b” and 1 more"
    assert [counted(number, "paper") for number in (0, 1, 3000)] == [
        "0 papers",
        "1 paper",
        "3,000 papers",
    ]


def test_quotations_are_short() -> None:
    assert shorten("a" * 60) == "a" * 60
    assert shorten("a" * 61) == "a" * 59 + "…"
    assert shorten_line(" a\n  b ") == "a b"
    assert shorten_quotations(f"“{'a' * 500}” is long", 2000) == f"“{'a' * 80}…” is long"
    assert shorten_quotations("a" * 3000, 2000) == "a" * 2000 + "…"


def test_xml_takes_every_character_that_it_can_hold_and_no_other() -> None:
    held = [0x9, 0xA, 0xD, *range(0x20, 0xD800), *range(0xE000, 0xFFFE), *range(0x10000, 0x110000)]
    refused = {chr(code) for code in range(0x110000)} - {chr(code) for code in held}
    assert set(FORBIDDEN_IN_XML.findall("".join(map(chr, range(0x110000))))) == refused
    assert escape_xml('a < b & “c” > "d"') == 'a &lt; b &amp; “c” &gt; "d"'
    assert escape_attribute('"<&>"') == "&quot;&lt;&amp;&gt;&quot;"
