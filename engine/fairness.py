"""Adverse impact: the share of people ready in each group, held against the group with the highest share.

Groups are known here alone: no rule sees them, and nothing that is computed here enters a recommendation. A
ratio under four fifths is the usual signal to look closer (Uniform Guidelines on Employee Selection
Procedures, 1978, 29 CFR 1607.4 D); it proves nothing, least of all where groups are small.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from engine.words import Key
from rules.pack import Band

SMALLEST_GROUP = 10
"""People that a group must have for its shares to be shown."""
FOUR_FIFTHS = (4, 5)
SOURCE = "Uniform Guidelines on Employee Selection Procedures (1978), 29 CFR 1607.4 D"
MEASURES = ("ready_now", "ready_now_or_soon")
"""What a share is of: people with that band in at least one of the promotions open to them."""
_BANDS = {"ready_now": ("ready_now",), "ready_now_or_soon": ("ready_now", "ready_soon")}


@dataclass(frozen=True)
class GroupRatio:
    """One measure of one group, at one time."""

    ready: int
    """People of the group."""
    share: Fraction
    """Of the group's people, 0 to 1."""
    ratio: Fraction | None
    """To the share of the group with the highest one; None where nobody in any group is ready, and for people
    without a value."""
    below_four_fifths: bool


@dataclass(frozen=True)
class GroupShares:
    """One group of one attribute."""

    attribute: str
    group: str | None
    """None: people of the run for whom no value is given."""
    people: int
    withheld: bool
    """Whether the group is too small to show; its measures are then empty."""
    undecided: tuple[int, ...]
    """At each time: people whose evidence is insufficient for every promotion open to them."""
    measures: tuple[tuple[GroupRatio, ...], ...]
    """For each of `MEASURES`: the ratio at each time."""


@dataclass(frozen=True)
class Fairness:
    """The groups of a run's people, at one time or at several, such as before and after a change of rules."""

    times: tuple[str, ...]
    smallest: int
    people: int
    """People with a recommendation."""
    matched: int
    """Of them, those who stand in the file of groups."""
    missing: tuple[str, ...]
    """Their ids, of those who do not."""
    unknown: tuple[str, ...]
    """Ids of the file of groups that have no recommendation."""
    groups: tuple[GroupShares, ...]
    """By attribute in the order of the file, then by name, people without a value last."""


def compare_groups(
    groups: pl.DataFrame,
    attributes: Sequence[str],
    bands: Mapping[str, Mapping[Key, Band]],
    smallest: int = SMALLEST_GROUP,
) -> Fairness:
    """The shares and ratios of every group.

    `groups` has `employee_id` and a String column per attribute; `bands` gives for each time the band of each
    person and promotion.
    """
    outcomes = _outcomes(bands)
    ids = outcomes["employee_id"]
    members = outcomes.join(groups, on="employee_id", how="left")
    found = tuple(
        shares
        for attribute in attributes
        for shares in _of_attribute(members, attribute, tuple(bands), smallest)
    )
    known = groups["employee_id"]
    return Fairness(
        times=tuple(bands),
        smallest=smallest,
        people=ids.len(),
        matched=ids.filter(ids.is_in(known.implode())).len(),
        missing=tuple(ids.filter(~ids.is_in(known.implode()))),
        unknown=tuple(known.filter(~known.is_in(ids.implode()))),
        groups=found,
    )


def _outcomes(bands: Mapping[str, Mapping[Key, Band]]) -> pl.DataFrame:
    """A row per person, and per time what the person is: a truth value per measure, and `undecided`."""
    schema = {"employee_id": pl.String, "recommendation": pl.String}
    per_time = [
        pl.DataFrame(([id_ for id_, _ in found], list(found.values())), schema)
        .group_by("employee_id", maintain_order=True)
        .agg(
            *(
                pl.col("recommendation").is_in(_BANDS[measure]).any().alias(f"{measure}.{number}")
                for measure in MEASURES
            ),
            (pl.col("recommendation") == "insufficient_evidence").all().alias(f"undecided.{number}"),
        )
        for number, found in enumerate(bands.values())
    ]
    together = per_time[0]
    for other in per_time[1:]:
        together = together.join(
            other, on="employee_id", how="full", coalesce=True, maintain_order="left_right"
        )
    return together.with_columns(pl.exclude("employee_id").fill_null(value=False))


def _of_attribute(
    members: pl.DataFrame, attribute: str, times: tuple[str, ...], smallest: int
) -> list[GroupShares]:
    counts = (
        members.select(
            pl.col(attribute).alias("group"), pl.col(r"^(ready_now|ready_now_or_soon|undecided)\.\d+$")
        )
        .group_by("group")
        .agg(pl.len().alias("people"), pl.exclude("group").sum())
        .sort("group", nulls_last=True)
    )
    large = counts.filter((pl.col("people") >= smallest) & pl.col("group").is_not_null())
    best = {
        (measure, number): _highest(large, f"{measure}.{number}")
        for measure in MEASURES
        for number in range(len(times))
    }
    return [_shares(row, attribute, best, len(times), smallest) for row in counts.iter_rows(named=True)]


def _highest(groups: pl.DataFrame, ready: str) -> tuple[int, int]:
    """People ready and people in all, of the group with the highest share; none of one without groups."""
    if groups.is_empty():
        return 0, 1
    first = groups.sort(pl.col(ready) / pl.col("people"), descending=True).select(ready, "people").row(0)
    return int(first[0]), int(first[1])


def _shares(
    row: dict[str, object],
    attribute: str,
    best: dict[tuple[str, int], tuple[int, int]],
    times: int,
    smallest: int,
) -> GroupShares:
    people, group = int(str(row["people"])), row["group"]
    withheld = people < smallest
    measures = tuple(
        tuple(
            _ratio(
                int(str(row[f"{measure}.{number}"])), people, None if group is None else best[measure, number]
            )
            for number in range(times)
        )
        for measure in MEASURES
    )
    return GroupShares(
        attribute=attribute,
        group=None if group is None else str(group),
        people=people,
        withheld=withheld,
        undecided=() if withheld else tuple(int(str(row[f"undecided.{number}"])) for number in range(times)),
        measures=() if withheld else measures,
    )


def _ratio(ready: int, people: int, best: tuple[int, int] | None) -> GroupRatio:
    share = Fraction(ready, people)
    if best is None or best[0] == 0:
        return GroupRatio(ready, share, None, below_four_fifths=False)
    ratio = share / Fraction(*best)
    return GroupRatio(ready, share, ratio, below_four_fifths=ratio < Fraction(*FOUR_FIFTHS))
