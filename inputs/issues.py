"""The kinds of issues that a spreadsheet can have, each with the title that reports show."""

from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {
        # people who cannot be assessed
        "missing_employee_id": "No employee id",
        "mangled_employee_id": "Employee id changed by the spreadsheet program",
        "duplicate_employee_id": "The same employee id on rows that differ",
        "exact_repeat": "The same row twice",
        "missing_level": "No level",
        "unknown_level": "Level not known to the rule pack",
        # values that could not be used
        "unreadable_rating": "Rating that cannot be read",
        "rating_out_of_scale": "Rating outside the scale",
        "error_cell": "Error in the spreadsheet's own formula",
        "unreadable_date": "Date that cannot be read",
        "ambiguous_date": "Date whose day and month could be swapped",
        "future_date": "Date in the future",
        "implausible_date": "Date too long ago to be true",
        "unknown_target_level": "Target level not known to the rule pack",
        "target_not_next": "Target level that does not follow the person's level",
        # columns
        "ambiguous_column": "Two columns that could be the same thing",
        "column_not_used": "Column that was not used",
        "missing_column": "Column that the file does not have",
        "sheet_not_used": "Sheet that was not used",
        # said, with nothing lost
        "rounded_rating": "Rating with more than four decimals",
        "date_order": "Order of day and month, decided by the column",
        "declared_unrated": "Words read as: not rated",
    }
)
"""Issue kind to title, in the order in which reports list them."""
