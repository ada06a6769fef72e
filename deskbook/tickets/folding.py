"""Text as it is searched: the same for the index and for what a person types."""

import unicodedata

MOST_INDEXED = 100_000  # characters of one message; PostgreSQL refuses a vector past 1 MB
_JOINERS = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"), None)
# Malayalam chillu letters have an old spelling (consonant + virama + ZWJ) and an atomic one.
_CHILLU = {"ണ്\u200d": "ൺ", "ന്\u200d": "ൻ", "ര്\u200d": "ർ", "ല്\u200d": "ൽ", "ള്\u200d": "ൾ", "ക്\u200d": "ൿ"}


class _Words(dict[int, str]):
    """What each character is in an index of words: itself, or a space. Marks are parts of words, virama and vowels too.

    Filled as characters are met. Left to itself PostgreSQL makes one word of `report.pdf` and of a mail address.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = character if unicodedata.category(character)[0] in "LMN" else " "
        return self[code]


_WORDS = _Words()


def searchable(text: str) -> str:
    """Returns the words of the text, spaces between them.

    They are folded: case and Latin accents away, one spelling for each Malayalam and Odia letter.
    """
    text = unicodedata.normalize("NFC", text[:MOST_INDEXED])
    for old, atomic in _CHILLU.items():
        text = text.replace(old, atomic)
    text = text.translate(_JOINERS).casefold().translate(_WORDS)
    return text if text.isascii() else "".join(_unaccented(character) for character in text)


def prefix_query(words: str) -> str:
    """Returns a tsquery that finds every word typed, as the beginning of a word; empty when there is none."""
    return " & ".join(f"{word}:*" for word in searchable(words).split()[:12])


def _unaccented(character: str) -> str:
    if character.isascii() or not "\u00c0" <= character <= "\u024f":
        return character
    return unicodedata.normalize("NFD", character)[0]
