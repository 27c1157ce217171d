"""What all tests share: `--update` for golden files, `--full` for long runs, the rule for tests
that need LibreOffice.
"""

from __future__ import annotations

import os
import shutil

import pytest

# What a test marked `needs_office` runs, and the Debian package that brings it.
OFFICE_PROGRAMS = {"soffice": "libreoffice-writer-nogui", "pdftoppm": "poppler-utils"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="write golden files anew, to be read before committing",
    )
    parser.addoption("--full", action="store_true", help="run the tests that take minutes as well")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "slow: takes minutes, and runs only with --full; a short version of it always runs",
    )
    config.addinivalue_line(
        "markers", "needs_office: runs LibreOffice and poppler; skipped where they are missing"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--full"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if not item.get_closest_marker("slow")]


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("needs_office") is None:
        return
    missing = [
        f"{program} (Debian: {package})"
        for program, package in OFFICE_PROGRAMS.items()
        if not shutil.which(program)
    ]
    if not missing:
        return
    reason = f"not installed: {', '.join(missing)}"
    if os.environ.get("PAPERGEN_REQUIRE_OFFICE") == "1":
        pytest.fail(f"{reason}, and PAPERGEN_REQUIRE_OFFICE=1 forbids to skip", pytrace=False)
    pytest.skip(reason)


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written anew."""
    return bool(request.config.getoption("--update"))
