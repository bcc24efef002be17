"""A recommendation explained to people: rules, evidence, cells, what is missing, what to do next."""

from engine.explain.development import advice_on
from engine.explain.explanations import SignalCase
from engine.explain.table import TABLE_SCHEMA

__all__ = ["TABLE_SCHEMA", "SignalCase", "advice_on"]
