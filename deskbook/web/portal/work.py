"""What the customer decides about: estimates, deliveries; and the papers they send."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.channels.email.attachments import safe_name
from deskbook.engine.desk import Paper
from deskbook.people.access import NoAccess, may_sign, may_write_on, reads_since
from deskbook.people.limits import too_often
from deskbook.people.models import Contact
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.log import recorded_before
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.papers import check_file, papers_known
from deskbook.tickets.procedure import send_paper
from deskbook.tickets.work import confirm_delivery, decline_estimate, sign_estimate
from deskbook.web.portal.acting import acts_on_a_case
from deskbook.web.portal.case import show_case, ticket_of
from deskbook.web.portal.frame import client_key, command_key, signed_in_by
from deskbook.web.portal.orders import Problem, work_context
from deskbook.web.uploads import LARGEST_FILE, OF_REQUESTERS, too_much_today

MOST_OF_A_PAPER = 20
"""How often one paper of a case is sent in a day: each time it is a message, with all that a
message sets going.
"""
Decide = Callable[[HttpRequest, Contact, Ticket, str], None]


def _deciding(done: Callable[[], str]) -> Callable[[Decide], Callable[..., HttpResponse]]:
    """Makes a view of what a customer decides: done it says so; refused, the case comes back with
    the reason.
    """

    def made(decide: Decide) -> Callable[..., HttpResponse]:
        @acts_on_a_case
        def view(
            request: HttpRequest, contact: Contact, number: str, /, **parts: str
        ) -> HttpResponse:
            ticket = ticket_of(contact, number)
            if not may_sign(contact, ticket):
                raise NoAccess("may read, not decide")
            try:
                decide(request, contact, ticket, parts.get("estimate", ""))
            except Refused as refused:
                about = parts.get("estimate", "delivery")
                problem = Problem(
                    about, in_words(refused, "requester"), reason=request.POST.get("reason", "")
                )
                return show_case(
                    request,
                    contact,
                    ticket,
                    work=work_context(contact, ticket, problem),
                    status=409,
                )
            messages.success(request, done())
            return redirect("portal-case", contact.desk.key, str(ticket))

        return view

    return made


@_deciding(lambda: _("Signed. The work begins."))
def sign(request: HttpRequest, contact: Contact, ticket: Ticket, estimate: str) -> None:
    if request.POST.get("reason", "").strip():
        raise Refused("signing: why declined")
    sign_estimate(
        ticket,
        estimate,
        at=timezone.now(),
        by=contact,
        key=command_key(contact, client_key(request)),
    )


@_deciding(lambda: _("Declined. The desk reads why."))
def decline(request: HttpRequest, contact: Contact, ticket: Ticket, estimate: str) -> None:
    key, reason = command_key(contact, client_key(request)), request.POST.get("reason", "")[:2000]
    decline_estimate(ticket, estimate, reason=reason, at=timezone.now(), by=contact, key=key)


@_deciding(lambda: _("Confirmed. Thank you."))
def confirm(request: HttpRequest, contact: Contact, ticket: Ticket, _estimate: str) -> None:
    confirm_delivery(
        ticket, at=timezone.now(), by=contact, key=command_key(contact, client_key(request))
    )


@acts_on_a_case
def paper(request: HttpRequest, contact: Contact, number: str, paper: str) -> HttpResponse:
    """Takes a paper the request needs; a list with a declared shape only when every row is
    right.
    """
    ticket = ticket_of(contact, number)
    if not may_write_on(contact, ticket):
        raise NoAccess("may read, not write")
    wanted = next(
        (one for one in papers_known(ticket, reads_since(contact, ticket)) if one.key == paper),
        None,
    )
    if wanted is None:
        raise NoAccess("no such paper")
    taken = _take(request, contact, ticket, wanted)
    if isinstance(taken, Problem):
        return show_case(
            request, contact, ticket, work=work_context(contact, ticket, taken), status=422
        )
    messages.success(request, taken)
    return redirect("portal-case", contact.desk.key, str(ticket))


def _take(request: HttpRequest, contact: Contact, ticket: Ticket, wanted: Paper) -> Problem | str:
    """Returns what is wrong, or the sentence that says that it is sent."""
    upload = request.FILES.get("file")
    if upload is None or not upload.size:
        return Problem(wanted.key, _("Choose a file."))
    if upload.size > LARGEST_FILE:
        return Problem(wanted.key, _("This file is too large: ten megabytes at most."))
    kind, data = upload.content_type or "application/octet-stream", upload.read()
    checked = check_file(wanted, data)
    if checked and not checked.good:
        return Problem(wanted.key, checked=checked)
    file = File(safe_name(upload.name or "", kind, 1), kind, data)
    key = command_key(contact, client_key(request))
    if not recorded_before(key) and (enough := _enough_today(upload, contact, ticket, wanted)):
        return Problem(wanted.key, enough)
    try:
        sent = Written("", files=(file,), sender=signed_in_by(contact))
        send_paper(
            ticket, wanted.key, sent, channel="portal", at=timezone.now(), by=contact, key=key
        )
    except Refused as refused:
        return Problem(wanted.key, in_words(refused, "requester"))
    unread = bool(wanted.columns) and checked is None
    return _("Sent. We have it; its rows are checked later.") if unread else _("Sent. We have it.")


def _enough_today(
    upload: "UploadedFile[bytes]", contact: Contact, ticket: Ticket, wanted: Paper
) -> str:
    """Counts a paper that is about to be stored, and returns why it may not be."""
    if contact.user is None:
        raise NoAccess("nobody is signed in")
    if too_much := too_much_today([upload], contact.user, OF_REQUESTERS):
        return in_words(too_much, "requester")
    this = f"paper {wanted.key} of case {ticket.pk}"
    if too_often(this, MOST_OF_A_PAPER, timedelta(days=1), at=timezone.now()):
        return _(
            "It was sent {count} times today. We look at these first; send it again tomorrow."
        ).format(count=MOST_OF_A_PAPER)
    return ""
