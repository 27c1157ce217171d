"""Faulty papers as text, for tests: how a case is read, and how its files are made.

`cases/faults/base` is a small paper without faults, its template in lines of text (see
`template_cases`). A case of `cases/faults/*.txt` begins with `===== what is wrong` and has parts:

- `--- file` changes that file: in hunks between `@@`, lines with `-` are taken out and lines with
  `+` put in where the lines with a blank stand. `<U+0007>` stands for that character, `<lines N>`
  for N lines more, each deeper than the one before, `<N times text>` for the text so many times.
- `--- done` does to the files what is named there, a line each: see `DEEDS`.
- `--- command` is what follows `papergen draft`, where it is not `paper.yaml`.
- `--- said N` is what must stand on standard error, and the exit code N.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import places
from template_cases import build

CASES = places.CASES / "faults"
BASE = CASES / "base"
LINES = "templates/house/paper.txt"
TEMPLATE = "templates/house/paper.docx"


@dataclass(frozen=True)
class Case:
    file: str
    name: str
    parts: tuple[tuple[str, str], ...]
    exit_code: int
    said: str

    def part(self, name: str, default: str = "") -> str:
        return dict(self.parts).get(name, default)


def cases() -> list[Case]:
    return [case for path in sorted(CASES.glob("*.txt")) for case in _read(path)]


def _read(path: Path) -> list[Case]:
    found = []
    for text in re.split(r"^===== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, _, rest = text.partition("\n")
        pieces = re.split(r"^--- (.+)\n", rest, flags=re.MULTILINE)
        *parts, (code, said) = zip(pieces[1::2], pieces[2::2], strict=True)
        assert code.startswith("said"), f"{name}: the last part must be “--- said”"
        kept = tuple((key, value.rstrip("\n")) for key, value in parts)
        found.append(
            Case(
                path.name,
                name.strip(),
                kept,
                int(code.removeprefix("said") or -1),
                said.rstrip("\n"),
            )
        )
    return found


def write_said(case: Case, exit_code: int, said: str) -> None:
    """Put what was said into the case's file."""
    path = CASES / case.file
    text = path.read_text(encoding="utf-8")
    start = text.index(f"===== {case.name}\n")
    end = text.find("\n=====", start)
    end = len(text) if end < 0 else end
    head = text[start:end].split("--- said")[0]
    path.write_text(
        f"{text[:start]}{head}--- said {exit_code}\n{said}\n{text[end:]}", encoding="utf-8"
    )


def lay_out(case: Case, folder: Path) -> None:
    """The files of a case, in a folder that is there."""
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    for name, part in case.parts:
        if name not in ("done", "command"):
            path = folder / name
            path.write_bytes(_changed(path.read_text(encoding="utf-8"), part, case.name).encode())
    lines = (folder / LINES).read_text(encoding="utf-8").rstrip("\n")
    (folder / TEMPLATE).write_bytes(build(lines))
    (folder / LINES).unlink()
    for line in filter(None, case.part("done").split("\n")):
        deed, *arguments = line.split(" | ")
        DEEDS[deed](folder, *arguments)


def everything(folder: Path) -> dict[str, bytes | None]:
    """All files and folders, with what the files hold."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def _changed(text: str, hunks: str, name: str) -> str:
    """`text` with the hunks put in; each must fit in exactly one place."""
    for hunk in re.split(r"^@@\n", hunks, flags=re.MULTILINE):
        lines = hunk.rstrip("\n").split("\n")
        assert all(line[:1] in (" ", "-", "+", "") for line in lines), (
            f"{name}: a line begins with neither blank, - nor +"
        )
        old = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
        new = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
        assert f"\n{text}".count(f"\n{old}") == 1, (
            f"{name}: this stands not once in the file:\n{old}"
        )
        at = f"\n{text}".index(f"\n{old}")
        text = text[:at] + new + text[at + len(old) :]
    text = re.sub(
        r"<lines (\d+)>",
        lambda found: "\n".join(f"{' ' * at}a:" for at in range(int(found[1]))),
        text,
    )
    text = re.sub(r"<(\d+) times ([^<>]+)>", lambda found: found[2] * int(found[1]), text)
    return re.sub(r"<U\+([0-9A-F]{4,6})>", lambda found: chr(int(found[1], 16)), text)


# What can be done to the files.


def _remove(folder: Path, name: str) -> None:
    (folder / name).unlink()


def _empty(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")


def _make_folder(folder: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).mkdir()


def _make_pipe(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def _encode(folder: Path, name: str, encoding: str) -> None:
    path = folder / name
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))


def _to_json(folder: Path, name: str, text: str) -> None:
    """The file's place is taken by one in JSON, and the paper names it."""
    _write(folder, name, text)
    paper = folder / "paper.yaml"
    paper.write_text(
        paper.read_text(encoding="utf-8").replace(f"{Path(name).stem}.yaml", name), encoding="utf-8"
    )
    (folder / name).with_suffix(".yaml").unlink()


def _template(folder: Path, name: str) -> None:
    path = folder / TEMPLATE
    path.write_bytes(_TEMPLATES[name](path.read_bytes()))


def _flag_encrypted(data: bytes) -> bytes:
    """A zip file whose first member says that it is encrypted, in both its headers (APPNOTE
    4.4.4).
    """
    directory = data.index(b"PK\1\2")
    changed = bytearray(data)
    changed[6] |= 1
    changed[directory + 8] |= 1
    return bytes(changed)


def _with_bomb(data: bytes) -> bytes:
    return _with_member(data, "word/media/image1.bin", bytes(64 * 1024 * 1024))


def _with_field_code(data: bytes) -> bytes:
    return _replace(
        data,
        b"<w:sectPr",
        b'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "{{ title }}"</w:instrText></w:r>'
        b'<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p><w:sectPr',
    )


def _with_wide_cells(data: bytes) -> bytes:
    with _zip(data) as archive:
        document = archive.read("word/document.xml")
    return _with_member(
        data,
        "word/document.xml",
        document.replace(b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="99999999"/>'),
    )


def _with_torn_xml(data: bytes) -> bytes:
    return _replace(data, b"</w:body>", b"</w:bdy>")


def _replace(data: bytes, old: bytes, new: bytes) -> bytes:
    with _zip(data) as archive:
        document = archive.read("word/document.xml")
    assert document.count(old) == 1
    return _with_member(data, "word/document.xml", document.replace(old, new))


def _with_member(data: bytes, name: str, content: bytes) -> bytes:
    with _zip(data) as archive:
        members = {entry: archive.read(entry) for entry in archive.namelist()} | {name: content}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, inner in members.items():
            archive.writestr(entry, inner)
    return out.getvalue()


def _zip(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


_TEMPLATES: dict[str, Callable[[bytes], bytes]] = {
    "is an old .doc": lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
    "is plain text": lambda _: b"Progress of the {{ plan.title }}",
    "is empty": lambda _: b"",
    "is cut short": lambda data: data[: len(data) // 2],
    "is encrypted": _flag_encrypted,
    "is a zip bomb": _with_bomb,
    "has a tag in a field code": _with_field_code,
    "is torn inside": _with_torn_xml,
    "has cells of 99,999,999 columns": _with_wide_cells,
}

DEEDS: dict[str, Callable[..., None]] = {
    "remove": _remove,
    "empty": _empty,
    "make a folder": _make_folder,
    "make a pipe": _make_pipe,
    "write": _write,
    "encode": _encode,
    "in JSON": _to_json,
    "the template": _template,
}
