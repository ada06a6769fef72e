"""One order of events for a day at a site: every step is made under the day's lock and written down
for good.
"""

from datetime import datetime

from django.db import connection

from deskbook.channels.walk_in.models import CounterSeat, SiteDay, Token, TokenStep
from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.people.copying import insert_rows, update_row
from deskbook.people.models import Agent
from deskbook.people.open_screens import CHANNEL
from deskbook.people.prepared import Prepared
from deskbook.refusals.refusal import Refused

LIVE = (Token.State.WAITING, Token.State.CALLED, Token.State.ASIDE)
"""States somebody may still be served from."""


class TokenRefused(Refused):
    """A rule of the queue does not allow it."""

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(f"token: {why}", **facts)


def lock_day(site: WalkInSite, *, at: datetime) -> SiteDay:
    """Returns the site's day at `at`, kept from everybody else until the transaction ends.

    Two counters and twenty kiosks wait for each other here, for some milliseconds: what is decided
    is then decided on all there is, and "next" skips nobody (docs/decisions/0011).
    """
    return _locked(begun_day(site, at=at).pk)


def present_day(site: WalkInSite, *, at: datetime) -> SiteDay | None:
    """Returns the day whose queue stands at `at`; None before its first step.

    At a site that was open through midnight this is the day before, until the first step of the new
    one.
    """
    today = site.day(at)
    newest = _NEWEST.first(desk=site.helpdesk.pk, site=site.site.key, on=today)
    if newest and newest.on != today and not site.open_since(newest.on, at=at):
        return None
    return newest


_NEWEST = Prepared(
    lambda desk, site, on: SiteDay.objects.filter(desk=desk, site=site, on__lte=on).order_by("-on")[
        :1
    ],
    "desk",
    "site",
    "on",
)


def begun_day(site: WalkInSite, *, at: datetime) -> SiteDay:
    """Returns the site's day at `at`, begun if it was not; who is there since before midnight goes
    over to it.
    """
    before, on = present_day(site, at=at), site.day(at)
    if before and before.on == on:
        return before
    last_at = _locked(before.pk).last_at if before else None
    day, is_new = SiteDay.objects.get_or_create(
        desk=site.helpdesk, site=site.site.key, on=on, defaults={"last_at": last_at}
    )
    if before and is_new:
        Token.objects.filter(day=before, state__in=LIVE).update(day=day)
        CounterSeat.objects.filter(day=before, until_at=None).update(day=day)
    return day


def lock_day_of(row: Token | CounterSeat) -> SiteDay:
    """Returns the day of a token or of a counter's seat, locked, and brings the row up to date.

    While this waits for the lock, midnight may take the row over to the next day.
    """
    while True:
        day = _locked(row.day_id)
        row.refresh_from_db()
        if row.day_id == day.pk:
            row.day = day
            return day


def _locked(day: int) -> SiteDay:
    locked = _LOCKED.first(pk=day)
    if locked is None:
        raise SiteDay.DoesNotExist(f"no day {day}")
    return locked


_LOCKED = Prepared(
    lambda pk: (
        SiteDay.objects.select_for_update(no_key=True, of=("self",))
        .select_related("desk")
        .filter(pk=pk)
    ),
    "pk",
)


def moment(day: SiteDay, at: datetime) -> datetime:
    """Returns the instant of a step made now: `at`, but never before the step it follows. Call
    under the lock.
    """
    day.last_at = max(at, day.last_at or at)
    update_row(day)
    return day.last_at


def finish(token: Token, state: str, *, at: datetime) -> datetime:
    """Ends a token in a state nobody is served from, forgets where its phone was, and returns
    `at`.
    """
    token.state, token.done_at, token.origin = state, at, ""
    token.save(update_fields=["state", "done_at", "origin"])
    return at


def write_step(
    token: Token,
    kind: str,
    *,
    at: datetime,
    counter: str = "",
    by: Agent | None = None,
    **data: object,
) -> TokenStep:
    """Writes a step down and tells the screens of the site."""
    written = TokenStep(token=token, kind=kind, at=at, counter=counter, by=by, data=data)
    insert_rows(written)
    tell(token.day_id)
    return written


# With the site's name in it: no screen that hears of it has to ask the database whose day it is.
_CHANGED = """
    select pg_notify(%s, json_build_object('site', json_build_array(desk_id, site))::text)
    from deskbook_siteday where id = %s
"""


def tell(day_id: int) -> None:
    """Tells the open screens, when the transaction ends, that something at the site changed."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [CHANNEL, day_id])
