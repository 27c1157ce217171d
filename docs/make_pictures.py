"""Makes the page pictures in docs/pictures: `python docs/make_pictures.py`, with papergen
installed, LibreOffice and poppler.

Look at each page after a change to a brand: what is wrong with a page, no test sees first.
"""

from __future__ import annotations

import struct
import subprocess
import tempfile
import zlib
from collections import Counter
from pathlib import Path

import papergen

ROOT = Path(__file__).parents[1]
PICTURES = Path(__file__).parent / "pictures"
DOTS_AN_INCH = 80
# What a picture is called, and the paper among the samples, its brand, its board, and the first and
# last pages shown.
SHOWN = {
    "hwb": ("post-inspection/paper.yaml", "central-bedfordshire", "hwb", 1, 9),
    "hwb-plain": ("post-inspection/paper.yaml", "plain", "hwb", 1, 9),
    "gaps": ("post-inspection-gaps/paper.yaml", "plain", "hwb", 1, 1),
    "drafted": ("post-inspection/drafted.yaml", "central-bedfordshire", "hwb", 2, 4),
    "action-list": ("action-list/paper.yaml", "plain", "trust-board", 5, 6),
}
COLOURS = 64
"""In a picture: those that most of its dots have. The others, on the edges of letters, become the
nearest of these.
"""


def main() -> None:
    """Draft the papers, lay them out all at once, and draw their pages."""
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for shown, (paper, brand, board, _, _) in SHOWN.items():
            sources = papergen.load(ROOT / "samples" / paper, brand)
            (folder / f"{shown}.docx").write_bytes(
                papergen.compile(sources, brand).draft(board).docx
            )
        profile = (folder / "profile").as_uri()
        run(
            "soffice",
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            name,
            *found(folder, "docx"),
        )
        for shown, (_, _, _, first, last) in SHOWN.items():
            pages = ("-f", str(first), "-l", str(last))
            run(
                "pdftoppm",
                "-r",
                str(DOTS_AN_INCH),
                *pages,
                str(folder / f"{shown}.pdf"),
                str(folder / shown),
            )
        for page in found(folder, "ppm"):
            (PICTURES / f"{Path(page).stem}.png").write_bytes(png(Path(page).read_bytes()))


def run(*command: str) -> None:
    """Run a program, quietly; raise if it fails."""
    subprocess.run(command, check=True, capture_output=True, timeout=180)  # noqa: S603 (commands of our own)


def found(folder: Path, suffix: str) -> list[str]:
    """The paths of the files of one kind in a folder, in order."""
    return sorted(str(path) for path in folder.glob(f"*.{suffix}"))


def png(ppm: bytes) -> bytes:
    """A picture with a palette, a third as large as one without (PNG, third edition, 11.2); from
    `P6` as pdftoppm writes it.
    """
    _, size, _, pixels = ppm.split(b"\n", 3)
    width, height = map(int, size.split())
    dots = [pixels[at : at + 3] for at in range(0, len(pixels), 3)]
    counted = Counter(dots)
    palette = [colour for colour, _ in counted.most_common(COLOURS)]
    index = {
        colour: palette.index(min(palette, key=lambda known: distance(known, colour)))
        for colour in counted
    }
    rows = [
        b"\0" + bytes(index[dot] for dot in dots[start : start + width])
        for start in range(0, len(dots), width)
    ]
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", b"".join(palette)),
        (b"IDAT", zlib.compress(b"".join(rows), 9)),
        (b"IEND", b""),
    )
    written = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def distance(one: bytes, other: bytes) -> int:
    """How unlike two colours are."""
    return sum((left - right) ** 2 for left, right in zip(one, other, strict=True))


if __name__ == "__main__":
    main()
