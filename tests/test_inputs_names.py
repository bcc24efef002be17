"""Names of levels, competencies and specialisations: packs and sheets compare them by one rule."""

from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inputs.words.spelling import normalise
from rules import PackError, load_pack
from rules.spelling import name_key

BASE = Path(__file__).parent / "broken_packs" / "base"


@pytest.mark.parametrize("alias", ["Journey-Man", "Journéyman", "J.ourneyman", "JOURNEY_MAN"])
def test_a_pack_whose_level_names_a_sheet_cannot_tell_apart_is_refused(alias: str, tmp_path: Path) -> None:
    copytree(BASE, tmp_path / "pack")
    ladder = tmp_path / "pack" / "ladder.yaml"
    text = ladder.read_text()
    first, rest = text.split("title: Apprentice\n", 1)
    ladder.write_text(f"{first}title: Apprentice\n    aliases: [{alias}]\n{rest}")
    with pytest.raises(PackError, match="names both `journeyman` and `apprentice`"):
        load_pack(tmp_path / "pack")


@given(st.text(max_size=30))
def test_a_name_has_one_key_in_any_spelling_that_a_header_may_have(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name) == name_key(normalise(name))
    assert name_key(f" {name.upper()}-") == name_key(f"{name.upper()}")
