"""One order of events for a day at a site: every step is made under the day's lock and written down
for good.
"""

from datetime import datetime

from django.db import connection

from deskbook.channels.walk_in.models import SiteDay, Token, TokenStep
from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.people.models import Agent
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
    on = site.day(at)
    SiteDay.objects.get_or_create(desk=site.helpdesk, site=site.site.key, on=on)
    return SiteDay.objects.select_for_update(no_key=True, of=("self",)).get(
        desk=site.helpdesk, site=site.site.key, on=on
    )


def lock_day_of(token: Token) -> SiteDay:
    """Returns the day of a token, locked, and brings the token up to date."""
    day = (
        SiteDay.objects.select_for_update(no_key=True, of=("self",))
        .select_related("desk")
        .get(pk=token.day_id)
    )
    token.refresh_from_db()
    token.day = day
    return day


def moment(day: SiteDay, at: datetime) -> datetime:
    """Returns the instant of a step made now: `at`, but never before the step it follows. Call
    under the lock.
    """
    day.last_at = max(at, day.last_at or at)
    day.save(update_fields=["last_at", "numbers", "ended_at"])
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
    written = TokenStep.objects.create(
        token=token, kind=kind, at=at, counter=counter, by=by, data=data
    )
    tell(token.day_id)
    return written


# With the site's name in it: no screen that hears of it has to ask the database whose day it is.
_CHANGED = """
    select pg_notify('deskbook', json_build_object('site', json_build_array(desk_id, site))::text)
    from deskbook_siteday where id = %s
"""


def tell(day_id: int) -> None:
    """Tells the open screens, when the transaction ends, that something at the site changed."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [day_id])
