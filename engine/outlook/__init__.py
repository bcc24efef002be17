"""How recommendations could become others: by what, from which day, and how firmly they stand."""

from engine.outlook.outlooks import Outlooks, find_outlooks
from engine.outlook.prospects import Prospects, confidence_parts

__all__ = ["Outlooks", "Prospects", "confidence_parts", "find_outlooks"]
