"""Runs that are killed: a worker, or all of it, at any moment. Afterwards everything is as if
nothing had happened.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from batch_runs import command, left_over, papers_in, run_command
from many_papers import make_papers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds a run's workers in /proc")

SHORT = (4, 25, 3)
"""Plans, boards, and how often it is killed."""
LONG = (10, 100, 20)

sizes = pytest.mark.parametrize(
    "size",
    [SHORT, pytest.param(LONG, marks=pytest.mark.slow)],
    ids=["short", "long"],
    indirect=True,
)


class Undisturbed(NamedTuple):
    papers: dict[str, bytes]
    seconds: float
    kills: int


@pytest.fixture
def size(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Undisturbed:
    """The papers of a run that nobody disturbs, and how long it takes; each run has `plans/` beside
    it.
    """
    plans, boards, kills = request.param
    monkeypatch.chdir(tmp_path)
    make_papers(tmp_path / "plans", plans, boards)
    started = time.monotonic()
    done = run_command("plans", "--out", "undisturbed", "--workers", "2")
    seconds = time.monotonic() - started
    assert done.returncode == 0, done.stderr
    papers = papers_in("undisturbed")
    assert len(papers) == plans * boards
    return Undisturbed(papers, seconds, kills)


def moments(of: Undisturbed, seed: int) -> Iterator[float]:
    """Seconds from the start of a run to a kill; the run's whole length is met, its beginning and
    end as well.
    """
    chance = random.Random(seed)
    for number in range(of.kills):
        yield of.seconds * (number + chance.random()) / of.kills


def workers_of(process: int) -> list[int]:
    """The worker processes of a run: children of any of its threads."""
    children = [
        child
        for path in Path(f"/proc/{process}/task").glob("*/children")
        for child in _read(path).split()
    ]
    return sorted(
        int(child)
        for child in children
        if b"spawn_main" in _read(Path(f"/proc/{child.decode()}/cmdline"))
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return b""


def assert_as_undisturbed(out: str, of: Undisturbed) -> None:
    assert papers_in(out) == of.papers
    assert left_over(out) == []
    with sqlite3.connect(f"{out}/manifest.db") as manifest:
        assert manifest.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        reported = manifest.execute(
            "SELECT state, count(*), count(DISTINCT file) FROM job LEFT JOIN draft ON "
            "draft.id = job.draft GROUP BY state"
        ).fetchall()
        assert reported == [("done", len(of.papers), len(of.papers))]
        assert manifest.execute("SELECT state FROM run").fetchall() == [("finished",)]
    manifest.close()


@sizes
def test_a_worker_that_is_killed_is_replaced(size: Undisturbed):
    killed = 0
    chance = random.Random(1)
    for number, moment in enumerate(moments(size, 1)):
        out = f"out-{number}"
        process = subprocess.Popen(
            command("plans", "--out", out, "--workers", "2"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(moment)
        if workers := workers_of(process.pid):
            os.kill(chance.choice(workers), signal.SIGKILL)
            killed += 1
        reported, wrong = process.communicate(timeout=300)
        assert (process.returncode, wrong) == (0, ""), reported
        assert_as_undisturbed(out, size)
    assert killed >= size.kills // 2


@sizes
def test_a_run_that_is_killed_goes_on_with_resume(size: Undisturbed):
    interrupted = 0
    for number, moment in enumerate(moments(size, 2)):
        out = f"out-{number}"
        process = subprocess.Popen(
            command("plans", "--out", out, "--workers", "2"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        time.sleep(moment)
        workers = workers_of(process.pid)
        process.kill()
        process.communicate(timeout=60)
        if Path(out).is_dir():
            before = papers_in(out)
            assert before.items() <= size.papers.items(), "nothing is torn"
            interrupted += 0 < len(before) < len(size.papers)
        done = run_command("--resume", "plans", "--out", out, "--workers", "2")
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert_as_undisturbed(out, size)
        assert not any(_read(Path(f"/proc/{worker}/cmdline")) for worker in workers), (
            "workers end with their run"
        )
    assert interrupted >= size.kills // 4


@sizes
def test_a_run_that_is_killed_again_and_again_ends_when_it_is_let(size: Undisturbed):
    chance = random.Random(3)
    for _ in range(size.kills):
        process = subprocess.Popen(
            command("--resume", "plans", "--out", "out", "--workers", "2"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(size.seconds * chance.uniform(0.2, 0.9))
        process.kill()
        process.wait(60)
    done = run_command("--resume", "plans", "--out", "out", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert_as_undisturbed("out", size)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "ended"])
def test_a_run_that_is_asked_to_stop_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
):
    monkeypatch.chdir(tmp_path)
    make_papers(tmp_path / "plans", 20, 25)
    process = subprocess.Popen(
        command("plans", "--out", "out", "--workers", "2"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while len(list(Path("out").glob("*.docx"))) < 30:
        time.sleep(0.02)
        assert process.poll() is None
    os.killpg(process.pid, number)  # as a terminal does: the workers get it too
    reported, wrong = process.communicate(timeout=60)
    assert process.returncode == 130, wrong
    assert "Stopping" in wrong
    assert "Continue with: papergen batch --resume --out out" in wrong
    assert "still to do" in reported
    assert left_over("out") == []
    refused = run_command("plans", "--out", "out")
    assert (refused.returncode, "batch-unfinished" in refused.stderr) == (6, True)
    done = run_command("--resume", "--out", "out", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert len(papers_in("out")) == 500
    assert left_over("out") == []
