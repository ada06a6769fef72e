"""Amounts and promises of a book in the reader's language: “½ business day”, “2 hours”."""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deskbook.book.compare.promised import promise_in_words
from deskbook.engine.amounts import (
    DAY,
    Amount,
    BusinessDays,
    CalendarPeriod,
    CalendarTime,
    EndOfBusinessDay,
    OpenTime,
)
from deskbook.engine.desk import Target

_PARTS = {Fraction(1, 2): "½", Fraction(1, 4): "¼", Fraction(3, 4): "¾"}


def amount_in_words(amount: Amount) -> str:
    """Returns the whole amount; nothing of it is rounded."""
    match amount:
        case OpenTime(duration):
            return _open_time(Fraction(duration // DAY.resolution, 1_000_000))
        case CalendarTime(duration):
            days = Fraction(duration // DAY.resolution, DAY // DAY.resolution)
            return _counted(days, ngettext("{n} day", "{n} days", _grammar(days)))
        case BusinessDays(days):
            said = ngettext("{n} business day", "{n} business days", _grammar(days))
            return _counted(days, said)
        case EndOfBusinessDay(1):
            return _("the end of the day")
        case EndOfBusinessDay(count):
            return _("the end of business day {n}").format(n=count)
        case CalendarPeriod(weeks, months):
            return _period(weeks, months)


def promise(target: Target) -> str:
    """Returns what a line promises: “1 business day or as agreed”."""
    return promise_in_words(target, _span, _)


def _span(aim: Amount | None, limit: Amount | None) -> str:
    """Returns “1–2 business days”, “2 hours to the end of the day”, or the one that there is."""
    if isinstance(aim, BusinessDays) and isinstance(limit, BusinessDays):
        said = ngettext("{n} business day", "{n} business days", _grammar(limit.days))
        return said.format(n=f"{number(aim.days)}–{number(limit.days)}")
    first, *last = [amount_in_words(given) for given in (aim, limit) if given] or [""]
    return _("{first} to {last}").format(first=first, last=last[0]) if last else first


def number(of: Fraction) -> str:
    """Returns a number as it is written in a sentence: “1½”."""
    whole, rest = divmod(of, 1)
    if not rest:
        return str(whole)
    return f"{whole or ''}{_PARTS[rest]}" if rest in _PARTS else str(of)


def _counted(of: Fraction, words: str) -> str:
    return words.format(n=number(of))


def _grammar(of: Fraction) -> int:
    """Half a day is one, a day and a half are two: what plural a fraction is told in."""
    return -(-of.numerator // of.denominator)


def _open_time(seconds: Fraction) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [
        ngettext("{n} hour", "{n} hours", hours).format(n=hours) if hours else "",
        ngettext("{n} minute", "{n} minutes", int(minutes)).format(n=minutes) if minutes else "",
        ngettext("{n} second", "{n} seconds", _grammar(left)).format(n=float(left)) if left else "",
    ]
    return " ".join(filter(None, parts)) or ngettext("{n} minute", "{n} minutes", 0).format(n=0)


def _period(weeks: int, months: int) -> str:
    years, months = divmod(months, 12) if not months % 12 else (0, months)
    parts = [
        ngettext("{n} year", "{n} years", years).format(n=years) if years else "",
        ngettext("{n} month", "{n} months", months).format(n=months) if months else "",
        ngettext("{n} week", "{n} weeks", weeks).format(n=weeks)
        if weeks or not (months or years)
        else "",
    ]
    return " ".join(filter(None, parts))
