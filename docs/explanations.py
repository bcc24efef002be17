"""Write `docs/explanations.md` anew from the shipped sample and pack: python docs/explanations.py."""

from pathlib import Path

from engine import assess, explain, vocabulary_of
from inputs.loading import load_roster
from inputs.samples import SAMPLE_DAY, shipped_sample
from reports.terminal.aloud import aloud
from rules import load_pack

PAGE = Path(__file__).with_suffix(".md")
CHOSEN = (
    ("E10002", "senior_pm_to_lead_pm"),
    ("E10002", "senior_pm_to_director"),
    ("E10003", "associate_pm_to_product_manager"),
    ("E10006", "associate_pm_to_product_manager"),
    ("E10007", "product_manager_to_senior_pm"),
    ("E10014", "product_manager_to_senior_pm"),
    ("E10016", "product_manager_to_senior_pm"),
    ("E10017", "associate_pm_to_product_manager"),
    ("E10021", "aspiring_pm_to_associate_pm"),
    ("E10022", "product_manager_to_senior_pm"),
)
"""Employee ids and promotions of the shipped sample: every band, a gate on time, missing ratings."""
HEAD = """# Ten explanations, in full

Ten people of the shipped sample (all invented), as a manager could read them out. `readiness demo` makes the
recommendations and `readiness explain demo E10002 --aloud` prints one; without `--aloud` the command shows
the whole trace with every rule, fact and cell. `python docs/explanations.py` writes this page anew, and a
test keeps it true.
"""


def page() -> str:
    """The page as text."""
    pack = load_pack("product_management")
    roster = load_roster((shipped_sample(),), vocabulary_of(pack), SAMPLE_DAY)
    explained = {(one.employee_id, one.promotion): one for one in explain(assess(roster, pack, SAMPLE_DAY))}
    parts = [HEAD]
    for number, key in enumerate(CHOSEN, start=1):
        one = explained[key]
        parts.append(f"## {number}. {one.employee_name}: {one.level_title} to {one.next_level_title}\n")
        parts += [f"**{heading}.** {words}\n" for heading, words in aloud(one, pack)]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
