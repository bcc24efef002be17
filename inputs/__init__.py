"""Spreadsheets of ratings, read and checked: a file goes in, a `Roster` comes out.

These are the values that go through the program. What makes them is imported when it is needed:
`inputs.loading` reads rosters, `inputs.mapping` what people declared, and `inputs.files` files;
`inputs.answering`, `inputs.discovery`, `inputs.inspection` and `inputs.transcript` tell of a file and ask;
`inputs.template` writes one to fill in.
"""

from inputs.fields import OVERALL, RATERS, Rater, comment_column, rating_column
from inputs.issues import KINDS
from inputs.own_scale import OwnScale
from inputs.roster import (
    MANAGER,
    NOT_ASSESSABLE_SCHEMA,
    OTHERS_SCHEMA,
    PEOPLE_SCHEMA,
    UNITS_PER_POINT,
    Cell,
    ColumnSource,
    EarlierCycle,
    FileSource,
    InputError,
    Issue,
    RatingScale,
    Roster,
    Severity,
    Term,
    Vocabulary,
)

__all__ = [
    "KINDS",
    "MANAGER",
    "NOT_ASSESSABLE_SCHEMA",
    "OTHERS_SCHEMA",
    "OVERALL",
    "PEOPLE_SCHEMA",
    "RATERS",
    "UNITS_PER_POINT",
    "Cell",
    "ColumnSource",
    "EarlierCycle",
    "FileSource",
    "InputError",
    "Issue",
    "OwnScale",
    "Rater",
    "RatingScale",
    "Roster",
    "Severity",
    "Term",
    "Vocabulary",
    "comment_column",
    "rating_column",
]
