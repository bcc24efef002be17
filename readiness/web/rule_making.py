"""Rules for a ladder that no shipped pack describes: made from the very file, as a starting point."""

import re
from decimal import Decimal, InvalidOperation

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from readiness.web.shelf import Entry, Step
from readiness.web.sites import changeable, entry_of, page, posted, site_of, text_of
from readiness.web.work import Shown
from readiness.web.workers import WorkError

LONGEST_NAME = 40


async def _rules_page(request: Request) -> Response:
    return await _shown(request, entry_of(request), {})


async def _shown(
    request: Request, entry: Entry, given: dict[str, str], problem: str | None = None
) -> Response:
    """What the file shows of its ladder, to be put in order."""
    try:
        shown: Shown | None = await site_of(request).desk.ask("show_ladder", entry.files, _encoding(entry))
    except WorkError as error:
        shown, problem = None, str(error)
    if shown is not None and not given:
        given = {
            "title": "Our ladder",
            "levels": "\n".join(shown.levels),
            "words": "\n".join(shown.words),
            "bar": "",
            "lowest": "",
            "highest": "",
        }
    context = {"entry": entry, "shown": shown, "given": given, "problem": problem}
    return page(request, "rules.html", context, 422 if problem else 200)


async def _make(request: Request, form: FormData) -> Response:
    entry, site = changeable(request), site_of(request)
    given = {name: text_of(form, name) for name in ("title", "levels", "words", "lowest", "highest", "bar")}
    try:
        scale = (_number(given["lowest"]), _number(given["highest"])) if given["lowest"] else None
        bar = _number(given["bar"]) if given["bar"] else None
        levels, words = (_lines(given[name]) for name in ("levels", "words"))
        title = given["title"] or "Our ladder"
        async with site.naming:
            folder = site.shelf.root / "packs" / _free_name(given["title"], set(site.shelf.packs()))
            await site.desk.ask(
                "make_pack", entry.files, title, levels, words, scale, bar, folder, _encoding(entry)
            )
    except (WorkError, InvalidOperation) as error:
        said = "Enter numbers, such as 1 and 5." if isinstance(error, InvalidOperation) else str(error)
        return await _shown(request, entry, given, said)
    entry = changeable(request)  # a run may have begun meanwhile, in another window
    steps = tuple(one for one in entry.about.steps if one.kind == "encoding")
    steps = steps if scale is None else (*steps, _scale_step(*scale))
    site.shelf.change(entry, pack=f"own:{folder.name}", steps=steps, layout="", trouble=None)
    return RedirectResponse(f"/runs/{entry.id}", 303)


def _encoding(entry: Entry) -> str | None:
    """How letters are written, where somebody has answered it."""
    said = [one.given["encoding"] for one in entry.about.steps if one.kind == "encoding"]
    return said[-1] if said else None


def _scale_step(lowest: Decimal, highest: Decimal) -> Step:
    """The scale that was said here is not asked for once more."""
    given = {"whose": "both", "worst": str(lowest), "best": str(highest)}
    return Step(
        title="Which scale are the ratings on?", answer=f"{lowest} to {highest}", kind="scale", given=given
    )


def _free_name(title: str, taken: set[str]) -> str:
    """The name of a pack that a title suggests, and that no other pack has."""
    plain = "_".join(re.findall(r"[a-z0-9]+", title.lower()))[:LONGEST_NAME]
    name = plain if re.match("[a-z]", plain) else f"rules_{plain}".rstrip("_")
    numbered = (f"{name}_{number}" for number in range(2, 10_000))
    return name if name not in taken else next(one for one in numbered if one not in taken)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _number(text: str) -> Decimal:
    number = Decimal(text.strip().replace(",", "."))
    if not number.is_finite():
        raise InvalidOperation
    return number


ROUTES = [
    Route("/runs/{id}/rules", _rules_page),
    posted("/runs/{id}/rules", _make),
]
