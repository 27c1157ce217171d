"""What the words of statuses, ratings, updates and owners say: cases in a text file."""

from __future__ import annotations

from collections.abc import Sequence

import places
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papergen.dates import PartialDate
from papergen.model.rating import RagScheme
from papergen.workbook.parties import Register
from papergen.workbook.rating_words import RatingWords
from papergen.workbook.reading import Remark
from papergen.workbook.status_words import StatusWords
from papergen.workbook.updates import update_says

AS_AT = PartialDate(2025, 9, 30)
SCHEME = RagScheme.model_validate(
    {
        "id": "rag",
        "values": [
            {"code": "red", "label": "Red", "meaning": "off track"},
            {"code": "amber", "label": "Amber", "meaning": "at risk"},
            {"code": "green", "label": "Green", "meaning": "on track"},
            {"code": "blue", "label": "Blue", "meaning": "complete"},
        ],
    }
)
REGISTER = {
    "bodies": [{"id": "audit", "name": "Audit Committee"}],
    "posts": [
        {"id": "chief-exec", "title": "Chief Executive", "holders": [{"person": "lane"}]},
        {"id": "ict", "title": "Head of ICT"},
        {"id": "hr", "title": "Head of HR & OD", "aliases": ["HR"]},
    ],
    "people": [{"id": "lane", "name": "Mary Lane"}, {"id": "ahmed", "name": "Cllr J Ahmed"}],
}
TEXT = (places.CASES / "actions" / "words.txt").read_text(encoding="utf-8")


def cases() -> list[tuple[str, str, str]]:
    found = []
    for section in TEXT.split("\n=== ")[1:]:
        title, *lines = section.split("\n")
        for line in lines:
            if " → " in line:
                cell, expected = line.rsplit(" → ", 1)
                found.append((title, cell.replace("\\n", "\n"), expected))
    return found


def reading_of(section: str, cell: str) -> tuple[str, Sequence[Remark]]:
    kind, _, others = section.partition(" | ")
    match kind:
        case "statuses":
            status = StatusWords([cell, others], {}, AS_AT).read(cell)
            said = "?" if status.is_asked else status.says or "nothing"
            return (said if status.share is None else str(status.share)), status.remarks
        case "ratings" | "ratings without a scheme":
            key = dict([others.casefold().split(" = ")]) if others else {}
            scheme = SCHEME if kind == "ratings" else None
            rating = RatingWords(scheme, {}, key).read(cell)
            said = ", ".join(part for part in (rating.code or "nothing", rating.says) if part)
            in_words = f" ({rating.in_words} in words)" if rating.in_words else ""
            return said + in_words, rating.remarks
        case "updates":
            return update_says(cell, AS_AT) or "nothing", ()
        case _:
            parties = Register(REGISTER, {}).read(cell)
            names = [f"{party.kind} {party.name}" for party in parties.parties]
            return ", ".join(names), parties.remarks


@pytest.mark.parametrize(("section", "cell", "expected"), cases())
def test_a_cell_says_what_its_words_say(section: str, cell: str, expected: str) -> None:
    said, remarks = reading_of(section, cell)
    codes = list(dict.fromkeys(remark.kind.code for remark in remarks))
    assert f"{said} # {' '.join(codes)}".removesuffix(" # ") == expected


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    StatusWords([text], {}, AS_AT).read(text)
    RatingWords(SCHEME, {}, {}).read(text)
    update_says(text, AS_AT)
    written = Register(REGISTER, {}).read(text).parties
    assert all(party.name for party in written) or not text.strip()


def test_an_answer_settles_a_word() -> None:
    status = StatusWords([], {"Embedded": "complete"}, AS_AT).read("embedded ")
    rating = RatingWords(SCHEME, {"Purple": "unrated"}, {}).read("Purple")
    owner = Register(REGISTER, {"Tom Reid": "as-written", "M Lane": "chief-exec"})
    assert (status.says, status.remarks) == ("complete", ())
    assert (rating.code, rating.remarks) == ("unrated", ())
    assert owner.read("Tom Reid").remarks == ()
    assert owner.read("M Lane").parties[0].name == "chief-exec"
