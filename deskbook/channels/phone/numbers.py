"""Phone numbers as callers and telephone systems write them."""

import re

import phonenumbers

from deskbook.people.numbers import beginnings, dialled

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
FEWEST_DIGITS = 7
"""Of a number that can be called back; a shorter one is a PEN or a slip."""
_SIGNS = re.compile(r"[\s().\-/]")


class NoNumber(ValueError):
    """This is no phone number; the text says what one looks like."""


def number_of(text: str, region: str | None) -> str:
    """Returns a number as E.164, one without its country's prefix as of `region` (ISO 3166). Raises
    NoNumber.
    """
    plain = _SIGNS.sub("", text.strip().removeprefix("tel:").partition(";")[0])
    try:
        parsed = phonenumbers.parse(f"+{plain[2:]}" if plain.startswith("00") else plain, region)
    except phonenumbers.NumberParseException:
        parsed = None
    digits = sum(map(str.isdigit, plain))
    e164 = (
        dialled(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
        if parsed
        else ""
    )
    parsed = phonenumbers.parse(e164, None) if parsed else None
    if parsed is None or digits < FEWEST_DIGITS or not phonenumbers.is_possible_number(parsed):
        example = phonenumbers.example_number(region) if region else None
        shown = _shown(example) if example else "+91 471 257 9700"
        raise NoNumber(f"“{text.strip()[:40]}” is no phone number: write it like {shown}.")
    return e164


def is_withheld(text: str) -> bool:
    """Whether a system says by this that the caller hides their number."""
    return text.strip().casefold() in WITHHELD


def starts_of(text: str, region: str | None) -> list[str]:
    """Returns how a stored number may begin when somebody has typed the beginning of it; empty for
    no number.

    The last is what was typed, as E.164.
    """
    plain = _SIGNS.sub("", text.strip())
    if not re.fullmatch(r"\+?\d{3,15}", plain):
        return []
    if plain.startswith("+"):
        return list(reversed(beginnings(plain)))
    code = phonenumbers.country_code_for_region(region) if region else 0
    national = f"+{code}{plain.lstrip('0')}" if code else ""
    starts = (plain, f"+{plain.removeprefix('00')}", national)
    return [form for start in starts if start for form in reversed(beginnings(start))]


def shown(number: str) -> str:
    """Returns a number as people read it, with its country; what does not parse stays as it is."""
    try:
        return _shown(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return number


def _shown(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
