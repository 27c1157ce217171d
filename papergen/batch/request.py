"""What a run is asked to do: which papers, for which boards and meetings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from papergen.batch.jobs import JobSpec, Surveyed
from papergen.dates import PartialDate
from papergen.errors import CommandError, Problem


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked to do. `paths` are relative to the folder `base`; no `boards` means all.

    `since` and `until` are ISO 8601 dates, or empty: only meetings from the first day of the one to
    the last day of the other.
    """

    paths: tuple[str, ...]
    base: str
    boards: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    brand: str | None = None
    force: bool = False

    def as_plain(self) -> dict[str, Any]:
        """The request as the manifest keeps it, for `request_from`."""
        return asdict(self)


def request_from(plain: Mapping[str, Any]) -> Request:
    """The request that was kept as `as_plain` returned it."""
    values = dict(plain)
    values["paths"] = tuple(plain["paths"])
    values["boards"] = tuple(plain["boards"])
    return Request(**values)


def resumed(request: Request, before: Request) -> Request:
    """The request of a command that names no path: the one before, with what is new in this one.

    To overwrite edited drafts is requested anew each time.
    """
    dates = before
    if request.since or request.until:
        dates = request
    brand = request.brand or before.brand
    if before.brand and not request.brand:
        folder = Path(before.base, before.brand)
        if (folder / "brand.yaml").is_file():
            brand = str(folder)  # a path, relative to the folder of the command before
    return replace(
        before,
        boards=request.boards or before.boards,
        since=dates.since,
        until=dates.until,
        brand=brand,
        force=request.force,
    )


def requested_jobs(request: Request, found: Surveyed) -> Surveyed:
    """A source with those of its jobs that are requested.

    A source whose boards cannot be read gets one job without a board, which keeps its problems.
    """
    if found.problems and not found.jobs:
        unread = JobSpec(
            board="",
            board_name="",
            meeting="",
            role="",
            brand="",
            file_name="",
            template_hash="",
        )
        return replace(found, jobs=(unread,))
    wanted = tuple(job for job in found.jobs if _is_requested(request, job))
    return replace(found, jobs=wanted)


def _is_requested(request: Request, job: JobSpec) -> bool:
    if request.boards and job.board not in request.boards:
        return False
    if not job.meeting:  # of a faulty paper whose date cannot be read: its problems are reported
        return True
    meeting = PartialDate.parse(job.meeting)
    if request.since:
        since = PartialDate.parse(request.since)
        if meeting.first < since.first:
            return False
    if request.until:
        until = PartialDate.parse(request.until)
        if meeting.last > until.last:
            return False
    return True


def refuse_unknown(
    request: Request,
    boards: Iterable[str],
    jobs: int,
) -> None:
    """Raise CommandError for a requested board that no paper is for, or where nothing is left.

    `boards` are those that the papers are for, `jobs` is how many papers were requested.
    """
    problems = list(_unknown_boards(request, sorted(set(boards))))
    if problems:
        raise CommandError(problems)
    if jobs:
        return
    message = f"none of the papers is for a meeting in {request.since}..{request.until}"
    hint = (
        "Check them, and the dates of the meetings in the papers. Both ends count; either may "
        "be left out."
    )
    problem = Problem("no-papers", message, None, hint)
    raise CommandError([problem])


def _unknown_boards(request: Request, known: list[str]) -> Iterator[Problem]:
    for board in request.boards:
        if board in known:
            continue
        from papergen.text import nearest

        near = nearest(board, known)
        hint = "Check the id in the register of bodies, and in the papers."
        if near:
            hint = f"Did you mean “{near}”?"
        message = f"none of the papers is for a board “{board}”"
        yield Problem("unknown-board", message, None, hint)
