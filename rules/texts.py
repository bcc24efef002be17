"""The placeholders that a rule's sentences may hold, such as `{core_gap_signals}`."""

NUMBERS = frozenset(
    f"{importance}_{status}"
    for importance in ("core", "supporting")
    for status in ("met", "near", "gap", "unrated", "total")
) | {"blind_spots", "hidden_strengths", "self_higher", "self_lower", "self_unknown"}
"""Counts of signals, shown as whole numbers."""

MEASURES = frozenset({"coverage", "score", "lowest_score", "months_in_level", "experience_years"})
"""`coverage` as a percentage; scores with up to two decimals; `experience_years` with up to one;
“unknown” when missing."""

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
}
"""Titles joined as “a, b and c”; “short” is near or gap; “none” when empty."""

NAMES = frozenset(
    {
        "employee",
        "manager",
        "level",
        "next_level",
        "guidance_from",
        "guidance_to",
        "observation_months",
        "enough_evidence_on",
    }
)
"""`guidance_*` are years of the tenure guidance; `enough_evidence_on` is a date such as 1 March 2026."""

PLACEHOLDERS = NUMBERS | MEASURES | LISTS | NAMES

LENS_PLACEHOLDERS = frozenset(
    {
        *("employee", "manager", "level", "next_level"),
        *("met_parts", "short_parts", "near_parts", "gap_parts", "unrated_parts"),
        *("parts_met", "parts_total", "reached", "expected_level", "expected_next"),
        *("strongest", "specialisation", "next_part"),
    }
)
"""What the sentences of a lens's rules may hold: lists of parts (“short” is near or gap), counts, the rung
reached and expected, the strongest part, the person's specialisation, and the next part to show."""
