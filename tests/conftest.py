"""How tests run: several processes side by side, each of which keeps what it has imported."""

import gc
import os

from hypothesis import settings

# Processes beside each other share the processors already: more threads in each only get in each other's way.
os.environ.setdefault("POLARS_MAX_THREADS", "1")
# How long one example takes says more of the machine than of the code.
settings.register_profile("anywhere", deadline=None)
settings.load_profile("anywhere")


def pytest_collection_finish() -> None:
    """Look for cycles more seldom, and never among the modules and tests, which stay: that takes a tenth of
    the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
