"""YAML as values with places: a subset, in which every scalar is its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import yaml

from papergen.errors import Problem
from papergen.readers.characters import Disguise, disguise, forbidden_in, without_forbidden
from papergen.readers.composer import YamlComposer
from papergen.readers.document import SourceDocument

_MAX_REPAIRS = 30

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str, source: str) -> tuple[SourceDocument | None, list[Problem]]:
    """The values of `text`, and all the faults that can be found at once.

    Where faults affect nothing but single values, the document is what was meant, with these values
    `doubtful`; else it is None. A plain scalar is its text (`NO`, `1.10`, `null` and `2012-07` stay
    as typed); left empty, or `~`, it is None. Not read: tags, merge keys, several documents, keys
    that are not text. Aliases may expand to `composer.MAX_ALIASED` values in all.

    A comment after an unquoted text of more than one word is a fault, since it is most often not
    meant as one: `Report on item # 5`. So is one that begins with a digit: `Item #5`. After a
    single word it is a comment, `kind: addendum # why`, and listed in `comments`: the model decides
    whether the word is a text, or an id or a date.
    """
    text = text.removeprefix("\ufeff")
    disguised = disguise(text)
    problems = forbidden_in(text, source)
    if disguised.back:
        # Characters that no file can hold are reported already; the rest is read without them.
        back = {code: without_forbidden(real) for code, real in disguised.back.items()}
        disguised = Disguise(disguised.text, back)
    readable = disguised.text
    composer = YamlComposer(text, source, disguised)
    fault = composer.read(readable, _LOADER)
    is_safe = True
    spans: list[tuple[int, int]] = []
    while fault is not None and fault.span is not None and len(problems) < _MAX_REPAIRS:
        problems.append(fault.problem)
        is_safe &= fault.safe
        readable = _repaired(readable, fault.span, comment=fault.comment)
        if not fault.comment:
            spans.append(fault.span)
        composer = YamlComposer(text, source, disguised, spans)
        fault = composer.read(readable, _LOADER)
    problems += composer.problems
    if fault is not None:
        problems.append(fault.problem)
        return None, problems
    if not (is_safe and composer.whole):
        return None, problems
    return _document(composer, problems), problems


def _repaired(text: str, span: tuple[int, int], *, comment: bool) -> str:
    """The text with a harmless word, or a comment, in place of a span that has a fault."""
    start, end = span
    blank = re.sub(r"\S", "x", text[start:end])
    if comment:
        blank = "#" + blank[1:]
    return text[:start] + blank + text[end:]


def _document(composer: YamlComposer, problems: Sequence[Problem]) -> SourceDocument:
    document = SourceDocument(
        source=composer.source,
        value=composer.value,
        places=composer.places,
        key_places=composer.key_places,
        text=composer.text,
        texts=composer.texts,
    )
    if not (problems or composer.comments):
        return document
    return replace(
        document,
        comments=composer.comments,
        doubtful=frozenset(composer.doubtful),
        aside=tuple(composer.aside),
    )
