"""People and organisations: found as the console finds them, and read."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from deskbook.channels.phone.callers import callers_like
from deskbook.people.access import NoAccess, contact_for_agent, organisation_for_agent
from deskbook.people.merging import ways_of
from deskbook.people.models import Organisation
from deskbook.web.api.entering import Scope, agent_in
from deskbook.web.api.shapes import Named, named, refuse_nul
from deskbook.web.console.inbox.search import MOST, organisations_like

router = Router(tags=["people"])
Q = Annotated[
    str,
    Query(
        description="The beginning of a name, an address or a number.", min_length=2, max_length=100
    ),
]


class PersonLine(Schema):
    id: int
    name: str
    where: str
    """Their organisation or office."""
    known_by: list[str]
    open_tickets: int


class WayLine(Schema):
    channel: str
    identifier: str


class Person(Schema):
    """Somebody the desk helps."""

    id: int
    name: str
    organisation: Named | None
    language: str
    zone: str
    named_contact: bool
    ways: list[WayLine]
    attributes: dict[str, Any]
    goes_on_as: int | None
    """Whom they were merged into."""


class OrganisationWhole(Schema):
    id: int
    name: str
    plan: str
    zone: str
    domains: list[str]


@router.get("/people", auth=Scope("read"), response=list[PersonLine])
def find_people(request: HttpRequest, q: Q) -> list[PersonLine]:
    """Up to 25 people by the beginning of an address, a number, or of a name in it."""
    return [
        PersonLine(
            id=one.contact.pk,
            name=one.name,
            where=one.where,
            known_by=list(one.known_by),
            open_tickets=one.open_cases,
        )
        for one in callers_like(agent_in(request), _words(q), most=MOST)
    ]


@router.get("/people/{int:person}", auth=Scope("read"), response=Person)
def read_person(request: HttpRequest, person: int) -> Person:
    found = contact_for_agent(agent_in(request), _id(person))
    return Person(
        id=found.pk,
        name=found.name,
        organisation=named(found.organisation),
        language=found.language,
        zone=found.zone,
        named_contact=found.named,
        ways=[WayLine(channel=way.channel, identifier=way.identifier) for way in ways_of(found)],
        attributes=found.attributes,
        goes_on_as=found.merged_into_id,
    )


@router.get("/organisations", auth=Scope("read"), response=list[OrganisationWhole])
def find_organisations(request: HttpRequest, q: Q) -> list[OrganisationWhole]:
    """Up to 25 organisations in whose name every word stands."""
    return [_whole(one) for one in organisations_like(agent_in(request), _words(q))]


@router.get("/organisations/{int:organisation}", auth=Scope("read"), response=OrganisationWhole)
def read_organisation(request: HttpRequest, organisation: int) -> OrganisationWhole:
    return _whole(organisation_for_agent(agent_in(request), _id(organisation)))


def _whole(one: Organisation) -> OrganisationWhole:
    return OrganisationWhole(
        id=one.pk, name=one.name, plan=one.plan, zone=one.zone, domains=one.domains
    )


def _id(number: int) -> int:
    if number >= 2**63:
        raise NoAccess("no such id")
    return number


def _words(q: str) -> str:
    refuse_nul(q)
    return q
