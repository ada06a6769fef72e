"""Who is named for an organisation, and asking for somebody else to take a seat."""

from collections import defaultdict
from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.channels.email.mailboxes import refuse_of_a_desk
from deskbook.people.access import NoAccess, may_open_and_close
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import Contact, Organisation
from deskbook.people.refusals import in_words
from deskbook.people.seats import holders_at, seats_of
from deskbook.refusals.refusal import Refused
from deskbook.tickets.contact_changes import ask_for_replacement
from deskbook.tickets.intake import NewCase
from deskbook.tickets.messages import Written
from deskbook.web.acts.requesters import signed_in_by
from deskbook.web.portal.frame import client_key, command_key, frame
from deskbook.web.viewer import for_requesters


@for_requesters
def contacts(request: HttpRequest, contact: Contact) -> HttpResponse:
    """Shows who is named; takes a request to replace one. Only named contacts ask, everybody of it
    may read.
    """
    organisation = contact.organisation
    if organisation is None:
        raise NoAccess("no organisation")
    if request.method != "POST":
        return _page(request, contact, organisation)
    if not may_open_and_close(contact):
        raise NoAccess("may read, not ask")
    errors = _wrong(request, organisation)
    if errors:
        return _page(request, contact, organisation, errors=errors)
    try:
        number = _ask(request, contact, organisation)
    except Refused as refused:
        return _page(request, contact, organisation, refusal=in_words(refused, "requester"))
    messages.success(request, _("Your request is {number}. We have it.").format(number=number))
    return redirect("portal-case", contact.desk.key, number)


def _ask(request: HttpRequest, contact: Contact, organisation: Organisation) -> str:
    given = request.POST
    leaves = organisation.contacts.get(pk=int(given["leaves"]))
    address, name = given["address"].strip(), given.get("name", "").strip()
    # Somebody new reads nothing of the organisation before an agent agrees: they only get an entry
    # of their own. Of somebody known nothing is said either: the case carries what was typed, not
    # what the directory has.
    arrives = find_or_make_contact(contact.desk, "email", address, name=name)
    subject = _("{arrives} instead of {leaves} as named contact").format(
        arrives=(name or address)[:200], leaves=leaves
    )
    case = NewCase(
        subject,
        Written(given.get("reason", "").strip() or subject, sender=signed_in_by(contact)),
        "portal",
    )
    key = command_key(contact, client_key(request))
    return str(
        ask_for_replacement(case, leaves, arrives, at=timezone.now(), by=contact, key=key).ticket
    )


def _wrong(request: HttpRequest, organisation: Organisation) -> dict[str, str]:
    errors, leaves = {}, request.POST.get("leaves", "")
    if not leaves.isdecimal() or not holders_at(organisation.pk).filter(pk=int(leaves)).exists():
        errors["leaves"] = _("Choose one of the answers.")
    try:
        validate_email(address := request.POST.get("address", "").strip())
        refuse_of_a_desk(address)
    except ValidationError:
        errors["address"] = _("Write the mail address of who arrives.")
    except Refused as refused:
        errors["address"] = in_words(refused, "requester")
    return errors


def _page(
    request: HttpRequest,
    contact: Contact,
    organisation: Organisation,
    *,
    errors: Mapping[str, str] | None = None,
    refusal: str = "",
) -> HttpResponse:
    others = organisation.contacts.filter(named=False, merged_into=None).order_by("name", "pk")
    context = frame(
        contact,
        seats=seats_of(organisation),
        community=[str(other) for other in others[:100]],
        refusal=refusal,
        values=defaultdict(str, {name: str(value) for name, value in request.POST.items()}),
        errors=errors or {},
        key=client_key(request),
    )
    return render(
        request, "portal/contacts.html", context, status=422 if errors else 409 if refusal else 200
    )
