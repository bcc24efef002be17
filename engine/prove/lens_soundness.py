"""Are the rules of a lens sound: can each of them fire, and each finding of the lens be drawn?

Every combination of what a lens tells people apart by is run through the rule engine; of the combinations in
which a rule fires, a solver looks for one that some ratings bring about. Where there are too many
combinations, the solver looks for ratings that meet the condition itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import ceil, prod
from typing import Any

import z3

from engine.decide.discretization import NumberCut
from engine.lenses.evaluation import LensProfile, compile_lens, fired_in_cases
from engine.prove.flaws import LARGEST_ENUMERATION, Flaw, Method, Proof, never_drawn
from engine.prove.possible_lens import PossibleLens
from rules.facts import CYCLES_MET
from rules.lens_facts import UNKNOWN, strongest_values
from rules.pack import STATUSES, Lens, LensPart, Promotion, Rule, RulePack

Firing = dict[str, LensProfile | None]
"""Code of a rule that can fire in no ratings to a combination in which it would fire, if there is one."""
Choice = Any
"""A status, a part, a specialisation, or a number of cycles."""


def check_lens(pack: RulePack, lens: Lens) -> tuple[tuple[Flaw, ...], Proof | None]:
    """Every flaw in the rules of a lens, and how they were searched; no proof where nothing could be."""
    promotions = _representatives(pack, lens)
    size = prod(map(len, _choices(pack, lens))) * len(promotions)
    method: Method = "enumeration" if size <= LARGEST_ENUMERATION else "solver"
    look = _never_fired if method == "enumeration" else _never_possible
    never: Firing = {rule.code: None for rule in lens.rules}
    for promotion in promotions:
        here = look(pack, promotion, lens, [rule for rule in lens.rules if rule.code in never])
        never = {code: case or never[code] for code, case in here.items()}
    proof = Proof(None, "findings", method, size, lens.id) if promotions and lens.rules else None
    return (*_dead(lens, never), *_unreachable(lens, never)), proof


def _representatives(pack: RulePack, lens: Lens) -> list[Promotion]:
    """Of the promotions that the lens looks at, one for each pair of what its two levels need."""
    needs: dict[object, Promotion] = {}
    for promotion in pack.promotions:
        if lens in pack.lenses_for(promotion):
            ends = (promotion.from_level, promotion.to_level)
            needs.setdefault(tuple(lens.expects.get(level) for level in ends), promotion)
    return list(needs.values())


def _choices(pack: RulePack, lens: Lens) -> list[Sequence[Choice]]:
    """The values of everything that tells people apart: each part's statuses, strongest part,
    specialisation, earlier cycles."""
    statuses: list[Sequence[Choice]] = [_statuses(part) for part in lens.parts]
    cycles: Sequence[Choice] = (None, *_telling_cycles(lens))
    if lens.view != "shape":
        return [*statuses, (UNKNOWN,), (None,), cycles]
    return [*statuses, strongest_values(lens), (None, *(one.id for one in pack.specialisations)), cycles]


def _telling_cycles(lens: Lens) -> Iterable[int]:
    """Numbers of cycles on all sides of what the lens's rules compare them with."""
    cut = compile_lens(lens)[0].get(CYCLES_MET)
    if not isinstance(cut, NumberCut):
        return ()
    most = max((ceil(constant) for constant, _ in cut.breaks), default=0) + 1
    return {cut.bin_of(number): number for number in range(max(most, 0) + 1)}.values()


def _statuses(part: LensPart) -> Sequence[str]:
    """What a part can be."""
    answered = ("met", "gap", "unrated") if part.fact is not None else ("unrated",)
    return STATUSES if part.competencies or part.all_of else answered


def _cases(pack: RulePack, lens: Lens) -> Iterator[LensProfile]:
    for *statuses, strongest, specialisation, cycles in product(*_choices(pack, lens)):
        yield LensProfile(tuple(statuses), strongest, specialisation, cycles)


def _never_fired(pack: RulePack, promotion: Promotion, lens: Lens, rules: Sequence[Rule]) -> Firing:
    """The rules that fire in no combination that ratings bring about, by running all of them."""
    if not rules:
        return {}
    possible = PossibleLens(pack, promotion, lens)
    fired = fired_in_cases(pack, promotion, lens, _cases(pack, lens))
    never: Firing = {}
    for rule in rules:
        cases = [case for case, codes in fired.items() if rule.code in codes]
        # The first is nearly always possible; all others are asked for at once.
        if not any(_some_shown(possible, some) for some in (cases[:1], cases[1:])):
            never[rule.code] = cases[0] if cases else None
    return never


def _some_shown(possible: PossibleLens, cases: Sequence[LensProfile]) -> bool:
    shown = [possible.shows(case) for case in cases]
    return bool(shown) and possible.is_possible(z3.Or(shown))


def _never_possible(pack: RulePack, promotion: Promotion, lens: Lens, rules: Sequence[Rule]) -> Firing:
    """The rules whose conditions no ratings meet, by asking a solver."""
    possible = PossibleLens(pack, promotion, lens)
    fires = possible.fires()
    return {rule.code: None for rule in rules if not possible.is_possible(fires[rule.code])}


def _dead(lens: Lens, never: Firing) -> Iterator[Flaw]:
    for rule in lens.rules:
        if rule.code in never:
            text = (
                f"{rule.code} of the lens “{lens.title}” can never fire: no ratings meet its condition "
                f"`{rule.when.strip()}`"
            )
            case = never[rule.code]
            if case is not None:
                text += f"; it would fire where {_in_words(lens, case)}, but no ratings bring that about"
            yield Flaw("dead_rule", None, (rule.code,), text)


def _in_words(lens: Lens, case: LensProfile) -> str:
    titles = [part.title for part in lens.parts]
    parts = [f"“{title}” is {status}" for title, status in zip(titles, case.statuses, strict=True)]
    if lens.view == "shape":
        strongest = next((part.title for part in lens.parts if part.id == case.strongest), case.strongest)
        parts.append(f"strongest is {strongest}")
    if case.cycles is not None:
        parts.append(f"earlier cycles in a row that met every core signal are {case.cycles}")
    return ", ".join(parts)


def _unreachable(lens: Lens, never: Firing) -> Iterator[Flaw]:
    for finding in lens.findings:
        if all(rule.code in never for rule in lens.rules if rule.finding == finding.id):
            yield never_drawn(finding, lens.rules, " of the lens")
