"""JSON Schemas for editors, which complete and check a file while it is written."""

from __future__ import annotations

from typing import Any

from papergen.model.base import Model
from papergen.model.bodies import Bodies
from papergen.model.brand import Brand
from papergen.model.paper import Paper
from papergen.model.plan import Plan

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILES: dict[str, tuple[type[Model], str]] = {
    "plan": (Plan, "papergen: a plan (plan.yaml)"),
    "bodies": (Bodies, "papergen: a register of bodies, posts and people (bodies.yaml)"),
    "paper": (Paper, "papergen: a committee paper (paper.yaml)"),
    "brand": (Brand, "papergen: a house style (brand.yaml)"),
}
_ALONE = {"Section": "text", "Implication": "text", "ActionsFrom": "file"}
"""The models for which the value of one field may be given alone."""


def json_schemas() -> dict[str, dict[str, Any]]:
    """The schema of each file, by its name without `.yaml`."""
    return {name: _schema(model, title) for name, (model, title) in FILES.items()}


def _schema(model: type[Model], title: str) -> dict[str, Any]:
    made = model.model_json_schema(by_alias=True, mode="validation")
    definitions = made.get("$defs", {})
    for definition in (made, *definitions.values()):
        if "description" in definition:  # a docstring, broken into lines for those who read code
            definition["description"] = " ".join(definition["description"].split())
    if "Body" in definitions:
        _one_name(definitions["Body"])
    if "Action" in definitions:
        # The list of actions may have the text; an editor does not know the list.
        definitions["Action"]["required"].remove("text")
    for name, field in _ALONE.items():
        if name in definitions:
            definitions[name] = _field_alone(definitions[name], field)
    _allow_bare_numbers(made)
    return {"$schema": DIALECT, **made, "title": title}


def _one_name(body: dict[str, Any]) -> None:
    """`name: X` is short for `names: [{name: X}]`."""
    body["properties"]["name"] = {
        "type": "string",
        "title": "name",
        "description": "Its one name, without its article.",
    }
    body["required"].remove("names")
    body["anyOf"] = [{"required": ["names"]}, {"required": ["name"]}]


def _field_alone(definition: dict[str, Any], name: str) -> dict[str, Any]:
    """The value of the field alone is short for the group."""
    field = definition["properties"][name]
    short = field.get("oneOf", [{"type": field.get("type"), "title": field["title"]}])
    return {"description": definition["description"], "anyOf": [*short, definition]}


def _allow_bare_numbers(schema: Any) -> None:
    """Editors read an unquoted 2013 or 1.3 as a number, papergen as the text that it is."""
    if isinstance(schema, dict):
        if schema.get("type") == "string" and "enum" not in schema and "const" not in schema:
            schema["type"] = ["string", "number"]
        schema = list(schema.values())
    if isinstance(schema, list):
        for inner in schema:
            _allow_bare_numbers(inner)
