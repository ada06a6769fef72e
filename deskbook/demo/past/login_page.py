"""The login page of SPARK, connected to its desk in the demo, with a case that came by it."""

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from deskbook.channels.app.systems import Told, channels_in, make_system
from deskbook.channels.app.taking import answer_to
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent, Contact, HelpDesk

NAME, ADDRESS = "SPARK login page", "https://login.spark.example/desk"
_CHANNEL = f"  login page: {{ by: app, name: {NAME} }}  # in the demo\n"


def with_login_page(key: str, text: str) -> str:
    """Returns SPARK's book with the channel after its others; other books come back as they are."""
    if key != "spark":
        return text
    return re.sub(r"(?m)^  portal:.*\n", lambda line: line[0] + _CHANNEL, text, count=1)


def connect_login_page(
    helpdesk: HelpDesk, agents: Sequence[Agent], contacts: Sequence[Contact], *, at: datetime
) -> None:
    """Connects it where the book names a system, and brings a case of yesterday."""
    channels = channels_in(desk_in_force(helpdesk))
    if not channels:
        return
    system, _secret = make_system(agents[0], Told(NAME, channels[0].key, ADDRESS), at=at)
    data = {
        "person": person(contacts[0]),
        "reference": "LP-1",
        "subject": "Locked out of SPARK",
        "text": "After three wrong passwords SPARK says that I am locked. I have to send a bill.",
    }
    asked = json.dumps({"type": "case.open", "data": data})
    answer_to(system, "demo-1", asked.encode(), at=at - timedelta(hours=20))


def person(contact: Contact) -> dict[str, str]:
    """Returns what the login page says of who is signed in there."""
    known = {"id": str(contact.pk), "name": contact.name, "language": contact.language}
    mail = contact.user.email if contact.user else ""
    return {**known, **({"mail": mail} if mail else {})}
