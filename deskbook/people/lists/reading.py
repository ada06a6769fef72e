"""Values of a list in the forms they are stored in. What cannot be is Wrong, with a sentence."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from deskbook.engine.addresses import ADDRESS, normal_address
from deskbook.engine.wall_time import zone_named
from deskbook.people.lists.columns import Wrong
from deskbook.people.lists.quoting import short
from deskbook.people.numbers import NoNumber, dialled, number_of

_E164 = re.compile(r"\+[1-9]\d{7,14}")
_FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M")
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")


def mail_address(text: str) -> str:
    """Returns an address as it is stored. Raises Wrong."""
    address = normal_address(text)
    if max(len(text), len(address)) > 254 or not ADDRESS.fullmatch(text):
        raise Wrong("list: mail address", text=short(text))
    return address


def phone_number(text: str, region: str | None) -> str:
    """Returns a number as E.164; one without a country's prefix is of `region`. Raises Wrong."""
    if _E164.fullmatch(text):
        return dialled(text)
    if number := _number(text, region):
        return number
    raise Wrong("list: phone number", text=short(text))


@lru_cache(maxsize=10_000)  # a batch asks twice: whom it knows, then line by line
def _number(text: str, region: str | None) -> str | None:
    try:
        return number_of(text, region)
    except NoNumber:
        return None


def zone_name(text: str) -> str:
    """Returns the name of an IANA zone. Raises Wrong."""
    try:
        return zone_named(short(text)).key
    except ValueError:
        raise Wrong("list: zone", text=short(text)) from None


def instant(text: str, zone: str, *, on: date | None = None, end_of_day: bool = False) -> datetime:
    """Returns the instant a cell names on the clocks of `zone`, in UTC; a time alone is on the day
    `on`.

    A date alone is its beginning, or with `end_of_day` the midnight after it. Raises Wrong.
    """
    local = _local(text.strip(), on, end_of_day)
    if local is None:
        raise Wrong("list: date and time", text=short(text))
    return local.replace(tzinfo=local.tzinfo or ZoneInfo(zone)).astimezone(UTC)


def day(text: str) -> date:
    """Returns the date a cell names. Raises Wrong."""
    for form in _DATES:
        try:
            # A date has no zone.
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise Wrong("list: date", text=short(text))


@lru_cache(maxsize=64)
def region_of(zone: str) -> str | None:
    """Returns the country (ISO 3166) a zone lies in, None where it is none's: numbers without a
    prefix are of it.
    """
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text()
    for line in table.splitlines():
        parts = line.split("\t")
        if not line.startswith("#") and len(parts) > 2 and parts[2] == zone:
            return parts[0]
    return None


def _local(text: str, on: date | None, end_of_day: bool) -> datetime | None:
    for form in _FORMS:
        try:
            # Wall time, its zone is the caller's.
            return datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
    try:
        whole = day(text)
    except Wrong:
        return _at_time(text, on)
    return datetime.combine(whole + timedelta(days=1 if end_of_day else 0), time())


def _at_time(text: str, on: date | None) -> datetime | None:
    clock = re.fullmatch(r"(\d{1,2})[:.h](\d{2})", text)
    if on is None or clock is None or int(clock[1]) > 24 or int(clock[2]) > 59:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    midnight = datetime.combine(on, time())
    return midnight + timedelta(hours=int(clock[1]), minutes=int(clock[2]))
