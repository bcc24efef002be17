"""Templates to text: one environment for every page, and the strict policy that each page declares."""

import base64
import hashlib
import string
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from reports import looks

_ANCHOR_CHARACTERS = frozenset(string.ascii_letters + string.digits + "-")


def render(template: str, context: Mapping[str, object]) -> str:
    """Fill a page template. Everything from the input is escaped; an unknown name raises."""
    sheet, script = stylesheet(), asset("page.js")
    return (
        _environment()
        .get_template(template)
        .render(context, stylesheet=Markup(sheet), script=Markup(script), policy=policy(sheet, script))
    )


@cache
def stylesheet() -> str:
    """The style of every page: the tokens of `reports.looks`, then the rules of `page.css`."""
    return _environment().get_template("tokens.css").render(looks=looks) + asset("page.css")


@cache
def asset(name: str) -> str:
    """A file of `assets/`, as text."""
    return files("reports.pages").joinpath("assets", name).read_text(encoding="utf-8")


def policy(sheet: str, script: str) -> str:
    """The content security policy: this style and this script, and nothing else from anywhere."""
    return (
        f"default-src 'none'; style-src '{_digest(sheet)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports.pages"),
        autoescape=lambda name: name is None or name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        points=points,
        percent=percent,
        day=day,
        anchor=anchor,
        placeholders=placeholders,
        position=position,
        count=count,
    )
    environment.globals.update(looks=looks)
    return environment


def points(value: Decimal | None) -> str:
    """A score with up to two decimals, `3.5`; a dash when there is none."""
    if value is None:
        return "–"
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".")


def percent(part: int | Decimal, whole: int | Decimal = 1) -> str:
    """A share as a whole percentage, `38%`; a dash of an empty whole."""
    return f"{round(100 * part / whole)}%" if whole else "–"


def count(number: int, one: str, many: str) -> str:
    """A number with its noun: `1 person`, `1,204 people`."""
    return f"{number:,} {one if number == 1 else many}"


def day(value: date) -> str:
    """A date as people write it: `3 March 2026`."""
    return f"{value.day} {value:%B %Y}"


def anchor(text: str) -> str:
    """A text as an identifier of a page, one to one: other characters become `_` and their number."""
    return "".join(char if char in _ANCHOR_CHARACTERS else f"_{ord(char):x}_" for char in text)


def placeholders(text: str) -> Markup:
    """A rule's sentence with its placeholders marked: `{core_gaps}` becomes a `<var>`."""
    parts = (
        Markup("<var>{}</var>").format(name.replace("_", " ")) if name else escape(literal)
        for literal, name in _split(text)
    )
    return Markup("").join(parts)


def _split(text: str) -> list[tuple[str, str]]:
    pieces: list[tuple[str, str]] = []
    for literal, name, _, _ in string.Formatter().parse(text):
        pieces.append((literal, ""))
        if name:
            pieces.append(("", name))
    return pieces


def position(value: Decimal, lowest: Decimal, highest: Decimal, width: int) -> str:
    """Where a value of a scale stands on an axis of `width`, inside a margin of 8 on both sides."""
    share = (min(max(value, lowest), highest) - lowest) / (highest - lowest)
    return f"{8 + float(share) * (width - 16):.1f}"
