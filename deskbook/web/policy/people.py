"""Who helps, who answers for what, and what others settle."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from deskbook.book.schema.teams import Team
from deskbook.book.words import fold
from deskbook.web.policy.cases import span
from deskbook.web.policy.parts import (
    Block,
    Entry,
    Heading,
    Said,
    Section,
    entries,
    lines,
)
from deskbook.web.policy.reader import Reader
from deskbook.web.told import channel_in_sentence


def teams(reader: Reader) -> Section:
    """Returns the levels with their teams, then the teams of no level: roles, never names."""
    desk, blocks = reader.desk, list[Block]()
    found = [
        (desk.teams[fold(name)].level, _team(reader, fold(name), team))
        for name, team in reader.book.teams.items()
    ]
    for level in desk.levels.values():
        blocks.append(Heading(level.title))
        blocks += (Said(level.means),) if level.means else ()
        blocks += entries(entry for at_level, entry in found if at_level == level.key)
    others = entries(entry for at_level, entry in found if not at_level)
    blocks += (Heading(_("Other teams")), *others) if others and desk.levels else others
    return Section("teams", _("Who helps"), tuple(blocks))


def _team(reader: Reader, key: str, team: Team) -> Entry:
    people = ", ".join(
        f"{reader.said(role)} ({span(seats)})" if seats else reader.said(role)
        for role, seats in team.people.items()
    )
    led_by = _("Led by {who}").format(who=reader.said(team.led_by)) if team.led_by else ""
    shown = reader.desk.teams[key]
    return Entry(shown.title, lines(shown.means, capfirst(people), led_by))


def responsibilities(reader: Reader) -> Section:
    """Returns what must be done, who owns it and who helps."""
    found = []
    for what, owned in reader.book.responsibilities.items():
        owners, helpers = (
            ", ".join(map(reader.said, who)) for who in (owned.owned_by, owned.supported_by)
        )
        said = lines(
            _("Owned by {who}").format(who=owners) if owners else "",
            _("Supported by {who}").format(who=helpers) if helpers else "",
        )
        found.append(Entry(reader.said(what), said))
    return Section("answers", _("Who answers for what"), entries(found))


def outside(reader: Reader) -> Section:
    """Returns what is none of the desk's: whose it is, and by which ways it is passed on."""
    found = entries(_other(reader, key) for key in reader.desk.outside)
    return Section("others", _("What others settle"), found)


def _other(reader: Reader, key: str) -> Entry:
    other = reader.desk.outside[key]
    ways = ", ".join(channel_in_sentence(word, reader.desk) for word in other.by)
    said = lines(other.means, _("Passed on by: {channels}").format(channels=ways) if ways else "")
    return Entry(other.title, said, points=other.examples)


def tools(reader: Reader) -> Section:
    """Returns the tools outside the desk of which only so many people have a seat."""
    found = []
    for name, seats in reader.book.seats.items():
        who = ", ".join(map(reader.said, seats.for_))
        said = lines(
            reader.said(seats.means),
            _("At most {count} people").format(count=seats.limit),
            _("For: {who}").format(who=who) if who else "",
        )
        found.append(Entry(reader.said(name), said))
    return Section("tools", _("Tools with a limited number of users"), entries(found))


def notes(reader: Reader) -> Section:
    """Returns what the policy says that no rule carries."""
    return Section("notes", _("What else holds"), tuple(_notes(reader)))


def _notes(reader: Reader) -> Iterator[Said]:
    for text in reader.book.notes.values():
        yield Said(reader.said(text))
