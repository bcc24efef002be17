"""A pack as a workbook of decision tables, for whoever edits it without YAML."""

from rules.decision_tables.reading import read_tables
from rules.decision_tables.writing import write_tables

__all__ = ["read_tables", "write_tables"]
