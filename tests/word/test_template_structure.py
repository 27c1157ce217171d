"""Rows, cells and branches: every document that a template can give is one that Word opens without
repair.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree
from template_cases import (
    NAMESPACES,
    WHERE,
    Case,
    W,
    body,
    build,
    cases,
    expressions,
    paragraph,
    raw,
    root,
)

from papergen.engine.pieces import Context, Expression, Piece, Statement
from papergen.word import Template
from papergen.word.wellformed import check_well_formed

# Cells


def cells(text: str, properties: str = "") -> str:
    cell = f"<w:tc>{f'<w:tcPr>{properties}</w:tcPr>' if properties else ''}{paragraph(text)}</w:tc>"
    return f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>{cell}</w:tr></w:tbl><w:p/>"


@pytest.mark.parametrize(
    ("tag", "before", "after"),
    [
        ("{% cellbg x %}", "", '<w:shd w:val="clear" w:color="auto" w:fill="AABBCC"/>'),
        (
            "{% cellbg x %}",
            '<w:tcW w:w="5"/><w:vMerge/><w:shd w:fill="FFFFFF"/><w:vAlign w:val="top"/>',
            (
                '<w:tcW w:w="5"/><w:vMerge/><w:shd w:val="clear" w:color="auto" '
                'w:fill="AABBCC"/><w:vAlign w:val="top"/>'
            ),
        ),
        (
            "{% colspan 2 %}",
            '<w:tcW w:w="5"/><w:gridSpan w:val="9"/><w:noWrap/>',
            '<w:tcW w:w="5"/><w:gridSpan w:val="2"/><w:noWrap/>',
        ),
    ],
)
def test_cell_commands_write_properties_in_the_order_of_the_schema(
    tag: str, before: str, after: str
) -> None:
    assert f"<w:tc><w:tcPr>{after}</w:tcPr>{paragraph('a')}</w:tc>" in body(
        raw(cells(f"{tag}a", before)), x="AABBCC"
    )


def test_cells_merged_down_restart_and_continue() -> None:
    rows = "".join(
        f"<w:tr><w:tc>{paragraph(text)}</w:tc></w:tr>"
        for text in ("{%tr for a in xs %}", "{% vm %}a", "{%tr endfor %}")
    )
    text = body(
        raw(f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid>{rows}</w:tbl><w:p/>"), xs=[1, 2, 3]
    )
    assert re.findall(r'vMerge w:val="(\w+)"', text) == ["restart", "continue", "continue"]


def test_a_cell_merged_across_is_as_wide_as_its_loop_and_the_grid_has_its_columns() -> None:
    row = "".join(
        f"<w:tc>{paragraph(text)}</w:tc>"
        for text in ("a", "{%tc for x in xs %}", "{% hm %}b", "{%tc endfor %}")
    )
    grid = (
        '<w:tblGrid><w:gridCol w:w="1"/><w:gridCol w:w="2"/><w:gridCol w:w="3"/><w:gridCol '
        'w:w="4"/></w:tblGrid>'
    )
    text = body(raw(f"<w:tbl>{grid}<w:tr>{row}</w:tr></w:tbl><w:p/>"), xs=[1, 2, 3])
    assert '<w:gridSpan w:val="3"/>' in text
    assert text.count("<w:tc>") == 2
    assert text.count("<w:gridCol ") == 4


# What cells must hold


def cell(*contents: str) -> str:
    return f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>{''.join(contents)}</w:tc></w:tr></w:tbl><w:p/>"


def tags(*texts: str) -> list[str]:
    return [paragraph(text) for text in texts]


INNER = cell("<w:p/>").removesuffix("<w:p/>")


@pytest.mark.parametrize(
    ("contents", "empty"),
    [
        (tags("{%p if x %}", "a", "{%p endif %}"), 1),
        (tags("{%p if x %}", "a", "{%p elif y %}", "b", "{%p endif %}"), 1),
        (tags("{%p if x %}", "a", "{%p else %}", "b", "{%p endif %}"), 0),
        (tags("a", "{%p if x %}", "b", "{%p endif %}"), 0),
        (tags("{%p if x %}", "a", "{%p endif %}", "b"), 0),
        (tags("{%p for n in y %}", "a", "{%p endfor %}"), 1),
        (tags("{%p if x %}", "{%p if y %}", "a", "{%p endif %}", "{%p endif %}"), 1),
        (tags("{%p for n in y %}", "{%p if n %}", "a", "{%p endif %}", "{%p endfor %}"), 1),
        (["<w:p/>", *tags("{%p if x %}"), INNER, *tags("{%p endif %}")], 1),
        ([*tags("{%p if x %}"), INNER, *tags("{%p else %}", "{%p endif %}")], 1),
        (tags("{%p set z = 1 %}"), 1),
    ],
)
@pytest.mark.parametrize(("x", "y"), [(False, []), (True, []), (False, [0, 1]), (True, [0, 1])])
def test_a_cell_ends_with_a_paragraph_whatever_is_left_out(
    contents: list[str], empty: int, x: bool, y: list[int]
) -> None:
    text = body(raw(cell(*contents)), x=x, y=y)
    tree = etree.fromstring(root("body", text).encode())
    for found in tree.iter(f"{W}tc"):
        assert found[-1].tag == f"{W}p"
    if not x and not y:
        assert text.count("<w:p/>") == empty + 1  # and the one after the table


def test_a_block_value_that_ends_a_cell_is_told_from_others() -> None:
    (inside,) = expressions(raw(cell(*tags("{{p x }}"))))
    (outside,) = expressions(raw(paragraph("{{p x }}")))
    assert (inside.context, outside.context) == (Context.LAST_BLOCK, Context.BLOCK)


@pytest.mark.parametrize(
    "broken",
    [
        ["<w:p>"],
        ["<w:p></w:r>"],
        ["<w:p", "/>", Expression("x", WHERE)],
        [
            "<w:body>",
            Statement("if x", WHERE),
            "<w:p>",
            Statement("endif", WHERE),
            "</w:p></w:body>",
        ],
        [
            "<w:body><w:p>",
            Statement("if x", WHERE),
            "</w:p><w:p>",
            Statement("endif", WHERE),
            "</w:p></w:body>",
        ],
        ["<w:p>", Expression("x", WHERE), "</w:p>"],
        ["<w:p>", Expression("x", WHERE, Context.BLOCK), "</w:p>"],
        ["<w:body>", Expression("x", WHERE, Context.RUN), "</w:body>"],
        ["<w:body>", Statement("if x", WHERE), "</w:body>"],
    ],
)
def test_pieces_that_could_make_broken_xml_do_not_pass_the_proof(broken: list[Piece]) -> None:
    with pytest.raises(AssertionError):
        check_well_formed(broken)


@pytest.mark.parametrize("case", cases("text.txt"), ids=lambda case: case.name)
def test_every_branch_leaves_a_valid_document(case: Case, tmp_path: Path) -> None:
    from ooxml_integrity import check
    from openxml_audit import OpenXmlValidator

    path = str(tmp_path / "paper.docx")
    Path(path).write_bytes(Template(build(case.parts["template"])).render(case.values))
    assert OpenXmlValidator().validate(path).errors == []
    assert list(check(path)) == []


def test_a_root_has_the_namespaces_that_the_tests_count_on() -> None:
    assert etree.fromstring(root("document", "").encode()).nsmap == NAMESPACES
