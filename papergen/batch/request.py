"""What a run is asked to do: which papers, for which boards and meetings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from papergen.batch.jobs import Asked, Surveyed
from papergen.dates import PartialDate
from papergen.errors import CommandError, Problem
from papergen.text import did_you_mean


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for. `paths` are taken from the folder `base`; nothing in `boards` stands for
    all of them.

    `since` and `until` are ISO 8601 dates, or empty: the meetings from the first day of the one to
    the last of the other.
    """

    paths: tuple[str, ...]
    base: str
    boards: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    brand: str | None = None
    force: bool = False

    def as_plain(self) -> dict[str, Any]:
        """What a manifest keeps of it, for `order_from`."""
        return {
            "paths": list(self.paths),
            "base": self.base,
            "boards": list(self.boards),
            "since": self.since,
            "until": self.until,
            "brand": self.brand,
            "force": self.force,
        }


def order_from(plain: Mapping[str, Any]) -> Request:
    """The order that was kept as `as_plain` gave it."""
    return Request(**{**plain, "paths": tuple(plain["paths"]), "boards": tuple(plain["boards"])})


def resumed(order: Request, before: Request) -> Request:
    """What is asked for by a command that names no path: what was asked for before, but where it
    says otherwise.

    To write over edited drafts is asked for anew each time.
    """
    dates = order if order.since or order.until else before
    brand = order.brand or before.brand
    if brand and not order.brand and (Path(before.base, brand) / "brand.yaml").is_file():
        brand = str(Path(before.base, brand))  # a path, seen from where it was given
    boards = order.boards or before.boards
    return replace(
        before, boards=boards, since=dates.since, until=dates.until, brand=brand, force=order.force
    )


def asked_for(order: Request, found: Surveyed) -> Surveyed:
    """What a source has that was asked for. Of one whose boards cannot be read, the fault is kept
    as a job without a board.
    """
    if found.problems and not found.asked:
        return replace(found, asked=(Asked("", "", "", "", "", "", ""),))
    return replace(found, asked=tuple(one for one in found.asked if _is_asked_for(order, one)))


def _is_asked_for(order: Request, one: Asked) -> bool:
    if order.boards and one.board not in order.boards:
        return False
    if not (order.since or order.until):
        return True
    if not one.meeting:  # a faulty paper, whose date cannot be read: better told of than left out
        return True
    meeting = PartialDate.parse(one.meeting)
    if order.since and meeting.first < PartialDate.parse(order.since).first:
        return False
    return not (order.until and meeting.last > PartialDate.parse(order.until).last)


def refuse_unknown(order: Request, boards: Iterable[str], jobs: int) -> None:
    """Raise CommandError where a board was asked for that no paper is for, or nothing at all is
    left to do.

    `boards` are those that the papers are for, `jobs` is how many papers were asked for.
    """
    known = sorted(set(boards))
    problems = []
    for board in order.boards:
        if board not in known:
            hint = did_you_mean(board, known) or (
                "Check the id in the register of bodies, and in the papers."
            )
            problems.append(
                Problem("unknown-board", f"none of the papers is for a board “{board}”", None, hint)
            )
    if not problems and not jobs:
        dates = f"{order.since}..{order.until}"
        hint = (
            "Check them, and the dates of the meetings in the papers. Both ends count; either may "
            "be left out."
        )
        problems.append(
            Problem("no-papers", f"none of the papers is for a meeting in {dates}", None, hint)
        )
    if problems:
        raise CommandError(problems)
