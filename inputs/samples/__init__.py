"""The invented company that is shipped as a sample."""

from inputs.samples.company import SAMPLE_DAY, shipped_sample

__all__ = ["SAMPLE_DAY", "shipped_sample"]
