"""A run read back from its folder: the same summary that its reports were drawn from."""

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from inputs import FileSource, InputError, Issue
from reports.run.data import read_recommendations
from reports.shown.content import NotAssessable, Summary
from reports.shown.session import NOTHING_TOLD, Session
from rules.pack import RulePack

CONTEXT_FORMAT = "promotion-readiness/context/1"
CONTEXT_FILE = "context.json"


class Context(BaseModel):
    """`context.json`: everything that reports show besides the recommendations themselves."""

    model_config = ConfigDict(extra="forbid")

    format: str
    fingerprint: str
    day: date
    pack: RulePack
    sources: tuple[FileSource, ...]
    people_in_file: int
    people_recommended: int
    not_assessable: tuple[NotAssessable, ...]
    issues: tuple[Issue, ...]
    session: Session = NOTHING_TOLD
    """Runs of earlier versions told nothing; as an earlier cycle they stay readable."""


def write_context(summary: Summary, folder: Path) -> None:
    """Write `context.json`."""
    context = Context(
        format=CONTEXT_FORMAT,
        fingerprint=summary.fingerprint,
        day=summary.day,
        pack=summary.pack,
        sources=summary.sources,
        people_in_file=summary.people_in_file,
        people_recommended=summary.people_recommended,
        not_assessable=summary.not_assessable,
        issues=summary.issues,
        session=summary.session,
    )
    (folder / CONTEXT_FILE).write_bytes(context.model_dump_json(indent=1).encode() + b"\n")


def read_summary(folder: Path) -> Summary:
    """The summary of a run. Raises `InputError` when the folder is no whole run of this version."""
    recommendations = read_recommendations(folder)
    path = folder / CONTEXT_FILE
    if not path.is_file():
        raise InputError(f"{folder} has no {CONTEXT_FILE}; run `readiness assess` again to write it anew")
    try:
        context = Context.model_validate_json(path.read_bytes(), strict=False)
    except ValidationError as error:
        raise InputError(
            f"{path} cannot be read as the context of a run of this version "
            f"({error.error_count()} places do not fit); run `readiness assess` again to write it anew"
        ) from error
    if context.fingerprint != recommendations.fingerprint:
        raise InputError(
            f"{folder} mixes two runs: {CONTEXT_FILE} is of run {context.fingerprint}, recommendations.json "
            f"of run {recommendations.fingerprint}; run `readiness assess` again into a new folder"
        )
    return Summary(
        pack=context.pack,
        day=context.day,
        sources=context.sources,
        fingerprint=context.fingerprint,
        people_in_file=context.people_in_file,
        people_recommended=context.people_recommended,
        explanations=recommendations.recommendations,
        not_assessable=context.not_assessable,
        issues=context.issues,
        session=context.session,
    )
