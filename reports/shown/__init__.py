"""What is shown, decided once for every look; nothing here draws."""

from reports.shown.calibration_groups import GROUPINGS, choose_groups, group_sizes
from reports.shown.content import NotAssessable, Run
from reports.shown.decided import revised_in
from reports.shown.guidelines import Guideline, read_guidelines

__all__ = [
    "GROUPINGS",
    "Guideline",
    "NotAssessable",
    "Run",
    "choose_groups",
    "group_sizes",
    "read_guidelines",
    "revised_in",
]
