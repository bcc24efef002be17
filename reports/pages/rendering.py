"""Templates to text: one environment for every page, and the strict policy that each page declares."""

import base64
import contextlib
import hashlib
import importlib.util
import re
import string
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from engine.phrases import Exact, count, day, few, figure, number, percent, span, whole
from engine.words import Expectation
from reports.shown import looks
from reports.shown.crux import by_urgency, strongest
from reports.shown.file_names import LONGEST_STEM, is_reserved
from reports.shown.grouped import grouped

_ANCHOR_CHARACTERS = frozenset(string.ascii_letters + string.digits + "-")
_FILE_CHARACTERS = frozenset(string.ascii_lowercase + string.digits)
_ID_CHARACTERS = frozenset(string.ascii_uppercase + string.digits + "-")
_SPELLED = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


_STYLES = ("page", "report", "manager", "paper")
_SCRIPTS = ("finder", "cards")
_FEWER: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "manager.html": (("page", "manager"), ("cards",)),
    "packet.html": (("page", "paper"), ("cards",)),
    "letter.html": (("page", "paper"), ()),
    "person.html": (("page", "paper"), ()),
}
"""Styles and scripts of the pages that there are many of; all others have all."""


def render(template: str, context: Mapping[str, object]) -> str:
    """Fill a page template. Everything from the input is escaped; an unknown name raises."""
    styles, scripts = _FEWER.get(template, (_STYLES, _SCRIPTS))
    sheet, script = stylesheet(styles), "".join(asset(f"{name}.js") for name in scripts)
    return (
        _environment()
        .get_template(template)
        .render(context, stylesheet=Markup(sheet), script=Markup(script), policy=policy(sheet, script))
    )


def write_page(path: Path, text: str) -> Path:
    """Write a page, and its folder where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def render_served(template: str, context: Mapping[str, object]) -> str:
    """Fill a page of the server, whose style and scripts are files of their own."""
    return _environment().get_template(f"served/{template}").render(context)


def served_asset(name: str) -> str:
    """A file that pages of the server ask for: the style of all pages with their own, or a script."""
    return stylesheet() + asset("served.css") if name == "style.css" else asset(name)


def module(template: str, context: Mapping[str, object]) -> Any:
    """The macros of a template, with what they read."""
    return _environment().get_template(template).make_module(dict(context))


@cache
def stylesheet(names: tuple[str, ...] = _STYLES) -> str:
    """The style of a page: the tokens of `reports.shown.looks`, then the rules of these files."""
    tokens = _environment().get_template("tokens.css").render(looks=looks)
    return tokens + "".join(asset(f"{name}.css") for name in names)


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


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates next to compiled modules, under the same conditions; compiling takes longer than
    filling. Where they cannot be written, they are compiled again each time."""

    def __init__(self) -> None:
        folder = Path(importlib.util.cache_from_source(__file__)).parent
        super().__init__(str(folder), "template-%s.cache")

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write one compiled template, where that is wanted and possible."""
        with contextlib.suppress(OSError):
            if not sys.dont_write_bytecode:
                super().dump_bytecode(bucket)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports.pages"),
        bytecode_cache=_Compiled(),
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
        count=count,
        span=span,
        whole=whole,
        few=few,
        person_file=person_file,
        groupby_in_order=groupby_in_order,
        by_urgency=by_urgency,
        strongest=strongest,
        missed=missed,
        without_commands=without_commands,
    )
    environment.globals.update(looks=looks, figure=figure)
    return environment


_ASIDE = re.compile(r" ?\(`(?:readiness |scales: )[^`]*`\)")
_PART = r"(?:`[^`]*`|[^`.!?\n]|[.!?](?!\s|$))*"
_IN_A_MAPPING = re.compile(r"\bin a mapping\b(?:: `[^`]*`| \(`[^`]*`\))?")
_ALL_SHEETS = re.compile(r" with `--all-sheets` \([^)]*\)")
_SENTENCE = re.compile(rf"(?:^|(?<=\s)){_PART}`readiness [^`]*`{_PART}[.!?]?")


def without_commands(text: str) -> str:
    """A message without the sentences that tell of the command line: a page of the server has its own next
    step, and below its message the answers that a mapping would hold."""
    answered_here = _ALL_SHEETS.sub("", _IN_A_MAPPING.sub("below", _ASIDE.sub("", text)))
    return _SENTENCE.sub("", answered_here).strip() or text


def points(value: Exact | None) -> str:
    """A number such as a score, `3.5`; a dash when there is none."""
    return "–" if value is None else number(value)


def anchor(text: str) -> str:
    """A text as an identifier of a page, one to one: other characters become `_` and their number."""
    return "".join(char if char in _ANCHOR_CHARACTERS else f"_{ord(char):x}_" for char in text)


def file_name(text: str) -> str:
    """A person's name as the name of a file on any system, such as `zofia-jasinska`.

    A short hash tells names apart that Latin letters cannot.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SPELLED))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    words = "".join(char if char in _FILE_CHARACTERS else " " for char in letters).split()
    name = "-".join(words)
    told = all(char in _FILE_CHARACTERS or not char.isalnum() for char in letters)
    if told and 0 < len(name) <= LONGEST_STEM and not is_reserved(name):
        return name
    return "-".join(filter(None, [name[:LONGEST_STEM], _short_hash(text)]))


def person_file(employee_id: str) -> str:
    """An employee id as the name of a file, one to one also where the disk ignores case."""
    plain = all(char in _ID_CHARACTERS for char in employee_id) and not is_reserved(employee_id)
    if plain and 0 < len(employee_id) <= LONGEST_STEM:
        return employee_id
    return f"{anchor(employee_id)[:LONGEST_STEM]}_{_short_hash(employee_id)}"


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def groupby_in_order(items: Iterable[Any], attribute: str) -> list[tuple[str, list[Any]]]:
    """Items by the text of an attribute, groups and items in the order in which they come."""
    return list(grouped(items, lambda item: str(getattr(item, attribute))).items())


def missed(expectations: Iterable[Expectation]) -> list[Expectation]:
    """What the present level expects and the ratings do not show, the furthest off first."""
    return sorted((one for one in expectations if one.shortfall), key=lambda one: -one.shortfall)


def placeholders(text: str) -> Markup:
    """A rule's sentence with its placeholders marked: `{core_gaps}` becomes a `<var>`."""
    parts = []
    for literal, name, _, _ in string.Formatter().parse(text):
        parts.append(escape(literal))
        if name:
            parts.append(Markup("<var>{}</var>").format(name.replace("_", " ")))
    return Markup("").join(parts)
