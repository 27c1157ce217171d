"""Which tag is being written: compiled code keeps no note of it, so it is looked up when needed.

The lines of Python's frames and tracebacks lead to it.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from types import FrameType, TracebackType
from typing import Any

CODE_FILE = "<papergen>"
"""The file name of all code that is compiled from templates and narratives."""


def site_being_written() -> int:
    """The index of the site that the innermost compiled function is at; -1 outside of any."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == CODE_FILE:
            return _site(frame.f_globals, frame.f_lineno)
        frame = frame.f_back
    return -1


def site_of_traceback(traceback: TracebackType | None) -> int:
    """The index of the site at which an exception left compiled code; -1 if it came from
    elsewhere.
    """
    found = -1
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_code.co_filename == CODE_FILE:
            found = _site(frame.f_globals, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def _site(module: dict[str, Any], line: int) -> int:
    """The site of a line of compiled code.

    Jinja's `debug_info` maps Python lines to the tree's lines: the indexes of sites, plus one.
    """
    known = module.get("_sites_by_line")
    if known is None:
        known = module["_sites_by_line"] = _sites_by_line(module["debug_info"])
    lines, sites = known
    at = bisect_right(lines, line)
    return int(sites[at - 1]) if at else -1


def _sites_by_line(debug_info: str) -> tuple[list[int], list[int]]:
    lines = []
    sites = []
    for pair in filter(None, debug_info.split("&")):
        tree_line, line = pair.split("=")
        lines.append(int(line))
        sites.append(int(tree_line) - 1)
    return lines, sites
