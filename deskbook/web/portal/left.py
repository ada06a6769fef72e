"""What somebody sends from the page of a case they were taken out of meanwhile: the desk reads it,
and they are told.
"""

from datetime import timedelta
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from deskbook.people.access import NoAccess, split_number, takes_part
from deskbook.people.limits import too_often
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import take_in_outsider_message
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.kept_files import as_files
from deskbook.tickets.messages import LONGEST_TEXT, Written
from deskbook.tickets.models import Ticket
from deskbook.web.portal.drafts import drop_draft, place_of_answer
from deskbook.web.portal.frame import command_key, frame
from deskbook.web.uploads import OF_REQUESTERS, Uploads, take_uploads

MOST_A_DAY = 5
"""Of one person on one case: more is no page that was open when they were taken out."""
_TYPED = ("text", "reason", "comment")


def taken_from_outside(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    """Keeps the words and files of a form for the desk alone, as a mail of theirs would be, and
    says so; what could not be kept is shown to be copied. Raises NoAccess for who never was of the
    case, and where there are none.
    """
    ticket, user = _left(contact, number), contact.user
    text = "\n\n".join(filter(str.strip, (request.POST.get(name, "") for name in _TYPED)))
    if user is None or not (text.strip() or request.FILES or "kept" in request.POST):
        raise NoAccess("nothing to keep")
    place, key = place_of_answer(number.upper()), command_key(contact, request)
    uploads = take_uploads(request, user, place, OF_REQUESTERS, key=key)
    why = _kept_for_the_desk(ticket, contact, text, uploads, key)
    context = frame(
        contact,
        number=number.upper(),
        text=text,
        files=[file.name for file in uploads.kept],
        files_error=uploads.error,
        taken=why is None,
        why=why,
    )
    status = HTTPStatus.OK if why is None else HTTPStatus.CONFLICT
    response = render(request, "portal/left.html", context, status=status)
    if why is None:
        drop_draft(user, place, response)
    return response


def _kept_for_the_desk(
    ticket: Ticket, contact: Contact, text: str, uploads: Uploads, key: str
) -> str | None:
    """Returns None, or why it could not be kept; empty where that is only how often they wrote."""
    at = timezone.now()
    if len(text) > LONGEST_TEXT:
        return ""
    if too_often(f"left {ticket.pk} {contact.pk}", MOST_A_DAY, timedelta(days=1), at=at):
        return ""
    sender = contact.user.email if contact.user else ""
    written = Written(text.strip(), files=as_files(uploads.kept), sender=sender)
    try:
        take_in_outsider_message(ticket, written, channel="portal", at=at, by=contact, key=key)
    except Refused as refused:
        return in_words(refused, "requester")
    return None


def _left(contact: Contact, number: str) -> Ticket:
    prefix, digits = split_number(number)
    of_desk = Ticket.objects.select_related("desk").filter(desk=contact.desk_id)
    asked = of_desk.filter(desk__prefix__iexact=prefix, number=digits).first()
    ticket = goes_on_as(asked) if asked else None
    them = {str(pk) for pk in same_person(contact)}
    if ticket is None or not them & {*ticket.state["left"]} or takes_part(contact, ticket):
        raise NoAccess("never was of it")
    return ticket
