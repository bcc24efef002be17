"""What the ratings say about those who rated: questions to ask, for HR alone."""

from reports.raters.shown import rater_lines, show_raters
from reports.raters.vignette_book import read_answers, write_vignettes
from reports.raters.vignette_page import VignettesShown, vignette_lines, write_vignette_page
from reports.raters.writing import write_raters

__all__ = [
    "VignettesShown",
    "rater_lines",
    "read_answers",
    "show_raters",
    "vignette_lines",
    "write_raters",
    "write_vignette_page",
    "write_vignettes",
]
