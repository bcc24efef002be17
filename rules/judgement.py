"""Checks of what `docs/judgement.md` says of rules: which facts a topic may name, and who has a `kind`."""

from collections.abc import Iterable
from typing import get_args

from rules.checked import Look, Problems
from rules.facts import Topic, facts_of, is_of_two_views
from rules.pack import RULED_KINDS, Rule
from rules.paths import value_at

_SELF_RATINGS = "self ratings never enter a band or a confidence, only findings"


def wrong_topics(look: Look) -> Problems:
    """Rules that name what rules of their topic cannot know, themselves or through findings."""
    problems: dict[str, str] = {}
    for promotion in look.pack.promotions:
        named = look.named(promotion.id)
        of_self = _findings_of_two_views(named)
        known = {topic: facts_of(look.pack, promotion, topic) for topic in get_args(Topic)}
        for rule, names in named:
            for name in names:
                if name not in known[rule.topic]:
                    problems.setdefault(rule.code, _out_of_reach(name))
                elif rule.finding is None and name in of_self:
                    why = f"`{name}` rests on self ratings by {of_self[name]}; {_SELF_RATINGS}"
                    problems.setdefault(rule.code, why)
    for path, rule in look.rules():
        if rule.code in problems:
            yield look.place(*path, "when"), f"rule {rule.code}, {problems[rule.code]}"


def wrong_kinds(look: Look) -> Problems:
    """Rules without the kind of insufficient evidence, or with one that they do not conclude."""
    kinds = ", ".join(RULED_KINDS)
    of_lenses = ((path, value_at(look.pack, path)) for path in look.paths("lenses.*.rules.*"))
    for path, rule in (*look.rules(), *of_lenses):
        insufficient = rule.recommendation == "insufficient_evidence"
        if insufficient and rule.kind is None:
            words = "a rule that concludes `insufficient_evidence` needs a `kind`, one of"
            yield look.place(*path), f"{words} {kinds}"
        if rule.kind == "cannot_be_told":
            words = "`cannot_be_told` is found from missing ratings, with its range, and no rule concludes it"
            yield look.place(*path, "kind"), f"{words}; a rule's kind is one of {kinds}"
        if rule.kind is not None and not insufficient:
            words = f"`kind` is of rules that conclude `insufficient_evidence`, not `{rule.conclusion}`"
            yield look.place(*path, "kind"), words


def _findings_of_two_views(named: Iterable[tuple[Rule, tuple[str, ...]]]) -> dict[str, str]:
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
