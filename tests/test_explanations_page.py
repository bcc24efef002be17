import importlib.util
from pathlib import Path

from inputs.samples import shipped_sample
from reports.terminal.aloud import aloud
from rules import load_pack
from tests.command_line import call, succeeded
from tests.sample_run import sample

SCRIPT = Path(__file__).parent.parent / "docs" / "explanations.py"


def written():
    spec = importlib.util.spec_from_file_location("explanations_page", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.page(), module.CHOSEN


def test_the_ten_explanations_are_what_the_program_says():
    text, chosen = written()
    assert len(chosen) == 10
    shown = SCRIPT.with_suffix(".md").read_text(encoding="utf-8")
    assert shown == text, "run `python docs/explanations.py` to write the page anew"


def test_an_explanation_can_be_printed_for_reading_aloud_and_as_a_tree(tmp_path):
    out = str(tmp_path / "out")
    sheet = str(shipped_sample())
    succeeded("assess", sheet, "--out", out, "--as-of", "2026-06-30")
    spoken = succeeded("explain", out, "E10014", "--aloud")
    for heading in ("The recommendation", "Why", "How sure", "What would change it", "What comes next"):
        assert f"\n{heading}\n" in "\n" + spoken.stdout
    tree = call("explain", out, "E10014").stdout
    assert "Why this recommendation\n└─ " in tree
    assert tree.count("Performance Review") == 1  # the sheet is named once
    assert "What would change it" in tree
    assert "Rate Business Acumen. With 1.5 or better: Ready now" in tree


def test_explain_has_the_words_of_the_pack_for_bands_and_statuses(tmp_path):
    pack, sheet, out = load_pack("software_engineering"), tmp_path / "people.csv", tmp_path / "out"
    titles = [competency.title for competency in pack.competencies]
    header = ",".join(f"{title} (manager)" for title in titles)
    ratings = ",".join("3" for _ in titles)
    sheet.write_text(
        f"Employee ID,Level,In level since,{header}\nE1,{pack.levels[0].title},2024-01-31,{ratings}\n",
        encoding="utf-8",
    )
    succeeded("assess", sheet, "--pack", pack.name, "--out", out, "--as-of", "2026-06-30")
    near = pack.statuses["near"].label.lower()
    assert near == "one below"
    tree = succeeded("explain", out, "E1").stdout
    assert f"≈ {titles[0]} [core]: {near}; manager 3, bar 3.45" in tree


def test_no_explanation_read_aloud_says_a_thing_twice_or_calls_a_first_step_an_example():
    run = sample()
    steps = unknown = 0
    for one in run.explanations:
        said = dict(aloud(one, run.pack, None))
        assert "For example: A first step" not in said["What would change it"]
        assert said["How sure"].count("o band") == (one.recommendation == "insufficient_evidence")
        core = {signal.status for signal in one.evidence if signal.importance == "core"}
        none = "core signals is at its bar" in said["What the ratings say"]
        assert not (none and "unrated" in core)
        steps += "A first step" in said["What would change it"]
        unknown += "known to be at its bar" in said["What the ratings say"]
    assert steps
    assert unknown
