"""Worked examples of a pack: ratings in, what the rules must say out, run through the whole engine."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.explain.explanations import explain
from engine.prove.people import DAY, Person, assess_people
from engine.words.explanation import Explanation
from rules.pack import Band, Confidence, Example, RulePack


@dataclass(frozen=True)
class ExampleResult:
    """What one worked example came to."""

    example: Example
    fired: tuple[str, ...]
    """Codes of the rules that fired, of the lenses too."""
    recommendation: Band
    confidence: Confidence
    problems: tuple[str, ...]
    """What came out otherwise than the example says; empty when all is well."""


@dataclass(frozen=True)
class RuleCoverage:
    """How the worked examples cover one rule."""

    code: str
    fires_in: tuple[str, ...]
    misses_in: tuple[str, ...]
    """Examples in which it does not fire, each one input away from an example in which it does."""


def run_examples(pack: RulePack) -> tuple[ExampleResult, ...]:
    """Run every worked example of a pack, in its order."""
    if not pack.examples:
        return ()
    explained = explain(assess_people(pack, [person_of(pack, example) for example in pack.examples]))
    by_person = {explanation.person: explanation for explanation in explained}
    return tuple(_result(example, by_person[number]) for number, example in enumerate(pack.examples))


def accept(pack: RulePack, results: Iterable[ExampleResult]) -> RulePack:
    """The pack with its examples saying what came out: band, confidence, and which of the rules fire."""
    examples = tuple(
        result.example.model_copy(
            update={
                "recommendation": result.recommendation,
                "confidence": result.confidence,
                "fires": tuple(code for code in result.example.fires if code in result.fired),
                "misses": tuple(code for code in result.example.misses if code not in result.fired),
            }
        )
        for result in results
    )
    return pack.model_copy(update={"examples": examples})


def cover_rules(pack: RulePack, results: Sequence[ExampleResult]) -> tuple[RuleCoverage, ...]:
    """For every rule that is read on the day of the examples, those of lenses too, the examples that fire it
    and those that just miss it."""
    pack = pack.on(DAY)
    declared = [rule for promotion in pack.promotions for rule in promotion.rules]
    every = [*declared, *pack.rules, *(rule for lens in pack.lenses for rule in lens.rules)]
    return tuple(_coverage(rule.code, results) for rule in every)


def _coverage(code: str, results: Sequence[ExampleResult]) -> RuleCoverage:
    firing = [result for result in results if code in result.example.fires and code in result.fired]
    missing = [result for result in results if code in result.example.misses and code not in result.fired]
    just = [one for one in missing if any(_one_input_apart(one.example, other.example) for other in firing)]
    return RuleCoverage(code, _ids(firing), _ids(just))


def _ids(results: Iterable[ExampleResult]) -> tuple[str, ...]:
    return tuple(result.example.id for result in results)


def _one_input_apart(one: Example, other: Example) -> bool:
    if one.promotion != other.promotion:
        return False
    names = {*one.manager, *one.own, *one.unrated, *one.self_unrated}
    names |= {*other.manager, *other.own, *other.unrated, *other.self_unrated, ""}
    facts = {*one.answered_yes, *one.answered_no, *other.answered_yes, *other.answered_no}
    mine, theirs = (_inputs(example, names, facts) for example in (one, other))
    return sum(mine[key] != theirs[key] for key in mine) == 1


def _inputs(example: Example, competencies: Iterable[str], facts: Iterable[str]) -> dict[str, object]:
    """Everything that is given, by name; the empty name stands for all competencies that are not named."""
    given: dict[str, object] = {
        "months": example.months_in_level,
        "experience": example.experience_months,
        "review": example.review_months,
        "cycles": example.cycles_met_before,
        "specialisation": example.specialisation,
    }
    for fact in facts:
        given[f"fact {fact}"] = (fact in example.answered_yes, fact in example.answered_no)
    for name in competencies:
        given[f"manager {name}"] = _rating(example, name, example.manager, example.unrated)
        given[f"self {name}"] = _rating(example, name, example.own, example.self_unrated)
    # Both raters' usual rating is one input.
    del given["self "]
    return given


def _rating(
    example: Example, competency: str, named: Mapping[str, Decimal], absent: Sequence[str]
) -> Decimal | None:
    return None if competency in absent else named.get(competency, example.everything)


def _result(example: Example, explanation: Explanation) -> ExampleResult:
    fired = tuple(
        rule.code
        for rules in (explanation.rules, *(lens.rules for lens in explanation.lenses))
        for rule in rules
    )
    band, confidence = explanation.recommendation, explanation.confidence
    return ExampleResult(example, fired, band, confidence, tuple(_problems(example, explanation, fired)))


def _problems(example: Example, explanation: Explanation, fired: Sequence[str]) -> Iterator[str]:
    for what, wanted, found in (
        ("recommendation", example.recommendation, explanation.recommendation),
        ("confidence", example.confidence, explanation.confidence),
    ):
        if wanted != found:
            yield f"the {what} is {found}, not {wanted}"
    yield from (f"{code} does not fire" for code in example.fires if code not in fired)
    yield from (f"{code} fires" for code in example.misses if code in fired)


def person_of(pack: RulePack, example: Example) -> Person:
    """The example as somebody to assess."""
    names = [competency.id for competency in pack.competencies]
    return Person(
        id=example.id,
        promotion=pack.promotion(example.promotion),
        manager={name: _rating(example, name, example.manager, example.unrated) for name in names},
        own={name: _rating(example, name, example.own, example.self_unrated) for name in names},
        months_in_level=example.months_in_level,
        review_months=example.review_months,
        experience_months=example.experience_months,
        cycles_met_before=example.cycles_met_before,
        specialisation=example.specialisation,
        answers=dict.fromkeys(example.answered_yes, True) | dict.fromkeys(example.answered_no, False),
    )
