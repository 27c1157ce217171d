"""The core properties of a paper, for file managers, search engines and screen readers."""

from __future__ import annotations

from papergen.dates import PartialDate


def core_properties(
    *,
    title: str,
    creator: str,
    language: str,
    day: PartialDate,
) -> str:
    """`docProps/core.xml` (ISO/IEC 29500-2, 11), of texts that are XML character data already.

    Dates are the first moment of `day`. The part is written whole, without the template's author.
    """
    moment = f"{day.first.isoformat()}T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator><cp:lastModifiedBy>{creator}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
        f"<dc:language>{language}</dc:language></cp:coreProperties>"
    )
