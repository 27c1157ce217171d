"""Which tag is being written, read off Python's own frames: nothing has to be noted while all goes
well.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from types import FrameType, TracebackType
from typing import Any

CODE_FILE = "<papergen>"
"""The file name of all code that is made from templates and narratives."""


def current_frame() -> tuple[FrameType, int] | None:
    """The nearest frame of compiled code above the caller, and the index of the site that it is
    at.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if _is_ours(frame):
            return frame, _site(frame.f_globals, frame.f_lineno)
        frame = frame.f_back
    return None


def site_of_traceback(traceback: TracebackType | None) -> int:
    """The index of the site at which an exception left compiled code; -1 if it came from
    elsewhere.
    """
    found = -1
    while traceback is not None:
        if _is_ours(traceback.tb_frame):
            found = _site(traceback.tb_frame.f_globals, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def _is_ours(frame: FrameType) -> bool:
    return frame.f_code.co_filename == CODE_FILE and "context" in frame.f_locals


def _site(module: dict[str, Any], line: int) -> int:
    """Jinja's `debug_info` maps Python lines to the tree's lines, which are the indexes of sites,
    plus one.
    """
    found = module.get("_sites_by_line")
    if found is None:
        pairs = [
            tuple(map(int, pair.split("="))) for pair in module["debug_info"].split("&") if pair
        ]
        found = module["_sites_by_line"] = (
            [line for _, line in pairs],
            [site - 1 for site, _ in pairs],
        )
    lines, sites = found
    at = bisect_right(lines, line)
    return int(sites[at - 1]) if at else -1
