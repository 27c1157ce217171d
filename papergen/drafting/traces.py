"""What a paper states, written down: for each paragraph its text, its bookmark, and the facts
behind it with their values.

Paragraphs are found again by their bookmarks (`_pg_…`), which LibreOffice keeps when words are
changed, or paragraphs are inserted, moved or deleted. Where a paragraph was split, the bookmark
covers the part that it stands in. (Word was not to be had for a test.)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papergen.dates import PartialDate, WrittenDate
from papergen.errors import Location, PapergenError, Problem, error
from papergen.facts.store import Data, Store, Target
from papergen.storage.files import read_bytes, write_atomic

if TYPE_CHECKING:
    from papergen.drafting.program import Draft
    from papergen.drafting.sources import Sources
    from papergen.facts.provenance import ParagraphFacts
    from papergen.word.paper import WordParagraph

FORMAT = 1
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([0-9]+)\]")


@dataclass(frozen=True, slots=True)
class Printed:
    """A paragraph of a Word file: its part, its place among that part's paragraphs from 0, its
    bookmarks and its text.
    """

    part: str
    index: int
    bookmarks: tuple[str, ...]
    text: str
    in_table: bool


def printed_paragraphs(docx: bytes) -> list[Printed]:
    """The paragraphs of all parts of a Word file, in order.

    Raises ValueError where it is no Word file, or is damaged.
    """
    from papergen.word.reader import read_paper  # python-docx: a draft without traces needs none

    try:
        paper = read_paper(docx, "")
    except PapergenError as fault:
        reason = "; ".join(problem.message for problem in fault.problems)
        raise ValueError(f"it cannot be read as a Word document ({reason})") from None
    return [_printed(paragraph) for paragraph in paper.paragraphs]


def _printed(paragraph: WordParagraph) -> Printed:
    return Printed(
        part=paragraph.part,
        index=paragraph.index,
        bookmarks=tuple(name for name in paragraph.bookmarks if name.startswith("_pg_")),
        text=paragraph.text,
        in_table=paragraph.cell is not None,
    )


def trace_of(draft: Draft, store: Store, sources: Sources) -> dict[str, Any]:
    """The trace of a traced draft, as plain values for a JSON file.

    Each entry of `paragraphs` has `part`, `index`, `bookmark` (or null), `cell`, `text` and
    `facts`. Each fact has its `path`, the `id` of the thing that it is a fact of, its `value` (null
    where it is not given, and the paper says so), `where` it is in the sources, and whether it is
    `stated`: read to be printed, not to decide words or to be counted. `as_at` and `meeting` hold
    for all of them.
    """
    printed = {(each.part, each.index): each for each in printed_paragraphs(draft.docx)}
    consideration = next(one for one in sources.paper.considerations if one.board == draft.board)
    paragraphs = []
    for entry in draft.facts:
        if entry.facts:
            paragraph = printed.get((entry.part, entry.index))
            paragraphs.append(_paragraph(entry, paragraph, store, sources))
    return {
        "format": FORMAT,
        "paper": draft.name,
        "content_hash": draft.content_hash,
        "board": draft.board,
        "meeting": consideration.meeting.isoformat(),
        "as_at": sources.paper.as_at.isoformat(),
        "plan": {"id": sources.plan.id, "file": sources.documents["plan"].source},
        "paragraphs": paragraphs,
    }


def _paragraph(
    entry: ParagraphFacts,
    printed: Printed | None,
    store: Store,
    sources: Sources,
) -> dict[str, Any]:
    facts = []
    for path in entry.facts:
        fact = _fact(path, store, sources)
        fact["stated"] = path in entry.stated
        facts.append(fact)
    bookmark, in_table, text = None, False, None
    if printed is not None:
        bookmark = next(iter(printed.bookmarks), None)
        in_table = printed.in_table
        text = printed.text
    return {
        "part": entry.part,
        "index": entry.index,
        "bookmark": bookmark,
        "cell": in_table,
        "text": text,
        "facts": facts,
    }


def _fact(path: str, store: Store, sources: Sources) -> dict[str, Any]:
    root = path.split(".", 1)[0]
    keys = tuple(_steps(path))[1:]
    thing, value = _found(store.roots[root], keys)
    where = None
    if root in sources.documents:
        where = str(sources.documents[root].location(keys))
    return {"path": path, "id": thing.id or None, "value": _plain(value), "where": where}


def _steps(path: str) -> Iterator[str | int]:
    for found in _STEP.finditer(path):
        yield found[1] if found[1] is not None else int(found[2])


def _found(data: Data, keys: Sequence[str | int]) -> tuple[Data, Any]:
    """The value at a path, and the innermost thing with an id that it is a fact of."""
    owner, value = data, data
    at: Any = data
    for key in keys:
        at = at.fields.get(str(key)) if isinstance(at, Data) else at[key]
        if isinstance(at, Data) and at.id:
            owner = at
        value = at
    return owner, value


def _plain(value: Any) -> Any:
    if isinstance(value, PartialDate):
        return value.isoformat()
    if isinstance(value, WrittenDate):
        return value.text
    if isinstance(value, Target):
        return value.id
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else None


@dataclass(frozen=True, slots=True)
class TracedParagraph:
    """A paragraph of a paper that states facts that were asked for.

    `state`: “as drafted”, or “edited” or “gone” since.
    """

    paper: str
    text: str
    facts: tuple[Mapping[str, Any], ...]
    state: str


def statements(
    trace: Mapping[str, Any], asked: Iterable[str], docx: bytes | None
) -> list[TracedParagraph]:
    """The paragraphs of a trace that state facts of things, or at paths, that are asked for.

    `docx`: the paper's file as it is now, or None where it is missing. Raises ValueError where it
    is not a Word file.
    """
    wanted = set(asked)
    text_of_bookmark: dict[str, str] = {}
    if docx is not None:
        for printed in printed_paragraphs(docx):
            for name in printed.bookmarks:
                text_of_bookmark[name] = printed.text
    found = []
    for entry in trace["paragraphs"]:
        facts = tuple(
            fact for fact in entry["facts"] if fact["id"] in wanted or fact["path"] in wanted
        )
        if not facts:
            continue
        drafted = entry["text"]
        now = text_of_bookmark.get(entry["bookmark"] or "")
        state = _state(entry["bookmark"], drafted, now)
        text = now if now is not None else drafted or ""
        found.append(TracedParagraph(trace["paper"], text, facts, state))
    return found


def _state(bookmark: str | None, drafted: str | None, now: str | None) -> str:
    if now == drafted:
        return "as drafted"
    if now is not None:
        return "edited"
    # A paragraph without a bookmark cannot be found again.
    return "gone" if bookmark else "as drafted"


SUFFIX = ".trace.json"


def write_trace(paper: Path, trace: Mapping[str, Any]) -> Path:
    """Put a trace beside its paper; its path. Raises OutputError."""
    path = paper.with_name(paper.stem + SUFFIX)
    write_atomic(
        path,
        (json.dumps(trace, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass"),
    )
    return path


def read_statements(folder: Path, plan: Path, ids: Sequence[str]) -> list[TracedParagraph]:
    """Where the papers of a folder state facts of things with these ids, or at these paths, of a
    plan.

    Raises SourceError for a trace or paper that cannot be read, and where no paper of the folder
    was drafted from that plan.
    """
    problems: list[Problem] = []
    found: list[TracedParagraph] = []
    named = 0
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        try:
            trace = _trace(path)
            if Path(trace["plan"]["file"]).name != plan.name:
                continue
            named += 1
            paper = path.with_name(path.name.removesuffix(SUFFIX) + ".docx")
            docx = read_bytes(paper, str(paper)) if paper.exists() else None
            found += statements(trace, ids, docx)
        except PapergenError as fault:
            problems += fault.problems
        except ValueError as fault:
            problems.append(
                Problem(
                    "file-unreadable",
                    str(fault),
                    Location(str(path)),
                    "Draft the paper again with --trace.",
                )
            )
    if not named and not problems:
        hint = "Draft the papers with `papergen draft … --trace`, and name their folder with --in."
        message = f"no paper in “{folder}” has a trace of “{plan.name}”"
        problems.append(Problem("file-missing", message, Location(str(folder)), hint))
    if problems:
        raise error(problems)
    return found


def _trace(path: Path) -> dict[str, Any]:
    try:
        trace = json.loads(read_bytes(path, str(path)))
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise ValueError("it is not a trace that papergen wrote") from None
    if (
        not isinstance(trace, dict)
        or trace.get("format") != FORMAT
        or not isinstance(trace.get("plan"), dict)
    ):
        raise ValueError("it is not a trace that this papergen can read")
    return trace
