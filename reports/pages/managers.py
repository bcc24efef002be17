"""`managers/<name>.html`: a page for each manager, with their own people and nobody else."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine import Explanations
from engine.words import Key, Recommendation
from reports.pages.letters import due_letters
from reports.pages.people import Entry, entries_of
from reports.pages.rendering import file_name, render, write_page
from reports.pages.rows import Rows
from reports.shown.content import NotAssessable, Run
from reports.shown.crux import crux_of
from reports.shown.grouped import grouped
from reports.shown.saying import present_first, present_plan, what_to_say

FAR = 1_000
"""Rating steps in place of a distance that there is not."""


@dataclass(frozen=True)
class Line:
    """One manager and the recommendations of the people on their page."""

    manager_id: str | None
    name: str
    """As shown; the id when the file has no name."""
    people: tuple[Recommendation, ...]
    """Theirs, in the order of the file."""
    own: Explanations
    """The same, explained."""
    not_assessable: tuple[NotAssessable, ...]


def manager_pages(
    run: Run, folder: Path, *, only: Collection[str] | None = None, rows: Rows
) -> Iterator[Callable[[], list[Path]]]:
    """A page for every manager in the file, in pieces of the work; people without a manager are on no page.

    With `only`, employee ids, those that show one of these people.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = lines_of(run, include_indirect_reports=run.pages.include_indirect_reports)
    due = frozenset(due_letters(run))
    shown = (
        (name, line)
        for name, line in _named(lines).items()
        if only is None or any(one.employee_id in only for one in line.people)
    )
    for piece in run.pieces(shown, lambda named: len(named[1].people)):
        yield partial(_write, run, folder, dict(piece), rows, due)


def _write(run: Run, folder: Path, lines: Mapping[str, Line], rows: Rows, due: Set[str]) -> list[Path]:
    run.explanations.joined([line.own for line in lines.values()]).make()
    return [
        write_page(folder / f"{name}.html", render_manager(run, line, rows, due))
        for name, line in lines.items()
    ]


def render_manager(run: Run, line: Line, rows: Rows, due: Set[str]) -> str:
    """One manager's page, as text: who is furthest along comes first, each person's recommendations together.

    Of the run it shows only what is the same for everybody. `due` are the ids of those who get a letter.
    """
    entries = entries_of(line.own, run)
    explained = [entry.explanation for entry in entries]
    people = grouped(entries, lambda entry: entry.explanation.person).values()
    names = [own[0].explanation.employee_name for own in people]
    return render(
        "manager.html",
        {
            "run": run,
            "pack": run.pack,
            "rows": rows,
            "manager": line.name,
            "entries": entries,
            "people": sorted(people, key=lambda own: min(map(_distance, own))),
            "namesakes": {name for name, times in Counter(names).items() if times > 1},
            "present_first": {one.key: present_first(one) for one in explained},
            "present_plan": {one.key: present_plan(one, run.pack) for one in explained},
            "say": {one.key: what_to_say(one, run) for one in explained},
            "band": {
                one.key: made.decision.decision if made else one.recommendation
                for one in explained
                for made in [run.decided(one)]
            },
            "crux": {one.key: crux_of(one, run, to_manager=True) for one in explained},
            "missing": line.not_assessable,
            "packets": run.pages.packets,
            "letters": {one.employee_id for one in line.people} & due,
        },
    )


def _distance(entry: Entry) -> tuple[int, int]:
    return entry.band_rank, entry.explanation.outlook.steps_to_next or FAR


def lines_of(run: Run, *, include_indirect_reports: bool = False) -> tuple[Line, ...]:
    """Every manager with their people: by id where the file gives ids, else by name."""
    known = run.recommendations
    own: dict[str, list[Recommendation]] = defaultdict(list)
    places: dict[Key, int] = {}
    for place, one in enumerate(known):
        places[one.key] = place
        if key := _manager_key(one):
            own[key].append(one)
    below = _below(own) if include_indirect_reports else {key: (key,) for key in own}
    listed = _not_assessable(run, own)
    lines = []
    for key, direct in own.items():
        people = [one for manager in below[key] for one in own[manager]]
        first = direct[0]
        name = first.manager_name or first.manager_id or ""
        people.sort(key=lambda one: one.person)
        explained = run.at([places[one.key] for one in people])
        lines.append(Line(first.manager_id, name, tuple(people), explained, listed.get(key, ())))
    return tuple(sorted(lines, key=lambda line: (line.name.casefold(), line.manager_id or "")))


def _manager_key(one: Recommendation | NotAssessable) -> str | None:
    if one.manager_id:
        return f"id {one.manager_id}"
    return f"name {one.manager_name}" if one.manager_name else None


def _below(own: Mapping[str, Sequence[Recommendation]]) -> dict[str, tuple[str, ...]]:
    """Each manager with all managers below them, themself first; a circle of managers ends where it began."""
    found: dict[str, tuple[str, ...]] = {}
    for top in own:
        line = [top]
        for manager in line:
            reports = (f"id {one.employee_id}" for one in own[manager])
            line += [key for key in dict.fromkeys(reports) if key in own and key not in line]
        found[top] = tuple(line)
    return found


def _not_assessable(
    run: Run, own: Mapping[str, Sequence[Recommendation]]
) -> dict[str, tuple[NotAssessable, ...]]:
    """By the manager's id; where a row has a name alone, by the name. Where two managers share that, neither
    sees the person."""
    managers: dict[str, set[str]] = defaultdict(set)
    known: list[Recommendation | NotAssessable] = [*run.recommendations]
    for one in (*known, *(person for person in run.not_assessable if person.manager_id)):
        if one.manager_name:
            managers[one.manager_name].add(str(_manager_key(one)))
    listed: dict[str, list[NotAssessable]] = defaultdict(list)
    for person in run.not_assessable:
        of = {_manager_key(person)} if person.manager_id else managers.get(person.manager_name or "", set())
        if len(of) == 1 and of <= own.keys():
            listed[str(*of)].append(person)
    return {key: tuple(people) for key, people in listed.items()}


def _named(lines: Sequence[Line]) -> dict[str, Line]:
    """A file name for each manager: the name, and the id too where two share it."""
    named: dict[str, Line] = {}
    for name, same in grouped(lines, lambda line: file_name(line.name)).items():
        for number, line in enumerate(same, start=1):
            apart = file_name(line.manager_id or str(number))
            unique = name if len(same) == 1 else f"{name}-{apart}"
            while unique in named:
                unique += "-"
            named[unique] = line
    return named
