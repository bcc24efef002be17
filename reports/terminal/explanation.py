"""One recommendation as text for the terminal: why, how sure, what would change it, from which cells."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from engine.phrases import day, join, number, percent
from engine.words import Explanation, FiredRule, RatingUsed, SignalEvidence
from inputs import Cell, Rater
from reports.shown import looks
from reports.shown.cells import CellNames
from reports.shown.decided import Decided, Revised
from rules.pack import RulePack

WIDTH = 100
FINDING = "finding."


def explanation_lines(
    explanation: Explanation, pack: RulePack, decided: Decided | None, revised: Iterable[Revised] = ()
) -> Iterator[str]:
    """The whole explanation, line by line: what was decided, if anything was, then the recommendation."""
    name = explanation.employee_name or explanation.employee_id
    yield f"{name} ({explanation.employee_id}): {explanation.level_title} to {explanation.next_level_title}"
    for one in revised:
        why = f": {one.reason}" if one.reason else ""
        yield from _wrapped(
            f"Decided before: {one.before}; then {one.after}, by {one.by} on {day(one.on)}{why}", ""
        )
    if decided is not None:
        yield from decided_lines(decided)
    label = pack.bands[explanation.recommendation].label
    band = f"{looks.BANDS[explanation.recommendation].symbol} {label}"
    borderline = ", borderline" if explanation.borderline else ""
    confidence = pack.confidences[explanation.confidence].label.lower()
    yield f"{band}, confidence {confidence}{borderline}"
    if explanation.lowest:
        yield from _wrapped(f"Lowest rating: {_lowest(explanation)}", "  ")
    for reason in explanation.reasons[:1]:
        yield from _wrapped(reason, "  ")
    if explanation.next_step:
        yield from _wrapped(f"Next step: {explanation.next_step}", "  ")
    yield from _why_lines(explanation, pack)
    yield from _confidence_lines(explanation)
    yield from _change_lines(explanation)
    yield from _question_lines(explanation)
    yield from _present_lines(explanation)
    yield from _evidence_lines(explanation, pack)
    yield from _comment_lines(explanation)
    yield from _lens_lines(explanation)
    yield ""


def decided_lines(decided: Decided) -> Iterator[str]:
    """What was decided, above what the rules say."""
    made = decided.decision
    yield f"Decided: {decided.label}, {decided.means} ({made.decided_by}, {day(made.decided_on)})"
    if decided.reason:
        yield from _wrapped(f"Reason: {decided.reason}", "  ")
    if made.follow_up:
        yield from _wrapped(f"Follow-up: {made.follow_up}", "  ")
    yield "What the rules had recommended, and why:"


@dataclass
class _Trace:
    """The rules that fired, as a tree: below each rule the findings that its condition names."""

    rules: Sequence[FiredRule]
    pack: RulePack
    shown: set[str] = field(default_factory=set)

    def lines(self, rule: FiredRule, indent: str = "", last: bool = True) -> Iterator[str]:
        """A rule, its sentence, its facts and what it rests on."""
        corner, rest = ("└─ ", "   ") if last else ("├─ ", "│  ")
        head = f"{rule.code}  {rule.title}" + ("" if rule.decisive else " (overridden by another rule)")
        yield f"{indent}{corner}{head}"
        below = indent + rest
        if rule.code in self.shown:
            yield f"{below}(see above)"
            return
        self.shown.add(rule.code)
        yield from _wrapped(rule.sentence, below)
        yield from _wrapped(f"Fires when {rule.condition}.", below)
        plain = [f"{_words(name).lower()}: {value}" for name, value in rule.facts if FINDING not in name]
        if plain:
            yield from _wrapped("Here: " + "; ".join(plain) + ".", below)
        absent = [
            f"“{self.pack.finding(name.removeprefix(FINDING)).title}”"
            for name, value in rule.facts
            if FINDING in name and value == "no"
        ]
        if absent:
            yield from _wrapped(f"Not found here: {join(absent, word='or')}.", below)
        yield from _wrapped(f"Source: {rule.cite.source}, {rule.cite.section}.", below)
        named = {name.removeprefix(FINDING) for name, value in rule.facts if value == "yes"}
        causes = [one for one in self.rules if one.topic == "finding" and one.conclusion in named]
        for n, cause in enumerate(causes, start=1):
            yield from self.lines(cause, below, n == len(causes))


def _why_lines(explanation: Explanation, pack: RulePack) -> Iterator[str]:
    """The trace: what decided, how sure the rules are, and what else they found."""
    trace = _Trace(explanation.rules, pack)
    for heading, topic in (
        ("Why this recommendation", "recommendation"),
        ("Why this confidence", "confidence"),
        ("What else the rules found", "finding"),
    ):
        rules = [rule for rule in explanation.rules if rule.topic == topic and rule.code not in trace.shown]
        rules.sort(key=lambda rule: not rule.decisive)
        if rules:
            yield from ("", heading)
        for n, rule in enumerate(rules, start=1):
            if topic != "finding" or rule.code not in trace.shown:
                yield from trace.lines(rule, "", n == len(rules))


def _lens_lines(explanation: Explanation) -> Iterator[str]:
    """What each framework shows of the same ratings."""
    if explanation.lenses:
        yield ""
        yield "Through the frameworks of the sources (they decide nothing)"
    for lens in explanation.lenses:
        yield from _wrapped(f"{lens.title}: {lens.value_label}", "  ")
        for rule in lens.rules:
            yield from _wrapped(f"{rule.code}  {rule.sentence}", "    ")


def _confidence_lines(explanation: Explanation) -> Iterator[str]:
    yield from ("", "How sure")
    for part in explanation.confidence_parts:
        share = "–" if part.share is None else percent(part.share)
        yield from _wrapped(f"{part.title + ':':<19}{share:>4}  {part.sentence}", "  ", hang=27)


def _change_lines(explanation: Explanation) -> Iterator[str]:
    """What would change the recommendation, and what could lose it."""
    outlook = explanation.outlook
    yield from (
        "",
        "What would change it (not advice to rate differently: this shows how near the next band is)",
    )
    yield from _wrapped(outlook.summary, "  ")
    for change in outlook.changes:
        example = "for example: " * (outlook.changes_in_all is None and change.in_full)
        yield from _wrapped(f"+ {example}{change.sentence}", "  ", hang=4)
    yield from _more(len(outlook.changes), outlook.changes_in_all)
    for needed in outlook.to_rate:
        yield from _wrapped(f"? {needed.sentence}", "  ", hang=4)
    yield from _more(len(outlook.to_rate), outlook.to_rate_in_all)
    if outlook.decisive_steps:
        yield from ("", "One rating step that changes it")
        for step in outlook.decisive_steps:
            yield from _wrapped(f"± {step.sentence}", "  ", hang=4)
    if outlook.could_lose:
        yield from ("", "What could lower it (the smallest changes)")
        for change in outlook.could_lose:
            yield from _wrapped(f"- {change.sentence}", "  ", hang=4)
        yield from _more(len(outlook.could_lose), outlook.could_lose_in_all)


def _more(shown: int, in_all: int | None) -> Iterator[str]:
    if in_all is not None and in_all > shown:
        yield f"  … and {in_all - shown} more"


def _lowest(explanation: Explanation) -> str:
    names = CellNames.of(explanation)
    return ", ".join(
        f"{one.competency_title} ({names.text(one.cell) or number(one.rating)})" for one in explanation.lowest
    )


def _question_lines(explanation: Explanation) -> Iterator[str]:
    """What is open; it changes neither band nor confidence."""
    if explanation.questions:
        yield from ("", "Open questions (they change neither band nor confidence)")
    for question in explanation.questions:
        yield from _wrapped(f"? {question.title}: {question.sentence}", "  ", hang=4)


def _present_lines(explanation: Explanation) -> Iterator[str]:
    """What the present level expects and the ratings do not show."""
    missed = explanation.short_of_present
    if not missed:
        return
    yield from ("", f"Below what {explanation.level_title} expects")
    names = CellNames.of(explanation)
    for one in missed:
        where = names.text(one.cell)
        cell = f" ({where})" if where else ""
        yield from _wrapped(
            f"{one.competency_title}: {_score(one.rating)}{cell}, expected {_score(one.expected)}",
            "  ",
            hang=4,
        )


def _evidence_lines(explanation: Explanation, pack: RulePack) -> Iterator[str]:
    """Signals with their ratings; a sheet that all cells are on is named once."""
    names = CellNames.of(explanation)
    where = f", from sheet {names.sheet}" if names.sheet else ""
    yield from (
        "",
        f"Evidence{where} (the manager's score is compared with the bar; the self rating decides nothing)",
    )
    if explanation.scale_note:
        yield from _wrapped(explanation.scale_note, "  ")
    for signal in explanation.evidence:
        yield from _signal_lines(explanation, signal, names, pack.statuses[signal.status].label)
    if explanation.missing:
        yield from _wrapped(f"{explanation.missing_because}: {', '.join(explanation.missing)}", "  ")
    if explanation.signal_overrides:
        yield from ("", f"What the specialisation {explanation.specialisation} asks differently")
        for one in explanation.signal_overrides:
            yield from _wrapped(f"{one.title}: {one.sentence} {one.reason}", "  ", hang=4)


def _comment_lines(explanation: Explanation) -> Iterator[str]:
    """What was written, with its cells."""
    names = CellNames.of(explanation)
    if explanation.comments:
        yield from ("", "What was written")
    for one in explanation.comments:
        about = "overall" if one.competency is None else f"on {one.about}"
        cell = f" ({names.text(one.cell)})" if one.cell else ""
        yield from _wrapped(f"{one.rater.capitalize()} {about}{cell}: {one.text}", "  ", hang=4)


def _signal_lines(
    explanation: Explanation, signal: SignalEvidence, names: CellNames, status: str
) -> Iterator[str]:
    look = looks.STATUSES[signal.status]
    yield from _wrapped(
        f"{look.symbol} {signal.title} [{signal.importance}]: {status.lower()}; "
        f"manager {_score(signal.manager_score)}, bar {_score(signal.bar)}, self {_score(signal.self_score)}",
        "  ",
        hang=4,
    )
    width = max(len(used.competency_title) for used in signal.ratings)
    for used in signal.ratings:
        yield from _wrapped(
            f"{used.competency_title:<{width}}  {_ratings(explanation, used, names)}", " " * 6, hang=8
        )


def _ratings(explanation: Explanation, used: RatingUsed, names: CellNames) -> str:
    sides: tuple[tuple[Rater, Decimal | None, Cell | None], ...] = (
        ("manager", used.manager_rating, used.manager_cell),
        ("self", used.self_rating, used.self_cell),
    )
    return ", ".join(
        f"{rater} {_score(rating, unused=explanation.is_not_used(used.competency, rater))} "
        f"({names.text(cell) or 'no such column'})"
        for rater, rating, cell in sides
    )


def _words(name: str) -> str:
    return name.replace("_", " ").replace(".", " ").capitalize()


def _score(score: Decimal | None, *, unused: bool = False) -> str:
    nothing = "not used" if unused else "not rated"
    return nothing if score is None else number(score)


def _wrapped(text: str, indent: str, hang: int = 0) -> list[str]:
    rest = " " * hang if hang else indent
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=rest) or [""]
