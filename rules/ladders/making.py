"""A `Ladder` to a rule pack: the rules that every such pack begins with, filled with what the ladder says."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from rules.ladders.headings import means
from rules.ladders.ladder import Answers, Ladder, Required
from rules.ladders.scale import prose_bars
from rules.loader import Contents, check_contents
from rules.pack import PackError, RulePack
from rules.paths import Place

Plain = dict[str, Any]
_FEATURE = re.compile(r"<(\w+)\|([^<>]*(?:<=[^<>]*)?)>", re.DOTALL)


def pack_of(
    ladder: Ladder, name: str, title: str, answers: Answers, without: frozenset[str] = frozenset()
) -> RulePack:
    """The pack of a ladder.

    `without` are the codes of rules that it does not need, as nobody on this ladder can come to them. Raises
    `PackError`.
    """
    making = _Making(ladder, name, title, answers, without)
    return check_contents(Contents(making.values(), {(): Place(ladder.source, 1)}, []))


@cache
def _generic() -> Plain:
    text = Path(__file__).with_name("generic.yaml").read_text(encoding="utf-8")
    generic: Plain = yaml.safe_load(text)
    return generic


@dataclass(frozen=True)
class _Making:
    ladder: Ladder
    name: str
    title: str
    answers: Answers
    without: frozenset[str]

    def values(self) -> Plain:
        """The whole pack as plain values."""
        generic, scale, numbers = _generic(), self.ladder.scale, self._numbers
        promotions = tuple(self._promotions())
        rules = tuple(rule for rule in self._rules(promotions) if rule["code"] not in self.without)
        drawn = {rule["finding"] for rule in rules if "finding" in rule}
        filled = _filled({name: generic[name] for name in _WORDS}, {"code": self._code, **self._numbers})
        return {
            **filled,
            "name": self.name,
            "version": "1",
            "title": self.title,
            "about": self._about(),
            "undecided": (*self.ladder.undecided, *self._undecided()),
            "scale": {**{name: getattr(scale, name) for name in _OF_SCALE}, "meanings": self._meanings()},
            "standard": self._standard(),
            "sources": tuple(self._sources()),
            "levels": tuple(self._levels()),
            "competencies": tuple(map(self._competency, range(len(self.ladder.competencies)))),
            "findings": tuple(
                {"id": key, **_filled(_without(text, "section"), numbers), "cite": _default(text["section"])}
                for key, text in generic["findings"].items()
                if key in drawn
            ),
            "rules": rules,
            "promotions": tuple(_without(one, "features") for one in promotions),
        }

    @cached_property
    def _code(self) -> str:
        return "".join(word[0] for word in self.name.split("_") if word).upper()[:3] or "L"

    @cached_property
    def _ids(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids of levels and of competencies."""
        ladder = self.ladder
        return (
            _unique([level.title for level in ladder.levels], "level"),
            _unique([one.title for one in ladder.competencies], "competency"),
        )

    @property
    def _numbers(self) -> dict[str, str]:
        """The limits in points, by the names that conditions call them."""
        scale, step = self.ladder.scale, self.ladder.scale.near
        held, thin = self._limits_below
        return {
            "each": _shown(step),
            "all": _shown(2 * step),
            "support": _shown(step * 3 / 2),
            "held": _shown(held),
            "thin": _shown(thin),
            "one_step": "half a step" if scale.is_finer_in_total else "one step",
            "two_steps": "one step" if scale.is_finer_in_total else "two steps",
        }

    @property
    def _limits_below(self) -> tuple[Decimal, Decimal]:
        """How far somebody on a level may be short of it in one requirement, and in all."""
        scale, step = self.ladder.scale, self.ladder.scale.near
        # A whole level is missing; where ratings have halves, one half is a rater's mood.
        one = step * 3 / 2 if self._is_fine else min(step / 2, (scale.highest - scale.lowest) / 4)
        return one, step * 9 / 2

    @property
    def _is_fine(self) -> bool:
        """Whether ratings, or what they add up to, come in halves of a point."""
        return self.ladder.scale.near < 1

    @property
    def _bars(self) -> tuple[Decimal, Decimal]:
        """What is required on a level and for the next one, where the ladder has prose."""
        return prose_bars(self.ladder.scale, self.answers)

    def _about(self) -> str:
        totals = self.ladder.kind == "numbers" and any(one.total is not None for one in self.ladder.levels)
        says = _generic()["kinds"]["totals" if totals else self.ladder.kind]
        return str(_text("about", where=self.ladder.where, says=says))

    def _undecided(self) -> Iterator[str]:
        ladder = self.ladder
        weights = any(one.weight for one in ladder.competencies)
        found = {
            "always": True,
            "rated": ladder.kind != "prose" and bool(ladder.required),
            "all_core": not weights and not any(one.importance for one in ladder.competencies),
            "years": any(level.years for level in ladder.levels),
            "weights": weights and not any(level.total for level in ladder.levels),
        }
        if titles := ", ".join(ladder.levels[level].title for level in self._unheld):
            yield _text("unheld", levels=titles, **self._numbers)
        for one in _generic()["undecided"]:
            if found[one["where"]]:
                yield _filled(one["said"], self._numbers)

    def _meanings(self) -> Plain:
        scale = self.ladder.scale
        if scale.words:
            return {_shown(scale.lowest + scale.step * n): word for n, word in enumerate(scale.words)}
        if self.ladder.kind != "prose":
            return {_shown(number): word for number, word in scale.meanings.items()}
        held, ready = self._bars
        return {
            _shown(scale.lowest): "not shown yet",
            _shown(held): "does what the present level describes",
            _shown(ready): "already does what the next level describes",
        }

    def _standard(self) -> Plain:
        scale = self.ladder.scale
        prose = self.ladder.kind == "prose"
        middle = self._bars[1] if prose else scale.highest
        quarter = (scale.highest - scale.lowest) / 4
        has_bars = any(one.bar is not None for one in self.ladder.required.values())
        return {
            "bars": {"core": middle, "supporting": middle},
            "bars_from": "importance" if prose or has_bars else "next_level",
            "near_margin": scale.near,
            "agreement_margin": max(scale.step, quarter - quarter % scale.step),
            "minimum_coverage": Decimal("0.6"),
            "observation_months": 6,
            "stale_months": 12,
            "ratings_against": "present_level" if prose else "whole_ladder",
        }

    def _sources(self) -> Iterator[Plain]:
        for source in _generic()["sources"]:
            cells = {one.cell for one in self.ladder.levels}
            cells |= {one.cell for one in self.ladder.competencies}
            cells |= {one.cell for one in self.ladder.required.values()}
            sections = source.get("sections") or sorted(cells, key=lambda cell: (len(cell), cell))
            yield {**_filled(source, {"source": self.ladder.where}), "sections": tuple(sections)}

    def _levels(self) -> Iterator[Plain]:
        held = self._bars[0]
        for place, level in enumerate(self.ladder.levels):
            required = {} if place in self._unheld else self._required_of(place)
            yield {
                "id": self._ids[0][place],
                "title": level.title,
                "aliases": level.aliases,
                "track": "management" if _is_management(level.title) else "ic",
                "summary": _text("summary", level=level.title),
                "expects": tuple(
                    {
                        "competency": self._ids[1][number],
                        "rating": held if one.rating is None else one.rating,
                        "cite": _cell(one.cell) if one.rating is not None else _default("Bars"),
                    }
                    for number, one in required.items()
                ),
                "cite": _cell(level.cell),
            }

    @cached_property
    def _unheld(self) -> list[int]:
        """The levels that lead on and require so little above the lowest ratings that nobody can be far short
        of it."""
        lower = dict.fromkeys(level for level, _ in self.ladder.promotions)
        lowest, held = self.ladder.scale.lowest, self._bars[0]
        asking = [
            level
            for level in lower
            if any((one.rating or held) > lowest for one in self._required_of(level).values())
        ]
        return [level for level in asking if not self._can_be_short_of(level)[0]]

    def _required_of(self, level: int) -> dict[int, Required]:
        return {n: one for (at, n), one in sorted(self.ladder.required.items()) if at == level}

    def _competency(self, place: int) -> Plain:
        one = self.ladder.competencies[place]
        if not (one.weight or any(number == place for _, number in self.ladder.required)):
            raise PackError(
                f"{self.ladder.where}, {one.cell}: no level requires anything of {one.title}; write what a "
                "level requires of it, or leave it out"
            )
        said, definition = "defined" if one.definition else "definition", one.definition or ""
        return _present(
            id=self._ids[1][place],
            title=one.title,
            definition=_text(said, competency=one.title, definition=definition),
            category=one.category,
            aliases=one.aliases or None,
            cite=_cell(one.cell),
        )

    def _promotions(self) -> Iterator[Plain]:
        levels, ids = self.ladder.levels, self._ids[0]
        for place, higher in self.ladder.promotions:
            signals, above = tuple(self._signals(higher)), levels[higher]
            if not signals:
                raise PackError(
                    f"{self.ladder.where}, {above.cell}: {above.title} requires nothing above the "
                    "lowest rating, which everybody has"
                )
            cite, years = _cell(above.cell), above.years
            tenure = {"measure": "time_in_level", "from_years": years, "cite": cite} if years else None
            yield _present(
                id=f"{ids[place]}_to_{ids[higher]}",
                **{"from": ids[place], "to": ids[higher]},
                title=f"{levels[place].title} to {above.title}",
                tenure=tenure,
                signals=signals,
                cite=cite,
                features=self._features(place, higher, signals, years=bool(years)),
            )

    def _features(self, level: int, above: int, signals: Sequence[Plain], *, years: bool) -> frozenset[str]:
        step, lowest = self.ladder.scale.near, self.ladder.scale.lowest
        present, thin = self._can_be_short_of(level)
        lacking, support = (
            [self._bar_of(above, one) - lowest for one in signals if one["importance"] == importance]
            for importance in ("core", "supporting")
        )
        thinnest = sum(support) / max(len(support), 1)
        found = {
            "far": max(lacking) > step,
            "present": present,
            "present_many": thin,
            "several": sum(min(one, step) for one in lacking) > 2 * step,
            "supporting": bool(support),
            # What can be no more than a step short would else never matter.
            "small_support": bool(support) and thinnest <= step,
            "large_support": thinnest > step,
            "far_support": thinnest > step * 3 / 2,
            "years": years,
        }
        return frozenset(name for name, there in found.items() if there)

    def _can_be_short_of(self, level: int) -> tuple[bool, bool]:
        """Whether somebody on a level can be further short of it than is allowed, and so in all together."""
        lowest, held = self.ladder.scale.lowest, self._bars[0]
        one_below, all_below = self._limits_below
        below = [(one.rating or held) - lowest for one in self._required_of(level).values()]
        thin = self._is_fine and sum(min(one, one_below) for one in below) > all_below
        return thin or any(one > one_below for one in below), thin

    def _bar_of(self, level: int, signal: Plain) -> Decimal:
        """The highest bar that a signal of the promotion to a level can have."""
        if "bar" in signal:
            return Decimal(signal["bar"])
        ready = self._bars[1]
        required = self._required_of(level).items()
        return max(one.rating or ready for n, one in required if self._ids[1][n] in signal["competencies"])

    def _signals(self, level: int) -> Iterator[Plain]:
        """What a level requires, as signals of the promotion to it; what everybody has is none."""
        required, competencies = self._required_of(level), self.ladder.competencies
        lowest = self.ladder.scale.lowest
        rising = {
            n: one for n, one in required.items() if one.rating is None or (one.bar or one.rating) > lowest
        }
        weighted = self._weighted(level, rising)
        if weighted:
            yield weighted
        usual = "supporting" if weighted else "core"
        given = {n: competencies[n].importance or usual for n in rising}
        # What all supports nothing: where a level has no core requirement, all of them are.
        alone = not weighted and "core" not in given.values()
        for number, one in rising.items():
            yield self._signal(level, number, one, "core" if alone else given[number])

    def _weighted(self, level: int, rising: Mapping[int, Required]) -> Plain | None:
        """The weighted total, where the ladder has one or has weights for what it requires."""
        above, competencies = self.ladder.levels[level], self.ladder.competencies
        weights = {self._ids[1][n]: one.weight for n, one in enumerate(competencies) if one.weight}
        # One competency may make up for another where they are not all core.
        compensates = any(competencies[n].importance != "core" for n in rising)
        if not weights or not (above.total or compensates):
            return None
        if above.total is None:
            weights = {self._ids[1][n]: weight for n in rising if (weight := competencies[n].weight)}
        return _present(
            id="weighted_total",
            title=_text("total_title"),
            looks_like=_text("total", level=above.title),
            importance="core",
            competencies=weights,
            bar=above.total,
            grow=_text("grow_total", level=above.title),
            ask=_text("ask_total"),
            cite=_cell(above.cell),
        )

    def _signal(self, level: int, number: int, one: Required, importance: str) -> Plain:
        title, prose = self.ladder.competencies[number].title, " ".join((one.prose or "").split())
        words = {"competency": title, "level": self.ladder.levels[level].title, "prose": prose}
        return _present(
            id=self._ids[1][number],
            title=title,
            looks_like=_text("prose" if one.prose else "marked" if one.rating is None else "rated", **words),
            importance=importance,
            competencies={self._ids[1][number]: 1},
            bar=one.bar,
            grow=_text("grow_prose" if one.prose else "grow", **words),
            ask=_text("ask", **words),
            cite=_cell(one.cell) if one.bar is None else _default("Bars"),
        )

    def _rules(self, promotions: Sequence[Plain]) -> Iterator[Plain]:
        for rule in _generic()["rules"]:
            needs = set(rule.get("needs", ()))
            alike: dict[str, tuple[Plain, list[str]]] = {}
            for promotion in promotions:
                if needs <= promotion["features"]:
                    filled = self._filled_rule(rule, promotion["features"])
                    alike.setdefault(filled["when"], (filled, []))[1].append(promotion["id"])
            for number, (filled, ids) in enumerate(alike.values()):
                suffix = "" if not number else chr(ord("A") + number)
                only = {} if len(ids) == len(promotions) else {"only_for": tuple(ids)}
                yield {**filled, "code": f"{self._code}-{rule['code']}{suffix}", **only}

    def _filled_rule(self, rule: Plain, features: frozenset[str]) -> Plain:
        def text_of(text: str) -> str:
            kept = _FEATURE.sub(lambda found: found[2] if found[1] in features else "", text)
            return " ".join(_filled(kept, self._numbers).split())

        filled = {key: text_of(value) if isinstance(value, str) else value for key, value in rule.items()}
        section = _generic()["findings"].get(rule.get("finding"), rule).get("section", "Distance")
        return {**_without(filled, "needs", "section"), "cite": _default(section)}


_WORDS = ("bands", "confidences", "statuses", "agreements", "cannot_tell")
_OF_SCALE = ("lowest", "highest", "step", "words", "lowest_is_best", "known_up_to")


def _text(name: str, **words: str) -> Any:
    """A text of every such pack, with what this one is about."""
    return _filled(_generic()["texts"][name], words)


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    """Plain values with each `@name` filled in."""
    if isinstance(value, str):
        return re.sub(r"@(\w+)", lambda found: words.get(found[1], found[0]), value)
    if isinstance(value, dict):
        return {key: _filled(one, words) for key, one in value.items()}
    return tuple(_filled(one, words) for one in value) if isinstance(value, list | tuple) else value


def _without(values: Plain, *keys: str) -> Plain:
    return {name: value for name, value in values.items() if name not in keys}


def _present(**values: Any) -> Plain:
    return {name: value for name, value in values.items() if value is not None}


def _cell(cell: str) -> Plain:
    return {"source": "matrix", "section": cell}


def _default(section: str) -> Plain:
    return {"source": "defaults", "section": section}


def _shown(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _is_management(title: str) -> bool:
    return any(means("management", word) for word in title.split())


def _unique(titles: Sequence[str], what: str) -> tuple[str, ...]:
    """An id for each title: small letters, digits and `_`."""
    found: list[str] = []
    for number, title in enumerate(titles, start=1):
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        slug = "_".join(re.findall(r"[a-z0-9]+", plain))
        slug = slug if slug[:1].isalpha() else f"{what}_{slug}" if slug else f"{what}_{number}"
        found.append(slug if slug not in found else f"{slug}_{number}")
    return tuple(found)
