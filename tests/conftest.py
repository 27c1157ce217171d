"""What all tests share: `--update` for golden files, and the rule for tests that need LibreOffice or poppler."""

from __future__ import annotations

import os
import shutil

import pytest

# What a test marked `needs_office` runs, and the Debian package that brings it.
OFFICE_PROGRAMS = {"soffice": "libreoffice-writer-nogui", "pdftoppm": "poppler-utils"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write golden files anew, to be read before committing")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs_office: runs LibreOffice and poppler; skipped where they are missing")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("needs_office") is None:
        return
    missing = [f"{program} (Debian: {package})" for program, package in OFFICE_PROGRAMS.items() if not shutil.which(program)]
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
