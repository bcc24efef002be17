"""A company's own ladder, as a matrix or as ratings, to a rule pack."""

from rules.ladders.grid import Grid
from rules.ladders.ladder import Answers, Ladder
from rules.ladders.making import pack_of
from rules.ladders.matrix import ladder_from_matrix

__all__ = ["Answers", "Grid", "Ladder", "ladder_from_matrix", "pack_of"]
