"""Examples that are proposed for small changes of a pack that no example notices.

A solver looks for somebody for whom a rule fires before the change and not after it, or the other way round.
What rests on how firm a band is, which is counted and not proved, is sought among people at random.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import z3
from pydantic import ValidationError

from engine.decide.assessment import Outcome
from engine.decide.program import Programs
from engine.decide.variants import Variant
from engine.prove.people import Person
from engine.prove.possible import Possible
from engine.prove.strength import Mutant, Strength, is_noticed, outcomes_of, touches
from engine.prove.terms import Formula
from rules import replaced, value_at
from rules.pack import Example, Promotion, Rule, RulePack


def proposed_examples(pack: RulePack, strength: Strength) -> tuple[Example, ...]:
    """Examples that notice what no example notices so far, as far as somebody is found who shows it."""
    found: list[Example] = []
    proposing = _Proposing(pack)
    for mutant in strength.unnoticed:
        so_far = pack.model_copy(update={"examples": tuple(found)})
        if not is_noticed(so_far, mutant):
            found.extend(proposing.example_of(mutant, len(pack.examples) + len(found) + 1))
    return tuple(found)


def changing_nothing(pack: RulePack, strength: Strength) -> tuple[Mutant, ...]:
    """The changes that no example notices because nobody could come out otherwise, as a solver shows."""
    proposing = _Proposing(pack)
    return tuple(one for one in strength.unnoticed if proposing.changes_nothing(one))


POOL = 400
"""People at random for each promotion, of whom examples are chosen."""


@dataclass
class _Proposing:
    """People for whom small changes of a pack matter."""

    pack: RulePack
    sides: dict[tuple[str, bool], "_Side"] = field(default_factory=dict)
    """The pack as it is, by promotion and by whether everything is rated."""

    def example_of(self, mutant: Mutant, number: int) -> Iterator[Example]:
        """The first example that notices a change; none where nobody is found."""
        other = replaced(self.pack, mutant.path, mutant.value)
        for someone in (*self._aimed(mutant, other), *self._at_random(mutant, other)):
            example = _saying(self.pack, other, someone, mutant, number)
            if example and is_noticed(self.pack.model_copy(update={"examples": (example,)}), mutant):
                yield example
                return

    def changes_nothing(self, mutant: Mutant) -> bool:
        """Whether the same rules on findings and bands fire for everybody; what confidence rests on besides
        is then the same too, if no rule on it is changed."""
        changed = value_at(self.pack, mutant.path[:-1])
        if isinstance(changed, Rule) and changed.topic == "confidence":
            return False
        return not any(self._parted(mutant, replaced(self.pack, mutant.path, mutant.value)))

    def _parted(self, mutant: Mutant, other: RulePack) -> Iterator[Person]:
        """Whom a solver finds, with everything rated and then with ratings missing, in each promotion."""
        for promotion in self.pack.promotions:
            if touches(self.pack, mutant, promotion.id):
                changed = other.promotion(promotion.id)
                for complete in (True, False):
                    side = self._side(promotion, complete=complete)
                    person = side.parted_from(_Side(other, changed, complete))
                    if person is not None:
                        yield person

    def _aimed(self, mutant: Mutant, other: RulePack) -> Iterator[Example]:
        examples = (_example_of(self.pack, person) for person in self._parted(mutant, other))
        return (example for example in examples if example is not None)

    def _side(self, promotion: Promotion, *, complete: bool) -> "_Side":
        key = (promotion.id, complete)
        return self.sides.setdefault(key, _Side(self.pack, promotion, complete))

    def _at_random(self, mutant: Mutant, other: RulePack) -> Iterator[Example]:
        """Those of many people for whom other rules fire, or who come to no conclusion or to two."""
        places = [n for n, one in enumerate(self._pool) if touches(self.pack, mutant, one.promotion)]
        after = outcomes_of(other, [self._pool[n] for n in places])
        if after is None:
            yield _undecided(other, [self._pool[n] for n in places])
        for n, outcome in zip(places, after or (), strict=after is not None):
            if outcome.fired != self._as_they_are[n].fired:
                yield self._pool[n]

    @cached_property
    def _pool(self) -> list[Example]:
        dice = random.Random(11)
        return [_at_random(self.pack, one, dice) for one in self.pack.promotions for _ in range(POOL)]

    @cached_property
    def _as_they_are(self) -> Sequence[Outcome]:
        found = outcomes_of(self.pack, self._pool)
        assert found is not None, "the pack is sound"
        return found


def _undecided(pack: RulePack, examples: Sequence[Example]) -> Example:
    """One of these, among whom there is somebody for whom the rules come to no conclusion, or to two."""
    while len(examples) > 1:
        half = examples[: len(examples) // 2]
        examples = half if outcomes_of(pack, half) is None else examples[len(half) :]
    return examples[0]


@dataclass(frozen=True)
class _Side:
    """The rules on findings and bands of one promotion, over anybody whom it could meet."""

    pack: RulePack
    promotion: Promotion
    complete: bool

    @cached_property
    def _possible(self) -> Possible:
        variant = Variant(self.promotion, self.promotion, None)
        return Possible(self.pack, variant, complete=self.complete)

    @cached_property
    def _fires(self) -> dict[str, Formula]:
        """When each rule fires: those on the band where everything is rated, those on findings always."""
        programs = Programs.of(self.pack, self.promotion)
        facts = self._possible.facts(self._possible.given)
        on_band = facts.fires(programs.band) if self.complete else {}
        return {**on_band, **facts.fires(programs.findings)}

    def parted_from(self, other: "_Side") -> Person | None:
        """Somebody for whom a rule fires on one side and not on the other."""
        parted = [fires != other._fires[code] for code, fires in self._fires.items()]
        found = self._possible.find(z3.Or(parted), z3.Not(self._possible.times.earlier))
        return None if found is None else found.person


def _example_of(pack: RulePack, person: Person) -> Example | None:
    """Somebody as an example; None where their ratings have too many decimals to be written down."""
    rated = [rating for rating in person.manager.values() if rating is not None]
    usual = max(dict.fromkeys(rated), key=rated.count, default=pack.scale.highest)
    values = {
        "id": "proposed",
        "about": "Proposed.",
        "promotion": person.promotion.id,
        "everything": usual,
        "manager": {name: one for name, one in person.manager.items() if one not in (None, usual)},
        "self": {name: one for name, one in person.own.items() if one not in (None, usual)},
        "unrated": tuple(name for name, one in person.manager.items() if one is None),
        "self_unrated": tuple(name for name, one in person.own.items() if one is None),
        "months_in_level": person.months_in_level,
        "experience_months": person.experience_months,
        "cycles_met_before": person.cycles_met_before,
        "review_months": person.review_months,
        "recommendation": "developing",
        "confidence": "low",
    }
    try:
        return Example.model_validate(values)
    except ValidationError:
        return None


def _saying(pack: RulePack, other: RulePack, example: Example, mutant: Mutant, number: int) -> Example | None:
    """The example with what comes out, and with what would only come out after the change as `misses`."""
    before, after = outcomes_of(pack, [example]), outcomes_of(other, [example])
    if not before:
        return None
    outcome = before[0]
    more = [code for one in after or () for code in one.fired if code not in outcome.fired]
    return example.model_copy(
        update={
            "id": f"case_{number:03d}",
            "about": f"Would come out otherwise with {mutant.what}.",
            "recommendation": outcome.recommendation,
            "confidence": outcome.confidence,
            "fires": outcome.fired,
            "misses": tuple(more),
        }
    )


def _at_random(pack: RulePack, promotion: Promotion, dice: random.Random) -> Example:
    """Somebody near the bars: most ratings at or beside them, one or two elsewhere."""
    scale = pack.scale
    bars = [pack.bar_of(promotion, signal) for signal in promotion.signals]
    expected = [one.rating for one in pack.level(promotion.from_level).expects]
    steps = int((scale.highest - scale.lowest) / scale.step)
    rungs = [scale.lowest + scale.step * n for n in range(steps + 1)]
    usual = min(rungs, key=lambda rung: abs(rung - dice.choice([*bars, *expected])))
    names = [name for signal in promotion.signals for name in signal.competencies]
    several = len(set(names))
    chosen = dice.sample(sorted(set(names)), k=min(several, dice.choice([0, 1, 1, 2, 3, 5, several // 2])))
    # Many that are a step away make bands that hardly any re-rating changes.
    steps_away = 1 if len(chosen) == several // 2 else 3
    near = [rung for rung in rungs if abs(rung - usual) <= steps_away * scale.step]
    rated = {name: dice.choice(near) for name in chosen}
    if dice.random() < 0.15:
        rated[dice.choice(names)] = scale.lowest
    months, stale, ends = pack.standard.observation_months, pack.standard.stale_months, [24, 48, 120]
    if promotion.tenure is not None:
        ends = [promotion.tenure.least_months, promotion.tenure.most_months or 240]
    experience = dice.choice([end + more for end in ends for more in (-1, 0, 1, 12)])
    return Example(
        id="proposed",
        about="Proposed.",
        promotion=promotion.id,
        everything=usual,
        manager=rated,
        unrated=tuple(dice.sample(names, k=1)) if dice.random() < 0.15 else (),
        months_in_level=dice.choice([24, 24, 24, 48, months, months + 1, months + 2, None]),
        experience_months=max(experience, 0),
        review_months=dice.choice([1, 1, 1, stale, stale + 1, None]),
        recommendation="developing",
        confidence="low",
    )
