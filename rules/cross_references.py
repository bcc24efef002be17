"""Checks over a whole pack: every name that one part uses is given in another, and no name is given twice."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from string import Formatter

from rules.checked import RULE_CODES, Look, Problems, named_in
from rules.judgement import wrong_kinds, wrong_topics
from rules.lens_facts import facts_of_lens
from rules.pack import (
    AGREEMENTS,
    BANDS,
    CONFIDENCES,
    STATUSES,
    VIEW_WORDS,
    CannotTell,
    Citation,
    Rule,
    RulePack,
)
from rules.paths import KeyPath, Place, value_at
from rules.placeholders import LENS_PLACEHOLDERS, PLACEHOLDERS
from rules.spelling import closest, name_key


def wrong_references(
    pack: RulePack, places: Mapping[KeyPath, Place], unsure: Collection[str] = ()
) -> Problems:
    """Every problem between the parts of a pack, with its place.

    `unsure` are the keys of a pack whose names are in doubt: what refers to them is not looked at.
    """
    look = Look(pack, places)
    for check, rests_on in _CHECKS.items():
        if rests_on.isdisjoint(unsure):
            yield from check(look)


def unknown_words(pack: RulePack, place: Place) -> Problems:
    """Every fact and placeholder that is not known, of a pack kept at `place`."""
    look = Look(pack, {(): place})
    yield from _sentences(look)
    yield from _conditions(look)


@dataclass(frozen=True)
class _Names:
    """One kind of name: where these names are given, and where they are used, as paths of `Look.paths`."""

    what: str
    given: str
    used: str

    def check(self, look: Look) -> Problems:
        """Every name that is used and not given."""
        known = {value_at(look.pack, path) for path in look.paths(self.given)}
        for path in look.paths(self.used):
            # Of weights and ratings, the key is the name.
            is_key = isinstance(value_at(look.pack, path[:-1]), Mapping)
            name = path[-1] if is_key else value_at(look.pack, path)
            if name not in known:
                yield look.unknown(path, str(name), f"{self.what} of this pack", sorted(known))


_ALL_CODES = f"{RULE_CODES} lenses.*.rules.*.code cannot_tell.code"
_NAMES = (
    _Names("level", "levels.*.id", "promotions.*.from promotions.*.to actions.*.levels.*"),
    _Names(
        "competency",
        "competencies.*.id",
        "promotions.*.signals.*.competencies.* levels.*.expects.*.competency "
        "levels.*.skills.*.competencies.* lenses.*.parts.*.competencies.* actions.*.competencies.* "
        "specialisations.*.signal_overrides.*.competencies.* "
        "examples.*.manager.* examples.*.self.* examples.*.unrated.* examples.*.self_unrated.*",
    ),
    _Names(
        "promotion",
        "promotions.*.id",
        "rules.*.only_for.* facts.*.promotions.* lenses.*.promotions.* "
        "specialisations.*.signal_overrides.*.promotion examples.*.promotion",
    ),
    _Names(
        "specialisation", "specialisations.*.id", "lenses.*.parts.*.specialisation examples.*.specialisation"
    ),
    _Names(
        "yes/no fact",
        "facts.*.id",
        "lenses.*.parts.*.fact examples.*.answered_yes.* examples.*.answered_no.*",
    ),
    _Names("finding", "findings.*.id", "rules.*.finding promotions.*.rules.*.finding"),
    _Names("rule", RULE_CODES, "rules.*.overrides.* promotions.*.rules.*.overrides.*"),
    _Names("rule", _ALL_CODES, "examples.*.fires.* examples.*.misses.*"),
)
_UNIQUE = {
    "source id": "sources.*.id",
    "level id": "levels.*.id",
    "competency id": "competencies.*.id",
    "promotion id": "promotions.*.id",
    "lens id": "lenses.*.id",
    "action id": "actions.*.id",
    "specialisation id": "specialisations.*.id",
    "yes/no fact id": "facts.*.id",
    "example id": "examples.*.id",
    "signal id": "promotions.*.signals.*.id",
    "part id": "lenses.*.parts.*.id",
    "finding id": "findings.*.id lenses.*.findings.*.id",
    "expected competency": "levels.*.expects.*.competency",
    "rule code": _ALL_CODES,
}
"""Names that are given once in their list; rule codes once in the pack."""


def _duplicates(look: Look) -> Problems:
    for what, places in _UNIQUE.items():
        first: dict[object, KeyPath] = {}
        for path in look.paths(places):
            name = value_at(look.pack, path)
            key = (name, None if what == "rule code" else path[:-2])
            if key in first:
                yield look.place(*path), f"the {what} `{name}` is also at {look.place(*first[key])}"
            first.setdefault(key, path)


def _citations(look: Look) -> Problems:
    sections = {source.id: source.sections for source in look.pack.sources}
    for path in (place for place in look.places if place[-1:] == ("source",)):
        cite = value_at(look.pack, path[:-1])
        if not isinstance(cite, Citation):
            continue
        if cite.source not in sections:
            yield look.unknown(path, cite.source, "source of this pack", sections)
        elif cite.section not in sections[cite.source]:
            what = f"section of the source `{cite.source}`"
            yield look.unknown((*path[:-1], "section"), cite.section, what, sections[cite.source])


def _aliases(look: Look) -> Problems:
    for kind in ("levels", "competencies", "specialisations"):
        meaning: dict[str, tuple[str, str]] = {}
        for number, term in enumerate(value_at(look.pack, (kind,))):
            names = {name_key(name): name for name in (*term.aliases, term.title, term.id)}
            for read_as, name in names.items():
                other, other_name = meaning.setdefault(read_as, (term.id, name))
                if other != term.id:
                    spelled = "" if name == other_name else f" (there “{other_name}”)"
                    words = f"“{name}” names both `{term.id}` and `{other}`{spelled}"
                    yield look.place(kind, number, "aliases"), f"{words}; a sheet could mean either"


def _bars(look: Look) -> Problems:
    scale = look.pack.scale
    if scale.lowest >= scale.highest:
        yield look.place("scale", "highest"), "the highest point of the scale must be above the lowest"
    if scale.known_up_to is not None and not scale.lowest <= scale.known_up_to <= scale.highest:
        yield look.place("scale", "known_up_to"), "`known_up_to` must be on the scale"
    if scale.words and scale.lowest + scale.step * (len(scale.words) - 1) != scale.highest:
        steps = f"from {scale.lowest} to {scale.highest} in steps of {scale.step}"
        yield look.place("scale", "words"), f"`words` needs one word for each step of the scale, {steps}"
    alike = ((one, other) for one, other in combinations(scale.words, 2) if name_key(one) == name_key(other))
    for one, other in alike:
        said = f"`words`: “{one}” and “{other}” read alike; tell them apart by letters, as in B minus"
        yield look.place("scale", "words"), said
    yield from _off_the_scale(look, "bar", _BARS)


_BARS = (
    "standard.bars.core standard.bars.supporting promotions.*.bars.core promotions.*.bars.supporting "
    "promotions.*.signals.*.bar lenses.*.bar lenses.*.parts.*.bar specialisations.*.signal_overrides.*.bar"
)


def _off_the_scale(look: Look, what: str, places: str) -> Problems:
    scale = look.pack.scale
    for path in look.paths(places):
        points = value_at(look.pack, path)
        if not scale.lowest <= points <= scale.highest:
            words = f"the {what} {points} is outside the scale from {scale.lowest} to {scale.highest}"
            yield look.place(*path), words


def _promotions(look: Look) -> Problems:
    steps = {level.id: number for number, level in enumerate(look.pack.levels)}
    pairs: dict[tuple[str, str], Place] = {}
    for number, promotion in enumerate(look.pack.promotions):
        at, pair = look.place("promotions", number, "to"), (promotion.from_level, promotion.to_level)
        if steps.keys() >= set(pair) and steps[promotion.to_level] <= steps[promotion.from_level]:
            words = f"`{promotion.to_level}` is not above `{promotion.from_level}`; a promotion leads upwards"
            yield at, words
        if pair in pairs:
            yield at, f"the promotion from `{pair[0]}` to `{pair[1]}` is also at {pairs[pair]}"
        pairs.setdefault(pair, at)
        tenure = promotion.tenure
        if tenure and tenure.to_years is not None and tenure.to_years <= tenure.from_years:
            at = look.place("promotions", number, "tenure", "to_years")
            yield at, "`to_years` must be above `from_years`"


def _expected_ratings(look: Look) -> Problems:
    yield from _off_the_scale(look, "rating", "levels.*.expects.*.rating")


def _rules(look: Look) -> Problems:
    for path, rule in look.rules():
        conclusions = [name for name in ("finding", "recommendation", "confidence") if getattr(rule, name)]
        if len(conclusions) != 1:
            found = " and ".join(conclusions) or "none of them"
            words = "a rule concludes exactly one of `finding`, `recommendation` and `confidence`"
            yield look.place(*path), f"{words}; this one has {found}"
        if (rule.next_step is None) == (rule.recommendation is not None):
            need = "needs a `next_step`" if rule.next_step is None else "must not have a `next_step`"
            yield look.place(*path, "next_step"), f"a rule that concludes a {rule.topic} {need}"
        if rule.valid_from and rule.valid_until and rule.valid_until < rule.valid_from:
            words = f"`valid_until` lies before `valid_from`, which is {rule.valid_from}"
            yield look.place(*path, "valid_until"), words
        if rule.code in rule.overrides:
            at = look.place(*path, "overrides", rule.overrides.index(rule.code))
            yield at, "a rule cannot override itself"
        if rule.only_for and path[0] == "promotions":
            words = "a rule in a promotion's file is read for that promotion alone; leave `only_for` out"
            yield look.place(*path, "only_for"), words


def _sentences(look: Look) -> Problems:
    """Every placeholder of a sentence is known where the sentence is said."""
    for path, rule in look.rules():
        yield from _placeholders(look, path, rule, PLACEHOLDERS)
    yield from _placeholders(look, ("cannot_tell",), look.pack.cannot_tell, PLACEHOLDERS)
    for path in look.paths("lenses.*.rules.*"):
        yield from _placeholders(look, path, value_at(look.pack, path), LENS_PLACEHOLDERS)


def _placeholders(look: Look, path: KeyPath, rule: Rule | CannotTell, known: frozenset[str]) -> Problems:
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


def _conditions(look: Look) -> Problems:
    refused: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for rule, names in (one for read in look.read.values() for one in read):
        if isinstance(names, str):
            refused[rule.code, rule.when][names] = None
    for path, rule in look.rules():
        for error in refused[rule.code, rule.when]:
            yield look.place(*path, "when"), f"rule {rule.code}, {error}"


def _cycles(look: Look) -> Problems:
    """Findings that rest on each other, in any promotion's rules."""
    paths = {rule.code: path for path, rule in look.rules()}
    for promotion in look.pack.promotions:
        rests_on: dict[str, set[str]] = defaultdict(set)
        path_of: dict[str, KeyPath] = {}
        for rule, names in look.named(promotion.id):
            if rule.finding is not None:
                found = {name.removeprefix("finding.") for name in names if name.startswith("finding.")}
                rests_on[rule.finding] |= found
                path_of.setdefault(rule.finding, paths[rule.code])
        try:
            TopologicalSorter(rests_on).prepare()
        except CycleError as error:
            cycle = list(reversed(error.args[1]))
            words = " rests on ".join(f"`{finding}`" for finding in cycle)
            first = min(cycle[:-1], key=lambda finding: str(look.place(*path_of[finding])))
            yield look.place(*path_of[first], "when"), f"findings rest on each other in a circle: {words}"


def _words(look: Look) -> Problems:
    """Every band, confidence, status and agreement has its label."""
    needed = {"bands": BANDS, "confidences": CONFIDENCES, "statuses": STATUSES, "agreements": AGREEMENTS}
    for key, names in needed.items():
        missing = [name for name in names if name not in value_at(look.pack, (key,))]
        if missing:
            yield look.place(key), f"{key}: words are missing for {', '.join(missing)}"


def _lenses(look: Look) -> Problems:
    levels = {level.id for level in look.pack.levels}
    for number, lens in enumerate(look.pack.lenses):
        at = ("lenses", number)
        missing = [name for name in VIEW_WORDS[lens.view] if name not in lens.words]
        if missing:
            yield look.place(*at, "words"), f"words: the view `{lens.view}` also needs {', '.join(missing)}"
        rungs = {part.id for part in lens.parts if part.counts}
        for level, rung in lens.expects.items():
            path = (*at, "expects", level)
            if level not in levels:
                yield look.unknown(path, level, "level of this pack", levels)
            if rung not in rungs:
                yield look.unknown(path, rung, "part of this lens that counts", rungs)
        for part_number, part in enumerate(lens.parts):
            if part.fact is not None and part.competencies:
                words = "a part is shown by `competencies` or by a `fact`, not by both"
                yield look.place(*at, "parts", part_number, "fact"), words
        if not rungs:
            yield look.place(*at, "parts"), "all parts have `counts: false`; the value of a lens needs one"


def _composed_parts(look: Look) -> Problems:
    """What takes several parts of a lens takes parts that are rated, and has nothing else."""
    for number, lens in enumerate(look.pack.lenses):
        rated = {part.id for part in lens.parts if part.competencies}
        for place, part in enumerate(lens.parts):
            path: KeyPath = ("lenses", number, "parts", place, "all_of")
            for name in (one for one in part.all_of if one not in rated):
                yield look.unknown(path, name, "part of this lens with competencies", rated)
            if part.all_of and (part.competencies or part.bar is not None):
                words = "a part with `all_of` has neither competencies nor a bar; its parts have them"
                yield look.place(*path), words


def _lens_rules(look: Look) -> Problems:
    for number, lens in enumerate(look.pack.lenses):
        findings = {finding.id for finding in lens.findings}
        facts = facts_of_lens(lens)
        for place, rule in enumerate(lens.rules):
            path: KeyPath = ("lenses", number, "rules", place)
            if rule.topic != "finding" or rule.finding not in findings:
                words = f"a lens's rule concludes a `finding` of the lens, not `{rule.conclusion}`"
                yield look.place(*path), words + closest(rule.conclusion, findings)
            names = named_in(rule, facts)
            if isinstance(names, str):
                yield look.place(*path, "when"), f"rule {rule.code}, {names}"


def _signal_overrides(look: Look) -> Problems:
    """What a specialisation asks differently is asked of a signal that there is, once, and differs."""
    signals = {promotion.id: {one.id for one in promotion.signals} for promotion in look.pack.promotions}
    first: dict[tuple[object, ...], Place] = {}
    for path in look.paths("specialisations.*.signal_overrides.*"):
        override = value_at(look.pack, path)
        known = signals.get(override.promotion, {override.signal})
        if override.signal not in known:
            what = f"signal of the promotion `{override.promotion}`"
            yield look.unknown((*path, "signal"), override.signal, what, known)
        if not (override.importance or override.bar or override.competencies):
            words = "a signal override has at least one of `importance`, `bar` and `competencies`"
            yield look.place(*path), words
        key = (path[:2], override.promotion, override.signal)
        if key in first:
            yield look.place(*path), f"the signal `{override.signal}` is also overridden at {first[key]}"
        first.setdefault(key, look.place(*path))


_RULES = frozenset({"findings", "rules", "promotions"})
_CHECKS: Mapping[Callable[[Look], Problems], frozenset[str]] = {
    **{kind.check: frozenset(path.partition(".")[0] for path in kind.given.split()) for kind in _NAMES},
    _duplicates: frozenset(),
    _citations: frozenset({"sources"}),
    _aliases: frozenset(),
    _bars: frozenset({"scale"}),
    _promotions: frozenset({"levels"}),
    _expected_ratings: frozenset({"levels", "scale"}),
    _rules: _RULES,
    _sentences: frozenset(),
    _conditions: _RULES,
    wrong_topics: _RULES,
    wrong_kinds: frozenset(),
    _cycles: _RULES,
    _words: frozenset(),
    _lenses: frozenset({"levels", "lenses"}),
    _composed_parts: frozenset({"lenses"}),
    _lens_rules: frozenset({"lenses"}),
    _signal_overrides: frozenset({"promotions", "specialisations"}),
}
"""Every check, and the keys of a pack that hold the names it looks up."""
