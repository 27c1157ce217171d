"""Traces in a folder of papers: written beside the papers, and read again to find where a fact is stated."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from papergen.errors import Location, PapergenError, Problem, error
from papergen.files import read_bytes, write_atomic
from papergen.trace_file import FORMAT, Statement, statements

SUFFIX = ".trace.json"


def write_trace(paper: Path, trace: Mapping[str, Any]) -> Path:
    """Put a trace beside its paper; its path. Raises OutputError."""
    path = paper.with_name(paper.stem + SUFFIX)
    write_atomic(path, (json.dumps(trace, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass"))
    return path


def read_statements(folder: Path, plan: Path, ids: Sequence[str]) -> list[Statement]:
    """Where the papers of a folder state facts of things with these ids, or at these paths, of a plan.

    Raises SourceError for a trace or paper that cannot be read, and where no paper of the folder was drafted from that plan.
    """
    problems: list[Problem] = []
    found: list[Statement] = []
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
            problems.append(Problem("file-unreadable", str(fault), Location(str(path)), "Draft the paper again with --trace."))
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
    if not isinstance(trace, dict) or trace.get("format") != FORMAT or not isinstance(trace.get("plan"), dict):
        raise ValueError("it is not a trace that this papergen can read")
    return trace
