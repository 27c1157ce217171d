"""The usual names of the columns of an action list, and what a field is called in messages."""

from __future__ import annotations

FIELDS = (
    "ref",
    "text",
    "owner",
    "responsible",
    "workstream",
    "phase",
    "priority",
    "due",
    "revised_due",
    "status",
    "completed",
    "rating",
    "share",
    "comment",
    "evidence",
    "signed_off",
)
"""What a column of a list can be for."""

DESCRIPTIONS = {
    "ref": "the reference of an action",
    "text": "the action",
    "owner": "its owner",
    "responsible": "the responsible body",
    "workstream": "the workstream",
    "phase": "the phase",
    "priority": "the priority",
    "due": "the due date",
    "revised_due": "the revised due date",
    "status": "the status",
    "completed": "the date of completion",
    "rating": "the rating",
    "share": "the per cent complete",
    "comment": "the latest update",
    "evidence": "the evidence",
    "signed_off": "the sign-off",
}

USUAL_NAMES = {
    "ref": (
        "ref, reference, no, number, ref no, ref number, reference no, reference number, "
        "action no, action number, action ref, action reference, action ref no, action id, id, "
        "item no, item number, item ref, task id, task no, task number, task ref, serial, "
        "serial no, serial number, s no, sr no, sl no, #, unique id, unique ref, unique reference, "
        "uid, urn, line no"
    ),
    "text": (
        "action, task, agreed action, what, action agreed, action required, action needed, "
        "action to be taken, action to take, action description, description of action, "
        "action point, what will be done, what will we do, what we will do, what needs to be done, "
        "what needs doing, what are we going to do, improvement action, planned action, "
        "key action, detail of action, action detail, action to be completed, activity, "
        "key activity, task description, task name, action name, action title, action item, to do, "
        "key task, deliverable, key deliverable, mitigation action, mitigating action, "
        "corrective action, remedial action, management action, agreed management action"
    ),
    "owner": (
        "owner, lead, lead officer, responsible officer, responsible person, person responsible, "
        "officer responsible, officer, responsibility, responsible, who, by whom, action owner, "
        "action lead, task owner, task lead, assigned to, assignee, allocated to, "
        "accountable officer, accountable person, accountable, person accountable, lead person, "
        "named lead, named officer, named person, action by, owned by, led by, lead name, "
        "lead responsibility, senior responsible officer, senior responsible owner, sro, "
        "who is responsible, who will do it, who will do this, owner name, officer lead, "
        "resource names, action holder, task holder"
    ),
    "responsible": (
        "responsible body, body responsible, agency, lead agency, responsible agency, "
        "organisation, organization, lead organisation, lead organization, "
        "responsible organisation, responsible organization, partner, lead partner, "
        "partner agency, partner organisation, lead body, lead service, responsible service, "
        "lead department, responsible department, lead directorate, responsible directorate, "
        "lead team, responsible team, delivery body"
    ),
    "workstream": (
        "workstream, theme, area, relevant item, recommendation, priority area, area of work, "
        "work area, area for improvement, improvement area, area for development, agenda item, "
        "subject, topic, section, strand, pillar, programme, key theme, improvement theme, "
        "strategic theme, area of focus, focus area, domain"
    ),
    "phase": (
        "phase, phase no, phase number, delivery phase, project phase, implementation phase, "
        "plan phase, programme phase, tranche, wave, action phase, phase of work"
    ),
    "priority": (
        "priority, urgency, urgent, priority level, action priority, task priority, "
        "priority rating, level of priority, priority score, priority ranking, "
        "priority h m l, priority high medium low, urgency level, level of urgency"
    ),
    "due": (
        "due, due date, date due, target date, deadline, by when, timescale, when, "
        "timeframe, timeline, target completion date, completion date target, "
        "target completion, planned completion date, planned completion, "
        "original due date, original deadline, original target date, original date, due by, "
        "due by date, to be completed by, complete by, completion due, completion due date, "
        "date for completion, "
        "expected completion date, expected completion, planned date, completion deadline, "
        "date to be completed, due date original, target date original, "
        "target date for completion, deadline date, deadline for completion, finish, finish date, "
        "finish by, end date, planned end, planned end date, planned finish, completion target, "
        "date to complete"
    ),
    "revised_due": (
        "revised date, revised deadline, revised due date, revised due, revised target date, "
        "revised target, revised completion date, revised timescale, new date, new deadline, "
        "new due date, new target date, revised, due date revised, target date revised"
    ),
    "status": (
        "status, progress status, state, action status, current status, completion status, "
        "status of action, open closed, task status, delivery status, implementation status, "
        "overall status, latest status, current state, open or closed, on track, on target"
    ),
    "completed": (
        "completed, date completed, actual completion, actual completion date, completed on, "
        "completed date, date closed, closed date, date of actual completion, actual date, "
        "completion date actual, date achieved, closed, complete, date done, done, "
        "actual finish, actual finish date, actual end date, actual end, date action completed, "
        "date of actual closure, date complete, action complete, is it complete, "
        "is the action complete, task complete, action closed, implemented, finished"
    ),
    "rating": (
        "rag, brag, rag status, rag rating, rating, brag status, brag rating, status rag, "
        "status brag, current rag, rag score, progress rag, rag progress, delivery rag, colour, "
        "ragb, ragb status, progress rating, current rag status, current rag rating, "
        "traffic light, r a g, red amber green, rag colour, overall rag, action rag, bragg"
    ),
    "share": (
        "percent complete, percent completed, percent done, percent, percent progress, "
        "percent completion, progress percent, completion percent, complete percent, "
        "percent of completion, percent achieved, done percent, percent delivered, "
        "percent implemented, percent of action complete, progress in percent"
    ),
    "comment": (
        "comment, progress, update, note, commentary, progress update, latest update, "
        "progress comment, progress note, progress to date, latest progress, current position, "
        "latest position, narrative, remark, status update, status comment, action update, "
        "progress made, current update, latest comment, progress report, update comment, "
        "latest, progress summary, progress commentary, update on progress, update note, "
        "latest news, position statement, progress statement, where are we now, where we are now, "
        "story so far, the story so far"
    ),
    "evidence": (
        "evidence, evidence of completion, evidence of progress, evidence of impact, "
        "evidence of delivery, supporting evidence, supporting document, "
        "evidence of achievement, evidence provided, "
        "evidence link, link to evidence, evidence of outcome, documentary evidence, "
        "proof of completion, completion evidence, evidence for completion, evidence for closure"
    ),
    "signed_off": (
        "sign off, sign off by, sign off date, closed by, verified by, accepted by, validated by, "
        "verified, accepted, closure approved by, closure agreed by, "
        "closure agreed, completion verified by, completion confirmed by, confirmed complete by, "
        "signed by, sign off yes no, sign off status"
    ),
}
"""The names as people write them; `heading_words.words` compares them."""

ALSO = {
    "progress": ("share", "status"),
    "status": ("comment", "share"),
    "current status": ("comment",),
    "latest status": ("comment",),
    "completed": ("share", "status"),
    "complete": ("share", "status"),
    "closed": ("status",),
    "action complete": ("status",),
    "is it complete": ("status",),
    "is the action complete": ("status",),
    "implemented": ("status",),
    "finished": ("status",),
    "done": ("share", "status"),
    "priority": ("workstream",),
    "recommendation": ("text",),
    "action by": ("due",),
}
"""What a usual name can be for as well, if the cells below fit that and not the first."""

BY_CELLS = {
    "item": ("text", "ref"),
    "description": ("text",),
    "detail": ("text",),
    "title": ("text",),
    "summary": ("text",),
    "name": ("text",),
    "brief description": ("text",),
    "short description": ("text",),
    "full description": ("text",),
    "item description": ("text",),
    "measure": ("text",),
    "milestone": ("text",),
    "key milestone": ("text",),
    "next step": ("text",),
    "step": ("text",),
    "agreed response": ("text",),
    "council response": ("text",),
    "project": ("workstream", "text"),
    "project name": ("workstream", "text"),
    "project title": ("workstream", "text"),
    "bucket name": ("workstream",),
    "bucket": ("workstream",),
    "decision": ("text",),
    "proposal": ("text",),
    "requirement": ("text",),
    "output": ("text",),
    "management response": ("text",),
    "how": ("text",),
    "how will we do it": ("text",),
    "how will we do this": ("text",),
    "how will this be achieved": ("text",),
    "how we will do it": ("text",),
    "by": ("due", "owner"),
    "target": ("due",),
    "original target": ("due",),
    "end": ("due",),
    "schedule": ("due",),
    "required by": ("due",),
    "completed by": ("due",),
    "for action by": ("due", "owner"),
    "tobe actioned by": ("due", "owner"),
    "actioned by": ("due", "owner"),
    "delivered by": ("due", "owner"),
    "implemented by": ("due", "owner"),
    "achieved by": ("due",),
    "resolved by": ("due",),
    "done by": ("due",),
    "action completed": ("completed", "comment"),
    "task completed": ("completed", "comment"),
    "completion": ("share",),
    "objective": ("workstream",),
    "strategic objective": ("workstream",),
    "aim": ("workstream",),
    "goal": ("workstream",),
    "kloe": ("workstream",),
    "key line of enquiry": ("workstream",),
    "last update": ("comment",),
    "extended to": ("revised_due",),
    "extension": ("revised_due",),
    "extension agreed to": ("revised_due",),
    "slipped to": ("revised_due",),
    "moved to": ("revised_due",),
    "achievement": ("comment",),
    "position": ("comment",),
    "recommendation no": ("ref",),
    "recommendation number": ("ref",),
    "recommendation ref": ("ref",),
    "recommendation reference": ("ref",),
    "rec no": ("ref",),
    "rec ref": ("ref",),
    "rec #": ("ref",),
    "head of service": ("owner",),
    "person": ("owner",),
    "director": ("owner",),
    "manager": ("owner",),
    "assistant director": ("owner",),
    "service manager": ("owner",),
    "project lead": ("owner",),
    "project owner": ("owner",),
    "project manager": ("owner",),
}
"""Names that say little: what they are for, if the cells below fit."""

TARGET_OR_DONE = (
    "completion date",
    "date of completion",
    "completion",
    "complete date",
    "closure date",
    "date of closure",
    "close date",
    "closing date",
    "implementation date",
    "date of implementation",
    "action completion date",
    "date of action completion",
    "date for implementation",
    "task completion date",
    "final completion date",
    "completed by date",
    "target actual date",
)
"""Names of the date an action is due as well as of the date it was done."""

SOME_DATE = ("date", "action date", "date for action", "agreed date", "date agreed", "key date")
"""Names of dates of which nothing is known."""
