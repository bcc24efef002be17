"""A simulation as a folder: who would move from which band to which, plainly marked as not in force."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from markupsafe import Markup

from engine import Assessment, explain
from engine.phrases import count
from engine.simulation import MARK, Simulation, Sweep, marked, settings_of
from engine.stored import write_assessment
from reports.comparison.fairness import FairnessShown, drawing, fairness_frame
from reports.comparison.sweep_chart import sweep_chart
from reports.pages import write_report
from reports.pages.rendering import render, write_page
from reports.run.data import issues_frame, write_csv, write_recommendations
from reports.run.replacing import replaced_folder, require_replaceable
from reports.run.saved import COLUMNS, write_context
from reports.run.searching import search_shared
from reports.run.writing import Stopwatch, about_run, fingerprint_of, write_json
from reports.shown.content import NO_DEPARTMENT, NO_MANAGER, Run, run_of
from reports.shown.grouped import grouped
from rules.pack import BANDS, RulePack

NOTHING_SET = "nothing set"
"""Where a range is swept alone."""
NOT_THERE = "not assessed"
"""The band of somebody for whom one of two packs has no such promotion, or comes to no recommendation."""

MOVEMENT_COLUMNS: dict[str, pl.DataType] = {
    "simulation": pl.String(),
    "employee_id": pl.String(),
    "employee_name": pl.String(),
    "department": pl.String(),
    "manager": pl.String(),
    "level": pl.String(),
    "promotion": pl.String(),
    "before": pl.String(),  # a band, or `not assessed`
    "after": pl.String(),
}
"""`movements.csv`: one row for each recommendation that would be another one."""


@dataclass(frozen=True)
class Moved:
    """One recommendation that would be another one."""

    employee_id: str
    employee_name: str | None
    department: str
    manager: str
    level: str
    promotion: str
    before: str
    after: str


@dataclass(frozen=True)
class GroupChange:
    """How many recommendations of each band a group holds, before and after."""

    name: str
    before: dict[str, int]
    after: dict[str, int]
    moved: int


@dataclass(frozen=True)
class SettingShown:
    """What was set, from what, to what."""

    key: str
    before: str
    after: str


@dataclass(frozen=True)
class Uncovered:
    """A case that the simulated rules leave without a recommendation."""

    promotion: str
    reason: str
    people: int


@dataclass(frozen=True)
class SimulationShown:
    """What is shown of a simulation."""

    mark: str
    settings: tuple[SettingShown, ...]
    other_pack: str | None
    """Title of the second pack, when there is one."""
    bands: tuple[str, ...]
    """The bands that occur, in order; `not assessed` last."""
    flows: dict[tuple[str, str], int]
    """From band and to band to the number of recommendations, also those that stay."""
    moved: tuple[Moved, ...]
    by_level: tuple[GroupChange, ...]
    by_department: tuple[GroupChange, ...]
    by_manager: tuple[GroupChange, ...]
    uncovered: tuple[Uncovered, ...]
    """The most frequent first."""
    people_in_file: int
    not_assessable: int
    """How many of them cannot be assessed, whatever is set, or are where no promotion begins."""

    @property
    def undecided(self) -> int:
        """How many would have no recommendation."""
        return sum(case.people for case in self.uncovered)

    @property
    def total(self) -> int:
        """All recommendations, under either pack."""
        return sum(self.flows.values())

    def in_words(self) -> str:
        """What is simulated, in one line."""
        if self.other_pack is not None:
            return f"rules of {self.other_pack}"
        return ", ".join(f"{one.key}={one.after} (now {one.before})" for one in self.settings) or NOTHING_SET

    @property
    def changes(self) -> bool:
        """Whether anything is set, apart from a range that is swept."""
        return bool(self.settings) or self.other_pack is not None

    def left_out(self) -> str:
        """Who is in none of the numbers; empty where nobody is."""
        if not self.not_assessable:
            return ""
        people = f"{self.not_assessable:,} of {count(self.people_in_file, 'person', 'people')} in the file"
        return f"No number here is about {people}, who cannot be assessed"


def show_simulation(simulation: Simulation) -> SimulationShown:
    """Everything that is shown of a simulation."""
    before, after = simulation.before, simulation.after
    people = before.roster.people
    # Who is assessed is not left out because of a second row, such as a repeated one.
    assessed = set(people["employee_id"])
    others = sum(one not in assessed for one in before.roster.not_assessable["employee_id"])
    without_promotion = people.height - simulation.movements["person"].n_unique()
    rows = [
        _moved(people.row(person, named=True), promotion, before.pack, after.pack, old, new)
        for person, promotion, old, new in simulation.movements.iter_rows()
    ]
    flows = Counter((row.before, row.after) for row in rows)
    present = {band for flow in flows for band in flow}
    known = settings_of(before.pack)
    levels = [level.title for level in before.pack.levels]
    return SimulationShown(
        mark=MARK.rstrip(":"),
        settings=tuple(SettingShown(key, known[key].present, value) for key, value in simulation.settings),
        other_pack=None
        if simulation.settings or after.pack == marked(before.pack)
        else after.pack.title.removeprefix(MARK).strip(),
        people_in_file=people.height + others,
        not_assessable=others + without_promotion,
        bands=tuple(band for band in (*BANDS, NOT_THERE) if band in present),
        flows=dict(flows),
        moved=tuple(row for row in rows if row.before != row.after),
        by_level=tuple(
            sorted(_groups(rows, lambda row: row.level), key=lambda group: levels.index(group.name))
        ),
        by_department=_groups(rows, lambda row: row.department),
        by_manager=_groups(rows, lambda row: row.manager),
        uncovered=_uncovered(after),
    )


def write_simulation(
    simulation: Simulation,
    out: Path,
    sweep: Sweep | None = None,
    watch: Stopwatch | None = None,
    fairness: FairnessShown | None = None,
) -> SimulationShown:
    """Write the folder of a simulation and return what it shows.

    It holds `simulation.html`, `movements.csv`, with a sweep `sweep.csv` and `sweep.svg`, with groups
    `fairness.csv`; and the files of a run under the simulated pack (`report.html`, `recommendations.*`,
    `evidence.parquet`, `issues.csv`), all marked. There is no workbook to decide in. The folder is
    complete or untouched. Raises `InputError` when `out` holds anything but an untouched simulation.
    """
    watch = watch or Stopwatch()
    require_replaceable(out, "simulation")
    shown = show_simulation(simulation)
    assessment = simulation.after
    with replaced_folder(out, "simulation") as folder:
        with watch.stage("searching what would change it"):
            write_assessment(assessment, folder / COLUMNS)
            searched = search_shared(assessment, None, folder / COLUMNS)
        plain = fingerprint_of(assessment.roster.sources, assessment.pack, assessment.day)
        run = run_of(assessment, explain(assessment, searched), f"simulation-{plain}")
        with watch.stage("writing data files"):
            write_context(run, folder)
            write_recommendations(run, folder, f"{shown.mark}: {shown.in_words()}")
            write_csv(issues_frame(run.issues), folder / "issues.csv")
            write_csv(movements_frame(shown), folder / "movements.csv")
        with watch.stage("writing the pages"):
            write_report(run, folder / "report.html")
            write_page(folder / "simulation.html", render_simulation(shown, run, sweep, fairness))
        if sweep is not None:
            write_csv(sweep_frame(sweep, shown), folder / "sweep.csv")
            write_page(folder / "sweep.svg", sweep_chart(sweep, run.pack) + "\n")
        if fairness is not None:
            mark = pl.lit(f"{shown.mark}: {shown.in_words()}").alias("simulation")
            write_csv(fairness_frame(fairness).select(mark, pl.all()), folder / "fairness.csv")
        write_json({**about_run(run), "simulation": _about(shown, sweep)}, folder / "run.json")
        write_json(watch.seconds, folder / "timings.json")
    return shown


def render_simulation(
    shown: SimulationShown, run: Run, sweep: Sweep | None, fairness: FairnessShown | None
) -> str:
    """The page of a simulation, as text."""
    chart = None if sweep is None else Markup(sweep_chart(sweep, run.pack))
    labels = {
        **{str(name): text.label for name, text in run.pack.bands.items()},
        NOT_THERE: "Not assessed",
    }
    return render(
        "simulation.html",
        {
            "shown": shown,
            "run": run,
            "pack": run.pack,
            "labels": labels,
            "sweep": sweep,
            "chart": chart,
            "fairness": fairness,
            **drawing(),
        },
    )


def movements_frame(shown: SimulationShown) -> pl.DataFrame:
    """Who would move, as a table of `MOVEMENT_COLUMNS`."""
    mark = f"{shown.mark}: {shown.in_words()}"
    rows = [{"simulation": mark, **vars(row)} for row in shown.moved]
    return pl.DataFrame(rows, schema=MOVEMENT_COLUMNS)


def sweep_frame(sweep: Sweep, shown: SimulationShown) -> pl.DataFrame:
    """One row for each value of the swept setting: how many recommendations each band holds and, where some
    would be missing, how many of these there are."""
    return pl.DataFrame(
        [
            {
                "simulation": shown.mark,
                sweep.key: str(point.value),
                **point.counts,
                **({NOT_THERE: point.undecided} if sweep.undecided else {}),
            }
            for point in sweep.points
        ]
    )


def _moved(
    person: dict[str, str], promotion: str, pack: RulePack, other: RulePack, old: str | None, new: str | None
) -> Moved:
    titles = {one.id: one.title for one in (*other.promotions, *pack.promotions)}
    return Moved(
        employee_id=person["employee_id"],
        employee_name=person["employee_name"],
        department=person["department"] or NO_DEPARTMENT,
        manager=person["manager_name"] or person["manager_id"] or NO_MANAGER,
        level=pack.level(person["level"]).title,
        promotion=titles[promotion],
        before=old or NOT_THERE,
        after=new or NOT_THERE,
    )


def _uncovered(assessment: Assessment) -> tuple[Uncovered, ...]:
    titles = {promotion.id: promotion.title for promotion in assessment.pack.promotions}
    cases = Counter(assessment.undecided.select("promotion", "reason").iter_rows())
    return tuple(Uncovered(titles[where], why, people) for (where, why), people in cases.most_common())


def _groups(rows: Iterable[Moved], name_of: Callable[[Moved], str]) -> tuple[GroupChange, ...]:
    return tuple(_group(name, own) for name, own in sorted(grouped(rows, name_of).items()))


def _group(name: str, rows: Sequence[Moved]) -> GroupChange:
    before, after = Counter(row.before for row in rows), Counter(row.after for row in rows)
    every = (*BANDS, NOT_THERE)
    return GroupChange(
        name,
        {band: before[band] for band in every},
        {band: after[band] for band in every},
        sum(row.before != row.after for row in rows),
    )


def _about(shown: SimulationShown, sweep: Sweep | None) -> dict[str, object]:
    return {
        "mark": shown.mark,
        "settings": [vars(one) for one in shown.settings],
        "other_pack": shown.other_pack,
        "moved": len(shown.moved),
        "flows": [
            {"before": before, "after": after, "count": count}
            for (before, after), count in sorted(shown.flows.items())
        ],
        "sweep": None
        if sweep is None
        else {
            "key": sweep.key,
            "present": sweep.present,
            "points": [
                {"value": str(point.value), **point.counts, "undecided": point.undecided}
                for point in sweep.points
            ],
        },
        "uncovered": [vars(case) for case in shown.uncovered],
    }
