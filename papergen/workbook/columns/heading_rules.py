"""What the words of a heading name, where the heading is not a usual name.

Each rule knows a few words that name its field, and the words that may stand beside them and change
nothing. A heading with any other word names nothing: “Grant status” is not the status of an action.
A rule takes the words in the singular, and returns the fields that they can name, the likeliest
first; none for what names nothing.
"""

from __future__ import annotations

from typing import TypeAlias

from papergen.workbook.columns.heading_words import word_set

Words: TypeAlias = tuple[str, ...]
Named: TypeAlias = tuple[str, ...]

NOTHING: Named = ()
LIKELY = ""
"""As the first of several fields: those behind it are only likely, and the cells must fit."""

_SMALL = word_set(
    "the a an our your their this that these it of for on to in and or be is are was at as if any "
    "each will we i s"
)
_ACTION = word_set(
    "action task activity deliverable initiative intervention commitment mitigation subaction "
    "subtask todo workitem"
)
THING = _SMALL | _ACTION | word_set("measure step milestone recommendation improvement item work")
_PLAN = THING | word_set("plan objective project workstream")
_PERIOD = word_set("month monthly quarter quarterly weekly week current latest overall now")
_BOARDS = word_set("committee board cabinet scrutiny panel")

_OTHER = word_set(
    "risk issue start started starting commence commencement begin raised created create creation "
    "opened identified logged added modified last previous prior meeting review reviewed updated "
    "reported email phone telephone contact budget cost funding spend saving reason finding "
    "rationale outcome impact likelihood success kpi performance source category type trend "
    "approval approved requested number count total"
)


def is_another(found: Words) -> bool:
    """Whether words show that a heading is that of something that is no field: a risk, a cost."""
    return not _OTHER.isdisjoint(found)


def only(found: Words, *allowed: frozenset[str]) -> bool:
    """Whether all words are among those that are allowed."""
    return all(any(word in known for known in allowed) for word in found)


# -- how an action fares

_UPDATE = word_set("update progress comment commentary note narrative remark position")
_RAG = word_set("rag brag bragg ragb bragr rayg")
_RATES = word_set(
    "progress delivery status action completion self code my implementation task red amber green "
    "blue traffic light colour rating rated rate score assessment against milestone"
)
_STATE = word_set("progress delivery implementation completion rag self assessed summary work")
_SHARE = word_set(
    "percent complete completed completion done progress achieved delivered implemented finished "
    "todate actual made"
)
_ABOUT_UPDATE = word_set(
    "officer lead owner manager team service recent general additional further other status rag "
    "brag delivery implementation summary detail report statement made achieved since against "
    "towards toward todate by so far completion target last meeting year annual half mid interim "
    "three six nine twelve 3 6 9 12"
)
_AFTER_UPDATE = word_set("on against since made so toward towards at as for summary report todate")
_TAKEN = word_set("taken undertaken carried delivered implemented todate")
_SO_FAR = word_set(
    "what how has have did been we done achieved happened progress made so far since todate where "
    "now up"
)
_TODATE = word_set("work activity delivery achievement completed done undertaken todate")


def share(found: Words) -> Named:
    """The per cent complete, and not that of something else."""
    is_share = "percent" in found and only(found, _SHARE, _PLAN, _PERIOD)
    return ("share",) if is_share else NOTHING


def rating(found: Words) -> Named:
    """The colour; not the trend, the reason or the last one."""
    having = frozenset(found)
    is_rag = bool(having & _RAG) or {"traffic", "light"} <= having
    is_colour = "colour" in having or found[-1] == "rating"
    if not (is_rag or is_colour) or not only(found, _RATES, _RAG, _PLAN, _PERIOD):
        return NOTHING
    return ("rating",)


def status(found: Words) -> Named:
    """The status; not the reason for it, and not that of a budget."""
    is_head = found[-1] in ("status", "state") or found[0] == "status"
    if not is_head or not only(found, _STATE, _PLAN, _PERIOD, frozenset({"status", "state"})):
        return NOTHING
    return ("status",)


def comment(found: Words) -> Named:
    """The latest update: not those of committees and auditors, and not why something is so."""
    having = frozenset(found)
    asks_what = found[0] in ("what", "how") and having & {"has", "have", "did", "happened"}
    if asks_what or (found[0] == "where" and "we" in having):
        return ("comment",) if only(found, _SO_FAR, _SMALL, _ACTION) else NOTHING
    if having & _ACTION and having & _TAKEN and not having & {"tobe", "will"}:
        is_past = only(found, _TAKEN, THING, word_set("since last meeting so far"))
        return ("comment",) if is_past else NOTHING
    if found[-1] == "todate" and len(found) > 1 and _TODATE.issuperset(found):
        return ("comment",)
    begins = found[0] in _UPDATE and len(found) > 1 and found[1] in _AFTER_UPDATE
    ends = found[-1] in _UPDATE
    of_state = found[0] in _UPDATE - {"progress"} and found[-1] in ("status", "rag", "statement")
    if not (begins or ends or of_state):
        return NOTHING
    if having & {"last", "meeting"} and not begins:
        return NOTHING
    boards = _BOARDS if having & {"update", "progress"} else frozenset()
    allowed = _UPDATE, _ABOUT_UPDATE, _PLAN, _PERIOD, boards
    is_update = only(found, *allowed) and having != {"update", "by"}
    return ("comment",) if is_update else NOTHING


# -- what shows that it is done

_SHOWS = word_set(
    "evidence proof completion progress impact delivery achievement support supporting provided "
    "link document documentary closure signoff assurance attached available held what done "
    "been complete completed implementation achieved outcome"
)
_SIGNED = word_set("signoff verified accepted validated confirmed approved agreed")
_ABOUT_SIGNED = word_set(
    "by date status yes no who name officer director manager lead committee board audit "
    "independently completion closure complete completed closed final signature"
)


def evidence(found: Words) -> Named:
    """What shows that an action is done, and not what is going to."""
    is_head = "evidence" in found or "proof" in found
    return ("evidence",) if is_head and only(found, _SHOWS, THING) else NOTHING


def signed_off(found: Words) -> Named:
    """Who or what has accepted an action as done."""
    having = frozenset(found)
    if not having & _SIGNED or not only(found, _SIGNED, _ABOUT_SIGNED, THING):
        return NOTHING
    by_somebody = "by" in having and bool(having & {"verified", "accepted", "validated"})
    of_closure = "by" in having and bool(having & {"closure", "completion", "complete", "closed"})
    return ("signed_off",) if "signoff" in having or by_somebody or of_closure else NOTHING


# -- references

_NUMBER = word_set("ref reference no number num nr id identifier serial uid urn #")
_NUMBERED = word_set(
    "unique serial s sl sr line row plan log minute record entry tracker sub key list agenda auto "
    "system ap"
)


def ref(found: Words) -> Named:
    """The reference of an action, and not that of something else or the number of them."""
    if "of" in found[1:]:
        head = found[: found.index("of", 1)]
        if head in (("number",), ("no",)):
            return NOTHING
    else:
        head = found
    is_number = head[-1] in _NUMBER and only(found, _NUMBER, _NUMBERED, THING)
    return ("ref",) if is_number else NOTHING


# -- who

_LEADS = word_set(
    "owner lead leader assignee responsible responsibility accountable accountability sro"
)
_PERSON = word_set(
    "officer person staff party manager director coordinator post individual name role head"
)
_OF_LEAD = word_set(
    "title position job named senior main delivery service business operational delegated agreed "
    "primary principal allocated assigned required completion implementation"
)
_WHO = word_set("who whom responsible lead do does own by it doing deliver accountable leading")
_GIVEN = word_set("assigned allocated delegated")
_HIGHER = word_set("slt clt cmt smt emt elt ad hos team council corporate strategic")
"""Those that a lead can be for who is not the one who answers for an action."""

_BODY = word_set(
    "agency organisation organization body partner department directorate service team company "
    "authority provider trust unit division group committee board council"
)
_CARRIES_OUT = word_set("lead leading responsible delivery owning implementing")


def responsible(found: Words) -> Named:
    """The body that carries an action out."""
    having = frozenset(found)
    is_body = found[-1] in _BODY or (found[0] in _BODY and "responsible" in having)
    of_body = word_set("person officer responsibility")
    if not is_body or not having & _CARRIES_OUT:
        return NOTHING
    return ("responsible",) if only(found, _BODY, _CARRIES_OUT, of_body, THING) else NOTHING


def owner(found: Words) -> Named:
    """Who answers for an action; not a member, not those who support, not the owner of a risk."""
    having = frozenset(found)
    if "who" in having or "whom" in having:
        return ("owner",) if only(found, _WHO, THING) else NOTHING
    if having & _GIVEN and found[-1] in ("to", "by"):
        return ("owner",) if only(found, _GIVEN, THING, frozenset({"by"})) else NOTHING
    is_officer = "officer" in having and bool(having & (_GIVEN | _ACTION | {"name", "named"}))
    is_officer = is_officer or ("person" in having and bool(having & _GIVEN))
    if not having & _LEADS and not is_officer:
        return NOTHING
    if _HIGHER & having and only(found, _LEADS, _HIGHER):
        return LIKELY, "owner"
    if found[-1] in ("to", "by", "item") or having <= _PERSON | _OF_LEAD | THING - {"officer"}:
        return ("owner",) if is_officer else NOTHING
    is_owner = only(found, _LEADS, _PERSON, _OF_LEAD, THING)
    return ("owner",) if is_owner else NOTHING


# -- groups and urgency

_BROAD = word_set(
    "strategic corporate council key theme local partnership business national plan improvement our"
)
_LEVEL = word_set("level rating score rank ranking code grade h m l high medium low of action task")
_GROUP = word_set("theme workstream strand pillar topic")
_OF_GROUP = word_set(
    "key strategic improvement plan corporate council priority main overarching development "
    "delivery work action recommendation lga cpc peer challenge our the"
)
_AIM = word_set("objective aim goal")
_AREA = word_set("priority improvement work action theme development focus key plan of for")
_WORDED = word_set("made agreed description detail text title name from summary")


def priority(found: Words) -> Named:
    """How urgent an action is; a strategic priority groups actions."""
    having = frozenset(found)
    if "priority" not in having and "urgency" not in having:
        return NOTHING
    if having & {"area", "theme"}:
        return ("workstream",) if only(found, _AREA, _BROAD, frozenset({"area"})) else NOTHING
    if found[-1] == "priority" and having & _BROAD:
        return ("workstream",) if only(found, _BROAD, frozenset({"priority"})) else NOTHING
    is_level = only(found, _LEVEL, frozenset({"priority", "urgency"})) and found[-1] not in _ACTION
    return ("priority",) if is_level else NOTHING


def workstream(found: Words) -> Named:
    """What actions are grouped by."""
    head = found[:-1] if len(found) > 1 and found[-1] in ("name", "title") else found
    if head[-1] in _GROUP:
        return ("workstream",) if only(head, _GROUP, _OF_GROUP) else NOTHING
    if found[-1] in _AIM:
        return (LIKELY, "workstream") if only(found, _AIM, _BROAD) else NOTHING
    is_worded = found[0] == "recommendation" and (found[-1] in _WORDED or found[1] == "from")
    if found[-1] == "recommendation" or is_worded:
        return ("workstream", "text")
    of_area = found[:2] == ("area", "of") and only(found[2:], _AREA, _ACTION)
    if of_area or (found[-1] == "area" and _AREA.issuperset(found[:-1])):
        return ("workstream",)
    return NOTHING


def phase(found: Words) -> Named:
    """The phase of the plan."""
    named = word_set("phase no number name delivery implementation programme")
    return ("phase",) if "phase" in found and only(found, named, _PLAN) else NOTHING


# -- the action itself

_NOT_ACTION = (
    _OTHER
    | _NUMBER
    | word_set(
        "date progress status plan log tracker percent quality baseline existing control current "
        "update comment note evidence rag rating owner lead officer who when point audit history "
        "closed completed completion dependency linked related output effectiveness legal court "
        "taken area"
    )
)
_AFTER_ACTION = word_set(
    "required needed agreed planned proposed recommended tobe to todo description detail name "
    "title text item point step summary for in we will undertaken done decided arising from of "
    "and"
)
_BEFORE_ACTION = word_set(
    "agreed planned proposed recommended required needed next further followup outstanding "
    "priority key main high level specific detailed detail mitigating corrective preventive "
    "preventative remedial management response smart immediate short medium long term service "
    "delivery council corporate headline strategic individual new sub summary description title "
    "name wording text list statement plan workplan delivered"
)
_AIMS = word_set("to tobe for from following arising against in we which")
_WORDING = word_set("description detail summary name title text wording statement list")
_NOUNS = _ACTION | word_set("measure step work improvement solution")
_SUCCESS = word_set(
    "success look difference impact know measure achieve aim trying issue risk learn cost problem"
)
_DOING = word_set("do doing done deliver happen need todo change take")


def text(found: Words) -> Named:
    """What is to be done.

    “Something action” with a word that is not known is only likely to be that.
    """
    having = frozenset(found)
    if found[0] in ("what", "how"):
        return _question(having)
    if not having & _NOUNS:
        return NOTHING
    is_point = found[-1] in ("point", "item")
    if found[0] in _WORDING and having & _ACTION:
        return NOTHING if having & _NOT_ACTION else ("text",)
    head = _before_its_aim(found)
    if frozenset(head) & (_NOT_ACTION - ({"point"} if is_point else set())):
        return NOTHING
    is_last = head[-1] in _ACTION or (head[-1] in _NOUNS and len(found) > 1)
    if not is_last and not _continues(head):
        return NOTHING
    is_known = only(head, _NOUNS, _AFTER_ACTION, _BEFORE_ACTION, THING)
    is_known = is_known and not having & {"last", "previous", "prior"}
    return ("text",) if is_known else (LIKELY, "text")


def _before_its_aim(found: Words) -> Words:
    """The words up to what an action is for: “actions” of “actions to mitigate the risk”."""
    for index, word in enumerate(found):
        if index and word in _AIMS and found[index - 1] in _NOUNS:
            return found[:index]
    return found


def _continues(found: Words) -> bool:
    """Whether a noun for an action is followed by what only says more of it."""
    for index, word in enumerate(found[:-1]):
        if word in _NOUNS and found[index + 1] in _AFTER_ACTION:
            return True
    return False


def _question(having: frozenset[str]) -> Named:
    if having & _SUCCESS or having & {"when", "who", "often", "much", "many", "far"}:
        return NOTHING
    return ("text",) if having & _DOING or having & _ACTION else NOTHING
