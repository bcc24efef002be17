"""An assessment as a folder of columns, and back.

Everything that explanations are made from is in the folder: people and ratings with the cells they came from,
evidence, outcomes and the rule pack. Tables are Parquet, one row per person or recommendation; `docs/data.md`
gives their schemas.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import get_args

import polars as pl
from pydantic import BaseModel, ConfigDict

from engine.decide.assessment import Assessment, Judged, Outcome
from engine.decide.evidence import in_64_bits
from engine.decide.joining import joined
from engine.decide.meaning import PromotionMeaning
from engine.decide.program import Programs
from engine.decide.recommending import Recommender
from engine.decide.supposed import Bander
from engine.decide.variants import variants_of
from inputs import (
    NOT_ASSESSABLE_SCHEMA,
    OTHERS_SCHEMA,
    ColumnSource,
    FileSource,
    Issue,
    OwnScale,
    Rater,
    Roster,
)
from rules.pack import BANDS, CONFIDENCES, InsufficientKind, RulePack

ABOUT = "about.json"
PACK = "pack.json"
TABLES = ("people", "ratings", "comments", "others")
"""The frames of a roster that have a table; one without columns has none, nor one of other raters
without rows."""

OUTCOMES_SCHEMA: dict[str, pl.DataType] = {
    "promotion": pl.String(),
    "case": pl.UInt32(),
    "fired": pl.List(pl.String()),  # codes of rules in order, also of those that gave way
    "findings": pl.List(pl.String()),
    "recommendation": pl.Enum(BANDS),
    "recommendation_rule": pl.String(),
    "confidence": pl.Enum(CONFIDENCES),
    "confidence_rule": pl.String(),
    "kind": pl.Enum(get_args(InsufficientKind)),  # why the evidence is insufficient
}
"""`outcomes.parquet`: what the rules concluded, once for all people of the same case."""


class About(BaseModel):
    """`about.json`: the day, where each column of the roster stands in the input, and issues about people."""

    model_config = ConfigDict(extra="forbid")

    day: date
    columns: tuple[ColumnSource, ...]
    sources: tuple[FileSource, ...]
    scales: Mapping[Rater, OwnScale] = {}
    issues: tuple[Issue, ...] = ()


def write_assessment(assessment: Assessment, folder: Path) -> None:
    """Write the tables into a new folder: the same bytes, in how many parts the assessment was made."""
    assessment = joined([assessment], assessment.roster)
    write_roster(assessment.roster, assessment.day, folder)
    (folder / PACK).write_bytes(assessment.pack.model_dump_json(indent=1).encode() + b"\n")
    assessment.recommendations.write_parquet(folder / "recommendations.parquet")
    for promotion in assessment.promotions:
        meaning = PromotionMeaning.of(assessment.pack, promotion)
        evidence = in_64_bits(assessment.of(promotion).evidence.lazy(), meaning)
        evidence.sink_parquet(folder / _evidence(promotion.id))
    outcomes = [
        {"promotion": promotion.id, "case": case, **asdict(judged.outcomes[case])}
        for promotion in assessment.promotions
        for judged in [assessment.of(promotion)]
        for case in range(len(judged.outcomes))
    ]
    pl.DataFrame(outcomes, schema=OUTCOMES_SCHEMA).write_parquet(folder / "outcomes.parquet")


def write_roster(roster: Roster, day: date, folder: Path) -> None:
    """Write the tables of a roster alone into a new folder."""
    folder.mkdir()
    issues = tuple(issue for of_one in roster.issues_of.values() for issue in of_one)
    about = About(
        day=day, columns=roster.columns, sources=roster.sources, scales=roster.scales, issues=issues
    )
    (folder / ABOUT).write_bytes(about.model_dump_json(indent=1).encode() + b"\n")
    for name in TABLES:
        frame: pl.DataFrame = getattr(roster, name)
        if frame.width and (frame.height or name != "others"):
            frame.rechunk().write_parquet(folder / f"{name}.parquet")


def read_assessment(folder: Path) -> Assessment:
    """The assessment of a folder, for explaining it: who could not be assessed is not in it, and of the
    issues only those that are told with a person.

    What only some promotions need is read when it is asked for. Raises OSError, ValueError or
    `polars.exceptions.PolarsError` where the folder is not whole.
    """
    pack = read_pack(folder)
    roster, day = read_roster(folder)
    found = pl.read_parquet(folder / "recommendations.parquet")
    return Assessment(roster, pack, day, found, _Stored(folder, pack, found), roster.not_assessable)


def read_roster(folder: Path) -> tuple[Roster, date]:
    """The roster of a folder, and the day that it was assessed on. Raises as `read_assessment`."""
    about = About.model_validate_json((folder / ABOUT).read_bytes())
    people, ratings, comments, others = (_table(folder / f"{name}.parquet") for name in TABLES)
    ratings = ratings if ratings.width else pl.DataFrame(height=people.height)
    others = others if others.width else pl.DataFrame(schema=OTHERS_SCHEMA)
    nobody = pl.DataFrame(schema=NOT_ASSESSABLE_SCHEMA)
    read = people, ratings, comments, nobody, about.issues, about.columns, about.sources
    roster = Roster(*read, scales=about.scales, others=others)
    return roster, about.day


def read_pack(folder: Path) -> RulePack:
    """The rule pack of a folder. Raises as `read_assessment`."""
    return RulePack.model_validate_json((folder / PACK).read_bytes(), strict=False)


def _table(path: Path) -> pl.DataFrame:
    return pl.read_parquet(path) if path.exists() else pl.DataFrame()


def _evidence(promotion: str) -> str:
    """The name of a promotion's table: no system reserves it, whatever the promotion is called."""
    return f"evidence-{promotion}.parquet"


@dataclass(frozen=True)
class _Stored(Mapping[str, Judged]):
    """What is known of each promotion, read when it is asked for."""

    folder: Path
    pack: RulePack
    recommendations: pl.DataFrame
    _read: dict[str, Judged] = field(default_factory=dict, repr=False)

    def __getitem__(self, promotion: str) -> Judged:
        if promotion not in self._read:
            self._read[promotion] = self._judged(promotion)
        return self._read[promotion]

    def __iter__(self) -> Iterator[str]:
        return iter(self.recommendations["promotion"].unique(maintain_order=True))

    def __len__(self) -> int:
        return self.recommendations["promotion"].n_unique()

    def _judged(self, name: str) -> Judged:
        pack, promotion = self.pack, self.pack.promotion(name)
        programs = Programs.of(pack, promotion)
        recommender = Recommender.of(programs.band)
        banders = {
            one.name: Bander.of(pack, PromotionMeaning.of(pack, one.promotion), programs.band, recommender)
            for one in variants_of(pack, promotion)
        }
        return Judged(
            programs,
            self.recommendations.filter(pl.col("promotion") == name),
            pl.read_parquet(self.folder / _evidence(name)),
            self._outcomes[name],
            banders,
        )

    @cached_property
    def _outcomes(self) -> Mapping[str, Mapping[int, Outcome]]:
        outcomes: dict[str, dict[int, Outcome]] = {}
        for row in pl.read_parquet(self.folder / "outcomes.parquet").iter_rows(named=True):
            told = {name: row[name] for name in OUTCOMES_SCHEMA if name not in ("promotion", "case")}
            lists = {name: tuple(told[name]) for name in ("fired", "findings")}
            outcomes.setdefault(row["promotion"], {})[row["case"]] = Outcome(**told | lists)
        return outcomes
