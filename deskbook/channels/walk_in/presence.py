"""Proof that somebody with a phone is there: a code of the day that stands only at the site
(docs/decisions/0012).
"""

from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

from deskbook.channels.walk_in.devices import plain
from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.people.accounts import ALPHABET

LENGTH = 6


def code_of_the_day(site: WalkInSite, *, at: datetime) -> str:
    """Returns the six characters that kiosk, display and poster of a site show on this day, in
    print and as QR.
    """
    named = f"{site.helpdesk.key} {site.site.key} {site.day(at)}"
    digest = salted_hmac("deskbook walk-in day", named, algorithm="sha256").digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:LENGTH])


def is_here(site: WalkInSite, code: str, *, at: datetime) -> bool:
    """Whether the code is that of the day."""
    return constant_time_compare(plain(code), code_of_the_day(site, at=at))


def device_hash(cookie: str) -> str:
    """Returns what is kept of a phone's cookie."""
    return salted_hmac("deskbook walk-in phone", cookie, algorithm="sha256").hexdigest()


def origin(address: str) -> str:
    """Returns what is kept of the address a phone calls from, so that those who wait from it can be
    counted.
    """
    return salted_hmac("deskbook walk-in origin", address, algorithm="sha256").hexdigest()
