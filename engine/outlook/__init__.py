"""How recommendations could become others: by what, from which day, and how firmly they stand."""

from engine.outlook.outlooks import Outlooks, find_outlooks, people_of
from engine.outlook.prospects import Prospects, confidence_parts
from engine.outlook.stability import compute_stability

__all__ = ["Outlooks", "Prospects", "compute_stability", "confidence_parts", "find_outlooks", "people_of"]
