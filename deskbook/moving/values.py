"""What systems write for an instant, a name, an address."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from deskbook.engine.addresses import ADDRESS, normal_address
from deskbook.refusals.refusal import Refused

_SHAPES = (
    "%Y-%m-%d %H:%M",
    "%d/%b/%y %I:%M %p",  # Jira's usual look
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
)


class Unread(Refused):
    """A value cannot be read. The sentence says which."""


def instant_of(text: object, zone: str) -> datetime | None:
    """Returns the instant that is written, in `zone` (IANA) where it names none; None for nothing.
    Raises Unread.
    """
    said = str(text or "").strip()
    if not said:
        return None
    try:
        found = _read(said)
    except (ValueError, OverflowError):
        raise Unread("moving: instant", text=said[:60]) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(zone))
    return found.astimezone(UTC)


def _read(said: str) -> datetime:
    if said.isdecimal() and len(said) >= 9:  # seconds since 1970
        return datetime.fromtimestamp(int(said), UTC)
    said = re.sub(r" ?UTC$", "+00:00", said)
    said = re.sub(r"(\d) ([+-]\d\d:?\d\d)$", r"\1\2", said)  # as Ruby and Jira write zones
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        for shape in _SHAPES:
            try:
                return datetime.strptime(said, shape)  # noqa: DTZ007  # the zone comes after
            except ValueError:
                continue
        raise


def address_in(text: str) -> str:
    """Returns the first mail address in a text, as it is stored; "" where there is none."""
    found = ADDRESS.search(text[:2_000])
    address = normal_address(found[0].strip(".,;()[]")) if found else ""
    return address if len(address) <= 254 else ""


def name_in(text: str) -> str:
    """Returns what stands before an address: "Joan Field <joan@customer.example>"."""
    return text.partition("<")[0].strip().strip('"')[:200]
