"""How tests run: several processes side by side, each of which keeps what it has imported."""

import gc
import os

import pytest
from hypothesis import settings

# Processes beside each other share the processors already: more threads in each only get in each other's way.
os.environ.setdefault("POLARS_MAX_THREADS", "1")
# How long one example takes says more of the machine than of the code.
settings.register_profile("anywhere", deadline=None)
settings.load_profile("anywhere")


LONGEST = "test_workbook_two_thousand.py"
"""Takes minutes: begun last, it would be waited for while the other processes have nothing to do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: item.path.name != LONGEST)


def pytest_collection_finish() -> None:
    """Look for cycles more seldom, and never among the modules and tests, which stay: that takes a tenth of
    the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
