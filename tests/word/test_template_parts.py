"""Templates as Word writes them: runs, what Word leaves for itself, places where no tag may stand,
and other files.
"""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from template_cases import (
    NAMESPACES,
    OFFICE,
    Case,
    body,
    cases,
    expressions,
    faults,
    paragraph,
    raw,
    raw_parts,
    rendered,
    root,
    run,
    zipped,
)

from papergen.engine.pieces import Context
from papergen.word.package import content
from papergen.word.template import compile_template

# Runs


def test_a_tag_takes_the_properties_of_the_run_it_starts_in() -> None:
    bold = "<w:rPr><w:b/></w:rPr>"
    data = raw(
        f"<w:p><w:r><w:t>A</w:t></w:r><w:r>{bold}<w:t>{{{{ x</w:t></w:r><w:r><w:t> }}}} "
        "B</w:t></w:r></w:p>"
    )
    (expression,) = expressions(data)
    assert (expression.source, expression.properties, expression.context) == (
        "x",
        bold,
        Context.TEXT,
    )
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
    text = (
        "<w:p><w:r/><w:r><w:t>a {b} "
        "c</w:t></w:r></w:p><w:tbl><w:tblGrid><w:gridCol/></w:tblGrid></w:tbl><w:p/>"
    )
    assert body(raw(text)) == text


TEXT = (
    "“A” {{ names|join(“, ”) }}{% if x %} b\u00a0{{ 'c' }}{% else %}d{% endif %}{# e #} {%- if x "
    "%}f{% endif -%} g"
)


@given(st.lists(st.integers(1, len(TEXT) - 1)))
def test_where_word_cuts_runs_makes_no_difference(places: list[int]) -> None:
    edges = [0, *sorted(set(places)), len(TEXT)]
    runs = "".join(run(TEXT[start:end]) for start, end in itertools.pairwise(edges))
    for x, expected in ((True, "“A” a, b b\u00a0cfg"), (False, "“A” a, bdg")):
        text = body(raw(f"<w:p>{runs}</w:p>"), names=["a", "b"], x=x)
        assert "".join(etree.fromstring(root("body", text).encode()).itertext()) == expected


# What Word leaves for itself


def test_edit_marks_and_comments_are_left_out() -> None:
    data = raw(
        '<w:p w:rsidR="00A1B2C3" w:rsidRDefault="00A1B2C3" w14:paraId="1A2B3C4D" '
        'w14:textId="77777777">'
        '<w:proofErr w:type="spellStart"/>'
        '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd '
        'w:id="0"/><w:commentRangeStart w:id="1"/>'
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
        '<w:zoom w:percent="100"/><w:attachedTemplate r:id="rId1"/><w:mailMerge/><w:updateFields '
        'w:val="true"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" '
        'w:val="12"/></w:compat>'
        '<w:docVars><w:docVar w:name="Author" w:val="A Clerk"/></w:docVars><w:rsids><w:rsidRoot '
        'w:val="00A1B2C3"/></w:rsids>'
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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, '<w:lang w:val="cy-GB"/>'),
        (
            '<w:sz w:val="24"/><w:specVanish/>',
            '<w:sz w:val="24"/><w:lang w:val="cy-GB"/><w:specVanish/>',
        ),
        ('<w:lang w:val="en-GB" w:bidi="ar-SA"/>', '<w:lang w:val="cy-GB" w:bidi="ar-SA"/>'),
    ],
)
def test_text_and_theme_are_in_the_language_of_the_brand(before: str | None, after: str) -> None:
    def defaults(properties: str) -> str:
        return f"<w:docDefaults><w:rPrDefault><w:rPr>{properties}</w:rPr></w:rPrDefault></w:docDefaults>"

    style = (
        '<w:style w:type="paragraph" w:styleId="F"><w:rPr><w:lang w:val="fr-FR"/></w:rPr></w:style>'
    )
    data = raw(paragraph("x"), styles=("" if before is None else defaults(before)) + style)
    template = compile_template(data, "t.docx", language="cy-GB")
    parts = {member.name: content(member).decode() for member in template.members}
    assert defaults(after) + style in parts["word/styles.xml"]
    assert '<w:themeFontLang w:val="cy-GB"/>' in parts["word/settings.xml"]


def test_parts_about_the_template_itself_are_left_out() -> None:
    parts = raw_parts(paragraph("x"))
    office = "http://schemas.openxmlformats.org/"
    extra = {
        "docProps/app.xml": f"{office}officeDocument/2006/relationships/extended-properties",
        "docProps/custom.xml": f"{office}officeDocument/2006/relationships/custom-properties",
        "docProps/thumbnail.jpeg": f"{office}package/2006/relationships/metadata/thumbnail",
    }
    added = "".join(
        f'<Relationship Id="x{number}" Type="{kind}" Target="{name}"/>'
        for number, (name, kind) in enumerate(extra.items())
    )
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(
        "</Relationships>", f"{added}</Relationships>"
    )
    written = rendered(
        zipped(
            {
                **parts,
                **dict.fromkeys(extra, "<Properties><Company>A Council</Company></Properties>"),
                "stray.xml": "<a/>",
            }
        )
    )
    assert set(written) == {
        *(
            "[Content_Types].xml",
            "_rels/.rels",
            "word/_rels/document.xml.rels",
            "word/document.xml",
            "word/settings.xml",
        ),
        *("docProps/app.xml", "docProps/core.xml"),
    }
    assert not any("A Council" in text for text in written.values())
    targets = set(
        re.findall(
            'Target="([^"]+)"', written["_rels/.rels"] + written["word/_rels/document.xml.rels"]
        )
    )
    assert targets == {"word/document.xml", "docProps/app.xml", "docProps/core.xml", "settings.xml"}


def test_other_prefixes_become_the_usual_ones() -> None:
    parts = raw_parts(paragraph("{{ x }}"))
    document = (
        parts["word/document.xml"]
        .replace("<w:", "<x:")
        .replace("</w:", "</x:")
        .replace("xmlns:w=", "xmlns:x=")
    )
    assert body(zipped({**parts, "word/document.xml": document}), x=1) == f"<w:p>{run('1')}</w:p>"


def test_a_part_in_utf_16_is_read() -> None:
    parts = raw_parts(paragraph("{{ x }} é"))
    encoded = {name: text.encode() for name, text in parts.items()}
    encoded["word/document.xml"] = (
        parts["word/document.xml"].replace("UTF-8", "UTF-16").encode("utf-16")
    )
    assert body(zipped(encoded), x=1) == f"<w:p>{run('1 é')}</w:p>"


# Where no tag may stand


@pytest.mark.parametrize("case", cases("places.txt"), ids=lambda case: case.name)
def test_tags_that_cannot_stand_there_are_reported(case: Case) -> None:
    assert "\n".join(faults(raw(case.parts["body"].replace("\n", "")))) == case.parts["problems"]


def test_a_link_target_made_of_data_is_reported() -> None:
    parts = raw_parts(paragraph("x"))
    name = "word/_rels/document.xml.rels"
    for target in ("https://example.org/{{ x }}", "https://example.org/%7B%7B%20x%20%7D%7D"):
        link = (
            f'<Relationship Id="rId9" Type="{OFFICE}hyperlink" Target="{target}" '
            'TargetMode="External"/></Relationships>'
        )
        changed = {**parts, name: parts[name].replace("</Relationships>", link)}
        (fault,) = faults(zipped(changed))
        assert fault.startswith(
            "word/document.xml: template-forbidden: the link target “https://example.org/{{ x "
            "}}” holds a tag"
        )


def with_title(title: str) -> bytes:
    parts, name = rendered(raw(paragraph("x"))), "docProps/core.xml"
    assert parts[name].endswith("/>")
    return zipped(
        {**parts, name: f"{parts[name][:-2]}><dc:title>{title}</dc:title></cp:coreProperties>"}
    )


def test_core_properties_may_hold_tags_and_faults_in_them_are_placed() -> None:
    text = rendered(with_title("Paper {% if x %}{{ x }}{% endif %}!"), x="A <&>")[
        "docProps/core.xml"
    ]
    assert "<dc:title>Paper A &lt;&amp;&gt;!</dc:title>" in text
    place = "docProps/core.xml, “title”: template-tag: "
    assert faults(with_title("Paper {{ x")) == [f"{place}the tag “{{{{ x” is never closed"]
    assert faults(with_title("{% fi %}")) == [f"{place}“{{% fi %}}”: “fi” is not a statement"]


def test_a_tag_in_a_chart_is_reported() -> None:
    parts = raw_parts(paragraph("x"))
    assert faults(zipped({**parts, "word/charts/chart1.xml": "<c><t>{{ x }}</t></c>"})) == [
        (
            "word/charts/chart1.xml: template-forbidden: a tag stands in a chart or diagram, "
            "which papergen does not fill in"
        )
    ]


# Files that are no templates


def changed(name: str, old: str, new: str) -> bytes:
    parts = raw_parts(paragraph("x"))
    assert old in parts[name]
    return zipped({**parts, name: parts[name].replace(old, new)})


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (
            changed("[Content_Types].xml", "document.main", "template.main"),
            ": not-a-docx: it is a Word template (.dotx)",
        ),
        (
            changed(
                "[Content_Types].xml",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.ms-word.document.macroEnabled",
            ),
            (
                ": unsafe-docx: it holds macros (.docm or .dotm), which papergen does not carry "
                "into papers"
            ),
        ),
        (
            changed(
                "[Content_Types].xml", "wordprocessingml.document.main", "spreadsheetml.sheet.main"
            ),
            ": not-a-docx: it is not a Word document but another kind of Office file",
        ),
        (
            changed("_rels/.rels", "word/document.xml", "word/other.xml"),
            ": not-a-docx: it holds no Word document",
        ),
        (
            changed("word/document.xml", "</w:p>", ""),
            "template-xml: this part is not well-formed XML",
        ),
        (
            changed(
                "word/document.xml",
                "<w:document",
                "<!DOCTYPE w:document [<!ENTITY a 'b'>]><w:document",
            ),
            "template-xml: this part declares a document type",
        ),
        (
            changed(
                "word/document.xml",
                NAMESPACES["w"],
                "http://purl.oclc.org/ooxml/wordprocessingml/main",
            ),
            "not-a-docx: it is saved in Word's “Strict Open XML” form",
        ),
        (
            changed("word/document.xml", "w:body", "w:tail"),
            "word/document.xml: template-xml: the document has no body",
        ),
        (
            zipped({**raw_parts(""), "word/document.xml": "\0"}),
            "template-xml: this part is not well-formed XML",
        ),
    ],
)
def test_a_file_that_is_no_template_is_refused(data: bytes, fault: str) -> None:
    (found,) = faults(data)
    assert fault in found


def test_content_controls_nested_hundreds_deep_are_read() -> None:
    depth = 600
    deep = "<w:sdt><w:sdtContent>" * depth + run("{{ x }}") + "</w:sdtContent></w:sdt>" * depth
    assert ">1</w:t>" in body(raw(f"<w:p>{deep}</w:p>"), x=1)
