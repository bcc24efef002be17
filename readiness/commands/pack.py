"""`readiness pack`: show, check, test and exchange rule packs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from engine.phrases import count, join, percent
from engine.prove import (
    Barred,
    ExampleResult,
    Flaw,
    Hollow,
    Monotony,
    Passed,
    Proof,
    RuleCoverage,
    Soundness,
    Strength,
    accept,
    changing_nothing,
    check_soundness,
    cover_rules,
    hollow_sentences,
    policies_of,
    policy_as_markdown,
    proposed_examples,
    run_examples,
    strength_of,
)
from readiness import console
from readiness.new_packs import new_pack, write_new_pack
from reports.handbook import render_reference
from reports.run import whole_file
from rules import LoadedPack, PackError, RulePack, folder_of, load_pack, load_with_places, pack_names
from rules.decision_tables import read_tables, write_tables
from rules.handbook import pack_as_markdown
from rules.schema import schema_names, schema_of, write_schemas
from rules.writer import examples_text, write_examples, write_pack

name_or_folder = click.argument("pack", metavar="NAME_OR_DIR", default="product_management")
out_option = click.option("--out", type=console.NEW_FILE, help="A file instead of stdout.")


@click.group(epilog="Example:  readiness pack show product_management")
def command() -> None:
    """List, show, check, test, begin and exchange rule packs: ladder, signals and rules as data."""


@command.command("list", epilog="Example:  readiness pack list --json")
@console.json_option("Print the list as JSON on stdout.")
def list_packs(*, as_json: bool) -> None:
    """List the rule packs that are shipped."""
    packs = [load_pack(name) for name in pack_names()]
    if as_json:
        console.say_json([_in_short(pack) for pack in packs])
        return
    for pack in packs:
        counts = f"{count(len(pack.levels), 'level')}, {count(len(pack.promotions), 'promotion')}"
        click.echo(f"{pack.name}  {pack.title}, version {pack.version}: {counts}")


@command.command("show", epilog="Example:  readiness pack show product_management --as html --out rules.html")
@name_or_folder
@click.option(
    "--as",
    "form",
    type=click.Choice(["markdown", "html"]),
    default="markdown",
    show_default=True,
    help="Markdown reads well in a terminal too.",
)
@out_option
def show_pack(pack: str, form: str, out: Path | None) -> None:
    """Show everything that a pack says: ladder, signals, bars, rules, reasons, lenses, citations."""
    text = (render_reference if form == "html" else pack_as_markdown)(load_pack(pack))
    _say_or_write(text, out, f"the handbook of {pack}")


def _say_or_write(text: str, out: Path | None, what: str) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        console.save_text(out, text)
        click.echo(f"{out} holds {what}", err=True)


@command.command("check", epilog="Example:  readiness pack check our_ladder/")
@name_or_folder
@console.json_option("Print what was found as JSON on stdout.")
def check_pack(pack: str, *, as_json: bool) -> None:
    """Check a pack: files, references, and whether its rules are sound.

    Sound means: every possible case gets a recommendation and a confidence, no case gets two that contradict
    each other, every rule can fire, every finding can be drawn, those of the lenses too, and everything that
    people rate is looked at.
    What is wrong is shown with file, line and an example.

    Also reported: whether a higher rating can ever lead to a lower band (that is no fault, but then every way
    of giving the missing ratings has to be tried in place of two); a rule on a number, such as a minimum of
    years, which whoever has no date passes; a band that nobody can get; and a sentence that says “none” to
    some.
    """
    loaded = load_with_places(pack)
    soundness = check_soundness(loaded.pack)
    hollow = () if soundness.flaws else hollow_sentences(loaded.pack)
    if as_json:
        console.say_json(_soundness_data(loaded, soundness, hollow))
    else:
        checked = loaded.pack
        console.say((_proof_line(checked, one) for one in soundness.proofs), err=True)
        console.say((_monotony_line(checked, one) for one in soundness.monotony), err=True)
        console.say((_passed_line(checked, one) for one in soundness.passed), err=True)
        console.say((_barred_line(checked, one) for one in soundness.barred), err=True)
        console.say((_hollow_line(loaded, one) for one in hollow), err=True)
    if soundness.flaws:
        raise PackError(*(_flaw_line(loaded, flaw) for flaw in soundness.flaws))
    if not as_json:
        click.echo(f"{loaded.pack.name} is sound: {_rules_in_words(loaded.pack)}")


def _proof_line(pack: RulePack, proof: Proof) -> str:
    how = (
        f"{count(proof.cases, 'case')} run through the rule engine: all there are"
        if proof.method == "enumeration"
        else f"{count(proof.cases, 'case')}, too many to run; searched by a solver"
    )
    if proof.promotion is None:
        title = next(lens.title for lens in pack.lenses if lens.id == proof.lens)
        return f"Lens “{title}”: {how}"
    return f"{pack.promotion(proof.promotion).title}, {proof.topic}: {how}"


def _monotony_line(pack: RulePack, monotony: Monotony) -> str:
    title = pack.promotion(monotony.promotion).title
    if not monotony.shown:
        return (
            f"{title}, missing ratings: all ways of giving them are tried, as a higher rating can lead to a "
            f"lower band: {monotony.example}"
        )
    how = "over all cases" if monotony.method == "enumeration" else "by a solver"
    return f"{title}, missing ratings: a higher rating never leads to a lower band, shown {how}"


def _passed_line(pack: RulePack, passed: Passed) -> str:
    bands = {band: pack.bands[band].label for band in (passed.band, passed.instead)}
    return (
        f"{pack.promotion(passed.promotion).title}, unknown numbers: people whose `{passed.fact}` is unknown "
        f"pass {join(passed.rules)}, and can be {bands[passed.band]} where somebody alike with a number is "
        f"{bands[passed.instead]}; a rule on `not known({passed.fact})` would decide it"
    )


def _barred_line(pack: RulePack, barred: Barred) -> str:
    bands = join([pack.bands[band].label for band in barred.bands])
    return (
        f"{pack.promotion(barred.promotion).title}, bands: nobody can be {bands}, whatever the ratings and "
        "dates are; if that is not meant, look at the bars and at the rules that should say so"
    )


def _hollow_line(loaded: LoadedPack, hollow: Hollow) -> str:
    place = loaded.place_of(hollow.rule, hollow.promotion)
    title = loaded.pack.promotion(hollow.promotion).title
    return (
        f"{place}: {hollow.rule} says “none” in the place of {{{hollow.placeholder}}} of some people; let "
        f"condition and sentence speak of the same, such as one margin; example: {title}, {hollow.example}"
    )


def _rules_in_words(pack: RulePack) -> str:
    rules = len(pack.rules) + sum(len(promotion.rules) for promotion in pack.promotions)
    words = f"{count(rules, 'rule')} over {count(len(pack.promotions), 'promotion')}"
    of_lenses = sum(len(lens.rules) for lens in pack.lenses)
    lenses = f" and {count(of_lenses, 'rule')} of {count(len(pack.lenses), 'lens', 'lenses')}"
    return words + (lenses if of_lenses else "")


def _flaw_line(loaded: LoadedPack, flaw: Flaw) -> str:
    place = loaded.place_of(flaw.rules[0] if flaw.rules else flaw.part or "", flaw.promotion)
    return f"{place}: {flaw.text}" + (f"; example: {flaw.example}" if flaw.example else "")


def _soundness_data(loaded: LoadedPack, soundness: Soundness, hollow: Sequence[Hollow]) -> dict[str, object]:
    return {
        "pack": loaded.pack.name,
        "flaws": [
            {"kind": flaw.kind, "rules": flaw.rules, "message": _flaw_line(loaded, flaw)}
            for flaw in soundness.flaws
        ],
        "proofs": [asdict(proof) for proof in soundness.proofs],
        "monotony": [asdict(monotony) for monotony in soundness.monotony],
        "passed": [asdict(passed) for passed in soundness.passed],
        "hollow": [asdict(one) for one in hollow],
        "barred": [asdict(barred) for barred in soundness.barred],
    }


@command.command("test", epilog="Example:  readiness pack test our_ladder/ --accept")
@name_or_folder
@click.option(
    "--accept",
    "accepted",
    is_flag=True,
    help="Make examples.yaml say what comes out now. Look at what differs first.",
)
@console.json_option("Print the outcome of every example as JSON on stdout.")
@click.option(
    "--strength",
    is_flag=True,
    help="Count how many small changes of rules and bars some example notices. Takes minutes.",
)
@click.option("--generate", is_flag=True, help="Propose examples that notice the others, as YAML on stdout.")
def test_pack(pack: str, *, accepted: bool, as_json: bool, strength: bool, generate: bool) -> None:
    """Run a pack's worked examples (examples.yaml), and see that every rule has two.

    One example must fire the rule, and one, a single input away from it, must just miss it. After a change of
    bars or rules some examples come out differently, which shows what the change does. If that is what you
    want, --accept makes the examples say so.
    """
    loaded = load_with_places(pack)
    if strength or generate:
        _show_strength(loaded.pack, generate=generate)
        return
    results = run_examples(loaded.pack)
    if accepted:
        if pack in pack_names():
            begin = f"readiness pack new NAME --from {pack}"
            raise PackError(f"{pack} is a shipped pack and stays as it is; begin one of your own: {begin}")
        differing = sum(bool(result.problems) for result in results)
        write_examples(accept(loaded.pack, results), Path(pack))
        click.echo(
            f"{Path(pack) / 'examples.yaml'}: {count(differing, 'example')} changed to what comes out",
            err=True,
        )
        loaded = load_with_places(pack)
        results = run_examples(loaded.pack)
    coverage = cover_rules(loaded.pack, results)
    if as_json:
        examples = [{"id": one.example.id, "fired": one.fired, "problems": one.problems} for one in results]
        console.say_json({"examples": examples, "rules": [asdict(rule) for rule in coverage]})
    problems = [*_otherwise(loaded, results), *_lacking(loaded, coverage)]
    if not results:
        problems = [
            f"{loaded.pack.name} has no worked examples yet. `readiness pack test {pack} --generate` "
            f"proposes some: read them, and save what is right as {Path(pack) / 'examples.yaml'}"
        ]
    if problems:
        raise PackError(*problems)
    if not as_json:
        click.echo(
            f"{loaded.pack.name}: all examples come out as they say ({len(results)}); every rule has one "
            f"that fires it and one that just misses it ({len(coverage)})"
        )


def _show_strength(pack: RulePack, *, generate: bool) -> None:
    """The share of small changes that an example notices, those that none does, and examples that would."""
    found = strength_of(pack)
    idle = changing_nothing(pack, found)
    counted = found.without(idle)
    for mutant in counted.unnoticed:
        click.echo(f"  unnoticed  {mutant.what}", err=True)
    click.echo(f"{pack.name}: {_noticed(counted)}", err=True)
    if idle:
        click.echo(f"Not counted: {count(len(idle), 'change')} that nobody could notice", err=True)
    if generate:
        proposed = proposed_examples(pack, counted)
        click.echo(examples_text(proposed), nl=False)
        better = strength_of(pack.model_copy(update={"examples": (*pack.examples, *proposed)}))
        more = count(len(proposed), "more example")
        click.echo(f"With {more}: {_noticed(better.without(idle))}", err=True)


def _noticed(strength: Strength) -> str:
    noticed = strength.mutants - len(strength.unnoticed)
    return (
        f"examples notice {noticed} of {count(strength.mutants, 'small change')}, {percent(strength.share)}"
    )


def _otherwise(loaded: LoadedPack, results: Sequence[ExampleResult]) -> Iterator[str]:
    """The examples that do not come out as they say, one line each."""
    wrong = [result for result in results if result.problems]
    if not wrong:
        return
    yield (
        f"Examples that do not come out as examples.yaml says: {len(wrong)} of {len(results)}. If that is "
        "what you want, run the command again with --accept"
    )
    for result in wrong:
        problems = "; ".join(result.problems)
        yield f"  {loaded.place_of(result.example.id)}: example {result.example.id}: {problems}"


def _lacking(loaded: LoadedPack, coverage: Sequence[RuleCoverage]) -> Iterator[str]:
    """The rules that no pair of examples shows, one line each."""
    lacking = [(rule.code, words) for rule in coverage for words in _uncovered(rule)]
    if lacking:
        yield f"Rules without an example: {len(lacking)} of {len(coverage)}"
    for code, words in lacking:
        yield f"  {loaded.place_of(code)}: {words}"


def _uncovered(rule: RuleCoverage) -> Iterator[str]:
    if not rule.fires_in:
        yield f"no example in examples.yaml fires {rule.code}; add one with the code in its `fires`"
    elif not rule.misses_in:
        yield (
            f"no example in examples.yaml just misses {rule.code}; add one that has the code in "
            f"its `misses` and differs from {rule.fires_in[0]} in a single input"
        )


command.add_command(new_pack)


@command.command("explain", epilog="Example:  readiness pack explain our_ladder --out policy.md")
@name_or_folder
@out_option
@console.day_option(
    "--as-of", "The day whose rules are shown, where rules have dates of validity; today unless given."
)
def explain_pack(pack: str, out: Path | None, day: date) -> None:
    """Say the whole policy in sentences: for each promotion the ways to each band, and what is asked.

    Together the ways of a band are all its cases: every case there is was put to the rule engine. No way can
    do with fewer conditions. For a committee or a works council to read and to sign.
    """
    loaded = load_pack(pack).on(day)
    policies = policies_of(loaded)
    if any(policy.empty for policy in policies) and (flaws := check_soundness(loaded).flaws):
        raise PackError(*(flaw.text for flaw in flaws))
    text = policy_as_markdown(loaded, policies)
    _say_or_write(text, out, f"the policy of {pack}")


@command.command("schema", epilog="Example:  readiness pack schema --into our_ladder")
@click.argument("name", metavar="FILE", required=False, type=click.Choice(schema_names()))
@click.option(
    "--into",
    metavar="DIR",
    type=console.FOLDER,
    help="Write them into a pack's folder, and name them in its files.",
)
def pack_schema(name: str | None, into: Path | None) -> None:
    """Print the JSON Schema of a pack's files, by which an editor completes and marks what is written.

    With the name of a file, such as pack or promotions, that of the file; else all, by name. Packs that
    `pack new` and `pack import` write have them already.
    """
    if into is not None:
        write_schemas(folder_of(into))
        click.echo(f"{into}: every file names its schema in its first line", err=True)
        return
    schema = schema_of(name) if name else {one: schema_of(one) for one in schema_names()}
    click.echo(json.dumps(schema, indent=1, ensure_ascii=False))


@command.command("export", epilog="Example:  readiness pack export ladder.xlsx --pack product_management")
@click.argument("workbook", metavar="PACK.xlsx", type=console.NEW_FILE)
@console.pack_option
def export_pack(workbook: Path, pack: str) -> None:
    """Write a pack as a workbook of decision tables, to edit bars, weights, rules and texts in."""
    loaded = load_pack(pack)
    with whole_file(workbook) as fresh:
        write_tables(loaded, fresh)
    click.echo(
        f"{workbook} holds the pack; read it back with: readiness pack import {workbook} --out DIR", err=True
    )


@command.command("import", epilog="Example:  readiness pack import ladder.xlsx --out our_ladder")
@click.argument("workbook", metavar="PACK.xlsx", type=console.FILE)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The new folder of the pack.")
@click.option(
    "--from",
    "source",
    metavar="NAME_OR_DIR",
    help="The pack that was exported: what stays as it is keeps its comments and layout.",
)
def import_pack(workbook: Path, out: Path, source: str | None) -> None:
    """Read a workbook of decision tables back into a pack's folder. Errors name the cell.

    What `pack check` finds in its rules is reported with sheet and row; the folder is written all the same.
    """
    loaded = read_tables(workbook)
    write_new_pack(out, lambda fresh: write_pack(loaded.pack, fresh, source))
    console.say((f"  see again: {remark}" for remark in loaded.remarks), err=True)
    click.echo(f"{out} holds the pack {loaded.pack.name}; next: readiness pack test {out}", err=True)
    try:
        flaws = check_soundness(loaded.pack).flaws
    except PackError as error:
        click.echo(str(error), err=True)
        return
    for flaw in flaws:
        click.echo(f"  wrong   {_flaw_line(loaded, flaw)}", err=True)


def _in_short(pack: RulePack) -> dict[str, object]:
    return {
        "name": pack.name,
        "version": pack.version,
        "title": pack.title,
        "levels": [level.id for level in pack.levels],
        "promotions": [promotion.id for promotion in pack.promotions],
        "sha256": pack.sha256,
    }
