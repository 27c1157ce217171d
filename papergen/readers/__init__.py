"""YAML and JSON read as values with places, and pydantic's faults put at these places."""

from __future__ import annotations

from papergen.errors import Location, Problem, SourceError, check
from papergen.readers.document import SourceDocument, line_starts, place_at

MAX_BYTES = 20 * 1024 * 1024

_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_SAVE = "Save the file as UTF-8. In Notepad: File, Save as, Encoding: UTF-8."


def read(data: bytes, source: str) -> SourceDocument:
    """The values of a file, which the user calls `source`: JSON if that ends in .json, else YAML.

    Raises a PapergenError with all that is wrong: `file-too-large`, `encoding`, and what
    `read_yaml` and `read_json` report.
    """
    document, problems = read_on(data, source)
    check(problems)
    assert document is not None
    return document


def read_on(data: bytes, source: str) -> tuple[SourceDocument | None, list[Problem]]:
    """As `read`, but returns what is wrong beside the document.

    The document is None where the rest cannot be read as it was meant. Raises SourceError where the
    file is not text, or cannot be JSON.
    """
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1024**2} MB"
        hint = (
            "Check that this is the file you meant. A plan of thousands of actions is far smaller."
        )
        raise _refused("file-too-large", message, Location(source), hint)
    text = decode(data, source)
    if source.lower().endswith(".json"):
        from papergen.readers.json import read_json

        return read_json(text, source), []
    from papergen.readers.yaml import read_yaml

    return read_yaml(text, source)


def decode(data: bytes, source: str) -> str:
    """The text of a file in UTF-8, less its byte order mark. Raises SourceError: encoding."""
    start = Location(source, 1, 1)
    for mark, name in _MARKS:
        if data.startswith(mark):
            message = f"the file is {name} text, not UTF-8"
            raise _refused("encoding", message, start, _SAVE)
    if data.startswith(b"PK\x03\x04"):
        message = "this is a Word, Excel or zip file, not a text"
        hint = "Name the YAML file. A plan kept in Excel or Word has to be written as YAML first."
        raise _refused("encoding", message, start, hint)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        # With a byte order mark, `start` counts from behind it.
        data = bytes(fault.object)
        before = data[: fault.start].decode("utf-8")
        line, column = place_at(line_starts(before), len(before))
        where = Location(source, line, column)
        byte = data[fault.start]
        message = f"the character here is not UTF-8 (byte 0x{byte:02X})"
        raise _refused("encoding", message, where, _SAVE) from None


def _refused(
    code: str,
    message: str,
    where: Location,
    hint: str,
) -> SourceError:
    """The error for a file that is not read at all."""
    return SourceError([Problem(code, message, where, hint)])
