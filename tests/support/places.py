"""Where the tests' own files, and the project's, are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
CASES = TESTS / "cases"
GOLDENS = TESTS / "goldens"
SAMPLES = ROOT / "samples"
