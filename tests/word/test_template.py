"""The engine alone, through its public door: `papergen.word.Template`."""

from __future__ import annotations

import io
import threading
from typing import Any

import docx
import pytest
from docxtpl import DocxTemplate, InlineImage, Listing, RichText

from papergen.errors import TemplateError
from papergen.word import Template


def template(*paragraphs: str, cell: str = "") -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if cell:
        document.add_table(rows=1, cols=1).cell(0, 0).paragraphs[0].text = cell
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def texts(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]


def faults(made: Template, **values: Any) -> list[str]:
    with pytest.raises(TemplateError) as found:
        made.render(values)
    return [f"{problem.code}: {problem.message}" for problem in found.value.problems]


def test_values_come_out_as_the_characters_they_are() -> None:
    made = Template(template("{{ x }}"))
    assert texts(made.render({"x": "a & <b> \"c\" 'd' {{ e }} {% f %} ]]>\tg\nh"})) == [
        "a & <b> \"c\" 'd' {{ e }} {% f %} ]]>\tg\nh"
    ]


@pytest.mark.parametrize("kind", [RichText("a"), Listing("a\nb")])
@pytest.mark.parametrize("tag", ["{{ x }}", "{{r x }}", "{{p x }}"])
def test_a_docxtpl_value_of_text_is_printed_in_every_tag(kind: object, tag: str) -> None:
    assert "".join(texts(Template(template(tag)).render({"x": kind}))) in ("a", "a\nb")


@pytest.mark.parametrize("tag", ["{{ x }}", "{{r x }}", "{{p x }}"])
def test_a_docxtpl_picture_that_is_not_there_says_so_with_its_place(tag: str) -> None:
    kind = InlineImage(DocxTemplate(io.BytesIO(template(""))), "a.png")
    with pytest.raises(TemplateError) as found:
        Template(template(f"{tag}")).render({"x": kind})
    (problem,) = found.value.problems
    assert problem.code == "template-value"
    assert "a.png" in problem.message
    assert problem.where is not None
    assert tag in str(problem.where)


@pytest.mark.parametrize("colour", ["red", "", "#12345", "12345G", '"/>', "FFFFFF FFFFFF", 5])
def test_a_cell_takes_no_colour_that_word_would_have_to_repair(colour: object) -> None:
    made = Template(template(cell="{% cellbg x %}text"))
    assert faults(made, x=colour) == [
        f"template-value: “{str(colour).removeprefix('#')}” is not a colour"
    ]


def test_a_colour_may_begin_with_a_number_sign() -> None:
    made = Template(template(cell="{% cellbg x %}text"))
    cell = docx.Document(io.BytesIO(made.render({"x": "#92D050"}))).tables[0].cell(0, 0)
    assert 'w:fill="92D050"' in cell._tc.xml


@pytest.mark.parametrize("columns", [0, -1, "two", "1.5", 64, "²"])
def test_a_cell_spans_no_number_of_columns_that_word_would_have_to_repair(columns: object) -> None:
    made = Template(template(cell="{% colspan x %}text"))
    assert faults(made, x=columns) == [f"template-value: a cell cannot span “{columns}” columns"]


def test_all_faults_of_a_run_are_found_at_once() -> None:
    made = Template(template("{{ nowhere }}", "{{ x.nothing }}", "{{ x }}"))
    assert set(faults(made, x={"a": 1})) == {
        "template-name: “nowhere” is not defined",
        "template-name: “nothing” is not defined",
        "template-value: a group of fields cannot be printed",
    }


def test_one_template_serves_many_threads() -> None:
    made = Template(template("{%p for i in items %}", "{{ i }} {{ name }}", "{%p endfor %}"))
    expected = {n: made.render({"items": range(50), "name": f"n{n}"}) for n in range(8)}
    found: dict[int, list[bytes]] = {n: [] for n in range(8)}

    def work(n: int) -> None:
        for _ in range(20):
            found[n].append(made.render({"items": range(50), "name": f"n{n}"}))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(set(found[n]) == {expected[n]} for n in range(8))
