"""A pack's policy as a text to read and to sign."""

from collections.abc import Iterator, Sequence

from engine.phrases import count, join
from engine.prove.policy import Policy
from rules.pack import Promotion, RulePack


def policy_as_markdown(pack: RulePack, policies: Sequence[Policy]) -> str:
    """The whole policy: what is recommended when, and what each promotion asks."""
    return (
        "\n\n".join(
            [*_opening(pack), *(line for one in policies for line in _policy(pack, one)), *_asked(pack)]
        )
        + "\n"
    )


def _opening(pack: RulePack) -> Iterator[str]:
    yield f"# {pack.title}: when is what recommended?"
    yield f"Rule pack `{pack.name}`, version {pack.version}, fingerprint {pack.sha256[:12]}."
    yield pack.about.strip()
    if pack.undecided:
        yield "Nobody has decided yet:"
        yield "\n".join(f"- {line}" for line in pack.undecided)


def _policy(pack: RulePack, policy: Policy) -> Iterator[str]:
    titles = [pack.promotion(one).title for one in policy.promotions]
    yield f"## {titles[0] if len(titles) == 1 else 'The same for ' + count(len(titles), 'promotion')}"
    if len(titles) > 1:
        yield f"{join(titles)}."
    for band in policy.bands:
        yield f"### {pack.bands[band.band].label}"
        for number, way in enumerate(band.ways):
            yield "When all of this holds:" if number == 0 else "Or when all of this holds:"
            yield "\n".join(f"- {condition}" for condition in way)
    empty = f" In {policy.empty:,} of them nobody can be, as a solver showed." if policy.empty else ""
    yield (
        f"All {policy.cases:,} combinations of what the rules compare were put to the rule engine; each "
        f"leads to the band above and to no other.{empty}"
    )
    yield (
        "Missing ratings are never filled in. Where they could lead to more than one band, nothing is "
        f"recommended: {pack.bands['insufficient_evidence'].label}, with the range and the ratings that "
        "would settle it."
    )


def _asked(pack: RulePack) -> Iterator[str]:
    yield "## What each promotion asks"
    for promotion in pack.promotions:
        yield f"### {promotion.title}"
        yield "\n".join(_signals(pack, promotion))
        expected = pack.level(promotion.from_level).expects
        if expected:
            title = pack.level(promotion.from_level).title
            listed = join(
                [f"{pack.competency(one.competency).title} {_points(pack, one.rating)}" for one in expected]
            )
            yield f"The present level, {title}, expects: {listed}."
        if promotion.tenure is not None:
            yield f"Time before it, by the guidance: {promotion.tenure.shown}."


def _signals(pack: RulePack, promotion: Promotion) -> Iterator[str]:
    for signal in promotion.signals:
        bar = _points(pack, pack.bar_of(promotion, signal))
        yield f"- {signal.title} ({signal.importance}): {bar} or more"


def _points(pack: RulePack, points: object) -> str:
    return pack.scale.meanings.get(str(points), str(points)) if pack.scale.words else str(points)
