"""Evidence to ask for: where much rests on a rating that nobody has written a word about.

No rule reads a comment. Whether there is one decides nothing; it says what to ask before the meeting.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from engine.words.explanation import EvidenceToAskFor, SignalEvidence
from rules.pack import RulePack

APART = ("self_higher", "self_lower")


def evidence_to_ask_for(pack: RulePack, signals: Sequence[SignalEvidence]) -> tuple[EvidenceToAskFor, ...]:
    """The signals without a comment by self or manager that are core and less than a rating step above their
    bar, or on which self and manager are apart by the pack's margin; in the order of `signals`."""
    return tuple(found for signal in signals if not _commented(signal) for found in _asked(pack, signal))


def _commented(signal: SignalEvidence) -> bool:
    return any(used.self_comment or used.manager_comment for used in signal.ratings)


def _asked(pack: RulePack, signal: SignalEvidence) -> Iterator[EvidenceToAskFor]:
    score, own = signal.manager_score, signal.self_score
    at_bar = signal.status == "met" and score is not None and score < signal.bar + pack.scale.step
    if signal.importance == "core" and at_bar:
        said = (
            f"“{signal.title}” is just at its bar ({_plain(score)}; the bar is {_plain(signal.bar)}), "
            "and nobody"
        )
        yield EvidenceToAskFor(
            signal.signal,
            signal.title,
            "at_the_bar",
            f"{said} has written what it rests on. Ask for an example.",
        )
    elif signal.agreement in APART and score is not None and own is not None:
        said = (
            f"Self and manager are {_plain(abs(own - score))} points apart on “{signal.title}”, and neither"
        )
        yield EvidenceToAskFor(
            signal.signal, signal.title, "views_apart", f"{said} says why. Ask both for an example."
        )


def _plain(number: Decimal | None) -> str:
    return f"{float(number or 0):.2f}".rstrip("0").rstrip(".")
