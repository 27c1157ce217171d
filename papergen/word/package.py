"""Reading and writing .docx packages (zip files), without the standard library's zipfile.

Members that do not change are copied as the compressed bytes they already are. Format: PKWARE
APPNOTE 6.3.10; what Word asks of it: ISO/IEC 29500-2 (Open Packaging Conventions), annex B.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from papergen.errors import Location, Problem, TemplateError

try:
    from isal.isal_zlib import compress, crc32
except ImportError:  # no wheel for this processor; zlib gives the same content, more slowly
    from zlib import compress, crc32

CONTENT_TYPES = "[Content_Types].xml"
ROOT_RELATIONSHIPS = "_rels/.rels"

MAX_MEMBERS = 10_000
MAX_SIZE = 512 * 1024 * 1024
MAX_RATIO = 200
RATIO_FREE_SIZE = 16 * 1024 * 1024
"""A package that unpacks to less than this is let through whatever its ratio: blank pictures
compress a thousandfold.
"""

_STORED, _DEFLATED = 0, 8
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64 = struct.Struct("<4sIQI")
_VERSION = 20
_DATE = 0x0021  # 1980-01-01, the earliest a zip file can tell
_UTF8 = 0x0800
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Member:
    """One part of a package. `data` is as stored: deflated when `method` is 8. `size` and `crc` are
    of the content.
    """

    name: str
    method: int
    crc: int
    size: int
    data: bytes


class _UnfitError(Exception):
    """Why bytes are no package that can be used: a message code, a message and a hint."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


_RESAVE = "Open it in Word, save it again as a Word Document (*.docx), and use that file."


def read_package(data: bytes, source: str) -> list[Member]:
    """The members of a .docx, in the order of its directory, folder entries left out. `source`
    names it in messages.

    Raises TemplateError (not-a-docx, unsafe-docx). Contents are not inflated yet: `content` does
    it.
    """
    try:
        members = _members(data)
        if not any(member.name == CONTENT_TYPES for member in members):
            raise _foreign_zip(members)
        return members
    except _UnfitError as fault:
        raise TemplateError(
            [Problem(fault.code, fault.message, Location(source), fault.hint)]
        ) from None


def content(member: Member) -> bytes:
    """The member's bytes, inflated. Raises TemplateError (unsafe-docx) where they are damaged."""
    try:
        return _inflate(member)
    except _UnfitError as fault:
        raise TemplateError([Problem(fault.code, fault.message, None, fault.hint)]) from None


def deflate(name: str, data: bytes) -> Member:
    """A member that holds `data`."""
    return Member(name, _DEFLATED, crc32(data), len(data), compress(data, 1, -15))


def write_package(members: Sequence[Member]) -> bytes:
    """The zip file of these members: content types and root relationships first, then as given.

    Raises ValueError for a name given twice.
    """
    return PreparedPackage(()).write(members)


class PreparedPackage:
    """Members that stay the same from paper to paper, laid out once: writing a paper adds the
    others after them.

    Where the content types or root relationships are among the unchanging members they come first,
    as readers expect.
    """

    __slots__ = ("_central", "_count", "_hash", "_local", "_members", "_names")

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = tuple(_in_order(members))
        self._names = frozenset(member.name for member in self._members)
        self._count = len(self._members)
        self._local, self._central = _layout(self._members, 0)
        self._hash: hashlib._Hash | None = None

    def __reduce__(self) -> tuple[object, ...]:
        return (PreparedPackage, (self._members,))

    @property
    def members(self) -> tuple[Member, ...]:
        """The members it was prepared with."""
        return self._members

    def write(self, members: Sequence[Member]) -> bytes:
        """The whole package: the prepared members, then `members`."""
        ordered = _in_order(members)
        names = {member.name for member in ordered}
        if len(names) != len(ordered) or not self._names.isdisjoint(names):
            raise ValueError("a package cannot hold two members of one name")
        local, central = _layout(ordered, len(self._local))
        offset, size, count = (
            len(self._local) + len(local),
            len(self._central) + len(central),
            self._count + len(ordered),
        )
        if offset + size > _FULL32 or count >= _FULL16:
            raise ValueError("the package is too large for a zip file without 64-bit extensions")
        end = _END.pack(b"PK\5\6", 0, 0, count, count, size, offset, 0)
        return b"".join((self._local, local, self._central, central, end))

    def content_hash(self, contents: Iterable[tuple[str, bytes]]) -> str:
        """`content_hash` of the package that `write` makes with members of these names and
        contents, in its order.
        """
        common = self._hash
        if common is None:
            common = hashlib.sha256()
            for member in self._members:
                _add_to_hash(common, member.name, content(member))
            self._hash = common  # when it is whole, since other threads may see it
        state = common.copy()
        for name, data in sorted(contents, key=lambda item: _rank(item[0])):
            _add_to_hash(state, name, data)
        return state.hexdigest()


def content_hash(members: Iterable[Member]) -> str:
    """SHA-256 (hexadecimal) over names and inflated contents, in order. Two packages share it only
    if they hold the same.
    """
    state = hashlib.sha256()
    for member in members:
        _add_to_hash(state, member.name, content(member))
    return state.hexdigest()


def package_hash(data: bytes) -> str | None:
    """`content_hash` of a package's bytes; None if they cannot be read as one, as of a file that
    was cut short.
    """
    try:
        state = hashlib.sha256()
        for member in _members(data):
            _add_to_hash(state, member.name, _inflate(member))
        return state.hexdigest()
    except _UnfitError:
        return None


def _add_to_hash(state: hashlib._Hash, name: str, data: bytes) -> None:
    encoded = name.encode("utf-8", "surrogatepass")
    state.update(struct.pack("<QQ", len(encoded), len(data)))
    state.update(encoded)
    state.update(data)


def _rank(name: str) -> int:
    return 0 if name == CONTENT_TYPES else 1 if name == ROOT_RELATIONSHIPS else 2


def _in_order(members: Sequence[Member]) -> list[Member]:
    return sorted(members, key=lambda member: _rank(member.name))


def _layout(members: Sequence[Member], offset: int) -> tuple[bytes, bytes]:
    """Local headers with data, and directory entries, of members that start at `offset`."""
    local: list[bytes] = []
    central: list[bytes] = []
    for member in members:
        name = member.name.encode()
        flags = 0 if member.name.isascii() else _UTF8
        stored = len(member.data)
        common = (flags, member.method, 0, _DATE, member.crc, stored, member.size, len(name))
        local += (_LOCAL.pack(b"PK\3\4", _VERSION, *common, 0), name, member.data)
        central += (
            _CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, *common, 0, 0, 0, 0, 0, offset),
            name,
        )
        offset += _LOCAL.size + len(name) + stored
    return b"".join(local), b"".join(central)


def _inflate(member: Member) -> bytes:
    if member.method == _STORED:
        data = member.data
    else:
        inflater = zlib.decompressobj(-15)
        try:
            data = inflater.decompress(member.data, member.size + 1)
        except zlib.error:
            raise _damaged(f"its part “{member.name}” cannot be unpacked") from None
        if not inflater.eof:  # longer than stated, or cut short
            raise _damaged(f"its part “{member.name}” has not the size it states")
    if len(data) != member.size:
        raise _damaged(f"its part “{member.name}” has not the size it states")
    if crc32(data) != member.crc:
        raise _damaged(f"the checksum of its part “{member.name}” does not agree")
    return data


def _members(data: bytes) -> list[Member]:
    start, count, shift = _directory(data)
    if count > MAX_MEMBERS:
        raise _UnfitError(
            "unsafe-docx", f"the package holds {count:,} parts, more than {MAX_MEMBERS:,}", _RESAVE
        )
    members: list[Member] = []
    seen: set[str] = set()
    total = stored = 0
    at = start
    for _ in range(count):
        if data[at : at + 4] != b"PK\1\2" or at + _CENTRAL.size > len(data):
            raise _damaged("its directory is cut short")
        (
            _,
            _,
            _,
            flags,
            method,
            _,
            _,
            crc,
            csize,
            size,
            n_name,
            n_extra,
            n_comment,
            disk,
            _,
            _,
            offset,
        ) = _CENTRAL.unpack_from(data, at)
        raw = data[at + _CENTRAL.size : at + _CENTRAL.size + n_name]
        extra = data[at + _CENTRAL.size + n_name : at + _CENTRAL.size + n_name + n_extra]
        at += _CENTRAL.size + n_name + n_extra + n_comment
        size, csize, offset = _wide(extra, size, csize, offset)
        name = _name(raw, flags)
        if flags & _ENCRYPTED:
            raise _UnfitError(
                "unsafe-docx",
                "the file is encrypted",
                "Remove the password (in Word: File, Info, Protect Document) and save it again.",
            )
        if disk not in (0, _FULL16):
            raise _damaged("it is one part of a split archive")
        if name.endswith("/") and not size:
            continue
        if method not in (_STORED, _DEFLATED):
            raise _UnfitError(
                "unsafe-docx",
                (
                    f"its part “{name}” is compressed in a way (method {method}) that Word does "
                    "not use"
                ),
                _RESAVE,
            )
        key = name.lower()
        if key in seen:
            raise _UnfitError("unsafe-docx", f"it holds the part “{name}” twice", _RESAVE)
        seen.add(key)
        total, stored = total + size, stored + csize
        if total > MAX_SIZE or (total > RATIO_FREE_SIZE and total > stored * MAX_RATIO):
            raise _UnfitError(
                "unsafe-docx",
                "it unpacks to far more than a Word document holds",
                "Do not open it; ask whoever sent it for another copy.",
            )
        if stored > len(data):
            raise _damaged("its parts overlap")
        members.append(
            Member(name, method, crc, size, _stored_bytes(data, offset + shift, csize, raw, name))
        )
    return members


def _stored_bytes(data: bytes, at: int, size: int, raw_name: bytes, name: str) -> bytes:
    if at < 0 or at + _LOCAL.size > len(data) or data[at : at + 4] != b"PK\3\4":
        raise _damaged(f"its part “{name}” is not where its directory says")
    n_name, n_extra = struct.unpack_from("<2H", data, at + 26)
    if data[at + _LOCAL.size : at + _LOCAL.size + n_name] != raw_name:
        raise _damaged(f"its part “{name}” has two names")
    begin = at + _LOCAL.size + n_name + n_extra
    if begin + size > len(data):
        raise _damaged(f"its part “{name}” is cut short")
    return data[begin : begin + size]


def _directory(data: bytes) -> tuple[int, int, int]:
    """Where the directory starts, how many entries it has, and by how much offsets are off (a file
    with a prefix).
    """
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _UnfitError(
            "not-a-docx",
            "it is an old Word document (.doc), or protected by a password",
            "Open it in Word, remove the password if it has one (File, Info, Protect Document), "
            "and save it as a Word Document (*.docx).",
        )
    end = _end_record(data)
    if end < 0:
        if b"PK\3\4" in data[:4]:
            raise _damaged("its end is missing; the file may not have been copied completely")
        raise _UnfitError(
            "not-a-docx",
            "it is not a Word document (.docx)",
            "Check that the right file is named; save it in Word as a Word Document (*.docx).",
        )
    _, disk, start_disk, here, count, size, offset, _ = _END.unpack_from(data, end)
    close = end
    if _FULL16 in (count, here) or _FULL32 in (size, offset):
        close = end - _LOCATOR64.size
        if close >= 0 and data[close : close + 4] == b"PK\6\7":
            at = _find_end64(data, close)
            _, _, _, _, disk, start_disk, here, count, size, offset = _END64.unpack_from(data, at)
            close = at
        else:
            close = end
    if disk or start_disk or here != count:
        raise _damaged("it is one part of a split archive")
    start = close - size
    if start < 0 or start - offset < 0:
        raise _damaged("its directory is not where its end says")
    return start, count, start - offset


def _find_end64(data: bytes, locator: int) -> int:
    for at in (_LOCATOR64.unpack_from(data, locator)[2], locator - _END64.size):
        if 0 <= at <= locator - _END64.size and data[at : at + 4] == b"PK\6\6":
            return int(at)
    raise _damaged("its end is damaged")


def _end_record(data: bytes) -> int:
    """The offset of the end record whose comment reaches exactly to the end of the file; -1 if
    there is none.
    """
    floor = max(0, len(data) - _END.size - 0xFFFF)
    at = data.rfind(b"PK\5\6", floor)
    while at >= 0:
        if at + _END.size <= len(data) and at + _END.size + int.from_bytes(
            data[at + 20 : at + 22], "little"
        ) == len(data):
            return at
        at = data.rfind(b"PK\5\6", floor, at + 3)
    return -1


def _wide(extra: bytes, size: int, csize: int, offset: int) -> tuple[int, int, int]:
    """Sizes and offset, from the 64-bit extra field where the directory entry says so."""
    if _FULL32 not in (size, csize, offset):
        return size, csize, offset
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]
            wide = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
            try:
                return (
                    next(wide) if size == _FULL32 else size,
                    next(wide) if csize == _FULL32 else csize,
                    next(wide) if offset == _FULL32 else offset,
                )
            except StopIteration:
                break
        at += 4 + length
    raise _damaged("the sizes of its parts are not stated")


def _name(raw: bytes, flags: int) -> str:
    try:
        name = raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError:
        raise _damaged("a part has a name that cannot be read") from None
    pieces = name.split("/")
    if (
        not name
        or name.startswith("/")
        or "\\" in name
        or ":" in name
        or ".." in pieces
        or "." in pieces
        or not name.isprintable()
    ):
        raise _UnfitError(
            "unsafe-docx",
            f"it holds a part with the name {name!r}, which points outside the document",
            _RESAVE,
        )
    return name


def _damaged(what: str) -> _UnfitError:
    return _UnfitError(
        "unsafe-docx",
        f"the file is damaged: {what}",
        "Take a fresh copy of it, or open it in Word (which may repair it) and save it again.",
    )


def _foreign_zip(members: Sequence[Member]) -> _UnfitError:
    names = {member.name for member in members}
    if "mimetype" in names and "content.xml" in names:
        return _UnfitError(
            "not-a-docx",
            "it is an OpenDocument file (.odt), not a Word document",
            "Open it and save it as a Word Document (*.docx).",
        )
    return _UnfitError(
        "not-a-docx",
        "it is a zip file, but not a Word document (.docx)",
        "Check that the right file is named.",
    )
