"""Whether `python tests/bench/scale.py` measures; with --full, whether the figures are what they
must be.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import scale

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="reads what other processes hold in /proc"
)


def test_a_batch_is_measured_in_all_its_parts():
    found = {measure.what: measure for measure in scale.measures(plans=2, boards=30, rounds=1)}
    assert found["papers a second, one worker"].figure > 1
    assert found["peak memory of a worker, MB"].holds
    parts = [measure for what, measure in found.items() if what.startswith("warm worker")]
    assert sum(measure.figure for measure in parts) == pytest.approx(100)
    assert all(measure.figure > 0 for measure in parts)
    assert found["rendering and writing together"].figure > 40


def test_a_run_that_is_measured_is_a_whole_run(tmp_path: Path):
    scale.make_papers(tmp_path / "plans", 1, 30)
    ran = scale.run(str(tmp_path), "--workers", "1")
    (out,) = tmp_path.glob("out-*")
    assert len(list(out.glob("*.docx"))) == 30
    assert ran.seconds > 0
    assert all(held > 10 * scale.MEGABYTE for series in ran.memory.values() for held in series[-1:])


@pytest.mark.slow
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="two workers need two processors")
def test_ten_thousand_papers_take_what_the_documentation_says():
    """A second time where a figure is missed: a machine has other things to do as well."""
    for _ in range(2):
        missed = [
            measure
            for measure in scale.measures(plans=100, boards=100, rounds=3)
            if not measure.holds
        ]
        if not missed:
            return
    pytest.fail("\n".join(measure.line() for measure in missed), pytrace=False)
