"""The agenda item of everybody, in the order of the session: what the sheets say of them."""

from dataclasses import replace

from engine.session import AgendaTopic
from engine.words import Explanation
from reports.shown.content import Run
from reports.workbook.details import details_of
from reports.workbook.evidence import evidence_of, evidence_text
from reports.workbook.topics import AgendaItem, Turn, turns_of

ALIKE = ("straight_lined", "same_for_everybody")
"""The open questions about ratings that tell people, or what a person can, hardly apart."""


def running_order(run: Run) -> tuple[AgendaItem, ...]:
    """The turns of a run, everybody explained, and no explanation held."""
    turns = turns_of(run)
    explanations = run.at([turn.index for turn in turns])
    return tuple(agenda_item(run, turn, one) for turn, one in zip(turns, explanations, strict=True))


def agenda_item(run: Run, turn: Turn, one: Explanation) -> AgendaItem:
    """A turn with what is said of it."""
    asked = replace(turn, topics=tuple(_asked(topic, one) for topic in turn.topics))
    return AgendaItem(
        **vars(asked),
        texts=details_of(run, asked, one),
        signals=tuple(
            (evidence_text(one, signal), signal.status)
            for signal in evidence_of(one, run.pack.promotion(one.promotion))
        ),
        scale_note=one.scale_note,
        months_in_level=one.months_in_level,
        steps_to_ready_now=one.outlook.steps_to_ready_now,
    )


def _asked(topic: AgendaTopic, explanation: Explanation) -> AgendaTopic:
    """The topic with what the ratings show, where the explanation says it."""
    if topic.id != "alike":
        return topic
    sentences = (one.sentence for one in explanation.questions if one.kind in ALIKE)
    return topic.model_copy(update={"question": " ".join(sentences)})
