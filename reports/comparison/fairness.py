"""The fairness report: group shares and ratios for HR alone, as a page, a table and lines of text."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from engine.fairness import FOUR_FIFTHS, MEASURES, SOURCE, Fairness, GroupRatio, GroupShares
from engine.phrases import count, number, percent
from reports.pages.rendering import render
from reports.run.data import write_csv
from rules.pack import RulePack

NO_VALUE = "No value given"
LISTED = 10
"""Ids that a report names."""
FAIRNESS_COLUMNS: dict[str, pl.DataType] = {
    "attribute": pl.String(),
    "group": pl.String(),
    "people": pl.Int64(),  # null where withheld
    "withheld": pl.String(),  # why, where the group is too small to show
    "time": pl.String(),  # such as `now` and `simulated`
    "measure": pl.String(),  # ready_now or ready_now_or_soon
    "ready": pl.Int64(),
    "insufficient_evidence": pl.Int64(),
    "share": pl.Float64(),  # of the group's people
    "ratio": pl.Float64(),  # to the group with the highest share
    "below_four_fifths": pl.Boolean(),
}
"""`fairness.csv`: one row per group, time and measure; one row where a group is withheld."""


@dataclass(frozen=True)
class FairnessShown:
    """A fairness report with the words that it is shown in."""

    fairness: Fairness
    file: str
    """The name of the file of groups."""
    smallest: str
    """Why groups are withheld."""
    matching: tuple[str, ...]
    """Sentences about people and ids that do not match."""
    measures: tuple[str, ...]
    """What each of `MEASURES` is called."""
    about: tuple[str, ...]
    """What the figures are and are not."""

    @property
    def attributes(self) -> dict[str, tuple[GroupShares, ...]]:
        """The groups of each attribute."""
        return {
            name: tuple(one for one in self.fairness.groups if one.attribute == name)
            for name in dict.fromkeys(one.attribute for one in self.fairness.groups)
        }


def show_fairness(fairness: Fairness, file: str, pack: RulePack) -> FairnessShown:
    """The report in words."""
    now, soon = (pack.bands[band].label for band in ("ready_now", "ready_soon"))
    part, whole = FOUR_FIFTHS
    return FairnessShown(
        fairness=fairness,
        file=file,
        smallest=(
            f"withheld: fewer than {fairness.smallest} people, whose share would say little about the group "
            "and much about single people"
        ),
        matching=tuple(_matching(fairness, file)),
        measures=(now, f"{now} or {soon}"),
        about=(
            "A share counts the people of a group with that band in at least one of the promotions open to "
            "them, out of all people of the group who have a recommendation, those with too little evidence "
            "included. The ratio is to the group with the highest share.",
            f"A ratio under {part}/{whole} is the usual signal to look closer ({SOURCE}). It is information, "
            "not a finding: it proves no unfairness, and a higher ratio proves no fairness. With few people "
            "chance alone moves it.",
            "The groups were read for this report alone. No rule sees them, and no recommendation, data file "
            "or manager's page holds them.",
        ),
    )


def fairness_lines(shown: FairnessShown) -> Iterator[str]:
    """The report for the terminal."""
    fairness = shown.fairness
    yield f"Group ratios from {shown.file}, for HR alone"
    yield from (f"  {sentence}" for sentence in shown.matching)
    for attribute, groups in shown.attributes.items():
        yield ""
        yield attribute
        width = max(len(_name(group)) for group in groups)
        for group in groups:
            if group.withheld:
                yield f"  {_name(group):<{width}}  {shown.smallest}"
                continue
            people = f"  {_name(group):<{width}}  {count(group.people, 'person', 'people'):>13}"
            for measure, ratios in zip(shown.measures, group.measures, strict=True):
                times = ", ".join(
                    f"{time}: {_in_words(ratio)}" if len(fairness.times) > 1 else _in_words(ratio)
                    for time, ratio in zip(fairness.times, ratios, strict=True)
                )
                yield f"{people}  {measure}: {times}"
                people = " " * len(people)
    yield ""
    yield from shown.about


def fairness_frame(shown: FairnessShown) -> pl.DataFrame:
    """The report as a table of `FAIRNESS_COLUMNS`."""
    rows: list[dict[str, object]] = []
    for group in shown.fairness.groups:
        named = {"attribute": group.attribute, "group": _name(group)}
        if group.withheld:
            rows.append({**dict.fromkeys(FAIRNESS_COLUMNS), **named, "withheld": shown.smallest})
        for measure, ratios in zip(MEASURES, group.measures, strict=False):
            for at, (time, ratio) in enumerate(zip(shown.fairness.times, ratios, strict=True)):
                rows.append(
                    {
                        **named,
                        "people": group.people,
                        "withheld": None,
                        "time": time,
                        "measure": measure,
                        "insufficient_evidence": group.undecided[at],
                        "ready": ratio.ready,
                        "share": float(ratio.share),
                        "ratio": None if ratio.ratio is None else float(ratio.ratio),
                        "below_four_fifths": ratio.below_four_fifths,
                    }
                )
    return pl.DataFrame(rows, schema=FAIRNESS_COLUMNS)


def write_fairness(shown: FairnessShown, pack: RulePack, subject: str, folder: Path) -> tuple[Path, ...]:
    """Write `fairness.html` and `fairness.csv` into a folder; `subject` says what was looked at."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    page = render("fairness.html", {"shown_groups": shown, "pack": pack, "subject": subject})
    (folder / "fairness.html").write_text(page, encoding="utf-8", newline="\n")
    write_csv(fairness_frame(shown), folder / "fairness.csv")
    return folder / "fairness.html", folder / "fairness.csv"


def _matching(fairness: Fairness, file: str) -> Iterator[str]:
    people = count(fairness.people, "person", "people")
    yield f"Found in {file}: {fairness.matched:,} of {people} with a recommendation."
    for ids, words in (
        (fairness.missing, f"not in {file}, counted as “{NO_VALUE}”"),
        (fairness.unknown, f"in {file} without a recommendation, not counted"),
    ):
        if ids:
            more = f" and {len(ids) - LISTED:,} more" if len(ids) > LISTED else ""
            yield f"{len(ids):,} {words}: {', '.join(ids[:LISTED])}{more}."


def _name(group: GroupShares) -> str:
    return NO_VALUE if group.group is None else group.group


def _in_words(ratio: GroupRatio) -> str:
    words = f"{ratio.ready:,} = {percent(ratio.share)}"
    if ratio.ratio is None:
        return words
    return f"{words}, ratio {number(ratio.ratio)}" + (" (under 4/5)" if ratio.below_four_fifths else "")
