"""Chromium, for tests that look at pages in a real browser. CHROMIUM names it, else /usr/bin/chromium.

A page is measured when it is loaded: a link or a button that was clicked shows the words of the next page to
the test before its styles.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
EVERY_RULE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""All that differs in dark mode."""


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


def violations(
    page: Page, rules: dict = EVERY_RULE, within: str | None = None
) -> list[tuple[str, list[str]]]:
    """The rules of accessibility that the loaded page breaks, each with the beginnings of what breaks it."""
    page.wait_for_load_state()
    found = Axe().run(page, context=within, options=rules).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


def overflow(page: Page) -> int:
    """By how many pixels the loaded page is wider than the screen."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
