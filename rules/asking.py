"""How open questions are put: in the pack's words, or in those of `rules/questions.yaml`."""

from functools import cache
from pathlib import Path

import yaml

from rules.pack import QuestionKind, QuestionText, RulePack


def question_of(pack: RulePack, kind: QuestionKind) -> QuestionText:
    """The words for a kind of open question."""
    return pack.questions.get(kind) or _defaults()[kind]


@cache
def _defaults() -> dict[QuestionKind, QuestionText]:
    raw = yaml.safe_load(Path(__file__).with_name("questions.yaml").read_text(encoding="utf-8"))
    return {kind: QuestionText(**text) for kind, text in raw["questions"].items()}
