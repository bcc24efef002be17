"""What managers' pages say would lead to a band is written into the file, and leads there, on that day."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from random import Random

import pytest

import readiness
from rules.pack import BANDS, RulePack
from tests.command_line import succeeded
from tests.made_files import write_sheet

DAY = date(2026, 6, 30)
COUNTY = (
    ("Scale: 1 to 4",),
    ("Competency", "A1", "A2", "A3"),
    ("Law", 1, 2, 3),
    ("Procedure", 2, 2, 3),
    ("Clients", 1, 2, 2),
    ("Minimum time in level below", None, "6 months", "18 months"),
)
TITLES = ("Law", "Procedure", "Clients")
HEADER = ("ID", "Name", "Manager", "Level", "In level since", "Review date")
BAND = "(Ready now|Ready soon|Developing)"
ON = r"(\d+ [A-Z][a-z]+ \d{4})"
RATED = re.compile(rf"({'|'.join(TITLES)}) (?:were (?:rated )?)?(\d+)(?: \(= [\d.]+\))?(?=[ ;,.]|$)")


@dataclass
class File:
    """A file of people, and what is written into it to see what comes of it."""

    pack: RulePack
    folder: Path
    mapping: Path | None
    scale: range
    rows: Mapping[str, list[str]]
    asked: list[tuple[str, list[str], date, str]] = field(default_factory=list)
    """What was said, the row that it speaks of, the day, and the band that was promised."""

    def write(self, rows: list[list[str]]) -> Path:
        path = self.folder / "people.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([[*HEADER, *(f"{title} (manager)" for title in TITLES)], *rows])
        return path

    def ask(self, said: str, who: str, band: str, changed: Mapping[str, object], day: date = DAY) -> None:
        row = [*self.rows[who]]
        for column, value in changed.items():
            row[(*HEADER, *TITLES).index(column)] = str(value)
        self.asked.append((said, row, day, band))

    def kept(self) -> Counter[str]:
        """How many promises of each kind were kept; fails at those that were not."""
        broken = []
        for day in sorted({day for _, _, day, _ in self.asked}):
            some = [one for one in self.asked if one[2] == day]
            rows = [[str(n), f"Person {n}", *row[2:]] for n, (_, row, _, _) in enumerate(some)]
            roster = readiness.load_roster(self.write(rows), self.pack, day, mapping=self.mapping)
            found = readiness.assess(roster, self.pack, day).recommendations
            for person, band in found.select("person", "recommendation").iter_rows():
                said, row, _, promised = some[person]
                got = self.pack.bands[band].label
                if (got != promised.removeprefix("not ")) != promised.startswith("not "):
                    broken.append((said, row, day, got))
        assert not broken
        return Counter(re.sub(r"[\d.]+|" + "|".join(TITLES), "", said)[:12] for said, *_ in self.asked)


@pytest.mark.parametrize("best", [4, 10])
def test_what_managers_pages_promise_comes_true_no_sooner_and_no_later(tmp_path: Path, best: int) -> None:
    file = county(tmp_path, best)
    run = tmp_path / "run"
    sheet = file.write([*file.rows.values()])
    scale = ["--mapping", file.mapping] if file.mapping else []
    succeeded("assess", sheet, "--pack", file.folder / "ours", "--out", run, "--as-of", DAY, *scale)
    for page in sorted((run / "managers").glob("*.html")):
        for who, said in sentences(page, file):
            act_on(said, who, file)
    kept = file.kept()
    assert len(kept) > 8
    assert sum(kept.values()) > 150


def county(folder: Path, best: int) -> File:
    """People of a ladder with minimum times, rated up to its own best rating, or another."""
    matrix = write_sheet(folder / "ladder.xlsx", *COUNTY)
    succeeded("pack", "new", "ours", "--from-matrix", matrix, "--out", folder / "ours")
    dice, rows = Random(7), dict[str, list[str]]()
    for n in range(90):
        since = date(2026, 6, 30) - timedelta(days=dice.choice([40, 160, 190, 400, 540, 560, 900]))
        review = dice.choice([DAY, DAY, date(2026, 5, 30)])
        usual = dice.choice([1, 2, 2, 3])
        given = [min(4, max(1, usual + dice.choice([-1, 0, 0, 1]))) for _ in TITLES]
        written = [str(1 + round((one - 1) * (best - 1) / 3)) for one in given]
        written[dice.randrange(3)] = dice.choice(["", written[0], written[0]])
        level, manager = dice.choice(["A1", "A2"]), f"Manager {n % 3}"
        rows[f"Person {n}"] = [f"E{n}", f"Person {n}", manager, level, str(since), str(review), *written]
    mapping = folder / "map.yaml" if best > 4 else None
    if mapping:
        mapping.write_text(f"scales: {{both: {{worst: 1, best: {best}}}}}\n", encoding="utf-8")
    return File(readiness.load_pack(folder / "ours"), folder, mapping, range(1, best + 1), rows)


def sentences(page: Path, file: File) -> Iterator[tuple[str, str]]:
    """Each line of a page below the heading of somebody, with their name."""
    text = re.sub(r"(?s)<(style|script|svg)\b.*?</\1>", "", page.read_text("utf-8"))
    lines = re.split(
        r"\s*\n\s*", unescape(re.sub(r"<[^>]+>", "", re.sub(r"<(?!/?(?:b|strong|span)\b)", "\n<", text)))
    )
    who = None
    for line in lines:
        who = next((name for name in file.rows if line.startswith(f"{name}, A")), who)
        if who is not None:
            yield who, line


def act_on(said: str, who: str, file: File) -> None:
    """Write what a sentence speaks of into the file, as the sentence has it and a little less."""
    for found in re.finditer(rf"(?:^|\. |Only ){BAND} if (.+?)(?:\. |\.?$)", said):
        told = re.sub(r"you rated it [\d.]+|they rated it [\d.]+", "", found[2])
        file.ask(said, who, found[1], dict(RATED.findall(told)))
    if said.startswith("Rate "):
        missing = [title for title in TITLES if title in said.partition(" with ")[0]]
        limits = [
            (int(at), band) for at, band in re.findall(rf"with (\d+)[^:]* or better[^:]*: {BAND}", said)
        ]
        limits += [(1, band) for band in re.findall(rf"(?:otherwise|with worse in each): {BAND}", said)]
        for rating in file.scale if limits else ():
            band = next(band for at, band in limits if at <= rating)
            file.ask(said, who, band, dict.fromkeys(missing, rating))
    if found := re.match(rf"A review on or after {ON} would be enough to judge; .* it would be {BAND}", said):
        on = datetime.strptime(found[1], "%d %B %Y").date()
        file.ask(said, who, found[2], {"Review date": on}, max(on, DAY))
        sooner = on - timedelta(days=1)
        file.ask(said, who, "Insufficient evidence", {"Review date": sooner}, max(sooner, DAY))
    if found := re.match(
        rf"No rating leads to a better band before {ON}(?:.* it would be {BAND} then)?", said
    ):
        on = datetime.strptime(found[1], "%d %B %Y").date()
        highest = dict.fromkeys(TITLES, file.scale[-1])
        file.ask(said, who, "not " + file.pack.bands[BANDS[0]].label, highest, on - timedelta(days=1))
        file.ask(said, who, found[2] or file.pack.bands[BANDS[0]].label, {} if found[2] else highest, on)
