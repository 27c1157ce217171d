"""Templates written as lines of text, for tests: one line a paragraph, made into a .docx, and a
.docx read back as such lines.

`| a | b |` is a row; rows that follow each other are one table; `\\n` in a cell starts a paragraph.
`¦` is where Word has cut a run in two. `[Style] text` names the paragraph's style; `header: text`
and `footer: text` stand there. A case file has cases that begin with `### what it shows`, and in
them parts that begin with `--- name`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import docx
import places
import pytest
import yaml
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from papergen.engine.pieces import Expression, Piece
from papergen.errors import Location, TemplateError
from papergen.word import Template
from papergen.word.template import CompiledTemplate, compile_template

CASES = places.CASES / "templates"


@dataclass(frozen=True)
class Case:
    name: str
    parts: dict[str, str]

    @property
    def values(self) -> dict[str, Any]:
        return yaml.safe_load(self.parts.get("values", "")) or {}


def cases(file: str) -> list[Case]:
    found = []
    for text in re.split(r"^### ", (CASES / file).read_text(encoding="utf-8"), flags=re.MULTILINE)[
        1:
    ]:
        name, _, body = text.partition("\n")
        pieces = re.split(r"^--- (\w+)\n", body, flags=re.MULTILINE)
        found.append(
            Case(
                name.strip(),
                {
                    key: value.rstrip("\n")
                    for key, value in zip(pieces[1::2], pieces[2::2], strict=True)
                },
            )
        )
    return found


def build(text: str) -> bytes:
    """The .docx of a template in lines of text."""
    document = docx.Document()
    rows: list[list[str]] = []
    for line in [*text.split("\n"), None]:
        if line is not None and line.startswith("|"):
            rows.append(
                [cell.strip() for cell in re.split(r"(?<= )\|(?= )", f" {line.strip('|')} ")]
            )
            continue
        if rows:
            _table(document, rows)
            rows = []
        if line is None:
            break
        where, _, rest = line.partition(": ")
        if where in ("header", "footer"):
            story = getattr(document.sections[0], where)
            story.is_linked_to_previous = False
            _fill(story.paragraphs[0], rest)
        else:
            _fill(document.add_paragraph(), line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _table(document: Document, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), max(map(len, rows)))
    for row, texts in zip(table.rows, rows, strict=True):
        for spare in row._tr.findall(qn("w:tc"))[len(texts) :]:
            row._tr.remove(spare)
        for cell, text in zip(row.cells, texts, strict=False):
            first, *more = text.split("\\n")
            _fill(cell.paragraphs[0], first)
            for line in more:
                _fill(cell.add_paragraph(), line)


def _fill(paragraph: Paragraph, text: str) -> None:
    styled = re.match(r"\[([\w ]+)\] ?", text)
    if styled:
        paragraph.style = styled[1]
        text = text[styled.end() :]
    for number, run in enumerate(text.split("¦")):
        made = paragraph.add_run(run)
        if number % 2:
            made.bold = True


def read(data: bytes) -> str:
    """The lines of a document, with those of its header and footer where it has its own."""
    document = docx.Document(io.BytesIO(data))
    lines = []
    for name in ("header", "footer"):
        story = getattr(document.sections[0], name)
        if not story.is_linked_to_previous:
            lines += [f"{name}: {paragraph.text}" for paragraph in story.paragraphs]
    for block in document.iter_inner_content():
        lines += [_text(block)] if isinstance(block, Paragraph) else list(_rows(block))
    return "\n".join(lines)


def _rows(table: Table) -> Iterator[str]:
    for row in table._tbl.tr_lst:
        cells = [
            r"\n".join(_text(Paragraph(p, table)) for p in cell.findall(qn("w:p")))
            for cell in row.findall(qn("w:tc"))
        ]
        yield f"| {' | '.join(cells)} |"


def _text(paragraph: Paragraph) -> str:
    return paragraph.text.replace("\n", "⏎").replace("\t", "⇥")


def docxtpl_text(template: bytes, values: dict[str, Any]) -> str:
    """What docxtpl makes of the template, plainly used."""
    import docxtpl

    made = docxtpl.DocxTemplate(io.BytesIO(template))
    made.render(values, autoescape=True)
    out = io.BytesIO()
    made.save(out)
    return read(out.getvalue())


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
}


def root(name: str, inner: str, attributes: str = "") -> str:
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:{name} '
        f"{declared}{attributes}>{inner}</w:{name}>"
    )


def raw(body: str, **stories: str) -> bytes:
    """A .docx of this body in WordprocessingML; `header1=…`, `footnotes=…`, `styles=…` are the
    insides of other parts.
    """
    return zipped(raw_parts(body, **stories))


def raw_parts(body: str, **stories: str) -> dict[str, str]:
    parts = {"word/document.xml": root("document", f"<w:body>{body}</w:body>")}
    types = [f'<Override PartName="/word/document.xml" ContentType="{WORD}document.main+xml"/>']
    relations = []
    names = {"header": "hdr", "footer": "ftr"}
    for number, (story, inner) in enumerate(stories.items(), 1):
        kind = story.rstrip("0123456789")
        parts[f"word/{story}.xml"] = root(names.get(kind, kind), inner)
        types.append(f'<Override PartName="/word/{story}.xml" ContentType="{WORD}{kind}+xml"/>')
        relations.append(
            f'<Relationship Id="rId{number}" Type="{OFFICE}{kind}" Target="{story}.xml"/>'
        )
    package = "http://schemas.openxmlformats.org/package/2006/"
    return {
        "[Content_Types].xml": f'<Types xmlns="{package}content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join(types)}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{package}relationships">{"".join(relations)}</Relationships>'
        ),
        **parts,
    }


def zipped(parts: dict[str, str] | dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def unzipped(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


W = f"{{{NAMESPACES['w']}}}"
WHERE = Location("t.docx")


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{run(text)}</w:p>"


def compiled(data: bytes, *, every_paragraph: bool = False) -> CompiledTemplate:
    return compile_template(data, "t.docx", language="en-GB", every_paragraph=every_paragraph)


def pieces(
    data: bytes, name: str = "word/document.xml", *, every_paragraph: bool = False
) -> tuple[Piece, ...]:
    return next(
        part.pieces
        for part in compiled(data, every_paragraph=every_paragraph).parts
        if part.name == name
    )


def expressions(data: bytes, name: str = "word/document.xml") -> list[Expression]:
    return [piece for piece in pieces(data, name) if isinstance(piece, Expression)]


def rendered(data: bytes, **values: object) -> dict[str, str]:
    return unzipped(Template(data).render(values))


def body(data: bytes, **values: object) -> str:
    """The inside of the body, without the namespaces that the part's root declares."""
    found = re.search(
        r"<w:body>(.*)</w:body>", rendered(data, **values)["word/document.xml"], re.DOTALL
    )
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
