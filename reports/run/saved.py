"""A run read back from its folder: the same value that its reports were made from."""

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from engine import phrases
from engine.session import decisions_in
from inputs import FileSource, InputError, Issue
from reports.run.data import read_recommendations
from reports.run.decision_log import read_log
from reports.shown.content import NotAssessable, Pages, Run
from reports.shown.session import EMPTY_SESSION, Session
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
    session: Session = EMPTY_SESSION
    """Runs of earlier versions have none; as an earlier cycle they stay readable."""
    pages: Pages = Pages()


def write_context(run: Run, folder: Path) -> None:
    """Write `context.json`."""
    context = Context(
        format=CONTEXT_FORMAT,
        fingerprint=run.fingerprint,
        day=run.day,
        pack=run.pack,
        sources=run.sources,
        people_in_file=run.people_in_file,
        people_recommended=run.people_recommended,
        not_assessable=run.not_assessable,
        issues=run.issues,
        session=run.session,
        pages=run.pages,
    )
    (folder / CONTEXT_FILE).write_bytes(context.model_dump_json(indent=1).encode() + b"\n")


def read_pack(folder: Path) -> RulePack:
    """The rule pack that a run was made with. Raises `InputError` as `read_run`."""
    return _context(folder).pack


def read_run(folder: Path) -> Run:
    """A run from its folder, with what was decided so far.

    Raises `InputError` when the folder is not a whole run of this version, or its log was altered.
    """
    recommendations = read_recommendations(folder)
    context = _context(folder)
    if context.fingerprint != recommendations.fingerprint:
        raise InputError(
            f"{folder} mixes two runs: {CONTEXT_FILE} is of run {context.fingerprint}, recommendations.json "
            f"of run {recommendations.fingerprint}; run `readiness assess` again into a new folder"
        )
    return Run(
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
        pages=context.pages,
        decisions=decisions_in(read_log(folder)),
    )


def _context(folder: Path) -> Context:
    path = folder / CONTEXT_FILE
    if not path.is_file():
        raise InputError(f"{folder} has no {CONTEXT_FILE}; run `readiness assess` again to write it")
    try:
        return Context.model_validate_json(path.read_bytes(), strict=False)
    except ValidationError as error:
        raise InputError(
            f"{path} cannot be read as the context of a run of this version "
            f"({phrases.count(error.error_count(), 'problem')}); run `readiness assess` again"
        ) from error
