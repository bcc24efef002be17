"""Checks over a whole pack: every name that one part uses stands in another, and nothing stands twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from string import Formatter

from rules.conditions import Condition, facts_named, parse_condition
from rules.facts import Fact, facts_of
from rules.pack import (
    AGREEMENTS,
    BANDS,
    CONFIDENCES,
    STATUSES,
    Bars,
    Citation,
    Competency,
    Level,
    PackError,
    Part,
    Rule,
    RulePack,
    Transition,
)
from rules.spelling import closest
from rules.texts import PLACEHOLDERS
from rules.yaml_text import KeyPath, Place

Problems = Iterator[tuple[Place, str]]


def wrong_references(pack: RulePack, places: Mapping[KeyPath, Place]) -> Problems:
    """Every problem between the parts of a pack, with its place."""
    look = _Look(pack, places)
    for check in _CHECKS:
        yield from check(look)


@dataclass(frozen=True)
class _Look:
    pack: RulePack
    places: Mapping[KeyPath, Place]

    def place(self, *path: str | int) -> Place:
        while path not in self.places:
            path = path[:-1]
        return self.places[path]

    def rules(self) -> Iterator[tuple[KeyPath, Rule]]:
        """Every rule with its path: the general ones, then each transition's own."""
        for number, rule in enumerate(self.pack.rules):
            yield ("rules", number), rule
        for place, transition in enumerate(self.pack.transitions):
            for number, rule in enumerate(transition.rules):
                yield ("transitions", place, "rules", number), rule


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
    for kind in ("sources", "levels", "competencies", "findings", "transitions"):
        yield from _twice(look, ((kind, i, "id") for i in range(len(getattr(pack, kind)))), f"{kind} id")
    for place, transition in enumerate(pack.transitions):
        paths = (("transitions", place, "signals", i, "id") for i in range(len(transition.signals)))
        yield from _twice(look, paths, "signal id")
    yield from _twice(look, ((*path, "code") for path, _ in look.rules()), "rule code")


def _twice(look: _Look, paths: Iterable[KeyPath], what: str) -> Problems:
    first: dict[object, KeyPath] = {}
    for path in paths:
        value: object = look.pack
        for key in path:
            value = (
                value[key] if isinstance(value, tuple) and isinstance(key, int) else getattr(value, str(key))
            )
        if value in first:
            yield look.place(*path), f"the {what} `{value}` stands also at {look.place(*first[value])}"
        first.setdefault(value, path)


def _aliases(look: _Look) -> Problems:
    named: dict[str, Sequence[Level | Competency]] = {
        "levels": look.pack.levels,
        "competencies": look.pack.competencies,
    }
    for kind, terms in named.items():
        meaning: dict[str, str] = {}
        for number, term in enumerate(terms):
            for name in dict.fromkeys(_plain(name) for name in (term.id, term.title, *term.aliases)):
                if name in meaning:
                    words = (
                        f"“{name}” names both `{term.id}` and `{meaning[name]}`; a sheet could mean either"
                    )
                    yield look.place(kind, number, "aliases"), words
                meaning.setdefault(name, term.id)


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _bars(look: _Look) -> Problems:
    pack = look.pack
    scale = pack.scale
    if scale.lowest >= scale.highest:
        yield look.place("scale", "highest"), "the highest point of the scale must be above the lowest"
    bars: list[tuple[KeyPath, Bars]] = [(("standard", "bars"), pack.standard.bars)]
    bars += [(("transitions", i, "bars"), t.bars) for i, t in enumerate(pack.transitions) if t.bars]
    numbers: list[tuple[KeyPath, Decimal]]
    numbers = [((*path, name), getattr(bar, name)) for path, bar in bars for name in Bars.model_fields]
    for i, transition in enumerate(pack.transitions):
        for j, signal in enumerate(transition.signals):
            if signal.bar is not None:
                numbers.append((("transitions", i, "signals", j, "bar"), signal.bar))
    for path, bar in numbers:
        if not scale.lowest <= bar <= scale.highest:
            words = f"the bar {bar} lies outside the scale from {scale.lowest} to {scale.highest}"
            yield look.place(*path), words


def _transitions(look: _Look) -> Problems:
    steps = {level.id: number for number, level in enumerate(look.pack.levels)}
    pairs: dict[tuple[str, str], Place] = {}
    for number, transition in enumerate(look.pack.transitions):
        ends = {"from": transition.from_level, "to": transition.to_level}
        unknown = [end for end, level in ends.items() if level not in steps]
        for end in unknown:
            words = f"the level `{ends[end]}` does not stand in ladder.yaml"
            yield look.place("transitions", number, end), words + (closest(ends[end], steps) or _known(steps))
        at = look.place("transitions", number, "to")
        if not unknown and steps[transition.to_level] <= steps[transition.from_level]:
            words = (
                f"`{transition.to_level}` is not above `{transition.from_level}`; a promotion leads upwards"
            )
            yield at, words
        pair = (transition.from_level, transition.to_level)
        if pair in pairs:
            yield at, f"the promotion from `{pair[0]}` to `{pair[1]}` stands also at {pairs[pair]}"
        pairs.setdefault(pair, at)
        tenure = transition.tenure
        if tenure and tenure.to_years is not None and tenure.to_years <= tenure.from_years:
            yield (
                look.place("transitions", number, "tenure", "to_years"),
                "`to_years` must be above `from_years`",
            )
        yield from _signals(look, number, transition)


def _signals(look: _Look, number: int, transition: Transition) -> Problems:
    known = {competency.id for competency in look.pack.competencies}
    for place, signal in enumerate(transition.signals):
        for competency in signal.competencies:
            if competency not in known:
                at = look.place("transitions", number, "signals", place, "competencies", competency)
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
        for place, code in enumerate(rule.wins_over):
            if code not in codes or code == rule.code:
                unknown = f"there is no rule `{code}`{closest(code, codes)}"
                words = "a rule cannot win over itself" if code == rule.code else unknown
                yield look.place(*path, "wins_over", place), words
        yield from _placeholders(look, path, rule)


def _placeholders(look: _Look, path: KeyPath, rule: Rule) -> Problems:
    for key, text in (("reason", rule.reason), ("next_step", rule.next_step or "")):
        at = look.place(*path, key)
        try:
            parsed = list(Formatter().parse(text))
        except ValueError:
            yield at, f"{key}: a curly bracket is open; a placeholder is written like {{employee}}"
            continue
        for _, name, form, conversion in parsed:
            if name is not None and (name not in PLACEHOLDERS or form or conversion):
                yield at, f"{key}: there is no placeholder {{{name}}}{closest(name, PLACEHOLDERS)}"


def _only_for(look: _Look) -> Problems:
    known = {transition.id for transition in look.pack.transitions}
    for path, rule in look.rules():
        for place, transition in enumerate(rule.only_for):
            at = look.place(*path, "only_for", place)
            if path[0] == "transitions":
                yield (
                    at,
                    "a rule in a transition's file is read for that transition alone; leave `only_for` out",
                )
            elif transition not in known:
                yield at, f"there is no transition `{transition}`{closest(transition, known)}"


def _conditions(look: _Look) -> Problems:
    pack = look.pack
    facts = {transition.id: facts_of(pack, transition) for transition in pack.transitions}
    for path, rule in look.rules():
        read_for = [transition for transition in pack.transitions if rule in pack.rules_of(transition)]
        for error in dict.fromkeys(_refusals(rule, read_for, facts)):
            yield look.place(*path, "when"), f"rule {rule.code}, {error}"


def _refusals(
    rule: Rule, transitions: Iterable[Transition], facts: Mapping[str, Mapping[str, Fact]]
) -> Iterator[str]:
    for transition in transitions:
        try:
            parse_condition(rule.when, facts[transition.id])
        except PackError as error:
            yield str(error)


def _cycles(look: _Look) -> Problems:
    """Findings that rest on each other, in any transition's rules."""
    for transition in look.pack.transitions:
        rests_on: dict[str, set[str]] = defaultdict(set)
        path_of: dict[str, KeyPath] = {}
        facts = facts_of(look.pack, transition)
        paths = {rule.code: path for path, rule in look.rules()}
        for rule in look.pack.rules_of(transition):
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


def _known(names: Iterable[str]) -> str:
    return f"; known are {', '.join(f'`{name}`' for name in names)}"


_CHECKS = (
    *(_citations, _duplicates, _aliases, _bars, _transitions, _rules),
    *(_only_for, _conditions, _cycles, _words),
)
