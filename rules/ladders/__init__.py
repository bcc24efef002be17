"""A company's own ladder, as a matrix or as ratings, to a rule pack."""

from rules.ladders.from_matrix import ladder_from_matrix
from rules.ladders.from_ratings import ladder_from_ratings
from rules.ladders.grid import Grid
from rules.ladders.ladder import Answers, Ladder, OpenQuestionError
from rules.ladders.making import pack_of
from rules.ladders.sheets import matrix_among

__all__ = [
    "Answers",
    "Grid",
    "Ladder",
    "OpenQuestionError",
    "ladder_from_matrix",
    "ladder_from_ratings",
    "matrix_among",
    "pack_of",
]
