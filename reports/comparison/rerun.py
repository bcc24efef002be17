"""Two runs made again, each under the other's rules, to find out what changed a recommendation."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine import assess, vocabulary_of
from engine.words import Key
from inputs import InputError
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from reports.comparison.difference import ComparedRun, Rerun
from reports.run.saved import cycles_behind
from rules import load_pack
from rules.pack import Band, RulePack


@dataclass(frozen=True)
class Origin:
    """What a run was made from, given again."""

    run: ComparedRun
    file: Path
    mapping: FileMapping | None
    pack: str | None
    """The name or folder of the rule pack; by the run's own record unless given."""


def run_crosswise(before: Origin, after: Origin) -> Rerun:
    """The first run's data under the second run's rules, and the other way round.

    Raises `InputError` when a file or a rule pack is not the one that its run was made from.
    """
    old_rules, new_rules = _pack_of(before), _pack_of(after)
    old_data = _bands(before, old_rules, new_rules)
    new_data = _bands(after, new_rules, old_rules)
    return {key: (old_data.get(key), new_data.get(key)) for key in {*old_data, *new_data}}


def _pack_of(origin: Origin) -> RulePack:
    run = origin.run
    pack = load_pack(origin.pack or run.pack_name)
    if pack.sha256 != run.pack_sha256:
        raise InputError(
            f"the rule pack {origin.pack or run.pack_name} is not the one that {run.folder} was made with "
            f"(SHA-256 {pack.sha256[:12]}, the run says {run.pack_sha256[:12]}); give that pack's folder"
        )
    return pack


def _bands(origin: Origin, own: RulePack, other: RulePack) -> Mapping[Key, Band]:
    """The bands under `other`; the file is read as under the run's `own` rules."""
    roster = load_roster((origin.file,), vocabulary_of(own), origin.run.day, origin.mapping)
    if {source.sha256 for source in roster.sources} != set(origin.run.inputs):
        raise InputError(
            f"{origin.file} is not the file that {origin.run.folder} was made from; its SHA-256 differs"
        )
    return assess(roster, other, origin.run.day, earlier=cycles_behind(origin.run.folder)).bands()
