"""A document as a model, or all that is wrong with it.

What only a faulty file needs is in `validation_errors`, and loaded for one.
"""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from papergen.errors import Problem, in_order
from papergen.readers.document import SourceDocument

M = TypeVar("M", bound=BaseModel)


def validate(model: type[M], document: SourceDocument) -> tuple[M | None, list[Problem]]:
    """The model of the document's values; or None and all that is wrong, each at its place.

    A `PydanticCustomError` whose type is a message code of `papergen.errors.REGISTRY` gives a
    problem of that code, with the `hint` of its context; with an `offset` (into the text) it is
    located at that character. Nothing is reported of values that are doubtful: the model may be
    None without a problem.
    """
    lost: list[Problem] = []
    if document.comments:
        lost = _swallowed(model, document)
    try:
        value = model.model_validate(document.value)
    except ValidationError as faults:
        from papergen.readers.validation_errors import problems_of

        problems = problems_of(model, document, faults)
        return None, in_order([*problems, *lost])
    if lost:
        return None, lost
    return value, []


def _swallowed(model: type[BaseModel], document: SourceDocument) -> list[Problem]:
    """A problem for each text with a comment behind it, which was most likely part of the text."""
    from papergen.readers.annotations import Shape

    shape = Shape.of(model)
    problems = []
    for path, (start, end) in document.comments.items():
        value = document.text[start:end]
        if path not in document.doubtful and shape.is_free_text(path, value):
            from papergen.readers.diagnosis import swallowed

            problem = swallowed(document.text, document.source, start, end)
            problems.append(problem)
    return problems
