"""What is shown, decided once for every look; nothing here draws."""

from reports.shown.calibration_groups import GROUPINGS, choose_groups, group_sizes
from reports.shown.content import NotAssessable, Pages, Run
from reports.shown.decided import Decided
from reports.shown.guidelines import Guideline, read_guidelines

__all__ = [
    "GROUPINGS",
    "Decided",
    "Guideline",
    "NotAssessable",
    "Pages",
    "Run",
    "choose_groups",
    "group_sizes",
    "read_guidelines",
]
