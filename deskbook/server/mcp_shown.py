"""What a person reads before they approve it, so that nothing in it hides or counterfeits a part of
it.
"""

import unicodedata

_HARMLESS = "\t\u200c\u200d"
"""A tab, and what joins or parts letters of Malayalam and Hindi."""
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories of signs that are not drawn: they erase lines of a terminal, or turn them round."""


def on_a_line(said: object) -> str:
    """Returns what was said on one line, each sign in it that is not drawn by its number."""
    return "".join(map(_drawn, str(said)))


def in_lines(said: object, *, indent: bool = False) -> str:
    """Returns what was said with its lines, as `on_a_line`; with `indent` those after the first are
    set in, so that none passes for a field of its own.
    """
    lines = map(on_a_line, str(said).replace("\r\n", "\n").split("\n"))
    return ("\n    " if indent else "\n").join(lines)


def _drawn(sign: str) -> str:
    if sign in _HARMLESS or unicodedata.category(sign) not in _UNSEEN:
        return sign
    return f"\\u{ord(sign):04x}"
