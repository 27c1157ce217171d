"""What is counted and named in templates: lists, headings, drawings, bookmarks, text boxes."""

from __future__ import annotations

import re

import pytest
from lxml import etree
from template_cases import (
    W,
    body,
    compiled,
    faults,
    paragraph,
    pieces,
    raw,
    rendered,
    run,
)

from papergen.engine.pieces import Begin, End, Expression

# Numbers and names


def level(number: int, form: str, text: str, style: str = "") -> str:
    linked = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt '
        f'w:val="{form}"/>{linked}<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract_list(number: int, inner: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{inner}</w:abstractNum>'


def numbered_list(number: int, abstract: int, inner: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{inner}</w:num>'


def style(
    id_: str,
    name: str,
    based_on: str = "",
    properties: str = "",
    kind: str = "paragraph",
    default: str = "",
) -> str:
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    inner = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return (
        f'<w:style w:type="{kind}"{default} w:styleId="{id_}"><w:name '
        f'w:val="{name}"/>{base}{inner}</w:style>'
    )


LISTS = (
    abstract_list(0, level(0, "decimal", "%1.") + level(1, "lowerLetter", "(%2)", "Letter")),
    abstract_list(1, level(0, "bullet", "•")),
    abstract_list(7, '<w:numStyleLink w:val="House"/>'),
    numbered_list(1, 0),
    numbered_list(2, 1),
    numbered_list(3, 0, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride>'),
    numbered_list(8, 7),
)
NUMBERING = "".join(LISTS)
STYLES = (
    style("Normal", "Normal", default=' w:default="1"')
    + style("Numbered", "Numbered Paragraph", properties='<w:numPr><w:numId w:val="1"/></w:numPr>')
    + style("Letter", "Letter", "Numbered")
    + style("Plain", "Plain", "Numbered", '<w:numPr><w:numId w:val="0"/></w:numPr>')
    + style("Loop", "Loop", "Loop")
    + style("H1", "heading 1", properties='<w:outlineLvl w:val="0"/>')
    + style("H1b", "Own heading", "H1")
    + style("Cap", "caption")
    + style(
        "House", "House", properties='<w:numPr><w:numId w:val="1"/></w:numPr>', kind="numbering"
    )
)


def numbered(style: str = "", own: str = "") -> tuple[int, int] | None:
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + (
        f"<w:numPr>{own}</w:numPr>" if own else ""
    )
    data = raw(paragraph("x", properties), styles=STYLES, numbering=NUMBERING)
    begins = [piece.paragraph.number for piece in pieces(data) if isinstance(piece, Begin)]
    return begins[0] if begins else None


@pytest.mark.parametrize(
    ("style", "own", "number"),
    [
        ("", "", None),
        ("Numbered", "", (1, 0)),
        ("Letter", "", (1, 1)),
        ("Plain", "", None),
        ("Loop", "", None),
        ("Missing", "", None),
        ("", '<w:ilvl w:val="1"/><w:numId w:val="1"/>', (1, 1)),
        ("", '<w:numId w:val="1"/>', (1, 0)),
        ("Numbered", '<w:ilvl w:val="0"/><w:numId w:val="0"/>', None),
        ("Numbered", '<w:ilvl w:val="2"/>', (1, 2)),
        ("Numbered", '<w:numId w:val="3"/>', (3, 0)),
        ("", '<w:numId w:val="2"/>', None),
    ],
)
def test_a_paragraphs_number_comes_from_itself_or_its_styles(
    style: str, own: str, number: tuple[int, int] | None
) -> None:
    assert numbered(style, own) == number


def test_a_numbered_paragraph_begins_and_ends_as_pieces_and_is_written_the_same() -> None:
    text = paragraph("a {{ x }}", '<w:pStyle w:val="Numbered"/>')
    data = raw(text + paragraph("b"), styles=STYLES, numbering=NUMBERING)
    begin, end = (
        next(piece for piece in pieces(data) if isinstance(piece, kind)) for kind in (Begin, End)
    )
    assert begin.paragraph == end.paragraph
    assert begin.paragraph.open_xml == '<w:p><w:pPr><w:pStyle w:val="Numbered"/></w:pPr>'
    assert begin.paragraph.where.detail == "word/document.xml, paragraph “a {{ x }}”"
    assert body(data, x=1) == text.replace("{{ x }}", "1") + paragraph("b")


def test_every_paragraph_begins_and_ends_where_that_is_asked_for() -> None:
    box = f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{paragraph('in a box')}</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
    data = raw(f"{box}<w:p/>{paragraph('b')}", header1=paragraph("{{ h }}"))
    for name, count in (("word/document.xml", 4), ("word/header1.xml", 1)):
        found = pieces(data, name, every_paragraph=True)
        assert [sum(isinstance(piece, kind) for piece in found) for kind in (Begin, End)] == [
            count,
            count,
        ]
        opened: list[object] = []
        for piece in found:
            if isinstance(piece, Begin):
                opened.append(piece.paragraph)
            elif isinstance(piece, End):
                assert opened.pop() is piece.paragraph


def test_a_part_that_never_changes_stays_as_it_is_though_every_paragraph_is_asked_for() -> None:
    data = raw(paragraph("a"), header1=paragraph("h"))
    plain, asked = compiled(data), compiled(data, every_paragraph=True)
    assert (
        [part.name for part in asked.parts]
        == [part.name for part in plain.parts]
        == ["word/document.xml"]
    )
    assert asked.members == plain.members


def test_lists_and_styles_are_read_as_plain_data() -> None:
    styles = compiled(raw(paragraph("x"), styles=STYLES, numbering=NUMBERING)).styles
    found = styles.find("NUMBERED paragraph")
    assert found is not None
    assert (found.id, found.number) == ("Numbered", (1, 0))
    assert styles.find("numbered paragraph", "table") is None
    assert styles.lists[3].starts == {0: 4}
    assert [(level.format, level.text, level.start) for level in styles.lists[1].levels[:2]] == [
        ("decimal", "%1.", 1),
        ("lowerLetter", "(%2)", 1),
    ]
    assert styles.default == "Normal"
    assert [styles.is_heading(style) for style in ("H1", "H1b", "Cap", "Normal", "Loop", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_list_that_links_to_a_list_style_has_its_levels() -> None:
    found = compiled(raw(paragraph("x"), styles=STYLES, numbering=NUMBERING)).styles
    assert found.lists[8].abstract == 0
    assert found.lists[8].levels == found.lists[1].levels


def test_names_are_introduced_in_text_and_notes_only_and_comments_stand_in_text_only() -> None:
    box = f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{paragraph('{{ box }}')}</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
    data = raw(
        paragraph("{{ text }}") + paragraph("{{ heading }}", '<w:pStyle w:val="H1b"/>') + box,
        styles=STYLES,
        numbering=NUMBERING,
        header1=paragraph("{{ header }}"),
        footer1=paragraph("{{ footer }}"),
        footnotes=f'<w:footnote w:id="2">{paragraph("{{ note }}")}</w:footnote>',
    )
    found = {
        e.source: (e.introduces, e.comments)
        for p in compiled(data).parts
        for e in p.pieces
        if isinstance(e, Expression)
    }
    assert found == {
        "text": (True, True),
        "heading": (False, True),
        "box": (True, False),
        "note": (True, False),
        "header": (False, False),
        "footer": (False, False),
    }


def drawing(number: int, description: str = "") -> str:
    inner = f'<wp:docPr id="{number}" name="Crest" descr="{description}"/>'
    return f"<w:p><w:r><w:drawing><wp:inline>{inner}</wp:inline></w:drawing></w:r></w:p>"


def test_drawings_have_ids_of_their_own_over_all_parts_and_in_loops() -> None:
    data = raw(
        drawing(1)
        + paragraph("{%p for x in xs %}")
        + drawing(1)
        + paragraph("{%p endfor %}")
        + drawing(1),
        header1=drawing(1),
    )
    written = rendered(data, xs=[1, 2, 3])
    ids = re.findall(
        r'docPr id="(\d+)"', written["word/document.xml"] + written["word/header1.xml"]
    )
    assert len(ids) == len(set(ids)) == 6


def test_a_part_without_tags_is_copied_though_it_has_a_drawing() -> None:
    assert [
        part.name for part in compiled(raw(paragraph("{{ x }}"), header1=drawing(1))).parts
    ] == ["word/document.xml"]


def test_alternative_text_may_hold_values() -> None:
    text = body(raw(drawing(1, "Crest of {{ council }}")), council='A "<&> Council\n')
    assert 'descr="Crest of A &quot;&lt;&amp;&gt; Council&#10;"' in text


def bookmark(name: str, inner: str) -> str:
    return (
        f'<w:p><w:bookmarkStart w:id="7" w:name="{name}"/>{run(inner)}<w:bookmarkEnd '
        'w:id="7"/></w:p>'
    )


def test_bookmarks_in_a_loop_have_names_and_ids_of_their_own() -> None:
    data = raw(
        paragraph("{%p for x in xs %}") + bookmark("Place", "{{ x }}") + paragraph("{%p endfor %}")
    )
    tree = etree.fromstring(rendered(data, xs=[1, 2, 3])["word/document.xml"].encode())
    starts = [(node.get(f"{W}id"), node.get(f"{W}name")) for node in tree.iter(f"{W}bookmarkStart")]
    assert len({name for _, name in starts}) == len({id_ for id_, _ in starts}) == 3
    assert starts[0][1] == "Place"
    assert [node.get(f"{W}id") for node in tree.iter(f"{W}bookmarkEnd")] == [
        id_ for id_, _ in starts
    ]


def test_a_bookmark_across_a_control_is_a_fault_but_words_own_go() -> None:
    start, end = '<w:bookmarkStart w:id="7" w:name="{}"/>', '<w:bookmarkEnd w:id="7"/>'
    inner = f"<w:p>{start}{run('{% if x %}a')}{end}{run('{% endif %}')}</w:p>"
    (fault,) = faults(raw(inner.replace("{}", "Place")))
    place, message = (
        "word/document.xml, paragraph “a”",
        "the bookmark “Place” begins on one side of a control and ends on the other",
    )
    assert fault == f"{place}: template-control: {message}"
    assert "bookmark" not in body(raw(inner.replace("{}", "_Toc1")), x=1)


def test_a_bookmark_from_one_control_to_the_next_is_a_fault() -> None:
    """Also where the next control takes the memory of the first: they are two all the same."""
    start, end = '<w:bookmarkStart w:id="7" w:name="Place"/>', '<w:bookmarkEnd w:id="7"/>'
    tag = ("{% if x %}", "{% endif %}")
    first = f"{run(tag[0])}{start}{run('a' + tag[1])}"
    second = f"{run(tag[0])}{end}{run('b' + tag[1])}"
    (fault,) = faults(raw(f"<w:p>{first}{second}</w:p>"))
    assert "the bookmark “Place” begins on one side of a control" in fault


def test_content_controls_in_a_loop_lose_their_ids() -> None:
    properties = '<w:sdtPr><w:alias w:val="a"/><w:id w:val="12"/></w:sdtPr>'
    control = f"<w:sdt>{properties}<w:sdtContent>{paragraph('{{ x }}')}</w:sdtContent></w:sdt>"
    text = body(
        raw(control + paragraph("{%p for x in xs %}") + control + paragraph("{%p endfor %}")),
        xs=[1, 2],
        x=0,
    )
    assert text.count("<w:sdt>") == 3
    assert text.count('<w:id w:val="12"/>') == 1


def test_the_older_copy_of_a_text_box_is_left_out() -> None:
    box = f"<w:txbxContent>{paragraph('Box {{ x }}')}</w:txbxContent>"
    text = body(
        raw(
            "<w:p><w:r><mc:AlternateContent><mc:Choice "
            f'Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
            "</mc:AlternateContent></w:r></w:p>"
        ),
        x=1,
    )
    assert text.count("Box 1") == 1
    assert "Fallback" not in text


def test_a_text_box_whose_paragraphs_are_left_out_keeps_one() -> None:
    box = f"<w:txbxContent>{paragraph('{%p if x %}')}{paragraph('a')}{paragraph('{%p endif %}')}</w:txbxContent>"
    data = raw(
        f"<w:p><w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r></w:p>",
        header1=f"{paragraph('{%p if x %}')}{paragraph('a')}{paragraph('{%p endif %}')}",
    )
    assert "<w:txbxContent><w:p/></w:txbxContent>" in body(data, x=False)
    assert rendered(data, x=False)["word/header1.xml"].endswith("><w:p/></w:hdr>")
