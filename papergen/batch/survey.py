"""What a paper's file asks for: loaded and checked once before the work begins, so that every job
is known from the start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from papergen.batch.internal_error import internal_error
from papergen.batch.jobs import Asked, Promise, Source, Surveyed
from papergen.dates import PartialDate
from papergen.drafting.load import load
from papergen.errors import PapergenError, Problem
from papergen.model.base import in_language
from papergen.model.bodies import Bodies
from papergen.model.plan import Commitment
from papergen.model.sources import BrandSource, Sources
from papergen.readers import read_on
from papergen.storage.file_names import file_name
from papergen.storage.files import read_bytes
from papergen.text import shorten


def survey(source: Source) -> Surveyed:
    """What there is to be done for a source. Its faults are told in what comes back: nothing is
    raised for them.
    """
    try:
        return _surveyed(source)
    except PapergenError as fault:
        return _faulty(source, fault.problems)
    except Exception as fault:  # noqa: BLE001 (a fault of ours in one paper must not keep the others from their boards)
        return _faulty(source, (internal_error(fault, source.shown, ""),))


def load_source(source: Source) -> Sources:
    """A paper with all that it names. Raises as `load` does."""
    return load(source.path, [source.brand] if source.brand else [], shown=source.shown)


def _surveyed(source: Source) -> Surveyed:
    sources = load_source(source)
    templates = {name: _template_hash(brand) for name, brand in sources.brands.items()}
    asked = []
    for one in sources.paper.considerations:
        brand = source.brand or one.brand or sources.paper.brand
        name = _name_on(sources.bodies, one.board, one.meeting)
        file = file_name(one.meeting, one.board, sources.slug)
        asked.append(
            Asked(one.board, name, one.meeting.isoformat(), one.role, brand, file, templates[brand])
        )
    return Surveyed(
        source=source,
        asked=tuple(asked),
        input_hash=sources.content_hash,
        files={path: digest.hex() for path, digest in sources.files.items()},
        plan_id=sources.plan.id,
        plan_title=in_language(sources.plan.title),
        as_at=sources.paper.as_at.isoformat(),
        promises=tuple(_promises(sources)),
        notes=sources.notes,
    )


def _template_hash(brand: BrandSource) -> str:
    """SHA-256 of what gives a brand's papers their form: template, words and phrases."""
    state = hashlib.sha256(brand.template)
    state.update(brand.brand.model_dump_json().encode())
    for id_, phrase in sorted(brand.phrases.items()):
        state.update(f"\0{id_}\0{phrase.text}".encode("utf-8", "surrogatepass"))
    return state.hexdigest()


def _name_on(bodies: Bodies, id_: str, day: PartialDate) -> str:
    """A body's name on a day; its id where it has none, which drafting will tell as a fault."""
    body = next(body for body in bodies.bodies if body.id == id_)
    for name in body.names:
        if day.is_within(name.from_, name.to):
            return in_language(name.name)
    return id_


def _promises(sources: Sources) -> Iterator[Promise]:
    titles = {post.id: in_language(post.title) for post in sources.bodies.posts}
    for commitment in sources.plan.commitments:
        if not _is_kept(commitment, sources.paper.as_at):
            yield Promise(
                commitment.id,
                in_language(commitment.what),
                titles[commitment.by] if commitment.by else "",
                (
                    *(
                        _name_on(sources.bodies, body, sources.paper.as_at)
                        for body in commitment.to_bodies
                    ),
                    *(titles[post] for post in commitment.to_posts),
                ),
                commitment.due.isoformat() if commitment.due else "",
            )


def _is_kept(commitment: Commitment, as_at: PartialDate) -> bool:
    return commitment.done is not None and commitment.done.first <= as_at.last


def _faulty(source: Source, problems: tuple[Problem, ...]) -> Surveyed:
    """As much of a faulty source as can be read: its boards were to get a paper, and will be told
    not to have got it.
    """
    values: Any = None
    try:
        document, _ = read_on(read_bytes(Path(source.path), source.shown), source.shown)
        values = document.value if document is not None else None
    except PapergenError:
        values = None  # `problems` says why
    given = values.get("considerations") if isinstance(values, Mapping) else None
    asked = [
        Asked(shorten(str(one["board"]), 101), "", _day(one.get("meeting")), "", "", "", "")
        for one in (given if isinstance(given, list) else ())
        if isinstance(one, Mapping) and isinstance(one.get("board"), str)
    ]
    unique = {one.board: one for one in asked}
    return Surveyed(source, tuple(unique.values()), problems=problems)


def _day(value: Any) -> str:
    try:
        return PartialDate.parse(value).isoformat() if isinstance(value, str) else ""
    except ValueError:
        return ""
