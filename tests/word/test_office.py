"""LibreOffice as the oracle: it recalculates numbers and references itself, and its pages must show
what we wrote.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from papers import BRANDS, CASES, PAPERS, draft
from validity import Package, W, open_package, text_of

import papergen
from papergen.engine.numbering import Counters
from papergen.word.read_styles import own_number, read_styles

pytestmark = pytest.mark.needs_office

SAMPLE_PAPERS = [paper for paper in PAPERS if paper[0] == "post-inspection"]
for_each_brand = pytest.mark.parametrize("brand", BRANDS)
for_each_paper = pytest.mark.parametrize("paper", PAPERS, ids="-".join)
for_each_sample_paper = pytest.mark.parametrize("paper", SAMPLE_PAPERS, ids="-".join)

STALE = "stale"
RESULT = re.compile(
    r'(?<=<w:fldChar w:fldCharType="separate"/></w:r>)<w:r>(?:<w:rPr>.*?</w:rPr>)?<w:t>[^<]*'
)


@pytest.fixture(scope="session")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the PDF of each paper, and of each with its references falsified: `stale-…`.
    One run of LibreOffice.
    """
    folder = tmp_path_factory.mktemp("office")
    for paper in PAPERS:
        content = draft(*paper).docx
        (folder / f"{'-'.join(paper)}.docx").write_bytes(content)
        (folder / f"{STALE}-{'-'.join(paper)}.docx").write_bytes(falsified(content))
    converted(folder, *sorted(folder.glob("*.docx")))
    return folder


def converted(folder: Path, *papers: Path) -> None:
    """Write the PDFs of papers into a folder."""
    profile = (folder / "profile").as_uri()
    command = [
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
    ]
    subprocess.run([*command, *map(str, papers)], check=True, capture_output=True, timeout=180)


def falsified(content: bytes) -> bytes:
    """The document, with 99 for the result of each field."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in open_package(content).members.items():
            archive.writestr(
                name, RESULT.sub(lambda found: found[0].rpartition(">")[0] + ">99", data.decode())
            )
    return target.getvalue()


# What we wrote


@cache
def package_of(paper: tuple[str, str, str]) -> Package:
    return open_package(draft(*paper).docx)


@cache
def lines_of(paper: tuple[str, str, str]) -> tuple[tuple[str, str], ...]:
    """Each paragraph of the body: the number or bullet that we count for it, and its text."""
    package = package_of(paper)
    styles = read_styles(package.parts["word/styles.xml"], package.parts["word/numbering.xml"])
    counters = Counters(styles.lists)
    found = []
    for paragraph in package.stories[package.main].iter(f"{W}p"):
        properties = paragraph.find(f"{W}pPr")
        style = properties.find(f"{W}pStyle") if properties is not None else None
        number = styles.number(
            "" if style is None else style.get(f"{W}val"), *own_number(properties)
        )
        label = ""
        if number is not None:
            level = styles.lists[number[0]].levels[number[1]]
            counters.count(number)
            if level.format == "bullet":
                label = level.text
            else:
                full = counters.number(number)
                label = (
                    full
                    if "%1" in level.text and level.text != "(%1)"
                    else re.sub(r"^.*\(", "(", full)
                )
        found.append((label, text_of(paragraph)))
    return tuple(found)


def wrote(paper: tuple[str, str, str]) -> str:
    return squeezed(*(part for line in lines_of(paper) for part in line))


def squeezed(*texts: str) -> str:
    """Without any white space: lines break where they will."""
    return re.sub(r"\s+", "", "".join(texts))


# What LibreOffice shows


def text_of_pages(folder: Path, name: str) -> list[str]:
    """The text of each page, in the order in which it was written."""
    done = subprocess.run(
        ["pdftotext", "-raw", str(folder / f"{name}.pdf"), "-"], check=True, capture_output=True
    )
    return [squeezed(page) for page in done.stdout.decode().split("\f")[:-1]]


def shown(folder: Path, name: str, paper: tuple[str, str, str]) -> str:
    """The text of all pages, without page headers and footers, which must be there, and header rows
    that are repeated.
    """
    package = package_of(paper)
    rows = [
        squeezed(text_of(table.find(f"{W}tr")))
        for table in package.stories[package.main].iter(f"{W}tbl")
    ]
    (header,) = (
        squeezed(text_of(root)) for part, root in package.stories.items() if "header" in part
    )
    footer = next(
        squeezed(text_of(root)) for part, root in package.stories.items() if "footer" in part
    )
    start = footer.removesuffix("Page1of1")
    pages = text_of_pages(folder, name)
    bodies = []
    for number, page in enumerate(pages, 1):
        ending = f"{start}Page{number}of{len(pages)}"
        beginning = header if number == 1 else ""
        assert page.startswith(beginning)
        assert page.endswith(ending), (page[-80:], ending)
        body = page.removeprefix(beginning).removesuffix(ending)
        repeated = next((row for row in rows if body.startswith(row)), "")
        due = wrote(paper).removeprefix("".join(bodies))
        bodies.append(body if due.startswith(repeated) else body.removeprefix(repeated))
    return "".join(bodies)


@for_each_paper
def test_numbers_references_and_text_on_the_pages_are_those_we_wrote(
    pdfs: Path, paper: tuple[str, str, str]
) -> None:
    assert shown(pdfs, "-".join(paper), paper) == wrote(paper)


@for_each_paper
def test_wrong_results_of_references_are_put_right_by_the_oracle(
    pdfs: Path, paper: tuple[str, str, str]
) -> None:
    # Otherwise the test before this one would only compare what we wrote with itself.
    assert falsified(draft(*paper).docx) != draft(*paper).docx
    assert shown(pdfs, f"{STALE}-{'-'.join(paper)}", paper) == wrote(paper)


@pytest.mark.parametrize(
    ("brand", "references"),
    [
        ("central-bedfordshire", "10 2(b) 2(b)(ii) 6 3 4(c) 1 5 6 2(b) 1 2(b)(ii) 3"),
        ("plain", "3.2 1.2(b) 1.2(b)(ii) 2.2 1.3 1.4(c) 1.1 2.1 2.2 1.2(b) 1.1 1.2(b)(ii) 1.3"),
    ],
)
def test_references_go_forwards_and_backwards_into_branches_loops_and_sub_paragraphs(
    brand: str, references: str
) -> None:
    package = package_of(("everything", brand, "board"))
    found = [
        result.rpartition(">")[2]
        for result in RESULT.findall(package.members[package.main].decode())
    ]
    assert " ".join(found) == references


@for_each_brand
def test_a_second_list_under_one_paragraph_starts_anew(brand: str) -> None:
    lines = dict(reversed(pair) for pair in lines_of(("everything", brand, "board")))
    assert [lines[text] for text in ("alpha;", "beta;", "gamma, which starts anew;", "delta;")] == [
        "(a)",
        "(b)",
        "(a)",
        "(b)",
    ]
    assert len(package_of(("everything", brand, "board")).part("numbering").findall(f"{W}num")) == {
        "plain": 4
    }.get(brand, 3)


@pytest.mark.parametrize(
    ("brand", "numbers"), [("central-bedfordshire", range(1, 24)), ("plain", None)]
)
def test_paragraphs_are_numbered_as_the_brand_has_it(brand: str, numbers: range | None) -> None:
    labels = [
        label
        for label, _ in lines_of(("post-inspection", brand, "hwb"))
        if re.fullmatch(r"[\d.]+", label)
    ]
    if numbers is not None:
        assert labels == [str(number) for number in numbers]
        return
    sections = [
        ("1", 1),
        ("2", 4),
        ("3", 2),
        ("4", 5),
        ("5", 4),
        ("6", 5),
        ("7", 2),
        ("8", 4),
        ("9", 1),
        ("10", 1),
    ]
    assert labels == [
        f"{section}.{n}" if n else section for section, count in sections for n in range(count + 1)
    ]


# Pages


@for_each_sample_paper
def test_the_sample_has_four_to_six_pages(pdfs: Path, paper: tuple[str, str, str]) -> None:
    assert 4 <= len(text_of_pages(pdfs, "-".join(paper))) <= 6


@for_each_paper
def test_only_the_fonts_that_stand_for_arial_are_on_the_pages(
    pdfs: Path, paper: tuple[str, str, str]
) -> None:
    done = subprocess.run(
        ["pdffonts", str(pdfs / f"{'-'.join(paper)}.pdf")],
        check=True,
        capture_output=True,
        text=True,
    )
    fonts = {line.split()[0].partition("+")[2] for line in done.stdout.splitlines()[2:]}
    assert "LiberationSans" in fonts
    assert fonts <= {
        "LiberationSans",
        "LiberationSans-Bold",
        "LiberationSans-Italic",
        "LiberationSans-BoldItalic",
    }


@for_each_brand
def test_text_has_one_left_edge(pdfs: Path, brand: str) -> None:
    levels = package_of(("post-inspection", brand, "hwb")).part("numbering")
    places = {}
    for style in ("NumberedParagraph", "ListBullet"):
        indent = levels.find(f".//{W}lvl/{W}pStyle[@{W}val='{style}']/../{W}pPr/{W}ind")
        places[style] = int(indent.get(f"{W}left")) / 20, int(indent.get(f"{W}hanging")) / 20
    margin = 1417 / 20
    edge = margin + places["NumberedParagraph"][0]
    bullet = margin + places["ListBullet"][0]
    glyph = bullet - places["ListBullet"][1]
    assert places["NumberedParagraph"][0] == places["NumberedParagraph"][1], (
        "numbers stand at the margin"
    )
    edges: Counter[float] = Counter()
    for words in printed_lines(pdfs / f"post-inspection-{brand}-hwb.pdf"):
        at, first = words[0]
        if first == "•" or (re.fullmatch(r"\d+(\.\d+)?", first) and at < margin + 1):
            known = bullet if first == "•" else edge
            assert at == pytest.approx(glyph if first == "•" else margin, abs=0.3), words
            assert words[1][0] == pytest.approx(known, abs=0.3), words
            edges[known] += 1
        else:
            nearest = min((margin, edge, bullet), key=lambda place: abs(place - at))
            assert at == pytest.approx(nearest, abs=0.3), words
            edges[nearest] += 1
    assert edges[edge] > 100
    assert edges[bullet] == 4, "three bullets, one of them of two lines"


@for_each_brand
def test_items_stand_as_deep_as_they_are_whatever_the_kinds_of_list(pdfs: Path, brand: str) -> None:
    places = first_places(pdfs / f"everything-{brand}-board.pdf")
    step = {"central-bedfordshire": 567, "plain": 680}[brand] / 20
    edge = 1417 / 20 + step
    for depth, names in enumerate(
        (
            ("one-deep", "one-deep-too,", "one-deep-again:"),
            ("two-deep", "two-deep-again;"),
            ("three-deep", "three-deep-again;"),
            ("four-deep", "four-deep-again."),
        ),
        1,
    ):
        assert {name: places[name] for name in names} == {
            name: pytest.approx(edge + depth * step, abs=0.3) for name in names
        }


@pytest.mark.parametrize("initials", ["LB", "CMWB", "CSOSC", "LONGINITIALS", ""])
def test_values_of_the_header_block_stand_on_one_edge_however_long_a_label(
    tmp_path: Path, initials: str
) -> None:
    shutil.copytree(CASES["everything"].parent, tmp_path / "paper")
    register = tmp_path / "paper" / "bodies.yaml"
    own = f"initials: {initials}" if initials else "article: the"
    register.write_text(
        register.read_text(encoding="utf-8").replace("initials: LB", own), encoding="utf-8"
    )
    sources = papergen.load(tmp_path / "paper" / "paper.yaml", "central-bedfordshire")
    (tmp_path / "a.docx").write_bytes(
        papergen.compile(sources, "central-bedfordshire").draft("board").docx
    )
    converted(tmp_path, tmp_path / "a.docx")
    found = first_places(tmp_path / "a.pdf")
    assert found["Progress"] == pytest.approx((1417 + 5.5 * 567) / 20, abs=0.3)
    assert found["To"] == pytest.approx(found["Progress"], abs=0.3)


def first_places(pdf: Path) -> dict[str, float]:
    """The left edge of each word of a document, where it first stands."""
    done = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True)
    words = [
        (word.text, float(word.get("xMin")))
        for word in etree.fromstring(done.stdout).iter("{*}word")
    ]
    return dict(reversed(words))


def printed_lines(pdf: Path) -> Iterator[list[tuple[float, str]]]:
    """The lines below the header block: the left edges of their words, with these."""
    done = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True)
    begun = False
    for page in etree.fromstring(done.stdout).iter("{*}page"):
        words = sorted(
            (float(w.get("yMax")), float(w.get("xMin")), w.text) for w in page.iter("{*}word")
        )
        for _, line in groupby(words, key=lambda word: round(word[0])):
            found: list[Any] = [
                (at, text) for _, at, text in sorted(line, key=lambda word: word[1])
            ]
            begun = begun or "Purpose" in [text for _, text in found]
            if begun and found[-1][1] != "•":
                yield found
