"""The door to the solver, which is large and may be missing."""

import sys
from importlib import import_module
from types import ModuleType

from engine.prove.flaws import Hollow, Soundness
from engine.prove.strength import Mutant, Strength
from rules.pack import Example, PackError, RulePack


def check_soundness(pack: RulePack) -> Soundness:
    """Look for every flaw in the rules of a pack. Raises PackError where the solver is not installed."""
    found: Soundness = _behind_the_door("engine.prove.soundness", "a check").check_soundness(pack)
    return found


def hollow_sentences(pack: RulePack) -> tuple[Hollow, ...]:
    """Lists in sentences that say “none” to some. Raises PackError where the solver is not installed."""
    module = _behind_the_door("engine.prove.soundness", "a check of sentences")
    found: tuple[Hollow, ...] = module.hollow_sentences(pack)
    return found


def proposed_examples(pack: RulePack, strength: Strength) -> tuple[Example, ...]:
    """Examples that notice what none notices. Raises PackError where the solver is not installed."""
    module = _behind_the_door("engine.prove.proposals", "a proposal of examples")
    found: tuple[Example, ...] = module.proposed_examples(pack, strength)
    return found


def changing_nothing(pack: RulePack, strength: Strength) -> tuple[Mutant, ...]:
    """The unnoticed changes by which nobody comes out otherwise. Raises PackError as `proposed_examples`."""
    module = _behind_the_door("engine.prove.proposals", "a proof that a change changes nothing")
    found: tuple[Mutant, ...] = module.changing_nothing(pack, strength)
    return found


def _behind_the_door(module: str, what: str) -> ModuleType:
    # Nothing else needs the solver, z3, so what does is imported here.
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != "z3":
            raise
        command = f"{sys.executable} -m pip install z3-solver"
        raise PackError(
            f"{what} needs the solver z3, which is not installed; do that with: {command}"
        ) from None
