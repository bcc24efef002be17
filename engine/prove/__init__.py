"""Proofs about a rule pack: complete, free of contradictions, monotone, true to its worked examples."""

from engine.prove.beginning import sound_pack
from engine.prove.examples import ExampleResult, RuleCoverage, accept, cover_rules, run_examples
from engine.prove.flaws import Barred, Flaw, Hollow, Monotony, Passed, Proof, Soundness
from engine.prove.policy import policies_of
from engine.prove.policy_text import policy_as_markdown
from engine.prove.solving import changing_nothing, check_soundness, hollow_sentences, proposed_examples
from engine.prove.strength import Strength, strength_of

__all__ = [
    "Barred",
    "ExampleResult",
    "Flaw",
    "Hollow",
    "Monotony",
    "Passed",
    "Proof",
    "RuleCoverage",
    "Soundness",
    "Strength",
    "accept",
    "changing_nothing",
    "check_soundness",
    "cover_rules",
    "hollow_sentences",
    "policies_of",
    "policy_as_markdown",
    "proposed_examples",
    "run_examples",
    "sound_pack",
    "strength_of",
]
