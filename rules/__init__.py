"""Rule packs: ladders, signals and rules as data, checked before use."""

from rules.asking import question_of
from rules.conditions import facts_named, parse_condition, show
from rules.facts import Fact, facts_of
from rules.loader import LoadedPack, folder_of, load_pack, load_with_places, pack_names, require_known
from rules.pack import BANDS, CONFIDENCES, STATUSES, Citation, PackError, Promotion, Rule, RulePack, Signal
from rules.paths import KeyPath, replaced, value_at
from rules.spelling import closest, name_key
from rules.value_errors import words_of

__all__ = [
    "BANDS",
    "CONFIDENCES",
    "STATUSES",
    "Citation",
    "Fact",
    "KeyPath",
    "LoadedPack",
    "PackError",
    "Promotion",
    "Rule",
    "RulePack",
    "Signal",
    "closest",
    "facts_named",
    "facts_of",
    "folder_of",
    "load_pack",
    "load_with_places",
    "name_key",
    "pack_names",
    "parse_condition",
    "question_of",
    "replaced",
    "require_known",
    "show",
    "value_at",
    "words_of",
]
