"""Makes action lists from plans that are known, in the ways in which councils keep them.

`make_list(number)` is the list of that number, always the same: a layout and a way to say what is
done, which the number decides, so that all pairs come round; and a way to write headings, a family
of dates, a defect and a file format, which chance decides. `list_check.differences` compares what
was read with the plan. To see a list, with the plan it is made from:

    cd tests/support && PYTHONPATH=../.. python -m list_generator 1234 /tmp
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from list_dates import FAMILIES, forms_of, sure_date, write_date
from list_defects import DEFECTS, NARROW
from list_files import write_list
from list_layouts import LAYOUTS, for_csv, lay_out, prepare
from list_parts import Column, Draft, MadeList, Put, Wanted, WantedAction
from list_statuses import ALL, ENCODINGS, encode
from list_surroundings import Layout
from list_words import (
    EXTRA_COLUMNS,
    KNOWN_OWNERS,
    PRIORITIES,
    RARE_HEADINGS,
    REGISTER,
    SURE_HEADINGS,
    UPDATES,
    WAYS,
    action_texts,
    styled,
)

from papergen.dates import PartialDate

AS_AT = (date(2025, 9, 30), date(2025, 7, 10), date(2026, 1, 15), date(2026, 3, 31))
_WEIGHTS = (30, 25, 15, 5, 5, 5, 15)
"""How often each of the statuses `ALL` is."""

_CSV = (
    (",", "utf-8"), (",", "utf-8-sig"), (";", "utf-8"), ("\t", "utf-8"), ("|", "utf-8-sig"),
    (",", "cp1252"), (";", "cp1252"), ("\t", "cp1252"),
)  # fmt: skip


def pair_of(number: int) -> tuple[str, str]:
    """The layout and the way to say what is done of the list of that number."""
    layouts, statuses = list(LAYOUTS), list(ENCODINGS)
    return layouts[number % len(layouts)], statuses[number // len(layouts) % len(statuses)]


def make_list(number: int) -> MadeList:
    """The list of that number, written, with what is right to read of it."""
    rng = Random(number * 7919 + 11)
    draft, layout = _drafted(number, rng)
    _plant_defect(draft)
    lay_out(draft, layout)
    made = draft.made
    if made.choices["defect"] == "skipped row":
        rows = [
            row
            for page in made.pages
            for row, action in page.actions.items()
            if action.presence == "answered"
        ]
        made.settings = replace(made.settings, rows={str(rows[0]): "skip"})
    write_list(made)
    if made.is_csv and made.settings.rows:
        ((row, answer),) = made.settings.rows.items()
        made.settings = replace(made.settings, rows={str(made.lines[int(row)]): answer})
    return made


def _drafted(number: int, rng: Random) -> tuple[Draft, Layout]:
    """The list before anything is planted in it."""
    layout_name, status = pair_of(number)
    as_at = rng.choice(AS_AT)
    is_csv = rng.random() < 0.25
    choices = {
        "number": str(number),
        "layout": layout_name,
        "status": status,
        "dates": rng.choice(list(FAMILIES)),
        "headings": rng.choice(WAYS),
    }
    made = MadeList(f"list-{number}.{'csv' if is_csv else 'xlsx'}", choices)
    made.as_at = PartialDate.of(as_at)
    layout = LAYOUTS[choices["layout"]]
    if is_csv:
        made.separator, made.encoding = rng.choice(_CSV)
        choices["file"] = f"csv {made.separator!r} {made.encoding}"
        choices["blank"] = rng.choice(["empty line", "separators"])
        layout = for_csv(layout)
    if rng.random() < 0.6:
        made.register = REGISTER
    count = rng.randint(4 if layout.second or layout.bands else 3, 8)
    actions = [WantedAction() for _ in range(count)]
    draft = Draft(rng, made, as_at, actions, way=choices["headings"])
    _fill(draft, layout)
    return draft, layout


def _fill(draft: Draft, layout: Layout) -> None:
    """Give every action its truth and its cells, and the list its columns."""
    rng, encoding = draft.rng, ENCODINGS[draft.made.choices["status"]]
    for action in draft.actions:
        (action.status,) = rng.choices(ALL, _WEIGHTS)
    for text, action in zip(action_texts(rng, len(draft.actions)), draft.actions, strict=True):
        action.put("text", Put(text), text)
    has_dates = layout.merged or bool(layout.heads) or rng.random() < 0.92
    fillers: list[tuple[str, float, Callable[[Draft], None]]] = [
        ("ref", 0.85, _references),
        ("owner", 0.9, _owners),
        ("due", float(has_dates), _dates),
        ("phase", 0.1, _phases),
        ("priority", 0.25, _priorities),
    ]
    keys = ["text"]
    for key, chance, fill in fillers:
        if rng.random() < chance:
            fill(draft)
            keys.append(key)
    if "due" in keys and (layout.heads == "merged pair" or rng.random() < 0.12):
        _revised(draft)
        keys.append("revised_due")
    prepare(draft, layout)
    if layout.bands.startswith("column"):
        keys.append("workstream")
    keys += [key for key in encoding.columns if key not in keys]
    has_updates = encoding.updates and rng.random() < 0.6
    if has_updates:
        keys.append("update")
    _columns(draft, keys, encoding.columns)
    encode(draft, draft.made.choices["status"])
    if has_updates:
        _updates(draft)
    _extras(draft)


# -- cells


def _references(draft: Draft) -> None:
    rng = draft.rng
    style = rng.choice(
        ["1", "1.1", "A7", "R1.1", "007", "2025/014", "number", "1.10", "%03d", "A0"]
    )
    for number, action in enumerate(draft.actions, rng.choice([1, 1, 8])):
        texts = {
            "1": str(number),
            "1.1": f"{(number + 2) // 3}.{number}",
            "A7": f"A{number}",
            "R1.1": f"R{(number + 2) // 3}.{number}",
            "007": f"{number:03d}",
            "2025/014": f"2025/{number:03d}",
        }
        numbers = {
            "number": (Put(number), str(number)),
            "1.10": (Put(1 + number / 100, "0.00"), f"1.{number:02d}"),
            "%03d": (Put(number, "000"), f"{number:03d}"),
            "A0": (Put(number, '"A"0'), f"A{number}"),
        }
        if style in texts:
            action.put("ref", Put(texts[style]), texts[style])
        elif draft.in_csv:
            action.put("ref", Put(numbers[style][1]))
        else:
            action.put("ref", numbers[style][0], numbers[style][1])


def _owners(draft: Draft) -> None:
    for action in draft.actions:
        name = draft.rng.choice(KNOWN_OWNERS)
        unknown = draft.rng.choice(["TBC", "tbc", None, "-", "n/a"])
        if draft.rng.random() < 0.1:
            action.put("owner", Put(unknown), None, unknown)
        elif draft.rng.random() < 0.08:
            action.put("owner", Put("Chief Executive\n(lead)"), "Chief Executive (lead)",
                       "Chief Executive")  # fmt: skip
        else:
            action.put("owner", Put(name), name)


def _dates(draft: Draft) -> None:
    rng, family = draft.rng, draft.made.choices["dates"]
    forms = forms_of(family, in_csv=draft.in_csv)
    if family == "Excel days" and not draft.in_csv and rng.random() < 0.4:
        draft.made.uses_1904 = True
        draft.made.choices["days from"] = "1904"
    for action in draft.actions:
        ahead = action.status == "not-due"
        days = rng.randint(40 if ahead else -260, 300)
        if rng.random() < 0.05 and not ahead:
            days = 0
        day = draft.as_at + timedelta(days=days)
        case = write_date(forms, rng, day, draft.as_at)
        if ahead and case.late(draft.as_at) is not False:
            case = sure_date(rng, day, in_csv=draft.in_csv)
        action.due = day
        action.put("due", case.put, *case.values, ask=case.ask, quiet=(None, case.put.shown))
        action.wanted["last"] = Wanted(case.lasts, (case.put,), case.ask)
        action.wanted["revised_due"] = Wanted(case.revised, (case.put,), case.ask)
        if case.is_urgent:
            action.wanted["priority"] = Wanted((None, "urgent"), (case.put,))
        action.late = case.late(draft.as_at)


def _revised(draft: Draft) -> None:
    """Dates in a column of their own that replace the due dates of some actions."""
    for action in draft.actions:
        if draft.rng.random() < 0.4 or action.status == "not-due":
            action.put("revised_due", Put(None), *action.wanted["revised_due"].values)
            continue
        day = draft.as_at + timedelta(days=draft.rng.randint(-90, 300))
        case = sure_date(draft.rng, day, in_csv=draft.in_csv)
        action.put("revised_due", case.put, *case.values)
        action.wanted["last"] = Wanted(case.lasts, (case.put,))
        action.late = case.late(draft.as_at)


def _phases(draft: Draft) -> None:
    for number, action in enumerate(draft.actions):
        phase = 1 + number * 2 // len(draft.actions)
        text = draft.rng.choice([f"Phase {phase}", str(phase)])
        action.put("phase", Put(text), text, str(phase), f"Phase {phase}")


def _priorities(draft: Draft) -> None:
    for action in draft.actions:
        code = draft.rng.choice(list(PRIORITIES))
        word = draft.rng.choice(PRIORITIES[code])
        also = action.wanted["priority"].values if "priority" in action.wanted else ()
        values = [value for value in also if value is not None]
        action.put("priority", Put(word), code, word, *values)


def _updates(draft: Draft) -> None:
    for action in draft.actions:
        text = draft.rng.choice(UPDATES[action.status or "open"])
        put = Put(text) if draft.rng.random() < 0.8 else Put(None)
        action.put("update", put, put.value)


# -- columns


def _columns(draft: Draft, keys: list[str], given: dict[str, str]) -> None:
    """The columns in an order: mostly the usual one, else any."""
    usual = ["ref", "workstream", "phase", "text", "priority", "owner", "due", "revised_due",
             "status", "completed", "rating", "update", "share"]  # fmt: skip
    keys = sorted(keys, key=usual.index)
    if draft.rng.random() < 0.25:
        draft.rng.shuffle(keys)
    if "revised_due" in keys:
        # Under one heading merged over both, they are neighbours.
        keys.remove("revised_due")
        keys.insert(keys.index("due") + 1, "revised_due")
    rare = draft.rng.choice([*RARE_HEADINGS] + [""] * 16)
    for key in keys:
        heading = given.get(key) or draft.rng.choice(SURE_HEADINGS[key])
        is_rare = key == rare and not given.get(key)
        if is_rare:
            heading = draft.rng.choice(RARE_HEADINGS[key])
            draft.made.choices["rare heading"] = heading
        column = Column(key, Put(styled(heading, draft.way)), is_sure=not is_rare)
        draft.columns.append(column)


def _extras(draft: Draft) -> None:
    """Columns of no field: dates and costs, and words that must not get into any action."""
    rng = draft.rng
    for heading in rng.sample(list(EXTRA_COLUMNS), rng.choice([0, 0, 0, 1, 1, 2, 3])):
        kind = EXTRA_COLUMNS[heading]
        draft.add_column(f"extra:{heading}", styled(heading, draft.way))
        for number, action in enumerate(draft.actions):
            action.cells[f"extra:{heading}"] = _extra(draft, kind, number, heading)


def _extra(draft: Draft, kind: str, number: int, heading: str) -> Put:
    if kind == "date":
        day = draft.as_at - timedelta(days=draft.rng.randint(300, 700))
        return Put(f"{day:%d/%m/%Y}") if draft.in_csv else Put(day, "dd/mm/yyyy")
    if kind == "cost":
        cost = draft.rng.choice([1200, 50000, 750])
        return Put(f"£{cost:,}") if draft.rng.random() < 0.5 else Put(cost)
    secret = f"zq{number}{heading[:3].lower()}"
    draft.made.secrets.add(secret)
    words = {"email": f"{secret}@midshire.gov.uk", "name": f"Sam {secret}"}
    return Put(words.get(kind, f"Some words {secret}"))


def _plant_defect(draft: Draft) -> None:
    """Plant a defect in two of three lists: the first, in chance's order, that has a place there.

    Half of the time those come first that few lists have a place for.
    """
    rng = draft.rng
    draft.made.choices["defect"] = "none"
    if rng.random() < 0.35:
        return
    names = rng.sample(list(DEFECTS), len(DEFECTS))
    if rng.random() < 0.5:
        names.sort(key=lambda name: name not in NARROW)
    for name in names:
        if DEFECTS[name](draft):
            draft.made.choices["defect"] = name
            return


# -- to look at


def described(made: MadeList) -> str:
    """The choices, the settings, and what is on the pages, for people to read."""
    lines = [f"{name}: {value}" for name, value in made.choices.items()]
    lines += [f"as at: {made.as_at}", f"settings: {made.settings}"]
    lines.append(f"scheme: {made.scheme}; register: {made.register is not None}")
    for page in made.pages:
        state = "" if page.visible else ", hidden"
        lines.append(f"-- {page.sheet}{state}; merged {page.merges}; hidden {page.hidden_rows}")
        for row in range(1, page.row + 1):
            cells = {
                c: put for (r, c), put in sorted(page.grid.items(), key=lambda i: i[0]) if r == row
            }
            if cells:
                shown = " | ".join(f"{c}: {put.shown[:50]!r}" for c, put in cells.items())
                lines.append(f"{'*' if row in page.actions else ' '}{row}: {shown}")
    return "\n".join(lines)


def write_out(made: MadeList, folder: Path) -> Path:
    """Write the list and its description into a folder; the list's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / made.name
    path.write_bytes(made.data)
    path.with_suffix(".txt").write_text(described(made), encoding="utf-8")
    return path


if __name__ == "__main__":
    chosen = make_list(int(sys.argv[1]))
    written = write_out(chosen, Path(sys.argv[2] if len(sys.argv) > 2 else "."))
    sys.stdout.write(f"{described(chosen)}\n{written}\n")
