"""What several answers are made of."""

from datetime import datetime
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import AfterValidator, StringConstraints

from deskbook.people.models import Agent, Contact, Organisation
from deskbook.tickets.messages import LONGEST_TEXT
from deskbook.web.api.problems import Declined
from deskbook.web.shared.paging import key_typed

Cursor = Annotated[
    str,
    Query(description='Where the page begins: as `Link: …; rel="next"` gives it.', max_length=80),
]


def without_nul(text: str) -> str:
    """Returns the text; raises ValueError for one that PostgreSQL cannot keep."""
    if "\x00" in text:
        raise ValueError("The character U+0000 cannot be kept: leave it out")
    return text


def refuse_nul(*texts: str) -> None:
    """Raises Declined for words in an address that PostgreSQL cannot look for."""
    if any("\x00" in text for text in texts):
        raise Declined(422, "The character U+0000 is in nothing that is kept: leave it out.")


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=300), AfterValidator(without_nul)
]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT),
    AfterValidator(without_nul),
]
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(without_nul),
]


class Named(Schema):
    """Somebody or something of the desk."""

    id: int
    name: str


def named(row: Agent | Contact | Organisation | None) -> Named | None:
    """Returns it by its id and name; None for nobody."""
    return Named(id=row.pk, name=str(row)) if row else None


def place_of(after: str) -> tuple[datetime, int] | None:
    """Returns where a page begins; None at the beginning. Raises Declined for what is no cursor."""
    place = key_typed(after)
    if after and place is None:
        told = "This is no cursor: ask for the address of the Link as it is."
        raise Declined(422, told, errors=[("after", told)])
    return place


def leads_on(request: HttpRequest, response: HttpResponse, after: str) -> None:
    """Says where the next page is (RFC 8288), where there is one."""
    if not after:
        return
    asked = request.GET.copy()
    asked["after"] = after
    address = f"{settings.DESKBOOK_SITE_URL}{request.path}?{asked.urlencode()}"
    response.headers["Link"] = f'<{address}>; rel="next"'
