"""The kinds of issues that a spreadsheet can have, each with the title that reports show."""

from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {
        # people who cannot be assessed
        "missing_employee_id": "No employee id",
        "mangled_employee_id": "Employee id changed by the spreadsheet program",
        "duplicate_employee_id": "The same employee id on rows that differ",
        "conflicting_rows": "Rows of one person that differ in name, address or level",
        "not_among_people": "Ratings of somebody who is not among the people",
        "shared_key": "People whom another table cannot tell apart",
        "missing_level": "No level",
        "unknown_level": "Level not known to the rule pack",
        "shifted_row": "Row with values under the wrong headers",
        "has_left": "Person who has left",
        # rows without a person
        "exact_repeat": "The same row twice",
        "other_row_counts": "Row of somebody whose other row counts",
        "rows_put_together": "Rows of one person that fill different cells",
        "totals_row": "Row that sums up others",
        "example_row": "Row that is an example",
        "repeated_header": "Header repeated among the rows",
        "remark_row": "Row that holds only a remark",
        "line_among_rows": "Line among the rows that may be about those below it",
        # values that could not be used
        "unreadable_rating": "Rating that cannot be read",
        "comment_alone": "Comment without a rating",
        "rating_out_of_scale": "Rating outside the scale",
        "repeated_rating": "Several ratings where there should be one",
        "unknown_competency": "Competency not known to the rule pack",
        "unknown_rater": "Words that do not say who rated",
        "contradicted_rater": "Rows that name another rater than they say",
        "error_cell": "Error in the spreadsheet's own formula",
        "formula_without_value": "Formula that was never calculated",
        "unreadable_date": "Date that cannot be read",
        "ambiguous_date": "Date whose day and month could be swapped",
        "struck_through": "Text that is struck through",
        "swapped_dates": "Dates in which day and month may have been swapped",
        "future_date": "Date in the future",
        "implausible_date": "Date too long ago to be true",
        "review_before_hire": "Review before the hire",
        "level_before_hire": "In the level since before the hire",
        "rated_earlier": "People whom one rater has rated in earlier rows alone",
        "rated_in_draft": "People whom one rater has rated in unfinished reviews alone",
        "conflicting_value": "Rows of one person that differ",
        "unknown_target_level": "Target level not known to the rule pack",
        "unknown_specialisation": "Specialisation not known to the rule pack",
        "unclear_answer": "Answer that is neither yes nor no",
        "target_not_next": "Target level that does not follow the person's level",
        "away_or_leaving": "On leave or about to leave, and assessed",
        "unclear_status": "Employment status that is not understood",
        "unfinished_review": "Reviews that are not finished",
        "own_manager": "Person who is given as their own manager",
        # people compared with each other
        "perhaps_twice": "Perhaps one person under two ids",
        "similar_ids": "Ids that differ only in case, spaces or hyphens",
        "id_of_another": "Ids that were somebody else's in the earlier run",
        "id_rewritten": "Ids written otherwise in the earlier run",
        "leading_zeros": "Ids that may have lost leading zeros",
        "name_as_id": "Names used in place of ids",
        "email_as_id": "E-mail addresses used in place of ids",
        "reporting_loop": "Reporting line that runs in a loop",
        "manager_not_in_file": "Manager without a row in the file",
        "shared_manager_name": "Manager whose name several people have",
        "person_without_ratings": "People without ratings",
        # columns
        "missing_column": "Ratings that the rule pack looks at and the file does not have",
        "similar_column": "Column that looks like a known one",
        "column_not_used": "Column that was not used",
        "stray_cells": "Cells beyond the table",
        # notes: nothing was lost
        "level_codes": "Levels with a code beside the name",
        "scale_read": "How ratings were put on the scale",
        "no_comments": "No comments",
        "marked_rating": "Rating with the sign of a footnote",
        "rounded_rating": "Rating with more than four decimals",
        "filled_down": "Fields that only the first row of a person has",
        "month_only": "Dates without a day",
        "earlier_cycle": "Ratings of earlier cycles",
        "ids_joined": "Ids written in two ways",
        "managers_found": "Managers found by what the file calls them",
        "name_changed": "Names that were others in the earlier run",
        "new_manager": "Manager who is another one than before",
        "similar_managers": "Names that may belong to one manager",
        "declared_unrated": "Words read as “not rated”",
        "other_raters": "Ratings by others, kept apart",
        "earlier_row": "Earlier rows of the same person, left out",
        "earlier_rating": "Earlier ratings, left out",
        "date_order": "Order of day and month",
        "id_decimals": "Decimals taken off the ids",
        "stacked": "Several tables read as one list",
        "file_read": "How the file was read",
        "merged_cells": "Merged cells",
        "hidden_sheet": "Hidden sheet",
        "hidden_rows": "Hidden rows",
        "hidden_columns": "Hidden columns",
        "sheet_not_used": "Sheet that was not used",
    }
)
"""Issue kind to title, in the order in which reports list them."""

OF_A_PERSON = frozenset(
    {
        *("unreadable_rating", "rating_out_of_scale", "repeated_rating", "error_cell", "unclear_answer"),
        *("unreadable_date", "ambiguous_date", "implausible_date", "review_before_hire"),
        *("future_date", "level_before_hire"),
        *("unknown_target_level", "target_not_next", "unknown_specialisation"),
    }
)
"""The kinds that are about one cell of a person: whoever decides about the person has to know them."""
