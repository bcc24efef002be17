"""A small rule pack's words, for tests of reading: written by hand, so that no pack is needed."""

from datetime import date
from decimal import Decimal

from inputs import RatingScale, Term, Vocabulary
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
