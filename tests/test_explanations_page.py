import importlib.util
from pathlib import Path

from inputs.samples import shipped_sample
from tests.command_line import call, succeeded

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
