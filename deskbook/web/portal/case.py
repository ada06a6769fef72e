"""Following a case: where it stands, what happens next, what was said; answering, closing."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.engine.closure import may_come_back
from deskbook.engine.desk import Desk
from deskbook.engine.freeze import stage_before
from deskbook.engine.moving_events import BEGINNINGS
from deskbook.engine.ticket import TicketState
from deskbook.people.access import (
    NoAccess,
    may_close,
    may_write_on,
    split_number,
    ticket_for_contact,
    visible_to_contact,
)
from deskbook.people.books import desk_in_force, ended_desk
from deskbook.people.merging import same_person
from deskbook.people.models import Contact, User
from deskbook.people.reading_since import later_than
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.awaited import awaited_on
from deskbook.tickets.conversation import take_in_message
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.kept_files import as_files
from deskbook.tickets.messages import LONGEST_TEXT, Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.next_step import next_steps
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.taking_back import case_taken_back
from deskbook.web.acts.own_case import OwnCase
from deskbook.web.acts.requesters import OfRequester
from deskbook.web.portal.acting import acts_on_a_case
from deskbook.web.portal.conversation import said_on, severity_reason
from deskbook.web.portal.drafts import carry_draft, drafted, drop_draft, keep_texts, place_of_answer
from deskbook.web.portal.frame import client_key, command_key, frame, named_colleagues
from deskbook.web.portal.orders import work_context
from deskbook.web.shared.campaign import outside_dates
from deskbook.web.times import by_instant
from deskbook.web.told import severity_word
from deskbook.web.uploads import OF_REQUESTERS, Uploads, kept_files, limits, take_uploads
from deskbook.web.viewer import for_requesters


@for_requesters
def case(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    """Shows one case; one that goes on as another leads there, where the reader follows that."""
    ticket, user = _asked(contact, number), _user(contact)
    kept = _kept(contact, ticket) or (ticket if str(ticket) != number.upper() else None)
    if kept is not None:
        carry_draft(user, place_of_answer(number.upper()), place_of_answer(str(kept)))
        asked = ticket if kept.pk != ticket.pk else number
        messages.info(request, _("{number} goes on as {into}.").format(number=asked, into=kept))
        return redirect("portal-case", ticket.desk.key, str(kept))
    place = place_of_answer(str(ticket))
    uploads = Uploads(tuple(kept_files(user, place)))
    return _show(
        request, contact, ticket, typed=drafted(user, place).get("text", ""), uploads=uploads
    )


@acts_on_a_case
def answer(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    """Takes what the requester writes on a case; a solved or closed one comes back by it."""
    asked, user = _asked(contact, number), _user(contact)
    ticket = _kept(contact, asked) or asked  # merged while they wrote
    if not may_write_on(contact, ticket):
        raise NoAccess("may read, not write")
    if str(ticket) != number.upper():
        carry_draft(user, place_of_answer(number.upper()), place_of_answer(str(ticket)))
    place, typed = place_of_answer(str(ticket)), request.POST.get("text", "")
    key = command_key(contact, request)
    uploads = take_uploads(request, user, place, OF_REQUESTERS, key=key)
    error = _wrong(typed, uploads)
    if not error and not uploads.error:
        written = Written(typed.strip(), files=as_files(uploads.kept), sender=user.email)
        try:
            _take_in_once(ticket, written, contact, key)
        except Refused as refused:
            error = in_words(refused, "requester")
        else:
            return _done(request, contact, ticket, _taken(ticket))
    keep_texts(user, place, {"text": typed})
    return _show(request, contact, ticket, typed=typed, uploads=uploads, error=error)


def _taken(ticket: Ticket) -> str:
    at = timezone.now()
    ended = ended_desk(ticket.desk, ticket.book_version, at=at)
    return outside_dates(ended, at=at) if ended else _("Sent. We have your answer.")


@for_requesters
def close(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    """Asks whether to close, then closes. Only who opened the case or a named contact may."""
    ticket = ticket_of(contact, number)
    if not may_close(contact, ticket):
        context = frame(contact, colleagues=named_colleagues(contact), number=str(ticket))
        return render(request, "portal/not_named.html", context, status=HTTPStatus.FORBIDDEN)
    refusal = ""
    if request.method == "POST":
        try:
            close_ticket(ticket, at=timezone.now(), by=contact, key=command_key(contact, request))
        except Refused as refused:
            refusal = in_words(refused, "requester")
        else:
            return _done(
                request, contact, ticket, _("{number} is closed. Thank you.").format(number=ticket)
            )
    context = frame(
        contact, ticket=ticket, number=str(ticket), key=client_key(request), refusal=refusal
    )
    return render(
        request,
        "portal/close.html",
        context,
        status=HTTPStatus.CONFLICT if refusal else HTTPStatus.OK,
    )


def ticket_of(contact: Contact, number: str) -> Ticket:
    tickets = Ticket.objects.select_related("desk", "requester", "organisation").defer("search")
    owner, ticket = ticket_for_contact(_user(contact), number, tickets)
    if owner.pk != contact.pk:
        raise NoAccess("a case of another desk")
    return ticket


def _asked(contact: Contact, number: str) -> Ticket:
    """The case of that number; who followed it until a merge was taken back is led to their own,
    with their words.
    """
    try:
        return ticket_of(contact, number)
    except NoAccess:
        prefix, digits = split_number(number)
        there = Ticket.objects.filter(
            desk=contact.desk_id, desk__prefix__iexact=prefix, number=digits
        ).first()
        own = case_taken_back(there, contact) if there else None
        if own is None:
            raise
        return own


def _kept(contact: Contact, ticket: Ticket) -> Ticket | None:
    """The case a merged one goes on as, if this person may see it."""
    into = goes_on_as(ticket)
    return (
        visible_to_contact(contact, Ticket.objects.filter(pk=into.pk)).first()
        if into.pk != ticket.pk
        else None
    )


def _opened_by(ticket: Ticket) -> str:
    """Whose case it was when it was opened: another's now where the requester was changed."""
    now = ticket.requester
    if len({*ticket.state["participants"], *ticket.state["left"]}) < 2:  # nobody else was of it
        return now.name
    opened = ticket.log.filter(kind__in=BEGINNINGS).first()
    asked = Contact.objects.filter(pk=int(opened.data["requester"])).first() if opened else None
    return asked.name if asked and asked.pk not in same_person(now) else now.name


def _user(contact: Contact) -> User:
    if contact.user is None:
        raise NoAccess("nobody is signed in")
    return contact.user


def show_case(
    request: HttpRequest, contact: Contact, ticket: Ticket, *, again: OfRequester
) -> HttpResponse:
    """Shows a case with the form of an act that was not done; the answer being typed stays."""
    ticket.refresh_from_db()
    user, place = _user(contact), place_of_answer(str(ticket))
    uploads = Uploads(tuple(kept_files(user, place)))
    typed = drafted(user, place).get("text", "")
    return _show(request, contact, ticket, typed=typed, uploads=uploads, again=again)


def _show(
    request: HttpRequest,
    contact: Contact,
    ticket: Ticket,
    *,
    typed: str,
    uploads: Uploads,
    error: str = "",
    again: OfRequester | None = None,
) -> HttpResponse:
    at, of = timezone.now(), OwnCase(ticket, contact)
    desk, state, since = of.desk, of.state, of.since
    earlier_than = request.GET.get("before", "")
    is_number = earlier_than.isdecimal() and len(earlier_than) < 18
    said, earlier = said_on(ticket, contact, before=int(earlier_than) if is_number else None)
    stage = desk.stages[state.stage]
    ended = ended_desk(ticket.desk, ticket.book_version, at=at)
    outside = outside_dates(ended or desk_in_force(ticket.desk), at=at)
    open_for_words = not state.merged_into and (ticket.is_open or may_come_back(desk, state, at=at))
    context = frame(
        contact,
        ticket=ticket,
        opened_by=_opened_by(ticket),
        number=str(ticket),
        stage=stage,
        steps=[
            (by_instant(step.sentence, step.due_at), step.tone)
            for step in next_steps(desk, state, at=at, outside=outside, ended=ended is not None)
        ],
        awaited=[] if ended else _awaited(ticket, desk, state, since),
        said=said,
        earlier=earlier,
        severity=_severity(desk, ticket, since),
        may_write=open_for_words and of.may_write,
        may_close=ticket.is_open and may_close(contact, ticket),
        typed=typed,
        kept=uploads.kept,
        error=error,
        files_error=uploads.error,
        limits=limits(),
        key=client_key(request),
        place=place_of_answer(str(ticket)),
        latest=not earlier_than,
        **work_context(of, again),
    )
    status = again.status if again else 422 if error or uploads.error else 200
    return render(request, "portal/case.html", context, status=status)


@transaction.atomic
def _take_in_once(ticket: Ticket, written: Written, contact: Contact, key: str) -> None:
    # The row first: of two sendings at the same instant the second must see that the first was
    # recorded.
    Ticket.objects.select_for_update(no_key=True).filter(pk=ticket.pk).values_list("pk").first()
    take_in_message(ticket, written, channel="portal", at=timezone.now(), by=contact, key=key)


def _awaited(ticket: Ticket, desk: Desk, state: TicketState, since: datetime | None) -> list[str]:
    """What the desk waits for, where the reader may know that it asked."""
    stage = stage_before(desk, state) if state.held_by else desk.stages[state.stage]
    waits = stage.next == "requester"
    asked = waits and (
        since is None or ticket.log.filter(later_than(since), kind="InformationRequested").exists()
    )
    return awaited_on(ticket, desk, state) if asked else []


def _severity(desk: Desk, ticket: Ticket, since: datetime | None) -> dict[str, Any] | None:
    state = state_of(ticket)
    level = desk.severities.get(state.severity or "")
    if level is None:
        return None
    claimed = desk.severities.get(state.claimed or "")
    changed = claimed is not None and claimed != level
    return {
        "word": "" if desk.severity_word == "severity" else severity_word(desk),
        "title": level.title,
        "verified": state.verified is not None,
        "said": state.claimed != desk.default_severity,  # which stands where nobody said one
        "claimed": claimed.title if claimed and changed else "",
        "reason": severity_reason(ticket, since) if state.verified else "",
    }


def _wrong(typed: str, uploads: Uploads) -> str:
    if not typed.strip() and not uploads.kept:
        return _("Write something, or add a file.")
    if len(typed) > LONGEST_TEXT:
        return _(
            "This has {count} characters; at most {most} fit. Shorten it, or attach it as a file."
        ).format(count=len(typed), most=LONGEST_TEXT)
    return ""


def _done(request: HttpRequest, contact: Contact, ticket: Ticket, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    response = redirect("portal-case", contact.desk.key, str(ticket))
    drop_draft(_user(contact), place_of_answer(str(ticket)), response)
    return response
