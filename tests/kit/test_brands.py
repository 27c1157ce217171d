"""The shipped brands: what their Word templates look like, read from the files themselves."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree
from places import ROOT
from template_reader import (
    TEMPLATES,
    W,
    by_name,
    contrast,
    lists,
    members,
    paragraphs,
    part,
    style_of,
    styles,
    text_of,
    text_parts,
    val,
)

from papergen.engine.tags import TagKind, scan
from papergen.model.brand import Brand

BRANDS = ["central-bedfordshire", "plain"]
CM = 567
TEXT_STYLES = {
    "Normal",
    "NumberedParagraph",
    "SubParagraph",
    "SubSubParagraph",
    "ListBullet",
    "ListBullet2",
    "ListContinue",
}
NAMES = {
    *(
        "Normal",
        "Title",
        "heading 1",
        "heading 2",
        "heading 3",
        "Numbered paragraph",
        "Sub-paragraph",
        "Sub-sub-paragraph",
    ),
    *(
        "List Bullet",
        "List Bullet 2",
        "List Continue",
        "Table text",
        "Table heading",
        "Header label block",
        "Relation line",
    ),
    *("footer", "header", "Hyperlink", "annotation text", "annotation reference", "caption"),
}

for_each_brand = pytest.mark.parametrize("name", BRANDS)


@cache
def brand(name: str) -> Brand:
    source = (TEMPLATES / name / "brand.yaml").read_text(encoding="utf-8")
    return Brand.model_validate(
        yaml.load(source, Loader=yaml.BaseLoader)
    )  # every scalar as its text, as papergen reads


# The files


def test_the_maker_makes_the_committed_files(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        subprocess.run(
            [sys.executable, "-B", "-m", "papergen.kit.make", str(tmp_path / folder)],
            check=True,
            cwd=ROOT,
        )
    for name in BRANDS:
        made, again = (
            (tmp_path / folder / name / "paper.docx").read_bytes() for folder in ("first", "second")
        )
        assert made == again
        # Compressed bytes may differ between builds of zlib; what is compressed may not.
        assert listing(tmp_path / "first" / name / "paper.docx") == listing(
            TEMPLATES / name / "paper.docx"
        )


def listing(path: Path) -> list[tuple[str, tuple[int, ...], int, bytes]]:
    with zipfile.ZipFile(path) as archive:
        return [
            (entry.filename, entry.date_time, entry.compress_type, archive.read(entry))
            for entry in archive.infolist()
        ]


@for_each_brand
def test_validators_find_nothing(name: str) -> None:
    from ooxml_integrity import check
    from openxml_audit import OpenXmlValidator

    path = str(TEMPLATES / name / "paper.docx")
    assert OpenXmlValidator().validate(path).errors == []
    assert list(check(path)) == []


@for_each_brand
def test_the_package_holds_nothing_of_another_programs_default_document(name: str) -> None:
    assert set(members(name)) == {
        *(
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/core.xml",
            "word/_rels/document.xml.rels",
            "word/document.xml",
        ),
        *(
            "word/header1.xml",
            "word/footer1.xml",
            "word/footer2.xml",
            "word/styles.xml",
            "word/numbering.xml",
        ),
        *("word/settings.xml", "word/fontTable.xml", "word/theme/theme1.xml"),
    }
    properties = {
        etree.QName(node).localname: node.text for node in part(name, "docProps/core.xml")
    }
    assert properties == {"title": "Committee paper", "language": "en-GB"}


@for_each_brand
def test_word_opens_it_in_its_present_mode(name: str) -> None:
    settings = {
        node.get(f"{W}name"): node.get(f"{W}val")
        for node in part(name, "word/settings.xml").iter(f"{W}compatSetting")
    }
    assert settings["compatibilityMode"] == "15"


# The brand file


@for_each_brand
def test_the_brand_file_fits_its_template(name: str) -> None:
    read = brand(name)
    assert read.template == "paper.docx"
    assert read.reference_word == "paragraph"
    known = {style.name.lower(): style.kind for style in styles(name).values()}
    for role, style_name in read.styles:
        assert known.get(style_name.lower()) == ("character" if role == "link" else "paragraph"), (
            role
        )
    fill = next(part(name, "word/styles.xml").iter(f"{W}shd")).get(f"{W}fill")
    assert read.table.header_fill == fill


@for_each_brand
def test_the_brand_file_has_words_for_every_relation_and_classification(name: str) -> None:
    from papergen.model.paper import Relation

    relations = Relation.model_fields["relation"].annotation.__args__  # type: ignore[union-attr]
    assert {*relations, "public", "exempt"} <= set(brand(name).labels)


@for_each_brand
def test_headings_are_in_sentence_case(name: str) -> None:
    headings = [str(section.heading) for section in brand(name).sections]
    typed = [
        text_of(p) for _, p in paragraphs(name) if "eading" in style_of(p) and "{" not in text_of(p)
    ]
    for heading in headings + typed:
        assert heading[0].isupper()
        assert heading[1:] == heading[1:].lower()


# The look


@for_each_brand
def test_every_style_a_brand_promises_is_there(name: str) -> None:
    assert {style.name for style in styles(name).values()} >= NAMES


@for_each_brand
def test_styles_in_use_exist(name: str) -> None:
    for path in text_parts(name):
        for node in part(name, path).iter(f"{W}pStyle", f"{W}rStyle"):
            assert node.get(f"{W}val") in styles(name)


@for_each_brand
def test_the_style_gallery_shows_what_an_officer_uses_and_nothing_else(name: str) -> None:
    shown = {
        val(node, "name")
        for node in part(name, "word/styles.xml").iter(f"{W}style")
        if node.find(f"{W}qFormat") is not None
    }
    assert {
        "Normal",
        "heading 1",
        "heading 2",
        "Numbered paragraph",
        "Sub-paragraph",
        "List Bullet",
        "Table text",
    } <= shown
    assert not shown & {
        "Template tag",
        "annotation text",
        "Default Paragraph Font",
        "header",
        "footer",
    }
    latent = part(name, "word/styles.xml").find(f"{W}latentStyles")
    assert (latent.get(f"{W}defSemiHidden"), latent.get(f"{W}defQFormat"), len(latent)) == (
        "1",
        "0",
        0,
    )


@for_each_brand
def test_headings_are_headings_to_a_screen_reader(name: str) -> None:
    for level in (1, 2, 3):
        heading = by_name(name, f"heading {level}")
        assert heading.get("outlineLvl") == str(level - 1)
        assert heading.has("keepNext")
        assert heading.bold
    assert 13 <= by_name(name, "heading 1").points <= 14


@for_each_brand
def test_every_font_is_arial(name: str) -> None:
    for path, content in members(name).items():
        assert b"asciiTheme" not in content, path
        if path.startswith("word/") and path.endswith(".xml") and "theme" not in path:
            fonts = {
                value for node in part(name, path).iter(f"{W}rFonts") for value in _fonts(node)
            }
            assert fonts <= {"Arial"}, path
    theme = part(name, "word/theme/theme1.xml")
    assert {node.get("typeface") for node in theme.iter("{*}latin")} == {"Arial"}
    assert [node.get(f"{W}name") for node in part(name, "word/fontTable.xml")] == ["Arial"]
    assert styles(name)["Normal"].get("rFonts", "ascii") == "Arial"


def _fonts(node: Any) -> list[str]:
    return [value for key, value in node.attrib.items() if not key.endswith("hint")]


@for_each_brand
def test_every_language_is_british_english(name: str) -> None:
    found = [
        node
        for path in ("word/styles.xml", "word/settings.xml")
        for node in part(name, path).iter(f"{W}lang", f"{W}themeFontLang")
    ]
    assert len(found) == 2
    assert {node.get(f"{W}val") for node in found} == {"en-GB"}
    assert brand(name).language == "en-GB"


@for_each_brand
def test_text_is_set_for_reading(name: str) -> None:
    for style_id in TEXT_STYLES:
        style = styles(name)[style_id]
        assert style.points in (11, 12), style_id
        assert (style.get("spacing", "line"), style.get("spacing", "lineRule")) == (
            "276",
            "auto",
        ), style_id
        assert 6 * 20 <= int(style.get("spacing", "after")) <= 8 * 20, style_id
        assert style.has("widowControl"), style_id
    for style in styles(name).values():
        assert style.get("jc", default="left") == "left", style.name
        assert not style.has("caps"), style.name


@for_each_brand
def test_the_page_is_a4_with_margins_of_two_and_a_half_centimetres(name: str) -> None:
    section = part(name, "word/document.xml").find(f"{W}body/{W}sectPr")
    size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")
    assert {margins.get(f"{W}{side}") for side in ("top", "right", "bottom", "left")} == {"1417"}


@for_each_brand
def test_every_colour_stands_out_from_its_background(name: str) -> None:
    tint = brand(name).table.header_fill
    assert contrast("000000", tint) >= 4.5
    assert styles(name)["TableHeading"].get("color", default="000000") == "000000"
    coloured = [style for style in styles(name).values() if style.get("color")]
    assert coloured
    for style in coloured:
        assert contrast(style.get("color"), "FFFFFF") >= 4.5, style.name
    rules = {
        node.get(f"{W}color") for node in part(name, "word/styles.xml").iterfind(f".//{W}pBdr/*")
    }
    assert all(contrast(colour, "FFFFFF") >= 3 for colour in rules)  # WCAG 2.2, 1.4.11


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("767676", "FFFFFF") == pytest.approx(4.54, abs=0.01)


@for_each_brand
def test_nothing_is_larger_than_the_title(name: str) -> None:
    title = next(p for _, p in paragraphs(name) if "{{ title }}" in text_of(p))
    runs = {node.get(f"{W}val") for node in title.iter(f"{W}rStyle")} or {style_of(title)}
    sizes = {style.points for style in styles(name).values() if style.id != "Title"}
    assert styles(name)[(runs - {"HeaderLabel"}).pop()].points >= max(sizes)


@for_each_brand
def test_no_paragraph_is_blank(name: str) -> None:
    blank = [path for path, paragraph in paragraphs(name) if not text_of(paragraph).strip()]
    assert blank == []


@for_each_brand
def test_labels_and_values_are_paragraphs_with_one_tab_and_a_hanging_indent(name: str) -> None:
    style = by_name(name, "Header label block")
    column = style.get("tab", "pos")
    assert column == style.get("ind", "left") == style.get("ind", "hanging")
    assert (name, round(int(column) / CM, 1)) in {("central-bedfordshire", 5.5), ("plain", 4.5)}
    lines = [p for _, p in paragraphs(name) if style_of(p) == "HeaderLabelBlock"]
    for line in lines:
        label, value = text_of(line).split("\t")
        assert label.endswith(":")
        assert value
        first = next(line.iter(f"{W}r"))
        assert first.find(f"{W}rPr/{W}rStyle").get(f"{W}val") == "HeaderLabel"
    assert styles(name)["HeaderLabel"].bold
    assert not any(True for _ in part(name, "word/document.xml").iter(f"{W}tbl"))


def test_central_bedfordshire_has_the_five_labels_of_the_example_and_those_a_paper_may_need() -> (
    None
):
    depth = 0
    always, sometimes = [], []
    for _, paragraph in paragraphs("central-bedfordshire"):
        text = text_of(paragraph)
        depth += text.startswith(("{%p if", "{%p for")) - text.startswith("{%p end")
        if style_of(paragraph) == "HeaderLabelBlock":
            (sometimes if depth else always).append(text.split("\t")[0])
    required = (
        "Action required{% if board.initials and not board.initials[4:] %} by {{ board|initials "
        "}}{% endif %}:"
    )
    assert always == ["Title:", "Date:", "Author:", "On behalf of:", required]
    assert sometimes == ["Agenda item:", "Contact officer:", "Wards affected:"]


def test_what_leads_into_the_recommendations_has_a_style_of_its_own() -> None:
    used = [
        style_of(paragraph)
        for _, paragraph in paragraphs("plain")
        if text_of(paragraph).endswith("asked to:")
    ]
    assert used == ["RecommendationsLeadIn"]
    assert by_name("plain", "Recommendations lead-in").has("keepNext")


@for_each_brand
def test_every_page_ends_with_its_title_and_number(name: str) -> None:
    references = part(name, "word/document.xml").iter(f"{W}footerReference")
    assert sorted(node.get(f"{W}type") for node in references) == ["default", "first"]
    footers = [path for path in text_parts(name) if "footer" in path]
    assert len({members(name)[path] for path in footers}) == 1
    root = part(name, footers[0])
    kinds = [node.get(f"{W}fldCharType") for node in root.iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"] * 2
    assert [node.text.strip() for node in root.iter(f"{W}instrText")] == ["PAGE", "NUMPAGES"]
    left, right = text_of(root).split("\t")
    assert "{{ short_title }}" in left
    assert re.fullmatch(r"Page \d of \d", right)
    footer = by_name(name, "footer")
    assert (footer.points, footer.get("tab", "val"), int(footer.get("tab", "pos"))) == (
        9,
        "right",
        11906 - 2 * 1417,
    )


# The numbers

EXPECTED_LISTS = {
    "central-bedfordshire": [
        ("decimal", "%1", "NumberedParagraph"),
        ("lowerLetter", "(%2)", "SubParagraph"),
        ("lowerRoman", "(%3)", "SubSubParagraph"),
    ],
    "plain": [
        ("decimal", "%1", "Heading1"),
        ("decimal", "%1.%2", "NumberedParagraph"),
        ("lowerLetter", "(%3)", "SubParagraph"),
        ("lowerRoman", "(%4)", "SubSubParagraph"),
    ],
}


@for_each_brand
def test_paragraphs_are_levels_of_one_list(name: str) -> None:
    levels = lists(name)["1"]
    styled = [(level.format, level.text, level.style) for level in levels if level.style]
    assert styled == EXPECTED_LISTS[name]
    for depth, (_, _, style) in enumerate(styled):
        assert (styles(name)[style].get("numId"), styles(name)[style].get("ilvl")) == (
            "1",
            str(depth),
        )
    assert len(levels) == 9


@for_each_brand
def test_a_full_reference_to_a_sub_paragraph_would_carry_no_stray_full_stop(name: str) -> None:
    assert not [level.text for level in lists(name)["1"] if level.text.endswith(".")]


@for_each_brand
def test_numbers_hang_in_a_column_of_about_a_centimetre(name: str) -> None:
    levels = lists(name)["1"]
    for level in levels:
        assert 0.9 * CM <= level.text_at - level.at <= 1.3 * CM
    texts = [level for level in levels if level.style != "Heading1"]
    assert texts[0].at == 0
    for outer, inner in pairwise(texts):
        assert inner.at == outer.text_at


@for_each_brand
def test_bullets_hang_one_step_in_and_are_characters_of_arial(name: str) -> None:
    numbers, bullets = lists(name)["1"], lists(name)["2"]
    assert [(level.format, level.text, level.style) for level in bullets] == [
        ("bullet", "•", "ListBullet"),
        ("bullet", "–", "ListBullet2"),
        *[("bullet", "•", ""), ("bullet", "–", "")] * 3,
    ], "as deep as a text may nest them"
    assert {inner.text_at - outer.text_at for outer, inner in pairwise(bullets)} == {
        bullets[0].text_at // 2
    }
    sub = next(level for level in numbers if level.style == "SubParagraph")
    assert bullets[0].text_at == sub.text_at == int(styles(name)["ListContinue"].get("ind", "left"))
    assert bullets[0].at > sub.at
    for style, depth in (("ListBullet", "0"), ("ListBullet2", "1")):
        assert (styles(name)[style].get("numId"), styles(name)[style].get("ilvl")) == ("2", depth)
    fonts = [
        value
        for node in part(name, "word/numbering.xml").iter(f"{W}rFonts")
        for value in _fonts(node)
    ]
    assert len(fonts) == 3 * len(bullets)
    assert set(fonts) == {"Arial"}


def test_the_heading_before_the_first_section_takes_no_number() -> None:
    heading = styles("plain")["UnnumberedHeading"]
    assert (heading.get("numId"), heading.get("outlineLvl"), heading.get("ind", "left")) == (
        "0",
        "0",
        "0",
    )


# The tags


@for_each_brand
def test_every_tag_is_whole_and_every_control_stands_alone(name: str) -> None:
    for path, paragraph in paragraphs(name):
        text = text_of(paragraph)
        tags, faults = scan(text, prefixes=True)
        assert not faults, (path, text)
        for tag in tags:
            if tag.prefix:
                assert (tag.start, tag.end) == (0, len(text)), text
        is_tag_line = any(tag.prefix for tag in tags)
        assert is_tag_line == (style_of(paragraph) == "TemplateTag"), text


@for_each_brand
def test_controls_are_closed_in_the_order_they_were_opened(name: str) -> None:
    for path in text_parts(name):
        opened: list[str] = []
        for paragraph in part(name, path).iter(f"{W}p"):
            for tag in scan(text_of(paragraph), prefixes=True)[0]:
                if tag.kind is not TagKind.STATEMENT:
                    continue
                word = tag.body.split()[0]
                if word.startswith("end"):
                    assert opened.pop() == word.removeprefix("end")
                elif word in ("if", "for"):
                    opened.append(word)
        assert not opened


@for_each_brand
def test_sections_are_printed_one_after_another_under_their_headings(name: str) -> None:
    texts = [text_of(paragraph) for _, paragraph in paragraphs(name)]
    start = texts.index("{%p for s in sections %}")
    assert texts[start : start + 4] == [
        "{%p for s in sections %}",
        "{{ s.heading }}",
        "{{p s.body }}",
        "{%p endfor %}",
    ]


def test_the_council_is_typed_in_its_own_brand_and_a_field_in_the_neutral_one() -> None:
    heads = {name: text_of(part(name, "word/header1.xml")) for name in BRANDS}
    assert heads == {
        "central-bedfordshire": "Central Bedfordshire Council",
        "plain": "{{ on_behalf_of|name }}",
    }
