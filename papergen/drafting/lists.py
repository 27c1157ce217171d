"""A list of actions read by itself, for people to see how: with what a paper, a plan and a register
of bodies say of it, as far as there are any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from papergen.dates import PartialDate
from papergen.drafting.load import text_at
from papergen.drafting.named_list import actions_group, read_named_list
from papergen.errors import Location, PapergenError, Problem, check, error
from papergen.model.plan import Plan
from papergen.readers import read
from papergen.readers.document import SourceDocument
from papergen.readers.validate import validate
from papergen.storage.source_files import FolderFiles, SourceFile
from papergen.workbook.into_plan import into_plan
from papergen.workbook.reading import Reading

_YAML = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class ListFiles:
    """What to read: a list, or the paper or plan that names it; and further files, which come
    before those that the paper names.
    """

    path: Path
    plan: Path | None = None
    bodies: Path | None = None
    paper: Path | None = None


@dataclass(frozen=True, slots=True)
class ListRead:
    """A list as it was read.

    `problems` are the faults of its cells. `as_at` is the as-at date, `as_at_from` the file that
    says so, if one does. `file` is what the plan calls the list, and `group` what it has under
    `actions:`. `has_register`: whether there was a register of bodies to find owners in.
    """

    reading: Reading
    problems: tuple[Problem, ...]
    as_at: PartialDate
    as_at_from: str = ""
    file: str = ""
    group: Any = None
    has_register: bool = False


def read_list(files: ListFiles, as_at: PartialDate | None, today: PartialDate) -> ListRead:
    """How a list is read. `as_at`: the as-at date, if not that of the paper; else it is `today`.

    Raises PapergenError where a file or the list cannot be read.
    """
    found = _Documents(files)
    plan, bodies, paper = found.plan, found.bodies, found.paper
    as_at_from = ""
    if as_at is None and paper is not None:
        as_at, as_at_from = _as_at(paper), paper.source
    list_file, named_at = found.list_file()
    group = actions_group(plan)
    listed = read_named_list(
        found.files.read(list_file, named_at=named_at),
        list_file.shown,
        group=group,
        plan=plan,
        bodies=bodies,
        as_at=as_at or today,
        until=_last_meeting(paper),
    )
    reading = listed.reading
    if plan is not None and isinstance(plan.value, Mapping):
        reading = reading.plus(into_plan(plan.value, listed.actions).remarks)
    return ListRead(
        reading=reading,
        problems=listed.problems,
        as_at=as_at or today,
        as_at_from=as_at_from,
        file=group.file if group is not None else "",
        group=_at(plan, "actions") if plan is not None else None,
        has_register=bodies is not None,
    )


class _Documents:
    """The files that say how a list is to be read, as far as there are any."""

    def __init__(self, files: ListFiles) -> None:
        self.files = FolderFiles(files.path)
        self.paper: SourceDocument | None = None
        self.plan: SourceDocument | None = None
        self.bodies: SourceDocument | None = None
        self.given = self.files.paper
        self.is_list = files.path.suffix.lower() not in _YAML
        self._plan_file: SourceFile | None = None
        given = None if self.is_list else self._read(self.given)
        if given is not None and text_at(given, "plan") is not None:
            self._read_paper(given, self.given)
        elif given is not None:
            self.plan, self._plan_file = given, self.given
        if files.paper is not None:
            file = _file(files.paper)
            self._read_paper(self._read(file), file)
        if files.plan is not None:
            self._plan_file = _file(files.plan)
            self.plan = self._read(self._plan_file)
        if files.bodies is not None:
            self.bodies = self._read(_file(files.bodies))

    def _read_paper(self, paper: SourceDocument, file: SourceFile) -> None:
        """Take a paper, with the plan and the register that it names."""
        self.paper = paper
        plan, bodies = text_at(paper, "plan"), text_at(paper, "bodies")
        if plan is not None and self.plan is None:
            self._plan_file = file.beside(plan)
            self.plan = self._read(self._plan_file, paper.location(("plan",)))
        if bodies is not None:
            self.bodies = self._read(file.beside(bodies), paper.location(("bodies",)))

    def _read(self, file: SourceFile, named_at: Location | None = None) -> SourceDocument:
        return read(self.files.read(file, named_at=named_at), file.shown)

    def list_file(self) -> tuple[SourceFile, Location | None]:
        """The list, and where the plan names it. Raises DataError where no list is named."""
        if self.is_list:
            return self.given, None
        group = actions_group(self.plan)
        if group is None and self.plan is not None:
            check(_problems_of_group(self.plan))
        if group is None or self.plan is None or self._plan_file is None:
            raise _names_no_list(self.plan, self.given)
        return self._plan_file.beside(group.file), self.plan.location(("actions",))


def _problems_of_group(plan: SourceDocument) -> list[Problem]:
    """What is wrong in the group `actions:` of a plan."""
    _, problems = validate(Plan, plan)
    start = plan.key_location(("actions",)).line or 0
    later = [place for path, (place, _) in plan.key_places.items() if len(path) == 1]
    end = min((line for line in later if line > start), default=None)
    return [
        problem
        for problem in problems
        if problem.where is not None
        and (problem.where.line or 0) >= start
        and (end is None or (problem.where.line or 0) < end)
    ]


def _file(path: Path) -> SourceFile:
    return SourceFile(str(path), str(path))


def _names_no_list(plan: SourceDocument | None, given: SourceFile) -> PapergenError:
    where = Location(given.shown if plan is None else plan.source)
    message = "no list of actions is named here"
    hint = "Name it in the plan, as `actions: tracker.xlsx`; or read the list itself."
    return error([Problem("missing-field", message, where, hint)])


def _at(document: SourceDocument, name: str) -> Any:
    value = document.value
    return value.get(name) if isinstance(value, Mapping) else None


def _last_meeting(paper: SourceDocument | None) -> PartialDate | None:
    """The last of the meetings that a paper is for, as far as they can be read."""
    found = []
    considerations = _at(paper, "considerations") if paper is not None else None
    for one in considerations if isinstance(considerations, list) else ():
        meeting = one.get("meeting") if isinstance(one, Mapping) else None
        try:
            found.append(PartialDate.parse(str(meeting)))
        except ValueError:
            continue  # whoever loads the paper reports what is wrong with it
    return max(found, default=None)


def _as_at(paper: SourceDocument) -> PartialDate | None:
    """The as-at date of a paper. Raises DataError where it is none."""
    text = text_at(paper, "as_at")
    if text is None:
        return None
    try:
        return PartialDate.parse(text)
    except ValueError as fault:
        hint = "Write dates as 2012-11-08."
        problem = Problem("bad-date", f"“{text}” is {fault}", paper.location(("as_at",)), hint)
        raise error([problem]) from None
