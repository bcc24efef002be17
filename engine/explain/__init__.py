"""A recommendation explained to people: rules, evidence, cells, what is missing, what to do next."""

from engine.explain.explanations import SignalCase

__all__ = ["SignalCase"]
