"""What a status says: whether somebody is employed, or how far a review has come."""

import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Literal

import polars as pl

from inputs.words.dates import read_dates
from inputs.words.spelling import normalise
from inputs.words.word_lists import read_words, word_key, word_keys
from inputs.words.written_ratings import is_unrated
from inputs.words.yes_no import yes_or_no

Employment = Literal["employed", "left"]
Progress = Literal["finished", "unfinished"]

_PARTS = re.compile(r"\s[-–—]+\s|[,;:/|()\[\]]+")


def asked_by(header: str) -> Employment | None:
    """What a yes in the column says: `Active?` asks whether somebody is employed, `Terminated?` whether they
    have left. None where the header asks neither, or both."""
    left, rest = _without(tuple(normalise(header).split()), "left")
    employed, _ = _without(rest, "asks_employed")
    if left and employed:
        return None
    return "left" if left else "employed" if employed else None


def answer_that_leaves_out(header: str) -> bool | None:
    """Whether yes or no under a header says that somebody is not to be considered: no under `Eligible?`, yes
    under `Exclude`. None where neither does."""
    out, rest = _without(tuple(normalise(header).split()), "asks_left_out")
    considered, _ = _without(rest, "asks_considered")
    return None if out == considered else out


def _without(spoken: tuple[str, ...], name: str) -> tuple[bool, tuple[str, ...]]:
    """Whether words hold a phrase of a list, and the words without the longest that they hold."""
    for length in range(len(spoken), 0, -1):
        for start in range(len(spoken) - length + 1):
            if "".join(spoken[start : start + length]) in word_keys("statuses", name):
                return True, spoken[:start] + spoken[start + length :]
    return False, spoken


def says_of_rows(text: str, day: date) -> bool:
    """Whether a line among the rows of a table says that people have left, are left out, or that their
    reviews are not finished: `Leavers`, `Not eligible`, `DRAFT - not yet submitted`."""
    unfinished = any(progress(part) == "unfinished" for part in (text, *_PARTS.split(text)))
    gone = asked_by(text) == "left" or employment(text, None, day) == "left"
    return unfinished or gone or answer_that_leaves_out(text) is True


def employments(texts: Collection[str], asked: Employment | None, day: date) -> dict[str, Employment | None]:
    """What each of a column's statuses says, as `employment` does; of letters as the others show: `T` is
    somebody who has left beside `A`."""
    found = {text: employment(text, asked, day) for text in texts}
    codes = read_words("statuses")["codes"]
    letters = {text.strip().upper() for text in texts if text.strip()}
    if asked is None and letters & set(codes["employed"]) and all(map(is_code, letters)):
        coded: dict[str, Employment] = {code: one for one in _OPPOSITE for code in codes[one]}
        found |= {text: coded.get(text.strip().upper()) for text in texts}
    return found


def is_code(text: str) -> bool:
    """Whether a status is a single letter."""
    return len(text) == 1 and text.isalpha()


def employment(text: str, asked: Employment | None, day: date) -> Employment | None:
    """Whether a status says that somebody is employed on a day; None where it is not understood. `asked` is
    what a yes means in its column."""
    answer = None if asked is None else yes_or_no(text)
    if answer is not None:
        return asked if answer else _OPPOSITE[asked]  # type: ignore[index]
    if asked == "left" and is_unrated(text):
        return "employed"
    known = _employment_in(text)
    if known is not None and not any(sign.isdigit() for sign in text):
        return known
    until = _until(f"left {text}" if asked == "left" else text, day)
    return known if until is None else until


_OPPOSITE: dict[Employment, Employment] = {"employed": "left", "left": "employed"}


def _employment_in(text: str) -> Employment | None:
    """By the whole, else by the parts of it that are known, where these agree."""
    for parts in ([text], _PARTS.split(text)):
        keys = set(map(word_key, parts))
        found: set[Employment] = {one for one in _OPPOSITE if keys & word_keys("statuses", one)}
        found |= {"employed"} if keys & word_keys("statuses", "away") else set()
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def is_away_or_leaving(text: str, day: date) -> bool:
    """Whether the status of somebody who is employed says that they are on leave, under notice, or employed
    until a day to come."""
    parts = {word_key(part) for part in (text, *_PARTS.split(text))}
    return bool(parts & word_keys("statuses", "away")) or _until(text, day) == "employed"


def _until(text: str, day: date) -> Employment | None:
    """By whether a day has come that is named beside the word: `Left on 31 May 2026`."""
    for status, rest in _cuts(text):
        if word_key(status) in word_keys("statuses", "left"):
            on = read_dates(pl.Series([rest], dtype=pl.String), day, future=True).values[0]
            if on is not None:
                return "left" if on <= day else "employed"
    return None


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """The text in two, at each of its spaces; the second part without the words before a date."""
    spoken = text.replace("(", " ").replace(")", " ").split()
    for cut in range(1, len(spoken)):
        rest = spoken[cut:]
        while rest and word_key(rest[0]) in word_keys("statuses", "before_dates"):
            rest = rest[1:]
        yield " ".join(spoken[:cut]), " ".join(rest)


def progress(text: str) -> Progress | None:
    """How far a status says that a review has come; None where it says nothing of reviews."""
    key = word_key(text)
    if key in word_keys("statuses", "finished"):
        return "finished"
    return "unfinished" if key in word_keys("statuses", "unfinished") else None


def is_of_reviews_alone(text: str) -> bool:
    """Whether a status is that of a review and cannot be that of somebody's employment: `Withdrawn` can."""
    return progress(text) is not None and _employment_in(text) is None
