"""The shipped brands' Word templates: `python -m papergen.kit.make FOLDER` makes them anew.

They are ordinary Word files, and a council edits its own in Word. This is where the shipped ones
come from, so that a change to both is one change, and so that their content can be checked.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from lxml import etree

from papergen.kit.forms import Form, write_central_bedfordshire, write_plain
from papergen.kit.lists import write_lists
from papergen.kit.look import CENTRAL_BEDFORDSHIRE, PLAIN, Look
from papergen.kit.page import blank_document, write_edges, write_settings
from papergen.kit.style_specs import (
    StyleSpec,
    brand_styles,
    central_bedfordshire_styles,
    plain_styles,
)
from papergen.kit.styles import write_styles
from papergen.word.package import CONTENT_TYPES, Member, content, read_package, write_package
from papergen.word.tree import MC

_DEFLATED = 8  # the zip file's word for it


@dataclass(frozen=True, slots=True)
class ShippedBrand:
    """A shipped brand: its look, what its first page names as the council, its own styles beside
    those of both brands, and its form.
    """

    look: Look
    council: str
    styles: Callable[[Look], list[StyleSpec]]
    write_form: Callable[[Form], None]


BRANDS: Mapping[str, ShippedBrand] = {
    "central-bedfordshire": ShippedBrand(
        CENTRAL_BEDFORDSHIRE,
        "Central Bedfordshire Council",
        central_bedfordshire_styles,
        write_central_bedfordshire,
    ),
    "plain": ShippedBrand(PLAIN, "{{ on_behalf_of|name }}", plain_styles, write_plain),
}


def make_brands(folder: Path) -> None:
    """Write `paper.docx` of each shipped brand into its folder under `folder`."""
    for name, brand in BRANDS.items():
        path = folder / name / "paper.docx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(template(brand))


def template(brand: ShippedBrand) -> bytes:
    """The brand's whole .docx. The same brand gives the same bytes."""
    document = blank_document()
    write_styles(document, brand.look, [*brand_styles(brand.look), *brand.styles(brand.look)])
    write_lists(document, brand.look)
    write_edges(document, brand.council)
    write_settings(document, brand.look)
    brand.write_form(Form(document))
    saved = BytesIO()
    document.save(saved)
    members = read_package(saved.getvalue(), "paper.docx")
    order = [f"/{member.name}" for member in members]
    return write_package([_plain(member, order) for member in members])


def _plain(member: Member, order: Sequence[str]) -> Member:
    """The member without namespaces that it does not use, compressed as far as it goes.

    The content types are in the order of the parts.
    """
    root = etree.fromstring(content(member))
    root.attrib.pop(f"{{{MC}}}Ignorable", None)  # it names namespaces that go now
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"])
    if member.name == CONTENT_TYPES:
        defaults = [node for node in root if node.get("PartName") is None]
        overrides = [node for node in root if node.get("PartName") is not None]
        root[:] = defaults + sorted(overrides, key=lambda node: order.index(node.get("PartName")))
    data = etree.tostring(root, encoding="UTF-8", standalone=True)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    return Member(member.name, _DEFLATED, zlib.crc32(data), len(data), packed)


if __name__ == "__main__":
    make_brands(Path(sys.argv[1]))
