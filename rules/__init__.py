"""Rule packs: ladders, signals and rules as data, checked before use."""

from rules.conditions import Condition, facts_named, parse_condition, show
from rules.facts import Fact, facts_of
from rules.loader import LoadedPack, load_pack, load_with_places, pack_names
from rules.pack import (
    AGREEMENTS,
    BANDS,
    CONFIDENCES,
    IMPORTANCES,
    STATUSES,
    TENURES,
    Citation,
    PackError,
    Promotion,
    Rule,
    RulePack,
    Signal,
)
from rules.placeholders import PLACEHOLDERS

__all__ = [
    "AGREEMENTS",
    "BANDS",
    "CONFIDENCES",
    "IMPORTANCES",
    "PLACEHOLDERS",
    "STATUSES",
    "TENURES",
    "Citation",
    "Condition",
    "Fact",
    "LoadedPack",
    "PackError",
    "Promotion",
    "Rule",
    "RulePack",
    "Signal",
    "facts_named",
    "facts_of",
    "load_pack",
    "load_with_places",
    "pack_names",
    "parse_condition",
    "show",
]
