"""Short invented people that every manager rates blind, made from a pack's worked examples, and what comes
back.

Everybody rates the same people here, so that how strict managers are can be told, and whether they agree with
what the pack says of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

import numpy as np
import yaml
from pydantic import TypeAdapter

from engine.phrases import join, span
from engine.raters.facets import Facets, RaterSeverity, severities_of
from rules.pack import BANDS, Band, Example, Promotion, RulePack

PER_LEVEL = 4
STATEMENTS = 5
"""What is rated of one person."""
PIECES = 8
"""Pieces of work that are told of."""
TOLD = BANDS[:3]
"""Bands that a description can show; too little evidence is none."""


@dataclass(frozen=True)
class Statement:
    """What was seen of one competency."""

    competency: str
    title: str
    definition: str
    seen: str
    answer: Decimal
    """The rating of the worked example."""


@dataclass(frozen=True)
class Vignette:
    """One invented person."""

    id: str
    """Of the worked example."""
    about: str
    """Who it is and for how long, in a sentence."""
    name: str
    level: str
    """The id."""
    level_title: str
    next_level: str
    """Title."""
    statements: tuple[Statement, ...]
    rest: str
    """What was seen of everything else."""
    answer: Band
    """The band of the worked example."""


@dataclass(frozen=True)
class Answers:
    """What one manager filled in."""

    manager: str
    ratings: Mapping[tuple[str, str], Decimal]
    """By vignette and competency."""
    bands: Mapping[str, Band]
    """By vignette."""


@dataclass(frozen=True)
class ManagerOnVignettes:
    """One manager beside the pack's answers and the others'."""

    manager: str
    ratings: int
    exact: int
    within_step: int
    """Ratings that are those of the worked examples, or one step from them."""
    bands: int
    same_band: int
    difference: float | None
    """The mean of own ratings less the others' of the same, in points; None where nobody else rated them."""
    severity: RaterSeverity | None


@dataclass(frozen=True)
class RoomOnVignettes:
    """All managers on the same invented people."""

    managers: tuple[ManagerOnVignettes, ...]
    """The strictest first where that can be told, else by name."""
    refused: str | None
    """Why severities are not told."""

    def share(self, part: str, whole: str) -> float | None:
        """Of all managers together, such as `same_band` of `bands`; None without any."""
        parts, wholes = (sum(getattr(one, name) for one in self.managers) for name in (part, whole))
        return parts / wholes if wholes else None


def vignettes_of(pack: RulePack) -> tuple[Vignette, ...]:
    """Up to four people per level, with different answers, in an order that tells nothing of them.

    None of a level whose promotions have no worked example that can be told.
    """
    texts, names = _texts(), iter(_texts().names)
    found: list[Vignette] = []
    for level in pack.levels:
        chosen: list[tuple[Promotion, Example]] = []
        for promotion in pack.promotions_from(level.id):
            chosen += [(promotion, one) for one in _chosen(pack, promotion)]
        # By the last letters of their ids: neither band after band nor in the pack's order.
        chosen = sorted(chosen[:PER_LEVEL], key=lambda pair: pair[1].id[::-1])
        found += [_vignette(pack, *pair, name, texts) for pair, name in zip(chosen, names, strict=False)]
    return tuple(found)


def room_of(vignettes: Sequence[Vignette], answers: Sequence[Answers], pack: RulePack) -> RoomOnVignettes:
    """What the managers' answers show."""
    places = [(one.id, statement.competency) for one in vignettes for statement in one.statements]
    facets = _facets(places, answers, pack)
    rows = [
        _manager(vignettes, one, [other for other in answers if other is not one], severity, pack)
        for one, severity in zip(answers, facets.raters, strict=True)
    ]
    rows.sort(key=lambda row: (-row.severity.severity if row.severity else 0, row.manager.casefold()))
    return RoomOnVignettes(tuple(rows), facets.refused)


@dataclass(frozen=True)
class _Texts:
    """`vignettes.yaml`."""

    names: tuple[str, ...]
    person: str
    seen: str
    alone: str
    helped: str
    missed: str
    with_help: int
    further: tuple[tuple[float, str], ...]
    rest: str


@cache
def _texts() -> _Texts:
    raw = yaml.safe_load(files("engine.raters").joinpath("vignettes.yaml").read_text(encoding="utf-8"))
    further = tuple((one["from"], one["text"]) for one in raw.pop("further"))
    return TypeAdapter(_Texts).validate_python({**raw, "further": further})


def _chosen(pack: RulePack, promotion: Promotion) -> Iterator[Example]:
    """For each band the worked example whose ratings differ most, then one more."""
    usable = [
        one
        for one in pack.examples
        if one.promotion == promotion.id
        and one.recommendation in TOLD
        and not one.unrated
        and one.months_in_level is not None
        and one.specialisation is None
    ]
    usable.sort(key=lambda one: -len({*one.manager.values(), one.everything}))
    first = {one.recommendation: one for one in reversed(usable)}
    yield from (first[band] for band in TOLD if band in first)
    yield from [one for one in usable if one not in first.values()][:1]


def _vignette(pack: RulePack, promotion: Promotion, example: Example, name: str, texts: _Texts) -> Vignette:
    titles = {level.id: level.title for level in pack.levels}
    core = [one for signal in promotion.signals if signal.importance == "core" for one in signal.competencies]
    telling = [one for one in core if one in example.manager]
    beside = [one for one in example.manager if one not in core][: STATEMENTS - 3]
    order = list(dict.fromkeys([*telling[:STATEMENTS], *beside, *core]))[:STATEMENTS]
    parts = {part.id: part for part in pack.competencies}
    level = titles[promotion.from_level]
    return Vignette(
        id=example.id,
        about=texts.person.format(name=name, level=level, time=span(example.months_in_level or 0)),
        name=name,
        level=promotion.from_level,
        level_title=level,
        next_level=titles[promotion.to_level],
        statements=tuple(
            Statement(id_, parts[id_].title, parts[id_].definition, _seen(pack, rating, name, texts), rating)
            for id_ in order
            for rating in [example.manager.get(id_, example.everything)]
        ),
        rest=texts.rest.format(alone=_alone(pack, example.everything)),
        answer=example.recommendation,
    )


def _alone(pack: RulePack, rating: Decimal) -> int:
    """In how many pieces of work it was there without help."""
    share = (rating - pack.scale.lowest) / (pack.scale.highest - pack.scale.lowest)
    return round(share * PIECES)


def _seen(pack: RulePack, rating: Decimal, name: str, texts: _Texts) -> str:
    alone = _alone(pack, rating)
    helped = min(texts.with_help, PIECES - alone)
    counts = ((texts.alone, alone), (texts.helped, helped), (texts.missed, PIECES - alone - helped))
    told = texts.seen.format(parts=join([text.format(count=number) for text, number in counts if number]))
    more = (text.format(name=name) for share, text in texts.further if alone / PIECES >= share)
    return " ".join([told, *more])


def _facets(places: Sequence[tuple[str, str]], answers: Sequence[Answers], pack: RulePack) -> Facets:
    if not places or not answers:
        return Facets((None,) * len(answers), "Nothing was rated.")
    lowest, step = pack.scale.lowest, pack.scale.step

    def category(rating: Decimal | None) -> int:
        return -1 if rating is None else round((rating - lowest) / step)

    ratings = [[category(one.ratings.get(place)) for one in answers] for place in places]
    return severities_of(np.array(ratings, dtype=np.int64))


def _manager(
    vignettes: Iterable[Vignette],
    own: Answers,
    others: Sequence[Answers],
    severity: RaterSeverity | None,
    pack: RulePack,
) -> ManagerOnVignettes:
    right = {(one.id, part.competency): part.answer for one in vignettes for part in one.statements}
    bands = {one.id: one.answer for one in vignettes}
    apart = [abs(rating - right[place]) for place, rating in own.ratings.items()]
    differences = [
        rating - sum(given, Decimal(0)) / len(given)
        for place, rating in own.ratings.items()
        if (given := [one.ratings[place] for one in others if place in one.ratings])
    ]
    return ManagerOnVignettes(
        manager=own.manager,
        ratings=len(apart),
        exact=sum(one == 0 for one in apart),
        within_step=sum(one <= pack.scale.step for one in apart),
        bands=len(own.bands),
        same_band=sum(band == bands[id_] for id_, band in own.bands.items()),
        difference=float(sum(differences, Decimal(0)) / len(differences)) if differences else None,
        severity=severity,
    )
