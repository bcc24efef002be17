"""The door to the solver, which is large and may be missing."""

import sys

from engine.prove.flaws import Soundness
from rules.pack import PackError, RulePack


def check_soundness(pack: RulePack) -> Soundness:
    """Look for every flaw in the rules of a pack. Raises PackError where the solver is not installed."""
    # Nothing else needs the solver, z3, so it is imported here.
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
