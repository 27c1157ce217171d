"""Names of bodies, posts and people: in full with initials when first mentioned, short from then
on.

What counts is the order of printing. Headings, captions, page margins and properties neither expand
a name nor introduce it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from papergen.dates import PartialDate
from papergen.engine.values import Gap, ValueMisuse
from papergen.facts.records import Record
from papergen.language.locale import NO_BREAK
from papergen.language.words import Words

_NOTHING: frozenset[str] = frozenset()


def current(entries: Any, day: PartialDate) -> Any:
    """Of dated entries (`from` and `to`, both inclusive, either open), the one that holds on `day`;
    None if there is none.
    """
    for entry in entries:
        if day.is_within(entry.data.fields.get("from"), entry.data.fields.get("to")):
            return entry
    return None


def name_of(body: Record) -> str | Gap:
    """A body's name on the day of the meeting, without article."""
    entry = current(body.get("names"), body.view.meeting)
    if entry is None:
        raise ValueMisuse(
            f"the body “{body.id}” has no name on {body.view.locale.format(body.view.meeting)}",
            f"Add the name it has on that day to its “names:” in {_register(body)}.",
            "no-name-on-date",
        )
    name: str = entry.get("name")
    return name


def name_body(body: Record, run: Any, form: str) -> Iterator[Any]:
    """A body's name in a form: full, short, bare, initials, name, or none for what this mention
    asks; “+” for possession.
    """
    owned = form.endswith("+")
    form = form.rstrip("+")
    earlier = _earlier(body, run)
    first = _introduce(body, run) if form == "" else form == "full+initials"
    if form in ("full", "name") and not body.data.fields.get("initials"):
        _note_introduction(body, run)
    if form == "" and not first:
        form = "short"
        _depend_on_earlier(body, run, earlier, lambda: _introduced(body), lambda: _short(body))
    if form in ("short", "bare", "initials"):
        _claim_short_forms(body, run)
    initials = body.get("initials") if first or form == "initials" else None
    words = body.view.locale.words
    if form == "initials":
        shown = initials or body.look_up("initials")
    elif form == "name":
        shown = name_of(body)
    elif form in ("short", "bare"):
        shown = _without_article(_short(body), form, words)
    else:
        shown = _full(body)
    if isinstance(shown, Gap):
        yield shown
        return
    shown = words.possessive_of(shown) if owned else shown
    yield f"{shown} ({initials})" if first and initials else shown


def _full(body: Record) -> str:
    return _article(body) + str(name_of(body))


def _introduced(body: Record) -> str:
    initials = body.get("initials")
    return f"{_full(body)} ({initials})" if initials else _full(body)


def _short(body: Record) -> str:
    short = body.get("short")
    if short:
        return str(short)
    return _article(body) + str(body.get("initials") or name_of(body))


def _without_article(shown: str, form: str, words: Words) -> str:
    """A short form that may bring its article, as “the Council” does, without it where it is asked
    for bare.
    """
    return shown.removeprefix(f"{words.article} ") if form == "bare" else shown


def _article(body: Record) -> str:
    article = body.get("article") if "article" in body.data.fields else "the"
    return _article_of(article, body.view.locale.words)


def _article_of(article: str | None, words: Words) -> str:
    return f"{words.article} " if article and article != "none" else ""


def _introduce(thing: Record, run: Any) -> bool:
    """Whether this mention is the first, and so in full."""
    if not run.introducing:
        return False
    _claim_short_forms(thing, run)
    first = thing.data.path not in run.introduced
    _note_introduction(thing, run)
    return first


def _earlier(thing: Record, run: Any) -> frozenset[str]:
    """What all mentions so far came by, in a traced run that introduces here."""
    return (
        run.introduced.get(thing.data.path, _NOTHING)
        if run.recorder is not None and run.introducing
        else _NOTHING
    )


def _depend_on_earlier(
    thing: Record, run: Any, earlier: frozenset[str], *forms: Callable[[], str]
) -> None:
    """A later mention depends on what *all* earlier ones came by, where its form, of the two, is
    not that of a first one.
    """
    if earlier:
        first, later = (thing.view.apart(form)[0] for form in forms)
        if first != later:
            run.recorder.depend(sorted(earlier))


def _note_introduction(thing: Record, run: Any) -> None:
    """A name in full introduces too, but for initials, which only a first mention explains."""
    if run.introducing:
        known = run.introduced.get(thing.data.path)
        via = _NOTHING if run.recorder is None else run.recorder.conditions().union(thing.via)
        run.introduced[thing.data.path] = via if known is None else known & via


def _claim_short_forms(thing: Record, run: Any) -> None:
    """Report a short form that another body or post of this paper has already: readers could not
    tell which is meant.
    """
    fields = thing.data.fields
    initials = fields.get("initials")
    words = thing.view.locale.words
    article = _article_of(fields.get("article"), words)
    short = fields.get("short") or (initials and article + initials)
    path = thing.data.path
    run.claimed.add(path)
    for form in dict.fromkeys(filter(None, (short, initials))):
        if run.short_forms.setdefault(form.casefold(), path) != path:
            other = thing.view.at(run.short_forms[form.casefold()])
            run.report(
                run.current_site(),
                "shared-short-form",
                (
                    f"{thing.describe()} and {other.describe()} would both be called “{form}” in "
                    "this paper"
                ),
                f"Give one of them another short form in {_register(thing)}, or use |full.",
            )
            break


def _register(thing: Record) -> str:
    return thing.view.store.files.get("bodies", "the register")


def name_post(post: Record, run: Any, form: str) -> Iterator[Any]:
    """A post's title: in full at the first mention, short from then on."""
    owned = form.endswith("+")
    form = form.rstrip("+")
    earlier = _earlier(post, run)
    first = _introduce(post, run) if form == "" else False
    if form in ("full", "name"):
        _note_introduction(post, run)
    elif not first:
        _claim_short_forms(post, run)
    short = None if first or form in ("full", "name") else post.get("short")
    words = post.view.locale.words
    shown = _without_article(
        short or ("" if form == "name" else _article(post)) + post.get("title"), form, words
    )
    if form == "" and not first:
        _depend_on_earlier(
            post, run, earlier, lambda: _article(post) + post.get("title"), lambda: shown
        )
    yield words.possessive_of(shown) if owned else shown


def name_person(person: Record, _run: Any, form: str) -> Iterator[Any]:
    """A person's name."""
    name = person.get("name")
    words = person.view.locale.words
    yield words.possessive_of(name) if form.endswith("+") else name


def name_phase(phase: Record, _run: Any, form: str) -> Iterator[Any]:
    """“Phase 1”, or the title it has instead."""
    words = phase.view.locale.words
    shown = phase.get("title") or f"{words.phase}{NO_BREAK}{phase.get('number')}"
    yield words.possessive_of(shown) if form.endswith("+") else shown


def name_plan(plan: Record, _run: Any, form: str) -> Iterator[Any]:
    """The plan's short title; its title in full where it has none, or with |full."""
    short = None if form.rstrip("+") == "full" else plan.get("short_title")
    shown = short or plan.get("title")
    yield plan.view.locale.words.possessive_of(shown) if form.endswith("+") else shown


def holder(post: Record) -> Record | Gap:
    """The person who holds a post on the day of the meeting; a gap when nobody is known to."""
    meeting = post.view.meeting
    entries = post.get("holders") or ()
    entry = current(entries, meeting)
    for other in entries:
        _read_bounds(other, meeting, other == entry, entry is not None)
    if entry is None:
        gap = post.gap("holders")
        title, facts = post.view.apart(lambda: post.get("title"))
        locale = post.view.locale
        return Gap(
            locale.words.missing_holder.format(post=title, day=locale.format(meeting)),
            gap.hint,
            gap.path,
            tuple(sorted(facts.union(gap.facts))),
        )
    found: Record = entry.get("person")
    return found


def _read_bounds(entry: Record, day: PartialDate, holds: bool, known: bool) -> None:
    """Tell of the dates that decide whether an entry holds. One that another entry keeps out could
    not hold (no two may).
    """
    bounds = {
        name: entry.data.fields[name]
        for name in ("from", "to")
        if entry.data.fields[name] is not None
    }
    wrong = [
        name
        for name, date in bounds.items()
        if (date.first > day.last if name == "from" else date.last < day.first)
    ]
    if holds or (not known and len(wrong) == 1):
        for name in wrong or bounds:
            entry.get(name)


Record.namers.update(
    {
        "body": name_body,
        "post": name_post,
        "person": name_person,
        "phase": name_phase,
        "plan": name_plan,
    }
)
Record.introduced_kinds.update(("body", "post"))
