"""Whatever a plan holds, what is drafted from it is well-formed prose, and its numbers are the
plan's.
"""

from __future__ import annotations

import io
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from papers import ROOT
from small_papers import dump, paper_of, paragraphs

import papergen
from papergen.drafting.program import Draft, Program
from papergen.drafting.sources import Sources
from papergen.drafting.traces import trace_of

PLAIN = str(ROOT / "templates" / "plain")
MEETING = date(2012, 11, 8)
AS_AT = date(2012, 10, 31)
WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
BODIES = """
bodies:
  - {id: hwb, name: Health Board, initials: HB, powers: [note]}
  - {id: trust, name: Trust Board, kind: board}
  - {id: services, name: Children's Services, article: none}
  - {id: many, name: Partner Boards, verb: plural}
posts:
  - {id: dcs, title: Director of Services}
  - {id: chief, title: Chief Executive, short: the Chief}
people:
  - {id: ann, name: Ann Other}
rag_schemes:
  - id: rag
    values: [{code: red, label: Red}, {code: green, label: Green, colour: D3EBCF}]
"""
DAYS = st.sampled_from(
    [
        "2012-07-10",
        "2012-11-07",
        "2012-11-08",
        "2012-12-31",
        "2012-10",
        "2012-11",
        "2013",
        "2012-02-29",
    ]
)
DUE = DAYS | st.sampled_from(
    [
        {"text": "ongoing"},
        {"text": "w/c 5 November", "from": "2012-11-05", "until": "2012-11-11"},
        {"text": "Q2 2012/13", "from": "2012-07", "until": "2012-09"},
        {"text": "Spring 2013", "from": "2013-03"},
    ]
)
# To make a failing plan smaller takes minutes, since each is drafted.
SETTINGS: dict[str, Any] = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
TEXTS = st.sampled_from(
    ["train all staff", "review & mend <it>", "open the {{ door }}", "a plan, a date and a place"]
)
POSTS, BODIES_OF = (
    st.sampled_from(["dcs", "chief"]),
    st.sampled_from(["trust", "services", "hwb", "many"]),
)


SECTIONS = [
    "Purpose of the report",
    "Background",
    "Governance",
    "Progress",
    "Risk assessment",
    "Conclusion",
    "Implications",
]


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Records in which each field may be missing."""
    return st.fixed_dictionaries({}, optional=fields)


def record(
    needed: dict[str, st.SearchStrategy[Any]], **fields: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(needed, optional=fields)


WITHHELD = st.just({"reason": "it is being checked"})
RATING = record(
    {"value": st.sampled_from(["red", "green", "unrated"])},
    by=BODIES_OF,
    on=DAYS,
    reason=TEXTS,
    withheld=WITHHELD,
)
PARTIES = st.lists(
    st.fixed_dictionaries({"post": POSTS})
    | st.fixed_dictionaries({"body": BODIES_OF})
    | st.sampled_from([{"person": "ann"}, {"name": "J Patel"}, {"name": "all leads"}]),
    min_size=1,
    max_size=3,
)
OWNERS = st.just({}) | some(owner=POSTS, responsible=BODIES_OF)
OWNERS |= some(owners=PARTIES, carried_out_by=PARTIES)
ACTION = record(
    {"text": TEXTS},
    priority=st.sampled_from(["urgent", "normal"]),
    due=DUE,
    revised_due=st.lists(DUE, max_size=2),
    not_due=st.sampled_from(["true", "false"]),
    status=st.sampled_from(["not-started", "in-progress", "suspended", "complete", "cancelled"]),
    unsettled=st.just("the list says two things"),
    share_complete=st.sampled_from(["0", "60", "100"]),
    completed=DAYS,
    evidence=st.lists(
        some(sufficiency=st.sampled_from(["sufficient", "insufficient", "none"]), gap=TEXTS),
        max_size=2,
    ),
    outcome=st.sampled_from(["shown", "not-shown"]),
    signed_off=record({"by": BODIES_OF}, date=DAYS) | record({"name": TEXTS}, date=DAYS),
    ratings=st.lists(RATING, max_size=2),
)
ACTION = st.builds(lambda action, owners: action | owners, ACTION, OWNERS)
ACTIONS, RATINGS = st.lists(ACTION, max_size=4), st.lists(RATING, max_size=1)
WORKSTREAM = some(
    title=TEXTS,
    responsible=BODIES_OF,
    lead=POSTS,
    actions=st.lists(ACTION, max_size=4),
    ratings=st.lists(RATING, max_size=1),
)
PHASE = some(
    status=st.sampled_from(["active", "suspended", "complete"]),
    due=DAYS,
    workstreams=st.lists(WORKSTREAM, max_size=3),
)
NOTES = st.lists(TEXTS, max_size=2)
SCORE = st.fixed_dictionaries(
    {"likelihood": st.sampled_from("15"), "impact": st.sampled_from("35")}
)
PLAN = some(
    short_title=st.just("Short Plan"),
    completed=DAYS,
    phases=st.lists(PHASE, max_size=3),
    decisions=st.lists(
        record({"body": BODIES_OF}, date=DAYS, outcome=st.just("agreed")), max_size=2
    ),
    meetings=st.lists(
        record(
            {"body": BODIES_OF, "status": st.sampled_from(["held", "planned", "cancelled"])},
            date=DAYS,
            kind=st.sampled_from(["formal", "interim", "special"]),
        ),
        max_size=4,
    ),
    milestones=st.lists(record({"title": TEXTS}, due=DAYS), max_size=2),
    dependencies=st.lists(
        record({"name": TEXTS}, expected=DAYS, effect=st.just("It helps")), max_size=2
    ),
    commitments=st.lists(
        record(
            {"what": TEXTS},
            by=POSTS,
            to_bodies=st.lists(BODIES_OF, max_size=2),
            due=DAYS,
            done=DAYS,
        ),
        max_size=2,
    ),
    risks=st.lists(
        record(
            {"event": TEXTS},
            area=TEXTS,
            cause=TEXTS,
            owner=POSTS,
            inherent=SCORE,
            residual=SCORE,
            controls=st.lists(TEXTS),
        ),
        max_size=2,
    ),
    reporting_lines=st.lists(
        record(
            {
                "kind": st.sampled_from(
                    ["monitors", "oversees", "reports-to", "comments-to", "informs", "chairs"]
                )
            },
            on=TEXTS,
            from_body=BODIES_OF,
            to_body=BODIES_OF,
        ),
        max_size=3,
    ),
    rag_scheme=st.just("rag"),
    ratings=st.lists(RATING, max_size=1),
    inspections=st.lists(
        some(
            inspector=BODIES_OF,
            started=DAYS,
            ended=DAYS,
            published=DAYS,
            judgements=st.lists(
                record({"area": TEXTS}, grade=st.sampled_from(["good", "requires improvement"])),
                max_size=2,
            ),
            requirements=st.lists(some(months=st.sampled_from(["0", "1", "3"])), max_size=2),
        ),
        max_size=1,
    ),
)


WITHOUT_IDS = {
    "ratings",
    "evidence",
    "to_bodies",
    "controls",
    "revised_due",
    "reporting_lines",
    "owners",
    "carried_out_by",
}


def with_ids(value: Any, path: str = "x") -> Any:
    """The values with an id for each entry of a list that has one, and numbers for phases."""
    if isinstance(value, list):
        return [with_ids(each, f"{path}-{at}") for at, each in enumerate(value)]
    if not isinstance(value, dict):
        return value
    made = {key: with_ids(each, f"{path}-{key.replace('_', '-')}") for key, each in value.items()}
    for key, entries in made.items():
        if isinstance(entries, list) and key not in WITHOUT_IDS:
            for at, entry in enumerate(entries):
                entry["id"] = f"{key[:3]}-{at}-{zlib.crc32(path.encode())}"
                if key == "phases":
                    entry["number"] = str(at + 1)
    return made


def drafted(plan: dict[str, Any]) -> list[str]:
    """The text of each paragraph."""
    return [text.replace("\xa0", " ") for text in paragraphs(draft_of(plan)[0])]


def draft_of(plan: dict[str, Any], *, trace: bool = False) -> tuple[Draft, Program, Sources]:
    paper = paper_of("x")
    del paper["sections"]
    files = {
        "plan.yaml": {"id": "plan", "title": "Recovery Plan"} | with_ids(plan),
        "paper.yaml": paper
        | {
            "plan": "plan.yaml",
            "bodies": "bodies.yaml",
            "brand": str(ROOT / "templates" / "plain"),
            "action_table": "appendix",
        },
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, values in files.items():
            Path(folder, name).write_text(f"{dump(values)}\n", encoding="utf-8")
        Path(folder, "bodies.yaml").write_text(BODIES, encoding="utf-8")
        sources = papergen.load(Path(folder, "paper.yaml"))
        program = papergen.compile(sources)
        return program.draft("hwb", trace=trace), program, sources


def actions_of(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        action
        for phase in plan.get("phases", [])
        for each in phase.get("workstreams", [])
        for action in each.get("actions", [])
    ]


def is_complete(action: dict[str, Any]) -> bool:
    """Complete, and not only since the as-at date."""
    return (
        action.get("status") == "complete"
        and "unsettled" not in action
        and first_day(action.get("completed", "2012")) <= AS_AT
    )


def is_overdue(action: dict[str, Any]) -> bool:
    """As the glossary has it: the last day that the latest due date can be is before the meeting,
    and the action is open.
    """
    due = due_dates(action)
    if not is_open(action) or action.get("not_due") == "true" or not due:
        return False
    last = due[-1]
    if isinstance(last, dict):
        return "until" in last and last_day(last["until"]) < MEETING
    return last_day(last) < MEETING


def first_day(text: str) -> date:
    return date(*[*map(int, text.split("-")), 1, 1][:3])


def last_day(text: str) -> date:
    """The first day after a month or a year, less one, where no day is given."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(*parts)
    year, month = (parts[0], 12) if len(parts) == 1 else (parts[0], parts[1])
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


ILL_FORMED = re.compile(
    r"  | [,.;:]|(?-i:\bNone\b)(?! of the )|\b(?:1|one) (?:actions|workstreams|phases|days|months)\b|"
    r"[.;]{2}|\(\)|“”|,\.|\bis are\b|\x02|\x03",
    re.IGNORECASE,
)


NOT_SENTENCES = {
    *SECTIONS,
    "Next steps",
    "Other risks",
    "train all staff",
    "review & mend <it>",
    ("open the {{ door }}"),
    "a plan, a date and a place",
}
"""Headings of sections, and of areas of risk."""


@settings(max_examples=120, **SETTINGS)
@given(PLAN)
def test_what_is_drafted_is_well_formed_and_counts_what_there_is(plan: dict[str, Any]) -> None:
    said = drafted(plan)
    start, end = said.index("Purpose of the report"), said.index("Implications")
    for text in said[start:end]:
        assert text.strip() == text, text
        assert text, "an empty paragraph"
        assert not ILL_FORMED.search(text), text
        assert text.endswith((".", ":", ";", "; and")) or text in NOT_SENTENCES, text
    for heading, text in pairwise(SECTIONS):
        assert said.index(text) > said.index(heading) + 1, f"there is nothing under “{heading}”"
    body = " ".join(said[start:end])
    everything = actions_of(plan)
    counts = re.findall(
        r"As at [^,]+, \w+(?: \w+)? of the actions of (?:Phase \d|the [\w ]+) \((\d+) of (\d+)\)",
        body,
    )
    expected = []
    for phase in plan.get("phases", []):
        own = actions_of({"phases": [phase]})
        if len(own) > 1:
            expected.append((str(sum(map(is_complete, own))), str(len(own))))
    assert counts == expected
    late = sum(map(is_overdue, everything))
    found = re.search(r"(\w+) of the (\d+) actions? (?:is|are) overdue", body)
    number = found[1].lower() if found else ""
    if len(everything) == 1:
        assert ("The one action is overdue" in body) == (late == 1)
    else:
        assert (found is not None) == (late > 0), body
    if found:
        in_words = "all" if late == len(everything) else WORDS[late] if late < 10 else str(late)
        assert (number, found[2]) == (in_words, str(len(everything)))


NUMBER = r"(\d+|no|none|one|two|three|four|five|six|seven|eight|nine)"
# A number of a drafted paper, in the sentence that states it, and the count that it must be.
COUNTS: list[tuple[str, Callable[[Facts], list[int]]]] = [
    (rf"has {NUMBER} phases", lambda f: [len(f.phases)]),
    (rf"of the {NUMBER} actions (?!that are|marked)", lambda f: [len(f.actions)]),
    (rf"of the {NUMBER} complete actions", lambda f: [len(f.complete)]),
    (
        rf"of the {NUMBER} actions marked urgent, {NUMBER} (?:was|were)",
        lambda f: [len(f.urgent), len(f.of(f.urgent, is_complete))],
    ),
    (
        rf"dates? of {NUMBER} of the {NUMBER} actions ha(?:s|ve) been put back",
        lambda f: [len(f.moved), len(f.actions)],
    ),
    (rf"for {NUMBER}, evidence is recorded", lambda f: [len(f.unassessed)]),
    (rf"no due date is recorded for {NUMBER}", lambda f: [len(f.undated)]),
    (rf"of the {NUMBER} actions that are rated", lambda f: [sum(f.rated.values())]),
    (rf"\b{NUMBER} (?:is|are) Red", lambda f: [f.rated["red"]]),
    (rf"\b{NUMBER} (?:is|are) Green", lambda f: [f.rated["green"]]),
    (rf"\b{NUMBER} actions? (?:is|are) unrated", lambda f: [f.unrated]),
    (rf"the ratings? of {NUMBER} actions? (?:is|are) not included", lambda f: [f.withheld]),
    (
        rf"no rating is recorded for {NUMBER}",
        lambda f: [len(f.actions) - sum(f.rated.values()) - f.unrated - f.withheld],
    ),
    (
        rf"{NUMBER} of the \d+ actions (?:is|are) not yet recorded as complete",
        lambda f: [f.still_open],
    ),
]


class Facts:
    """What a plan holds, counted without papergen."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.phases = plan.get("phases", [])
        self.actions = actions_of(plan)
        self.complete = self.of(self.actions, is_complete)
        self.urgent = self.of(self.actions, lambda action: action.get("priority") == "urgent")
        self.done_urgent = self.of(self.urgent, is_complete)
        self.moved = self.of(self.actions, is_moved)
        self.undated = self.of(
            self.actions,
            lambda action: (
                is_open(action) and action.get("not_due") != "true" and not due_dates(action)
            ),
        )
        known = [
            [
                each
                for each in action.get("ratings", [])
                if first_day(each.get("on", "2012")) <= AS_AT
            ]
            for action in self.actions
        ]
        last = [each[-1] for each in known if each]
        shown = Counter(each["value"] for each in last if "withheld" not in each)
        self.unrated = shown.pop("unrated", 0)
        self.rated = shown
        self.withheld = sum("withheld" in each for each in last)
        last_evidence = [each["evidence"][-1] for each in self.complete if each.get("evidence")]
        self.unassessed = [each for each in last_evidence if "sufficiency" not in each]
        self.still_open = (
            len(self.actions)
            - len(self.complete)
            - sum(
                each.get("status") == "cancelled" and "unsettled" not in each
                for each in self.actions
            )
        )

    def of(
        self, actions: list[dict[str, Any]], holds: Callable[[dict[str, Any]], bool]
    ) -> list[dict[str, Any]]:
        return [action for action in actions if holds(action)]


def is_known(rating: dict[str, Any]) -> bool:
    return first_day(rating.get("on", "2012")) <= AS_AT


def due_dates(action: dict[str, Any]) -> list[Any]:
    return [*([action["due"]] if "due" in action else []), *action.get("revised_due", [])]


def is_open(action: dict[str, Any]) -> bool:
    done = (
        action.get("status") == "complete" and first_day(action.get("completed", "2012")) <= MEETING
    )
    return not done and action.get("status") != "cancelled" and "unsettled" not in action


def is_moved(action: dict[str, Any]) -> bool:
    """By the first day of a date; of two with the same, the vaguer is the earlier."""
    if not is_open(action) or "due" not in action or not action.get("revised_due"):
        return False
    first, last = action["due"], action["revised_due"][-1]
    if isinstance(first, dict) or isinstance(last, dict):
        end = first.get("until") if isinstance(first, dict) else first
        start = last.get("from") if isinstance(last, dict) else last
        return bool(end and start) and first_day(start) > last_day(end)
    return (first_day(last), len(last)) > (first_day(first), len(first))


def with_actions(*actions: dict[str, Any]) -> dict[str, Any]:
    return {
        "rag_scheme": "rag",
        "phases": [{"workstreams": [{"title": "train all staff", "actions": list(actions)}]}],
    }


STATUSES = with_actions(
    {"text": "a", "status": "suspended", "due": "2012-09"},
    {"text": "b", "status": "not-started", "not_due": "true"},
    {"text": "c", "status": "not-started"},
    {"text": "d", "not_due": "true", "due": "2012-07-10"},
    {"text": "e", "unsettled": "two things", "status": "complete", "due": "2012-07-10"},
    {"text": "f", "status": "in-progress", "due": {"text": "ongoing"}},
    {"text": "g", "status": "cancelled"},
    {"text": "h", "status": "complete", "evidence": [{}]},
    {"text": "i"},
)
RICH = with_actions(
    {"text": "a", "priority": "urgent", "ratings": [{"value": "red"}]},
    {"text": "b", "priority": "urgent", "status": "complete", "ratings": [{"value": "green"}]},
    {"text": "c", "due": "2012-10", "revised_due": ["2013"], "ratings": [{"value": "red"}]},
    {
        "text": "d",
        "due": "2012-09",
        "ratings": [{"value": "unrated", "reason": "it is early"}],
        "status": "complete",
    },
    {"text": "e", "ratings": [{"value": "red", "withheld": {"reason": "it is being checked"}}]},
    {"text": "f", "due": "2012-11-07", "revised_due": ["2012-12"], "status": "not-started"},
)


@settings(max_examples=120, **SETTINGS)
@given(PLAN)
@example(RICH)
def test_every_number_is_the_count_of_what_the_plan_holds(plan: dict[str, Any]) -> None:
    said = drafted(plan)
    facts = Facts(plan)
    recognised = set()
    for text in said[said.index("Background") : said.index("Implications")]:
        for pattern, expected in COUNTS:
            for found in re.finditer(pattern, text, re.IGNORECASE):
                stated = [
                    0
                    if word.lower() == "none"
                    else WORDS.index(word.lower())
                    if word.lower() in WORDS
                    else int(word)
                    for word in found.groups()
                ]
                assert stated == expected(facts), text
                recognised.add(pattern)
    assert plan is not RICH or len(recognised) > len(COUNTS) - 4


def numbers(pattern: str, text: str) -> list[int]:
    """The numbers that stand before a pattern, in words or figures."""
    found = re.findall(rf"\b{NUMBER} {pattern}", text, re.IGNORECASE)
    return [WORDS.index(word.lower()) if word.lower() in WORDS else int(word) for word in found]


def status_told(action: dict[str, Any]) -> str:
    """The one thing that a paper says of how far an action has come; empty where it says none."""
    if "unsettled" in action:
        return ""
    status = str(action.get("status", ""))
    if status == "complete" and not is_complete(action):
        status = ""
    if not status and action.get("not_due") == "true":
        return "not yet due"
    return status


ENDS: dict[str, str | tuple[str, ...]] = {
    "complete": "was complete.",
    "in-progress": "was in progress.",
    "suspended": "was on hold.",
    "not-started": (" had not been started.", " had not been started and was not yet due."),
    "cancelled": "had been cancelled.",
    "not yet due": "was not yet due.",
    "": ("was not recorded as complete.", "had a status that was not settled."),
}
"""How the sentence on the one action of a phase ends."""


@settings(max_examples=120, **SETTINGS)
@given(PLAN)
@example(STATUSES)
def test_every_action_of_a_phase_is_in_one_count_at_most(plan: dict[str, Any]) -> None:
    said = [text for text in drafted(plan) if text.startswith("As at 31 October 2012, ")]
    phases = [actions_of({"phases": [phase]}) for phase in plan.get("phases", [])]
    for text, actions in zip(said, filter(None, phases), strict=True):
        told = Counter(map(status_told, actions))
        if len(actions) == 1:
            (status,) = told
            assert text.endswith(ENDS[status]), text
            continue
        early = [
            each
            for each in actions
            if status_told(each) == "not-started" and each.get("not_due") == "true"
        ]
        for pattern, expected in {
            "(?:was|were) in progress": told["in-progress"],
            "(?:was|were) on hold": told["suspended"],
            "had not been started": told["not-started"],
            "had been cancelled": told["cancelled"],
            "(?:was|were) not yet due": told["not yet due"],
        }.items():
            assert numbers(pattern, text) == ([expected] if expected else []), (pattern, text)
        part = numbers("of them not yet due", text)
        assert part == ([len(early)] if 0 < len(early) < told["not-started"] else []), text


VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|can|must|means|sits|depends|inspected|passed|"
    r"(?:monitor|oversee|report|send|lead|chair|inform|own|list|meet|record|accept|relie|help)s?)\b"
)


@settings(max_examples=60, **SETTINGS)
@given(PLAN)
@example(RICH)
def test_every_sentence_of_a_numbered_paragraph_has_a_verb_and_an_end(plan: dict[str, Any]) -> None:
    document = docx.Document(io.BytesIO(draft_of(plan)[0].docx))
    sentences = [
        sentence
        for paragraph in document.paragraphs
        if paragraph.style is not None and paragraph.style.name == "Numbered paragraph"
        for sentence in re.split(r"(?<=\.) (?=[A-Z“])", paragraph.text.replace("\xa0", " "))
        if "to be confirmed" not in sentence
    ]
    assert len(sentences) > 5
    for sentence in sentences:
        assert sentence.endswith((".", ":")), sentence
        assert VERB.search(sentence), sentence


TEXT_FIELDS = {
    "text",
    "event",
    "cause",
    "consequence",
    "area",
    "reason",
    "what",
    "effect",
    "name",
    "title",
}
FIELD = re.compile(r"\.(\w+)(?:\[\d+\])?$")


@settings(max_examples=60, **SETTINGS)
@given(PLAN)
def test_every_text_that_the_trace_says_is_stated_is_in_the_paragraph(plan: dict[str, Any]) -> None:
    draft, program, sources = draft_of(plan, trace=True)
    trace = trace_of(draft, program.store, sources)
    for paragraph in trace["paragraphs"]:
        if paragraph["part"] != "word/document.xml":
            continue
        for fact in paragraph["facts"]:
            field = FIELD.search(fact["path"])
            if (
                fact["stated"]
                and field
                and field[1] in TEXT_FIELDS
                and isinstance(fact["value"], str)
            ):
                assert fact["value"] in paragraph["text"], (fact, paragraph["text"])
