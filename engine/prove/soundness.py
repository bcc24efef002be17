"""Is a pack's set of rules sound: does every possible case get one recommendation, and can every rule fire?

Gaps and contradictions are sought by enumeration through the rule engine: every combination of the bins that
the rules of a topic look at. Where something goes wrong in one, or where there are too many, a solver looks
for a person in such a case. A combination that no ratings and dates can bring about is no flaw. Who is found
is put before the engine before they are shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from itertools import chain

import z3

from engine.decide.answers import answer_columns
from engine.decide.monotony import is_monotone
from engine.decide.program import Programs
from engine.decide.recommending import Recommender, gives_way
from engine.decide.supposed import INSUFFICIENT
from engine.decide.variants import Variant, variants_of
from engine.phrases import join
from engine.prove.confirming import UnconfirmedExampleError, like, undecided
from engine.prove.enumeration import enumerate_cases
from engine.prove.flaws import Barred, Flaw, Hollow, Proof, Soundness, never_drawn
from engine.prove.hollow import empty_lists
from engine.prove.lens_soundness import check_lens
from engine.prove.needless import idle_signals, unused_parts, vain_conditions
from engine.prove.possible import Found
from engine.prove.rising import check_monotony
from engine.prove.unknown import passed_without_a_number
from engine.prove.verdicts import Bands, Confidences
from rules.pack import BANDS, Band, Promotion, Rule, RulePack

TOPICS = ("recommendation", "confidence")


def check_soundness(pack: RulePack) -> Soundness:
    """Look for every flaw in the rules of a pack. Its references are in order: `load_pack` saw to it. Raises
    `PackError` when a sheet can have no column for one of its yes/no facts.

    Rules with dates of validity are looked at for each time in which the same ones are read.
    """
    answer_columns(pack.facts)
    if not pack.days_of_change:
        return _check(pack)
    first = pack.days_of_change[0]
    periods = {f"before {first}": first - timedelta(days=1)}
    periods |= {f"from {day} on": day for day in pack.days_of_change}
    found = {name: _check(pack.on(day)) for name, day in periods.items()}
    # What one time does not need, another may.
    never = set.intersection(*({(flaw.kind, flaw.part) for flaw in one.flaws} for one in found.values()))
    flaws = tuple(
        replace(flaw, text=f"{name}: {flaw.text}")
        for name, one in found.items()
        for flaw in one.flaws
        if flaw.part is None or (flaw.kind, flaw.part) in never
    )
    return replace(list(found.values())[-1], flaws=flaws)


def hollow_sentences(pack: RulePack) -> tuple[Hollow, ...]:
    """The lists in sentences of a sound pack that can be empty where the sentence is shown, each for the
    first promotion where it can; of rules with dates of validity, as they are read in the end."""
    pack = pack.on(pack.days_of_change[-1]) if pack.days_of_change else pack
    found: dict[tuple[str, str], Hollow] = {}
    for promotion in pack.promotions:
        asked = _Asked.of(pack, promotion)[0]
        for one in empty_lists(asked.confidences, asked.rules_on("recommendation").values()):
            found.setdefault((one.rule, one.placeholder), one)
    return tuple(found.values())


def _check(pack: RulePack) -> Soundness:
    promotions = [_Asked.of(pack, promotion) for promotion in pack.promotions]
    named = {asked.variant.base.id: asked.programs.facts_named for asked, *_ in promotions}
    flaws: list[Flaw] = list(unused_parts(pack, named))
    proofs: list[Proof] = []
    seen: dict[object, bool] = {}
    for variants in promotions:
        for topic in TOPICS:
            first = variants[0]
            proof, sound = enumerate_cases(first.programs, first.recommender, topic, seen)
            proofs.append(proof)
            found = (asked.flaws(topic) for asked in variants if not sound)
            flaws += next((some for some in found if some), [])
    dead = list(_dead(pack, promotions))
    flaws += dead
    idle = {code for flaw in dead for code in flaw.rules}
    flaws += [flaw for flaw in vain_conditions(pack) if idle.isdisjoint(flaw.rules)]
    if not flaws:
        for asked in chain.from_iterable(promotions):
            flaws += idle_signals(pack, asked.variant, asked.programs, asked.recommender)
    for lens in pack.lenses:
        of_lens, searched = check_lens(pack, lens)
        flaws += of_lens
        proofs += [searched] if searched else []
    monotony = [
        check_monotony(pack, asked.variant.promotion, asked.programs.band, asked.recommender)
        for asked, *_ in promotions
    ]
    passed = [
        one for asked, *_ in promotions for one in passed_without_a_number(asked.programs, asked.recommender)
    ]
    # A flaw in a rule may be all that keeps people from a band.
    barred = () if flaws else tuple(_barred(promotions))
    return Soundness(tuple(flaws), tuple(proofs), tuple(monotony), tuple(passed), barred)


@dataclass(frozen=True)
class _Asked:
    """A promotion as one specialisation asks for it."""

    pack: RulePack
    variant: Variant
    programs: Programs
    recommender: Recommender

    @classmethod
    def of(cls, pack: RulePack, promotion: Promotion) -> "tuple[_Asked, ...]":
        """As everybody is asked, then as each specialisation that asks for something differently."""
        programs = Programs.of(pack, promotion)
        recommender = Recommender.of(programs.band)
        return tuple(cls(pack, one, programs, recommender) for one in variants_of(pack, promotion))

    @cached_property
    def bands(self) -> Bands:
        """The rules on the band as formulas."""
        return Bands.of(self.pack, self.variant, self.programs)

    @cached_property
    def confidences(self) -> Confidences:
        """The rules on findings and on the confidence."""
        monotone = is_monotone(self.recommender)
        return Confidences.of(self.pack, self.variant, self.programs, monotone=monotone)

    def of_topic(self, topic: str) -> Bands | Confidences:
        """The rules on the band, or those on the confidence."""
        return self.bands if topic == "recommendation" else self.confidences

    def rules_on(self, topic: str) -> dict[str, Rule]:
        """The rules that conclude one topic, by code."""
        program = self.programs.band if topic == "recommendation" else self.programs.confidence
        return {code: rule for code, rule in program.rules.items() if rule.topic == topic}

    @property
    def title(self) -> str:
        """The promotion, and the specialisation where there is one."""
        special = self.variant.specialisation
        title = self.variant.base.title
        return title if special is None else f"{title}, for the specialisation {special.title}"

    def given(self, bands: Sequence[Band]) -> set[str]:
        """Those of some bands to which some ratings and dates lead."""
        return self.bands.which({band: self.bands.topic.says(band) for band in bands})

    def flaws(self, topic: str) -> list[Flaw]:
        """What is wrong with the rules of one topic."""
        one = self.of_topic(topic)
        return [*self._gaps(topic, one), *self._contradictions(one)]

    def _gaps(self, topic: str, one: Bands | Confidences) -> Iterator[Flaw]:
        found = one.find(one.topic.silent)
        if found is not None:
            text = f"{self.title}: no rule gives a {topic} in this case; add a rule that covers it"
            code, facts = one.neighbour(found) or ("", ())
            if code:
                text += f", or widen {code}, which misses it by {join([f'`{fact}`' for fact in facts])} alone"
            codes = (code,) if code else ()
            yield self._shown(found, topic, Flaw("gap", self.variant.base.id, codes, text))

    def _contradictions(self, side: Bands | Confidences) -> Iterator[Flaw]:
        topic, told = side.topic, list[z3.BoolRef]()
        while (found := side.find(topic.torn, *told)) is not None:
            fired = [rule for rule in topic.rules if found.holds(topic.fires[rule.code])]
            one, other = _at_odds(fired)
            told.append(z3.Not(z3.And(topic.fires[one.code], topic.fires[other.code])))
            text = (
                f"{self.title}: {one.code} says {one.conclusion} and {other.code} says {other.conclusion} in "
                "the same case; make their conditions exclude each other, or name the weaker rule in "
                "`overrides` of the stronger"
            )
            flaw = Flaw("contradiction", self.variant.base.id, (one.code, other.code), text)
            yield self._shown(found, one.topic, flaw)

    def _shown(self, found: Found, topic: str, flaw: Flaw) -> Flaw:
        """The flaw with a person for whom the engine finds it too."""
        codes = flaw.rules if flaw.kind == "contradiction" else (f"no rule gives a {topic}",)
        people = [found.person] if topic == "recommendation" else list(like(found.person, self.pack.scale))
        for person, why in zip(people, undecided(self.pack, people), strict=True):
            if why is not None and all(code in why for code in codes):
                return flaw.shown_by(str(person))
        if topic == "recommendation":
            raise UnconfirmedExampleError(self.pack, ", ".join(codes), str(found.person))
        return flaw.shown_by(None, self.confidences.case_of(found))


def _at_odds(rules: Sequence[Rule]) -> tuple[Rule, Rule]:
    """Two of some rules of which none stands that say different things, and neither gives way if there are
    such."""
    pairs = [(a, b) for a in rules for b in rules if a.conclusion != b.conclusion]
    return next(((a, b) for a, b in pairs if not gives_way(b, to=a) and not gives_way(a, to=b)), pairs[0])


def _dead(pack: RulePack, promotions: Sequence[Sequence[_Asked]]) -> Iterator[Flaw]:
    """Rules that nobody makes fire, or that never decide, and findings that are never drawn."""
    can_fire, can_decide = _reachable(promotions)
    rules = dict.fromkeys(rule for promotion in pack.promotions for rule in pack.rules_of(promotion))
    for rule in rules:
        if rule.code not in can_fire:
            when = rule.when.strip()
            text = f"{rule.code} can never fire: no ratings and dates meet its condition `{when}`"
            if rule.topic == "recommendation":
                text += "; to rules on the band every competency is rated, as missing ratings are completed"
            yield Flaw("dead_rule", None, (rule.code,), text)
        elif rule.topic in TOPICS and rule.code not in can_decide:
            over = join([other.code for other in rules if rule.code in other.overrides])
            text = f"{rule.code} never decides: whenever it fires, {over} fires too and overrides it"
            yield Flaw("idle_rule", None, (rule.code,), text)
    drawn = {rule.finding for rule in rules if rule.code in can_fire}
    for finding in pack.findings:
        if finding.id not in drawn:
            yield never_drawn(finding, rules)


def _reachable(promotions: Sequence[Sequence[_Asked]]) -> tuple[set[str], set[str]]:
    """The codes of the rules that some ratings and dates make fire, and of those whose conclusion stands."""
    can_fire, can_decide = set[str](), set[str]()
    # Specialisations come last: they are seldom needed.
    for asked in (*(first for first, *_ in promotions), *(one for _, *rest in promotions for one in rest)):
        waiting = [code for code in asked.programs.findings.rules if code not in can_fire]
        if waiting:
            drawn = {code: asked.confidences.findings[code] for code in waiting}
            can_fire |= asked.confidences.possible.which(drawn)
        for topic in TOPICS:
            rules = {code: rule for code, rule in asked.rules_on(topic).items() if code not in can_decide}
            if rules:
                one = asked.of_topic(topic)
                can_decide |= one.which({code: one.topic.stands(rule) for code, rule in rules.items()})
                can_fire |= one.which({code: one.topic.fires[code] for code in rules.keys() - can_decide})
    return can_fire | can_decide, can_decide


def _barred(promotions: Sequence[Sequence[_Asked]]) -> Iterator[Barred]:
    """The promotions on which nobody can get some band, however they specialise."""
    for variants in promotions:
        bands = BANDS[:INSUFFICIENT]
        for one in variants:
            given = one.given(bands) if bands else ()
            bands = tuple(band for band in bands if band not in given)
        if bands:
            yield Barred(variants[0].variant.base.id, bands)
