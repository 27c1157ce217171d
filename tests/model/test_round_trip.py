"""Text comes back as it was written: every text of every model, from YAML through a draft, in every
place of a paper.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import get_args

import docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from model_fields import ROOTS, Kind, Leaf, filled, leaves
from small_papers import BRAND, Scalar, block, escaped, paper_of, paragraphs, quoted, write_paper

import papergen
from papergen.drafting.program import Draft
from papergen.errors import PapergenError
from papergen.model.bodies import Bodies

LEAVES = [leaf for root in ROOTS for leaf in leaves(root)]
DATA = [leaf for leaf in LEAVES if leaf.kind is Kind.DATA]
# A text of a brand reaches a paper by its own way; a new one needs a way here, or a reason.
BRAND_WAYS = {
    "brand.name": None,  # what the brand is called: for lists of brands, no paper prints it
    "brand.reference_word": None,  # printed with a reference: see the test of it
    "brand.table.word": None,  # printed in a caption and in references to it: tests/test_drafted.py
    "brand.sections.0.heading": "section.section.heading",
    "brand.implications.0.heading": "implications[0].heading",
    "brand.labels.key": "labels.brand_key",
}
GROUPS = {name: get_args(info.annotation)[0].KIND for name, info in Bodies.model_fields.items()}
MARK = "␞"
BULLETS = "\u2022\u2023\u25aa\u25cf\u25e6\u25cb\u25a0\u25a1\u00b7\u2043\uf0b7\uf0a7"
TITLE = Leaf("paper", ("title",), Kind.LINE)

NASTY = [
    "& < > \" ' ]]> &amp; &#65; <b>bold</b> <!-- --> <?x ?>",
    "{{ plan.title }} {% if x %} {# not a comment #} }} %} #} {{",
    "**strong** _emphasis_ | `code` # heading [link](https://example.org) ![x](y) \\ ~",
    "tab\there, line\nbreak, CRLF\r\nbreak, CR\rbreak, two\n\nbreaks",
    (
        "emoji 👩\u200d👧\u200d👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿, العربية من اليمين, עברית, e\u0301 and o\u0308\u0323, 漢字, "
        "\U0001f1ec\U0001f1e7"
    ),
    "line\u2028separator, paragraph\u2029separator, next\x85line, no\xa0break, soft\xadhyphen",
    "zero\u200bwidth, \ufeffbyte order mark, \x7fdelete",
    "\u202eoverridden\u202c, \U000f0000 and \U0010fffd for private use, \ufffd",
    "children's, Children's Services', O'Hara, 'quoted', rock 'n' roll, it's \"said\", l’été",
    " blanks about it ",
    "\tand tabs\t",
    (
        "no: yes, NO, 1.10, 2013, 10:30, ~, null, - item, ? key, # comment: x, @at, %percent, "
        "*alias, !tag, 'q"
    ),
    "%s %(name)s {0} {} \\1 \\n $x ${x}",
    "_x0041_ x" + "y" * 10_000,
]


def expression(leaf: Leaf) -> str | None:
    """How a template prints the text."""
    root, keys = leaf.root, list(leaf.keys)
    if root == "brand":
        return BRAND_WAYS[str(leaf)]
    start = root
    if root == "bodies":
        start = f"{GROUPS[str(keys[0])]}.{GROUPS[str(keys[0])]}"
        keys = keys[2:]
    return start + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)


PRINTED = {
    leaf: expression(leaf)
    for leaf in LEAVES
    if leaf.kind is not Kind.NARRATIVE and expression(leaf)
}
IN_TEXT = {leaf: code for leaf, code in PRINTED.items() if leaf.root != "brand"}
IN_TITLE = {leaf: code for leaf, code in IN_TEXT.items() if leaf != TITLE}
BLOCKS = {leaf: expression(leaf) for leaf in LEAVES if leaf.kind is Kind.NARRATIVE}


@cache
def house_text() -> str:
    """A template that prints every text: in a row of a table, in the header, and the narratives
    between marks.
    """
    rows = [f"| {leaf} | {{{{ {code} }}}} |" for leaf, code in PRINTED.items()]
    blocks = [
        line for leaf, code in BLOCKS.items() for line in (f"{MARK}{leaf}", f"{{{{p {code} }}}}")
    ]
    sections = ["{%p for s in sections %}", MARK + "{{ s.id }}", "{{p s.body }}", "{%p endfor %}"]
    header = "header: " + MARK.join(f"{{{{ {code} }}}}" for code in PRINTED.values())
    return "\n".join([header, *rows, *blocks, *sections])


def sources(text: Mapping[Leaf, str]) -> dict[str, dict[str, object]]:
    """Plan, register, paper and brand with these texts, and with a section and a title that print
    them all.
    """
    roots = {root: filled(root, text) for root in ROOTS}
    paper, brand = roots["paper"], roots["brand"]
    paper["considerations"][0]["omit"] = []
    del paper["action_table"]
    paper["sections"]["section"] = "x"
    paper["sections"]["print"] = {
        "heading": "x",
        "text": "\n\n".join(f"{{{{ {code} }}}}" for code in IN_TEXT.values()),
    }
    paper["title"] += MARK + MARK.join(f"{{{{ {code} }}}}" for code in IN_TITLE.values())
    brand["labels"] = {"brand-key": brand["labels"]["key"]}
    roots["brand"] = brand | {"styles": BRAND["styles"]}
    return roots


def draft(text: Mapping[Leaf, str], scalar: Scalar = quoted) -> Draft:
    with tempfile.TemporaryDirectory() as folder:
        roots = sources(text)
        path = write_paper(
            Path(folder),
            roots["paper"],
            plan=roots["plan"],
            bodies=roots["bodies"],
            brand=roots["brand"],
            house=house_text(),
            scalar=scalar,
        )
        return papergen.compile(papergen.load(path)).draft("body")


Printed = dict[tuple[str, str], str]


def read(made: Draft) -> Printed:
    """Every text as printed, by the place it stands in and the text's own name."""
    document = docx.Document(io.BytesIO(made.docx))
    found = {("table", row.cells[0].text): row.cells[1].text for row in document.tables[0].rows}
    header = document.sections[0].header.paragraphs[0].text.split(MARK)
    # The title stands among the texts of the header, and holds marks of its own.
    at = list(PRINTED).index(TITLE)
    header[at : at + 1 + len(IN_TITLE)] = [header[at]]
    found |= {("header", str(leaf)): text for leaf, text in zip(PRINTED, header, strict=True)}
    title = document.core_properties.title.split(MARK)
    found |= {
        ("title", str(leaf)): text for leaf, text in zip([TITLE, *IN_TITLE], title, strict=True)
    }
    blocks: dict[str, list[str]] = {}
    name = ""
    for paragraph in document.paragraphs:
        if paragraph.text.startswith(MARK) and paragraph.text[1:] in {
            *map(str, BLOCKS),
            "section",
            "key",
            "print",
        }:
            name = paragraph.text[1:]
            blocks[name] = []
        else:
            blocks.setdefault(name, []).append(paragraph.text)
    found |= {
        ("paragraph", str(leaf)): text for leaf, text in zip(IN_TEXT, blocks["print"], strict=True)
    }
    found |= {("block", str(leaf)): "\n".join(blocks[str(leaf)]) for leaf in BLOCKS}
    return {
        (place, name): text.split(MARK)[0] if name == str(TITLE) else text
        for (place, name), text in found.items()
    }


def as_data(text: str) -> str:
    """Data as it prints: CRLF is one break; an apostrophe inside a word is a printed one, and
    nothing else is changed.
    """
    return re.sub(r"(?<=[^\W\d_])'(?=[^\W\d_])", "’", re.sub("\r\n?", "\n", text))


def as_line(text: str) -> str:
    """A line without Jinja as it prints, but for which quotation marks are curled which way."""
    return straight(re.sub("[ \t\r\n]+", " ", text).strip(" "))


def straight(text: str) -> str:
    return text.translate(str.maketrans("‘’“”", "''\"\""))


def without_marks(text: str) -> str:
    """A text that Jinja takes as it is; the private planes are papergen's own in texts that are
    compiled.
    """
    return re.sub("[{}\U000f0000-\U0010ffff]", "", text).strip() or "x"


def as_markdown(text: str) -> str:
    """A text that Markdown takes as it is: all its marks escaped, on one line, without a typed
    bullet, which is refused.
    """
    text = re.sub("[ \t\r\n]+", " ", re.sub("[\U000f0000-\U0010ffff]", "", text))
    text = re.sub(f"^[\\s{BULLETS}]+", "", text).strip() or "x"
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def written(leaf: Leaf, text: str) -> str:
    if leaf.kind is Kind.NARRATIVE:
        return as_markdown(text)
    return text if leaf.kind is Kind.DATA else without_marks(text)


def expected(leaf: Leaf, text: str) -> str:
    """What a text prints; where Jinja and Markdown curl quotation marks, with straight ones."""
    if leaf.kind is Kind.NARRATIVE:
        return straight(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text))
    if leaf.kind is Kind.LINE:
        return as_line(text)
    return re.sub("\r\n?", "\n", text) if leaf.root == "brand" else as_data(text)


def check(text: Mapping[Leaf, str], made: Draft) -> None:
    printed = read(made)
    wrong = {}
    for leaf, source in text.items():
        for place in ("table", "header", "title", "paragraph", "block"):
            if (place, str(leaf)) not in printed:
                continue
            found = printed[place, str(leaf)]
            found = found if leaf.kind is Kind.DATA else straight(found)
            if found != expected(leaf, source):
                wrong[place, str(leaf)] = (source, found)
    assert wrong == {}
    with zipfile.ZipFile(io.BytesIO(made.docx)) as package:
        for name in (
            "word/document.xml",
            next(name for name in package.namelist() if "/header" in name),
        ):
            root = docx.oxml.parse_xml(package.read(name))
            assert [
                t.text for t in root.iter(qn("w:t")) if re.search("[\t\n\r]", t.text or "")
            ] == []


@cache
def nasty(at: int) -> tuple[dict[Leaf, str], Printed]:
    """A draft in which each text is one of the nasty ones, another one for each `at`."""
    text = {
        leaf: written(leaf, NASTY[(number + at) % len(NASTY)]) for number, leaf in enumerate(LEAVES)
    }
    return text, read(draft(text))


@pytest.mark.parametrize(
    "leaf", [leaf for leaf in LEAVES if leaf in PRINTED or leaf in BLOCKS], ids=str
)
def test_a_text_comes_back_from_every_place_as_it_was_written(leaf: Leaf) -> None:
    for at in range(len(NASTY)):
        text, printed = nasty(at)
        places = [place for place, name in printed if name == str(leaf)]
        assert len(places) >= (1 if leaf.kind is Kind.NARRATIVE else 2)
        for place in places:
            found = printed[place, str(leaf)]
            assert (found if leaf.kind is Kind.DATA else straight(found)) == expected(
                leaf, text[leaf]
            )


def test_every_text_of_every_model_is_printed_or_has_its_reason() -> None:
    assert {str(leaf) for leaf in leaves("brand")} == set(BRAND_WAYS)
    assert {
        leaf
        for leaf in LEAVES
        if leaf not in PRINTED and leaf not in BLOCKS and leaf.root != "brand"
    } == set()
    for root in ROOTS:
        assert leaves(root)
    assert Leaf("plan", ("phases", 0, "workstreams", 0, "actions", 0, "text"), Kind.DATA) in LEAVES


characters = st.characters(codec="utf-8", exclude_categories=["Cs"]).filter(
    lambda char: not re.match("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", char)
)
snippets = st.sampled_from(
    ["{{ x }}", "{{", "}}", "{%", "%}", "{#", "**", "|", "]]>", "\r\n", "e\u0301", *"&<>\n\t'\" "]
)
pieces = st.lists(characters | snippets, min_size=1, max_size=12)
texts = pieces.map("".join).filter(lambda text: text.strip() and MARK not in text)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    texts=st.lists(texts, min_size=5, max_size=5), scalar=st.sampled_from([quoted, escaped, block])
)
@example(texts=NASTY, scalar=block)
@example(texts=NASTY, scalar=escaped)
@example(texts=["·0", "· x", "x ·0", "•", "\u2028▪ · x"], scalar=quoted)
@example(texts=["\n\nx\n", "  x\n  y\n\n", "x\n \n", "\u2028x", "x\x85"], scalar=block)
def test_any_text_comes_back(texts: list[str], scalar: Scalar) -> None:
    text = {leaf: written(leaf, texts[number % len(texts)]) for number, leaf in enumerate(LEAVES)}
    check(text, draft(text, scalar))


FORBIDDEN = ["\x00", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x1f", "\ufffe", "\uffff"]


def place_of(text: str, found: str) -> tuple[int, int]:
    """Line and column, from 1, at which `found` stands."""
    before = text[: text.index(found)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("how", ["as it is", "escaped"])
def test_what_xml_forbids_is_a_problem_at_its_line_and_column_in_each_text(
    root: str, how: str, tmp_path: Path
) -> None:
    """Every text of the root has one such character; as they are, the twentieth is the last that is
    told.
    """
    places: dict[str, tuple[int, int, str]] = {}
    text = dict.fromkeys(LEAVES, "x")
    for number, leaf in enumerate(leaves(root)):
        text[leaf] = f"before {number:03} {FORBIDDEN[number % len(FORBIDDEN)]} after"
    roots = sources(text)
    write_paper(
        tmp_path,
        roots["paper"],
        plan=roots["plan"],
        bodies=roots["bodies"],
        brand=roots["brand"],
        house=house_text(),
    )
    path = tmp_path / ("templates/house/brand.yaml" if root == "brand" else f"{root}.yaml")
    source = path.read_bytes().decode()
    if how == "as it is":
        source = source.replace("\\b", "\\u0008").replace("\\f", "\\u000c")
        source = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), source)
    else:
        source = re.sub("[\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", source)
    path.write_bytes(source.encode())
    for number, leaf in enumerate(leaves(root)):
        line, column = place_of(source, f"before {number:03} ")
        places[str(leaf)] = (
            line,
            column + len("before 000 "),
            f"U+{ord(FORBIDDEN[number % len(FORBIDDEN)]):04X}",
        )
    with pytest.raises(PapergenError) as caught:
        papergen.load(tmp_path / "paper.yaml")
    found = []
    for problem in caught.value.problems:
        assert problem.code == ("brand-wrong" if root == "brand" else "bad-character"), str(problem)
        assert problem.hint
        assert problem.where is not None
        assert problem.where.source == str(path)
        code = re.search(r"U\+[0-9A-F]{4}", problem.message)
        found.append((problem.where.line, problem.where.column, code[0] if code else "more"))
    wanted = sorted(places.values())
    assert found[:20] == wanted[:20]
    if how == "escaped" or len(wanted) <= 20:
        assert found == wanted
    else:
        assert found[20:] == [(*wanted[20][:2], "more")]


@pytest.mark.parametrize("surrogate", ["\\ud800", "\\udfff", "\\ud83d x"])
def test_half_of_a_surrogate_pair_is_a_problem_at_its_place(surrogate: str, tmp_path: Path) -> None:
    text = dict.fromkeys(LEAVES, "x")
    roots = sources(text)
    write_paper(
        tmp_path,
        roots["paper"],
        plan=roots["plan"],
        bodies=roots["bodies"],
        brand=roots["brand"],
        house=house_text(),
    )
    (tmp_path / "plan.yaml").write_text(f'id: plan\ntitle: "half {surrogate}"\n')
    with pytest.raises(PapergenError) as caught:
        papergen.load(tmp_path / "paper.yaml")
    (problem,) = (one for one in caught.value.problems if one.code == "bad-character")
    assert str(problem.where) == f"{tmp_path / 'plan.yaml'}:2:14"


def paper_with(folder: Path, text: str, **files: object) -> Draft:
    """A draft for `hwb` of one paragraph."""
    return papergen.compile(papergen.load(write_paper(folder, paper_of(text), **files))).draft(
        "hwb"
    )


def texts_of(made: Draft, part: str) -> list[str]:
    """The paragraphs of a part."""
    with zipfile.ZipFile(io.BytesIO(made.docx)) as package:
        root = docx.oxml.parse_xml(package.read(part))
    return [Paragraph(paragraph, None).text for paragraph in root.iter(qn("w:p"))]


@pytest.mark.parametrize("text", NASTY[:-1])
def test_a_reference_word_is_written_as_it_is(text: str, tmp_path: Path) -> None:
    made = paper_with(
        tmp_path, "{{ label('x') }}See {{ ref('x') }}.", brand=BRAND | {"reference_word": text}
    )
    assert paragraphs(made) == ["See " + re.sub("\r\n?", "\n", text) + "\xa01."]


@pytest.mark.parametrize("text", NASTY)
def test_a_gap_and_its_comment_name_things_as_they_are_written(text: str, tmp_path: Path) -> None:
    made = paper_with(
        tmp_path, "{{ milestone.m.due }}", plan={"milestones": [{"id": "m", "title": text}]}
    )
    (printed,) = paragraphs(made)
    (comment,) = texts_of(made, "word/comments.xml")
    (gap,) = made.gaps
    if "{" in text:  # it might be Jinja, so the id stands for it
        assert printed == "[to be confirmed: due date of milestone “m”]"
    else:
        shown = " ".join(as_data(text).split())  # on one line, whatever it is
        shown = shown if len(shown) <= 60 else shown[:59] + "…"
        assert printed == f"[to be confirmed: due date of {shown}]"
        assert shown in comment
    assert f"[{gap.message}]" == printed


def test_text_by_language_prints_in_english_where_it_has_it(tmp_path: Path) -> None:
    plan = {"title": {"cy": "Cynllun", "en": "Plan & <b>"}, "short_title": {"cy": "Cynllun & <b>"}}
    (printed,) = paragraphs(
        paper_with(tmp_path, "{{ plan.title }}, {{ plan.short_title }}", plan=plan)
    )
    assert printed == "Plan & <b>, Cynllun & <b>"


def test_a_json_plan_prints_what_a_yaml_plan_does(tmp_path: Path) -> None:
    for text in NASTY:
        path = write_paper(tmp_path, paper_of("{{ plan.title }}") | {"plan": "plan.json"})
        (tmp_path / "plan.json").write_text(
            json.dumps({"id": "plan", "title": text}), encoding="utf-8"
        )
        assert paragraphs(papergen.compile(papergen.load(path)).draft("hwb")) == [as_data(text)]


def test_a_file_with_crlf_and_a_byte_order_mark_is_the_same_file(tmp_path: Path) -> None:
    path = write_paper(
        tmp_path, paper_of("{{ plan.title }}"), plan={"title": "one\ntwo\n\n  three"}, scalar=block
    )
    before = papergen.compile(papergen.load(path)).draft("hwb")
    for file in tmp_path.glob("*.yaml"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    after = papergen.compile(papergen.load(path)).draft("hwb")
    assert paragraphs(before) == ["one\ntwo\n\n  three"]
    assert after.docx == before.docx
