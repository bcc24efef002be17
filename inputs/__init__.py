"""Spreadsheets of ratings, read and checked: a file goes in, a `Roster` comes out."""

from inputs.answering import (
    Consequence,
    Question,
    Understood,
    all_answers,
    answers_text,
    column_options,
    merged,
    understand,
    with_answer,
)
from inputs.discovery import Discovered, discover
from inputs.fields import OVERALL, RATERS, Rater, comment_column, rating_column
from inputs.files.reading import read_file
from inputs.files.sheets import Sheet
from inputs.inspection import Inspection, inspect_files
from inputs.issues import KINDS
from inputs.loading import begin_reading, load_roster, read_files, roster_of
from inputs.mapping import FileMapping, read_mapping
from inputs.own_scale import OwnScale
from inputs.roster import (
    NOT_ASSESSABLE_SCHEMA,
    PEOPLE_SCHEMA,
    UNITS_PER_POINT,
    Cell,
    ColumnPlace,
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
from inputs.transcript import inspection_data, inspection_lines, mapping_text

__all__ = [
    "KINDS",
    "NOT_ASSESSABLE_SCHEMA",
    "OVERALL",
    "PEOPLE_SCHEMA",
    "RATERS",
    "UNITS_PER_POINT",
    "Cell",
    "ColumnPlace",
    "ColumnSource",
    "Consequence",
    "Discovered",
    "EarlierCycle",
    "FileMapping",
    "FileSource",
    "InputError",
    "Inspection",
    "Issue",
    "OwnScale",
    "Question",
    "Rater",
    "RatingScale",
    "Roster",
    "Severity",
    "Sheet",
    "Term",
    "Understood",
    "Vocabulary",
    "all_answers",
    "answers_text",
    "begin_reading",
    "column_options",
    "comment_column",
    "discover",
    "inspect_files",
    "inspection_data",
    "inspection_lines",
    "load_roster",
    "mapping_text",
    "merged",
    "rating_column",
    "read_file",
    "read_files",
    "read_mapping",
    "roster_of",
    "understand",
    "with_answer",
]
