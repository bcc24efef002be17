"""The letters of languages, by which texts in two encodings are compared: `Hélène` is French, `Lefčvre` is
nobody's."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

_ALPHABETS = {
    "Albanian": "çë",
    "Catalan": "àçèéíïòóúü",
    "Croatian": "čćđšž",
    "Czech": "áčďéěíňóřšťúůýž",
    "Danish and Norwegian": "æøåéèêóòôâüöä",
    "Dutch": "áèéëíïóöúü",
    "Esperanto": "ĉĝĥĵŝŭ",
    "Estonian and Finnish": "äöõüšžå",
    "Faroese": "áðíóúýæø",
    "French": "àâæçéèêëîïôœùûüÿ",
    "German": "äöüßé",
    "Hungarian": "áéíóöőúüű",
    "Icelandic": "áðéíóúýþæö",
    "Italian": "àèéìíîòóùú",
    "Latvian": "āčēģīķļņšūž",
    "Lithuanian": "ąčęėįšųūž",
    "Polish": "ąćęłńóśźż",
    "Portuguese": "áâãàçéêíóôõúü",
    "Romanian": "ăâîşţșț",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Slovene": "čšž",
    "Spanish": "áéíñóúü",
    "Swedish": "åäöéàü",
    "Turkish": "çğıöşüâîûi̇",
    "Welsh": "áàâêëîïôŵŷ",
}
_WORD = re.compile(r"\w+")


def languages_needed(texts: Iterable[str]) -> float:
    """The fewest languages, more or less, that have the letters of every word; infinite where a word is in
    none. Those of other scripts count as one each."""
    words = {
        frozenset(letter for letter in word.casefold() if letter.isalpha() and not letter.isascii())
        for text in texts
        for word in _WORD.findall(unicodedata.normalize("NFC", text))
    }
    open_ones = {letters for letters in words if letters}
    count = 0
    while open_ones:
        known = max(_alphabets(), key=lambda alphabet: sum(letters <= alphabet for letters in open_ones))
        left = {letters for letters in open_ones if not letters <= known}
        if left == open_ones:
            scripts = {script(letter) for letters in open_ones for letter in letters}
            return float("inf") if "LATIN" in scripts else float(count + len(scripts))
        open_ones, count = left, count + 1
    return float(count)


@cache
def _alphabets() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(letters) for letters in _ALPHABETS.values())


def script(letter: str) -> str:
    """The script of a letter: `LATIN`."""
    return unicodedata.name(letter, "").partition(" ")[0]
