"""The fairness report: groups beside each other for HR alone, as a page, a table and lines of text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from pathlib import Path

import polars as pl

from engine.fairness import (
    FOUR_FIFTHS,
    MEASURES,
    SOURCE,
    Comparison,
    Fairness,
    GroupRatio,
    GroupShares,
    LawTable,
    local_law_tables,
)
from engine.phrases import count, few, figure, number, percent
from reports.pages.rendering import render, write_page
from reports.run.data import write_csv
from reports.shown.grouped import grouped
from rules.pack import RulePack

NO_VALUE = "No value given"
LISTED = 10
"""Ids that a report names."""
FARTHEST = 5
"""Ratios under four fifths that are told at once, those first that are hardest to explain by chance."""
CLEAR = Fraction(1, 20)
"""An adjusted p under this is called more than chance."""
FAIRNESS_COLUMNS: dict[str, pl.DataType] = {
    "attribute": pl.String(),  # or two, such as `Gender × Age band`
    "level": pl.String(),  # of the people who are counted; null for everybody
    "group": pl.String(),
    "people": pl.Int64(),  # null where withheld
    "withheld": pl.String(),  # why, where the group or the figure is not shown
    "time": pl.String(),  # such as `now` and `simulated`
    "measure": pl.String(),  # ready_now or ready_now_or_soon
    "ready": pl.Int64(),
    "counted": pl.Int64(),  # of so many people; more than in the group where withheld ones are added
    "insufficient_evidence": pl.Int64(),  # null where a withheld number could be worked out from it
    "share": pl.Float64(),  # of the people counted
    "highest": pl.Boolean(),  # whether the others are compared with this group
    "ratio": pl.Float64(),  # to the group with the highest share
    "ratio_low": pl.Float64(),  # 95 % confidence
    "ratio_high": pl.Float64(),  # null where there is no upper end
    "below_four_fifths": pl.Boolean(),
    "shortfall": pl.Float64(),  # people, for the same share
    "shortfall_to_four_fifths": pl.Int64(),
    "ratio_one_more": pl.Float64(),
    "ratio_one_fewer": pl.Float64(),
    "p_fisher": pl.Float64(),
    "p_mid": pl.Float64(),
    "p_holm": pl.Float64(),  # Fisher's, adjusted for all comparisons of the measure at the time
}
"""`fairness.csv`: one row per group, time and measure; one row where a group is withheld."""

LOCAL_LAW_COLUMNS: dict[str, pl.DataType] = {
    "attribute": pl.String(),
    "time": pl.String(),
    "category": pl.String(),
    "with_withheld": pl.Boolean(),  # whether the people of withheld categories are counted too
    "people": pl.Int64(),
    "selected": pl.Int64(),  # ready now
    "selection_rate": pl.Float64(),
    "impact_ratio": pl.Float64(),  # to the category with the highest rate
}
"""`local-law-144.csv`: one row per category."""


CHANGES_COLUMNS: dict[str, pl.DataType] = {
    "attribute": pl.String(),
    "group": pl.String(),
    "with_withheld": pl.Boolean(),  # whether the people of withheld groups are counted too
    "decided": pl.Int64(),  # people with a decision
    "agreed": pl.Int64(),
    "changed_up": pl.Int64(),
    "changed_down": pl.Int64(),
    "changed_aside": pl.Int64(),  # both ways, or from or to insufficient evidence
    "agreement_rate": pl.Float64(),
    "p_up": pl.Float64(),  # Fisher's, of the share changed up, against everybody else who is shown
    "p_down": pl.Float64(),
}
"""`changes.csv`: what decisions changed, one row per group that is shown."""


@dataclass(frozen=True)
class GroupTable:
    """The groups of one attribute, or of two, among everybody or on one level."""

    attribute: str
    level: str | None
    groups: tuple[GroupShares, ...]

    @property
    def title(self) -> str:
        """What the table is called."""
        return self.attribute if self.level is None else f"{self.attribute}, {self.level}"

    @property
    def shown(self) -> int:
        """Groups with a value that are shown."""
        return sum(not one.withheld and one.group is not None for one in self.groups)


@dataclass(frozen=True)
class FairnessShown:
    """A fairness report with the words that it is shown in."""

    fairness: Fairness
    file: str
    """The name of the file of groups."""
    withheld: str
    """Why groups are withheld."""
    left_out: str
    """Why a figure of a group that is shown is withheld."""
    kept: str | None
    """What is withheld, and what the rest says all the same."""
    matching: tuple[str, ...]
    """Sentences about people and ids that do not match, and on how the file was read."""
    measures: tuple[str, ...]
    """What each of `MEASURES` is called."""
    conclusions: tuple[str, ...]
    """What is under four fifths, each with how sure that is."""
    about: tuple[str, ...]
    """What the figures are and are not."""

    @property
    def tables(self) -> tuple[GroupTable, ...]:
        """Everybody by attribute, then by level and by two attributes, in the order of the groups."""
        found = grouped(self.fairness.groups, lambda one: (one.attribute, one.level))
        return tuple(GroupTable(*key, tuple(groups)) for key, groups in found.items())

    @property
    def changes(self) -> tuple[GroupTable, ...]:
        """Everybody by one attribute, where decisions were made on two groups or more that are shown."""
        decided = (
            GroupTable(table.attribute, None, tuple(one for one in table.groups if one.changes))
            for table in self.first
        )
        return tuple(table for table in decided if len(table.groups) > 1)

    @property
    def local_law(self) -> tuple[LawTable, ...]:
        """The tables of New York City's Local Law 144."""
        return local_law_tables(self.fairness)

    @property
    def first(self) -> tuple[GroupTable, ...]:
        """Everybody by one attribute."""
        return tuple(table for table in self.tables if self._plain(table))

    @property
    def further(self) -> tuple[GroupTable, ...]:
        """By level, and by two attributes together, where two groups or more are shown."""
        return tuple(table for table in self.tables if not self._plain(table) and table.shown > 1)

    @property
    def not_shown(self) -> str | None:
        """Which tables have not two groups to show."""
        titles = [table.title for table in self.tables if not self._plain(table) and table.shown < 2]
        return f"Not shown, as fewer than two groups could be: {'; '.join(titles)}." if titles else None

    def _plain(self, table: GroupTable) -> bool:
        return table.level is None and table.attribute in self.fairness.attributes


def show_fairness(
    fairness: Fairness, file: str, pack: RulePack, remarks: Sequence[str] = ()
) -> FairnessShown:
    """The report in words; `remarks` say how the file was read."""
    now, soon = (pack.bands[band].label for band in ("ready_now", "ready_soon"))
    measures = (now, f"{now} or {soon}")
    line = number(FOUR_FIFTHS)
    return FairnessShown(
        fairness=fairness,
        file=file,
        withheld=(
            f"withheld: fewer than {fairness.smallest} people, or such a group could be worked out from it"
        ),
        kept=_kept(fairness),
        left_out="left out: it would give away something about a group that is withheld",
        matching=(*_matching(fairness, file), *remarks),
        measures=measures,
        conclusions=tuple(_conclusions(fairness, measures)),
        about=(
            "A share counts the people of a group with that band in at least one of the promotions open to "
            "them, out of all people of the group who have a recommendation, those with too little evidence "
            "included. The ratio is to the group with the highest share among those with enough people "
            f"({fairness.smallest}, and 2% of all).",
            f"4/5 ({line}) is the usual line below which to look closer ({SOURCE}). A ratio below it is not "
            "a verdict: it does not prove unfairness, and a higher ratio does not prove fairness. With few "
            "people, chance alone moves a ratio, so each comes with the range in which it may well lie.",
            *_by_chance(fairness.compared),
            "The groups were read for this report alone. No rule sees them, and no recommendation, data file "
            "or manager's page holds them.",
        ),
    )


def _by_chance(compared: int) -> Iterator[str]:
    """What the figures about chance mean, where there are any."""
    if compared:
        many = compared > 1
        among = f"Among {compared:,} comparisons, some differences are large by chance; the second figure "
        yield (
            "How often chance alone would give as large a difference: Fisher's exact test, two-sided. "
            f"{among + 'allows for that (Holm). ' if many else ''}Where chance does it often, the figures "
            "cannot tell whether groups differ; nor do they show that groups do not."
        )


def fairness_lines(shown: FairnessShown) -> Iterator[str]:
    """The report for the terminal: everybody by one attribute, and what stands out."""
    fairness = shown.fairness
    yield f"Group ratios from {shown.file}, for HR alone"
    yield from (f"  {sentence}" for sentence in shown.matching)
    for table in shown.first:
        yield ""
        yield table.title
        width = max(len(group_name(group)) for group in table.groups)
        for group in table.groups:
            if group.withheld:
                yield f"  {group_name(group):<{width}}  {shown.withheld}"
                continue
            people = f"  {group_name(group):<{width}}  {count(group.people, 'person', 'people'):>13}"
            for measure, ratios in zip(shown.measures, group.measures, strict=True):
                times = ", ".join(
                    f"{time}: {_in_words(ratio)}" if len(fairness.times) > 1 else _in_words(ratio)
                    for time, ratio in zip(fairness.times, ratios, strict=True)
                    if ratio is not None
                )
                yield f"{people}  {measure}: {times}"
                people = " " * len(people)
    yield ""
    yield from shown.conclusions
    if shown.further:
        yield f"By level and by two attributes: {count(len(shown.further), 'table')} more, on the page."
    yield from (shown.kept,) if shown.kept else ()
    yield from shown.about


def fairness_frame(shown: FairnessShown) -> pl.DataFrame:
    """The report as a table of `FAIRNESS_COLUMNS`."""
    rows: list[dict[str, object]] = []
    for group in shown.fairness.groups:
        named = {"attribute": group.attribute, "level": group.level, "group": group_name(group)}
        if group.withheld:
            rows.append({**named, "withheld": shown.withheld})
        for measure, ratios in zip(MEASURES, group.measures, strict=False):
            for at, (time, ratio) in enumerate(zip(shown.fairness.times, ratios, strict=True)):
                rows.append(
                    {
                        **named,
                        "people": group.people,
                        "withheld": shown.left_out if ratio is None else None,
                        "time": time,
                        "measure": measure,
                        "insufficient_evidence": group.undecided[at],
                        **({} if ratio is None else _figures(ratio)),
                    }
                )
    return pl.DataFrame([{**dict.fromkeys(FAIRNESS_COLUMNS), **row} for row in rows], schema=FAIRNESS_COLUMNS)


def write_fairness(shown: FairnessShown, pack: RulePack, subject: str, folder: Path) -> tuple[Path, ...]:
    """Write `fairness.html` and `fairness.csv` into a folder; `subject` says what was looked at."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    context = {"shown_groups": shown, "pack": pack, "subject": subject, **drawing()}
    files = [write_page(folder / "fairness.html", render("fairness.html", context)), folder / "fairness.csv"]
    write_csv(fairness_frame(shown), files[1])
    for name, frame, wanted in (
        ("changes.csv", _changes_frame(shown), shown.changes),
        ("local-law-144.csv", _local_law_frame(shown), shown.local_law),
    ):
        if wanted:
            write_csv(frame, folder / name)
            files.append(folder / name)
    return tuple(files)


def _changes_frame(shown: FairnessShown) -> pl.DataFrame:
    """What decisions changed, as `CHANGES_COLUMNS`."""
    rows = [
        (
            table.attribute,
            group_name(group),
            *(one.pooled, one.decided, one.agreed, one.up, one.down, one.aside),
            one.agreed / one.decided if one.decided else None,
            *(None if p is None else float(p) for p in (one.up_by_chance, one.down_by_chance)),
        )
        for table in shown.changes
        for group in table.groups
        if (one := group.changes) is not None
    ]
    return pl.DataFrame(rows, schema=CHANGES_COLUMNS, orient="row")


def _local_law_frame(shown: FairnessShown) -> pl.DataFrame:
    """The tables of Local Law 144 below each other, as `LOCAL_LAW_COLUMNS`."""
    rows = [
        (
            *(table.attribute, table.time, row.category, row.pooled, row.people, row.selected),
            *(None if one is None else float(one) for one in (row.rate, row.impact_ratio)),
        )
        for table in shown.local_law
        for row in table.rows
    ]
    return pl.DataFrame(rows, schema=LOCAL_LAW_COLUMNS, orient="row")


def drawing() -> dict[str, object]:
    """What the template of groups asks for besides the report."""
    return {
        "group_name": group_name,
        "chance": chance,
        "interval": interval,
        "share": percent,
        "place": _place,
        "top": AXIS,
    }


def group_name(group: GroupShares) -> str:
    """The group as shown."""
    return NO_VALUE if group.group is None else group.group


AXIS = 2
"""Where the axis of ratios ends; what lies beyond is drawn at its end."""


def _place(ratio: float) -> str:
    return f"{10 + min(ratio, AXIS) / AXIS * 200:.1f}"


def chance(p: Fraction) -> str:
    """How often chance alone does as much: `23 times in 100`."""
    if p >= Fraction(199, 200):
        return "nearly always"
    if p < Fraction(1, 200):
        return "hardly ever" if p < Fraction(1, 1000) else f"{_times(p * 1000)} in 1,000"
    return f"{_times(p * 100)} in 100"


def _times(often: Fraction) -> str:
    times = number(often, 0)
    return "once" if times == "1" else f"{times} times"


def _figures(ratio: GroupRatio) -> dict[str, object]:
    """The columns of one ratio."""
    found: dict[str, object] = {
        "ready": ratio.ready,
        "counted": ratio.counted.people,
        "share": float(ratio.share),
        "highest": ratio.highest,
        "ratio": None if ratio.ratio is None else float(ratio.ratio),
        "below_four_fifths": ratio.below_four_fifths,
    }
    one = ratio.compared
    if one is None or ratio.highest:
        return found
    return found | {
        "ratio_low": round(one.low, 6),
        "ratio_high": None if one.high == inf else round(one.high, 6),
        "shortfall": float(one.shortfall),
        "shortfall_to_four_fifths": one.to_line,
        "ratio_one_more": None if one.one_more is None else float(one.one_more),
        "ratio_one_fewer": None if one.one_fewer is None else float(one.one_fewer),
        "p_fisher": float(one.fisher),
        "p_mid": float(one.mid_p),
        "p_holm": float(one.holm),
    }


def _conclusions(fairness: Fairness, measures: Sequence[str]) -> Iterator[str]:
    """How many ratios are under four fifths, then each with its uncertainty, the surest first."""
    best: dict[tuple[object, ...], tuple[GroupShares, GroupRatio]] = {}
    compared: list[tuple[Comparison, GroupRatio, tuple[object, ...], str]] = []
    for group, measure, time, ratio in _ratios(fairness, measures):
        key = (group.attribute, group.level, measure, time)
        if ratio.highest:
            best[key] = group, ratio
        elif ratio.compared is not None:
            when = f", {time}" if len(fairness.times) > 1 else ""
            where = group.attribute if group.level is None else f"{group.attribute}, {group.level}"
            compared.append((ratio.compared, ratio, key, f"{where}: {group_name(group)}, {measure}{when}"))
    found = [one for one in compared if one[1].below_four_fifths]
    if not found:
        none = "There is no ratio to show: nowhere can two groups be compared."
        yield "No ratio that can be shown is under 4/5." if compared else none
        return
    clear = sum(one.holm < CLEAR for one, *_ in found)
    if len(compared) == 1:
        so = "can explain it, so nobody can tell whether groups differ"
        said = f"Chance {'does not explain it' if clear else so}."
    elif clear:
        said = f"Chance does not explain {clear:,} of them, even among so many comparisons."
    else:
        said = (
            "Among so many comparisons, chance can explain each of them, so nobody can tell whether groups "
            "differ."
        )
    are = "is" if len(found) == 1 else "are"
    yield f"{len(found):,} of {count(len(compared), 'ratio')} {are} under 4/5. {said}"
    found.sort(key=lambda one: (one[0].holm, one[0].fisher))
    for beside, ratio, of, words in found[:FARTHEST]:
        highest, held_against = best[of]
        yield (
            f"{words}: {_share(ratio)}, against {_share(held_against)} of {group_name(highest)}; ratio "
            f"{figure(beside.ratio)} ({interval(beside)}). Chance alone would do as "
            f"much {chance(beside.fisher)}."
        )
    if len(found) > FARTHEST:
        yield f"{count(len(found) - FARTHEST, 'more is', 'more are')} in the tables."


def _ratios(
    fairness: Fairness, measures: Sequence[str]
) -> Iterator[tuple[GroupShares, str, str, GroupRatio]]:
    """All ratios that are shown, with the group, the measure and the time."""
    for group in fairness.groups:
        for measure, ratios in zip(measures, group.measures, strict=False):
            for time, ratio in zip(fairness.times, ratios, strict=True):
                if ratio is not None:
                    yield group, measure, time, ratio


def _share(ratio: GroupRatio) -> str:
    pooled = " with those withheld" if ratio.pooled else ""
    return f"{ratio.ready:,} of {ratio.counted.people:,}{pooled} = {percent(ratio.share)}"


def _kept(fairness: Fairness) -> str | None:
    if not any(group.withheld for group in fairness.groups):
        return None
    return (
        f"Groups of fewer than {fairness.smallest} people are withheld, and as much else as is needed so "
        "that nobody can work them out. “With those withheld” means a group counted together with all "
        "groups that are not shown. What is true of a whole group is also true at its levels: where nobody "
        "in a group is ready, nobody in it is ready at any level."
    )


def _matching(fairness: Fairness, file: str) -> Iterator[str]:
    people = count(fairness.people, "person", "people")
    yield f"Found in {file}: {fairness.matched:,} of {people} with a recommendation."
    for ids, words in (
        (fairness.missing, f"not in {file}, counted as “{NO_VALUE}”"),
        (fairness.unknown, f"in {file} without a recommendation, not counted"),
    ):
        if ids:
            yield f"{len(ids):,} {words}: {few(ids, LISTED)}."


def _in_words(ratio: GroupRatio) -> str:
    one = ratio.compared
    words = _share(ratio) if ratio.pooled else f"{ratio.ready:,} = {percent(ratio.share)}"
    if one is None:
        return words
    if ratio.highest:
        return f"{words}, the highest"
    under = "under 4/5; " if ratio.below_four_fifths else ""
    return f"{words}, ratio {figure(one.ratio)} ({under}{interval(one)}; chance alone: {chance(one.fisher)})"


def interval(one: Comparison) -> str:
    """The range of a ratio: `0.41 to 1.8`."""
    return f"{figure(one.low)} to {'no end' if one.high == inf else figure(one.high)}"
