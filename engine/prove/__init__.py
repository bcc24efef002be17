"""Proofs about a rule pack: complete, free of contradictions, monotone, true to its worked examples."""

from engine.prove.beginning import sound_pack
from engine.prove.examples import ExampleResult, RuleCoverage, accept, cover_rules, run_examples
from engine.prove.flaws import Flaw, Monotony, Proof, Soundness
from engine.prove.policy import BandPolicy, Policy, policies_of
from engine.prove.solving import check_soundness

__all__ = [
    "BandPolicy",
    "ExampleResult",
    "Flaw",
    "Monotony",
    "Policy",
    "Proof",
    "RuleCoverage",
    "Soundness",
    "accept",
    "check_soundness",
    "cover_rules",
    "policies_of",
    "run_examples",
    "sound_pack",
]
