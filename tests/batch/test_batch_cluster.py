"""Runs on a Dask cluster: a scheduler and two workers, each a process of its own, sharing nothing
with the run but values.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from batch_runs import Office, command, here, left_over, lines_of, papers_in, run_command
from many_papers import make_papers

from papergen.batch import pool
from papergen.batch.events import PoolLost

PATIENCE = 60.0
"""Seconds that anything here may take."""

sizes = pytest.mark.parametrize(
    "size", [(4, 25), pytest.param((10, 100), marks=pytest.mark.slow)], ids=["short", "long"]
)


class Cluster:
    """Its address, and its processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = {**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"
        )
        self.address = re.search(
            r"Scheduler at: +(tcp://\S+)",
            self._wait_for("scheduler", r"Scheduler at: +tcp://\S+\n"),
        )[1]  # type: ignore[index]
        self.workers: dict[str, subprocess.Popen[bytes]] = {}

    def add_worker(self, name: str) -> None:
        options = (
            "--no-nanny",
            "--nthreads",
            "1",
            "--no-dashboard",
            "--host",
            "127.0.0.1",
            "--name",
            name,
            "--death-timeout",
            "60",
        )
        self.workers[name] = self._start("worker", self.address, *options, log=name)
        self._wait_for(name, r"Registered to: +tcp")

    def _start(self, program: str, *options: str, log: str = "") -> subprocess.Popen[bytes]:
        """In a folder of its own, so that no path of the run's leads anywhere."""
        own = self._folder / (log or program)
        own.mkdir()
        with (own / "log").open("wb") as stream:
            return subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    f"distributed.cli.dask_{program}",
                    *options,
                    "--local-directory",
                    str(own),
                ]
                if program == "worker"
                else [sys.executable, "-m", f"distributed.cli.dask_{program}", *options],
                stdout=stream,
                stderr=stream,
                cwd=own,
                env=self._environment,
            )

    def _wait_for(self, log: str, pattern: str) -> str:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            text = (self._folder / log / "log").read_text()
            if re.search(pattern, text):
                return text
            time.sleep(0.05)
        raise AssertionError(f"{log} did not start:\n{text}")

    def kill_workers(self) -> None:
        for process in self.workers.values():
            process.kill()

    def end(self) -> None:
        for process in (*self.workers.values(), self.scheduler):
            process.kill()
            process.wait(PATIENCE)


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    try:
        for name in ("first", "second"):
            made.add_worker(name)
        monkeypatch.chdir(tmp_path)
        yield made
    finally:
        made.end()


def meanwhile(
    arguments: list[str], papers: int, befall: Callable[[], None]
) -> tuple[int, list[dict[str, Any]], str]:
    """Run a command, and let something befall it once it has reported so many papers."""
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if len(lines) == papers:
                befall()
        wrong = process.stderr.read()
        return process.wait(PATIENCE), lines_of("".join(lines)), wrong


@sizes
def test_papers_of_a_cluster_are_those_of_this_machine_though_a_worker_is_killed(
    cluster: Cluster, size: tuple[int, int]
):
    make_papers(Path("plans"), *size)
    assert run_command("plans", "--out", "local", "--workers", "2").returncode == 0
    arguments = command("plans", "--out", "out", "--scheduler", cluster.address, "--json")
    kill = lambda: os.kill(cluster.workers["first"].pid, signal.SIGKILL)  # noqa: E731
    code, lines, wrong = meanwhile(arguments, size[0] * size[1] // 4, kill)
    assert (code, wrong) == (0, "")
    assert lines[-1]["outcomes"] == {"written": size[0] * size[1]}
    assert cluster.workers["first"].poll() is not None
    assert papers_in("out") == papers_in("local")
    assert left_over("out") == []


@pytest.mark.parametrize("who", ["scheduler", "workers"])
def test_a_cluster_that_is_lost_leaves_its_work_to_this_machine(
    cluster: Cluster, who: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    """The scheduler, or all the workers of it."""
    make_papers(Path("plans"), 20, 25)
    monkeypatch.setattr("papergen.batch.pool._PATIENCE", 1.0)
    monkeypatch.setattr("papergen.batch.pool._SECONDS_BETWEEN_LOOKS", 0.5)
    office = Office(pool.cluster(cluster.address, 2.0), fallback=here())
    office.events = Befalling(
        100, cluster.scheduler.kill if who == "scheduler" else cluster.kill_workers
    )
    summary = office.run("plans")
    assert summary.outcomes == {"written": 500}
    assert [event for event in office.events if isinstance(event, PoolLost)]
    assert capfd.readouterr() == ("", ""), "what Dask has to say is reported in words"
    assert left_over("out") == []
    assert run_command("plans", "--out", "local").returncode == 0
    assert papers_in("out") == papers_in("local")


class Befalling(list[Any]):
    """Events; once there are so many, something befalls the run."""

    def __init__(self, number: int, befall: Callable[[], None]) -> None:
        self._number = number
        self._befall = befall

    def append(self, event: Any) -> None:
        super().append(event)
        if len(self) == self._number:
            self._befall()


def test_a_cluster_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with empty_cluster(tmp_path) as made:
        monkeypatch.chdir(tmp_path)
        make_papers(Path("plans"), 1, 1)
        done = run_command("plans", "--out", "out", "--scheduler", made.address)
    assert done.returncode == 7
    assert "has no workers" in done.stderr
    assert papers_in("out") == {}


@contextmanager
def empty_cluster(folder: Path) -> Iterator[Cluster]:
    made = Cluster(folder)
    try:
        yield made
    finally:
        made.end()
