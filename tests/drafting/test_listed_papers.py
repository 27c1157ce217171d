"""Lists of actions that tend to be read wrong, in a paper: what is printed of them, and what is not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from list_cases import case_of
from small_papers import BODIES, paper_of, paragraphs, write_paper

import papergen

TABLE = """\
| ref | action | owner | due | state | latest |
|---|---|---|---|---|---|
{% for a in plan.actions %}
| {{ a.ref }} | {{ a.text }} | {{ a.owner|bare }} | {{ a.latest_due }} | {{ a.status }}{% if a.latest_due and a.overdue %}, overdue{% endif %} | {{ a.update }} |
{% endfor %}
"""


def drafted(
    folder: Path, text: str, source: str, *, bodies: str = BODIES, **paper: Any
) -> papergen.Draft:
    """The paper of a text and of a list that is written as `list_cases` has it.

    `paper`: fields of the paper.
    """
    case = case_of(source)
    plan = {"actions": case.name}
    path = write_paper(folder, paper_of(text, **paper), plan=plan, bodies=bodies)
    (folder / case.name).write_bytes(case.data)
    return papergen.compile(papergen.load(path)).draft("hwb")


def said(folder: Path, text: str, source: str, **rest: Any) -> list[str]:
    """The paragraphs of the paper."""
    found = paragraphs(drafted(folder, text, source, **rest))
    return [paragraph.replace("\xa0", " ") for paragraph in found]


def rows_of(draft: papergen.Draft) -> dict[str, list[str]]:
    """The rows of a paper's table of actions, by reference."""
    (table,) = docx.Document(io.BytesIO(draft.docx)).tables
    rows = [[cell.text.replace("\xa0", " ") for cell in row.cells] for row in table.rows[1:]]
    return {row[0]: row[1:] for row in rows}


def text_of(draft: papergen.Draft) -> str:
    """All that any part of a paper holds."""
    with zipfile.ZipFile(io.BytesIO(draft.docx)) as package:
        parts = [package.read(part).decode("utf-8", "replace") for part in package.namelist()]
    return "\n".join(parts).casefold()


NEXT = "next-steps: {heading: Next, text: auto}"


def test_one_action_is_not_yet_complete(tmp_path: Path):
    source = (
        "@csv\nRef,Action,Owner,Due date,Status\n1,Write the guidance,DCS,30/11/2012,In progress"
    )
    lines = said(tmp_path, "x", source, sections=NEXT)
    assert "The one action is not yet recorded as complete." in lines


HEADINGS = (
    "Ref | Recommendation | Action | Responsible officer | Target date | RAG | {} | % complete\n"
)
UPDATE = HEADINGS.format("Progress update")


def test_what_is_green_at_a_hundred_per_cent_is_never_overdue(tmp_path: Path):
    source = UPDATE + (
        "1 | R1 | Do a thing | | d:2012-07-31 | Green | Completed in July 2012 and closed. | n:1\n"
        "2 | R1 | Do another | | d:2012-12-31 | Green | On track | n:0.5"
    )
    rows = rows_of(drafted(tmp_path, TABLE, source))
    assert [row[3] for row in rows.values()] == ["complete", "in-progress"]
    text = "{{ plan.actions|overdue|count }} overdue, {{ plan.actions|of(status='complete')|count }} done"
    assert said(tmp_path, text, source) == ["0 overdue, 1 done"]


@pytest.mark.parametrize("heading", ["Comments", "Comments (private)", "Due date", "Status"])
def test_a_hidden_column_is_never_printed(tmp_path: Path, heading: str):
    source = (
        "@hide G\n"
        + HEADINGS.format(heading)
        + (
            "1 | R1 | Do a thing | | d:2012-12-31 | G | DO NOT PUBLISH: Cllr Smith is difficult | n:0.5"
        )
    )
    draft = drafted(tmp_path, TABLE, source)
    assert "publish" not in text_of(draft)
    assert "cllr smith" not in text_of(draft)
    assert rows_of(draft)["1"][0] == "Do a thing"


MARKUP = (
    "Do *this* & <that> {{ x }}",
    "**bold** and __more__ {% if %} {# not #}",
    "<b>bold</b> &amp; [a link](http://x.gov.uk) `code`",
    "# no heading",
    "=1+1 ~~struck~~ \\\\ $ %",
)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_cells_is_printed_as_it_is(tmp_path: Path, text: str):
    listed = f'Ref,Action,Owner,Progress update\n1,"{text}","{text}","{text}"\n'
    rows = rows_of(drafted(tmp_path, TABLE, f"@csv\n{listed}"))
    assert rows["1"][0] == text
    assert rows["1"][4] == text
    lines = said(tmp_path, "{{ (plan.actions|first).text }}", f"@csv\n{listed}")
    assert lines == [text]


OWNERS = {
    "Sarah Jones (HR) and Tom Reid": "Sarah Jones (HR) and Tom Reid",
    "CEX / Director of Finance": "CEX / Director of Finance",
    "Chief Executive; Head of ICT": "Chief Executive and Head of ICT",
    "Cllr J Ahmed (Portfolio Holder)": "Cllr J Ahmed (Portfolio Holder)",
    "M Lane": "M Lane",
    "Mary Lane": "Chief Executive",
    "chief executive ": "Chief Executive",
    "TBC": "[to be confirmed: owner of action 8]",
    "All": "All",
    "Chief Executive\\n(lead)": "Chief Executive",
}
COUNCIL = """
bodies:
  - {id: hwb, name: Board, powers: [note]}
posts:
  - {id: cex, title: Chief Executive, holders: [{person: lane}]}
  - {id: ict, title: Head of ICT}
  - {id: dcs, title: Director}
people:
  - {id: lane, name: Mary Lane}
"""


def test_all_owners_of_an_action_are_printed(tmp_path: Path):
    lines = [f"{at} | Do it | {owner} | d:2012-12-31" for at, owner in enumerate(OWNERS, 1)]
    source = "\n".join(["Ref | Action | Responsible officer | Target date", *lines])
    rows = rows_of(drafted(tmp_path, TABLE, source, bodies=COUNCIL))
    assert [row[1] for row in rows.values()] == list(OWNERS.values())


DATES = {
    "Sept 25": "September 2025, overdue",
    "31/9/25": "31/9/25",
    "by Christmas": "by Christmas",
    "Q2": "Q2, overdue",
    "End Q4 2025/26": "End Q4 2025/26",
    "W/C 3 Nov": "W/C 3 Nov",
    "w/c 03/11/25": "w/c 03/11/25",
    "Complete": "[to be confirmed: due date of action 8]",
    "Completed July 2025": "[to be confirmed: due date of action 9]",
    "2025/26": "2025/26",
    "n/a": "[to be confirmed: due date of action 11]",
    "-": "[to be confirmed: due date of action 12]",
    "Immediate": "Immediate",
    "Mid-October": "Mid-October",
    "1 Oct - 31 Dec 2025": "1 Oct - 31 Dec 2025",
    "FY26": "FY26",
    "Dec 25 (slipped from Sep 25)": "December 2025",
    "April 2026 onwards": "April 2026 onwards",
    "Monthly": "Monthly",
    "31.12.25": "31 December 2025",
    "12/31/2025": "12/31/2025",
    "early 2026": "early 2026",
    "TBC - subject to funding": "TBC - subject to funding",
    "Oct/Nov 2025": "Oct/Nov 2025",
    "30 September 2025 & 31 March 2026": "30 September 2025 & 31 March 2026",
    "Winter 25/26": "Winter 25/26",
    "Already in place": "Already in place",
    "ASAP": "ASAP",
    "n:2026": "2026",
    "n:45992": "1 December 2025",
}


def test_every_way_to_write_a_due_date_is_printed_and_stops_no_paper(tmp_path: Path):
    lines = [f"{at} | R1 | Do it | | {due} | G | ok | n:0.5" for at, due in enumerate(DATES, 1)]
    source = UPDATE + "\n".join(lines)
    draft = drafted(tmp_path, TABLE, source, as_at="2025-09-30", meeting="2025-10-14")
    printed = {
        ref: f"{row[2]}, overdue" if "overdue" in row[3] else row[2]
        for ref, row in rows_of(draft).items()
    }
    assert printed == {str(at): due for at, due in enumerate(DATES.values(), 1)}
