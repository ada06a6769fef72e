"""What people write for an amount of time, and how a book says it."""

import re

from deskbook.engine.amounts import AmountError, format_amount, parse_amount

_SAID = {
    **dict.fromkeys(("next business day", "next working day", "nbd"), "1bd"),
    **dict.fromkeys(("same day", "same business day", "same working day"), "end of day"),
    "hourly": "1h",
    "daily": "1d",
    "weekly": "1w",
    "monthly": "1mo",
    "yearly": "1y",
    "a day": "1d",
    "a week": "1w",
    "a month": "1mo",
    "a fortnight": "2w",
    "fortnightly": "2w",
}
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SHORT = (("wks?", "w"), ("hrs?", "h"), ("mins?", "m"), ("yrs?", "y"), ("mths?", "mo"))


def amount_meant(text: str) -> str | None:
    """Returns the likely spelling of what is no amount of a book, or None."""
    spoken = " ".join(text.casefold().replace("-", " ").split())
    if spoken in _SAID:
        return _SAID[spoken]
    digits = _in_digits(spoken)
    try:
        return format_amount(parse_amount(digits))
    except AmountError:
        return _hours_or_days_meant(digits)


def _in_digits(text: str) -> str:
    """Returns `eight weeks` and `8 wk` with digits, and units as a book has them."""
    for number, word in enumerate(_COUNTS, start=1):
        text = re.sub(rf"\b{word}\b", str(number), text)
    for words, unit in _SHORT:
        text = re.sub(rf"(?<=[\d ])(?:{words})\b", unit, text)
    return text


def _hours_or_days_meant(text: str) -> str | None:
    if hours := re.fullmatch(r"(\d+) *(?:b|bus[a-z]* +|work[a-z]* +|open +)(h|m)[a-z]*", text):
        return f"{hours[1]}{hours[2]}"  # open time is what passes in business hours
    found = re.fullmatch(r"(\d+(?:[./]\d+)?) *(?:b[a-z]{0,10}s *|working *|work *)d[a-z]*", text)
    return f"{found[1]} bd" if found and "/" in found[1] else f"{found[1]}bd" if found else None
