"""The placeholders that a rule's sentences may hold, such as `{core_gap_signals}`."""

from rules.facts import number_facts

NUMBERS = frozenset(fact.name for fact in number_facts())
"""Counts as whole numbers; shares as a percentage; scores with up to two decimals; time as `1 year and 6
months`; “unknown” when missing."""

LISTS = frozenset(
    f"{importance}_{status}_signals"
    for importance in ("core", "supporting", "all")
    for status in ("met", "near", "gap", "unrated")
) | {
    "core_short_signals",
    "supporting_short_signals",
    "all_short_signals",
    "blind_spot_signals",
    "hidden_strength_signals",
    "self_higher_signals",
    "self_lower_signals",
    "unrated_competencies",
    "present_below_competencies",
    "lowest_competencies",
    "competencies_to_rate",
}
"""Titles joined as “a, b and c”; “short” is below the bar whatever the missing ratings
are, as in `core_shortfall`: near, gap, and unrated where even the highest ratings would leave it below;
“none” when empty."""

NAMES = frozenset(
    {
        *("employee", "manager", "level", "next_level"),
        *("guidance_from", "guidance_to", "time_counted", "observation_months"),
        *("when_to_rate", "level_since", "review_date"),
        *("worst_band", "best_band", "firm_in", "re_ratings"),
    }
)
"""`competencies_to_rate`, `worst_band` and `best_band` are of `cannot_tell`; in `firm_in` of `re_ratings` the
band stays; `guidance_*` and `observation_months` are times such as 2 years, and `time_counted` says what is
counted: Experience, or Time at the present level; `when_to_rate` is “now” or “on or after 1 March 2026”."""

PLACEHOLDERS = NUMBERS | LISTS | NAMES

LENS_PLACEHOLDERS = frozenset(
    {
        *("employee", "manager", "level", "next_level"),
        *("met_parts", "short_parts", "near_parts", "gap_parts", "unrated_parts"),
        *("parts_met", "parts_total", "reached", "expected_level", "expected_next"),
        *("strongest", "specialisation", "next_part", "cycles_met_before"),
    }
)
"""What the sentences of a lens's rules may hold: lists of parts (“short” is near or gap), counts, the rung
reached and expected, the strongest part, the person's specialisation, the next part to show, and earlier
cycles in a row that met every core signal."""
