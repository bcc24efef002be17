"""Proofs about a rule pack: complete, free of contradictions, monotone, true to its worked examples."""

import sys

from engine.prove.examples import ExampleResult, RuleCoverage, accept, cover_rules, run_examples
from engine.prove.flaws import Flaw, Monotony, Proof, Soundness
from rules.pack import PackError, RulePack

__all__ = [
    "ExampleResult",
    "Flaw",
    "Monotony",
    "Proof",
    "RuleCoverage",
    "Soundness",
    "accept",
    "check_soundness",
    "cover_rules",
    "run_examples",
]


def check_soundness(pack: RulePack) -> Soundness:
    """Look for every flaw in the rules of a pack. Raises PackError where the solver is not installed."""
    # The solver, z3, is large, and nothing else needs it: it is imported here, and may be missing.
    try:
        from engine.prove import soundness
    except ModuleNotFoundError as error:
        if error.name != "z3":
            raise
        command = f"{sys.executable} -m pip install z3-solver"
        raise PackError(
            f"a check needs the solver z3, which is not installed; do that with: {command}"
        ) from None
    return soundness.check_soundness(pack)
