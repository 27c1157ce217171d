"""Faults as data: every fault of an input is a `Problem`, and one exception carries them all.

`REGISTRY` is the one list of message codes. A test compares `docs/message-codes.md` with it, so
that a reader can look up every code. The exit code of a run follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from papergen.text import shorten_quotations


class Kind(IntEnum):
    """Who can correct a fault; the value is the exit code of a run that ends with it."""

    SOURCE = 3
    """A file that cannot be read at all: missing, not text, not YAML."""
    DATA = 4
    """A plan, a register of bodies or a paper that says something wrong."""
    TEMPLATE = 5
    """A council's Word template or its brand.yaml."""
    OUTPUT = 6
    """A paper that could not be written: read-only folder, full disk, file open in Word."""
    BATCH = 7
    """A paper of a batch that failed without a fault of its own: its worker was lost, say."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a source.

    `source` is the file as the user named it. `line` and `column` count from 1. `cell` names a cell
    of a workbook or a CSV file (“Sheet1!F12”, “F12”); its row and column are then `line` and
    `column`. `detail` names a place inside a file that has neither: a part and paragraph of a Word
    template.
    """

    source: str
    line: int | None = None
    column: int | None = None
    detail: str = ""
    cell: str = ""

    def __str__(self) -> str:
        place = f"{self.source}!{self.cell}" if self.cell else self.source
        if self.line is not None and not self.cell:
            place += f":{self.line}"
            if self.column is not None:
                place += f":{self.column}"
        return f"{place}, {self.detail}" if self.detail else place

    def sort_key(self) -> tuple[str, int, int, str]:
        return (self.source, self.line or 0, self.column or 0, self.detail)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault.

    `code` is a key of `REGISTRY`, `message` says what is wrong, `hint` what to do next. Long
    quotations in either are cut short. Raises ValueError for a code that is not registered.
    """

    code: str
    message: str
    where: Location | None = None
    hint: str = ""

    def __post_init__(self) -> None:
        if self.code not in REGISTRY:
            raise ValueError(
                f"message code {self.code!r} is not registered in papergen.errors.REGISTRY"
            )
        for name in ("message", "hint"):
            text: str = getattr(self, name)
            if len(text) > _LONG_MESSAGE:
                object.__setattr__(self, name, shorten_quotations(text, _MOST_CHARACTERS))

    @property
    def kind(self) -> Kind:
        return REGISTRY[self.code][0]

    def __str__(self) -> str:
        """`file:line:column: code: message`, without the hint."""
        text = f"{self.code}: {self.message}"
        return f"{self.where}: {text}" if self.where else text


_LONG_MESSAGE = 300
_MOST_CHARACTERS = 2_000
"""Of a message: what it quotes may be a text of millions."""


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems in the order of their places, each once; those without a place come first."""
    return sorted(dict.fromkeys(problems), key=_place_of)


def _place_of(problem: Problem) -> tuple[str, int, int, str]:
    return problem.where.sort_key() if problem.where is not None else ("", 0, 0, "")


class PapergenError(Exception):
    """Faults of the input, all of one run, in the order of their places.

    A fault of papergen's own is never one. Raises ValueError where there is no problem.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(in_order(problems))
        if not self.problems:
            raise ValueError("a PapergenError needs at least one Problem")
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.problems,))

    @property
    def exit_code(self) -> int:
        return int(min(problem.kind for problem in self.problems))


class SourceError(PapergenError):
    """At least one file could not be read."""


class DataError(PapergenError):
    """A plan, a register or a paper is wrong."""


class TemplateError(PapergenError):
    """A brand's template or its brand.yaml is wrong."""


class OutputError(PapergenError):
    """A paper could not be written."""


class BatchError(PapergenError):
    """A batch cannot go on."""


class CommandError(PapergenError):
    """The command is wrong, and not a file: it names a board that no paper is for, say."""

    @property
    def exit_code(self) -> int:
        """That of a wrong command line."""
        return 2


_ERRORS = {
    Kind.SOURCE: SourceError,
    Kind.DATA: DataError,
    Kind.TEMPLATE: TemplateError,
    Kind.OUTPUT: OutputError,
    Kind.BATCH: BatchError,
}


def error(problems: Iterable[Problem]) -> PapergenError:
    """The exception for these problems: its class is that of the kind to correct first."""
    problems = tuple(problems)
    return _ERRORS[min(problem.kind for problem in problems)](problems)


def ends_all(problems: Iterable[Problem]) -> bool:
    """Whether a run ended because it asked for too much work, as the next one would too."""
    return any(problem.code in ("too-much-work", "template-work") for problem in problems)


def check(problems: Iterable[Problem]) -> None:
    """Raise one error with all of `problems`, if there are any."""
    problems = tuple(problems)
    if problems:
        raise error(problems)


# code -> (kind, what it means in one line). Message codes are part of the contract: never reuse one
# for another meaning.
REGISTRY: dict[str, tuple[Kind, str]] = {
    # reading
    "file-missing": (Kind.SOURCE, "A file that was named does not exist."),
    "file-unreadable": (Kind.SOURCE, "A file exists but cannot be opened or read."),
    "file-too-large": (Kind.SOURCE, "A source file is larger than papergen accepts."),
    "encoding": (Kind.SOURCE, "A source file is not UTF-8 text."),
    "syntax": (Kind.SOURCE, "A source file is not well-formed YAML or JSON."),
    "yaml-feature": (
        Kind.SOURCE,
        "A YAML feature that papergen does not read: a tag, a merge key, several documents.",
    ),
    "yaml-aliases": (Kind.SOURCE, "YAML aliases expand to more values than papergen accepts."),
    "duplicate-key": (Kind.DATA, "A mapping holds the same key twice."),
    "quote-value": (
        Kind.DATA,
        "A value must be quoted or written as a block (`|`) to be read as it stands.",
    ),
    # plan, bodies, paper
    "missing-field": (Kind.DATA, "A required field is not given."),
    "unknown-field": (Kind.DATA, "A field papergen does not know, most often a misspelling."),
    "wrong-type": (Kind.DATA, "A value of the wrong type: text where a list belongs, and so on."),
    "wrong-value": (Kind.DATA, "A value that its field does not allow."),
    "bad-date": (Kind.DATA, "A date that is not ISO 8601 or does not exist."),
    "bad-id": (Kind.DATA, "An id that is not lower-case letters, digits and single hyphens."),
    "bad-character": (
        Kind.DATA,
        "A character that no Word file can hold, or one that papergen keeps for itself.",
    ),
    "duplicate-id": (Kind.DATA, "Two things of one kind have the same id."),
    "unknown-id": (Kind.DATA, "A reference to something that is not defined."),
    "overlapping-names": (Kind.DATA, "Two names, or two holders of a post, are valid on one day."),
    "no-name-on-date": (Kind.DATA, "A body has no name on the date of the meeting."),
    "shared-short-form": (Kind.DATA, "Two bodies in one paper would share a short form."),
    "power-missing": (Kind.DATA, "A board is asked to do what is not among its powers."),
    "missing-section": (
        Kind.DATA,
        "A section that the brand requires is left out, or one cannot be drafted from data.",
    ),
    "unknown-board": (Kind.DATA, "A board that the paper is not for."),
    "gap": (Kind.DATA, "A fact is missing from the plan (only an error with --strict)."),
    "list-question": (
        Kind.DATA,
        "A list of actions does not settle what a paper would state (only an error with --strict).",
    ),
    "not-printed": (
        Kind.DATA,
        "The paper gives what the brand's template prints nowhere (only an error with --strict).",
    ),
    # narrative
    "tag-unclosed": (Kind.DATA, "A Jinja tag is opened and never closed."),
    "tag-syntax": (Kind.DATA, "A Jinja tag that cannot be understood."),
    "tag-forbidden": (Kind.DATA, "A Jinja feature that papergen does not allow."),
    "control-unclosed": (
        Kind.DATA,
        "A control such as {% if %} without its end, or an end without its start.",
    ),
    "control-crossing": (Kind.DATA, "A control opened in one block or cell and closed in another."),
    "markdown-unsupported": (
        Kind.DATA,
        "Markdown that has no place in a committee paper: code, HTML, pictures.",
    ),
    "typed-number": (
        Kind.DATA,
        "A paragraph that starts with a typed number; papergen numbers paragraphs itself.",
    ),
    "bad-link": (
        Kind.DATA,
        "A link whose address is not http, https or mailto, or is not literal.",
    ),
    "undefined-name": (Kind.DATA, "A name that is not defined."),
    "value-misused": (
        Kind.DATA,
        "A value used in a way it does not allow: a gap compared, a record printed.",
    ),
    "expression-failed": (Kind.DATA, "An expression failed when the paper was drafted."),
    "too-much-work": (
        Kind.DATA,
        "A text asks for more than any paper needs: a loop within a loop, a text that grows.",
    ),
    "duplicate-label": (Kind.DATA, "Two paragraphs have the same label."),
    "ambiguous-label": (
        Kind.DATA,
        "A reference to an item of a list whose number another item has as well.",
    ),
    "unknown-label": (Kind.DATA, "A reference to a label that no printed, numbered paragraph has."),
    # templates
    "brand-missing": (Kind.TEMPLATE, "No brand of that name was found."),
    "brand-wrong": (
        Kind.TEMPLATE,
        "A brand.yaml says something wrong: a field missing or misspelt, a value it cannot have.",
    ),
    "not-a-docx": (Kind.TEMPLATE, "The template is not a Word document (.docx)."),
    "unsafe-docx": (
        Kind.TEMPLATE,
        "The template's package is damaged, encrypted or dangerous to open.",
    ),
    "template-xml": (Kind.TEMPLATE, "A part of the template is not well-formed XML."),
    "template-tag": (Kind.TEMPLATE, "A tag in the template cannot be understood."),
    "template-control": (
        Kind.TEMPLATE,
        "A control in the template is not closed, or closed in another place.",
    ),
    "template-forbidden": (
        Kind.TEMPLATE,
        "A tag stands where it may not stand, or uses what is not allowed.",
    ),
    "template-text-beside-tag": (
        Kind.TEMPLATE,
        "Text beside a {%p %}, {%tr %}, {%tc %} or {%r %} tag would be lost.",
    ),
    "template-name": (Kind.TEMPLATE, "The template uses a name that is not defined."),
    "template-value": (Kind.TEMPLATE, "The template uses a value in a way it does not allow."),
    "template-work": (Kind.TEMPLATE, "The template asks for more than any paper needs."),
    "template-style": (Kind.TEMPLATE, "The template lacks a style that the paper needs."),
    "template-section": (Kind.TEMPLATE, "The template does not print a required section."),
    "not-supported": (Kind.TEMPLATE, "A docxtpl feature that papergen does not support yet."),
    # output
    "output-locked": (Kind.OUTPUT, "The file is open in another program."),
    "output-unwritable": (Kind.OUTPUT, "The folder or file cannot be written to."),
    "output-full": (Kind.OUTPUT, "The disk is full."),
    "output-name": (Kind.OUTPUT, "Two papers would get the same file name."),
    # batches
    "no-papers": (
        Kind.SOURCE,
        "A folder that was named holds no paper, or nothing that was asked for is in any paper.",
    ),
    "batch-unfinished": (
        Kind.OUTPUT,
        "The last run into the folder did not finish, and --resume was not asked for.",
    ),
    "batch-running": (Kind.OUTPUT, "Another run is writing to the folder."),
    "batch-manifest": (Kind.OUTPUT, "The manifest of a folder cannot be read."),
    "batch-changed": (Kind.BATCH, "The files of a paper changed while the run was on."),
    "batch-worker": (Kind.BATCH, "A worker was lost, or could not do its work."),
    "batch-cluster": (Kind.BATCH, "The cluster cannot be reached, or was lost."),
    "batch-own-fault": (Kind.BATCH, "A fault of papergen's own in one paper of a batch."),
}
