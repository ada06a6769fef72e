"""How a desk is reached: its channels with their addresses, and its places with their numbers."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from deskbook.engine.anonymous import Nameless
from deskbook.engine.channels import Channel, Site
from deskbook.web.policy.days import weekly
from deskbook.web.policy.parts import (
    Block,
    Entry,
    Heading,
    Line,
    Linked,
    Points,
    Said,
    Section,
    entries,
    lines,
    under,
)
from deskbook.web.policy.reader import Reader
from deskbook.web.told import channel_title


def channels(reader: Reader) -> Section:
    """Returns the channels in the book's order."""
    found = [_channel(reader, channel) for channel in reader.desk.channels.values()]
    if reader.desk.mail and not reader.desk.channel_of("email"):
        found.insert(0, Entry(channel_title("email"), tuple(_mail(reader))))
    return Section("reach", _("How to reach this desk"), entries(found))


def _channel(reader: Reader, channel: Channel) -> Entry:
    desk = reader.desk
    opening = reader.opening(desk.channel_hours(channel)) if channel.hours else None
    asked = ", ".join(desk.directory[field].title for field in channel.asks)
    is_closed = reader.at is None or (opening is not None and not opening.is_open)
    said = lines(
        *_addresses(reader, channel),
        channel.means,
        *_open_when(reader, channel.hours),
        *(_visits(reader) if channel.kind == "on-site" else ()),
        _("You are asked for: {fields}").format(fields=asked) if asked else "",
        _when_closed(reader, channel) if is_closed else "",
    )
    return Entry(channel_title(channel.key, desk), said, opening)


def _when_closed(reader: Reader, channel: Channel) -> str:
    """Returns what is told out of its hours: beside whether it is open that says itself."""
    if reader.at is not None or not channel.when_closed:
        return channel.when_closed
    return _("Out of these hours: {words}").format(words=channel.when_closed)


def _addresses(reader: Reader, channel: Channel) -> Iterator[Line]:
    if channel.kind == "email":
        yield from _mail(reader)
    elif channel.kind == "phone":
        for site in reader.desk.sites.values():
            if site.phone:
                yield _number(site, f"{site.title}: {site.phone}")


def _mail(reader: Reader) -> Iterator[Line]:
    desk = reader.desk
    yield from (Linked(address, f"mailto:{address}") for address in desk.mail)
    if desk.official_mail:
        yield _(
            "Write from your official address, ending in {ends}. Mail from others is taken, and"
            " marked."
        ).format(ends=", ".join(desk.official_mail))


def _number(site: Site, text: str) -> Linked:
    """Returns a number as people dial it, to be dialled by touching it."""
    return Linked(text, f"tel:{re.sub(r'[^0-9+]', '', site.phone)}")


def _open_when(reader: Reader, hours: str | None) -> tuple[str, ...]:
    return weekly(reader.desk.calendars[hours]) if hours else ()


def _visits(reader: Reader) -> Iterator[str]:
    for visit in reader.desk.site_visits:
        yield _("{cases}. It is decided by {decides}; {goes} go there.").format(
            cases="; ".join(reader.conditions(visit.when)),
            decides=reader.holder(visit.decided_by),
            goes=reader.holder(visit.carried_out_by),
        )


def places(reader: Reader) -> Section:
    """Returns the sites: together where visitors are received in the same hours."""
    desk = reader.desk
    together: dict[str | None, list[Site]] = {}
    for site in desk.sites.values():
        together.setdefault(_visitor_hours(reader, site), []).append(site)
    blocks: list[Block] = []
    for hours, sites in together.items():
        blocks += _visitors(reader, hours) if hours else ()
        blocks += entries(Entry(site.title, _site(site)) for site in sites)
    services = (Entry(one.title, lines(one.means)) for one in desk.services.values())
    blocks += under(_("What visitors come for"), entries(services))
    return Section("places", _("Where to call or go"), tuple(blocks))


def _visitors(reader: Reader, hours: str) -> tuple[Block, ...]:
    calendar = reader.desk.calendars[hours]
    when = _("Visitors: {hours}").format(hours="; ".join(weekly(calendar)))
    return (Heading(when, reader.opening(calendar)),)


def _site(site: Site) -> tuple[Line, ...]:
    return lines(_number(site, site.phone) if site.phone else "", site.means)


def _visitor_hours(reader: Reader, site: Site) -> str | None:
    if site.counters:
        walk_in = reader.desk.channel_of("walk-in")
        return site.hours or (walk_in.hours if walk_in else None) or reader.desk.hours
    return site.hours


def without_a_name(reader: Reader) -> Section:
    """Returns which cases are taken without a name, and how they are followed."""
    lines = tuple(_nameless(reader, line) for line in reader.desk.anonymous)
    said = _("They are followed by a number and a secret; nobody is told who wrote.")
    blocks = (Points(lines), Said(said)) if lines else ()
    return Section("nameless", _("Cases without a name"), blocks)


def _nameless(reader: Reader, line: Nameless) -> str:
    titles = reader.titles("channel")
    by = [title for key, title in titles.items() if key in line.by]
    cases = "; ".join(reader.conditions(line.when))
    return _("{cases}, by {ways}").format(cases=cases, ways=", ".join(by)) if by else cases
