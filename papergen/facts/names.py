"""The names that a template and a narrative may use, for one board's paper.

`docs/template-tags.md` lists them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from papergen.dates import PartialDate
from papergen.engine.render import PhraseText
from papergen.engine.values import Anchor, Gap
from papergen.facts.records import Record
from papergen.facts.simple_values import Day, Fields, not_printable
from papergen.facts.store import Data
from papergen.facts.view import MeetingView
from papergen.language.locale import NO_BREAK


@dataclass(frozen=True, slots=True)
class BrandWords:
    """What a template's names take from its brand.

    These are labels, and the headings of sections and implications by id.
    """

    labels: Mapping[str, str]
    headings: Mapping[str, str]
    implications: Mapping[str, str]


class Group:
    """The things of one kind by id: `body.hwb`, `post.chief_executive`.

    A hyphen of an id is written as an underscore.
    """

    __slots__ = ("_kind", "_known", "_view")

    def __init__(self, kind: str, view: MeetingView) -> None:
        self._kind = kind
        self._view = view
        self._known: dict[str, Record] = {}

    def look_up(self, name: str) -> Any:
        known = self._known.get(name)
        if known is not None:
            return known
        things = self._things()
        data = things.get(name)
        if data is None:
            hyphenated = name.replace("_", "-")
            data = things.get(hyphenated)
        if data is None:
            return NotImplemented
        found = self._view.record(data)
        self._known[name] = found
        return found

    def _things(self) -> dict[str, Data]:
        return self._view.store.index.get(self._kind, {})

    def __str__(self) -> str:
        raise not_printable(self)

    def field_names(self) -> list[str]:
        return [id_.replace("-", "_") for id_ in self._things()]

    def __iter__(self) -> Iterator[Record]:
        return iter(self._view.all(self._kind))


GROUPS = {
    "body": "body",
    "post": "post",
    "person": "person",
    "phase": "phase",
    "workstream": "workstream",
    "action": "action",
    "inspection": "inspection",
    "judgement": "judgement",
    "requirement": "requirement",
    "decision": "decision",
    "meetings": "meeting",
    "milestone": "milestone",
    "dependency": "dependency",
    "commitment": "commitment",
    "risk": "risk",
    "scheme": "scheme",
}
"""The kinds by the name of their group: their own, but for meetings (`meeting` is this board's)."""

NARRATIVE_NAMES = ("plan", "paper", "board", "meeting", "as_at", "values", "ask")
TEMPLATE_NAMES = (
    "title",
    "short_title",
    "reference",
    "relations",
    "item",
    "author",
    "on_behalf_of",
    "contact",
    "classification",
    "wards",
    "recommendations",
    "implications",
    "background_papers",
    "background_papers_none",
    "appendices",
    "appendices_none",
    "sections",
    "section",
    "appendix_sections",
    "labels",
)


def narrative_names(view: MeetingView, consideration: Record) -> dict[str, Any]:
    """What a title, a heading, a recommendation and a section's text may use."""
    groups = {name: Group(kind, view) for name, kind in GROUPS.items()}
    roots = view.store.roots
    meeting = {
        "date": consideration.look_up("meeting"),
        "role": consideration.look_up("role"),
    }
    return {
        **groups,
        "plan": view.record(roots["plan"]),
        "paper": view.record(roots["paper"]),
        "board": consideration.look_up("board"),
        "meeting": Fields(meeting),
        "as_at": Day(view.as_at, view.locale),
        "values": Fields(_mapping(consideration, "values")),
        "ask": _ask(view, consideration),
        "_view": view,
    }


def _mapping(record: Record, name: str) -> dict[str, Any]:
    """The values of a field that is a mapping; none where it is not given."""
    found = record.get(name)
    if found is None:
        return {}
    return {key: found.get(key) for key in found.data.fields}


def _ask(view: MeetingView, consideration: Record) -> Any:
    """The recommendations as one phrase: “receive the report and note that …”.

    It follows “is asked to”.
    """
    pieces: list[Any] = []
    recommendations = consideration.get("recommendations")
    for piece in view.locale.separated(recommendations):
        if isinstance(piece, Record):
            verb = piece.get("verb")
            pieces.append(f"{verb} ")
            pieces.append(piece.get("text"))
        else:
            pieces.append(piece)
    return PhraseText(tuple(pieces))


def sections(
    view: MeetingView,
    consideration: Record,
    headings: Mapping[str, str],
    labels: Mapping[str, Any],
) -> list[Fields]:
    """The sections of this board's paper, in the order of the paper.

    The board's own replace the paper's; omitted ones are left out.
    `headings`: the brand's, by id of section. `labels`: the brand's and the board's own.
    """
    own = consideration.data.fields["sections"].fields
    omitted = consideration.data.fields["omit"]
    paper = view.store.roots["paper"]
    common = paper.fields["sections"].fields
    printed = []
    for id_ in dict.fromkeys((*view.store.order, *own)):
        if id_ in omitted:
            continue
        given = [view.record(fields[id_]) for fields in (own, common) if id_ in fields]
        heading = _given_heading(given) or headings.get(id_)
        if heading is None and id_ == "actions":
            heading = _label(view, labels, "actions")
        if not heading:
            heading = given[0].gap("heading")
        body = None
        if given:
            body = given[0].get("text")
        if body is None:
            script = view.store.phrases[id_]
            body = view.texts[script]
        section = {"id": id_, "heading": heading, "body": body}
        printed.append(Fields(section))
    return printed


def _given_heading(sections: Sequence[Record]) -> Any:
    """The heading of the first of the sections that has one; None if none has."""
    for section in sections:
        heading = section.get("heading")
        if heading:
            return heading
    return None


def _label(view: MeetingView, labels: Mapping[str, Any], key: str) -> Any:
    """The brand's or the board's label, else the one of the language."""
    if key in labels:
        return labels[key]
    return view.locale.words.labels[key]


def template_names(
    view: MeetingView,
    consideration: Record,
    words: BrandWords,
) -> dict[str, Any]:
    """What a house template may use: the names of the narrative, and the paper's own parts."""
    names = narrative_names(view, consideration)
    paper: Record = names["paper"]
    labels = {**words.labels, **_mapping(consideration, "labels")}
    printed = sections(view, consideration, words.headings, labels)
    by_id = {str(section.look_up("id")): section for section in printed}
    drafted = _appendix_sections(view, labels)
    return {
        **names,
        "title": paper.get("title"),
        "short_title": paper.get("short_title") or paper.get("title"),
        "reference": paper.look_up("reference"),
        "relations": [_relation(relation, labels) for relation in paper.get("relates_to")],
        "item": consideration.look_up("item"),
        "author": paper.look_up("author"),
        "on_behalf_of": paper.look_up("on_behalf_of"),
        "contact": paper.look_up("contact"),
        "classification": _classification(paper, labels),
        "wards": paper.look_up("wards"),
        "recommendations": consideration.get("recommendations"),
        "implications": _implications(paper, words.implications),
        "background_papers": _background_papers(paper, names["plan"]),
        "background_papers_none": paper.get("background_papers") == "none",
        "appendices": _appendices(paper, drafted),
        "appendices_none": paper.get("appendices") == "none" and not drafted,
        "appendix_sections": drafted,
        "sections": printed,
        "section": Fields(by_id),
        "labels": Fields(labels),
    }


def _appendix_sections(view: MeetingView, labels: Mapping[str, Any]) -> list[Fields]:
    """The appendices that papergen drafts: `mark` is “Appendix A”, where references to it lead."""
    word = _label(view, labels, "appendix-word")
    heading = _label(view, labels, "actions")
    drafted: list[Fields] = []
    for id_, index in view.store.appendices.items():
        letter = _letters(len(drafted))
        fields = {
            "id": id_,
            "mark": Anchor(id_, f"{word}{NO_BREAK}{letter}"),
            "heading": heading,
            "body": view.texts[index],
        }
        drafted.append(Fields(fields))
    return drafted


def _appendices(paper: Record, drafted: Sequence[Fields]) -> Sequence[Any] | Gap:
    """All appendices, each with its letter: those that papergen drafts, then those attached."""
    titles = [section.look_up("heading") for section in drafted]
    attached = _items(paper, "appendices")
    if not isinstance(attached, Gap):
        titles += [appendix.get("title") for appendix in attached]
    elif not titles:
        return attached
    listed = []
    for at, title in enumerate(titles):
        appendix = {"letter": _letters(at), "title": title}
        listed.append(Fields(appendix))
    return listed


def _letters(number: int) -> str:
    """A, B, … Z, AA, AB: the letters of an appendix, by its place from 0."""
    before = ""
    if number >= 26:
        before = _letters(number // 26 - 1)
    last = ascii_uppercase[number % 26]
    return before + last


def _relation(relation: Record, labels: Mapping[str, Any]) -> Fields:
    kind = relation.get("relation")
    fields = {
        "label": _label(relation.view, labels, kind),
        "paper": relation.get("paper"),
    }
    return Fields(fields)


def _items(paper: Record, name: str) -> Sequence[Any] | Gap:
    """The entries of a list that may also be “none”."""
    if paper.get(name) == "none":
        return []
    found: Sequence[Any] | Gap = paper.look_up(name)
    return found


class _ReliedOn:
    """A background paper that the plan names.

    It is a thing of the plan, of which two fields are the paper's title and date.
    """

    __slots__ = ("_fields", "_thing")

    def __init__(self, thing: Record, title: str, date: str) -> None:
        self._thing = thing
        self._fields = {"title": title, "date": date}

    def look_up(self, name: str) -> Any:
        if name not in self._fields:
            return NotImplemented
        field = self._fields[name]
        value = self._thing.look_up(field)
        if isinstance(value, str):
            first = value[:1]
            return first.upper() + value[1:]
        return value

    def is_to_come(self) -> bool:
        """Whether it is to be published after the meeting."""
        field = self._fields["date"]
        date = self._thing.get(field)
        if date is None:
            return False
        day: PartialDate = date.value
        return day.first > self._thing.view.meeting.last

    def __str__(self) -> str:
        raise not_printable(self)

    def field_names(self) -> list[str]:
        return list(self._fields)


def _background_papers(paper: Record, plan: Record) -> Sequence[Any] | Gap:
    """The background papers that the paper lists.

    `auto` stands for the reports of the inspections that the plan answers, and the plan itself.
    """
    if paper.get("background_papers") != "auto":
        return _items(paper, "background_papers")
    candidates = []
    for inspection in plan.get("inspections"):
        report = _ReliedOn(inspection, title="report", date="published")
        candidates.append(report)
    candidates.append(_ReliedOn(plan, "title", "completed"))
    # What is to be published after the meeting cannot have been relied on.
    return [candidate for candidate in candidates if not candidate.is_to_come()]


def _classification(paper: Record, labels: Mapping[str, Any]) -> Any:
    """Whether a paper is public or exempt, and what it says of that.

    `exempt`: the paragraphs under which it is exempt, as text, empty when it is not; `text`: the
    brand's words.
    """
    value = paper.look_up("classification")
    if isinstance(value, Gap):
        return _not_exempt(public=value, text=value)
    if not isinstance(value, Record):
        text = _label(paper.view, labels, "public")
        return _not_exempt(public=True, text=text)
    paragraphs = [str(number) for number in value.get("exempt")]
    fields = {
        "public": False,
        "exempt": paper.view.locale.join(paragraphs),
        "exempt_count": len(paragraphs),
        "text": _label(paper.view, labels, "exempt"),
        "public_interest": value.look_up("public_interest"),
    }
    return Fields(fields)


def _not_exempt(public: Any, text: Any) -> Fields:
    fields = {
        "public": public,
        "exempt": "",
        "exempt_count": 0,
        "text": text,
        "public_interest": "",
    }
    return Fields(fields)


def _implications(paper: Record, headings: Mapping[str, str]) -> list[Fields]:
    """The implications that the brand prints, in its order.

    One that the paper does not give is a gap.
    """
    given = paper.get("implications")
    printed = []
    for id_, heading in headings.items():
        value = None
        if id_ in given.data.fields:
            value = given.get(id_)
        is_given = True
        body: Any = ""
        if isinstance(value, Record):
            body = _implication(value, id_)
        elif value != "none":
            is_given = False
            body = _missing_implication(paper.view, id_, heading)
        fields = {
            "id": id_,
            "heading": heading,
            "none": value == "none",
            "body": body,
            "given": is_given,
        }
        printed.append(Fields(fields))
    return printed


def _implication(given: Record, id_: str) -> Any:
    """The text of an implication; its phrase where papergen is to draft it."""
    text = given.get("text")
    if text:
        return text
    view = given.view
    phrase = view.store.phrases[f"implication-{id_}"]
    return view.texts[phrase]


def _missing_implication(view: MeetingView, id_: str, heading: str) -> Gap:
    first = heading[:1]
    paper = view.store.place("paper")
    return Gap(
        what=first.lower() + heading[1:],
        hint=f"Add “{id_}:” under “implications:” in {paper}, with its text or “none”.",
        path=f"paper.implications.{id_}",
    )
