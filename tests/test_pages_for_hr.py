"""The pages that HR alone gets, in a real browser; skipped without, unless CI=true."""

from pathlib import Path

import polars as pl
import pytest

from engine import assess, vocabulary_of
from engine.fairness import compare_groups
from engine.raters import Answers, raters_of, room_of, vignettes_of
from engine.session import DecisionStatus
from inputs.inspection import inspect_files
from reports.comparison import show_fairness, write_fairness
from reports.raters import VignettesShown, show_raters, write_raters, write_vignette_page
from reports.record import show_record, write_record
from reports.shown.content import run_of
from rules import load_pack
from tests.chromium import COLOURS, chromium, violations
from tests.small import DAY, pack, roster

KINDS = ("raters", "fairness", "vignettes", "record")
COLOURED = ("raters", "fairness")
"""Pages with colours that the others do not have besides; they are looked at in dark mode too."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each of them, with something in every part."""
    folder = tmp_path_factory.mktemp("hr")
    people = [
        {
            "drive:manager": 2 + at % 4 * (at < 40) / 2,
            "drive:self": 3 + at % 3,
            "manager_id": f"M{at % 5}" if at < 40 else "M9",
            "manager_name": f"Manager {at % 5}" if at < 40 else "All twos",
        }
        for at in range(60)
    ]
    assessment = assess(roster(people), pack(), DAY)
    write_raters(show_raters(raters_of(assessment), run_of(assessment, (), "0")), folder)
    ids = [f"E{at + 1}" for at in range(60)]
    groups = pl.DataFrame(
        {"employee_id": ids, "Sex": ["f", "m"] * 29 + ["x", None], "Race": (["a", "b", "c"] * 20)}
    )
    bands = {"recommended": assessment.bands()}
    decided = dict.fromkeys(bands["recommended"], DecisionStatus.AGREED)
    fairness = compare_groups(groups, ["Sex", "Race"], bands, 10, dict.fromkeys(ids, "Junior"), decided)
    write_fairness(show_fairness(fairness, "groups.csv", pack()), pack(), "60 people.", folder)
    product = load_pack("product_management")
    vignettes = vignettes_of(product)[:8]
    places = {(one.id, part.competency): part.answer for one in vignettes for part in one.statements}
    answers = [
        Answers(
            name,
            {
                place: min(5, max(1, answer + shift * (n % 3)))
                for n, (place, answer) in enumerate(places.items())
            },
            {},
        )
        for name, shift in (("Ada", 0), ("Ben", -1), ("Cleo", 1))
    ]
    write_vignette_page(VignettesShown(product, {"before": room_of(vignettes, answers, product)}), folder)
    sheet = folder / "ratings.csv"
    sheet.write_text("Employee ID,Level,Drive (self),Drive (manager),Colour\n1,Junior,3,4,red\n")
    inspection = inspect_files((sheet,), vocabulary_of(pack()), DAY)
    write_record(show_record(inspection, pack(), DAY, None), folder / "record.html")
    return folder


def test_axe_finds_nothing_and_nothing_is_fetched(pages: Path) -> None:
    trouble: list[str] = []
    with chromium() as browser:
        for kind in KINDS:
            page = browser.new_context(offline=True).new_page()
            page.on("request", lambda sent: trouble.append(sent.url))
            page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
            page.goto((pages / f"{kind}.html").as_uri())
            found = violations(page)
            if kind in COLOURED:
                page.emulate_media(color_scheme="dark")
                found += violations(page, COLOURS)
            assert found == [], kind
    assert [one for one in trouble if not one.startswith("file:")] == []
