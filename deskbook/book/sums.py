"""Money, fees and hundredths, in the owner's spelling."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import PlainValidator

from deskbook.book.words import fold, reader
from deskbook.engine.money import Money, Part
from deskbook.engine.service_level_parts import Fee

_SIGNS = {"₹": "INR", "€": "EUR", "£": "GBP"}
# The last group has three digits: a comma before two of them is a decimal one, and 1,23 is not 123.
_NUMBER = r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d{1,2})?|\d{1,12}(?:\.\d{1,2})?"


def read_percent(text: str) -> Decimal:
    """Returns 95 for `95%`, `95 %` or `95 per cent`."""
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,3})?) ?(?:%|per ?cent)", fold(text), re.ASCII)
    if not found or not 0 < Decimal(found[1]) <= 100:
        raise ValueError(f"{text!r} is no share of a hundred: write 95%, or 99.5%")
    return Decimal(found[1])


def read_money(text: str) -> Money:
    """Returns a sum: `250 INR`, `INR 250`, `₹250`."""
    said = "".join(f" {_SIGNS[sign]} " if sign in _SIGNS else sign for sign in text)
    words = said.split()
    number = next((one for one in words if re.fullmatch(_NUMBER, one, re.ASCII)), None)
    code = next((one for one in words if re.fullmatch(r"[A-Za-z]{3}", one, re.ASCII)), None)
    if len(words) != 2 or number is None or code is None:
        raise ValueError(
            f"{text!r} is no sum of money: write it with the code of its currency, 250 INR"
        )
    return Money(Decimal(number.replace(",", "")), code.upper())


def read_credit(text: str) -> Money | Part:
    """Returns a sum, or a part: `5% of the monthly fee`."""
    percent, _of, what = text.partition(" of ")
    if not what.strip():
        return read_money(text)
    return Part(read_percent(percent), what.strip())


def read_fee(text: str) -> Fee:
    """Returns what is paid in a period: `1200 EUR a month`."""
    found = re.fullmatch(r"(.+?)(?: a| per|/| each) ?(month|quarter|year)", text.strip(), re.I)
    if not found:
        raise ValueError(f"{text!r} says not how often it is paid: write 1200 EUR a month")
    each = fold(found[2])
    if each == "month":
        return Fee(read_money(found[1]), "month")
    return Fee(read_money(found[1]), "quarter" if each == "quarter" else "year")


PercentWord = Annotated[
    Decimal,
    PlainValidator(reader(read_percent, "a share", "percent"), json_schema_input_type=str),
]
MoneyWord = Annotated[
    Money, PlainValidator(reader(read_money, "a sum", "money"), json_schema_input_type=str)
]
CreditWord = Annotated[
    Money | Part,
    PlainValidator(reader(read_credit, "a credit", "money"), json_schema_input_type=str),
]
FeeWord = Annotated[
    Fee, PlainValidator(reader(read_fee, "a fee", "money"), json_schema_input_type=str)
]
