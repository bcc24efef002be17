"""Awkward files of `tests/awkward/`: each is written, read, and compared with its exact outcome."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.inputs_outcome import outcome

CASES: list[dict[str, Any]] = [
    case
    for path in sorted((Path(__file__).parent / "awkward").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_awkward_file_has_exactly_its_outcome(case: dict[str, Any], tmp_path: Path) -> None:
    assert outcome(case, tmp_path) == case["expect"]


def test_there_are_at_least_a_hundred_and_fifty_awkward_files_and_no_two_share_a_name() -> None:
    names = {case["name"] for case in CASES}
    assert len(names) == len(CASES) >= 150
