"""Templates as Word writes them: fields, content controls, tracked changes, text boxes, ids, and what no paper carries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree
from template_cases import NAMESPACES, OFFICE, Case, build, cases, raw, raw_parts, root, unzipped, zipped

from papergen.errors import TemplateError
from papergen.merge.pieces import Begin, Context, End, Expression, Piece
from papergen.word import Template
from papergen.word.template import CompiledTemplate, compile_template

W = f"{{{NAMESPACES['w']}}}"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{run(text)}</w:p>"


def compiled(data: bytes, *, every_paragraph: bool = False) -> CompiledTemplate:
    return compile_template(data, "t.docx", every_paragraph=every_paragraph)


def pieces(data: bytes, name: str = "word/document.xml", *, every_paragraph: bool = False) -> tuple[Piece, ...]:
    return next(part.pieces for part in compiled(data, every_paragraph=every_paragraph).parts if part.name == name)


def expressions(data: bytes, name: str = "word/document.xml") -> list[Expression]:
    return [piece for piece in pieces(data, name) if isinstance(piece, Expression)]


def rendered(data: bytes, **values: object) -> dict[str, str]:
    return unzipped(Template(data).render(values))


def body(data: bytes, **values: object) -> str:
    """The inside of the body, without the namespaces that the part's root declares."""
    found = re.search(r"<w:body>(.*)</w:body>", rendered(data, **values)["word/document.xml"], re.DOTALL)
    assert found
    return found[1]


def faults(data: bytes) -> list[str]:
    with pytest.raises(TemplateError) as caught:
        compiled(data)
    assert all(problem.hint for problem in caught.value.problems)
    return [
        f"{problem.where.detail if problem.where else ''}: {problem.code}: {problem.message}"
        for problem in caught.value.problems
    ]


# Runs


def test_a_tag_takes_the_properties_of_the_run_it_starts_in() -> None:
    bold = "<w:rPr><w:b/></w:rPr>"
    data = raw(f"<w:p><w:r><w:t>A</w:t></w:r><w:r>{bold}<w:t>{{{{ x</w:t></w:r><w:r><w:t> }}}} B</w:t></w:r></w:p>")
    (expression,) = expressions(data)
    assert (expression.source, expression.properties, expression.context) == ("x", bold, Context.TEXT)
    assert body(data, x="<&>") == (
        "<w:p><w:r><w:t>A</w:t></w:r>"
        f'<w:r>{bold}<w:t xml:space="preserve">&lt;&amp;&gt;</w:t></w:r>'
        '<w:r><w:t xml:space="preserve"> B</w:t></w:r></w:p>'
    )


def test_an_inline_statement_closes_its_run_and_leaves_no_empty_one() -> None:
    data = raw(paragraph("{% if x %}A{% endif %}"))
    assert body(data, x=True) == f"<w:p>{run('A')}</w:p>"
    assert body(data, x=False) == "<w:p></w:p>"


def test_tabs_breaks_and_pictures_beside_a_tag_stay_where_they_were() -> None:
    inner = "<w:t>a</w:t><w:tab/><w:t>{{ x }}</w:t><w:br/><w:t>b{% if x %}c</w:t>"
    inner += "<w:sym w:font='Wingdings' w:char='F0FC'/><w:t>{% endif %}</w:t>"
    text = body(raw(f"<w:p><w:r>{inner}</w:r></w:p>"), x="X")
    assert re.sub(r' xml:space="preserve"', "", text) == (
        "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>X</w:t><w:br/><w:t>b</w:t></w:r>"
        '<w:r><w:t>c</w:t><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>'
    )


def test_a_tag_in_a_link_stays_in_it() -> None:
    data = raw(f'<w:p><w:hyperlink w:anchor="a">{run("see {{ x }}")}</w:hyperlink></w:p>')
    assert body(data, x=1) == f'<w:p><w:hyperlink w:anchor="a">{run("see 1")}</w:hyperlink></w:p>'


def test_paragraphs_without_tags_stay_as_they_are() -> None:
    text = "<w:p><w:r/><w:r><w:t>a {b} c</w:t></w:r></w:p><w:tbl><w:tblGrid><w:gridCol/></w:tblGrid></w:tbl><w:p/>"
    assert body(raw(text)) == text


# What Word leaves for itself


def test_edit_marks_and_comments_are_left_out() -> None:
    data = raw(
        '<w:p w:rsidR="00A1B2C3" w:rsidRDefault="00A1B2C3" w14:paraId="1A2B3C4D" w14:textId="77777777">'
        '<w:proofErr w:type="spellStart"/>'
        '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/><w:commentRangeStart w:id="1"/>'
        '<w:r w:rsidRPr="00A1B2C3"><w:rPr><w:rPrChange w:id="2" w:author="A Clerk"/></w:rPr>'
        "<w:lastRenderedPageBreak/><w:t>x</w:t></w:r>"
        '<w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r></w:p>',
        comments='<w:comment w:id="1" w:author="A Clerk"><w:p/></w:comment>',
    )
    assert body(data) == "<w:p><w:r><w:rPr/><w:t>x</w:t></w:r></w:p>"
    assert "word/comments.xml" not in rendered(data)
    assert not any("comments" in text or "A Clerk" in text for text in rendered(data).values())


def test_settings_are_those_of_a_paper() -> None:
    settings = (
        '<w:zoom w:percent="100"/><w:attachedTemplate r:id="rId1"/><w:mailMerge/><w:updateFields w:val="true"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
        'w:val="12"/></w:compat>'
        '<w:docVars><w:docVar w:name="Author" w:val="A Clerk"/></w:docVars><w:rsids><w:rsidRoot w:val="00A1B2C3"/></w:rsids>'
        '<w:themeFontLang w:val="en-US"/><w:decimalSymbol w:val="."/>'
    )
    text = rendered(raw(paragraph("x"), settings=settings))["word/settings.xml"]
    inner = text[text.index("<w:zoom") : text.index("</w:settings>")]
    assert inner == (
        '<w:zoom w:percent="100"/><w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-GB"/><w:decimalSymbol w:val="."/>'
    )
    assert 'w:val="15"' in rendered(raw(paragraph("x")))["word/settings.xml"]


def test_parts_about_the_template_itself_are_left_out() -> None:
    parts = raw_parts(paragraph("x"))
    office = "http://schemas.openxmlformats.org/"
    extra = {
        "docProps/app.xml": f"{office}officeDocument/2006/relationships/extended-properties",
        "docProps/custom.xml": f"{office}officeDocument/2006/relationships/custom-properties",
        "docProps/thumbnail.jpeg": f"{office}package/2006/relationships/metadata/thumbnail",
    }
    added = "".join(
        f'<Relationship Id="x{number}" Type="{kind}" Target="{name}"/>' for number, (name, kind) in enumerate(extra.items())
    )
    parts["_rels/.rels"] = parts["_rels/.rels"].replace("</Relationships>", f"{added}</Relationships>")
    written = rendered(
        zipped({**parts, **dict.fromkeys(extra, "<Properties><Company>A Council</Company></Properties>"), "stray.xml": "<a/>"})
    )
    assert set(written) == {
        *("[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml", "word/settings.xml"),
        *("docProps/app.xml", "docProps/core.xml"),
    }
    assert not any("A Council" in text for text in written.values())
    targets = set(re.findall('Target="([^"]+)"', written["_rels/.rels"] + written["word/_rels/document.xml.rels"]))
    assert targets == {"word/document.xml", "docProps/app.xml", "docProps/core.xml", "settings.xml"}


def test_other_prefixes_become_the_usual_ones() -> None:
    parts = raw_parts(paragraph("{{ x }}"))
    document = parts["word/document.xml"].replace("<w:", "<x:").replace("</w:", "</x:").replace("xmlns:w=", "xmlns:x=")
    assert body(zipped({**parts, "word/document.xml": document}), x=1) == f"<w:p>{run('1')}</w:p>"


def test_a_part_in_utf_16_is_read() -> None:
    parts = raw_parts(paragraph("{{ x }} é"))
    encoded = {name: text.encode() for name, text in parts.items()}
    encoded["word/document.xml"] = parts["word/document.xml"].replace("UTF-8", "UTF-16").encode("utf-16")
    assert body(zipped(encoded), x=1) == f"<w:p>{run('1 é')}</w:p>"


# Numbers and names


def level(number: int, form: str, text: str, style: str = "") -> str:
    linked = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{linked}<w:lvlText w:val="{text}"/></w:lvl>'


def abstract_list(number: int, inner: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{inner}</w:abstractNum>'


def numbered_list(number: int, abstract: int, inner: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{inner}</w:num>'


def style(id_: str, name: str, based_on: str = "", properties: str = "", kind: str = "paragraph", default: str = "") -> str:
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    inner = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f'<w:style w:type="{kind}"{default} w:styleId="{id_}"><w:name w:val="{name}"/>{base}{inner}</w:style>'


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
    + style("House", "House", properties='<w:numPr><w:numId w:val="1"/></w:numPr>', kind="numbering")
)


def numbered(style: str = "", own: str = "") -> tuple[int, int] | None:
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + (f"<w:numPr>{own}</w:numPr>" if own else "")
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
        ("", '<w:numId w:val="9"/>', None),
        ("", '<w:numId w:val="2"/>', None),
    ],
)
def test_a_paragraphs_number_comes_from_itself_or_its_styles(style: str, own: str, number: tuple[int, int] | None) -> None:
    assert numbered(style, own) == number


def test_a_numbered_paragraph_begins_and_ends_as_pieces_and_is_written_the_same() -> None:
    text = paragraph("a {{ x }}", '<w:pStyle w:val="Numbered"/>')
    data = raw(text + paragraph("b"), styles=STYLES, numbering=NUMBERING)
    begin, end = (next(piece for piece in pieces(data) if isinstance(piece, kind)) for kind in (Begin, End))
    assert begin.paragraph == end.paragraph
    assert begin.paragraph.open_xml == '<w:p><w:pPr><w:pStyle w:val="Numbered"/></w:pPr>'
    assert begin.paragraph.where.detail == "word/document.xml, paragraph “a {{ x }}”"
    assert body(data, x=1) == text.replace("{{ x }}", "1") + paragraph("b")


def test_every_paragraph_begins_and_ends_where_that_is_asked_for() -> None:
    box = (
        f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{paragraph('in a box')}</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
    )
    data = raw(f"{box}<w:p/>{paragraph('b')}", header1=paragraph("h"))
    for name, count in (("word/document.xml", 4), ("word/header1.xml", 1)):
        found = pieces(data, name, every_paragraph=True)
        assert [sum(isinstance(piece, kind) for piece in found) for kind in (Begin, End)] == [count, count]
        opened: list[object] = []
        for piece in found:
            if isinstance(piece, Begin):
                opened.append(piece.paragraph)
            elif isinstance(piece, End):
                assert opened.pop() is piece.paragraph


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
    box = (
        f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{paragraph('{{ box }}')}</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
    )
    data = raw(
        paragraph("{{ text }}") + paragraph("{{ heading }}", '<w:pStyle w:val="H1b"/>') + box,
        styles=STYLES,
        header1=paragraph("{{ header }}"),
        footer1=paragraph("{{ footer }}"),
        footnotes=f'<w:footnote w:id="2">{paragraph("{{ note }}")}</w:footnote>',
    )
    found = {e.source: (e.introduces, e.comments) for p in compiled(data).parts for e in p.pieces if isinstance(e, Expression)}
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
        drawing(1) + paragraph("{%p for x in xs %}") + drawing(1) + paragraph("{%p endfor %}") + drawing(1), header1=drawing(1)
    )
    written = rendered(data, xs=[1, 2, 3])
    ids = re.findall(r'docPr id="(\d+)"', written["word/document.xml"] + written["word/header1.xml"])
    assert len(ids) == len(set(ids)) == 6


def test_a_part_without_tags_is_copied_though_it_has_a_drawing() -> None:
    assert [part.name for part in compiled(raw(paragraph("{{ x }}"), header1=drawing(1))).parts] == ["word/document.xml"]


def test_alternative_text_may_hold_values() -> None:
    text = body(raw(drawing(1, "Crest of {{ council }}")), council='A "<&> Council\n')
    assert 'descr="Crest of A &quot;&lt;&amp;&gt; Council&#10;"' in text


def bookmark(name: str, inner: str) -> str:
    return f'<w:p><w:bookmarkStart w:id="7" w:name="{name}"/>{run(inner)}<w:bookmarkEnd w:id="7"/></w:p>'


def test_bookmarks_in_a_loop_have_names_and_ids_of_their_own() -> None:
    data = raw(paragraph("{%p for x in xs %}") + bookmark("Place", "{{ x }}") + paragraph("{%p endfor %}"))
    tree = etree.fromstring(rendered(data, xs=[1, 2, 3])["word/document.xml"].encode())
    starts = [(node.get(f"{W}id"), node.get(f"{W}name")) for node in tree.iter(f"{W}bookmarkStart")]
    assert len({name for _, name in starts}) == len({id_ for id_, _ in starts}) == 3
    assert starts[0][1] == "Place"
    assert [node.get(f"{W}id") for node in tree.iter(f"{W}bookmarkEnd")] == [id_ for id_, _ in starts]


def test_a_bookmark_across_a_control_is_a_fault_but_words_own_go() -> None:
    start, end = '<w:bookmarkStart w:id="7" w:name="{}"/>', '<w:bookmarkEnd w:id="7"/>'
    inner = f"<w:p>{start}{run('{% if x %}a')}{end}{run('{% endif %}')}</w:p>"
    assert faults(raw(inner.replace("{}", "Place"))) == [
        "word/document.xml, paragraph “a”: template-control: the bookmark “Place” begins on one side of a control and ends on the other"
    ]
    assert "bookmark" not in body(raw(inner.replace("{}", "_Toc1")), x=1)


def test_content_controls_in_a_loop_lose_their_ids() -> None:
    properties = '<w:sdtPr><w:alias w:val="a"/><w:id w:val="12"/></w:sdtPr>'
    control = f"<w:sdt>{properties}<w:sdtContent>{paragraph('{{ x }}')}</w:sdtContent></w:sdt>"
    text = body(raw(control + paragraph("{%p for x in xs %}") + control + paragraph("{%p endfor %}")), xs=[1, 2], x=0)
    assert text.count("<w:sdt>") == 3
    assert text.count('<w:id w:val="12"/>') == 1


def test_the_older_copy_of_a_text_box_is_left_out() -> None:
    box = f"<w:txbxContent>{paragraph('Box {{ x }}')}</w:txbxContent>"
    text = body(
        raw(
            f'<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
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
            '<w:tcW w:w="5"/><w:vMerge/><w:shd w:val="clear" w:color="auto" w:fill="AABBCC"/><w:vAlign w:val="top"/>',
        ),
        (
            "{% colspan 2 %}",
            '<w:tcW w:w="5"/><w:gridSpan w:val="9"/><w:noWrap/>',
            '<w:tcW w:w="5"/><w:gridSpan w:val="2"/><w:noWrap/>',
        ),
    ],
)
def test_cell_commands_write_properties_in_the_order_of_the_schema(tag: str, before: str, after: str) -> None:
    assert f"<w:tc><w:tcPr>{after}</w:tcPr>{paragraph('a')}</w:tc>" in body(raw(cells(f"{tag}a", before)), x="AABBCC")


def test_cells_merged_down_restart_and_continue() -> None:
    rows = "".join(
        f"<w:tr><w:tc>{paragraph(text)}</w:tc></w:tr>" for text in ("{%tr for a in xs %}", "{% vm %}a", "{%tr endfor %}")
    )
    text = body(raw(f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid>{rows}</w:tbl><w:p/>"), xs=[1, 2, 3])
    assert re.findall(r'vMerge w:val="(\w+)"', text) == ["restart", "continue", "continue"]


def test_a_cell_merged_across_is_as_wide_as_its_loop_and_the_grid_has_its_columns() -> None:
    row = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("a", "{%tc for x in xs %}", "{% hm %}b", "{%tc endfor %}"))
    grid = '<w:tblGrid><w:gridCol w:w="1"/><w:gridCol w:w="2"/><w:gridCol w:w="3"/><w:gridCol w:w="4"/></w:tblGrid>'
    text = body(raw(f"<w:tbl>{grid}<w:tr>{row}</w:tr></w:tbl><w:p/>"), xs=[1, 2, 3])
    assert '<w:gridSpan w:val="3"/>' in text
    assert text.count("<w:tc>") == 2
    assert text.count("<w:gridCol ") == 4


# Where no tag may stand


@pytest.mark.parametrize("case", cases("places.txt"), ids=lambda case: case.name)
def test_tags_that_cannot_stand_there_are_reported(case: Case) -> None:
    assert "\n".join(faults(raw(case.parts["body"].replace("\n", "")))) == case.parts["problems"]


def test_a_link_target_made_of_data_is_reported() -> None:
    parts = raw_parts(paragraph("x"))
    name = "word/_rels/document.xml.rels"
    for target in ("https://example.org/{{ x }}", "https://example.org/%7B%7B%20x%20%7D%7D"):
        link = f'<Relationship Id="rId9" Type="{OFFICE}hyperlink" Target="{target}" TargetMode="External"/></Relationships>'
        changed = {**parts, name: parts[name].replace("</Relationships>", link)}
        (fault,) = faults(zipped(changed))
        assert fault.startswith(
            "word/document.xml: template-forbidden: the link target “https://example.org/{{ x }}” holds a tag"
        )


def with_title(title: str) -> bytes:
    parts, name = rendered(raw(paragraph("x"))), "docProps/core.xml"
    assert parts[name].endswith("/>")
    return zipped({**parts, name: f"{parts[name][:-2]}><dc:title>{title}</dc:title></cp:coreProperties>"})


def test_core_properties_may_hold_tags_and_faults_in_them_are_placed() -> None:
    text = rendered(with_title("Paper {% if x %}{{ x }}{% endif %}!"), x="A <&>")["docProps/core.xml"]
    assert "<dc:title>Paper A &lt;&amp;&gt;!</dc:title>" in text
    place = "docProps/core.xml, “title”: template-tag: "
    assert faults(with_title("Paper {{ x")) == [f"{place}the tag “{{{{ x” is never closed"]
    assert faults(with_title("{% fi %}")) == [f"{place}“{{% fi %}}”: “fi” is not a statement"]


def test_a_tag_in_a_chart_is_reported() -> None:
    parts = raw_parts(paragraph("x"))
    assert faults(zipped({**parts, "word/charts/chart1.xml": "<c><t>{{ x }}</t></c>"})) == [
        "word/charts/chart1.xml: template-forbidden: a tag stands in a chart or diagram, which papergen does not fill in"
    ]


# Files that are no templates


def changed(name: str, old: str, new: str) -> bytes:
    parts = raw_parts(paragraph("x"))
    assert old in parts[name]
    return zipped({**parts, name: parts[name].replace(old, new)})


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (changed("[Content_Types].xml", "document.main", "template.main"), ": not-a-docx: it is a Word template (.dotx)"),
        (
            changed(
                "[Content_Types].xml",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.ms-word.document.macroEnabled",
            ),
            ": unsafe-docx: it holds macros (.docm or .dotm), which papergen does not carry into papers",
        ),
        (
            changed("[Content_Types].xml", "wordprocessingml.document.main", "spreadsheetml.sheet.main"),
            ": not-a-docx: it is not a Word document but another kind of Office file",
        ),
        (changed("_rels/.rels", "word/document.xml", "word/other.xml"), ": not-a-docx: it holds no Word document"),
        (changed("word/document.xml", "</w:p>", ""), "template-xml: this part is not well-formed XML"),
        (
            changed("word/document.xml", "<w:document", "<!DOCTYPE w:document [<!ENTITY a 'b'>]><w:document"),
            "template-xml: this part declares a document type",
        ),
        (
            changed("word/document.xml", NAMESPACES["w"], "http://purl.oclc.org/ooxml/wordprocessingml/main"),
            "not-a-docx: it is saved in Word's “Strict Open XML” form",
        ),
        (changed("word/document.xml", "w:body", "w:tail"), "word/document.xml: template-xml: the document has no body"),
        (zipped({**raw_parts(""), "word/document.xml": "\0"}), "template-xml: this part is not well-formed XML"),
    ],
)
def test_a_file_that_is_no_template_is_refused(data: bytes, fault: str) -> None:
    (found,) = faults(data)
    assert fault in found


def test_content_controls_nested_hundreds_deep_are_read() -> None:
    depth = 600
    deep = "<w:sdt><w:sdtContent>" * depth + run("{{ x }}") + "</w:sdtContent></w:sdt>" * depth
    assert ">1</w:t>" in body(raw(f"<w:p>{deep}</w:p>"), x=1)


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
