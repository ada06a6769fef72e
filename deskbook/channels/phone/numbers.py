"""Phone numbers as callers and telephone systems write them."""

import re

import phonenumbers

from deskbook.people.numbers import SIGNS, beginnings

WITHHELD = frozenset(
    {
        "",
        "anonymous",
        "restricted",
        "unavailable",
        "unknown",
        "private",
        "withheld",
        "+266696687",
        "+86282452253",
        "+464",
        "+7378742833",
        "+2562533",
    }
)
"""What systems send for a number the caller hides; the last five are what Twilio once sent for the
words.
"""


def is_withheld(text: str) -> bool:
    """Whether a system says by this that the caller hides their number."""
    return text.strip().casefold() in WITHHELD


def starts_of(text: str, region: str | None) -> list[str]:
    """Returns how a stored number may begin when somebody has typed the beginning of it; empty for
    no number.

    The last is what was typed, as E.164.
    """
    plain = SIGNS.sub("", text.strip())
    if not re.fullmatch(r"\+?\d{3,15}", plain):
        return []
    if plain.startswith("+"):
        return list(reversed(beginnings(plain)))
    code = phonenumbers.country_code_for_region(region) if region else 0
    national = f"+{code}{plain.lstrip('0')}" if code else ""
    starts = (plain, f"+{plain.removeprefix('00')}", national)
    return [form for start in starts if start for form in reversed(beginnings(start))]
