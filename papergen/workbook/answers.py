"""The answers that a reading asks for, as the lines of plan.yaml to paste."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from papergen.model.action_list import HiddenParts
from papergen.workbook.reading import Answer, Certainty, Entry, Reading
from papergen.workbook.settings import plain
from papergen.workbook.yaml_text import block, flow

CHOICES = {
    "sheets": "the sheets that are read",
    "heading_row": "the number of the row that holds the headings",
    "columns": "by field, the heading of its column or its letters; or none",
    "unused_columns": "the letters of columns that are not read",
    "statuses": (
        "complete, in-progress, not-started, suspended, cancelled, open (not complete), not-due "
        "or not-known (a gap)"
    ),
    "ratings": (
        "a code of the plan's rag_scheme, unrated, complete, not-due or not-known (not printed)"
    ),
    "owners": "the id of a post, body or person, or as-written",
    "due_dates": "a date such as 2026-03-31 or 2026-03, or as-written",
    "settle": (
        "complete, in-progress, not-started, suspended, cancelled, open (not complete), not-due "
        "or not-known (a gap)"
    ),
    "rows": "by number of a row: action, title or skip",
    "hidden": "skip or read; or rows, columns and sheets, each skip or read",
    "struck_through": "cancelled, read or skip",
    "blank_workstreams": "above (that of the row above) or none",
    "dates": "day-first or month-first",
    "full_mark": "whole (1 is 100 %), percent (1 is 1 %) or not-known",
}
"""What each setting of `ListSettings` may be, for people."""

OF_PLAN = ("rag_scheme",)
"""The answers that are lines of the plan itself, and not of its group `actions:`."""

_OF_REGISTER = "a scheme of bodies.yaml: `papergen read --register` prints one to paste there"
_LISTS = ("sheets", "unused_columns")
"""The settings that are lists."""


def answers_yaml(reading: Reading, file: str = "", given: Any = None) -> str:
    """The lines of plan.yaml that answer the questions of a reading: its whole `actions:` group.

    `file`: the list as the plan names it; its bare name, if not given. `given`: what the plan has
    under `actions:` so far, to which the answers are added.
    """
    group: dict[str, Any] = {"file": file or reading.source.replace("\\", "/").rpartition("/")[2]}
    if isinstance(given, Mapping):
        group |= given
    answers = answers_of(entry for entry in reading.entries if entry.level is not Certainty.NOTE)
    of_plan = {name: answers.pop(name) for name in OF_PLAN if name in answers}
    for setting, value in answers.items():
        group[setting] = _with(setting, group.get(setting), value)
    lines = lines_of(of_plan | group, commented=answers)
    if of_plan and "rag_schemes:" in reading.register:
        lines.insert(0, f"# {_OF_REGISTER}")
    return "\n".join(lines) + "\n"


def lines_of(answers: Mapping[str, Any], commented: Collection[str] | None = None) -> list[str]:
    """The lines of plan.yaml that have these answers by setting, each with what else it may be.

    `commented`: the settings of which that is said; else all.
    """
    beside = [f"{name}: {flow(answers[name])}" for name in OF_PLAN if name in answers]
    group = {name: value for name, value in answers.items() if name not in OF_PLAN}
    if not group:
        return beside
    settings = group if commented is None else commented
    comments = {name: CHOICES[name] for name in settings if name in CHOICES}
    return [*beside, "actions:", *block(group, "  ", comments)]


def answer_line(entry: Entry, most: int | None = None) -> str:
    """The answers to one question on one line: at most so many, and how many more there are."""
    answers = entry.answers[:most]
    more = len(entry.answers) - len(answers)
    group = answers_of([Entry(entry.kind, 0, (), answers=answers)])
    text = ", ".join(f"{setting}: {flow(value)}" for setting, value in group.items())
    return f"{text} and {more:,} more" if more else text


def choices_of(entry: Entry, settings: Collection[str] | None = None) -> str:
    """What the answers to one question may be. `settings`: those of which it is said; else all."""
    named = dict.fromkeys(answer.setting for answer in entry.answers)
    choices = [
        CHOICES[setting]
        for setting in named
        if setting in CHOICES and (settings is None or setting in settings)
    ]
    return "; ".join(choices)


def answers_of(entries: Iterable[Entry]) -> dict[str, Any]:
    """The answers of entries by setting: a text, a list of texts, or texts by key.

    Of several values for one thing, the first; names are compared as a plan's reader compares them.
    """
    found: dict[str, Any] = {}
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        for answer in entry.answers:
            name = answer.setting, plain(answer.key)
            if name not in seen or answer.setting in _LISTS:
                _add(found, answer)
            seen.add(name)
    return found


def _add(found: dict[str, Any], answer: Answer) -> None:
    setting = answer.setting
    if answer.key:
        keys = found.setdefault(setting, {})
        if isinstance(keys, dict):
            keys[answer.key] = answer.value
    elif setting in _LISTS:
        values = found.setdefault(setting, [])
        if isinstance(values, list) and answer.value not in values:
            values.append(answer.value)
    else:
        found.setdefault(setting, answer.value)


def _with(setting: str, given: Any, value: Any) -> Any:
    """What the plan gives for a setting, with the answers to it: they hold where both say
    something. Names are compared without regard to case and spaces.
    """
    if isinstance(value, list):
        before = given if isinstance(given, list) else [given]
        return [*(each for each in before if each is not None and each not in value), *value]
    if not isinstance(given, Mapping):
        return value
    if setting == "hidden" and isinstance(value, str):
        # What is given of single parts is not asked any more; the answer is for the others.
        return dict.fromkeys(HiddenParts.model_fields, value) | dict(given)
    if not isinstance(value, dict):
        return value
    answered = {plain(key) for key in value}
    kept = {key: each for key, each in given.items() if plain(str(key)) not in answered}
    return kept | value
