"""Elements of WordprocessingML for what python-docx has no interface for."""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.text.paragraph import Paragraph


def element(name: str, /, *children: Any, **values: object) -> Any:
    """The element w:`name` with these children, and `values` as its attributes."""
    made: Any = OxmlElement(f"w:{name}")
    for key, value in values.items():
        made.set(qn(f"w:{key}"), str(value))
    made.extend(children)
    return made


def refill(root: Any, *children: Any) -> None:
    """Give an element these children in the place of its own, and no attributes."""
    root.attrib.clear()
    for child in list(root):
        root.remove(child)
    root.extend(children)


def add_field(paragraph: Paragraph, instruction: str, shows: str) -> None:
    """Add a field that Word keeps up to date, and what it shows until then."""
    instruction_text = element("instrText")
    instruction_text.text = f" {instruction} "
    instruction_text.set(qn("xml:space"), "preserve")
    for content in (
        element("fldChar", fldCharType="begin"),
        instruction_text,
        element("fldChar", fldCharType="separate"),
    ):
        paragraph.add_run()._r.append(content)
    paragraph.add_run(shows)
    paragraph.add_run()._r.append(element("fldChar", fldCharType="end"))
