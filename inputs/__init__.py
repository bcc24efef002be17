"""Spreadsheets of ratings, read and checked: a file goes in, a `Roster` comes out."""

from inputs.inspection import InspectedColumn, Inspection, inspect_file, inspection_data, inspection_lines
from inputs.issues import KINDS
from inputs.loading import load_roster
from inputs.roster import (
    NOT_ASSESSABLE_SCHEMA,
    PEOPLE_SCHEMA,
    RATERS,
    UNITS_PER_POINT,
    Cell,
    ColumnSource,
    FileSource,
    InputError,
    Issue,
    Rater,
    RatingScale,
    Roster,
    Severity,
    Term,
    Vocabulary,
    rating_column,
)

__all__ = [
    "KINDS",
    "NOT_ASSESSABLE_SCHEMA",
    "PEOPLE_SCHEMA",
    "RATERS",
    "UNITS_PER_POINT",
    "Cell",
    "ColumnSource",
    "FileSource",
    "InputError",
    "InspectedColumn",
    "Inspection",
    "Issue",
    "Rater",
    "RatingScale",
    "Roster",
    "Severity",
    "Term",
    "Vocabulary",
    "inspect_file",
    "inspection_data",
    "inspection_lines",
    "load_roster",
    "rating_column",
]
