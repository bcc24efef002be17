"""A pack as text to read: ladder, signals with bars, rules with condition, reason and citation."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from rules.conditions import parse_condition, show
from rules.facts import Fact, facts_of
from rules.lens_facts import facts_of_lens
from rules.pack import (
    BandText,
    Citation,
    Finding,
    Lens,
    LensPart,
    Promotion,
    Rule,
    RulePack,
    Signal,
    SignalOverride,
    Specialisation,
    Tenure,
)


def pack_as_markdown(pack: RulePack) -> str:
    """Everything that the pack says, as Markdown."""
    sections = (
        *(_opening, _standard, _ladder, _competencies, _promotions, _rules, _missing_ratings, _findings),
        *(_questions, _facts_asked, _lenses, _specialisations, _actions, _facts, _sources),
    )
    return "\n\n".join(block for section in sections for block in section(pack)) + "\n"


def _opening(pack: RulePack) -> Iterator[str]:
    yield f"# {pack.title}"
    yield f"Rule pack `{pack.name}`, version {pack.version}, fingerprint {pack.sha256[:12]}"
    yield pack.about.strip()


def _standard(pack: RulePack) -> Iterator[str]:
    standard = pack.standard
    yield "## Scale, bars and evidence"
    yield f"Ratings are on a scale from {pack.scale.lowest} to {pack.scale.highest}."
    yield "\n".join(f"- {point}: {meaning}" for point, meaning in pack.scale.meanings.items())
    yield _table(
        ("What", "Value"),
        (
            ("Bar of a core signal", f"{standard.bars.core}"),
            ("Bar of a supporting signal", f"{standard.bars.supporting}"),
            *_bars_from_the_next_level(pack),
            ("Near: at most this far below the bar", f"{standard.near_margin}"),
            ("Self and manager disagree: at least this far apart", f"{standard.agreement_margin}"),
            ("Share of a signal's weight that both must rate to be compared", f"{standard.minimum_coverage}"),
            ("Months in the level before ratings count", f"{standard.observation_months}"),
            ("Months after which a review is stale", f"{standard.stale_months}"),
            ("Borderline: stays in a smaller share of re-ratings", f"{standard.borderline_below}"),
        ),
    )
    words: dict[str, Iterable[tuple[str, BandText]]] = {
        "Recommendations": pack.bands.items(),
        "Confidence": pack.confidences.items(),
        "Status of a signal": pack.statuses.items(),
        "Self and manager": pack.agreements.items(),
    }
    for heading, texts in words.items():
        yield f"### {heading}"
        yield _table(
            ("Name", "Called", "Meaning", "In the conversation"),
            ((name, text.label, text.meaning, _spoken(text)) for name, text in texts),
        )


def _bars_from_the_next_level(pack: RulePack) -> Iterator[tuple[str, str]]:
    if pack.standard.bars_from == "next_level":
        below = f", less {pack.standard.bar_tolerance}" if pack.standard.bar_tolerance else ""
        yield "Bar of a signal all of whose competencies the next level expects", f"what it expects{below}"


def _spoken(text: BandText) -> str:
    answer = f"Answer: “{text.answer}”" if text.answer else None
    return " ".join(said for said in (text.talk, answer) if said)


def _ladder(pack: RulePack) -> Iterator[str]:
    yield "## Ladder"
    yield _table(
        ("Level", "Track", "Also called", "What it is", "Source"),
        ((lv.title, lv.track, ", ".join(lv.aliases), lv.summary, _cited(lv.cite)) for lv in pack.levels),
    )
    expected = (
        (level.title, pack.competency(one.competency).title, f"{one.rating}", _cited(one.cite))
        for level in pack.levels
        for one in level.expects
    )
    head = ("Level", "Competency", "Rating", "Source")
    yield from _listed("### What each level asks of everybody who is on it", head, expected)


def _competencies(pack: RulePack) -> Iterator[str]:
    head = ("Competency", "Definition", "Also called", "Id", "Source")
    rows = (
        (c.title, c.definition, ", ".join(c.aliases), f"`{c.id}`", _cited(c.cite)) for c in pack.competencies
    )
    return _listed("## Competencies", head, rows)


def _promotions(pack: RulePack) -> Iterator[str]:
    yield "## Promotions"
    for promotion in pack.promotions:
        yield f"### {promotion.title}"
        yield f"`{promotion.id}`, from {_cited(promotion.cite)}. {_tenure(promotion.tenure)}"
        yield _table(
            ("Signal", "Weight", "Bar", "Made of", "What it looks like", "Grow it", "Ask", "Source"),
            (_signal_row(pack, promotion, signal) for signal in promotion.signals),
        )
        catalogue = facts_of(pack, promotion)
        yield from (line for rule in promotion.rules for line in _rule(pack.findings, catalogue, rule))


def _signal_row(pack: RulePack, promotion: Promotion, signal: Signal) -> tuple[str, ...]:
    bar = f"{pack.bar_of(promotion, signal)}"
    made_of = _weights(pack, signal.competencies)
    return (
        *(signal.title, signal.importance, bar, made_of, signal.looks_like, signal.grow, signal.ask),
        _cited(signal.cite),
    )


def _tenure(tenure: Tenure | None) -> str:
    if tenure is None:
        return "The sources give no guidance on time."
    measure = {"time_in_level": "in the level", "product_experience": "of product experience"}[tenure.measure]
    return f"Guidance on time: {tenure.shown} {measure} ({_cited(tenure.cite)})."


def _rules(pack: RulePack) -> Iterator[str]:
    yield "## Rules that promotions share"
    for rule in pack.rules:
        read_for = [promotion for promotion in pack.promotions if rule in pack.rules_of(promotion)]
        yield from _rule(pack.findings, facts_of(pack, read_for[0]), rule)


def _rule(findings: Iterable[Finding], catalogue: Mapping[str, Fact], rule: Rule) -> Iterator[str]:
    condition = show(parse_condition(rule.when, catalogue))
    titles = {finding.id: finding.title for finding in findings}
    concluded = titles[rule.finding] if rule.finding else rule.conclusion.replace("_", " ")
    yield f"#### {rule.code} {rule.title}"
    lines = {
        "When": f"`{condition}`",
        "Then": f"{rule.topic} **{concluded}**",
        "Only for": ", ".join(rule.only_for),
        "Overrides": ", ".join(rule.overrides),
        "Reason": _line(rule.reason),
        "Next step": _line(rule.next_step or ""),
        "Read": _validity(rule),
        "Changes": "; ".join(rule.changes),
        "Source": _cited(rule.cite),
    }
    yield "\n".join(f"- {name}: {text}" for name, text in lines.items() if text)


def _validity(rule: Rule) -> str:
    ends = {"from": rule.valid_from, "until": rule.valid_until}
    return " ".join(f"{name} {day}" for name, day in ends.items() if day)


def _missing_ratings(pack: RulePack) -> Iterator[str]:
    yield "## Where missing ratings could lead to more than one band"
    cannot_tell = pack.cannot_tell
    yield f"#### {cannot_tell.code} {cannot_tell.title}"
    yield (
        f"- Reason: {_line(cannot_tell.reason)}\n- Next step: {_line(cannot_tell.next_step)}\n"
        f"- Source: {_cited(cannot_tell.cite)}"
    )


def _questions(pack: RulePack) -> Iterator[str]:
    rows = ((text.title, text.sentence) for text in pack.questions.values())
    return _listed("## Open questions", ("Question", "How it is put"), rows)


def _findings(pack: RulePack) -> Iterator[str]:
    rows = ((f"{f.title} (`{f.id}`)", f.kind, f.meaning, _cited(f.cite)) for f in pack.findings)
    return _listed("## Findings", ("Finding", "Kind", "Meaning", "Source"), rows)


def _facts_asked(pack: RulePack) -> Iterator[str]:
    rows = (
        (
            f"{one.title} (`{one.id}`)",
            ", ".join(pack.promotion(name).title for name in one.promotions) or "every promotion",
            _cited(one.cite),
        )
        for one in pack.facts
    )
    head = ("Can point to", "Asked for", "Source")
    return _listed("## Yes/no facts: columns that a sheet may have", head, rows)


def _lenses(pack: RulePack) -> Iterator[str]:
    if pack.lenses:
        yield "## Lenses: the frameworks as views over the same ratings"
    for lens in pack.lenses:
        yield f"### {lens.key}: {lens.title}"
        yield f"{_line(lens.question)} {_line(lens.about)} ({_cited(lens.cite)})"
        rows = (
            (part.title, _made_of(pack, lens, part), part.meaning, part.grow, _cited(part.cite))
            for part in lens.parts
        )
        yield _table(("Part", "Made of", "Meaning", "Grow it", "Source"), rows)
        yield _table(("Value", "Meaning"), ((text.label, text.meaning) for text in lens.words.values()))
        catalogue = facts_of_lens(lens)
        yield from (line for rule in lens.rules for line in _rule(lens.findings, catalogue, rule))


def _made_of(pack: RulePack, lens: Lens, part: LensPart) -> str:
    fact = next((fact.title for fact in pack.facts if fact.id == part.fact), None)
    if fact is not None:
        return f"yes or no: {fact}"
    all_of = [one.title for one in lens.parts if one.id in part.all_of]
    return f"all of: {', '.join(all_of)}" if all_of else _weights(pack, part.competencies)


def _weights(pack: RulePack, weights: Mapping[str, Decimal]) -> str:
    parts = (f"{pack.competency(name).title} {weight}" for name, weight in weights.items())
    return ", ".join(parts) or "nothing that is rated"


def _specialisations(pack: RulePack) -> Iterator[str]:
    kinds = pack.specialisations
    called = ((one.title, ", ".join(one.aliases), one.about, _cited(one.cite)) for one in kinds)
    yield from _listed(
        "## Specialisations", ("Specialisation", "Also called", "What it is", "Source"), called
    )
    head = ("Specialisation", "Promotion", "Signal", "Instead", "Why")
    rows = (_override(pack, one, asked) for one in kinds for asked in one.signal_overrides)
    yield from _listed("What a specialisation asks differently:", head, rows)


def _override(pack: RulePack, specialisation: Specialisation, asked: SignalOverride) -> tuple[str, ...]:
    promotion = pack.promotion(asked.promotion)
    signal = next(one for one in promotion.signals if one.id == asked.signal)
    said = (
        asked.importance,
        asked.bar and f"bar {asked.bar}",
        asked.competencies and f"weights {_weights(pack, asked.competencies)}",
    )
    instead = "; ".join(str(one) for one in said if one)
    return specialisation.title, promotion.title, signal.title, instead, asked.reason


def _actions(pack: RulePack) -> Iterator[str]:
    grows = {one.id: (pack.competency(name).title for name in one.competencies) for one in pack.actions}
    rows = ((one.title, one.advice, ", ".join(grows[one.id]), _cited(one.cite)) for one in pack.actions)
    return _listed("## Development actions", ("Action", "Advice", "Grows", "Source"), rows)


def _facts(pack: RulePack) -> Iterator[str]:
    catalogue: dict[str, Fact] = {}
    for promotion in pack.promotions:
        catalogue = {**facts_of(pack, promotion), **catalogue}
    rows = ((f"`{fact.name}`", _kind(fact), fact.meaning) for fact in catalogue.values())
    return _listed("## Facts that conditions may name", ("Fact", "Kind", "Meaning"), rows)


def _kind(fact: Fact) -> str:
    if fact.kind == "category":
        return ", ".join(fact.values)
    if fact.kind == "flag":
        return "true or false"
    return f"number ({fact.unit}{', may be unknown' if fact.may_be_unknown else ''})"


def _sources(pack: RulePack) -> Iterator[str]:
    yield "## Sources"
    yield "\n".join(
        f"- `{source.id}`: *{source.title}*, {source.author}. {_line(source.about)}"
        for source in pack.sources
    )


def _listed(heading: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A heading and a table below it; nothing where there are no rows."""
    if found := [*rows]:
        yield heading
        yield _table(head, found)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    cells = (
        head,
        ("---" for _ in head),
        *((_line(cell).replace("|", "\\|") for cell in row) for row in rows),
    )
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def _line(text: str) -> str:
    return " ".join(text.split())


def _cited(cite: Citation) -> str:
    return f"{cite.source}: {cite.section}"
