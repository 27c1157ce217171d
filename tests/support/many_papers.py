"""Plans and boards in any number, made from the sample: what a programme office sends."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from places import SAMPLES

SAMPLE = SAMPLES / "post-inspection"
_FIRST_MEETING = date(2012, 11, 5)


def make_papers(folder: Path, plans: int, boards: int, *, paper: str = "paper.yaml") -> list[Path]:
    """`plans` folders in `folder`, each with a plan of its own and a paper that goes to `boards`
    boards; the papers' paths.

    All share one register, and the texts of the sample's `paper`; the plans differ in title, dates
    and what is complete.
    """
    register, plan, text = (_sample(name) for name in ("bodies.yaml", "plan.yaml", paper))
    folder.mkdir(parents=True, exist_ok=True)
    ids = [f"board-{number:03d}" for number in range(1, boards + 1)]
    register["bodies"] += [_board(id_, number) for number, id_ in enumerate(ids, 1)]
    _dump(register, folder / "bodies.yaml")
    known = text["considerations"][0]
    text["bodies"] = "../bodies.yaml"
    text["considerations"] = [
        known
        | {"board": id_, "meeting": (_FIRST_MEETING + timedelta(days=number % 40)).isoformat()}
        for number, id_ in enumerate(ids)
    ]
    made = []
    for number in range(1, plans + 1):
        own = folder / f"plan-{number:03d}"
        own.mkdir(exist_ok=True)
        _dump(_varied(plan, number), own / "plan.yaml")
        _dump(text, own / "paper.yaml")
        made.append(own / "paper.yaml")
    return made


def _sample(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((SAMPLE / name).read_text(encoding="utf-8"), yaml.BaseLoader)
    return loaded


def _board(id_: str, number: int) -> dict[str, Any]:
    return {
        "id": id_,
        "name": f"Partnership Board {number}",
        "initials": f"PB{number}",
        "kind": "partnership",
        "powers": ["receive", "note", "comment"],
    }


def _varied(plan: dict[str, Any], number: int) -> dict[str, Any]:
    phases = [
        phase | {"title": f"{phase['title']} {number}"} if "title" in phase else phase
        for phase in plan["phases"]
    ]
    return plan | {
        "title": f"{plan['title']} {number}",
        "id": f"{plan['id']}-{number}",
        "phases": phases,
    }


def _dump(value: dict[str, Any], path: Path) -> None:
    path.write_text(yaml.dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")
