"""Names of bodies, posts and people: in full with initials at first, then short.

What counts is the order of printing. Headings, captions, page margins and properties neither expand
a name nor introduce it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from papergen.dates import PartialDate, entry_on
from papergen.engine.values import Gap, ValueMisuse
from papergen.facts.records import Namer, Record
from papergen.language.locale import NO_BREAK
from papergen.language.words import Words

_NOTHING: frozenset[str] = frozenset()


# -- bodies


def name_body(
    body: Record,
    run: Any,
    form: str,
    owned: bool,
) -> Iterator[Any]:
    """A body's name in a form: full, short, bare, initials or name.

    Without a form, it is in full at its first mention and short from then on. `owned`: with the
    mark of possession.
    """
    earlier = _earlier_mentions(body, run)
    first = form == "" and _introduce(body, run)
    initials = None
    if first:
        initials = body.get("initials")
    if form in ("full", "name") and not body.data.fields.get("initials"):
        _note_introduction(body, run)
    if form == "" and not first:
        form = "short"
        _depend_on_earlier(
            thing=body,
            run=run,
            earlier=earlier,
            first=partial(_introduced, body),
            later=partial(_short, body),
        )
    if form in ("short", "bare", "initials"):
        _claim_short_forms(body, run)
    shown = _in_form(body, form)
    if isinstance(shown, Gap):
        yield shown
        return
    if owned:
        shown = body.view.locale.words.possessive_of(shown)
    if initials:
        shown = f"{shown} ({initials})"
    yield shown


def _in_form(body: Record, form: str) -> str | Gap:
    """A body's name in a form, in full where it is empty."""
    if form == "initials":
        initials: str | Gap = body.look_up("initials")
        return initials
    if form == "name":
        return name_of(body)
    if form == "short":
        return _short(body)
    if form == "bare":
        return _without_article(_short(body), body.view.locale.words)
    return _full(body)


def name_of(body: Record) -> str:
    """A body's name on the day of the meeting, without article.

    Raises ValueMisuse where it has none on that day.
    """
    view = body.view
    entry = entry_on(view.meeting, body.get("names"))
    if entry is None:
        day = view.locale.format(view.meeting)
        raise ValueMisuse(
            f"the body “{body.id}” has no name on {day}",
            f"Add the name it has on that day to its “names:” in {_register(body)}.",
            "no-name-on-date",
        )
    name: str = entry.get("name")
    return name


def _full(body: Record) -> str:
    return _article(body) + name_of(body)


def _introduced(body: Record) -> str:
    """A body's name as its first mention has it."""
    initials = body.get("initials")
    if not initials:
        return _full(body)
    return f"{_full(body)} ({initials})"


def _short(body: Record) -> str:
    short = body.get("short")
    if short:
        return str(short)
    name = body.get("initials")
    if not name:
        name = name_of(body)
    return _article(body) + str(name)


# -- posts, people, phases and the plan


def name_post(
    post: Record,
    run: Any,
    form: str,
    owned: bool,
) -> Iterator[Any]:
    """A post's title: in full at the first mention, short from then on."""
    earlier = _earlier_mentions(post, run)
    first = form == "" and _introduce(post, run)
    if form in ("full", "name"):
        _note_introduction(post, run)
    elif not first:
        _claim_short_forms(post, run)
    short = None
    if not first and form not in ("full", "name"):
        short = post.get("short")
    if short:
        shown = short
    elif form == "name":
        shown = post.get("title")
    else:
        shown = _title_with_article(post)
    if form == "bare":
        shown = _without_article(shown, post.view.locale.words)
    if form == "" and not first:
        _depend_on_earlier(
            thing=post,
            run=run,
            earlier=earlier,
            first=lambda: _title_with_article(post),
            later=lambda: shown,
        )
    if owned:
        shown = post.view.locale.words.possessive_of(shown)
    yield shown


def _title_with_article(post: Record) -> str:
    title = post.get("title")
    return _article(post) + str(title)


def name_person(
    person: Record,
    _run: Any,
    _form: str,
    owned: bool,
) -> Iterator[Any]:
    """A person's name."""
    name = person.get("name")
    if owned:
        name = person.view.locale.words.possessive_of(name)
    yield name


def name_phase(
    phase: Record,
    _run: Any,
    _form: str,
    owned: bool,
) -> Iterator[Any]:
    """“Phase 1”, or the title it has instead."""
    words = phase.view.locale.words
    shown = phase.get("title")
    if not shown:
        number = phase.get("number")
        shown = f"{words.phase}{NO_BREAK}{number}"
    if owned:
        shown = words.possessive_of(shown)
    yield shown


def name_plan(
    plan: Record,
    _run: Any,
    form: str,
    owned: bool,
) -> Iterator[Any]:
    """The plan's short title; its title in full where it has none, or with |full."""
    shown = None
    if form != "full":
        shown = plan.get("short_title")
    if not shown:
        shown = plan.get("title")
    if owned:
        shown = plan.view.locale.words.possessive_of(shown)
    yield shown


NAMERS: Mapping[str, Namer] = {
    "body": name_body,
    "post": name_post,
    "person": name_person,
    "phase": name_phase,
    "plan": name_plan,
}
"""How the things of a kind are named in text. Other kinds are named by one of their fields."""
INTRODUCED_KINDS = frozenset(("body", "post"))
"""The kinds whose names are in full at their first mention."""


# -- what forms consist of


def _without_article(shown: str, words: Words) -> str:
    """A short form without the article that it may bring, as “the Council” does."""
    return shown.removeprefix(f"{words.article} ")


def _article(thing: Record) -> str:
    """The article of a name, with the blank after it; empty where the name takes none."""
    words = thing.view.locale.words
    if "article" not in thing.data.fields:
        return f"{words.article} "
    return _spaced(thing.get("article"), words)


def _spaced(article: str | None, words: Words) -> str:
    if not article or article == "none":
        return ""
    return f"{words.article} "


def _register(thing: Record) -> str:
    return thing.view.store.files.get("bodies", "the register")


# -- first and later mentions


def _introduce(thing: Record, run: Any) -> bool:
    """Note this mention, and return whether it is the first, and so in full."""
    if not run.names.introducing:
        return False
    _claim_short_forms(thing, run)
    first = thing.data.path not in run.names.introduced
    _note_introduction(thing, run)
    return first


def _note_introduction(thing: Record, run: Any) -> None:
    """A name in full introduces too, except for initials, which only a first mention explains."""
    if not run.names.introducing:
        return
    via = _NOTHING
    if run.recorder is not None:
        via = run.recorder.conditions().union(thing.via)
    path = thing.data.path
    if path in run.names.introduced:
        via &= run.names.introduced[path]
    run.names.introduced[path] = via


def _earlier_mentions(thing: Record, run: Any) -> frozenset[str]:
    """The facts that every mention so far depended on, in a traced run that introduces here."""
    if run.recorder is None or not run.names.introducing:
        return _NOTHING
    path = thing.data.path
    earlier: frozenset[str] = run.names.introduced.get(path, _NOTHING)
    return earlier


def _depend_on_earlier(
    thing: Record,
    run: Any,
    earlier: frozenset[str],
    first: Callable[[], str],
    later: Callable[[], str],
) -> None:
    """Record that a later mention depends on what *all* earlier ones depended on.

    It does so only where a first mention would have another form.
    """
    if not earlier:
        return
    first_form, _ = thing.view.apart(first)
    later_form, _ = thing.view.apart(later)
    if first_form != later_form:
        run.recorder.depend(sorted(earlier))


def _claim_short_forms(thing: Record, run: Any) -> None:
    """Reserve the thing's short forms in this paper.

    Reports one that another body or post has already: readers could not know which is meant.
    """
    path = thing.data.path
    run.names.claimed.add(path)
    for form in _short_forms(thing):
        owner = run.names.short_forms.setdefault(form.casefold(), path)
        if owner == path:
            continue
        other = thing.view.at(owner)
        both = f"{thing.describe()} and {other.describe()}"
        run.faults.report(
            site=run.faults.current_site(),
            code="shared-short-form",
            message=f"{both} would both be called “{form}” in this paper",
            hint=f"Give one of them another short form in {_register(thing)}, or use |full.",
        )
        return


def _short_forms(thing: Record) -> list[str]:
    """The forms, other than the name in full, by which readers know a body or post."""
    fields = thing.data.fields
    initials = fields.get("initials")
    short = fields.get("short")
    if not short and initials:
        article = _spaced(fields.get("article"), thing.view.locale.words)
        short = article + initials
    forms = [form for form in (short, initials) if form]
    return list(dict.fromkeys(forms))


# -- holders of posts


def holder(post: Record) -> Record | Gap:
    """The person who holds a post on the day of the meeting; a gap when nobody is known to."""
    meeting = post.view.meeting
    entries = post.get("holders") or ()
    entry = entry_on(meeting, entries)
    known = entry is not None
    for other in entries:
        holds = other == entry
        _record_deciding_dates(other, meeting, holds, known)
    if entry is None:
        return _no_holder(post)
    found: Record = entry.get("person")
    return found


def _no_holder(post: Record) -> Gap:
    gap = post.gap("holders")
    title, facts = post.view.apart(partial(post.get, "title"))
    locale = post.view.locale
    day = locale.format(post.view.meeting)
    return Gap(
        what=locale.words.missing_holder.format(post=title, day=day),
        hint=gap.hint,
        path=gap.path,
        facts=tuple(sorted(facts.union(gap.facts))),
    )


def _record_deciding_dates(
    entry: Record,
    day: PartialDate,
    holds: bool,
    known: bool,
) -> None:
    """Read those dates of an entry that decide whether it holds on `day`, for the recorder.

    `holds`: the entry is the one that holds. `known`: there is one. Another entry than that one
    could not hold whatever its dates, since no two may.
    """
    excluding = []
    if not entry.period.starts_by(day):
        excluding.append("from")
    if not entry.period.lasts_until(day):
        excluding.append("to")
    is_excluded_by_one = not known and len(excluding) == 1
    if not holds and not is_excluded_by_one:
        return
    fields = entry.data.fields
    given = [name for name in ("from", "to") if fields[name] is not None]
    for name in excluding or given:
        entry.get(name)
