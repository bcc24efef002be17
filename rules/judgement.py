"""Checks of what `docs/judgement.md` says of rules: which facts a topic may name, and who has a `kind`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import get_args

from rules.facts import Topic, facts_of, is_of_two_views
from rules.pack import RULED_KINDS, Rule, RulePack
from rules.paths import KeyPath, Place

Problems = Iterator[tuple[Place, str]]
PlaceOf = Callable[..., Place]
"""From the keys of a path to the place where it stands."""
Named = Sequence[tuple[Rule, tuple[str, ...]]]
"""Rules, each with the facts that it names."""
_SELF_RATINGS = "self ratings never enter a band or a confidence, only findings"


def wrong_topics(
    pack: RulePack, named_in: Mapping[str, Named], rules: Mapping[KeyPath, Rule], place: PlaceOf
) -> Problems:
    """Rules that name what rules of their topic cannot know, themselves or through findings.

    `named_in` are the rules of each promotion that can be read, with the facts that they name.
    """
    problems: dict[str, str] = {}
    for promotion in pack.promotions:
        named = named_in[promotion.id]
        of_self = _findings_of_two_views(named)
        known = {topic: facts_of(pack, promotion, topic) for topic in get_args(Topic)}
        for rule, names in named:
            for name in names:
                if name not in known[rule.topic]:
                    problems.setdefault(rule.code, _out_of_reach(name))
                elif rule.finding is None and name in of_self:
                    why = f"`{name}` rests on self ratings by {of_self[name]}; {_SELF_RATINGS}"
                    problems.setdefault(rule.code, why)
    for path, rule in rules.items():
        if rule.code in problems:
            yield place(*path, "when"), f"rule {rule.code}, {problems[rule.code]}"


def wrong_kinds(rules: Iterable[tuple[KeyPath, Rule]], place: PlaceOf) -> Problems:
    """Rules without the kind of insufficient evidence, or with one that they do not conclude."""
    for path, rule in rules:
        insufficient = rule.recommendation == "insufficient_evidence"
        kinds = ", ".join(RULED_KINDS)
        if insufficient and rule.kind is None:
            yield (
                place(*path),
                f"a rule that concludes `insufficient_evidence` needs a `kind`, one of {kinds}",
            )
        if rule.kind == "cannot_be_told":
            words = "`cannot_be_told` is found from missing ratings, with its range, and no rule concludes it"
            yield place(*path, "kind"), f"{words}; a rule's kind is one of {kinds}"
        if rule.kind is not None and not insufficient:
            words = f"`kind` is of rules that conclude `insufficient_evidence`, not `{rule.conclusion}`"
            yield place(*path, "kind"), words


def _findings_of_two_views(named: Named) -> dict[str, str]:
    """The findings that rest on self ratings, as facts, each with the fact and the rule by which it does."""
    found: dict[str, str] = {}
    size = -1
    while size < len(found):
        size = len(found)
        for rule, names in named:
            why = next((name for name in names if is_of_two_views(name) or name in found), None)
            if rule.finding is not None and why is not None:
                found.setdefault(f"finding.{rule.finding}", f"`{why}` in {rule.code}")
    return found


def _out_of_reach(name: str) -> str:
    if is_of_two_views(name):
        return f"`{name}`: {_SELF_RATINGS}"
    return f"`{name}` is known after the band only; a rule on the confidence may name it"
