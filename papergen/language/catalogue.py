"""The gettext catalogues of papergen's own words.

This module loads Babel; a compiled program holds what it needs of the catalogues.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import babel
from babel.messages.pofile import read_po

from papergen.language.words import ENGLISH, Words

_CATALOGUES = Path(__file__).parent / "locales"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of a language, and the CLDR locale that goes with them."""

    words: Words
    cldr: babel.Locale

    @property
    def tag(self) -> str:
        """Language and region as BCP 47 has them: “en-GB”."""
        identifier = str(self.cldr)
        return identifier.replace("_", "-")


@cache
def read_catalogue(language: str = ENGLISH) -> Catalogue:
    """The catalogue of a language (an ISO 639 code). Its header names the CLDR locale.

    Raises ValueError for a language without a catalogue.
    """
    known = [folder.name for folder in _CATALOGUES.iterdir()]
    if language not in known:
        raise ValueError(f"papergen does not write “{language}” yet")
    path = _CATALOGUES / language / "LC_MESSAGES" / "papergen.po"
    with path.open("rb") as file:
        catalogue = read_po(file)
    if catalogue.locale is None:
        raise ValueError(f"the catalogue of “{language}” names no CLDR locale in its header")

    messages: dict[str, dict[str, str]] = {}
    for message in catalogue:
        if not message.id:
            continue
        context = message.context or ""
        in_context = messages.setdefault(context, {})
        in_context[str(message.id)] = str(message.string)
    words = Words(
        numbers=tuple(messages["number"].values()),
        ordinals=tuple(messages["ordinal"].values()),
        ordinals_in_figures=messages["ordinal in figures"],
        labels=messages["label"],
        **messages[""],
    )
    return Catalogue(words, catalogue.locale)
