"""A small rule pack's words, for tests of reading: written by hand, so that no pack is needed; and what is
asked of files that are read with them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from inputs import RatingScale, Term, Vocabulary
from inputs.answering import Question, understand
from inputs.loading import read_files
from inputs.mapping import FileMapping
from rules.spelling import name_key

DAY = date(2026, 6, 30)

VOCABULARY = Vocabulary(
    competencies=(
        Term("communication", "Communication"),
        Term("delegation", "Delegation", ("Delegating work",)),
        Term("prioritization", "Prioritization"),
        Term("team_leadership", "Team Leadership"),
        Term("strategic_thinking", "Strategic Thinking"),
    ),
    levels=(
        Term("associate_pm", "Associate PM", ("APM",)),
        Term("product_manager", "Product Manager", ("PM",)),
        Term("senior_pm", "Senior PM", ("Senior Product Manager", "Sr. Product Manager", "SPM")),
        Term("lead_pm", "Lead PM"),
        Term("director", "Director of Product"),
    ),
    next_levels={
        "associate_pm": ("product_manager",),
        "product_manager": ("senior_pm",),
        "senior_pm": ("lead_pm", "director"),
        "lead_pm": ("director",),
        "director": (),
    },
    scale=RatingScale(Decimal(1), Decimal(5)),
    name_key=name_key,
)


def questions(path: Path, mapping: FileMapping | None = None) -> tuple[Question, ...]:
    """What is asked of a file."""
    return understand(read_files([path]), VOCABULARY, DAY, mapping or FileMapping()).questions
