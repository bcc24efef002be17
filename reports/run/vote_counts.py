"""`votes.json`: how many voted for what before the session, kept for its record; never who."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from engine import Explanations
from engine.words import Key
from inputs import InputError
from reports.run.replacing import replaced_files
from reports.shown.votes import Votes
from rules.pack import Band

VOTES_FILE = "votes.json"
_COUNTS = TypeAdapter(list[tuple[str, str, dict[Band, int]]])


def write_votes(votes: Mapping[Key, Votes], folder: Path) -> None:
    """Write the file, in place of that of an earlier count; the caller holds the folder's lock."""
    rows = [(employee_id, promotion, one.counts) for (employee_id, promotion), one in votes.items()]
    with replaced_files(folder) as scratch:
        (scratch / VOTES_FILE).write_bytes(_COUNTS.dump_json(rows, indent=1) + b"\n")


def read_votes(folder: Path, explanations: Explanations) -> dict[Key, Votes]:
    """The votes on these recommendations; empty when there were none. Raises `InputError` when the file is
    none of ours."""
    path = folder / VOTES_FILE
    if not path.is_file():
        return {}
    try:
        rows = _COUNTS.validate_json(path.read_bytes())
    except ValidationError as error:
        raise InputError(
            f"{path} was changed by hand; count the votes again with `readiness calibrate --preview`"
        ) from error
    counts = {(employee_id, promotion): counted for employee_id, promotion, counted in rows}
    known = explanations.recommendations
    return {one.key: Votes(one.recommendation, counts[one.key]) for one in known if one.key in counts}
