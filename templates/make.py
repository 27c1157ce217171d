"""Makes the two brands' Word templates: `python templates/make.py [folder]`, by default where they
stand.

The templates are ordinary Word files, and a council edits its own in Word. This script is where the
shipped ones come from, so that a change to both is one change, and so that their bytes can be
checked against their source.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from look import (
    CENTRAL_BEDFORDSHIRE,
    KEEP_WITH_NEXT,
    PLAIN,
    RECOMMENDATIONS,
    Look,
    base_styles,
    lists,
)
from wordml import (
    DECLARATION,
    Field,
    Style,
    Text,
    core_part,
    document_part,
    edge_part,
    font_part,
    indent,
    letters,
    numbered,
    numbering_part,
    paragraph,
    settings_part,
    spacing,
    styles_part,
    theme_part,
)


def tag(text: str) -> str:
    """A line that only steers, and is gone from the paper."""
    return paragraph("TemplateTag", text)


def label_line(label: str, value: str | Text) -> str:
    return paragraph("HeaderLabelBlock", Text(label, "HeaderLabel"), "\t", value)


def leading(written: str) -> str:
    """The paragraph, kept on one page with what it leads in."""
    return written.replace("</w:pPr>", "<w:keepNext/></w:pPr>", 1)


def when(condition: str, *content: str) -> str:
    return tag(f"{{%p if {condition} %}}") + "".join(content) + tag("{%p endif %}")


def each(names: str, *content: str) -> str:
    return tag(f"{{%p for {names} %}}") + "".join(content) + tag("{%p endfor %}")


SECTIONS = each("s in sections", paragraph("Heading1", "{{ s.heading }}"), tag("{{p s.body }}"))
APPENDICES = each(
    "a in appendix_sections",
    paragraph("AppendixHeading", "{{ a.mark }}: {{ a.heading }}"),
    tag("{{p a.body }}"),
)
RELATIONS = each("r in relations", paragraph("RelationLine", "{{ r.label }} {{ r.paper }}"))
# Local Government Act 1972, Schedule 12A; the public interest test is its Part 2, paragraph 10.
EXEMPT_UNDER = (
    "exempt information under {{ classification.exempt_count|plural('paragraph', 'paragraphs') }} "
    "{{ classification.exempt }} of Part 1 of Schedule 12A to the Local Government Act 1972"
)
AUTHOR = "{{ author|holder }}, {{ author|name }}"
NO_IMPLICATIONS = "There are none arising from this report."
# A label must end before the column of values begins: longer initials than these would push its
# value to the right.
ACTION_REQUIRED = (
    "Action required{% if board.initials and not board.initials[4:] %} by {{ board|initials }}{% "
    "endif %}:"
)


def stated_list(name: str, lead_in: str, entry: str) -> str:
    """A list that may be stated to be empty, or not be known."""
    return (
        tag(f"{{%p if {name}_none %}}")
        + paragraph("NumberedParagraph", "None.")
        + tag(f"{{%p elif {name} %}}")
        + leading(paragraph("NumberedParagraph", lead_in))
        + each(f"entry in {name}", paragraph("ListBullet", entry))
        + tag("{%p else %}")
        + paragraph("NumberedParagraph", f"{{{{ {name} }}}}")
        + tag("{%p endif %}")
    )


def given_list(heading: str, name: str, lead_in: str, entry: str) -> str:
    """The same under its heading, and nothing at all where the paper says nothing of it."""
    return (
        tag(f"{{%p if {name} %}}")
        + paragraph("Heading1", heading)
        + leading(paragraph("NumberedParagraph", lead_in))
        + each(f"entry in {name}", paragraph("ListBullet", entry))
        + tag(f"{{%p elif {name}_none %}}")
        + paragraph("Heading1", heading)
        + paragraph("NumberedParagraph", "None.")
        + tag("{%p endif %}")
    )


BACKGROUND_PAPERS = (
    "background_papers",
    "This report relies on the following background papers:",
    "{{ entry.title }}{% if entry.date %}, {{ entry.date }}{% endif %}",
)
ATTACHED = (
    "appendices",
    "The following are attached:",
    "Appendix {{ entry.letter }}: {{ entry.title }}",
)


def central_bedfordshire() -> tuple[str, list[Style]]:
    """The example's form: relation line, recipient line, five label lines, sections under
    un-numbered headings.
    """
    styles = [
        Style(
            "Recipient line",
            "RecipientLine",
            "HeaderLabelBlock",
            16,
            paragraph=spacing(after=12),
            run=letters(bold=True),
        ),
        Style(
            "Paper title",
            "PaperTitle",
            kind="character",
            priority=22,
            run=letters(CENTRAL_BEDFORDSHIRE.title, bold=True),
        ),
    ]
    body = (
        RELATIONS
        + paragraph("RecipientLine", "Report to {{ board }}")
        + when(
            "classification.exempt",
            paragraph("ClassificationLine", f"{{{{ classification.text }}}}: {EXEMPT_UNDER}"),
            when(
                "classification.public_interest",
                paragraph(
                    "ClassificationLine", "Public interest: {{ classification.public_interest }}"
                ),
            ),
        )
        + label_line("Title:", Text("{{ title }}", "PaperTitle"))
        + label_line("Date:", "{{ meeting.date }}")
        + when("item", label_line("Agenda item:", "{{ item }}"))
        + label_line("Author:", AUTHOR)
        + when(
            "contact",
            label_line(
                "Contact officer:",
                "{{ contact.post|holder }}, {{ contact.post.title }}, {{ contact.email }}"
                "{% if contact.telephone %}, {{ contact.telephone }}{% endif %}",
            ),
        )
        + label_line("On behalf of:", "{{ on_behalf_of|cap }}")
        + when("wards", label_line("Wards affected:", "{{ wards }}"))
        + label_line(ACTION_REQUIRED, "To {{ ask }}.")
        + SECTIONS
        # What the example has not, and other papers may: printed where the paper gives it, and no
        # gap where it does not.
        + each(
            "i in implications if i.given",
            paragraph("Heading1", "{{ i.heading }}"),
            tag("{%p if i.none %}"),
            paragraph("NumberedParagraph", NO_IMPLICATIONS),
            tag("{%p else %}"),
            tag("{{p i.body }}"),
            tag("{%p endif %}"),
        )
        + given_list("Background papers", *BACKGROUND_PAPERS)
        + given_list("Appendices", *ATTACHED)
        + APPENDICES
    )
    return body, styles


def plain() -> tuple[str, list[Style]]:
    """A neutral council form with all that the access-to-information rules ask of a paper."""
    styles = [
        Style("Recommendations lead-in", "RecommendationsLeadIn", "Recommendation", 16,
              paragraph=KEEP_WITH_NEXT + spacing(after=PLAIN.after)),
        Style("Recommendation", "Recommendation", priority=18, paragraph=numbered(RECOMMENDATIONS) + spacing(after=6)),
        Style("Unnumbered heading", "UnnumberedHeading", "Normal", 19, based_on="Heading1",
              paragraph='<w:numPr><w:numId w:val="0"/></w:numPr>' + indent(0)),
    ]  # fmt: skip
    body = (
        RELATIONS
        + paragraph("Title", "{{ title }}")
        + label_line("Report to:", "{{ board|cap }}")
        + label_line("Date of meeting:", "{{ meeting.date }}")
        + when("item", label_line("Agenda item:", "{{ item }}"))
        + label_line("Report of:", AUTHOR)
        + label_line(
            "Contact officer:",
            "{{ contact.post|holder }}{% if contact %}, {{ contact.post.title }}{% endif %}",
        )
        + when("contact", label_line("Email:", "{{ contact.email }}"))
        + when("contact.telephone", label_line("Telephone:", "{{ contact.telephone }}"))
        + label_line("Wards affected:", "{{ wards }}")
        + label_line("Classification:", "{{ classification.text }}")
        + when(
            "classification.exempt",
            label_line("Reason:", EXEMPT_UNDER[0].upper() + EXEMPT_UNDER[1:]),
            label_line("Public interest:", "{{ classification.public_interest }}"),
        )
        + paragraph("UnnumberedHeading", "Recommendations")
        + paragraph(
            "RecommendationsLeadIn",
            "{{ board|cap }} {% if board.verb == 'plural' %}are{% else %}is{% endif %} asked to:",
        )
        + each(
            "r in recommendations",
            paragraph(
                "Recommendation",
                (
                    "{{ r.verb }} {{ r.text }}{% if loop.last %}.{% elif loop.revindex == 2 %}; "
                    "and{% else %};{% endif %}"
                ),
            ),
        )
        + SECTIONS
        + paragraph("Heading1", "Implications")
        + each(
            "i in implications",
            paragraph("Heading2", "{{ i.heading }}"),
            tag("{%p if i.none %}"),
            paragraph("NumberedParagraph", NO_IMPLICATIONS),
            tag("{%p elif i.given %}"),
            tag("{{p i.body }}"),
            tag("{%p else %}"),
            paragraph("NumberedParagraph", "{{ i.body }}"),
            tag("{%p endif %}"),
        )
        + paragraph("Heading1", "Background papers")
        + stated_list(*BACKGROUND_PAPERS)
        + paragraph("Heading1", "Appendices")
        + stated_list(*ATTACHED)
        + APPENDICES
    )
    return body, styles


def footer() -> str:
    left = "{% if reference %}{{ reference }} – {% endif %}{{ short_title }}"
    # Word and LibreOffice count pages anew whenever they lay a footer out: what the fields show
    # here is never seen in either.
    return edge_part(
        "ftr",
        paragraph("Footer", f"{left}\tPage ", Field("PAGE", "1"), " of ", Field("NUMPAGES", "1")),
    )


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_RELATED = [
    "header1",
    "footer1",
    "footer2",
    "styles",
    "numbering",
    "settings",
    "fontTable",
    "theme/theme1",
]


def relationships(targets: list[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{DECLARATION}<Relationships xmlns="{_PACKAGE}relationships">{rows}</Relationships>'


def content_types(parts: list[str]) -> str:
    def content_type(part: str) -> str:
        if part == "docProps/core.xml":
            return "application/vnd.openxmlformats-package.core-properties+xml"
        if part.startswith("word/theme/"):
            return "application/vnd.openxmlformats-officedocument.theme+xml"
        stem = part.removeprefix("word/").removesuffix(".xml").rstrip("0123456789")
        return f"{_WORD}{'document.main' if stem == 'document' else stem}+xml"

    rows = "".join(
        f'<Override PartName="/{part}" ContentType="{content_type(part)}"/>' for part in parts
    )
    return (
        f'{DECLARATION}<Types xmlns="{_PACKAGE}content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def template(look: Look, form: Callable[[], tuple[str, list[Style]]]) -> bytes:
    """The whole .docx."""
    body, own_styles = form()
    styles = sorted(
        base_styles(look) + own_styles, key=lambda style: (not style.default, style.priority)
    )
    council = (
        "Central Bedfordshire Council"
        if look is CENTRAL_BEDFORDSHIRE
        else "{{ on_behalf_of|name }}"
    )
    parts = {
        "word/document.xml": document_part(body),
        "word/header1.xml": edge_part("hdr", paragraph("CouncilName", council)),
        "word/footer1.xml": footer(),
        "word/footer2.xml": footer(),
        "word/styles.xml": styles_part(styles, look.size),
        "word/numbering.xml": numbering_part(lists(look)),
        "word/settings.xml": settings_part(),
        "word/fontTable.xml": font_part(),
        "word/theme/theme1.xml": theme_part(look.colour),
        "docProps/core.xml": core_part(),
    }
    related = [
        (_OFFICE + name.split("/")[-1].rstrip("0123456789"), f"{name}.xml") for name in _RELATED
    ]
    core = (f"{_PACKAGE}relationships/metadata/core-properties", "docProps/core.xml")
    package = {
        "[Content_Types].xml": content_types(list(parts)),
        "_rels/.rels": relationships([(_OFFICE + "officeDocument", "word/document.xml"), core]),
        "word/_rels/document.xml.rels": relationships(related),
    } | parts
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in package.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # the same on every operating system
            archive.writestr(entry, text.encode(), compresslevel=9)
    return target.getvalue()


def main(folder: Path) -> None:
    for name, look, form in (
        ("central-bedfordshire", CENTRAL_BEDFORDSHIRE, central_bedfordshire),
        ("plain", PLAIN, plain),
    ):
        path = folder / name / "paper.docx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(template(look, form))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
