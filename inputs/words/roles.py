"""Roles of columns in words."""

from inputs.roster import RATERS, Rater
from inputs.words.lexicon import BY


def said_role(role: str) -> str:
    """A role as words in a sentence."""
    if role.startswith("comment:"):
        competency, rater = role.removeprefix("comment:").split(":")
        return f"comment by {BY[_rater(rater)]} on {competency.replace('_', ' ')}"
    if ":" in role:
        competency, rater = role.split(":")
        if rater in RATERS:
            return f"rating of {competency.replace('_', ' ')} by {BY[_rater(rater)]}"
        return f"rating of {rater.replace('_', ' ')}"
    return role.replace("_", " ")


def _rater(text: str) -> Rater:
    return "self" if text == "self" else "manager"
