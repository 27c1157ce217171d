"""The words that generated lists are written with: headings, actions, owners, statuses, ratings."""

from __future__ import annotations

import re
from random import Random
from typing import Any


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|"))


SURE_HEADINGS = {
    "ref": _split(
        "Ref|Ref.|No.|No|#|ID|Action ref|Action no.|Reference|Action ID|Ref no|S.No|Action number"
        "|Reference number"
    ),
    "text": _split(
        "Action|Actions|Task|Tasks|Agreed action|Action required|Activity|Activities"
        "|Task description|Action / Decision|Mitigation action|Improvement action|Action point"
        "|What will be done|Action description|Key actions|Action to be taken"
        "|Description of action|What we will do|Planned action|Action name|Action agreed"
    ),
    "owner": _split(
        "Owner|Lead|Lead officer|Responsible officer|Person responsible|Assignee|Assigned to"
        "|Action owner|By whom|Who|Responsibility|Accountable officer|Action lead"
        "|Responsible person|Named lead|Officer responsible|Lead officers|Owners"
    ),
    "due": _split(
        "Due|Due date|Target date|Deadline|By when|Timescale|When|Target completion date"
        "|Planned completion date|Planned end|Due by|Date due|Expected completion date"
        "|Timeframe|Date for completion|Finish by|To be completed by|Timescales|Deadlines"
    ),
    "revised_due": _split(
        "Revised date|Revised due date|Revised deadline|Revised target date|New target date"
        "|Revised completion date|Revised timescale"
    ),
    "status": _split(
        "Status|Current status|Action status|Progress status|Status of action|Completion status"
    ),
    "completed": _split(
        "Date completed|Completed on|Actual completion date|Date closed|Completed date"
        "|Date of completion (actual)|Date done"
    ),
    "share": _split(
        "% complete|Percent complete|Percentage complete|% completed|Progress %|Completion %"
        "|% progress|Per cent complete"
    ),
    "rating": _split("RAG|RAG status|RAG rating|BRAG|BRAG status|Rating|Current RAG|BRAG rating"),
    "update": _split(
        "Progress update|Latest update|Update|Comments|Progress|Commentary|Progress to date"
        "|Latest position|Progress notes|Updates|Current position|Progress made|Latest progress"
    ),
    "workstream": _split(
        "Workstream|Theme|Work stream|Priority area|Recommendation|Improvement area|Themes"
        "|Area for improvement"
    ),
    "phase": _split("Phase|Phase no|Phase number"),
    "priority": _split("Priority|Urgency|Priority level"),
}
"""Headings that must be recognised, whatever way they are written."""

RARE_HEADINGS = {
    "text": _split("Item|What|Deliverable|Measure|Description|Commitment|To do|Next steps"),
    "owner": _split("Action holder|Delivered by|Lead / support|Allocated to|Resp.|Service lead"),
    "due": _split("End|Complete by when|Delivery date|Implementation date|Review by|Finish"),
    "update": _split("RAG commentary|Where are we now|Position statement|Remarks|Story so far"),
}
"""Headings that must be recognised, or asked for, or reported as not used."""

EXTRA_COLUMNS = {
    "Start date": "date",
    "Date raised": "date",
    "Meeting date": "date",
    "Cost": "cost",
    "Budget (£)": "cost",
    "Email": "email",
    "Raised by": "name",
    "Risk owner": "name",
    "Portfolio holder": "name",
    "Internal notes – not for publication": "words",
    "Source": "words",
    "Strategic objective link": "words",
    "Dependencies": "words",
    "Success measure": "words",
    "Equality impact": "words",
}
"""Columns of no field of an action, and what they hold."""

WAYS = ("plain", "upper", "lower", "snake", "camel", "pascal", "colon", "broken", "star", "hint")
"""The ways to write a heading."""

_WORDS = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")


def styled(heading: str, way: str) -> str:
    """A heading in a way of writing; as it is where the way needs words and it has others."""
    words = heading.split()
    is_words = _WORDS.fullmatch(heading) is not None
    if way == "upper":
        return heading.upper()
    if way == "lower":
        return heading.lower()
    if way == "colon":
        return f"{heading}:"
    if way == "star":
        return f"{heading} *"
    if way == "broken" and len(words) > 1:
        return "\n".join([words[0], " ".join(words[1:])])
    if not is_words:
        return heading
    if way == "snake":
        return "_".join(words).lower()
    if way in ("camel", "pascal") and len(words) > 1:
        joined = "".join(word[0].upper() + word[1:] for word in words)
        return joined if way == "pascal" else joined[0].lower() + joined[1:]
    if way == "hint" and "date" in heading.lower():
        return f"{heading} (dd/mm/yyyy)"
    return heading


_VERBS = _split(
    "Publish|Review|Agree|Complete|Close|Update|Note|Commission|Adopt|Refresh|Total up|Date"
    "|Report on|Set the status of|Plan|Deliver|Key into the register|Cancel|Start|Audit"
)
_OBJECTS = _split(
    "the Corporate Plan 2025-2029|all fees and charges|the 20% target for agency spend"
    "|savings of £3.1m for 2026/27|the reserves policy|the gap in scrutiny training"
    "|a panel of residents twice a year|the People Strategy|the business case, phase 2"
    "|the red-flag process for referrals|30 indicators of performance|section 151 reports"
    "|the owner’s guide to risk|a due-diligence check|the lead members’ briefing"
    "|quarterly returns (Q1 to Q4)|the Adults & Children’s partnership|the review by 1 May"
)


def action_texts(rng: Random, count: int) -> list[str]:
    """Different texts of actions, some of which begin as totals, keys and remarks do."""
    pairs = rng.sample([(verb, thing) for verb in _VERBS for thing in _OBJECTS], count)
    return [f"{verb} {thing}" for verb, thing in pairs]


THEMES = _split(
    "Theme 1: Governance|Theme 2: Money and savings|Theme 3: People|Workforce|Children’s services"
    "|R1. Refresh the Corporate Plan|R2. Strengthen scrutiny|Priority A – Homes|A safer borough"
)

REGISTER: dict[str, Any] = {
    "bodies": [
        {"id": "council", "name": "Midshire Council", "kind": "council"},
        {"id": "trust", "name": "Midshire Hospitals Trust", "initials": "MHT", "kind": "partner"},
    ],
    "posts": [
        {"id": "chief-exec", "title": "Chief Executive", "short": "CEX",
         "holders": [{"person": "mary-lane"}]},
        {"id": "s151", "title": "Director of Finance (S151 Officer)"},
        {"id": "policy", "title": "Head of Policy & Performance"},
        {"id": "hr", "title": "Head of HR & OD", "aliases": ["HR"]},
        {"id": "ict", "title": "Head of ICT"},
        {"id": "place", "title": "Director of Place"},
        {"id": "mo", "title": "Monitoring Officer"},
    ],
    "people": [{"id": "mary-lane", "name": "Mary Lane"}],
}  # fmt: skip

KNOWN_OWNERS = _split(
    "Chief Executive|Director of Finance (S151 Officer)|Head of Policy & Performance"
    "|Head of HR & OD|Head of ICT|Director of Place|Monitoring Officer|head of ICT"
    "|Chief executive |Head of ICT / Director of Place|Chief Executive; Head of ICT"
    "|Head of ICT and Monitoring Officer|HR|Mary Lane|CEX|Midshire Hospitals Trust"
    "|Head of Policy and Performance"
)
"""Owners that `REGISTER` has; nothing has to be asked about them."""

STRANGE_OWNERS = _split(
    "J Patel|Sarah Jones (HR) and Tom Reid|Cllr J Ahmed (Portfolio Holder)|All|Everybody"
    "|Head of Wizardry|Partners|NHS England|Director of Finanace"
)

STATUS_WORDS: dict[str, tuple[str, ...]] = {
    "complete": _split(
        "Complete|Completed|Done|COMPLETE|completed|Finished|Delivered|Achieved|Implemented"
        "|Completed.|Complete |Complete – see minutes|Completed and closed"
    ),
    "in-progress": _split(
        "In progress|In Progress|Ongoing|On-going|Underway|Under way|Started|IN PROGRESS"
        "|Work in progress|in-progress|Partially complete|Partly complete|WIP|InProgress"
    ),
    "not-started": _split(
        "Not started|Not Started|Not yet started|NOT STARTED|To start|Not begun|Yet to start"
    ),
    "cancelled": _split("Cancelled|Withdrawn|No longer required|Superseded|Abandoned|CANCELLED"),
    "suspended": _split("On hold|Paused|Suspended|ON HOLD|On Hold"),
    "not-due": _split("Not due|Not yet due|Not due yet"),
    "open": _split(
        "Open|OPEN|Outstanding|Delayed|Not complete|Incomplete|Behind schedule"
        "|Not completed|Not yet complete|On track|Off track|At risk|Slipped"
    ),
}

QUALIFIED_STATUSES: dict[str, tuple[Any, ...]] = {
    "Closed – not completed": (),
    "Completed?": (),
    "Complete?": (),
    "Complete: No": (None, "in-progress", "not-started"),
    "Complete – No": (None, "in-progress", "not-started"),
    "Nearly complete": (None, "in-progress"),
    "Almost done": (None, "in-progress"),
    "Awaiting closure": (None, "in-progress"),
    "Complete – awaiting sign-off": (),
    "Complete subject to audit": (),
    "Completed in part": (None, "in-progress"),
    "90% complete": (None, "in-progress"),
    "Complete / ongoing": (),
    "In progress / complete": (),
    "To be completed": (None, "not-started", "in-progress"),
    "Will be complete by March": (None, "in-progress"),
    "Due to be completed": (None, "not-started", "in-progress"),
    "No longer complete": (None,),
    "Re-opened": (None,),
    "Complete except training": (),
    "Mostly complete": (None, "in-progress"),
    "Not fully implemented": (None, "in-progress"),
    "Closed in error": (),
    "Propose to close": (None, "in-progress"),
    "Recommended for closure": (None, "in-progress"),
    "Completed but not embedded": (),
    "Closed (superseded)": ("cancelled", None),
    "Not started – complete by May": ("not-started", None),
    "Complete (not)": (),
    "Completion due March": (None, "in-progress"),
    "Delivered late, reopened": (),
    "complete ???": (),
}
"""By words of an action that is not plainly complete, what may be read without a question."""

UNKNOWN_STATUSES = _split("BAU|Gateway 3|Stage 2|Business case|Tender|With legal|3|Mothballed")

RATINGS: dict[str, tuple[str, ...]] = {
    "red": _split("Red|RED|R|red|r|Red "),
    "amber": _split("Amber|AMBER|A|amber|a"),
    "green": _split("Green|GREEN|G|green|g"),
    "blue": _split("Blue|BLUE|B|blue|b"),
    "unrated": _split("Grey|Not rated|grey"),
}

STRANGE_RATINGS = _split("Amber/Red|Green/Amber|Amber-Green|Purple|R/A|Red to Amber|G?|Not Green")
"""Ratings that no scheme of four colours has."""

UPDATES: dict[str, tuple[str, ...]] = {
    "complete": _split(
        "Completed and closed in July.|Adopted by Full Council on 16 July.|Done.|All in place."
    ),
    "in-progress": _split(
        "Draft circulated for comment.|Supplier appointed; dashboard expected in December."
        "|Two of nine schools visited.|£1.9m identified to date, a gap of £1.2m."
        "|Work is under way with partners."
    ),
    "not-started": _split("Not yet started.|To begin in the new year.|Waiting for funding."),
    "cancelled": _split("No longer being pursued.|Dropped by CLT."),
    "suspended": _split("On hold until the budget is set.|Paused."),
    "not-due": _split("Not due to start until January.|Will begin after the election."),
    "open": _split("Delayed by a vacancy.|Report goes to Council in December.|Slipping."),
}

PRIORITIES: dict[str, tuple[str, ...]] = {
    "urgent": _split("High|Urgent|H|HIGH|Critical|high"),
    "normal": _split("Medium|Low|Normal|M|L|low"),
}
