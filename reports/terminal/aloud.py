"""One recommendation in words to be read aloud: why, how sure, what would change it, what comes next."""

import textwrap
from collections.abc import Iterator, Sequence
from decimal import Decimal

from engine.phrases import join
from engine.words import Explanation, SignalEvidence

WIDTH = 100
_STANDING = {
    "near": "Just under it",
    "gap": "Clearly below it",
    "unrated": "Not rated enough to tell",
}


def aloud(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """Headings and paragraphs, in the order of reading."""
    name = explanation.employee_name or explanation.employee_id
    yield (
        "The recommendation",
        f"For the step from {explanation.level_title} to {explanation.next_level_title}, the recommendation "
        f"for {name} is: {_words(explanation.recommendation)}.",
    )
    yield "Why", " ".join(explanation.reasons)
    yield "What the ratings say", " ".join(_signals(explanation.evidence))
    if explanation.adjustments:
        asked = " ".join(f"“{one.title}”: {one.sentence} {one.reason}" for one in explanation.adjustments)
        yield "What is asked differently", f"For the specialisation {explanation.specialisation}. {asked}"
    yield "How sure", " ".join(_sure(explanation))
    yield "What would change it", " ".join(_changes(explanation))
    if explanation.next_step:
        yield "What comes next", explanation.next_step
    yield "Where this comes from", _origin(explanation)


def aloud_lines(explanation: Explanation) -> Iterator[str]:
    """The same for the terminal."""
    for heading, words in aloud(explanation):
        yield heading
        yield from textwrap.wrap(words, WIDTH, initial_indent="  ", subsequent_indent="  ")
        yield ""


def _signals(evidence: Sequence[SignalEvidence]) -> Iterator[str]:
    """How many signals are at their bar, and each that is not."""
    for words, core in (("signals that the next level rests on", True), ("supporting signals", False)):
        signals = [signal for signal in evidence if (signal.importance == "core") == core]
        met = sum(signal.status == "met" for signal in signals)
        if not signals:
            continue
        yield f"Of the {len(signals)} {words}, {met or 'none'} {'is' if met < 2 else 'are'} at the bar."
        for status, standing in _STANDING.items():
            named = [_scored(signal) for signal in signals if signal.status == status]
            if named:
                yield f"{standing}: {join(named)}."


def _scored(signal: SignalEvidence) -> str:
    if signal.manager_score is None:
        return signal.title
    return f"{signal.title} ({_points(signal.manager_score)}, the bar is {_points(signal.bar)})"


def _sure(explanation: Explanation) -> Iterator[str]:
    yield f"Confidence is {explanation.confidence}."
    yield explanation.confidence_reason
    for part in explanation.confidence_parts:
        if part.name != "coverage" or "rated" not in explanation.confidence_reason:
            yield part.sentence


def _changes(explanation: Explanation) -> Iterator[str]:
    outlook = explanation.outlook
    yield outlook.summary
    example = "For example: " if outlook.changes_in_all > 1 else ""
    for change in outlook.changes[:1]:
        yield f"{example}{change.sentence}"
    example = "For example: " if outlook.to_rate_in_all > 1 else ""
    for needed in outlook.to_rate[:1]:
        yield f"{example}{needed.sentence}"
    if outlook.borderline:
        yield "It stands close to the line: a single rating step can change it."
    elif outlook.single_steps:
        yield "No single rating step would change it."
    for change in outlook.could_lose[:1]:
        yield f"It would be lost soonest like this: {change.sentence}"


def _origin(explanation: Explanation) -> str:
    rules = [rule.code for rule in explanation.rules if rule.decisive]
    sources = sorted({rule.cite.source for rule in explanation.rules if rule.decisive})
    cells = {
        used.manager_cell
        for signal in explanation.evidence
        for used in signal.ratings
        if used.manager_cell and used.manager_rating is not None
    }
    return (
        f"{len(cells)} ratings of the manager were used. The rules {join(rules)} spoke; they rest on "
        f"{join(sources)}. They are rules that people wrote about ratings that people gave; a human decides."
    )


def _points(value: Decimal) -> str:
    return f"{round(value, 2).normalize():f}"


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
