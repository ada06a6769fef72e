"""All sites of a desk at a glance: how many wait, and who is being served."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from deskbook.channels.walk_in.sites import sites_of
from deskbook.people.models import HelpDesk


@dataclass(frozen=True, slots=True)
class Glance:
    site: str
    """Its title."""
    waiting: int
    served: Sequence[tuple[str, str]]
    """Token and counter of those who were called, the latest first."""


def sites_at_a_glance(helpdesk: HelpDesk, *, at: datetime) -> list[Glance]:
    """Returns the sites where somebody waits or is served on the day it is there, in the book's
    order; one question, however many there are.
    """
    sites = {site.site.key: site for site in sites_of(helpdesk)}
    if not sites:
        return []
    days = [site.day(at) for site in sites.values()]
    with connection.cursor() as cursor:
        cursor.execute(_TOKENS, {"desk": helpdesk.pk, "sites": [*sites], "days": days})
        found = {key: (waiting, served or ()) for key, waiting, served in cursor.fetchall()}
    return [
        Glance(site.site.title, found[key][0], [(code, counter) for code, counter in found[key][1]])
        for key, site in sites.items()
        if key in found
    ]


_TOKENS = """
    select day.site, count(*) filter (where token.state = 'waiting'),
        json_agg(json_build_array(token.code, token.counter) order by token.last_called_at desc)
            filter (where token.state = 'called')
    from unnest(%(sites)s::text[], %(days)s::date[]) wanted (site, on_day)
    join deskbook_siteday day
        on day.desk_id = %(desk)s and day.site = wanted.site and day.on = on_day
    join deskbook_token token on token.day_id = day.id
    where token.state in ('waiting', 'called') and day.ended_at is null
    group by 1
"""
