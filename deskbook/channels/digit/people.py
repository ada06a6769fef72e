"""Who complains, and who acts: people by the number DIGIT knows them by, agents by what the door
says of its users.
"""

from datetime import datetime

from deskbook.channels.digit.asked import NotTaken, RequestInfo, User
from deskbook.channels.digit.models import DigitDoor
from deskbook.people.access import may_write_on, visible_to_agent
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import contact_by, find_or_make_contact, normal_identifier
from deskbook.people.duty import has_left
from deskbook.people.lists.reading import region_of
from deskbook.people.models import Agent, Contact
from deskbook.tickets.models import Ticket

NOT_THEIRS = "User is not authorized to perform action"


def complainant(door: DigitDoor, user: User, language: str) -> Contact:
    """Returns whose complaint it is, made if nobody here has that number. Raises NotTaken."""
    number = number_there(door, user.mobile_number)
    if not (user.name and number):
        told = "Name and Mobile Number is mandatory in user object"
        raise NotTaken("INVALID_REQUEST", told)
    spoken = language if language in desk_in_force(door.desk).languages else ""
    return find_or_make_contact(
        door.desk, "phone", number, name=user.name, language=spoken, sign_in=False
    )


def known_by(door: DigitDoor, user: User) -> Contact | None:
    """Returns the person of that number; a citizen's user name is their number too."""
    numbers = (number_there(door, one) for one in (user.mobile_number, user.user_name))
    known = (contact_by(door.desk, "phone", number) for number in numbers if number)
    return next(filter(None, known), None)


def number_there(door: DigitDoor, typed: str) -> str:
    """Returns a number as it is stored; one without a prefix is of the desk's country."""
    region = region_of(desk_in_force(door.desk).zone)
    return normal_identifier("phone", typed, region=region) if typed else ""


def agent_there(door: DigitDoor, user: str, *, at: datetime) -> Agent | None:
    """Returns the agent of this desk that a user name or uuid of DIGIT is said to be."""
    pk = door.people.get(user) if user else None
    agents = Agent.objects.select_related("user", "desk").filter(desk=door.desk_id, is_active=True)
    agent = agents.filter(pk=pk).first() if pk else None
    return None if agent is None or has_left(agent, at=at) else agent


def who_acts(door: DigitDoor, info: RequestInfo, ticket: Ticket, at: datetime) -> Agent | Contact:
    """Returns the agent or the person who acts on a case. Raises NotTaken for anybody else."""
    names = (info.user.user_name, info.user.uuid)
    agent = next(filter(None, (agent_there(door, name, at=at) for name in names)), None)
    if agent and visible_to_agent(agent, Ticket.objects.filter(pk=ticket.pk)).exists():
        return agent
    person = None if agent else known_by(door, info.user)
    if person and may_write_on(person, ticket):
        return person
    raise NotTaken("INVALID ROLE", NOT_THEIRS)
