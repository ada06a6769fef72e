"""Agents and leads as a list: many at once, some only for a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.utils.translation import gettext_lazy as _

from deskbook.engine.addresses import normal_address
from deskbook.engine.desk import Desk
from deskbook.people.agents import SPOKEN
from deskbook.people.books import desk_in_force, words_for
from deskbook.people.lists.columns import (
    Given,
    Judged,
    ListColumn,
    Wrong,
    each_once,
    required,
    said_anew,
    short_enough,
    taken,
)
from deskbook.people.lists.quoting import named, short
from deskbook.people.lists.reading import instant, mail_address, phone_number, region_of, zone_name
from deskbook.people.models import Agent, HelpDesk, User
from deskbook.people.rosters import places_of
from deskbook.refusals.refusal import Refusal, Word

COLUMNS = (
    ListColumn("name", _("What the person is called."), ("full name", "nome"), required=True),
    ListColumn(
        "mail", _("Where they get sign-in codes."), ("email", "e-mail", "correio"), required=True
    ),
    ListColumn("phone", _("Their number, with its country."), ("mobile", "telephone", "telefone")),
    ListColumn("role", _("agent, lead or owner; agent if empty."), ("função",)),
    ListColumn("team", _("Teams of the book, with commas between."), ("teams", "equipa")),
    ListColumn("place", _("The site they work at."), ("site", "local")),
    ListColumn(
        "until", _("The last day of a temporary account, like 2026-08-14."), ("ends", "end", "até")
    ),
    ListColumn("language", _("The language they work in: en or pt."), ("idioma",)),
    ListColumn("zone", _("Their time zone; empty is the desk's."), ("time zone", "timezone")),
)
ROLES = {
    "agent": Agent.Role.AGENT,
    "executive": Agent.Role.AGENT,
    "lead": Agent.Role.LEAD,
    "supervisor": Agent.Role.LEAD,
    "team lead": Agent.Role.LEAD,
    "owner": Agent.Role.OWNER,
}


@dataclass(frozen=True, slots=True)
class Record:
    """An agent to write, and the person who becomes it."""

    name: str
    mail: str
    phone: str
    role: str
    teams: tuple[str, ...]
    place: str
    until: datetime | None
    language: str
    zone: str


def judge(helpdesk: HelpDesk, lines: Iterable[Given]) -> Iterator[Judged]:
    """Returns what would become of each line; an agent is known by their mail address. No list
    touches owners.
    """
    desk = desk_in_force(helpdesk)
    agents = {
        agent.user.email: agent
        for agent in Agent.objects.filter(desk=helpdesk).select_related("user")
    }
    return each_once(
        lines,
        lambda given: normal_address(given.values.get("mail", "")),
        lambda given, mail: _judged(desk, given, agents.get(mail)),
        twice=lambda mail, line: Refusal("list: same address", number=line),
    )


def write(helpdesk: HelpDesk, records: Iterable[object], *, at: datetime, by: Agent) -> None:
    """Writes one batch of agents. A person who has an account already keeps their own name,
    language and zone.
    """
    batch = cast(list[Record], list(records))
    users = _users(batch)
    for record in batch:
        Agent.objects.update_or_create(
            user=users[record.mail],
            desk=helpdesk,
            defaults={
                "role": record.role,
                "teams": list(record.teams),
                "phone": record.phone,
                "place": record.place,
                "until": record.until,
                "is_active": True,
                "by_rule": False,
            },
        )


def _users(batch: list[Record]) -> dict[str, User]:
    """Returns the user of each mail address, made where there is none."""
    known = {
        user.email: user
        for user in User.objects.filter(email__in=[record.mail for record in batch])
    }
    fresh = [
        User(email=r.mail, name=r.name, language=r.language, zone=r.zone, password="!")
        for r in batch
        if r.mail not in known
    ]
    return known | {user.email: user for user in User.objects.bulk_create(fresh)}


def rows(helpdesk: HelpDesk) -> Iterator[list[object]]:
    """Returns the active agents of the desk as lines of such a list."""
    agents = (
        Agent.objects.filter(desk=helpdesk, is_active=True)
        .select_related("user")
        .order_by("user__name", "pk")
    )
    for agent in agents:
        yield [*_cells(agent).values()]


def _cells(agent: Agent) -> dict[str, object]:
    """What a list that goes out says of somebody, by column, in the order of COLUMNS."""
    return {
        "name": agent.user.name,
        "mail": agent.user.email,
        "phone": agent.phone,
        "role": agent.role,
        "team": ", ".join(agent.teams),
        "place": agent.place,
        "until": f"{agent.until:%Y-%m-%dT%H:%M}+00:00" if agent.until else "",
        "language": agent.user.language,
        "zone": agent.user.zone,
    }


def _judged(desk: Desk, given: Given, known: Agent | None) -> Judged:
    if given.broken:
        raise Wrong(given.broken)
    required(given, "name", "mail")
    short_enough(given)
    record = _record(desk, given, known)
    same = known is not None and _is_as_before(known, record)
    # A list is a lead's: what only an owner may do on a page (end, revive, move an owner) no line
    # may do either.
    if not same and Agent.Role.OWNER in (record.role, known and known.role):
        raise Wrong("list: owners")
    if known is None:
        return taken(given, "added", record)
    back = () if known.is_active else (Refusal("list: switched off"),)
    return taken(given, "same" if same else "changed", record, *back)


def _is_as_before(known: Agent, record: Record) -> bool:
    before = (
        known.role,
        tuple(known.teams),
        known.phone,
        known.place,
        known.until,
        known.is_active,
    )
    return before == (record.role, record.teams, record.phone, record.place, record.until, True)


def _record(desk: Desk, given: Given, known: Agent | None) -> Record:
    values = said_anew(given, _cells(known) if known else {}).values
    before = known or Agent(role=Agent.Role.AGENT)
    phone, until = values.get("phone"), values.get("until")
    teams, place = values.get("team"), values.get("place")
    return Record(
        role=_role(values.get("role") or before.role),
        language=_language(values.get("language", "")),
        name=given.values["name"],
        mail=mail_address(values["mail"]) if "mail" in values else given.values["mail"],
        phone=phone_number(phone, region_of(desk.zone)) if phone else before.phone,
        teams=_teams(desk, teams) if teams else tuple(before.teams),
        place=_place(desk, place) if place else before.place,
        until=instant(until, desk.zone, end_of_day=True) if until else before.until,
        zone=zone_name(values["zone"]) if values.get("zone") else "",
    )


def _role(text: str) -> Agent.Role:
    if text.lower() not in ROLES:
        raise Wrong("list: role", text=short(text))
    return ROLES[text.lower()]


def _language(text: str) -> str:
    if text and text.lower() not in SPOKEN:
        raise Wrong("list: console language", text=short(text.lower()))
    return text.lower()


def _teams(desk: Desk, text: str) -> tuple[str, ...]:
    by_word = words_for(desk, lambda said: said.teams)
    words = [word.strip().lower() for word in text.replace(";", ",").split(",") if word.strip()]
    unknown = [word for word in words if word not in by_word]
    if unknown:
        raise Wrong(
            "list: team", text=named(unknown, "{}"), known=tuple(desk.teams) or Word("none")
        )
    return tuple(dict.fromkeys(by_word[word] for word in words))


def _place(desk: Desk, text: str) -> str:
    known = places_of(desk)
    if known and text.lower() not in known:
        raise Wrong("list: place", text=short(text), known=tuple(known))
    return text.lower() if known else text
