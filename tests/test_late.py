"""Modules that are loaded when something of them is used: checked in a process of their own, since what is loaded stays."""

import subprocess
import sys

_USES_CSV = """
import sys
from papergen.late import load_late
load_late(["csv", "no_such_module"])
import csv
print(type(csv).__name__, "_csv" in sys.modules)
print(next(csv.reader(["a,b"])), "_csv" in sys.modules)
import colorsys
print(type(colorsys).__name__)
try:
    import no_such_module
except ModuleNotFoundError as fault:
    print(fault)
"""


def test_a_seldom_used_module_runs_when_something_of_it_is_used_and_others_as_ever() -> None:
    printed = subprocess.run([sys.executable, "-c", _USES_CSV], check=True, capture_output=True, text=True).stdout.splitlines()
    assert printed == ["_LazyModule False", "['a', 'b'] True", "module", "No module named 'no_such_module'"]
