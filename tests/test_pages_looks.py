import re

import pytest

from reports.pages import stylesheet
from reports.shown import looks

LOOKS = {**looks.BANDS, **looks.STATUSES, **looks.SEVERITIES}


def luminance(colour):
    parts = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """WCAG 2.2, relative luminance."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_has_the_contrast_that_wcag_gives():
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("777777", "FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", LOOKS)
def test_text_on_its_ground_has_enough_contrast_in_both_modes(name):
    look = LOOKS[name]
    assert contrast(look.colours.text, look.colours.ground) >= 4.5
    assert contrast(look.colours.dark_text, look.colours.dark_ground) >= 4.5


@pytest.mark.parametrize("name", LOOKS)
def test_marks_stand_out_from_the_paper_in_both_modes(name):
    look = LOOKS[name]
    for ground in ("paper", "shade"):
        assert contrast(look.colours.fill, looks.TONES[ground].light) >= 3
        assert contrast(look.colours.dark_fill, looks.TONES[ground].dark) >= 3


@pytest.mark.parametrize("text", ["ink", "quiet", "accent"])
@pytest.mark.parametrize("ground", ["paper", "shade", "wash"])
def test_text_of_the_page_has_enough_contrast_on_every_ground(text, ground):
    for mode in ("light", "dark"):
        assert contrast(getattr(looks.TONES[text], mode), getattr(looks.TONES[ground], mode)) >= 4.5


def test_borders_of_controls_stand_out():
    for mode in ("light", "dark"):
        assert contrast(getattr(looks.TONES["control"], mode), getattr(looks.TONES["paper"], mode)) >= 3


@pytest.mark.parametrize("group", [looks.BANDS, looks.STATUSES, looks.SEVERITIES])
def test_values_of_a_group_differ_without_colour(group):
    for trait in ("symbol", "letter", "shape"):
        assert len({getattr(look, trait) for look in group.values()}) == len(group)


def test_the_stylesheet_takes_every_colour_of_a_person_from_the_looks():
    sheet = stylesheet()
    for look in looks.BANDS.values():
        assert f"#{look.colours.fill}" in sheet
        assert f"#{look.colours.dark_fill}" in sheet
    assert re.findall(r"url\(|@import|https?:", sheet) == []
