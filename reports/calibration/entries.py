"""What is wrong with one decision as it was filled in, in a workbook or in a browser."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from engine import phrases
from engine.session import Decision, DecisionStatus, Entry, session_terms
from engine.words import Key
from rules.pack import Band

_OLDEST = timedelta(days=366)
"""A decision may not be older than this on the day of the assessment."""
_NO_WORDS = re.compile(r"\d{4}-\d\d-\d\d( [\d:]+)?|#(N/A|[A-Z]+[!?]|DIV/0!)")
"""A cell that holds a date, which a spreadsheet program also makes of `3/5`, or an error."""
STATUS_WORDS: Mapping[DecisionStatus, tuple[str, str, str]] = {
    DecisionStatus.DECISION_MISSING: (
        "decision",
        "{name} has a reason, a decider or a date, but no decision.",
        "Choose the decision, or clear the other cells.",
    ),
    DecisionStatus.REASON_MISSING: (
        "reason",
        "The decision on {name} differs from the recommendation without a reason code and a reason.",
        "Choose the reason code and write the reason.",
    ),
    DecisionStatus.DECIDER_MISSING: (
        "decided_by",
        "The decision on {name} does not say who decided, or when.",
        "Fill in Decided by and Decided on, once above the table or in the row.",
    ),
    DecisionStatus.TWO_PROMOTIONS: (
        "decision",
        "{name} would be promoted to two levels at once.",
        "Decide one of the two promotions differently.",
    ),
}
"""Status to the column that is wrong, what is wrong there, and what would be right."""


def no_words(key: str, text: str | None, *, needed: bool = True) -> list[tuple[str, str]]:
    """What is wrong with a field for words that holds none; `key` is `reason` or `decided_by`. Where none are
    `needed`, a dash does."""
    if text is None:
        return []
    if _NO_WORDS.fullmatch(text):
        kind = "an error of the spreadsheet program" if text.startswith("#") else "a date"
    elif needed and not any(map(str.isalnum, text)):
        kind = "not a word"
    elif needed and " ".join(text.split()).casefold() == session_terms().rest.casefold():
        kind = "the reason where nobody asked to discuss it"
    else:
        return []
    wanted = {"reason": "the reason", "decided_by": "who decided"}[key]
    return [(f"“{text}” is {kind}; {wanted} belongs here.", "Write it in words.")]


def date_problems(
    problem: str | None, decided_on: date | None, day: date, today: date
) -> list[tuple[str, str]]:
    """What is wrong with the day of a decision, and what would be right."""
    if problem is not None:
        return [(problem, "Give the day of the decision as a date, such as 2026-07-01.")]
    if decided_on is None:
        return []
    if decided_on > max(day, today):
        return [(f"{phrases.day(decided_on)} is in the future.", "Give the day on which it was decided.")]
    if decided_on < day - _OLDEST:
        return [
            (
                f"{phrases.day(decided_on)} is over a year before the assessment ({phrases.day(day)}).",
                "Give the day on which it was decided.",
            )
        ]
    return []


def decision_of(entry: Entry, key: Key, recommendation: Band) -> Decision:
    """A complete entry as the decision on what was recommended."""
    assert entry.decision is not None
    assert entry.decided_by is not None
    assert entry.decided_on is not None
    return Decision(*key, recommendation=recommendation, **vars(entry))
