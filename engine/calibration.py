"""Decisions of a calibration session: what the room may decide, and where each decision stands."""

from datetime import date
from functools import cache
from importlib.resources import files

import yaml

from rules.pack import BANDS, Identifier, Part, Text


class DecisionReason(Part):
    """What a decision that differs from the recommendation may rest on."""

    id: Identifier
    label: Text
    meaning: Text


class AgendaTopic(Part):
    """Why somebody is discussed early, and the question to discuss."""

    id: Identifier
    title: Text
    question: Text


class SessionTerms(Part):
    """The words of the session, from `engine/calibration.yaml`."""

    reasons: tuple[DecisionReason, ...]
    agenda: tuple[AgendaTopic, ...]


@cache
def session_terms() -> SessionTerms:
    """The vocabulary that ships with the product."""
    text = files("engine").joinpath("calibration.yaml").read_text(encoding="utf-8")
    return SessionTerms.model_validate_json(_as_json(text))


def _as_json(text: str) -> str:
    import json

    return json.dumps(yaml.safe_load(text))
