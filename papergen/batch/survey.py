"""What a paper's file asks for.

Each file is loaded and checked once before the work begins, so that every job is known from the
start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from papergen.batch.internal_error import internal_error
from papergen.batch.jobs import JobSpec, Promise, Source, Surveyed
from papergen.dates import PartialDate, entry_on
from papergen.drafting.papers import load_paper
from papergen.drafting.sources import BrandSource, Sources
from papergen.errors import PapergenError, Problem
from papergen.model.base import in_language
from papergen.model.bodies import Bodies
from papergen.model.plan import Commitment
from papergen.readers import read_on
from papergen.storage.file_names import file_name
from papergen.storage.files import read_bytes
from papergen.storage.source_files import FolderFiles

_LONGEST_ID = 100
"""Characters of a board's id in a faulty file, which may hold anything there."""


def survey(source: Source) -> Surveyed:
    """The jobs of a source. Its faults are `problems` of the value; none is raised."""
    try:
        return _surveyed(source)
    except PapergenError as fault:
        return _faulty(source, fault.problems)
    except Exception as fault:  # noqa: BLE001 (an internal error in one paper must not keep the others from their boards)
        return _faulty(source, (internal_error(fault, source.shown, ""),))


def load_source(source: Source) -> Sources:
    """A paper with all that it names. Raises as `load_paper` does."""
    files = FolderFiles(source.path, source.shown)
    brands = []
    if source.brand:
        brands.append(source.brand)
    return load_paper(files, brands)


def _surveyed(source: Source) -> Surveyed:
    sources = load_source(source)
    return Surveyed(
        source=source,
        jobs=tuple(_jobs(source, sources)),
        input_hash=sources.content_hash,
        files={path: digest.hex() for path, digest in sources.files.items()},
        plan_id=sources.plan.id,
        plan_title=in_language(sources.plan.title),
        as_at=sources.paper.as_at.isoformat(),
        promises=tuple(_promises(sources)),
        readings=sources.readings,
    )


def _jobs(source: Source, sources: Sources) -> Iterator[JobSpec]:
    templates = {name: _template_hash(brand) for name, brand in sources.brands.items()}
    for one in sources.paper.considerations:
        brand = source.brand or one.brand or sources.paper.brand
        yield JobSpec(
            board=one.board,
            board_name=_name_on(sources.bodies, one.board, one.meeting),
            meeting=one.meeting.isoformat(),
            role=one.role,
            brand=brand,
            file_name=file_name(one.meeting, one.board, sources.slug),
            template_hash=templates[brand],
        )


def _template_hash(brand: BrandSource) -> str:
    """SHA-256 of all that shapes a brand's papers: template, words and phrases."""
    state = hashlib.sha256(brand.template)
    state.update(brand.brand.model_dump_json().encode())
    for id_, phrase in sorted(brand.phrases.items()):
        state.update(f"\0{id_}\0{phrase.text}".encode("utf-8", "surrogatepass"))
    return state.hexdigest()


def _name_on(bodies: Bodies, id_: str, day: PartialDate) -> str:
    """A body's name on a day; its id where it has none, which drafting reports as a fault."""
    body = next(body for body in bodies.bodies if body.id == id_)
    name = entry_on(day, body.names)
    if name is None:
        return id_
    return in_language(name.name)


def _promises(sources: Sources) -> Iterator[Promise]:
    titles = {post.id: in_language(post.title) for post in sources.bodies.posts}
    as_at = sources.paper.as_at
    for commitment in sources.plan.commitments:
        if _is_kept(commitment, as_at):
            continue
        to_bodies = [_name_on(sources.bodies, body, as_at) for body in commitment.to_bodies]
        to_posts = [titles[post] for post in commitment.to_posts]
        by = ""
        if commitment.by:
            by = titles[commitment.by]
        due = ""
        if commitment.due:
            due = commitment.due.isoformat()
        yield Promise(
            id=commitment.id,
            what=in_language(commitment.what),
            by=by,
            to=(*to_bodies, *to_posts),
            due=due,
        )


def _is_kept(commitment: Commitment, as_at: PartialDate) -> bool:
    done = commitment.done
    return done is not None and done.first <= as_at.last


def _faulty(source: Source, problems: tuple[Problem, ...]) -> Surveyed:
    """As many jobs of a faulty source as can be read: their boards get no paper."""
    considerations = _read_considerations(source)
    jobs: dict[str, JobSpec] = {}
    for one in considerations:
        if not isinstance(one, Mapping) or not isinstance(one.get("board"), str):
            continue
        board = str(one["board"])
        if len(board) > _LONGEST_ID:
            board = f"{board[:_LONGEST_ID]}…"
        jobs[board] = JobSpec(
            board=board,
            board_name="",
            meeting=_day(one.get("meeting")),
            role="",
            brand="",
            file_name="",
            template_hash="",
        )
    return Surveyed(source, tuple(jobs.values()), problems=problems)


def _read_considerations(source: Source) -> list[Any]:
    try:
        document, _ = read_on(read_bytes(Path(source.path), source.shown), source.shown)
    except PapergenError:
        return []  # the problems of the source say why
    if document is None or not isinstance(document.value, Mapping):
        return []
    found = document.value.get("considerations")
    if not isinstance(found, list):
        return []
    return found


def _day(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    try:
        return PartialDate.parse(value).isoformat()
    except ValueError:
        return ""
