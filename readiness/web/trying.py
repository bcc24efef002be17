"""What if the bars were others: whose recommendation would change, said at once. Nothing is put in force."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from readiness.web.sites import page, posted, run_of, site_of, text_of
from readiness.web.work import Slider
from readiness.web.workers import WorkError
from reports.comparison import MOST_NAMED, Tried

SET = "set:"
"""How fields begin that hold a value to try."""


async def _try_page(request: Request) -> Response:
    return await _tried(request, {})


async def _try(request: Request, form: FormData) -> Response:
    given = {key.removeprefix(SET): text_of(form, key, 20) for key in form if key.startswith(SET)}
    return await _tried(request, given, part=text_of(form, "scripted") == "yes")


async def _tried(request: Request, given: dict[str, str], *, part: bool = False) -> Response:
    """The page with the values in place; for a script only what they lead to."""
    entry, desk = run_of(request), site_of(request).quick
    sliders: tuple[Slider, ...] = await desk.ask("sliders", entry.run)
    values = {one.key: given.get(one.key) or one.present for one in sliders}
    settings = tuple((one.key, values[one.key]) for one in sliders if values[one.key] != one.present)
    tried: Tried | None = None
    problem = None
    try:
        tried = await desk.ask("try_settings", entry.run, settings)
    except WorkError as error:
        problem = str(error)
    context = {
        "entry": entry,
        "sliders": sliders,
        "values": values,
        "tried": tried,
        "problem": problem,
        "most": MOST_NAMED,
    }
    return page(request, "moves.html" if part else "what-if.html", context, 422 if problem else 200)


ROUTES = [
    Route("/runs/{id}/what-if", _try_page),
    posted("/runs/{id}/what-if", _try),
]
