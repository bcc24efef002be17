"""A session as a page shows it: everybody in the order of the agenda, and where the decisions leave them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.phrases import number, percent
from engine.session import Decision, LogLine, decisions_in, session_terms
from engine.words import Explanation, Key, Recommendation
from reports.shown.content import Run
from reports.shown.guidelines import Guideline, guideline_shares
from reports.workbook.agenda_items import agenda_item
from reports.workbook.details import show_text
from reports.workbook.topics import NOW, Turn
from rules.pack import BANDS, Band

TEXTS = ("crux", "time", "firmness", "topics", "asks", "show", "strong", "questions", "past", "votes")
"""What the Session sheet says of a person, by the keys of `details_of`."""


@dataclass(frozen=True)
class SignalSeen:
    """One signal as the page shows it."""

    title: str
    core: bool
    status: str
    manager: str
    self: str
    bar: str


@dataclass(frozen=True)
class Seat:
    """One recommendation in the session."""

    number: int
    """1, 2, 3 ... as in the workbook."""
    key: Key
    person: int
    name: str
    promotion: str
    when: str
    """Of the agenda: in the session, by consent, if time allows, or not at all."""
    recommendation: Band
    department: str
    manager: str


@dataclass(frozen=True)
class SeatDetails:
    """What is said of one recommendation while the room talks about it."""

    texts: Mapping[str, str]
    """By `TEXTS`, and `manager_wrote` and `self_wrote`."""
    signals: tuple[SignalSeen, ...]


@dataclass(frozen=True)
class Sitting:
    """Everything that the page shows, but the decisions."""

    fingerprint: str
    day: date
    bands: Mapping[Band, str]
    statuses: Mapping[str, str]
    guidelines: tuple[Guideline, ...]
    seats: tuple[Seat, ...]


@dataclass(frozen=True)
class Progress:
    """Where the decisions leave everybody."""

    decided: int
    of: int
    bands: tuple[tuple[Band, str, int, int], ...]
    """Band, its label, how many recommendations it has, and how many with the decisions."""
    guidelines: tuple[str, ...]


def sitting_of(run: Run, turns: Sequence[Turn]) -> Sitting:
    """The session of a run, in the order of `turns_of`; nobody is explained for it."""
    names = {one.person: one.employee_name for one in run.recommendations}
    namesakes = {name for name, times in Counter(names.values()).items() if name and times > 1}
    seats = tuple(
        Seat(
            number=place,
            key=one.key,
            person=one.person,
            name=_name(one, namesakes),
            promotion=one.promotion_title,
            when=turn.when,
            recommendation=one.recommendation,
            department=one.department or "",
            manager=run.manager_label(one),
        )
        for place, turn in enumerate(turns, start=1)
        for one in [turn.known]
    )
    bands = {band: run.pack.bands[band].label for band in BANDS}
    statuses = {str(name): text.label for name, text in run.pack.statuses.items()}
    return Sitting(run.fingerprint, run.day, bands, statuses, run.session.guidelines, seats)


def _name(one: Recommendation, namesakes: Collection[str]) -> str:
    """What a person is called, with the id where somebody else is called the same."""
    name = one.employee_name or one.employee_id
    return f"{name} ({one.employee_id})" if name in namesakes else name


def seat_details(run: Run, turn: Turn) -> SeatDetails:
    """What is said of one of them."""
    one = run.explanations[turn.index]
    return SeatDetails(_texts(run, one, agenda_item(run, turn, one).texts), tuple(_signals(one)))


def _texts(run: Run, one: Explanation, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of the sheet, without its limits: a page has room, and every signal below."""
    more = {
        "questions": "\n".join(asked.title for asked in one.questions),
        "show": show_text(run, one, " below"),
    }
    shown = {**texts, **more}
    return {key: shown[key] for key in (*TEXTS, "manager_wrote", "self_wrote") if shown[key]}


def _signals(one: Explanation) -> list[SignalSeen]:
    return [
        SignalSeen(
            signal.title,
            signal.importance == "core",
            signal.status,
            "–" if signal.manager_score is None else number(signal.manager_score),
            "–" if signal.self_score is None else number(signal.self_score),
            number(signal.bar),
        )
        for signal in one.evidence
    ]


def progress_of(sitting: Sitting, log: Sequence[LogLine]) -> Progress:
    """The counts of a session, and its guidelines."""
    made = decisions_in(log)
    known = [one for one in sitting.seats if one.key in made]
    before = Counter(one.recommendation for one in sitting.seats)
    after = Counter(_band(one, made) for one in sitting.seats)
    shares = guideline_shares(sitting.guidelines, _best(sitting, {}), _best(sitting, made))
    return Progress(
        len(known),
        len(sitting.seats),
        tuple((band, label, before[band], after[band]) for band, label in sitting.bands.items()),
        tuple(
            f"{sitting.bands[share.guideline.band]}: {percent(share.after, share.whole, 1)} of the people; "
            f"guideline {share.guideline.words} ({share.place}; not a quota)"
            for share in shares
            if share.whole
        ),
    )


def _band(seat: Seat, made: Mapping[Key, Decision]) -> Band:
    return made[seat.key].decision if seat.key in made else seat.recommendation


def _best(sitting: Sitting, made: Mapping[Key, Decision]) -> list[Band]:
    """One band for each person: the best of their promotions."""
    best: dict[int, Band] = {}
    for seat in sitting.seats:
        band = _band(seat, made)
        best[seat.person] = min(best.get(seat.person, band), band, key=BANDS.index)
    return list(best.values())


def minutes(sitting: Sitting) -> tuple[int, int]:
    """How long everybody who is to be discussed takes, and how long one person."""
    each = session_terms().time.minutes_per_item
    return each * sum(one.when == NOW for one in sitting.seats), each
