"""What stands above, below and beside a generated list, and in other sheets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from list_parts import Draft, Page, Put


@dataclass(frozen=True, slots=True)
class Layout:
    """What is done to a plain list. Workbooks alone can have what `needs_workbook`."""

    above: str = ""
    """`title`, `titles`, `merged titles`, `facts`, `long`."""
    left: int = 0
    """Empty columns before it."""
    heads: str = ""
    """`merged pair`, `grouped`."""
    bands: str = ""
    """`merged`, `text`, `in the text column`, `column`, `column merged`, `column once`."""
    blanks: bool = False
    repeated: bool = False
    """Whether the headings stand again halfway down."""
    below: str = ""
    """`total`, `average`, `count`, `key`, `key table`, `notes`, `notes at once`, `all`."""
    beside: bool = False
    """Whether a key stands to the right."""
    others: str = ""
    """Another sheet: `cover`, `lookups`, `summary`, `hidden list`."""
    second: str = ""
    """Where a part of the actions stands: in another `sheet`, or `below` in a list of its own."""
    merged: bool = False
    """Whether owners and dates are merged over neighbours."""
    filter: bool = False

    @property
    def needs_workbook(self) -> bool:
        return (
            bool(self.heads or self.others or self.merged or self.filter)
            or self.second == "sheet"
            or "merged" in self.bands
            or "merged" in self.above
        )


# -- above


def write_above(draft: Draft, page: Page, layout: Layout) -> None:
    rng, first = draft.rng, layout.left + 1
    last = layout.left + len(draft.columns)
    day = f"{draft.as_at:%d/%m/%Y}"
    titles = [
        "Midshire Borough Council",
        "Corporate Peer Challenge – Action Plan Tracker",
        f"Version 7 – updated {day} – owner: Corporate Policy Team",
    ]
    if layout.above == "title":
        page.write({first: Put(rng.choice([titles[1], "Action plan", "Audit Action Log 2025/26"]))})
    elif layout.above in ("titles", "merged titles"):
        for title in titles[: rng.randint(2, 3)]:
            row = page.write({first: Put(title)})
            if "merged" in layout.above and last > first:
                page.merges.append((row, first, row, last))
    elif layout.above == "facts":
        _write_facts(draft, page, first)
    elif layout.above == "long":
        page.write({first: Put("Action plan")})
        for number in range(rng.randint(8, 15)):
            page.write(
                {first: Put(f"{number + 1}. How to fill this in: write one action in a row.")}
            )
    if layout.above:
        page.row += rng.randint(0, 2)


def _write_facts(draft: Draft, page: Page, first: int) -> None:
    """Rows of a name and a value, some of which have words of headings."""
    day = Put(f"{draft.as_at:%d/%m/%Y}") if draft.in_csv else Put(draft.as_at, "dd/mm/yyyy")
    rows = [
        (Put("Plan owner"), Put("Chief Executive")),
        (Put("Date"), day),
        (Put("Status"), Put("Final")),
        (Put("Action plan"), Put("Corporate Peer Challenge")),
    ]
    for name, value in draft.rng.sample(rows, 3):
        page.write({first: name, first + 1: value})


# -- below and beside


def _key(draft: Draft) -> list[tuple[str, str]]:
    blue = "not yet due" if draft.made.choices.get("blue") == "not-due" else "complete"
    rows = [("R", "off track"), ("A", "at risk"), ("G", "on track"), ("B", blue)]
    return rows if blue == "complete" else [*rows, ("Purple", "complete")]


def write_beside(page: Page, column: int) -> None:
    page.grid[page.row, column] = Put("Key")
    for number, (name, meaning) in enumerate([("Red", "off track"), ("Green", "on track")], 1):
        page.grid[page.row + number, column] = Put(name)
        page.grid[page.row + number, column + 1] = Put(meaning)


def write_below(draft: Draft, page: Page, layout: Layout) -> None:
    below = layout.below
    if below in ("total", "all"):
        _write_total(draft, page, layout, "Total")
    if below in ("average", "all"):
        page.row += 1 if below == "all" else 0
        _write_total(draft, page, layout, "Average % complete")
    if below == "count":
        page.write({layout.left + 1: Put(f"Total actions: {len(draft.actions)}")})
    if below in ("key", "key table", "all"):
        _write_key(draft, page, layout)
    if below in ("notes", "all"):
        page.row += 1
    if below.startswith("notes") or below == "all":
        _write_notes(draft.rng, page, layout.left + 1, draft.as_at)


def _write_total(draft: Draft, page: Page, layout: Layout, name: str) -> None:
    places = {column.key: layout.left + 1 + n for n, column in enumerate(draft.columns)}
    cells: dict[int, Put | None] = {layout.left + 1: Put(name)}
    rows = sorted(page.actions)
    for key in ("share", "extra:Cost", "extra:Budget (£)"):
        if key in places and places[key] > layout.left + 1:
            value: Put = Put(0.55, "0%") if key == "share" else Put(12000)
            if draft.rng.random() < 0.4 and not draft.in_csv:
                value = Put(f"=SUM(Z{rows[0]}:Z{rows[-1]})", kind="formula")
            cells[places[key]] = value
    page.write(cells)


def _write_key(draft: Draft, page: Page, layout: Layout) -> None:
    """A key, where it says what the scheme says; remarks where it would say more."""
    page.row += draft.rng.randint(0, 1)
    first = layout.left + 1
    scheme = draft.made.scheme
    if scheme is None or not any("means" in value for value in scheme["values"]):
        page.write({first: Put("Note: dates in italics are not agreed yet.")})
    elif layout.below == "key table":
        page.row += 1
        page.write({first: Put("Key")})
        for code, meaning in _key(draft):
            page.write({first: Put(code), first + 1: Put(meaning)})
    else:
        page.write({first: Put("Key: " + "; ".join(f"{c} = {m}" for c, m in _key(draft)))})


def _write_notes(rng: Random, page: Page, first: int, as_at: date) -> None:
    notes = [
        "Note: dates in italics are not agreed yet.",
        f"Last updated {as_at:%d/%m/%Y}",
        f"Updated: {as_at:%d %B %Y} by Corporate Policy",
        "Prepared by the Corporate Policy Team",
        "* subject to funding",
        "Source: peer challenge report, March 2025",
        "Notes",
        "End of list",
    ]
    for note in rng.sample(notes, rng.randint(1, 3)):
        page.write({first: Put(note)})


# -- other sheets


def write_other(draft: Draft, layout: Layout) -> None:
    made = draft.made
    first = False
    if layout.others == "cover":
        page = Page("Cover")
        for text in ("Midshire Borough Council", "Action plan", "Contact: policy@midshire.gov.uk"):
            page.write({2: Put(text)})
        first = draft.rng.random() < 0.7
    elif layout.others == "lookups":
        page = Page("Lookups")
        page.write({1: Put("RAG"), 2: Put("Status"), 3: Put("Owner")})
        rows = [("R", "Complete", "Chief Executive"), ("A", "In progress", "Head of ICT")]
        for row in [*rows, ("G", "Not started", None)]:
            page.write({n: Put(text) for n, text in enumerate(row, 1) if text})
    elif layout.others == "summary":
        page = Page("Summary")
        page.write({1: Put("Status"), 2: Put("Actions"), 3: Put("%")})
        for word, number in [("Complete", 3), ("In progress", 2), ("Total", 5)]:
            page.write({1: Put(word), 2: Put(number), 3: Put(number / 5, "0%")})
        first = draft.rng.random() < 0.5
    else:
        page = Page("Old list", visible=False)
        page.write({1: Put("Ref"), 2: Put("Action"), 3: Put("Owner"), 4: Put("Due date")})
        for number in range(3):
            secret = f"zq-old-{number}"
            made.secrets.add(secret)
            page.write({1: Put(f"O{number}"), 2: Put(f"Old {secret}"), 3: Put("Head of ICT"),
                        4: Put(date(2020, 5, 1), "dd/mm/yyyy")})  # fmt: skip
        made.sheets_said = ("Old list",)
    made.pages.insert(0 if first else len(made.pages), page)
