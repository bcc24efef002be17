"""A ladder to a pack that is proved sound: without rules that nobody on the ladder can come to."""

from engine.prove.solving import check_soundness
from rules.ladders import Answers, Ladder, pack_of
from rules.pack import PackError, RulePack

_NEEDLESS = ("dead_rule", "idle_rule")
"""Kinds of flaws of a rule that can be left out."""


def sound_pack(ladder: Ladder, name: str, title: str, answers: Answers) -> RulePack:
    """The pack of a ladder, as `rules.ladders.pack_of` makes it. Raises `PackError`."""
    needless: frozenset[str] = frozenset()
    while True:
        pack = pack_of(ladder, name, title, answers, needless)
        flaws = check_soundness(pack).flaws
        found = {code for flaw in flaws if flaw.kind in _NEEDLESS for code in flaw.rules[:1]}
        if not found:
            break
        needless |= found
    if flaws:
        raise PackError(*(flaw.text for flaw in flaws))
    return pack
