"""How the shipped brands' templates are made."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.shared import Twips

from papergen.kit.lists import bullet_levels, number_levels
from papergen.kit.look import CENTRAL_BEDFORDSHIRE, PLAIN, cm
from papergen.kit.make import BRANDS, make_brands, template
from papergen.kit.style_specs import brand_styles
from papergen.word.reader import read_paper

for_each_brand = pytest.mark.parametrize("name", BRANDS)


def test_brands_are_written_into_folders_of_their_names(tmp_path: Path) -> None:
    make_brands(tmp_path / "new" / "templates")
    made = {
        str(path.relative_to(tmp_path / "new" / "templates")): path.read_bytes()
        for path in tmp_path.rglob("*.docx")
    }
    assert made == {f"{name}/paper.docx": template(brand) for name, brand in BRANDS.items()}


@for_each_brand
def test_python_docx_reads_the_page_and_the_styles_that_were_asked_for(
    name: str, tmp_path: Path
) -> None:
    make_brands(tmp_path)
    document = docx.Document(str(tmp_path / name / "paper.docx"))
    section = document.sections[0]
    assert (section.page_width, section.page_height) == (Twips(11906), Twips(16838))
    assert section.header_distance == Twips(cm(1.25))
    assert section.different_first_page_header_footer
    brand = BRANDS[name]
    specs = [*brand_styles(brand.look), *brand.styles(brand.look)]
    written = {style.element.name_val: style for style in document.styles}
    assert set(written) == {spec.name for spec in specs}
    for spec in specs:
        style = written[spec.name]
        assert (style.style_id, style.priority, style.quick_style) == (
            spec.id,
            spec.priority,
            spec.gallery,
        )
    assert len(document.styles.latent_styles) == 0


@for_each_brand
def test_a_template_is_read_back_with_its_tags_and_numbers(name: str) -> None:
    paper = read_paper(template(BRANDS[name]), name)
    lines = {each.text: each for each in paper.document}
    heading = lines["{{ s.heading }}"]
    assert (heading.heading, heading.style) == (1, "Heading 1")
    assert bool(heading.number) == BRANDS[name].look.decimal
    assert {each.number for each in paper.document if each.style == "Template tag"} == {""}
    footers = [each for each in paper.paragraphs if each.story == "footer"]
    assert [[field.instruction for field in each.fields] for each in footers] == [
        ["PAGE", "NUMPAGES"]
    ] * 2


def test_no_prefix_is_named_that_is_not_declared() -> None:
    from validity import open_package

    for brand in BRANDS.values():
        for name, root in open_package(template(brand)).parts.items():
            assert not [key for key in root.attrib if key.endswith("}Ignorable")], name
            assert set(root.nsmap) <= {None, "w", "r", "a", "cp", "dc"}, name


def test_lists_have_as_many_levels_as_word() -> None:
    for look in (PLAIN, CENTRAL_BEDFORDSHIRE):
        assert len(number_levels(look)) == 9
        assert len(bullet_levels(look)) == 8
