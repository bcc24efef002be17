"""How recommendations could become others: by what, from which day, and how firmly they stand."""

from engine.outlook.outlooks import Group, groups_of, search_outlooks
from engine.outlook.prospects import Prospects, confidence_parts
from engine.outlook.searched import Searched, searched_frame, searched_of

__all__ = [
    "Group",
    "Prospects",
    "Searched",
    "confidence_parts",
    "groups_of",
    "search_outlooks",
    "searched_frame",
    "searched_of",
]
