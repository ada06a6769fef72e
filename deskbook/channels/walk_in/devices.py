"""Devices at a site: let in by an agent with a code typed once, known by a cookie, shut out again
at any time.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.crypto import constant_time_compare, salted_hmac

from deskbook.channels.walk_in.models import Kiosk
from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.people.accounts import ALPHABET
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.prepared import Prepared

CODE_LENGTH = 8
CODE_GOOD_FOR = timedelta(minutes=30)


@transaction.atomic
def add_device(
    site: WalkInSite, kind: str, name: str, *, prints: bool, at: datetime, by: Agent
) -> tuple[Kiosk, str]:
    """Returns a new device and the code to type at it, once, within half an hour."""
    # Two agents at once get two numbers.
    HelpDesk.objects.select_for_update(no_key=True).get(pk=site.helpdesk.pk)
    known = Kiosk.objects.filter(desk=site.helpdesk, site=site.site.key)
    number = (known.aggregate(last=Max("number"))["last"] or 0) + 1
    device = Kiosk(
        desk=site.helpdesk,
        site=site.site.key,
        kind=kind,
        number=number,
        name=name[:80],
        prints=prints,
    )
    device.added_by = by
    return device, _new_code(device, at)


def new_code(device: Kiosk, *, at: datetime) -> str:
    """Returns a fresh code for a device whose cookie was lost; the cookie it had stops working."""
    device.token_hash, device.revoked_at = "", None
    return _new_code(device, at)


def let_in(site: WalkInSite, kind: str, code: str, *, at: datetime) -> tuple[Kiosk, str] | None:
    """Returns the device a code belongs to and what its cookie shall hold; None for a wrong, old or
    used code.
    """
    waiting = Kiosk.objects.filter(
        desk=site.helpdesk,
        site=site.site.key,
        kind=kind,
        revoked_at=None,
        pairing_hash=cookie_hash(plain(code)),
        pairing_until_at__gt=at,
    )
    secret = secrets.token_urlsafe(32)
    chosen = {"token_hash": cookie_hash(secret), "pairing_hash": "", "pairing_until_at": None}
    if not plain(code) or not waiting.update(**chosen):
        return None
    device = Kiosk.objects.get(token_hash=cookie_hash(secret))
    return device, f"{device.pk}.{secret}"


_DEVICE = Prepared(
    lambda pk, desk, site, kind: Kiosk.objects.filter(
        pk=pk, desk=desk, site=site, kind=kind, revoked_at=None
    ),
    "pk",
    "desk",
    "site",
    "kind",
)


def device_of(cookie: str, site: WalkInSite, kind: str) -> Kiosk | None:
    """Returns the device whose cookie this is; None when it is another site's, another kind's or
    was revoked.
    """
    number, _, secret = cookie.partition(".")
    if not (number.isascii() and number.isdecimal() and len(number) < 18 and secret):
        return None
    device = _DEVICE.first(pk=int(number), desk=site.helpdesk.pk, site=site.site.key, kind=kind)
    known = (
        device is not None
        and device.token_hash
        and constant_time_compare(device.token_hash, cookie_hash(secret))
    )
    return device if known else None


def revoke(device: Kiosk, *, at: datetime) -> None:
    """Shuts a device out: it takes and shows nothing more from now on."""
    Kiosk.objects.filter(pk=device.pk).update(revoked_at=at, token_hash="", pairing_hash="")


def plain(code: str) -> str:
    """Returns a typed code as it was made: upper case, without spaces, and letters read as digits
    put right.
    """
    upper = "".join(c for c in code.upper()[:40] if c.isalnum())
    return upper.replace("O", "0").replace("I", "1").replace("L", "1")


def _new_code(device: Kiosk, at: datetime) -> str:
    code = "".join(secrets.choice(ALPHABET) for _n in range(CODE_LENGTH))
    device.pairing_hash, device.pairing_until_at = cookie_hash(code), at + CODE_GOOD_FOR
    device.save()
    return code


def cookie_hash(secret: str) -> str:
    """Returns what is kept of a cookie or a code."""
    return salted_hmac("deskbook kiosk", secret, algorithm="sha256").hexdigest()
