"""What every page of the portal shows around its content."""

import re
from typing import Any
from uuid import uuid4

from django.http import HttpRequest

from deskbook.people.access import may_open_and_close
from deskbook.people.books import desk_in_force
from deskbook.people.models import Contact
from deskbook.web.typed import key_of

_CLIENT_KEY = re.compile(r"[0-9a-f]{32}")


def frame(contact: Contact, **more: Any) -> dict[str, Any]:
    """Returns the context of a page of this desk."""
    return {
        "desk": contact.desk.title,
        "desk_key": contact.desk.key,
        "nameless": contact.anonymous,
        "may_open": may_open_and_close(contact),
        "sends_people": bool(desk_in_force(contact.desk).site_visits),
        "organisation": contact.organisation.name if contact.organisation else "",
        **more,
    }


def client_key(request: HttpRequest) -> str:
    """Returns the key the form carries, so that sending it twice does it once; a new one where
    there is none.
    """
    given = request.POST.get("client_key", "")
    return given if _CLIENT_KEY.fullmatch(given) else uuid4().hex


def command_key(contact: Contact, request: HttpRequest) -> str:
    """Returns the key a command is recorded under: nobody reaches another's act by its key, and the
    same form with other words is another act.
    """
    return f"{contact.pk}:{key_of(request, client_key(request))}"


def named_colleagues(contact: Contact) -> list[str]:
    """Returns the names of some people of the contact's organisation who may open and close its
    cases.
    """
    if contact.organisation is None:
        return []
    named = (
        contact.organisation.contacts.filter(named=True, merged_into=None)
        .exclude(pk=contact.pk)
        .exclude(name="")
    )
    return list(named.order_by("name").values_list("name", flat=True)[:5])
