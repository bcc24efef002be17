"""A readable reference of a pack: ladder, signals with bars, rules with condition, reason and citation."""

from collections.abc import Iterable, Iterator

from rules.conditions import parse_condition, show
from rules.facts import Fact, facts_of
from rules.pack import Citation, Rule, RulePack, Signal, Tenure, Transition


def reference(pack: RulePack) -> str:
    """Everything that the pack says, as Markdown."""
    sections = (
        _opening,
        _standard,
        _ladder,
        _competencies,
        _transitions,
        _rules,
        _findings,
        _facts,
        _sources,
    )
    return "\n".join(line for section in sections for line in (*section(pack), "")).rstrip() + "\n"


def _opening(pack: RulePack) -> Iterator[str]:
    yield f"# {pack.title}"
    yield ""
    yield f"Rule pack `{pack.name}`, version {pack.version}, fingerprint {pack.sha256[:12]}"
    yield ""
    yield pack.about.strip()


def _standard(pack: RulePack) -> Iterator[str]:
    standard = pack.standard
    yield "## Scale, bars and evidence"
    yield ""
    yield f"Ratings are on a scale from {pack.scale.lowest} to {pack.scale.highest}."
    yield ""
    yield from (f"- {point}: {meaning}" for point, meaning in pack.scale.meanings.items())
    yield ""
    yield from _table(
        ("What", "Value"),
        (
            ("Bar of a core signal", f"{standard.bars.core}"),
            ("Bar of a supporting signal", f"{standard.bars.supporting}"),
            ("Near: at most so far under the bar", f"{standard.near_margin}"),
            ("Self and manager disagree from", f"{standard.agreement_margin}"),
            ("Share of a signal's weight that must be rated", f"{standard.minimum_coverage}"),
            ("Months in the level before ratings count", f"{standard.observation_months}"),
        ),
    )
    yield ""
    for texts in (pack.bands, pack.confidences, pack.statuses, pack.agreements):
        yield from _table(("Name", "Called", "Meaning"), ((n, t.label, t.meaning) for n, t in texts.items()))
        yield ""


def _ladder(pack: RulePack) -> Iterator[str]:
    yield "## Ladder"
    yield ""
    yield from _table(
        ("Level", "Track", "Also called", "What it is", "Source"),
        ((lv.title, lv.track, ", ".join(lv.aliases), lv.summary, _cited(lv.cite)) for lv in pack.levels),
    )


def _competencies(pack: RulePack) -> Iterator[str]:
    yield "## Competencies"
    yield ""
    yield from _table(
        ("Competency", "Column names", "Definition", "Also called", "Source"),
        (
            (c.title, f"`{c.id}`", c.definition, ", ".join(c.aliases), _cited(c.cite))
            for c in pack.competencies
        ),
    )


def _transitions(pack: RulePack) -> Iterator[str]:
    yield "## Promotions"
    for transition in pack.transitions:
        yield ""
        yield f"### {transition.title}"
        yield ""
        yield f"`{transition.id}`, from {_cited(transition.cite)}. {_tenure(transition.tenure)}"
        yield ""
        yield from _table(
            ("Signal", "Weight", "Bar", "Made of", "What it looks like", "Grow it", "Ask", "Source"),
            (_signal_row(pack, transition, signal) for signal in transition.signals),
        )
        yield from (line for rule in transition.rules for line in _rule(pack, transition, rule))


def _signal_row(pack: RulePack, transition: Transition, signal: Signal) -> tuple[str, ...]:
    parts = [f"{pack.competency(name).title} {weight}" for name, weight in signal.competencies.items()]
    bar = f"{pack.bar_of(transition, signal)}"
    made_of = ", ".join(parts)
    return (
        *(signal.title, signal.importance, bar, made_of, signal.looks_like, signal.grow, signal.ask),
        _cited(signal.cite),
    )


def _tenure(tenure: Tenure | None) -> str:
    if tenure is None:
        return "The sources give no guidance on time."
    measure = {"time_in_level": "in the level", "product_experience": "of product experience"}[tenure.measure]
    years = f"{tenure.from_years}" if tenure.to_years is None else f"{tenure.from_years} to {tenure.to_years}"
    end = " or more" if tenure.to_years is None else ""
    return f"Guidance on time: {years}{end} years {measure} ({_cited(tenure.cite)})."


def _rules(pack: RulePack) -> Iterator[str]:
    yield "## Rules that every promotion shares"
    for rule in pack.rules:
        yield from _rule(pack, pack.transitions[0], rule)


def _rule(pack: RulePack, transition: Transition, rule: Rule) -> Iterator[str]:
    condition = show(parse_condition(rule.when, facts_of(pack, transition)))
    concluded = pack.finding(rule.finding).title if rule.finding else rule.conclusion.replace("_", " ")
    yield ""
    yield f"#### {rule.code} {rule.title}"
    yield ""
    yield f"- When: `{condition}`"
    yield f"- Then: {rule.topic} **{concluded}**"
    if rule.wins_over:
        yield f"- Wins over: {', '.join(rule.wins_over)}"
    yield f"- Reason: {_line(rule.reason)}"
    if rule.next_step:
        yield f"- Next step: {_line(rule.next_step)}"
    yield f"- Source: {_cited(rule.cite)}"


def _findings(pack: RulePack) -> Iterator[str]:
    yield "## Findings"
    yield ""
    yield from _table(
        ("Finding", "Kind", "Meaning", "Source"),
        ((f"{f.title} (`{f.id}`)", f.kind, f.meaning, _cited(f.cite)) for f in pack.findings),
    )


def _facts(pack: RulePack) -> Iterator[str]:
    yield "## Facts that conditions may name"
    yield ""
    catalogue: dict[str, Fact] = {}
    for transition in pack.transitions:
        catalogue = {**facts_of(pack, transition), **catalogue}
    rows = ((f"`{fact.name}`", _kind(fact), fact.meaning) for fact in catalogue.values())
    yield from _table(("Fact", "Kind", "Meaning"), rows)


def _kind(fact: Fact) -> str:
    if fact.kind == "category":
        return ", ".join(fact.values)
    if fact.kind == "flag":
        return "true or false"
    return f"number ({fact.unit}{', may be unknown' if fact.may_be_unknown else ''})"


def _sources(pack: RulePack) -> Iterator[str]:
    yield "## Sources"
    yield ""
    for source in pack.sources:
        yield f"- `{source.id}`: *{source.title}*, {source.author}. {_line(source.about)}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "| " + " | ".join("---" for _ in head) + " |"
    for row in rows:
        yield "| " + " | ".join(_line(cell).replace("|", "\\|") for cell in row) + " |"


def _line(text: str) -> str:
    return " ".join(text.split())


def _cited(cite: Citation) -> str:
    return f"{cite.source}: {cite.section}"
