"""What stands where a person is expected: figures for everybody, and examples of how to fill in a row."""

import re
from collections.abc import Sequence
from functools import cache

import polars as pl

from inputs.words.spelling import words
from inputs.words.word_lists import read_words, word_key, word_keys

_NUMBER = re.compile(r"[\W_]*\d+$")
_SIZE = re.compile(r"\s*\([^()]*\)$")


def sums_up(text: str) -> bool:
    """Whether a text begins a row of figures: `Average`, or `Payments Total` in a copied pivot."""
    spoken = words(text)
    return is_figure(text) or (len(spoken) > 1 and spoken[-1] in word_keys("cells", "last_of_totals"))


def is_footer(text: str) -> bool:
    """Whether a text is what programs and people write below a table: `Total records: 7`, `End of report`.
    One word alone, such as `Page`, may begin a name: something else than a letter has to follow it."""
    return _footers().match(text.strip()) is not None


@cache
def _footers() -> re.Pattern[str]:
    listed = {name: read_words("cells")[name] for name in ("footers", "counted", "totals")}
    begin = [word for word in listed["footers"] if " " in word]
    alone = [word for word in listed["footers"] if " " not in word]
    counted = _any_of(listed["counted"])
    figures = _any_of([*listed["counted"], *listed["totals"]])
    return re.compile(
        rf"[\W_]*(?:{_any_of(begin)}\b|{_any_of(alone)}(?=[\W_]*$|\s*[:\d(–—-])|{figures}\s*[:=]?\s*[\d.,]+$"
        rf"|\d[\d.,]*\s+{counted}(?:\s+(?:in set|affected|selected|returned|fetched)\b.*)?[\W_]*$"
        r"|[\W_]{2,}$)|©",
        re.IGNORECASE,
    )


def _any_of(listed: Sequence[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(listed, key=len, reverse=True)))})"


def is_figure(text: str) -> bool:
    """Whether a text is a word for a figure and nothing else."""
    return word_key(text) in word_keys("cells", "totals")


def is_everybody(name: str) -> bool:
    """Whether a name is that of nobody, because it stands for everybody: `All employees`."""
    return word_key(name) in word_keys("cells", "everybody")


def is_requirement(text: str) -> bool:
    """Whether an id or a name is that of a row that says what is asked of people, `Expected for Lead PM`, or
    of whoever fills in the column: `Text`."""
    asked = any(word_key(word) in word_keys("cells", "requirements") for word in words(text)[:1])
    return asked or is_kind_of_value(text)


def is_kind_of_value(text: str) -> bool:
    """Whether a text says what a column is to be filled with, or that it has to be: `Number`, `varchar(20)`,
    `Required`."""
    return word_key(_SIZE.sub("", text.strip("*[]<> "))) in word_keys("cells", "kinds_of_values")


def is_example(text: str) -> bool:
    """Whether an id or a name is that of an example: `EXAMPLE-1`, `Test employee`."""
    return word_key(_NUMBER.sub("", text)) in word_keys("cells", "examples")


def may_be_one(texts: pl.Series) -> pl.Series:
    """Whether texts have a word of those that are looked for: fast, for columns of many names."""
    return texts.str.to_lowercase().str.contains_any(list(_first_words())).fill_null(value=False)


@cache
def _first_words() -> frozenset[str]:
    lists = ("everybody", "examples", "requirements", "kinds_of_values")
    texts = [text for name in lists for text in read_words("cells")[name]]
    return frozenset(text.lower().split()[0] for text in texts) | frozenset(
        spoken for text in texts if len(spoken := words(text)[0]) > 1
    )
