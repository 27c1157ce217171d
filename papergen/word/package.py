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
"""Up to this size a package may have any ratio: blank pictures compress a thousandfold."""

_STORED, _DEFLATED = 0, 8
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_ENTRY_FIELDS = struct.Struct("<8x2H4x3I4H6xI")  # `_CENTRAL`, less what no reader needs
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64 = struct.Struct("<4sIQI")
_VERSION = 20
_DATE = 0x0021  # 1980-01-01, the earliest that a zip file can state
_UTF8 = 0x0800
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Member:
    """One part of a package. `data` is deflated if `method` is 8; `size`, `crc`: the content's."""

    name: str
    method: int
    crc: int
    size: int
    data: bytes


class _UnfitError(Exception):
    """Why bytes cannot be used as a package: a message's code, the message and its hint."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


_RESAVE = "Open it in Word, save it again as a Word Document (*.docx), and use that file."


def read_package(data: bytes, source: str) -> list[Member]:
    """The members of a .docx, in the order of its directory, folder entries left out.

    `source` names the file in messages. Contents are not inflated yet: `content` does it.
    Raises TemplateError (not-a-docx, unsafe-docx).
    """
    try:
        members = _members(data)
        if not any(member.name == CONTENT_TYPES for member in members):
            raise _foreign_zip(members)
    except _UnfitError as fault:
        problem = Problem(fault.code, fault.message, Location(source), fault.hint)
        raise TemplateError([problem]) from None
    return members


def content(member: Member) -> bytes:
    """The member's bytes, inflated. Raises TemplateError (unsafe-docx) where they are damaged."""
    try:
        return _inflate(member)
    except _UnfitError as fault:
        problem = Problem(fault.code, fault.message, None, fault.hint)
        raise TemplateError([problem]) from None


def deflate(name: str, data: bytes) -> Member:
    """A member that holds `data`."""
    compressed = compress(data, 1, -15)
    return Member(name, _DEFLATED, crc32(data), len(data), compressed)


def write_package(members: Sequence[Member]) -> bytes:
    """The zip file of these members: content types and root relationships first, then as given.

    Raises ValueError for a name given twice.
    """
    return PreparedPackage(()).write(members)


class PreparedPackage:
    """Members that stay the same from paper to paper, laid out once. `write` adds the others.

    Content types and root relationships, where they are among them, come first, as readers expect.
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
        """The whole package: the prepared members, then `members`.

        Raises ValueError for a name given twice, and for a package too large for a plain zip file.
        """
        ordered = _in_order(members)
        names = {member.name for member in ordered}
        if len(names) != len(ordered) or not self._names.isdisjoint(names):
            raise ValueError("a package cannot hold two members of one name")
        local, central = _layout(ordered, len(self._local))
        offset = len(self._local) + len(local)
        size = len(self._central) + len(central)
        count = self._count + len(ordered)
        if offset + size > _FULL32 or count >= _FULL16:
            raise ValueError("the package is too large for a zip file without 64-bit extensions")
        end = _END.pack(b"PK\5\6", 0, 0, count, count, size, offset, 0)
        return b"".join((self._local, local, self._central, central, end))

    def content_hash(self, contents: Iterable[tuple[str, bytes]]) -> str:
        """`content_hash` of what `write` makes of members with these names and contents."""
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
    """SHA-256 (hexadecimal) over names and inflated contents, in order."""
    state = hashlib.sha256()
    for member in members:
        _add_to_hash(state, member.name, content(member))
    return state.hexdigest()


def package_hash(data: bytes) -> str | None:
    """`content_hash` of a package's bytes; None where they are no package, as a file cut short."""
    state = hashlib.sha256()
    try:
        for member in _members(data):
            _add_to_hash(state, member.name, _inflate(member))
    except _UnfitError:
        return None
    return state.hexdigest()


def _add_to_hash(state: hashlib._Hash, name: str, data: bytes) -> None:
    encoded = name.encode("utf-8", "surrogatepass")
    lengths = struct.pack("<QQ", len(encoded), len(data))
    state.update(lengths)
    state.update(encoded)
    state.update(data)


def _rank(name: str) -> int:
    if name == CONTENT_TYPES:
        return 0
    if name == ROOT_RELATIONSHIPS:
        return 1
    return 2


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
        common = (
            flags,
            member.method,
            0,
            _DATE,
            member.crc,
            stored,
            member.size,
            len(name),
        )
        header = _LOCAL.pack(b"PK\3\4", _VERSION, *common, 0)
        entry = _CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, *common, 0, 0, 0, 0, 0, offset)
        local += (header, name, member.data)
        central += (entry, name)
        offset += _LOCAL.size + len(name) + stored
    return b"".join(local), b"".join(central)


def _inflate(member: Member) -> bytes:
    data = member.data
    whole = True
    if member.method == _DEFLATED:
        inflater = zlib.decompressobj(-15)
        try:
            data = inflater.decompress(member.data, member.size + 1)
        except zlib.error:
            raise _damaged(f"its part “{member.name}” cannot be unpacked") from None
        whole = inflater.eof  # False where it is longer than stated, or cut short
    if not whole or len(data) != member.size:
        raise _damaged(f"its part “{member.name}” has not the size it states")
    if crc32(data) != member.crc:
        raise _damaged(f"the checksum of its part “{member.name}” does not agree")
    return data


@dataclass(frozen=True, slots=True)
class _DirectoryEntry:
    """An entry of the directory: `length` bytes of the member are stored, `size` its content has.

    `offset` is that of the local header, `end` where the next entry begins.
    """

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    length: int
    size: int
    disk: int
    offset: int
    end: int


def _members(data: bytes) -> list[Member]:
    at, count, shift = _directory(data)
    if count > MAX_MEMBERS:
        message = f"the package holds {count:,} parts, more than {MAX_MEMBERS:,}"
        raise _UnfitError("unsafe-docx", message, _RESAVE)
    members: list[Member] = []
    seen: set[str] = set()
    total_size = 0
    total_stored = 0
    for _ in range(count):
        entry = _read_entry(data, at)
        at = entry.end
        _check_readable(entry)
        if entry.name.endswith("/") and not entry.size:
            continue
        if entry.method not in (_STORED, _DEFLATED):
            message = (
                f"its part “{entry.name}” is compressed in a way (method {entry.method}) that "
                "Word does not use"
            )
            raise _UnfitError("unsafe-docx", message, _RESAVE)
        key = entry.name.lower()
        if key in seen:
            message = f"it holds the part “{entry.name}” twice"
            raise _UnfitError("unsafe-docx", message, _RESAVE)
        seen.add(key)
        total_size += entry.size
        total_stored += entry.length
        _check_size(total_size, total_stored, len(data))
        stored = _stored_bytes(data, entry, shift)
        member = Member(entry.name, entry.method, entry.crc, entry.size, stored)
        members.append(member)
    return members


def _read_entry(data: bytes, at: int) -> _DirectoryEntry:
    """The directory's entry at that place (APPNOTE 4.3.12)."""
    fixed_end = at + _CENTRAL.size
    if not data.startswith(b"PK\1\2", at) or fixed_end > len(data):
        raise _damaged("its directory is cut short")
    (
        flags,
        method,
        crc,
        length,
        size,
        name_length,
        extra_length,
        comment_length,
        disk,
        offset,
    ) = _ENTRY_FIELDS.unpack_from(data, at)
    name_end = fixed_end + name_length
    extra_end = name_end + extra_length
    raw_name = data[fixed_end:name_end]
    extra = data[name_end:extra_end]
    size, length, offset = _wide(extra, size, length, offset)
    return _DirectoryEntry(
        name=_name(raw_name, flags),
        raw_name=raw_name,
        flags=flags,
        method=method,
        crc=crc,
        length=length,
        size=size,
        disk=disk,
        offset=offset,
        end=extra_end + comment_length,
    )


def _check_readable(entry: _DirectoryEntry) -> None:
    if entry.flags & _ENCRYPTED:
        hint = "Remove the password (in Word: File, Info, Protect Document) and save it again."
        raise _UnfitError("unsafe-docx", "the file is encrypted", hint)
    if entry.disk not in (0, _FULL16):
        raise _damaged("it is one part of a split archive")


def _check_size(size: int, stored: int, package_size: int) -> None:
    """Check the sums of the members so far against the bounds of a package."""
    is_large = size > RATIO_FREE_SIZE
    if size > MAX_SIZE or (is_large and size > stored * MAX_RATIO):
        message = "it unpacks to far more than a Word document holds"
        hint = "Do not open it; ask whoever sent it for another copy."
        raise _UnfitError("unsafe-docx", message, hint)
    if stored > package_size:
        raise _damaged("its parts overlap")


def _stored_bytes(data: bytes, entry: _DirectoryEntry, shift: int) -> bytes:
    at = entry.offset + shift
    fixed_end = at + _LOCAL.size
    is_inside = at >= 0 and fixed_end <= len(data)
    if not is_inside or not data.startswith(b"PK\3\4", at):
        raise _damaged(f"its part “{entry.name}” is not where its directory says")
    name_length, extra_length = struct.unpack_from("<2H", data, fixed_end - 4)
    name_end = fixed_end + name_length
    if data[fixed_end:name_end] != entry.raw_name:
        raise _damaged(f"its part “{entry.name}” has two names")
    begin = name_end + extra_length
    end = begin + entry.length
    if end > len(data):
        raise _damaged(f"its part “{entry.name}” is cut short")
    return data[begin:end]


def _directory(data: bytes) -> tuple[int, int, int]:
    """Where the directory starts, how many entries it has, and by how much offsets are off (in a
    file with a prefix).
    """
    if data.startswith(_OLD_WORD):
        raise _UnfitError(
            "not-a-docx",
            "it is an old Word document (.doc), or protected by a password",
            "Open it in Word, remove the password if it has one (File, Info, Protect Document), "
            "and save it as a Word Document (*.docx).",
        )
    end = _end_record(data)
    if end < 0:
        if data.startswith(b"PK\3\4"):
            raise _damaged("its end is missing; the file may not have been copied completely")
        raise _UnfitError(
            "not-a-docx",
            "it is not a Word document (.docx)",
            "Check that the right file is named; save it in Word as a Word Document (*.docx).",
        )
    _, disk, start_disk, here, count, size, offset, _ = _END.unpack_from(data, end)
    locator = end - _LOCATOR64.size
    is_wide = _FULL16 in (count, here) or _FULL32 in (size, offset)
    if is_wide and locator >= 0 and data.startswith(b"PK\6\7", locator):
        end = _find_end64(data, locator)
        _, _, _, _, disk, start_disk, here, count, size, offset = _END64.unpack_from(data, end)
    if disk or start_disk or here != count:
        raise _damaged("it is one part of a split archive")
    start = end - size
    shift = start - offset
    if start < 0 or shift < 0:
        raise _damaged("its directory is not where its end says")
    return start, count, shift


def _find_end64(data: bytes, locator: int) -> int:
    """Where the 64-bit end record is: where its locator says, or directly before the locator."""
    stated = _LOCATOR64.unpack_from(data, locator)[2]
    nearest = locator - _END64.size
    for at in (stated, nearest):
        if 0 <= at <= nearest and data.startswith(b"PK\6\6", at):
            return int(at)
    raise _damaged("its end is damaged")


def _end_record(data: bytes) -> int:
    """Where the end record is whose comment reaches to the end of the file; -1 if there is none."""
    floor = max(0, len(data) - _END.size - 0xFFFF)
    at = data.rfind(b"PK\5\6", floor)
    while at >= 0:
        comment = at + _END.size
        length = int.from_bytes(data[comment - 2 : comment], "little")
        if comment + length == len(data):
            return at
        at = data.rfind(b"PK\5\6", floor, at + 3)
    return -1


def _wide(
    extra: bytes,
    size: int,
    length: int,
    offset: int,
) -> tuple[int, int, int]:
    """Sizes and offset, from the 64-bit extra field where the directory entry says so.

    The field has a number for each of the three that is full, in this order (APPNOTE 4.5.3).
    """
    stated = (size, length, offset)
    if _FULL32 not in stated:
        return stated
    numbers = _wide_numbers(extra)
    if len(numbers) < stated.count(_FULL32):
        raise _damaged("the sizes of its parts are not stated")
    wide = iter(numbers)
    if size == _FULL32:
        size = next(wide)
    if length == _FULL32:
        length = next(wide)
    if offset == _FULL32:
        offset = next(wide)
    return size, length, offset


def _wide_numbers(extra: bytes) -> tuple[int, ...]:
    """The numbers of the first 64-bit field among the extra fields."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        begin = at + 4
        if kind == 1:
            field = extra[begin : begin + length]
            count = len(field) // 8
            return struct.unpack_from(f"<{count}Q", extra, begin)
        at = begin + length
    return ()


def _name(raw: bytes, flags: int) -> str:
    encoding = "utf-8" if flags & _UTF8 else "cp437"
    try:
        name = raw.decode(encoding)
    except UnicodeDecodeError:
        raise _damaged("a part has a name that cannot be read") from None
    segments = name.split("/")  # the first is empty for a path from the root, and for no name
    is_inside = segments[0] and ".." not in segments and "." not in segments
    is_plain = name.isprintable() and "\\" not in name and ":" not in name
    if not is_inside or not is_plain:
        message = f"it holds a part with the name {name!r}, which points outside the document"
        raise _UnfitError("unsafe-docx", message, _RESAVE)
    return name


def _damaged(what: str) -> _UnfitError:
    message = f"the file is damaged: {what}"
    hint = "Take a fresh copy of it, or open it in Word (which may repair it) and save it again."
    return _UnfitError("unsafe-docx", message, hint)


def _foreign_zip(members: Sequence[Member]) -> _UnfitError:
    names = {member.name for member in members}
    if "mimetype" in names and "content.xml" in names:
        message = "it is an OpenDocument file (.odt), not a Word document"
        hint = "Open it and save it as a Word Document (*.docx)."
    else:
        message = "it is a zip file, but not a Word document (.docx)"
        hint = "Check that the right file is named."
    return _UnfitError("not-a-docx", message, hint)
