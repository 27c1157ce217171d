"""How a list is laid out: its headings, bands and merged cells, on one page or on several."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from list_parts import Column, Draft, Page, Put, Wanted, WantedAction
from list_surroundings import Layout, write_above, write_below, write_beside, write_other
from list_words import THEMES

BEYOND = "beyond"
"""The key of a cell to the right of the last column."""


LAYOUTS: dict[str, Layout] = {
    "plain": Layout(),
    "title above": Layout(above="title"),
    "titles above": Layout(above="titles", below="notes"),
    "merged titles": Layout(above="merged titles", filter=True),
    "facts above": Layout(above="facts"),
    "far below": Layout(above="long"),
    "to the right": Layout(left=1, above="title", blanks=True),
    "far to the right": Layout(left=3),
    "pair of dates": Layout(heads="merged pair"),
    "grouped headings": Layout(heads="grouped", above="title"),
    "merged bands": Layout(bands="merged"),
    "bands of text": Layout(bands="text", above="titles", blanks=True),
    "bands in the text column": Layout(bands="in the text column"),
    "theme column": Layout(bands="column"),
    "merged themes": Layout(bands="column merged", above="merged titles"),
    "themes once": Layout(bands="column once"),
    "blank rows": Layout(blanks=True),
    "headings again": Layout(repeated=True, blanks=True),
    "total": Layout(below="total"),
    "average": Layout(below="average", above="titles"),
    "count": Layout(below="count"),
    "key below": Layout(below="key"),
    "key table": Layout(below="key table"),
    "key beside": Layout(beside=True),
    "notes": Layout(below="notes"),
    "notes at once": Layout(below="notes at once"),
    "all below": Layout(below="all", above="titles"),
    "cover sheet": Layout(others="cover"),
    "lookups sheet": Layout(others="lookups"),
    "summary sheet": Layout(others="summary"),
    "hidden list": Layout(others="hidden list"),
    "completed sheet": Layout(second="sheet"),
    "two lists": Layout(second="below", above="title"),
    "merged cells": Layout(merged=True),
    "merged cells in bands": Layout(merged=True, bands="column merged", left=1),
    "tracker": Layout(
        above="merged titles", bands="column merged", below="all", others="lookups", filter=True
    ),
}


def for_csv(layout: Layout) -> Layout:
    """What a CSV file can have of a layout."""
    return replace(
        layout,
        above=layout.above.removeprefix("merged "),
        heads="",
        bands={"merged": "text", "column merged": "column once"}.get(layout.bands, layout.bands),
        others="",
        second="" if layout.second == "sheet" else layout.second,
        merged=False,
        filter=False,
    )


def prepare(draft: Draft, layout: Layout) -> None:
    """Give the actions their workstreams, and shared cells, before headings are chosen."""
    if layout.bands:
        _give_themes(draft, layout)
    if layout.merged:
        _merge_neighbours(draft)


def _give_themes(draft: Draft, layout: Layout) -> None:
    themes = draft.rng.sample(THEMES, min(3, len(draft.actions)))
    cuts = sorted(draft.rng.choices(range(len(themes)), k=len(draft.actions)))
    shared: dict[str, Put] = {}
    for action, cut in zip(draft.actions, cuts, strict=True):
        put = shared.setdefault(themes[cut], Put(themes[cut]))
        if layout.bands == "column":
            put = Put(themes[cut])
        action.cells["workstream"] = put
        action.wanted["workstream"] = Wanted((themes[cut],), (put,))


def _merge_neighbours(draft: Draft) -> None:
    """Let the second of two neighbours share the owner's cell, or the date's, with the first."""
    for first, second in zip(draft.actions[::2], draft.actions[1::2], strict=False):
        if first.cells.get("workstream") is not second.cells.get("workstream"):
            continue
        for key in draft.rng.choice([("owner",), ("due",), ("owner", "due")]):
            revised = first.cells.get("revised_due")
            if key == "due" and revised is not None and revised.value is not None:
                # The revised date is in a cell of the first alone.
                continue
            if key in first.cells and first.cells[key].value is not None:
                _share(first, second, key)


def _share(first: WantedAction, second: WantedAction, key: str) -> None:
    second.cells[key] = first.cells[key]
    second.wanted[key] = first.wanted[key]
    if key == "due":
        second.late = first.late
        second.wanted["last"] = first.wanted["last"]
        second.wanted.pop("revised_due", None)
        second.cells.pop("revised_due", None)
        if "revised_due" in first.wanted:
            second.wanted["revised_due"] = first.wanted["revised_due"]


def lay_out(draft: Draft, layout: Layout) -> None:
    """Put the list onto pages."""
    made = draft.made
    page = Page(draft.rng.choice(["Sheet1", "Action log", "Actions 2025-26", "Live", "Tracker's"]))
    actions = draft.actions
    rest: list[WantedAction] = []
    if layout.second and len(actions) > 3:
        actions, rest = _apart(draft, layout)
    write_above(draft, page, layout)
    _write_list(draft, page, layout, actions)
    if rest and layout.second == "below":
        page.row += draft.rng.randint(1, 2)
        page.write({layout.left + 1: Put("Actions carried forward from last year")})
        page.row += draft.rng.randint(0, 1)
        _write_list(draft, page, replace(layout, bands=""), rest)
        made.may_ask = True
    write_below(draft, page, layout)
    made.pages.append(page)
    if rest and layout.second == "sheet":
        other = Page("Completed")
        _write_list(draft, other, Layout(), rest)
        made.pages.append(other)
        made.may_ask = True
    if layout.others:
        write_other(draft, layout)


def _apart(draft: Draft, layout: Layout) -> tuple[list[WantedAction], list[WantedAction]]:
    if layout.second == "sheet":
        rest = [action for action in draft.actions if action.status == "complete"]
        first = [action for action in draft.actions if action.status != "complete"]
        return (first, rest) if first else (rest, [])
    half = len(draft.actions) // 2
    return draft.actions[:half], draft.actions[half:]


# -- the list itself


def _write_list(draft: Draft, page: Page, layout: Layout, actions: list[WantedAction]) -> None:
    places = {column.key: layout.left + 1 + n for n, column in enumerate(draft.columns)}
    if not page.columns:
        page.columns = {places[column.key]: column for column in draft.columns}
    top = page.row + 1
    _write_headings(draft, page, layout, places)
    _hide_columns(draft, page, places)
    if layout.beside:
        write_beside(page, max(places.values()) + 2)
    if layout.filter:
        page.filter = f"A{page.row}:C{page.row + len(actions)}"
    halfway = len(actions) // 2
    done = 0
    for _, group in groupby(actions, key=lambda action: action.cells.get("workstream")):
        members = list(group)
        if layout.bands in ("merged", "text", "in the text column"):
            _write_band(page, layout, places, members[0].cells["workstream"])
        for action in members:
            if layout.repeated and done == halfway and done:
                page.write({places[c.key]: Put(c.heading.value) for c in draft.columns})
            _write_action(draft, page, layout, places, action)
            done += 1
            if layout.blanks and draft.rng.random() < 0.3:
                page.row += 1
    _merge_shared(page, layout, places, top)


def _write_headings(
    draft: Draft,
    page: Page,
    layout: Layout,
    places: dict[str, int],
) -> None:
    has_pair = {"due", "revised_due"} <= places.keys()
    if layout.heads == "merged pair" and has_pair and _are_neighbours(places):
        _write_pair(draft, page, places)
        return
    if layout.heads == "grouped":
        last = max(places.values())
        middle = (layout.left + 1 + last) // 2
        row = page.write({layout.left + 1: Put("About the plan"), middle + 1: Put("Delivery")})
        page.merges += [(row, layout.left + 1, row, middle), (row, middle + 1, row, last)]
        page.heading_rows.add(row)
    cells = {}
    for column in draft.columns:
        again = column.heading in page.grid.values() or _is_placed(draft, column)
        cells[places[column.key]] = Put(column.heading.value) if again else column.heading
    page.heading_rows.add(page.write(cells))


def _is_placed(draft: Draft, column: Column) -> bool:
    return any(column.heading in page.grid.values() for page in draft.made.pages)


def _are_neighbours(places: dict[str, int]) -> bool:
    return abs(places["due"] - places["revised_due"]) == 1


def _write_pair(draft: Draft, page: Page, places: dict[str, int]) -> None:
    """Two rows: “Target date” over “Original” and “Revised”, the other headings over both."""
    due, revised = draft.column("due"), draft.column("revised_due")
    assert due is not None
    assert revised is not None
    due.heading.value, revised.heading.value = "Original", "Revised"
    left, right = places["due"], places["revised_due"]
    above: dict[int, Put | None] = {min(left, right): Put("Target date")}
    for column in draft.columns:
        if column not in (due, revised):
            above[places[column.key]] = column.heading
    top = page.write(above)
    page.write({left: due.heading, right: revised.heading})
    page.merges.append((top, min(left, right), top, max(left, right)))
    page.merges += [
        (top, places[column.key], top + 1, places[column.key])
        for column in draft.columns
        if column not in (due, revised)
    ]
    page.heading_rows |= {top, top + 1}


def _hide_columns(draft: Draft, page: Page, places: dict[str, int]) -> None:
    for column in draft.columns:
        if column.hidden:
            page.hidden_columns.add(places[column.key])


def _write_band(page: Page, layout: Layout, places: dict[str, int], put: Put) -> None:
    column = places["text"] if layout.bands == "in the text column" else layout.left + 1
    row = page.write({column: put})
    if layout.bands == "merged":
        page.merges.append((row, column, row, max(places.values())))


def _write_action(
    draft: Draft,
    page: Page,
    layout: Layout,
    places: dict[str, int],
    action: WantedAction,
) -> None:
    cells: dict[int, Put | None] = {}
    for key, put in action.cells.items():
        if put.value is None and not put.parts:
            continue
        if key == BEYOND:
            cells[max(places.values()) + 1] = put
        elif key in places and not _is_written_above(page, put):
            cells[places[key]] = put
    row = page.write(cells)
    page.actions[row] = action
    if action.struck:
        for key, put in action.cells.items():
            put.struck = key != "workstream"
    if action.hidden:
        page.hidden_rows.add(row)


def _is_written_above(page: Page, put: Put) -> bool:
    return any(each is put for each in page.grid.values())


def _merge_shared(page: Page, layout: Layout, places: dict[str, int], top: int) -> None:
    """Merge the cells that neighbours share, in the columns that are merged."""
    keys = ["owner", "due"] if layout.merged else []
    if layout.bands == "column merged":
        keys.append("workstream")
    rows = sorted(row for row in page.actions if row > top)
    for key in keys:
        if key not in places:
            continue
        for _, group in groupby(rows, key=lambda row: id(page.actions[row].cells.get(key))):
            members = list(group)
            if len(members) > 1 and key in page.actions[members[0]].cells:
                page.merges.append((members[0], places[key], members[-1], places[key]))
