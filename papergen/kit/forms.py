"""The forms of the shipped brands: what their templates say, tag by tag."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from docx.document import Document

# Local Government Act 1972, Schedule 12A; the public interest test is its Part 2, paragraph 10.
_EXEMPT_UNDER = (
    "exempt information under {{ classification.exempt_count|plural('paragraph', 'paragraphs') }} "
    "{{ classification.exempt }} of Part 1 of Schedule 12A to the Local Government Act 1972"
)
_AUTHOR = "{{ author|holder }}, {{ author|name }}"
_NO_IMPLICATIONS = "There are none arising from this report."
# A label must end before the column of values begins: longer initials than these would push its
# value to the right.
_ACTION_REQUIRED = (
    "Action required{% if board.initials and not board.initials[4:] %} by {{ board|initials }}"
    "{% endif %}:"
)
_BACKGROUND_PAPERS = (
    "background_papers",
    "This report relies on the following background papers:",
    "{{ entry.title }}{% if entry.date %}, {{ entry.date }}{% endif %}",
)
_ATTACHED = (
    "appendices",
    "The following are attached:",
    "Appendix {{ entry.letter }}: {{ entry.title }}",
)


class Form:
    """The body of a template, written from top to bottom. Styles are given by name."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def line(self, style: str, text: str, *, leads: bool = False) -> None:
        """A paragraph; one that `leads` stays on one page with what follows."""
        paragraph = self._document.add_paragraph(text, style)
        if leads:
            paragraph.paragraph_format.keep_with_next = True

    def label(self, label: str, value: str, style: str | None = None) -> None:
        """A label and its value, in a character style if one is given."""
        paragraph = self._document.add_paragraph(style="Header label block")
        paragraph.add_run(label, "Header label")
        paragraph.add_run("\t")
        paragraph.add_run(value, style)

    def tag(self, text: str) -> None:
        """A line that only steers, and is gone from the paper."""
        self.line("Template tag", text)

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """What is written inside is printed where the condition holds."""
        self.tag(f"{{%p if {condition} %}}")
        yield
        self.tag("{%p endif %}")

    @contextmanager
    def each(self, names: str) -> Iterator[None]:
        """What is written inside is printed once for each: `"s in sections"`."""
        self.tag(f"{{%p for {names} %}}")
        yield
        self.tag("{%p endfor %}")


def write_central_bedfordshire(form: Form) -> None:
    """The example's form: relation line, recipient line, five label lines, sections under
    un-numbered headings.
    """
    _relations(form)
    form.line("Recipient line", "Report to {{ board }}")
    with form.when("classification.exempt"):
        form.line("Classification line", f"{{{{ classification.text }}}}: {_EXEMPT_UNDER}")
        with form.when("classification.public_interest"):
            form.line(
                "Classification line", "Public interest: {{ classification.public_interest }}"
            )
    form.label("Title:", "{{ title }}", "Paper title")
    form.label("Date:", "{{ meeting.date }}")
    with form.when("item"):
        form.label("Agenda item:", "{{ item }}")
    form.label("Author:", _AUTHOR)
    with form.when("contact"):
        form.label(
            "Contact officer:",
            "{{ contact.post|holder }}, {{ contact.post.title }}, {{ contact.email }}"
            "{% if contact.telephone %}, {{ contact.telephone }}{% endif %}",
        )
    form.label("On behalf of:", "{{ on_behalf_of|cap }}")
    with form.when("wards"):
        form.label("Wards affected:", "{{ wards }}")
    form.label(_ACTION_REQUIRED, "To {{ ask }}.")
    _sections(form)
    # What the example has not, and other papers may: printed where the paper gives it, and no gap
    # where it does not.
    with form.each("i in implications if i.given"):
        form.line("Heading 1", "{{ i.heading }}")
        form.tag("{%p if i.none %}")
        form.line("Numbered paragraph", _NO_IMPLICATIONS)
        form.tag("{%p else %}")
        form.tag("{{p i.body }}")
        form.tag("{%p endif %}")
    _given_list(form, "Background papers", *_BACKGROUND_PAPERS)
    _given_list(form, "Appendices", *_ATTACHED)
    _appendices(form)


def write_plain(form: Form) -> None:
    """A neutral council form with all that the access-to-information rules ask of a paper."""
    _relations(form)
    form.line("Title", "{{ title }}")
    form.label("Report to:", "{{ board|cap }}")
    form.label("Date of meeting:", "{{ meeting.date }}")
    with form.when("item"):
        form.label("Agenda item:", "{{ item }}")
    form.label("Report of:", _AUTHOR)
    form.label(
        "Contact officer:",
        "{{ contact.post|holder }}{% if contact %}, {{ contact.post.title }}{% endif %}",
    )
    with form.when("contact"):
        form.label("Email:", "{{ contact.email }}")
    with form.when("contact.telephone"):
        form.label("Telephone:", "{{ contact.telephone }}")
    form.label("Wards affected:", "{{ wards }}")
    form.label("Classification:", "{{ classification.text }}")
    with form.when("classification.exempt"):
        form.label("Reason:", _EXEMPT_UNDER[0].upper() + _EXEMPT_UNDER[1:])
        form.label("Public interest:", "{{ classification.public_interest }}")
    form.line("Unnumbered heading", "Recommendations")
    form.line(
        "Recommendations lead-in",
        "{{ board|cap }} {% if board.verb == 'plural' %}are{% else %}is{% endif %} asked to:",
    )
    with form.each("r in recommendations"):
        form.line(
            "Recommendation",
            "{{ r.verb }} {{ r.text }}{% if loop.last %}.{% elif loop.revindex == 2 %}; and"
            "{% else %};{% endif %}",
        )
    _sections(form)
    form.line("Heading 1", "Implications")
    with form.each("i in implications"):
        form.line("Heading 2", "{{ i.heading }}")
        form.tag("{%p if i.none %}")
        form.line("Numbered paragraph", _NO_IMPLICATIONS)
        form.tag("{%p elif i.given %}")
        form.tag("{{p i.body }}")
        form.tag("{%p else %}")
        form.line("Numbered paragraph", "{{ i.body }}")
        form.tag("{%p endif %}")
    form.line("Heading 1", "Background papers")
    _stated_list(form, *_BACKGROUND_PAPERS)
    form.line("Heading 1", "Appendices")
    _stated_list(form, *_ATTACHED)
    _appendices(form)


def _relations(form: Form) -> None:
    with form.each("r in relations"):
        form.line("Relation line", "{{ r.label }} {{ r.paper }}")


def _sections(form: Form) -> None:
    with form.each("s in sections"):
        form.line("Heading 1", "{{ s.heading }}")
        form.tag("{{p s.body }}")


def _appendices(form: Form) -> None:
    with form.each("a in appendix_sections"):
        form.line("Appendix heading", "{{ a.mark }}: {{ a.heading }}")
        form.tag("{{p a.body }}")


def _stated_list(
    form: Form,
    name: str,
    lead_in: str,
    entry: str,
) -> None:
    """A list that may be stated to be empty, or not be known."""
    form.tag(f"{{%p if {name}_none %}}")
    form.line("Numbered paragraph", "None.")
    form.tag(f"{{%p elif {name} %}}")
    _entries(form, name, lead_in, entry)
    form.tag("{%p else %}")
    form.line("Numbered paragraph", f"{{{{ {name} }}}}")
    form.tag("{%p endif %}")


def _given_list(
    form: Form,
    heading: str,
    name: str,
    lead_in: str,
    entry: str,
) -> None:
    """The same under its heading, and nothing at all where the paper says nothing of it."""
    form.tag(f"{{%p if {name} %}}")
    form.line("Heading 1", heading)
    _entries(form, name, lead_in, entry)
    form.tag(f"{{%p elif {name}_none %}}")
    form.line("Heading 1", heading)
    form.line("Numbered paragraph", "None.")
    form.tag("{%p endif %}")


def _entries(
    form: Form,
    name: str,
    lead_in: str,
    entry: str,
) -> None:
    form.line("Numbered paragraph", lead_in, leads=True)
    with form.each(f"entry in {name}"):
        form.line("List Bullet", entry)
