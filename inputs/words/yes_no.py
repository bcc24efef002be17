"""What people write for yes and for no."""

from functools import cache

from inputs.words.texts import tidy
from inputs.words.word_lists import read_words


def yes_or_no(text: str) -> bool | None:
    """Whether a text says yes or no; None where it says neither."""
    return _answers().get(tidy(text).rstrip(".!").casefold())


@cache
def _answers() -> dict[str, bool]:
    words = read_words("cells")
    return {tidy(word).casefold(): name == "yes" for name in ("yes", "no") for word in words[name]}
