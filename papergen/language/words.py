"""The words that papergen itself prints into papers, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ENGLISH = "en"
"""The language that papers are written in, as an ISO 639 code."""


@dataclass(frozen=True, slots=True)
class Words:
    """The messages of a language's catalogue: `locales/en/LC_MESSAGES/papergen.po` describes each.

    A text with names in braces is a form, for `str.format`.
    """

    numbers: tuple[str, ...]
    """Whole numbers, from 0 on."""
    ordinals: tuple[str, ...]
    """Places in an order, from 1 on."""
    ordinals_in_figures: Mapping[str, str]
    """Forms by CLDR's plural category."""
    labels: Mapping[str, str]
    """Labels of forms by their key, for those that a brand leaves out."""
    reference: str
    table: str
    phase: str
    article: str
    possessive: str
    possessive_after_s: str
    unrated: str
    unknown: str
    unknown_fact: str
    unknown_comment: str
    missing_field: str
    missing_month: str
    missing_then: str
    missing_holder: str
    missing_last_meeting: str
    missing_next_meeting: str

    def possessive_of(self, name: str) -> str:
        """The name with its mark of possession: “the Council’s”, “Children’s Services’”.

        An abbreviation in capitals takes its own s: “the NHS’s”.
        """
        form = self.possessive
        if name.endswith("s"):
            form = self.possessive_after_s
        return form.format(name=name)
