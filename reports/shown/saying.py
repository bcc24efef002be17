"""What to say to somebody first about a step: one line, never cut."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.explain import advice_on
from engine.phrases import day, join, span
from engine.words import Expectation, Explanation, WrittenComment
from reports.shown.content import Run
from reports.shown.crux import SIGNALS, lowest_beside, still_to_show, strongest
from reports.shown.grouped import grouped
from rules.pack import BANDS, RulePack

_PRESENT = frozenset(("present_met", "present_below", "present_shortfall", "largest_present_shortfall"))
"""The facts on what the present level expects."""


ABOUT = 3
"""Titles that are named where one text was written to several ratings."""


def each_once(comments: Iterable[WrittenComment]) -> list[WrittenComment]:
    """Comments in their order; what a rater wrote word for word to several ratings stands once, with their
    titles: nobody has to see for themselves that it was copied."""
    alike = grouped(comments, lambda one: (one.rater, " ".join(one.text.split())))
    return [
        replace(same[0], about=f"{join([one.about for one in same], most=ABOUT)}, word for word the same")
        if same[1:]
        else same[0]
        for same in alike.values()
    ]


def what_to_say(one: Explanation, run: Run) -> str:
    """`Still to show: …`, or what was decided, what has to be rated first, or what is there already."""
    made = run.decided(one)
    if made is not None and made.decision.decision == BANDS[0]:
        return f"Decided: {made.means}."
    if made is None:
        return _with_lowest(_open(one, run), one)
    begun = f"Decided: {made.means}."
    # Where the rules see everything there, or nothing to judge, their words would speak against the decision.
    against = {BANDS[0], "insufficient_evidence"} & {one.recommendation, made.decision.decision}
    if made.changed and against:
        return f"{begun} Say why the room decided otherwise than the rules."
    return _with_lowest(f"{begun} {_open(one, run)}", one)


def _with_lowest(said: str, one: Explanation) -> str:
    """A line that also names what is rated lowest on the scale, where something can be said at all."""
    lowest = lowest_beside(said, one) if one.recommendation != "insufficient_evidence" else ""
    return f"{said} {lowest}." if lowest else said


def _open(one: Explanation, run: Run) -> str:
    if one.recommendation == BANDS[0]:
        least = strongest(one, len(one.evidence))[::-1]
        there = "What it rests on is there." if still_to_show(one) else "All of it is there."
        examples = [signal.title for signal in least if signal.importance == "core"]
        examples = (examples or [signal.title for signal in least])[:2]
        return f"{there} Have an example ready for {join(examples)}." if examples else there
    if one.recommendation == "insufficient_evidence":
        if said := too_early(one, run):
            return said
        needed = one.outlook.to_rate[0].ratings if one.outlook.to_rate else ()
        missing = [move.competency_title for move in needed]
        if one.kind == "cannot_be_told":
            missing = missing or list(one.missing)
        return f"Rate first: {_named(missing)}." if missing and not one.corrects_file else one.next_step
    if first := present_first(one):
        return f"Still to show as {one.level_title}: {_named([e.competency_title for e in first])}."
    short = still_to_show(one)
    if not short:
        return one.next_step
    core = [signal.title for signal in short if signal.importance == "core"]
    return f"Still to show: {_named(core or [signal.title for signal in short])}."


def too_early(one: Explanation, run: Run) -> str:
    """From when a review would be enough to judge somebody whose review came too early; else nothing."""
    on = one.outlook.from_day
    if on is None or one.recommendation != BANDS[-1]:
        return ""
    settled = one.outlook.from_day_recommendation is not None
    enough = "would be enough to judge" if settled else "would be enough once what is missing is there too"
    if on <= run.day:
        return f"The review came too early; a new one {enough}."
    return f"Too early to say; a review on or after {day(on)} {enough}."


def about_time(one: Explanation, pack: RulePack) -> str:
    """From when a minimum time no longer holds somebody back, and what that brings; or that the date from
    which it counts is missing; else nothing."""
    on, then = one.outlook.from_day, one.outlook.from_day_recommendation
    asked = pack.promotion(one.promotion).tenure
    if asked is not None and one.tenure == "unknown":
        began = "at your present level" if asked.measure == "time_in_level" else "in the profession"
        return f"The file has no date for when you began {began}. Tell HR, so that the time can be counted."
    if on is None or asked is None or one.recommendation == BANDS[-1]:
        return ""
    counted = "at your present level" if asked.measure == "time_in_level" else "of experience"
    so = f"This step asks for at least {span(asked.least_months)} {counted}, which you reach on {day(on)}."
    if then in (None, one.recommendation):
        return f"{so} Until then no rating leads further."
    return f"{so} With ratings like these the recommendation would then be {pack.bands[then].label}."


def present_first(one: Explanation) -> list[Expectation]:
    """What the present level expects and the ratings do not show, where the recommendation rests on that."""
    missed = [*one.short_of_present]
    return missed if missed and _rests_on_the_present_level(one) else []


def present_plan(one: Explanation, pack: RulePack) -> list[tuple[str, str]]:
    """The titles of the same, with what helps to show them; nothing is advised twice."""
    promotion, plan = pack.promotion(one.promotion), dict[str, list[str]]()
    for missed in present_first(one):
        advice = advice_on(pack, promotion, missed.competency) or one.next_step
        plan.setdefault(advice, []).append(missed.competency_title)
    return [(_named(titles), advice) for advice, titles in plan.items()]


def _rests_on_the_present_level(one: Explanation) -> bool:
    """Whether the deciding rule, or a finding that it names, looks at what the present level expects."""
    named = {
        name
        for rule in one.rules
        if rule.topic == "recommendation" and rule.decisive
        for name, _ in rule.facts
    }
    drawn = (rule for rule in one.rules if f"finding.{rule.conclusion}" in named)
    return not _PRESENT.isdisjoint(named | {name for rule in drawn for name, _ in rule.facts})


def _named(titles: Sequence[str]) -> str:
    return join(titles, most=SIGNALS)
