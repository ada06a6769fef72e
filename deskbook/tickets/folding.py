"""Text as it is searched: the same for the index and for what a person types."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

MOST_INDEXED = 100_000  # characters of one message; PostgreSQL refuses a vector past 1 MB
_JOINERS = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"), None)
# Malayalam chillu letters have an old spelling (consonant + virama + ZWJ) and an atomic one.
_CHILLU = {
    "ണ്\u200d": "ൺ",
    "ന്\u200d": "ൻ",
    "ര്\u200d": "ർ",
    "ല്\u200d": "ൽ",
    "ള്\u200d": "ൾ",
    "ക്\u200d": "ൿ",
}
_LETTERS = {
    "ł": "l",
    "đ": "d",
    "ħ": "h",
    "ŧ": "t",
    "ø": "o",
    "œ": "oe",
    "æ": "ae",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ŋ": "n",
}
"""Latin letters that are no other letter with a mark: as they are typed on a keyboard without them.
"""


class _Words(dict[int, str]):
    """What each character is in an index of words: itself without accents, or a space.

    Marks of Indic scripts are parts of words, virama and vowels too; those of Latin, Greek and
    Cyrillic letters are left out by whoever types in a hurry. Filled as characters are met. Left to
    itself PostgreSQL makes one word of `report.pdf` and of a mail address.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if "\u0300" <= character <= "\u036f":
            self[code] = ""
        elif unicodedata.category(character)[0] not in "LMN":
            self[code] = " "
        elif "\u00c0" <= character <= "\u052f" or "\u1e00" <= character <= "\u1fff":
            letter = unicodedata.normalize("NFD", character)[0]
            self[code] = _LETTERS.get(letter, letter)
        else:
            self[code] = character
        return self[code]


_WORDS = _Words()


def searchable(text: str) -> str:
    """Returns the words of the text as `folded` writes them, for an index.

    A number that was written in groups, as telephone numbers are, stands there whole as well, with
    and without what comes before each group.
    """
    words = folded(text)
    wholes = (whole for run in _GROUPS.finditer(words) for whole in _wholes(run[0].split()))
    return " ".join([words, *islice(wholes, MOST_WHOLES)])


def folded(text: str) -> str:
    """Returns the words of the text, spaces between them: case and accents away, one spelling for
    each Indic letter.
    """
    text = unicodedata.normalize("NFC", text[:MOST_INDEXED])
    for old, atomic in _CHILLU.items():
        text = text.replace(old, atomic)
    return text.translate(_JOINERS).casefold().translate(_WORDS)


_GROUPS = re.compile(r"(?<![^ ])\d+(?: {1,3}\d+)+(?![^ ])", re.ASCII)
SHORTEST_WHOLE, LONGEST_WHOLE = 7, 15  # digits; E.164 knows no longer number
MOST_WHOLES = 1_000  # a message that is a table of figures is found by its figures


def _wholes(groups: list[str]) -> Iterator[str]:
    for start in range(len(groups) - 1):
        whole = "".join(groups[start : start + LONGEST_WHOLE])
        if SHORTEST_WHOLE <= len(whole) <= LONGEST_WHOLE:
            yield whole


def prefix_query(words: str) -> str:
    """Returns a tsquery that finds every word typed, as the beginning of a word; empty when there
    is none.

    A number typed in groups is found in one piece too.
    """
    typed = folded(words)
    every = " & ".join(f"{word}:*" for word in typed.split()[:12])
    number = next(_wholes(typed.split()), None) if _GROUPS.fullmatch(typed.strip()) else None
    return f"({every}) | {number}:*" if number else every
