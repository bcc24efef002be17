"""Chromium, for tests that look at pages in a real browser. CHROMIUM names it, else /usr/bin/chromium."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, started. Skips the test where there is none, and fails it where CI should have it."""
    if not CHROMIUM.exists():
        reason = f"no Chromium at {CHROMIUM}; install it or say where it is with CHROMIUM=/path"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()
