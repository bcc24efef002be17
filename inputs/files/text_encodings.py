"""What the bytes of a text file mean that is not in UTF-8: nothing in it says so, but its names show it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter

import polars as pl

from inputs.asked import Asked
from inputs.files.alphabets import languages_needed, script
from inputs.files.sheets import Sheet
from inputs.phrases import few
from inputs.roster import InputError, MappingError

TAKEN = "windows-1252"
"""What such a file is read as, until somebody says better."""
ENCODINGS = {
    TAKEN: "Western European",
    "windows-1250": "Polish, Czech, Hungarian and their neighbours",
    "iso-8859-2": "the same, not of Windows",
    "windows-1251": "Cyrillic",
    "koi8-r": "Cyrillic, not of Windows",
    "cp866": "Cyrillic, of DOS",
    "windows-1253": "Greek",
    "windows-1254": "Turkish",
    "windows-1257": "Baltic",
    "mac-roman": "Western European, of an old Mac",
    "cp850": "Western European, of DOS",
    "cp852": "Polish, Czech, Hungarian and their neighbours, of DOS",
    "shift-jis": "Japanese",
    "gb18030": "Chinese",
    "big5": "Chinese, traditional",
    "euc-kr": "Korean",
}
"""What can be answered, and whose letters it has."""
_OF_DOS = {"cp850", "cp852", "cp866"}
"""What gives odd words wherever it was read as what is taken."""
_BYTES = {ord(bytes([byte]).decode("cp1252", "ignore") or chr(byte)): byte for byte in range(256)}
_READ_AS = "The characters were read as"
_LOOKED_AT = 2_000
"""Different texts of a file by which encodings are compared, the first ones."""
_SHOWN = 4
_CHOICES = 6
_LONGEST = 30
"""Letters of a text that is shown."""
_DOUBTED = 20
"""One odd text of so many has to be asked about, and each that is as short as a name."""
_WORD = re.compile(r"[^\s,;:/|()\"<>\-]+")
_ONE_SCRIPT = dict.fromkeys(("HIRAGANA", "KATAKANA", "HANGUL"), "CJK")
_BETWEEN_LETTERS = frozenset("’‘ʼ´–—·…\u00ad\u00a0")
_BEFORE_LETTERS = frozenset("“‘’„«»¿¡‹›•–—…\u00a0")


def as_taken(sheet: Sheet) -> Sheet:
    """A sheet whose file does not say its encoding, with a remark of how it was read."""
    shown = _shown(_texts(sheet))
    such = f", such as {_listed(shown)}" if shown else ""
    remedy = "If names look wrong, say `encoding` in a mapping, or save the file as CSV UTF-8."
    remark = f"{_READ_AS} Windows-1252{such}. {remedy}"
    return replace(sheet, encoding_open=True, remarks=(remark, *sheet.remarks))


def as_said(sheet: Sheet, encoding: str | None) -> Sheet:
    """The sheet with its characters as a mapping says, where its file does not. Raises MappingError."""
    if encoding is not None and encoding not in ENCODINGS:
        raise MappingError(f"The mapping's encoding '{encoding}' is none of: {', '.join(ENCODINGS)}.")
    if encoding is None or not sheet.encoding_open:
        return sheet
    cells = sheet.cells.with_columns(_recoded(column, encoding, sheet) for column in sheet.cells)
    told = replace(sheet, cells=cells, encoding_open=False)
    shown = _shown(_texts(told))
    such = f", such as {_listed(shown)}" if shown else ""
    remarks = (one for one in sheet.remarks if not one.startswith(_READ_AS))
    return replace(told, remarks=(f"{_READ_AS} {encoding}, as the mapping says{such}.", *remarks))


def about_encoding(sheets: Sequence[Sheet]) -> tuple[Asked, bool] | None:
    """A question how names are written where files do not say it, and whether it has to be answered, because
    what was read looks like no words. None where they look the same in everything that fits."""
    open_ones = [sheet for sheet in sheets if sheet.encoding_open]
    texts = list(dict.fromkeys(text for sheet in open_ones for text in _texts(sheet)))
    doubted, names = _fitting(tuple(texts))
    if not (doubted or names):
        return None
    shown = _shown(texts)
    ways = {name: _listed([written_in(text, name) or "" for text in shown]) for name in (*names, TAKEN)}
    files, read = few([sheet.file for sheet in open_ones], 3), ways[TAKEN]
    remedies = [f"`encoding: {name}` for {written}" for name, written in ways.items()]
    return Asked(
        f"{files} {'does' if len(open_ones) == 1 else 'do'} not say how letters are written. Read as "
        f"{TAKEN}, names and words look so: {read}.",
        f"Say in a mapping what is right: {', or '.join(remedies)}. Or save the file as CSV UTF-8.",
        "encoding",
        answers=tuple((f"{written} ({name}: {ENCODINGS[name]})", name) for name, written in ways.items()),
    ), _DOUBTED * doubted >= len(texts) or any(is_odd(text) for text in texts if len(text) <= _LONGEST)


def in_clear_letters(sheets: Sequence[Sheet], encoding: str | None = None) -> tuple[Sheet, ...]:
    """The sheets with their letters as somebody said, for work to which no mapping can be given. Raises
    InputError where nobody said and names look like nobody's."""
    told = tuple(as_said(sheet, encoding) for sheet in sheets)
    doubted = about_encoding(told)
    if doubted is not None and doubted[1]:
        raise InputError(
            f"{doubted[0].text} Save the file as CSV UTF-8, in Excel with Save As, and give it again."
        )
    return told


@lru_cache(8)
def _fitting(texts: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """How many texts are odd, and the other encodings in which hardly one is, of those that give the same
    the first. Where none is odd, those alone whose words are of as few languages."""
    doubted = sum(map(is_odd, texts))
    needed = languages_needed(texts)
    found: dict[tuple[str, ...], tuple[float, float, str]] = {}
    for name in (one for one in ENCODINGS if doubted or one not in _OF_DOS):
        told = tuple(text for text in (written_in(text, name) for text in texts) if text is not None)
        if told != texts and len(told) == len(texts) and (odd := sum(map(is_odd, told))) <= doubted // 4:
            languages = languages_needed(told)
            if doubted or languages <= needed:
                found.setdefault(told, (odd, languages, name))
    best = sorted(found.values(), key=itemgetter(0, 1))
    return doubted, tuple(name for _, _, name in best[:_CHOICES])


def is_odd(text: str) -> bool:
    """Whether a text has a word that nobody writes so: `Wa³êsa`, `JosŽ`, `Èâàíîâ`."""
    return any(_is_odd_word(word) for word in _WORD.findall(text) if not word.isascii())


def _is_odd_word(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha() and letter not in "ªº"]
    scripts = {_ONE_SCRIPT.get(one, one) for one in map(script, letters)}
    if len(scripts) > 1 or "HALFWIDTH" in scripts or any(map(_is_nothing, word)):
        return True
    far = sum(not letter.isascii() for letter in letters)
    if scripts == {"LATIN"} and len(letters) > 3 and 4 * far >= 3 * len(letters):
        return True
    is_mixed = any(letter.islower() for letter in letters)
    for at, sign in enumerate(word):
        before, after = word[:at], word[at + 1 :]
        if sign.isascii():
            continue
        if sign.isalpha() and sign not in "ªº":
            if sign.isupper() and is_mixed and before[-1:].isalpha():
                return True
        elif before[-1:].isalpha() and after[:1].isalpha():
            if sign not in _BETWEEN_LETTERS:
                return True
        elif not before and len(after) > 2 and after[:3].isalpha():
            if sign not in _BEFORE_LETTERS:
                return True
        elif not after and len(before) > 2 and before.isalpha() and sign in "³‚„˛ˇ˘˝":
            return True
    return False


def _is_nothing(letter: str) -> bool:
    return letter == "\ufffd" or unicodedata.category(letter) in ("Cc", "Co", "Cn")


def _recoded(column: pl.Series, encoding: str, sheet: Sheet) -> pl.Series:
    known = {text: written_in(text, encoding) for text in _not_ascii(column)}
    wrong = next((text for text, told in known.items() if told is None), None)
    if wrong is not None:
        raise MappingError(
            f"{sheet.file}: the mapping says that it is in {encoding}, and '{wrong[:40]}' is no text in "
            "that. Correct `encoding` in the mapping, or save the file as CSV UTF-8."
        )
    return column.cast(pl.String).replace(known) if known else column


def _texts(sheet: Sheet) -> list[str]:
    """The different texts that are not of English letters alone."""
    return list(dict.fromkeys(text for column in sheet.cells for text in _not_ascii(column)))[:_LOOKED_AT]


def _not_ascii(column: pl.Series) -> list[str]:
    texts = column.cast(pl.String).drop_nulls().unique(maintain_order=True)
    return texts.filter(texts.str.contains(r"[^\x00-\x7f]")).to_list()


def written_in(text: str, encoding: str) -> str | None:
    """A text that was read as what is taken, in another encoding; None where it is none in that."""
    if encoding == TAKEN:
        return text
    try:
        return text.translate(_BYTES).encode("latin-1").decode(encoding)
    except UnicodeDecodeError:
        return None


def _shown(texts: Sequence[str]) -> list[str]:
    """The texts that show the most different letters, odd and short ones first."""
    shown, seen = [], set[str]()
    for text in sorted(texts, key=lambda one: (len(one) > _LONGEST, not is_odd(one))):
        fresh = {letter for letter in text if not letter.isascii()} - seen
        if fresh:
            seen |= fresh
            shown.append(text)
    return shown[:_SHOWN]


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(f"“{text[:_LONGEST].strip()}”" for text in texts)
