"""Taking a token: at a kiosk, by phone, and at a kiosk that was cut off."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from deskbook.channels.walk_in.models import Kiosk, SiteDay, Token
from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.channels.walk_in.steps import (
    LIVE,
    TokenRefused,
    finish,
    lock_day,
    lock_day_of,
    moment,
    tell,
    write_step,
)
from deskbook.engine import kiosk_clock
from deskbook.people.copying import insert_rows
from deskbook.people.models import Contact
from deskbook.people.prepared import Prepared
from deskbook.refusals.refusal import Word

_KEY = re.compile(r"[\w.-]{16,64}")
"""What a token may be known by: it stands in addresses."""
MOST_FROM_AN_ADDRESS = 40
"""Who wait at once with tokens phones took from one address, which may be a hall's whole network:
kiosks still give.
"""


@dataclass(frozen=True, slots=True)
class Visitor:
    """What is known of who takes a token."""

    language: str = "en"
    device: str = ""
    """Hash of what their phone's cookie holds; a phone has one token for each service."""
    origin: str = ""
    """Hash of the address their phone calls from; empty for who is let in by a device or a person
    of the site.
    """
    phone: str = ""
    pen: str = ""
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Provisional:
    """A token that a kiosk gave while it was cut off, as the kiosk tells it."""

    key: str
    seq: int
    """The kiosk's own count, which only grows."""
    service: str
    code: str
    shown: datetime
    """What the kiosk's clock showed."""
    language: str = "en"


NOBODY = Visitor()


@transaction.atomic
def take_token(
    site: WalkInSite,
    service: str,
    *,
    at: datetime,
    key: str,
    kiosk: Kiosk | None = None,
    visitor: Visitor = NOBODY,
) -> Token:
    """Returns a new token at the end of the service's queue; the same key, or the same phone, gets
    the one it has.

    Raises TokenRefused: "over" (its dates are), "closed" (the closing instant itself is closed),
    "ended", "service", "key", "from here" (as many wait already who took theirs from the same
    address).
    """
    if not is_key(key):
        raise TokenRefused("key")
    if service not in site.services:
        raise TokenRefused("service")
    day = lock_day(site, at=at)
    known = _known(day, service, key, visitor)
    if known:
        return _with_who_it_is(known, visitor)
    _refuse_unless_received(site, day, visitor, at)
    code = _next_code(day, site.letter(service))
    taken_at = moment(day, at)
    token = Token(
        day=day,
        service=service,
        code=code,
        key=key,
        taken_at=taken_at,
        known_at=taken_at,
        kiosk=kiosk,
        language=visitor.language,
        device=visitor.device,
        origin=visitor.origin,
        phone=visitor.phone,
        pen=visitor.pen,
        contact=visitor.contact,
    )
    insert_rows(token)
    write_step(token, "taken", at=taken_at, service=service, kiosk=kiosk.number if kiosk else None)
    return token


def _refuse_unless_received(site: WalkInSite, day: SiteDay, visitor: Visitor, at: datetime) -> None:
    if site.has_ended(at):
        raise TokenRefused("over")
    if day.ended_at:
        raise TokenRefused("ended", opens=_there(site, site.received_again(at, ended=True)))
    if not site.is_open(at):
        raise TokenRefused("closed", opens=_there(site, site.opens_at(at)))
    if visitor.origin and _waiting_from(day, visitor.origin) >= MOST_FROM_AN_ADDRESS:
        raise TokenRefused("from here")


def _next_code(day: SiteDay, letter: str) -> str:
    """Counts on, past the numbers that people brought along from before midnight."""
    while True:
        number = day.numbers[letter] = day.numbers.get(letter, 0) + 1
        code = f"{letter}{number:03}"
        if not _NAMED.ask(day=day.pk, code=code):
            return code


def _there(site: WalkInSite, opens_at: datetime | None) -> datetime | Word:
    return opens_at.astimezone(site.zone) if opens_at else Word("at a time that is not known yet")


def _waiting_from(day: SiteDay, origin: str) -> int:
    return Token.objects.filter(day=day, origin=origin, state=Token.State.WAITING).count()


_BY_KEY = Prepared(lambda key: Token.objects.select_related("day").filter(key=key), "key")
_NAMED = Prepared(lambda day, code: Token.objects.filter(day=day, code=code), "day", "code")


def _known(day: SiteDay, service: str, key: str, visitor: Visitor) -> Token | None:
    known = _BY_KEY.first(key=key)
    if known is None and visitor.device:
        live = Token.objects.select_related("day").filter(day=day, service=service, state__in=LIVE)
        known = live.filter(device=visitor.device).first()
    return known


def _with_who_it_is(token: Token, visitor: Visitor) -> Token:
    """Takes in what a phone says of its holder only when it asks again for the token it has."""
    said = {"phone": visitor.phone, "pen": visitor.pen, "contact": visitor.contact}
    new = {name: value for name, value in said.items() if value}
    if token.state in LIVE and visitor.device and token.device == visitor.device and new:
        Token.objects.filter(pk=token.pk).update(**new)
        for name, value in new.items():
            setattr(token, name, value)
    return token


@transaction.atomic
def hear_of(
    kiosk: Kiosk, site: WalkInSite, given: Sequence[Provisional], *, clock: datetime, at: datetime
) -> list[Token]:
    """Settles what a kiosk gave while it was cut off, notes its clock, and returns the tokens in
    the kiosk's order.

    Each takes its place by when it was taken; told again, nothing changes. One that was taken when
    the site was closed is set aside: it holds no place, and an operator may still call it.
    """
    kiosk = Kiosk.objects.select_for_update(no_key=True, of=("self",)).get(pk=kiosk.pk)
    now = kiosk_clock.Contact(at, clock - at)
    last = now
    if kiosk.last_contact_at is not None and kiosk.ahead is not None:
        last = kiosk_clock.Contact(kiosk.last_contact_at, kiosk.ahead)
    ordered = sorted(given, key=lambda one: one.seq)
    taken = kiosk_clock.taken_at([one.shown for one in ordered], last=last, now=now)
    tokens = [
        _settle(kiosk, site, one, taken_at, at)
        for one, taken_at in zip(ordered, taken, strict=True)
    ]
    kiosk.last_contact_at, kiosk.ahead = max(at, last.at), now.ahead
    kiosk.save(update_fields=["last_contact_at", "ahead"])
    return tokens


def _settle(
    kiosk: Kiosk, site: WalkInSite, one: Provisional, taken_at: datetime, at: datetime
) -> Token:
    since_then = site.open_since(site.day(taken_at), at=at)
    day = lock_day(site, at=at if since_then else taken_at)
    known = _BY_KEY.first(key=one.key)
    if known:
        return _renamed(known, kiosk, one, at)
    known_at = moment(day, at)
    counts = site.is_open(taken_at) and not day.ended_at and one.service in site.services
    token = Token.objects.create(
        day=day,
        service=one.service,
        code=_free_code(day, one.code),
        key=one.key,
        taken_at=taken_at,
        known_at=known_at,
        kiosk=kiosk,
        kiosk_seq=one.seq,
        language=one.language,
        state=Token.State.WAITING if counts else Token.State.ASIDE,
    )
    write_step(
        token,
        "settled" if counts else "too late",
        at=known_at,
        service=one.service,
        kiosk=kiosk.number,
        seq=one.seq,
        shown=one.shown.isoformat(),
        taken=taken_at.isoformat(),
    )
    return token


def _renamed(token: Token, kiosk: Kiosk, one: Provisional, at: datetime) -> Token:
    """The kiosk asked for it before the line broke and never had the answer: the visitor's paper
    has the other name.
    """
    if token.code == one.code or token.kiosk_seq is not None or token.kiosk_id != kiosk.pk:
        return token
    day = lock_day_of(token)
    before, token.code, token.kiosk_seq = token.code, _free_code(day, one.code), one.seq
    token.save(update_fields=["code", "kiosk_seq"])
    write_step(token, "renamed", at=moment(day, at), was=before)
    return token


def _free_code(day: SiteDay, code: str) -> str:
    """Returns the code, or the next that nobody has: a kiosk whose memory was wiped counts from one
    again.
    """
    free = code[:12]
    for more in range(2, 100):
        if not _NAMED.ask(day=day.pk, code=free):
            break
        free = f"{code[:12]}.{more}"
    return free


def given_by(kiosk: Kiosk, day: SiteDay | None) -> tuple[int, int]:
    """Returns the kiosk's own count as far as we know it, and how many tokens it gave by itself
    that day.
    """
    own = Token.objects.filter(kiosk=kiosk, kiosk_seq__isnull=False)
    newest = own.order_by("-kiosk_seq").values_list("kiosk_seq", flat=True).first()
    return newest or 0, own.filter(day=day).count() if day else 0


@transaction.atomic
def give_back(token: Token, *, at: datetime) -> Token:
    """Gives a token back: its holder comes no more, and nobody waits for them. One that is done
    stays as it is.
    """
    day = lock_day_of(token)
    if token.state in LIVE:
        done_at = finish(token, Token.State.GIVEN_BACK, at=moment(day, at))
        write_step(token, "given back", at=done_at, counter=token.counter)
    return token


@transaction.atomic
def end_day(site: WalkInSite, *, at: datetime) -> int:
    """Ends the day before its time or after its close: who still waits is not served today. Returns
    how many.
    """
    day = lock_day(site, at=at)
    day.ended_at = day.ended_at or at
    ended_at = moment(day, at)
    waiting = list(Token.objects.filter(day=day, state=Token.State.WAITING))
    for token in waiting:
        finish(token, Token.State.UNSERVED, at=ended_at)
        write_step(token, "unserved", at=ended_at)
    tell(day.pk)
    return len(waiting)


def is_key(text: str) -> bool:
    """Whether a text may be a token's key."""
    return _KEY.fullmatch(text) is not None


def instant_shown(milliseconds: float) -> datetime:
    """Returns the instant a kiosk's clock shows (milliseconds since 1970); one outside the calendar
    is its edge.
    """
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return (
            datetime(9000, 1, 1, tzinfo=UTC)
            if milliseconds > 0
            else datetime(1900, 1, 1, tzinfo=UTC)
        )
