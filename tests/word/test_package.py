"""The zip files of Word documents: what is read, what is refused and why, and that what is written
is read everywhere.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papergen.errors import TemplateError
from papergen.word.package import (
    CONTENT_TYPES,
    Member,
    PreparedPackage,
    content,
    content_hash,
    deflate,
    package_hash,
    read_package,
    write_package,
)

PARTS = {
    "word/document.xml": b"<w:document/>" * 50,
    "_rels/.rels": b"<rels/>",
    CONTENT_TYPES: b"<Types/>",
    "word/e.bin": b"",
}


def zipped(parts: dict[str, bytes] = PARTS, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def contents(data: bytes) -> dict[str, bytes]:
    return {member.name: content(member) for member in read_package(data, "t.docx")}


def streamed() -> bytes:
    class Pipe(io.RawIOBase):
        """Where zipfile cannot go back to write sizes into the headers."""

        def __init__(self) -> None:
            self.written = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.written += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in PARTS.items():
            archive.writestr(name, data)
    return bytes(pipe.written)


def zip64() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in PARTS.items():
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(data)
    data = out.getvalue()
    end = data.rindex(b"PK\5\6")
    _, _, _, _, count, size, offset, _ = struct.unpack("<4s4H2IH", data[end:])
    far = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
    return (
        data[:end]
        + far
        + locator
        + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    )


def with_comment() -> bytes:
    out = io.BytesIO(zipped())
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"a comment that holds PK\5\6 and more than twenty-two bytes"
    return out.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        zipped,
        lambda: zipped(method=zipfile.ZIP_STORED),
        streamed,
        zip64,
        with_comment,
        lambda: b"MZ prefix" + zipped(),
    ],
    ids=["deflated", "stored", "streamed", "zip64", "with a comment", "with a prefix"],
)
def test_every_usual_form_of_zip_file_is_read(make: Callable[[], bytes]) -> None:
    assert contents(make()) == PARTS


def test_folder_entries_are_left_out() -> None:
    assert contents(zipped({**PARTS, "word/": b""})) == PARTS


def test_what_is_written_is_read_by_zipfile_and_by_us_in_the_order_word_expects() -> None:
    written = write_package([deflate(name, data) for name, data in PARTS.items()])
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert archive.testzip() is None
        assert [entry.date_time for entry in archive.infolist()] == [(1980, 1, 1, 0, 0, 0)] * len(
            PARTS
        )
        assert archive.namelist() == [
            CONTENT_TYPES,
            "_rels/.rels",
            "word/document.xml",
            "word/e.bin",
        ]
        assert {name: archive.read(name) for name in archive.namelist()} == PARTS
    assert contents(written) == PARTS


def test_unchanged_members_keep_the_bytes_they_were_stored_with() -> None:
    members = read_package(zipped(), "t.docx")
    again = {member.name: member for member in read_package(write_package(members), "t.docx")}
    assert again == {member.name: member for member in members}


def test_a_prepared_package_writes_what_the_plain_one_does() -> None:
    members = [deflate(name, data) for name, data in PARTS.items()]
    changing = [member for member in members if member.name == "word/document.xml"]
    prepared = PreparedPackage([member for member in members if member not in changing])
    restored = pickle.loads(pickle.dumps(prepared))
    assert contents(prepared.write(changing)) == PARTS
    assert restored.write(changing) == prepared.write(changing)


def test_a_name_cannot_be_written_twice() -> None:
    member = deflate("a", b"")
    with pytest.raises(ValueError, match="two members of one name"):
        write_package([member, member])
    with pytest.raises(ValueError, match="two members of one name"):
        PreparedPackage([member]).write([member])


def test_hashes_agree_and_tell_order_names_and_contents_apart() -> None:
    members = [deflate(name, data) for name, data in PARTS.items()]
    written = write_package(members)
    expected = content_hash(read_package(written, "t.docx"))
    assert package_hash(written) == expected
    changing = {"word/document.xml": PARTS["word/document.xml"]}
    prepared = PreparedPackage([member for member in members if member.name not in changing])
    data = prepared.write([deflate(name, data) for name, data in changing.items()])
    assert prepared.content_hash(changing.items()) == package_hash(data)
    assert len({content_hash([deflate(*pair) for pair in pairs]) for pairs in _LOOKALIKES}) == len(
        _LOOKALIKES
    )


_LOOKALIKES = [
    [("a", b"b"), ("c", b"d")],
    [("c", b"d"), ("a", b"b")],
    [("ab", b""), ("c", b"d")],
    [("a", b"bc"), ("", b"d")],
    [("a", b"bcd")],
]


def test_the_hash_does_not_depend_on_how_a_part_is_compressed() -> None:
    assert (
        package_hash(zipped())
        == package_hash(zipped(method=zipfile.ZIP_STORED))
        == package_hash(streamed())
    )


@pytest.mark.parametrize(
    "data", [b"", b"PK", zipped()[:-10], b"{}", zipped()[: len(zipped()) // 2]]
)
def test_what_is_no_package_has_no_hash(data: bytes) -> None:
    assert package_hash(data) is None


@given(
    st.dictionaries(
        st.text("abc/é", min_size=1, max_size=5).filter(
            lambda n: n == n.strip("/") and "//" not in n
        ),
        st.binary(),
    )
)
def test_any_parts_come_back(parts: dict[str, bytes]) -> None:
    parts[CONTENT_TYPES] = b""
    assert contents(write_package([deflate(name, data) for name, data in parts.items()])) == parts


@given(st.data())
def test_damaged_bytes_are_refused_or_read_but_never_crash(data: st.DataObject) -> None:
    damaged = bytearray(zipped())
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    codes = set()
    try:
        contents(bytes(damaged))
    except TemplateError as error:
        codes = {problem.code for problem in error.problems}
    assert codes <= {"not-a-docx", "unsafe-docx"}


def patched(pattern: bytes, offset: int, value: bytes) -> bytes:
    """The package with bytes changed at an offset from each header that begins with `pattern`."""
    data = bytearray(zipped())
    at = data.find(pattern)
    while at >= 0:
        data[at + offset : at + offset + len(value)] = value
        at = data.find(pattern, at + 4)
    return bytes(data)


def bomb() -> bytes:
    return zipped({**PARTS, "word/media/image1.bmp": bytes(64 * 1024 * 1024)})


def twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(CONTENT_TYPES, "<Types/>")
        archive.writestr("word/document.xml", "a")
        archive.writestr("WORD/document.xml", "b")
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (OLE, "not-a-docx", "old Word document (.doc), or protected by a password"),
        (b"", "not-a-docx", "it is not a Word document (.docx)"),
        (b"%PDF-1.7", "not-a-docx", "it is not a Word document (.docx)"),
        (zipped({"a.txt": b"x"}), "not-a-docx", "a zip file, but not a Word document"),
        (
            zipped({"mimetype": b"", "content.xml": b""}),
            "not-a-docx",
            "an OpenDocument file (.odt)",
        ),
        (zipped()[:-30], "unsafe-docx", "may not have been copied completely"),
        (patched(b"PK\1\2", 8, b"\1\0"), "unsafe-docx", "the file is encrypted"),
        (patched(b"PK\1\2", 10, b"\x0c\0"), "unsafe-docx", "method 12"),
        (patched(b"PK\1\2", 34, b"\2\0"), "unsafe-docx", "split archive"),
        (patched(b"PK\3\4", 30, b"x"), "unsafe-docx", "has two names"),
        (bomb(), "unsafe-docx", "unpacks to far more"),
        (twice(), "unsafe-docx", "twice"),
        (
            zipped({CONTENT_TYPES: b"", "../evil": b""}),
            "unsafe-docx",
            "points outside the document",
        ),
        (
            zipped({CONTENT_TYPES: b"", "/etc/passwd": b""}),
            "unsafe-docx",
            "points outside the document",
        ),
        (
            zipped({CONTENT_TYPES: b"", "word\\document.xml": b""}),
            "unsafe-docx",
            "points outside the document",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_plain_words(data: bytes, code: str, words: str) -> None:
    with pytest.raises(TemplateError) as caught:
        read_package(data, "t.docx")
    (problem,) = caught.value.problems
    assert (problem.code, str(problem.where)) == (code, "t.docx")
    assert words in problem.message
    assert problem.hint


@pytest.mark.parametrize(
    "change", [{"crc": 1}, {"size": 3}, {"size": 30_000_000}, {"data": b"\xff\xff"}, {"data": b""}]
)
def test_contents_are_checked_against_sum_and_size(change: dict[str, object]) -> None:
    member = deflate("word/document.xml", b"text" * 10)
    fields = {name: getattr(member, name) for name in ("name", "method", "crc", "size", "data")}
    with pytest.raises(TemplateError, match="the file is damaged"):
        content(Member(**{**fields, **change}))  # type: ignore[arg-type]


def test_content_hash_is_sha256_of_lengths_names_and_contents() -> None:
    expected = hashlib.sha256(struct.pack("<QQ", 1, 2) + b"a" + b"bc").hexdigest()
    assert content_hash([deflate("a", b"bc")]) == expected
