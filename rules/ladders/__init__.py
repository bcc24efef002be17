"""A company's own ladder, as a matrix or as ratings, to a rule pack."""

from rules.ladders.grid import Grid
from rules.ladders.ladder import Answers, Ladder, LadderScale
from rules.ladders.making import pack_of
from rules.ladders.matrix import ladder_from_matrix
from rules.ladders.shown import ladder_from_shown

__all__ = [
    "Answers",
    "Grid",
    "Ladder",
    "LadderScale",
    "ladder_from_matrix",
    "ladder_from_shown",
    "pack_of",
]
