"""One recommendation in words to be read aloud: why, how sure, what would change it, what comes next."""

import textwrap
from collections.abc import Iterator, Sequence

from engine.phrases import count, day, join, number
from engine.words import Explanation, SignalEvidence
from reports.shown.decided import Decided
from rules.pack import IMPORTANCES, RulePack, Status

WIDTH = 100
_BELOW = {
    "near": "Just under it",
    "gap": "Clearly below it",
    "unrated": "Too few ratings to tell",
}


def aloud(
    explanation: Explanation, pack: RulePack, decided: Decided | None = None
) -> Iterator[tuple[str, str]]:
    """Headings and paragraphs, in the order of reading."""
    name = explanation.employee_name or explanation.employee_id
    if decided is not None:
        yield "The decision", " ".join(_decision(decided, name, explanation))
    yield (
        "The recommendation",
        f"For the step from {explanation.level_title} to {explanation.next_level_title}, the recommendation "
        f"for {name} is: {pack.bands[explanation.recommendation].label}.",
    )
    yield "Why", " ".join(explanation.reasons)
    if explanation.lowest:
        lowest = join([one.competency_title for one in explanation.lowest])
        yield "The lowest ratings", f"Rated at the lowest point of the scale: {lowest}."
    yield "What the ratings say", " ".join(_signals(explanation.evidence))
    if explanation.signal_overrides:
        asked = " ".join(
            f"“{one.title}”: {one.sentence} {one.reason}" for one in explanation.signal_overrides
        )
        yield "What is asked differently", f"For the specialisation {explanation.specialisation}. {asked}"
    yield "How sure", " ".join(_sure(explanation))
    yield "What would change it", " ".join(_changes(explanation))
    if explanation.questions:
        yield "What is open", " ".join(one.sentence for one in explanation.questions)
    if explanation.next_step:
        yield "What comes next", explanation.next_step
    yield "Where this comes from", _origin(explanation)


def aloud_lines(explanation: Explanation, pack: RulePack, decided: Decided | None) -> Iterator[str]:
    """The same for the terminal."""
    for heading, words in aloud(explanation, pack, decided):
        yield heading
        yield from textwrap.wrap(words, WIDTH, initial_indent="  ", subsequent_indent="  ")
        yield ""


def _decision(decided: Decided, name: str, explanation: Explanation) -> Iterator[str]:
    made = decided.decision
    step = f"the step from {explanation.level_title} to {explanation.next_level_title}"
    yield f"For {step}, the decision for {name} is: {decided.label}, {decided.means}."
    yield f"Decided by {made.decided_by} on {day(made.decided_on)}."
    if decided.reason:
        yield f"Reason: {decided.reason.rstrip('.')}."
    if made.follow_up:
        yield f"What was agreed: {made.follow_up.rstrip('.')}."
    yield "What follows is what the rules had recommended, and why."


def _signals(evidence: Sequence[SignalEvidence]) -> Iterator[str]:
    """How many signals are at their bar, and each that is not."""
    for importance in IMPORTANCES:
        signals = [signal for signal in evidence if signal.importance == importance]
        if signals:
            yield _at_the_bar(importance, [one.status for one in signals])
        for status, words in _BELOW.items():
            named = [_scored(signal) for signal in signals if signal.status == status]
            if named:
                yield f"{words}: {join(named)}."


def _at_the_bar(importance: str, statuses: Sequence[Status]) -> str:
    met, whole = statuses.count("met"), len(statuses)
    known = "known to be " * ("unrated" in statuses)
    if whole == 1:
        return f"The only {importance} signal is {'' if met else 'not '}{known}at its bar."
    if met in (0, whole):
        none = f"None of the {whole} {importance} signals is {known}at its bar."
        return f"All {whole} {importance} signals are at their bar." if met else none
    return f"Of the {whole} {importance} signals, {met} {'is' if met == 1 else 'are'} at the bar."


def _scored(signal: SignalEvidence) -> str:
    if signal.manager_score is None:
        return signal.title
    return f"{signal.title} ({number(signal.manager_score)}, the bar is {number(signal.bar)})"


def _sure(explanation: Explanation) -> Iterator[str]:
    yield f"Confidence is {explanation.confidence}."
    yield explanation.confidence_reason
    for part in explanation.confidence_parts:
        # Of no band, the reason says already that there is none to be sure of.
        told = part.name == "firmness" and part.share is None
        if not told and part.sentence.rstrip(".") not in explanation.confidence_reason:
            yield part.sentence


def _changes(explanation: Explanation) -> Iterator[str]:
    outlook = explanation.outlook
    yield outlook.summary
    for change in outlook.changes[:1]:
        yield f"{'For example: ' * (outlook.changes_in_all != 1 and change.in_full)}{change.sentence}"
    example = "For example: " if outlook.to_rate_in_all > 1 else ""
    for needed in outlook.to_rate[:1]:
        yield f"{example}{needed.sentence}"
    if explanation.borderline:
        yield "It is borderline: it stays in few of the plausible re-ratings."
    for change in outlook.could_lose[:1]:
        yield f"The band would drop first to {change.sentence}"


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
        f"{count(len(cells), 'rating by the manager was', 'ratings by the manager were')} used. "
        f"Rules applied: {join(rules)}. Sources: {join(sources)}. "
        "People wrote the rules, and people gave the ratings; a human decides."
    )
