"""Checks over a whole pack: every name that one part uses stands in another, and nothing stands twice."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from string import Formatter

from rules.conditions import Condition, facts_named, parse_condition
from rules.facts import Fact, facts_of
from rules.lens_facts import facts_of_lens
from rules.pack import (
    AGREEMENTS,
    BANDS,
    CONFIDENCES,
    STATUSES,
    VIEW_WORDS,
    Bars,
    Citation,
    Competency,
    Lens,
    LensPart,
    Level,
    PackError,
    Part,
    Promotion,
    Rule,
    RulePack,
    Signal,
    SignalOverride,
    Specialisation,
)
from rules.paths import KeyPath, Place, place_of, value_at
from rules.spelling import closest, plain
from rules.texts import LENS_PLACEHOLDERS, PLACEHOLDERS

Problems = Iterator[tuple[Place, str]]


def wrong_references(
    pack: RulePack, places: Mapping[KeyPath, Place], unsure: Collection[str] = ()
) -> Problems:
    """Every problem between the parts of a pack, with its place.

    `unsure` are the keys of a pack whose names are in doubt: what refers to them is not looked at.
    """
    look = _Look(pack, places)
    for check, rests_on in _CHECKS.items():
        if not set(rests_on) & set(unsure):
            yield from check(look)


@dataclass(frozen=True)
class _Look:
    pack: RulePack
    places: Mapping[KeyPath, Place]

    def place(self, *path: str | int) -> Place:
        return place_of(self.places, path)

    def rules(self) -> Iterator[tuple[KeyPath, Rule]]:
        """Every rule with its path: the general ones, then each promotion's own."""
        for number, rule in enumerate(self.pack.rules):
            yield ("rules", number), rule
        for place, promotion in enumerate(self.pack.promotions):
            for number, rule in enumerate(promotion.rules):
                yield ("promotions", place, "rules", number), rule

    def lens_rules(self) -> Iterator[tuple[KeyPath, Rule]]:
        """Every rule of a lens with its path."""
        for place, lens in enumerate(self.pack.lenses):
            for number, rule in enumerate(lens.rules):
                yield ("lenses", place, "rules", number), rule


def _citations(look: _Look) -> Problems:
    sections = {source.id: source.sections for source in look.pack.sources}
    for path, citation in _citations_in(look.pack, ()):
        if citation.source not in sections:
            words = f"the source `{citation.source}` does not stand in sources.yaml"
            yield (
                look.place(*path, "source"),
                words + (closest(citation.source, sections) or _known(sections)),
            )
        elif citation.section not in sections[citation.source]:
            known = sections[citation.source]
            words = f"the source `{citation.source}` has no section `{citation.section}` in sources.yaml"
            yield look.place(*path, "section"), words + (closest(citation.section, known) or _known(known))


def _citations_in(part: object, path: KeyPath) -> Iterator[tuple[KeyPath, Citation]]:
    if isinstance(part, Citation):
        yield path, part
    elif isinstance(part, Part):
        for name, field in type(part).model_fields.items():
            yield from _citations_in(getattr(part, name), (*path, field.alias or name))
    elif isinstance(part, tuple):
        for number, inner in enumerate(part):
            yield from _citations_in(inner, (*path, number))


def _duplicates(look: _Look) -> Problems:
    pack = look.pack
    kinds = ("sources", "levels", "competencies", "findings", "promotions", "lenses", "actions")
    for kind in (*kinds, "specialisations", "examples"):
        yield from _twice(look, ((kind, i, "id") for i in range(len(getattr(pack, kind)))), f"{kind} id")
    for place, promotion in enumerate(pack.promotions):
        paths = (("promotions", place, "signals", i, "id") for i in range(len(promotion.signals)))
        yield from _twice(look, paths, "signal id")
    for place, lens in enumerate(pack.lenses):
        for kind in ("parts", "findings"):
            found = ((("lenses", place, kind, i, "id")) for i in range(len(getattr(lens, kind))))
            yield from _twice(look, found, f"{kind} id")
    every = (*look.rules(), *look.lens_rules())
    yield from _twice(look, ((*path, "code") for path, _ in every), "rule code")


def _twice(look: _Look, paths: Iterable[KeyPath], what: str) -> Problems:
    first: dict[object, KeyPath] = {}
    for path in paths:
        value = value_at(look.pack, path)
        if value in first:
            yield look.place(*path), f"the {what} `{value}` stands also at {look.place(*first[value])}"
        first.setdefault(value, path)


def _aliases(look: _Look) -> Problems:
    named: dict[str, Sequence[Level | Competency | Specialisation]] = {
        "levels": look.pack.levels,
        "competencies": look.pack.competencies,
        "specialisations": look.pack.specialisations,
    }
    for kind, terms in named.items():
        meaning: dict[str, str] = {}
        for number, term in enumerate(terms):
            for name in dict.fromkeys(plain(name) for name in (term.id, term.title, *term.aliases)):
                if name in meaning:
                    words = (
                        f"“{name}” names both `{term.id}` and `{meaning[name]}`; a sheet could mean either"
                    )
                    yield look.place(kind, number, "aliases"), words
                meaning.setdefault(name, term.id)


def _bars(look: _Look) -> Problems:
    pack = look.pack
    scale = pack.scale
    if scale.lowest >= scale.highest:
        yield look.place("scale", "highest"), "the highest point of the scale must be above the lowest"
    bars: list[tuple[KeyPath, Bars]] = [(("standard", "bars"), pack.standard.bars)]
    bars += [(("promotions", i, "bars"), t.bars) for i, t in enumerate(pack.promotions) if t.bars]
    numbers = [((*path, name), getattr(bar, name)) for path, bar in bars for name in Bars.model_fields]
    numbers += _single_bars(pack)
    for path, bar in numbers:
        if not scale.lowest <= bar <= scale.highest:
            words = f"the bar {bar} lies outside the scale from {scale.lowest} to {scale.highest}"
            yield look.place(*path), words


def _single_bars(pack: RulePack) -> Iterator[tuple[KeyPath, Decimal]]:
    """The bars of single signals, lenses and parts."""
    for i, promotion in enumerate(pack.promotions):
        yield from _given(("promotions", i, "signals"), promotion.signals)
    yield from _given(("lenses",), pack.lenses)
    for i, lens in enumerate(pack.lenses):
        yield from _given(("lenses", i, "parts"), lens.parts)
    for i, specialisation in enumerate(pack.specialisations):
        yield from _given(("specialisations", i, "signal_overrides"), specialisation.signal_overrides)


def _given(
    path: KeyPath, parts: Sequence[Signal | Lens | LensPart | SignalOverride]
) -> Iterator[tuple[KeyPath, Decimal]]:
    for place, part in enumerate(parts):
        if part.bar is not None:
            yield (*path, place, "bar"), part.bar


def _promotions(look: _Look) -> Problems:
    steps = {level.id: number for number, level in enumerate(look.pack.levels)}
    pairs: dict[tuple[str, str], Place] = {}
    for number, promotion in enumerate(look.pack.promotions):
        ends = {"from": promotion.from_level, "to": promotion.to_level}
        unknown = [end for end, level in ends.items() if level not in steps]
        for end in unknown:
            words = f"the level `{ends[end]}` does not stand in ladder.yaml"
            yield look.place("promotions", number, end), words + (closest(ends[end], steps) or _known(steps))
        at = look.place("promotions", number, "to")
        if not unknown and steps[promotion.to_level] <= steps[promotion.from_level]:
            words = f"`{promotion.to_level}` is not above `{promotion.from_level}`; a promotion leads upwards"
            yield at, words
        pair = (promotion.from_level, promotion.to_level)
        if pair in pairs:
            yield at, f"the promotion from `{pair[0]}` to `{pair[1]}` stands also at {pairs[pair]}"
        pairs.setdefault(pair, at)
        tenure = promotion.tenure
        if tenure and tenure.to_years is not None and tenure.to_years <= tenure.from_years:
            yield (
                look.place("promotions", number, "tenure", "to_years"),
                "`to_years` must be above `from_years`",
            )


def _signals(look: _Look) -> Problems:
    known = {competency.id for competency in look.pack.competencies}
    for number, promotion in enumerate(look.pack.promotions):
        for place, signal in enumerate(promotion.signals):
            for competency in signal.competencies:
                if competency not in known:
                    at = look.place("promotions", number, "signals", place, "competencies", competency)
                    words = f"the competency `{competency}` does not stand in competencies.yaml"
                    yield at, words + closest(competency, known)


def _rules(look: _Look) -> Problems:
    findings = {finding.id for finding in look.pack.findings}
    codes = {rule.code for _, rule in look.rules()}
    for path, rule in look.rules():
        conclusions = [name for name in ("finding", "recommendation", "confidence") if getattr(rule, name)]
        if len(conclusions) != 1:
            found = " and ".join(conclusions) or "none of them"
            words = "a rule concludes exactly one of `finding`, `recommendation` and `confidence`"
            yield look.place(*path), f"{words}; this one has {found}"
        if rule.finding is not None and rule.finding not in findings:
            words = f"the finding `{rule.finding}` does not stand in findings.yaml"
            yield look.place(*path, "finding"), words + closest(rule.finding, findings)
        if (rule.next_step is None) == (rule.recommendation is not None):
            need = "needs a `next_step`" if rule.next_step is None else "has no `next_step`"
            yield look.place(*path, "next_step"), f"a rule that concludes a {rule.topic} {need}"
        for place, code in enumerate(rule.overrides):
            if code not in codes or code == rule.code:
                unknown = f"there is no rule `{code}`{closest(code, codes)}"
                words = "a rule cannot win over itself" if code == rule.code else unknown
                yield look.place(*path, "overrides", place), words
        yield from _placeholders(look, path, rule)


def _placeholders(look: _Look, path: KeyPath, rule: Rule, known: frozenset[str] = PLACEHOLDERS) -> Problems:
    for key, text in (("reason", rule.reason), ("next_step", rule.next_step or "")):
        at = look.place(*path, key)
        try:
            parsed = list(Formatter().parse(text))
        except ValueError:
            yield at, f"{key}: a curly bracket is open; a placeholder is written like {{employee}}"
            continue
        for _, name, form, conversion in parsed:
            if name is not None and (name not in known or form or conversion):
                yield at, f"{key}: there is no placeholder {{{name}}}{closest(name, known)}"


def _only_for(look: _Look) -> Problems:
    known = {promotion.id for promotion in look.pack.promotions}
    for path, rule in look.rules():
        for place, promotion in enumerate(rule.only_for):
            at = look.place(*path, "only_for", place)
            if path[0] == "promotions":
                yield (
                    at,
                    "a rule in a promotion's file is read for that promotion alone; leave `only_for` out",
                )
            elif promotion not in known:
                yield at, f"there is no promotion `{promotion}`{closest(promotion, known)}"


def _conditions(look: _Look) -> Problems:
    pack = look.pack
    facts = {promotion.id: facts_of(pack, promotion) for promotion in pack.promotions}
    codes = {t.id: {rule.code for rule in pack.rules_of(t)} for t in pack.promotions}
    for path, rule in look.rules():
        read_for = [promotion for promotion in pack.promotions if rule.code in codes[promotion.id]]
        for error in dict.fromkeys(_refusals(rule, read_for, facts)):
            yield look.place(*path, "when"), f"rule {rule.code}, {error}"


def _refusals(
    rule: Rule, promotions: Iterable[Promotion], facts: Mapping[str, Mapping[str, Fact]]
) -> Iterator[str]:
    for promotion in promotions:
        try:
            parse_condition(rule.when, facts[promotion.id])
        except PackError as error:
            yield str(error)


def _cycles(look: _Look) -> Problems:
    """Findings that rest on each other, in any promotion's rules."""
    for promotion in look.pack.promotions:
        rests_on: dict[str, set[str]] = defaultdict(set)
        path_of: dict[str, KeyPath] = {}
        facts = facts_of(look.pack, promotion)
        paths = {rule.code: path for path, rule in look.rules()}
        for rule in look.pack.rules_of(promotion):
            condition = _parsed(rule, facts)
            if rule.finding is None or condition is None:
                continue
            rests_on[rule.finding] |= {
                name.removeprefix("finding.")
                for name in facts_named(condition)
                if name.startswith("finding.")
            }
            path_of.setdefault(rule.finding, paths[rule.code])
        try:
            TopologicalSorter(rests_on).prepare()
        except CycleError as error:
            cycle = list(reversed(error.args[1]))
            words = " rests on ".join(f"`{finding}`" for finding in cycle)
            first = min(cycle[:-1], key=lambda finding: str(look.place(*path_of[finding])))
            yield look.place(*path_of[first], "when"), f"findings rest on each other in a circle: {words}"


def _parsed(rule: Rule, facts: Mapping[str, Fact]) -> Condition | None:
    try:
        return parse_condition(rule.when, facts)
    except PackError:
        return None


def _words(look: _Look) -> Problems:
    """Every band, confidence, status and agreement has its label."""
    pack = look.pack
    for key, needed, given in (
        ("bands", BANDS, pack.bands),
        ("confidences", CONFIDENCES, pack.confidences),
        ("statuses", STATUSES, pack.statuses),
        ("agreements", AGREEMENTS, pack.agreements),
    ):
        missing = [name for name in needed if name not in given]
        if missing:
            yield look.place(key), f"{key}: words are missing for {', '.join(missing)}"


def _lenses(look: _Look) -> Problems:
    pack = look.pack
    promotions = {promotion.id for promotion in pack.promotions}
    specialisations = {specialisation.id for specialisation in pack.specialisations}
    for number, lens in enumerate(pack.lenses):
        at = ("lenses", number)
        yield from _unknown(look, (*at, "promotions"), lens.promotions, promotions, "promotion")
        missing = [name for name in VIEW_WORDS[lens.view] if name not in lens.words]
        if missing:
            yield look.place(*at, "words"), f"words: the view `{lens.view}` needs also {', '.join(missing)}"
        rungs = {part.id for part in lens.parts if part.counts}
        levels = {level.id for level in pack.levels}
        for level, rung in lens.expects.items():
            yield from _unknown(look, (*at, "expects", level), (level,), levels, "level")
            yield from _unknown(look, (*at, "expects", level), (rung,), rungs, "part of this lens")
        if not rungs:
            yield look.place(*at, "parts"), "all parts have `counts: false`; the value of a lens needs one"
        for place, part in enumerate(lens.parts):
            named = () if part.specialisation is None else (part.specialisation,)
            where = (*at, "parts", place, "specialisation")
            yield from _unknown(look, where, named, specialisations, "specialisation")


def _lens_competencies(look: _Look) -> Problems:
    for number, lens in enumerate(look.pack.lenses):
        for place, part in enumerate(lens.parts):
            path = ("lenses", number, "parts", place, "competencies")
            yield from _competencies(look, path, part.competencies)


def _lens_rules(look: _Look) -> Problems:
    for number, lens in enumerate(look.pack.lenses):
        yield from _rules_of_lens(look, number, lens)


def _rules_of_lens(look: _Look, number: int, lens: Lens) -> Problems:
    findings = {finding.id for finding in lens.findings}
    facts = facts_of_lens(lens)
    for place, rule in enumerate(lens.rules):
        path: KeyPath = ("lenses", number, "rules", place)
        if rule.topic != "finding" or rule.finding not in findings:
            words = f"a lens's rule concludes a `finding` of the lens, not `{rule.conclusion}`"
            yield look.place(*path), words + closest(rule.conclusion, findings)
        yield from _placeholders(look, path, rule, LENS_PLACEHOLDERS)
        try:
            parse_condition(rule.when, facts)
        except PackError as error:
            yield look.place(*path, "when"), f"rule {rule.code}, {error}"


def _growth(look: _Look) -> Problems:
    """Skills and actions name what there is."""
    pack = look.pack
    levels = {level.id for level in pack.levels}
    for number, level in enumerate(pack.levels):
        for place, skill in enumerate(level.skills):
            yield from _competencies(look, ("levels", number, "skills", place), skill.competencies)
    for number, action in enumerate(pack.actions):
        yield from _competencies(look, ("actions", number, "competencies"), action.competencies)
        yield from _unknown(look, ("actions", number, "levels"), action.levels, levels, "level")


def _examples(look: _Look) -> Problems:
    pack = look.pack
    codes = {rule.code for _, rule in (*look.rules(), *look.lens_rules())}
    promotions = {promotion.id for promotion in pack.promotions}
    specialisations = {specialisation.id for specialisation in pack.specialisations}
    for number, example in enumerate(pack.examples):
        at = ("examples", number)
        yield from _unknown(look, (*at, "promotion"), (example.promotion,), promotions, "promotion")
        named = () if example.specialisation is None else (example.specialisation,)
        yield from _unknown(look, (*at, "specialisation"), named, specialisations, "specialisation")
        for key, names in (("manager", example.manager), ("self", example.own)):
            yield from _competencies(look, (*at, key), names)
        for key, absent in (("unrated", example.unrated), ("self_unrated", example.self_unrated)):
            yield from _competencies(look, (*at, key), absent)
        for key, fired in (("fires", example.fires), ("misses", example.misses)):
            yield from _unknown(look, (*at, key), fired, codes, "rule")


def _signal_overrides(look: _Look) -> Problems:
    """What specialisations ask differently is asked of signals that there are, once, and differs."""
    pack = look.pack
    signals = {promotion.id: {one.id for one in promotion.signals} for promotion in pack.promotions}
    for number, specialisation in enumerate(pack.specialisations):
        first: dict[tuple[str, str], Place] = {}
        for place, emphasis in enumerate(specialisation.signal_overrides):
            at = ("specialisations", number, "signal_overrides", place)
            yield from _unknown(look, (*at, "promotion"), (emphasis.promotion,), signals, "promotion")
            known = signals.get(emphasis.promotion, {emphasis.signal})
            yield from _unknown(look, (*at, "signal"), (emphasis.signal,), known, "signal of this promotion")
            yield from _competencies(look, (*at, "competencies"), emphasis.competencies)
            if not (emphasis.importance or emphasis.bar or emphasis.competencies):
                words = "an emphasis says at least one of `importance`, `bar` and `competencies`"
                yield look.place(*at), words
            key = (emphasis.promotion, emphasis.signal)
            if key in first:
                yield look.place(*at), f"the signal `{emphasis.signal}` is asked for also at {first[key]}"
            first.setdefault(key, look.place(*at))


def _competencies(look: _Look, path: KeyPath, names: Iterable[str]) -> Problems:
    known = {competency.id for competency in look.pack.competencies}
    yield from _unknown(look, path, names, known, "competency")


def _unknown(look: _Look, path: KeyPath, names: Iterable[str], known: Iterable[str], what: str) -> Problems:
    for name in names:
        if name not in set(known):
            yield look.place(*path, name), f"there is no {what} `{name}`{closest(name, known)}"


def _known(names: Iterable[str]) -> str:
    return f"; known are {', '.join(f'`{name}`' for name in names)}"


_RULES = ("findings", "rules", "promotions")
_CHECKS: Mapping[Callable[[_Look], Problems], tuple[str, ...]] = {
    _citations: ("sources",),
    _duplicates: (),
    _aliases: (),
    _bars: ("scale",),
    _promotions: ("levels",),
    _signals: ("competencies",),
    _rules: _RULES,
    _only_for: ("promotions",),
    _conditions: _RULES,
    _cycles: _RULES,
    _words: (),
    _lenses: ("promotions", "levels", "specialisations", "lenses"),
    _lens_competencies: ("competencies", "lenses"),
    _lens_rules: ("lenses",),
    _growth: ("competencies", "levels"),
    _signal_overrides: ("promotions", "specialisations", "competencies"),
    _examples: (*_RULES, "lenses", "specialisations", "competencies"),
}
"""Every check, and the keys of a pack that hold the names it looks up."""
