"""The papers that tests of whole documents share: drafted once, by case, brand and board."""

from __future__ import annotations

from functools import cache

from places import ROOT

import papergen
from papergen.drafting.program import Draft, Program
from papergen.drafting.sources import Sources

BRANDS = ("central-bedfordshire", "plain")
CASES = {
    "post-inspection": ROOT / "samples" / "post-inspection" / "paper.yaml",
    "post-inspection-drafted": ROOT / "samples" / "post-inspection" / "drafted.yaml",
    "post-inspection-gaps": ROOT / "samples" / "post-inspection-gaps" / "paper.yaml",
    "action-list": ROOT / "samples" / "action-list" / "paper.yaml",
    "everything": ROOT / "tests" / "cases" / "papers" / "everything" / "paper.yaml",
}
BOARDS = {
    "post-inspection": ("hwb", "lscb", "ctb"),
    "post-inspection-drafted": ("hwb", "ctb"),
    "post-inspection-gaps": ("hwb",),
    "action-list": ("trust-board",),
    "everything": ("board",),
}
PAPERS = [
    (case, brand, board) for case, boards in BOARDS.items() for brand in BRANDS for board in boards
]


@cache
def sources(case: str, brand: str) -> Sources:
    return papergen.load(CASES[case], brand)


@cache
def program(case: str, brand: str) -> Program:
    return papergen.compile(sources(case, brand), brand)


@cache
def draft(case: str, brand: str, board: str) -> Draft:
    return program(case, brand).draft(board)
