"""One person's number in all the ways it is written.

Three countries write a mobile with and without a digit: Mexico `+52 1 …` (dropped in 2019, still
WhatsApp's form), Argentina `+54 9 …` (needed from abroad, left out at home), Brazil a 9 before the
eight digits of a mobile (added from 2012 to 2016; WhatsApp leaves it out for many). A number is
stored as it came, for the way it came by needs that form; whether two are one person's is asked
here (ITU-T E.164; the plans of IFT, ENACOM and Anatel).
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import phonenumbers

from deskbook.engine.quoting import short
from deskbook.refusals.refusal import Refused

NUMBERED = ("phone", "sms", "whatsapp")
"""Channels whose identifiers are telephone numbers."""
_MEXICO = re.compile(r"\+52(?:1|044|045)?(\d{10})")
_ARGENTINA = re.compile(r"\+549?(\d{10})")
_BRAZIL = re.compile(r"\+55(\d\d)9?([6-9]\d{7})")
"""Only what was a mobile before the 9: the other numbers of eight digits are landlines."""
_BEGINNINGS = (
    (re.compile(r"\+521(\d+)"), "+52{0}"),
    (re.compile(r"\+52([2-9]\d*)"), "+521{0}"),
    (re.compile(r"\+549(\d+)"), "+54{0}"),
    (re.compile(r"\+54([1-8]\d*)"), "+549{0}"),
    (re.compile(r"\+55(\d\d)9([6-9]\d*)"), "+55{0}{1}"),
    (re.compile(r"\+55(\d\d)([6-9]\d{0,7})"), "+55{0}9{1}"),
)


FEWEST_DIGITS = 7
"""Of a number that can be called back; a shorter one is a PEN or a slip."""
SIGNS = re.compile(r"[\s().\-/]")


class NoNumber(Refused):
    """This is no phone number; the sentence says what one looks like."""


def number_of(text: str, region: str | None) -> str:
    """Returns a number somebody typed as E.164, one without its country's prefix as of `region`
    (ISO 3166). Raises NoNumber.
    """
    plain = SIGNS.sub("", text.strip().removeprefix("tel:").partition(";")[0])
    e164 = dialled(as_e164(f"+{plain[2:]}" if plain.startswith("00") else plain, region))
    if sum(map(str.isdigit, plain)) < FEWEST_DIGITS or not _is_possible(e164):
        example = phonenumbers.example_number(region) if region else None
        like = _written(example) if example else "+91 471 257 9700"
        raise NoNumber("phone: number", text=short(text.strip()), example=like)
    return e164


def _is_possible(number: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False


def shown(number: str) -> str:
    """Returns a number as people read it, with its country; what does not parse stays as it is."""
    try:
        return _written(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return number


def _written(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def as_e164(text: str, region: str | None) -> str:
    """Returns a number as E.164, one without a country's prefix as of `region`; what does not parse
    as it is.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=8_192)  # each line of a directory is asked for several times in a row
def spellings(number: str) -> tuple[str, ...]:
    """Returns every E.164 form of the same line, the one given first; of anything else only
    itself.
    """
    if found := _MEXICO.fullmatch(number):
        forms = (f"+52{found[1]}", f"+521{found[1]}")
    elif found := _ARGENTINA.fullmatch(number):
        forms = (f"+54{found[1]}", f"+549{found[1]}")
    elif found := _BRAZIL.fullmatch(number):
        forms = (f"+55{found[1]}9{found[2]}", f"+55{found[1]}{found[2]}")
    else:
        return (number,)
    return tuple(dict.fromkeys((number, *forms)))


def comparable(number: str) -> str:
    """Returns what all spellings of one line have in common."""
    return min(spellings(number))


def in_common(channel: str, identifier: str) -> str:
    """Returns what an identity has in common with the same one written otherwise."""
    return comparable(identifier) if channel in NUMBERED else identifier


def dialled(number: str) -> str:
    """Returns the form that calls and texts need: Mexico's without its 1, Brazil's mobiles with
    their 9.

    Argentina's stay as they are: without the 9 nobody can tell a mobile from a landline.
    """
    if found := _MEXICO.fullmatch(number):
        return f"+52{found[1]}"
    if found := _BRAZIL.fullmatch(number):
        return f"+55{found[1]}9{found[2]}"
    return number


def once_each(numbers: Iterable[str]) -> list[str]:
    """Returns the lines these numbers are of, each once, in the spelling that came first."""
    first: dict[str, str] = {}
    for number in numbers:
        first.setdefault(comparable(number), number)
    return list(first.values())


def beginnings(start: str) -> tuple[str, ...]:
    """Returns how else a number may begin of which somebody has typed the beginning, itself
    first.
    """
    other = (
        form.format(*found.groups())
        for shape, form in _BEGINNINGS
        if (found := shape.fullmatch(start))
    )
    return tuple(dict.fromkeys((start, *other)))
