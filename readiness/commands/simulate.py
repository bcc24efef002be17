"""`readiness simulate`: who would move if a bar, a weight or a rule changed."""

from datetime import date
from pathlib import Path

import click
import polars as pl

from engine import vocabulary_of
from engine.fairness import compare_groups
from engine.phrases import count, few
from engine.simulation import (
    Sweep,
    marked,
    parse_settings,
    parse_sweep,
    settings_of,
    simulate,
    sweep,
    with_settings,
)
from inputs import InputError, Roster
from inputs.loading import load_roster
from inputs.protected_groups import read_groups
from inputs.roster import PEOPLE_SCHEMA
from readiness import console
from reports.comparison import FairnessShown, SimulationShown, fairness_lines, show_fairness, write_simulation
from reports.run import require_replaceable, with_cycles_in
from reports.writing import Stopwatch
from rules import load_pack
from rules.pack import PackError, RulePack

SHOWN = 5
"""Cases without a recommendation that are printed; the page has all of them."""


@click.command(
    epilog="Example:  readiness simulate ratings.xlsx --set bar.core=3.75 --set rule.PM-R02.enabled=false "
    "--out what_if",
)
@click.argument("files", metavar="FILE...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the results.")
@click.option(
    "--set",
    "settings",
    metavar="KEY=VALUE",
    multiple=True,
    help="Set a value of the pack, such as bar.core=3.75; may be given several times.",
)
@click.option(
    "--sweep",
    "swept",
    metavar="KEY=FROM..TO:STEP",
    help="Try every value of a range, such as bar.core=3.0..4.5:0.25.",
)
@console.pack_option_of("The rule pack in force: a shipped one by name, or the folder of your own.")
@click.option(
    "--with-pack", metavar="NAME_OR_DIR", help="Another rule pack to compare with, instead of settings."
)
@console.mapping_option("What columns, words and scales mean, as for `readiness assess`.")
@console.all_sheets_option
@click.option(
    "--previous",
    type=console.FOLDER,
    help="The folder of an earlier cycle's run, for rules that look at it.",
)
@console.day_option("--as-of", "The day on which time in level is counted; today unless given.")
@console.groups_option
@console.smallest_option
@click.option("--list-keys", is_flag=True, help="Print every key that can be set, with its value, and stop.")
@console.json_option("Print the counts as JSON on stdout.")
def command(
    files: tuple[Path, ...],
    out: Path | None,
    settings: tuple[str, ...],
    swept: str | None,
    pack: str,
    with_pack: str | None,
    mapping: Path | None,
    previous: Path | None,
    day: date,
    groups: Path | None,
    smallest: int,
    *,
    all_sheets: bool,
    list_keys: bool,
    as_json: bool,
) -> None:
    """Show who would move, from which band to which, under other rules. Nothing takes effect.

    Keys: bar.core, bar.supporting, margin.near, margin.agreement, coverage.minimum, observation.months,
    review.stale_months, firmness.borderline_below, question.* (when something is asked about),
    bar.PROMOTION.SIGNAL, weight.PROMOTION.SIGNAL.COMPETENCY, importance.PROMOTION.SIGNAL,
    tenure.PROMOTION.from and .to, rule.CODE.enabled, rule.CODE.when, specialisation.ID.enabled (whether it
    asks for signals differently); --list-keys prints all of them.
    """
    watch = Stopwatch(console.announce)
    with watch.stage("reading the rules"):
        present = load_pack(pack)
        if list_keys:
            for setting in settings_of(present).values():
                click.echo(f"{setting.key}={setting.present}")
            return
        if not files:
            raise click.UsageError("Name the file of ratings: readiness simulate FILE --set KEY=VALUE")
        if out is None:
            raise click.UsageError("give a folder for the results with --out")
        require_replaceable(out, "simulation")
        wanted = _settings(present, settings, swept, with_pack)
        other = marked(load_pack(with_pack) if with_pack else with_settings(present, wanted))
    with watch.stage("reading the spreadsheet"):
        meant = console.mapping_of(mapping, all_sheets=all_sheets)
        roster = load_roster(files, vocabulary_of(present), day, meant)
        if with_pack:
            _require_read_alike(roster, load_roster(files, vocabulary_of(other), day, meant), pack, with_pack)
        known = read_groups(groups, vocabulary_of(present)) if groups else None
    with watch.stage("assessing under both sets of rules"):
        earlier = None
        if previous is not None:
            roster, earlier = with_cycles_in(previous, roster, day)
        simulation = simulate(roster, present, other, day, wanted, earlier)
        span = None
        if swept:
            key, values = parse_sweep(swept)
            span = sweep(roster, present, key, values, day, wanted, earlier)
    ratios = None
    if known is not None:
        bands = {"now": simulation.before.bands(), "simulated": simulation.after.bands()}
        fairness = compare_groups(known.people, known.attributes, bands, smallest)
        ratios = show_fairness(fairness, known.file, present, known.remarks)
    shown = write_simulation(simulation, out, span, watch, ratios)
    _show(shown, other, span, out, ratios)
    if as_json:
        click.echo((out / "run.json").read_text(encoding="utf-8"), nl=False)


def _settings(
    pack: RulePack, settings: tuple[str, ...], swept: str | None, with_pack: str | None
) -> tuple[tuple[str, str], ...]:
    """The settings, tried on the pack; what does not fit is wrong usage."""
    if with_pack and (settings or swept):
        raise click.UsageError("--with-pack compares two packs as they are; leave out --set and --sweep")
    if not (settings or swept or with_pack):
        raise click.UsageError("say what to simulate with --set, --sweep or --with-pack")
    try:
        wanted = parse_settings(settings)
        with_settings(pack, wanted)
        if swept:
            key, values = parse_sweep(swept)
            with_settings(pack, [(key, str(values[0])), (key, str(values[-1]))])
    except PackError as error:
        raise click.UsageError(str(error)) from error
    return wanted


def _require_read_alike(roster: Roster, other: Roster, pack: str, with_pack: str) -> None:
    """Both packs are tried on one reading of the file: their own must not say anything else. Raises
    InputError."""
    levels, others = (dict(one.people.select("employee_id", "level").iter_rows()) for one in (roster, other))
    people = [who for who in {**levels, **others} if levels.get(who) != others.get(who)]
    parts = (
        (roster.people.select(*PEOPLE_SCHEMA), other.people.select(*PEOPLE_SCHEMA)),
        (roster.ratings, other.ratings),
    )
    columns = [] if people else [name for ours, theirs in parts for name in _differing(ours, theirs)]
    if people or columns:
        what = f"who is assessed, or the level, of {few(people, SHOWN)}" if people else few(columns, SHOWN)
        raise InputError(
            f"{with_pack} reads the file differently from {pack}: {what}. It could not be told which "
            "change comes from the rules. Run `readiness assess` with each pack, then `readiness diff` on "
            "the two folders"
        )


def _differing(ours: pl.DataFrame, theirs: pl.DataFrame) -> list[str]:
    """The columns that a second reading has otherwise, or alone; what it leaves out does not matter."""
    return [
        name
        for name, cells in theirs.to_dict().items()
        if (not cells.equals(ours[name]) if name in ours.columns else cells.is_not_null().any())
    ]


def _show(
    shown: SimulationShown,
    pack: RulePack,
    span: Sweep | None,
    out: Path,
    ratios: FairnessShown | None,
) -> None:
    labels = {str(name): text.label for name, text in pack.bands.items()}
    lines = [f"{shown.mark}: {shown.in_words()}" if shown.changes else shown.mark]
    if shown.changes:
        lines.append(f"{len(shown.moved):,} of {count(shown.total, 'recommendation')} would change")
    for (before, after), moved in sorted(shown.flows.items(), key=lambda flow: -flow[1]):
        if before != after:
            lines.append(f"  {moved:>5,}  {labels.get(before, before)} -> {labels.get(after, after)}")
    if shown.uncovered:
        people = count(shown.undecided, "person", "people")
        lines.append(f"{people} would have no recommendation, because the rules leave cases open:")
        for case in shown.uncovered[:SHOWN]:
            lines.append(f"  {case.people:>5}  {case.promotion}: {case.reason}")
        more = len(shown.uncovered) - SHOWN
        lines += [f"         and {count(more, 'more case')}, in simulation.html"] if more > 0 else []
    lines += [left] if (left := shown.left_out()) else []
    if span is not None:
        columns = [*labels.values(), *(["no recommendation"] if span.undecided else [])]
        lines.append(f"{span.key} (now {span.present}): " + ", ".join(columns))
        for point in span.points:
            undecided = [point.undecided] if span.undecided else []
            counts = "".join(f"{found:>8,}" for found in (*point.counts.values(), *undecided))
            lines.append(f"  {point.value!s:>8}{counts}")
    lines += fairness_lines(ratios) if ratios is not None else ()
    lines.append(f"Open {out / 'simulation.html'}")
    console.say(lines, err=True)
