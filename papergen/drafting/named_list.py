"""The list of actions that a plan names, read by what the plan, its register and the paper say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from papergen.dates import PartialDate
from papergen.model.action_list import ActionsFrom
from papergen.model.rating import RagScheme
from papergen.readers.document import SourceDocument
from papergen.workbook.listed import ListedActions
from papergen.workbook.read_list import read_action_list
from papergen.workbook.settings import ListSettings, settings_of


def actions_group(plan: SourceDocument | None) -> ActionsFrom | None:
    """What a plan has under `actions:`; None where it has nothing there.

    None too where that is wrong or doubtful: the plan's own validation reports it.
    """
    path = ("actions",)
    if plan is None or (path in plan.doubtful and path not in plan.comments):
        return None
    group = plan.value.get("actions") if isinstance(plan.value, Mapping) else None
    if group is None or (isinstance(group, str) and not group.strip()):
        return None
    try:
        return ActionsFrom.model_validate(group)
    except ValidationError:
        return None


def read_named_list(
    data: bytes,
    source: str,
    *,
    group: ActionsFrom | None,
    plan: SourceDocument | None,
    bodies: SourceDocument | None,
    as_at: PartialDate,
    until: PartialDate | None = None,
) -> ListedActions:
    """The list that these bytes are.

    `source`: what messages call it. `group`: how to read it. `until`: the day of the last meeting.

    Raises PapergenError where the file cannot be read or holds no list.
    """
    register = bodies.value if bodies is not None else None
    return read_action_list(
        data,
        source,
        as_at=as_at,
        settings=settings_of(group) if group is not None else ListSettings(),
        register=register if isinstance(register, Mapping) else None,
        scheme=_rating_scheme(plan, bodies),
        until=until,
    )


def _rating_scheme(plan: SourceDocument | None, bodies: SourceDocument | None) -> RagScheme | None:
    """The plan's rating scheme, if the register has one of that id that can be read."""
    name = _value(plan, "rag_scheme")
    schemes = _value(bodies, "rag_schemes")
    for scheme in schemes if isinstance(schemes, list) else ():
        if not isinstance(scheme, Mapping) or name is None or scheme.get("id") != name:
            continue
        try:
            return RagScheme.model_validate(scheme)
        except ValidationError:
            return None  # whoever loads the paper reports what is wrong with the scheme
    return None


def _value(document: SourceDocument | None, name: str) -> Any:
    if document is None or not isinstance(document.value, Mapping):
        return None
    return document.value.get(name)
