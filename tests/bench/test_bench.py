"""The benchmarks run, and what they time is the same paper on both sides. How fast, `python
tests/bench` tells.
"""

from __future__ import annotations

import subprocess
import sys

import memory
import pytest
import timing
import workloads


@pytest.mark.parametrize("rows", [40, 400])
def test_the_engine_makes_what_docxtpl_makes(rows):
    ours, theirs = workloads.engines(rows)
    found = workloads.paragraphs(ours())
    assert found == workloads.paragraphs(theirs())
    assert sum(text.endswith(")") for text in found) >= rows


def test_both_sample_papers_have_the_same_text():
    ours, theirs = workloads.drafters()
    assert workloads.paragraphs(ours()) == workloads.paragraphs(theirs())


def test_the_template_of_the_same_content_has_a_tag_for_nearly_all_that_papergen_writes():
    program = workloads.sample()
    template, values = workloads.same_content(program)
    assert len(values) > 100
    assert program.draft(workloads.BOARD).docx != template
    assert not any(
        "{{" in text for text in workloads.paragraphs(workloads.with_docxtpl(template, values))
    )


def test_both_papers_with_sections_from_data_and_written_ones_have_all_actions_in_their_tables():
    for from_data in (True, False):
        said = " ".join(workloads.paragraphs(workloads.drafted(40, from_data=from_data)()))
        assert "Table\xa04: " in said
        assert " 4.9 " in said
        assert ("were recorded as complete" in said) == from_data


def test_times_are_medians_of_rounds_taken_in_turn():
    calls: list[str] = []
    times = timing.in_turn(
        lambda: calls.append("ours"), lambda: calls.append("theirs"), rounds=3, ours_a_round=2
    )
    assert calls == ["ours", "theirs", *["ours", "ours", "theirs"] * 3]
    assert times.ours > 0
    assert times.theirs > 0


def test_a_whole_process_is_timed_to_its_end():
    times = timing.processes(
        lambda out: timing.python("-c", "import time; time.sleep(0.2)"),
        lambda out: timing.python("-c", ""),
        rounds=1,
    )
    assert times.ours > times.theirs


def test_a_process_that_fails_is_not_timed():
    with pytest.raises(subprocess.CalledProcessError):
        timing.processes(
            lambda out: timing.python("-c", "raise SystemExit(3)"),
            lambda out: timing.python("-c", ""),
            rounds=1,
        )


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_does_not_grow_with_the_papers_it_makes():
    assert memory.growth(50, 1000) < 2 * 1024**2


def test_drafting(benchmark):
    program = workloads.sample()
    benchmark.pedantic(program.draft, (workloads.BOARD,), rounds=3)


def test_the_engine(benchmark):
    ours, _ = workloads.engines(40)
    benchmark.pedantic(ours, rounds=3)
