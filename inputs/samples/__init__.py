"""The invented company that is shipped as a sample."""

from datetime import date
from pathlib import Path

__all__ = ["SAMPLE_DAY", "shipped_sample"]

SAMPLE_DAY = date(2026, 6, 30)
"""The day that its people are as they are in the file."""


def shipped_sample() -> Path:
    """The sample workbook that comes with the product."""
    return Path(__file__).with_name("product_organisation.xlsx")
