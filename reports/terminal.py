"""One recommendation as text for the terminal: why, on what evidence, from which cells."""

import textwrap
from collections.abc import Iterator
from decimal import Decimal

from engine.explanation import Explanation, FiredRule, RatingUsed, SignalEvidence
from reports import looks

WIDTH = 96


def explanation_lines(explanation: Explanation) -> Iterator[str]:
    """The whole explanation, line by line."""
    name = explanation.employee_name or explanation.employee_id
    yield f"{name} ({explanation.employee_id}): {explanation.level_title} to {explanation.next_level_title}"
    yield f"{_symbol(explanation)} {_words(explanation.recommendation)}, confidence {explanation.confidence}"
    yield ""
    yield "Why"
    for rule in explanation.rules:
        yield from _rule_lines(rule)
    yield ""
    yield "Evidence (manager's score against the bar; the self rating decides nothing)"
    for sign in explanation.evidence:
        yield from _sign_lines(sign)
    if explanation.missing:
        yield ""
        yield from _wrapped("Not rated by the manager: " + ", ".join(explanation.missing), "")
    if explanation.next_step:
        yield ""
        yield from _wrapped("Next step: " + explanation.next_step, "")
    yield ""


def _rule_lines(rule: FiredRule) -> Iterator[str]:
    gave_way = "" if rule.decisive else " (gave way to a stronger rule)"
    yield from _wrapped(f"{rule.code}  {rule.sentence}{gave_way}", "  ", hang=len(rule.code) + 4)
    facts = ", ".join(f"{name} = {value}" for name, value in rule.facts)
    because = f"when {rule.condition}" + (f"; here {facts}" if facts else "")
    yield from _wrapped(because, " " * (len(rule.code) + 4))
    yield from _wrapped(f"source: {rule.cite.source}, {rule.cite.section}", " " * (len(rule.code) + 4))


def _sign_lines(sign: SignalEvidence) -> Iterator[str]:
    look = looks.STATUSES[sign.status]
    yield from _wrapped(
        f"{look.symbol} {sign.title} [{sign.importance}]: {_words(sign.status).lower()}; "
        f"manager {_score(sign.manager_score)}, bar {_score(sign.bar)}, self {_score(sign.self_score)}",
        "  ",
        hang=4,
    )
    for used in sign.ratings:
        yield from _wrapped(f"{used.competency_title}: {_ratings(used)}", " " * 6)


def _ratings(used: RatingUsed) -> str:
    sides = (
        ("manager", used.manager_rating, used.manager_cell),
        ("self", used.self_rating, used.self_cell),
    )
    return ", ".join(
        f"{rater} {_score(rating)}" + (f" ({cell})" if cell else " (no such column)")
        for rater, rating, cell in sides
    )


def _symbol(explanation: Explanation) -> str:
    return looks.BANDS[explanation.recommendation].symbol


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _score(score: Decimal | None) -> str:
    return "not rated" if score is None else f"{score.normalize():f}"


def _wrapped(text: str, indent: str, hang: int = 0) -> list[str]:
    rest = " " * hang if hang else indent
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=rest) or [""]
