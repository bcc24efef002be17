"""Every manager of a run as a rater: what the ratings say, with its uncertainty, and what they cannot say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.decide import Assessment
from engine.raters.agreement import SelfAndManager, agreement_of
from engine.raters.linking import Links, links_of
from engine.raters.manager_ratings import Habit, habits_of
from engine.raters.severity import Difference, Severity, person_scores, severity_of
from engine.words import scale_note
from inputs import MANAGER, UNITS_PER_POINT, Roster, rating_column
from inputs.met_again import met_again
from rules.pack import BANDS


@dataclass(frozen=True)
class Rater:
    """One manager."""

    manager: str
    """The id; the name where the file has no ids."""
    name: str
    people: int
    """Whom the manager has rated on anything."""
    habit: Habit
    difference: Difference | None
    """From peers; None where it cannot be told for anybody."""
    recommended: int
    """People with a recommendation."""
    ready: int
    """Of them, people who are recommended as ready now, for any promotion."""

    @property
    def beside(self) -> Difference | None:
        """The difference from peers where there are any."""
        return self.difference if self.difference and self.difference.peers else None


@dataclass(frozen=True)
class Raters:
    """All managers, by name."""

    raters: tuple[Rater, ...]
    severity: Severity | None
    links: Links
    without: int
    """People with ratings of a manager, and nothing that says whose."""
    both_views: SelfAndManager | None
    """None where nothing is rated by the person and the manager."""
    scale_note: str
    """How the file writes ratings, where that is not on the pack's scale; else empty."""


def raters_of(assessment: Assessment, earlier: Sequence[Assessment] = ()) -> Raters:
    """What the ratings of a run say about its managers; `earlier` are runs of earlier cycles."""
    roster, pack = assessment.roster, assessment.pack
    columns = _columns(assessment)
    rated = _rated(assessment)
    people = rated.drop_nulls("manager")
    names = _names(people)
    links = links_of(_rated_by(assessment), [_rated_before(one, roster) for one in earlier])
    both, note = agreement_of(roster, MANAGER, pack), scale_note(roster.scales, pack)
    if not names:
        return Raters((), None, links, rated.height, both, note)
    order = {manager: at for at, manager in enumerate(names)}
    managers = people["manager"].replace_strict(order, return_dtype=pl.Int64)
    ratings = roster.ratings[columns][people["person"].to_list()]
    scores, ease = person_scores(ratings / UNITS_PER_POINT)
    levels = people["level"].rank("dense").to_list()
    severity = severity_of(scores, levels, managers.to_list())
    differences = severity.differences if severity else [None] * len(names)
    each = zip(
        names.items(),
        np.bincount(managers).tolist(),
        habits_of(ratings, ease, managers, pack, roster.scales.get("manager")),
        differences,
        _ready(assessment, people),
        strict=True,
    )
    raters = tuple(Rater(*who, n, habit, far, *ready) for who, n, habit, far, ready in each)
    return Raters(raters, severity, links, rated.height - people.height, both, note)


def _columns(assessment: Assessment) -> list[str]:
    """Those of the managers' ratings."""
    columns = [rating_column(part.id, "manager") for part in assessment.pack.competencies]
    return [name for name in columns if name in assessment.roster.ratings.columns]


def _rated(assessment: Assessment) -> pl.DataFrame:
    """`person`, id, `manager`, its name and `level` of everybody whom a manager rated on anything; `manager`
    is the id, or the name where there is no id, and null where there is neither."""
    roster, columns = assessment.roster, _columns(assessment)
    if not columns:
        return pl.DataFrame(schema={"person": pl.UInt32, **dict.fromkeys(_PERSON, pl.String)})
    there = roster.ratings.select(there=pl.any_horizontal(pl.col(columns).is_not_null()))["there"]
    people = roster.people.with_columns(manager=MANAGER).with_row_index("person")
    return people.filter(there).select("person", *_PERSON)


_PERSON = ("employee_id", "manager", "manager_name", "level")


def _names(people: pl.DataFrame) -> dict[str, str]:
    """Each manager's name, in the order of the names."""
    first = people.group_by("manager").agg(pl.col("manager_name").drop_nulls().first())
    names: dict[str, str] = {manager: name or manager for manager, name in first.iter_rows()}
    return dict(sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0])))


def _rated_by(assessment: Assessment) -> Mapping[str, str]:
    """Who rated each person."""
    return dict(_rated(assessment).select("employee_id", "manager").drop_nulls().iter_rows())


def _rated_before(assessment: Assessment, now: Roster) -> Mapping[str, str]:
    """The same in an earlier run, without those whose ids are somebody else's now."""
    others = met_again(assessment.roster.people, now.people).ids_of_others
    return {one: manager for one, manager in _rated_by(assessment).items() if one not in others}


def _ready(assessment: Assessment, people: pl.DataFrame) -> Sequence[tuple[int, int]]:
    """By manager in the order of names: people with a recommendation, and those who are ready now."""
    ready = assessment.recommendations.group_by("person").agg(
        (pl.col("recommendation") == BANDS[0]).any().alias("ready")
    )
    found = people.join(ready, on="person", how="left").group_by("manager")
    counts = found.agg(pl.col("ready").count(), pl.col("ready").sum().alias("now"))
    known = {manager: (whole, now) for manager, whole, now in counts.iter_rows()}
    return [known[manager] for manager in _names(people)]
