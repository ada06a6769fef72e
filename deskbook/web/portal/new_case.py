"""Opening a case: the form the book asks for. It works without a script, and nothing typed is
lost.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.engine.quotas import refused_whatever_it_is
from deskbook.people.access import may_open_and_close
from deskbook.people.books import desk_in_force
from deskbook.people.models import Contact, User
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.kept_files import as_files
from deskbook.tickets.log import Recorded, recorded_before
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.quotas import used_by, used_by_person
from deskbook.web.portal.drafts import drafted, drop_draft, keep_texts, place_of_new_case
from deskbook.web.portal.frame import client_key, command_key, frame, named_colleagues
from deskbook.web.portal.questions import Question, questions_of
from deskbook.web.portal.statement import Statement, case_of, read_statement
from deskbook.web.shared.campaign import outside_dates
from deskbook.web.shared.plan_words import used_in_words
from deskbook.web.shared.suggested_articles import sent
from deskbook.web.uploads import OF_REQUESTERS, Uploads, kept_files, limits, take_uploads
from deskbook.web.viewer import for_requesters


@for_requesters
def new_case(request: HttpRequest, contact: Contact) -> HttpResponse:
    """Shows the form; takes the case. Only named contacts open one for an organisation: others are
    told whom to ask.
    """
    user = contact.user
    if user is None or not may_open_and_close(contact):
        context = frame(contact, colleagues=named_colleagues(contact))
        return render(request, "portal/not_named.html", context, status=HTTPStatus.FORBIDDEN)
    questions = questions_of(desk_in_force(contact.desk))
    if request.method == "POST":
        return _take(request, contact, user, questions)
    place = place_of_new_case(contact)
    typed = Statement({**{q.name: q.default for q in questions}, **drafted(user, place)})
    return _form(request, contact, questions, typed, Uploads(tuple(kept_files(user, place))))


def _take(
    request: HttpRequest, contact: Contact, user: User, questions: Sequence[Question]
) -> HttpResponse:
    at, place = timezone.now(), place_of_new_case(contact)
    key = command_key(contact, request)
    stated = read_statement(questions, request.POST, at=at)
    uploads = take_uploads(request, user, place, OF_REQUESTERS, key=key)
    if stated.errors or uploads.error:
        keep_texts(user, place, stated.values)
        return _form(request, contact, questions, stated, uploads)
    case = case_of(questions, stated, as_files(uploads.kept), channel="portal")
    case = replace(case, written=replace(case.written, sender=user.email))
    try:
        opened = _opened_once(contact, case, at, key)
    except Refused as refused:
        keep_texts(user, place, stated.values)
        return _form(
            request, contact, questions, stated, uploads, refusal=in_words(refused, "requester")
        )
    sent(request, contact.desk, at=at)
    messages.success(request, _("Your case is {number}. We have it.").format(number=opened.ticket))
    response = redirect("portal-case", contact.desk.key, str(opened.ticket))
    drop_draft(user, place, response)
    return response


def _opened_once(contact: Contact, case: NewCase, at: datetime, key: str) -> Recorded:
    """A form sent twice at the same instant opens one case: who comes second is shown the
    first's.
    """
    try:
        return open_ticket(contact, case, at=at, by=contact, key=key)
    except IntegrityError:
        done = recorded_before(key)
        if done is None:
            raise
        return done


def _form(
    request: HttpRequest,
    contact: Contact,
    questions: Sequence[Question],
    stated: Statement,
    uploads: Uploads,
    *,
    refusal: str = "",
) -> HttpResponse:
    wrong = bool(stated.errors or uploads.error or refusal)
    desk, at = desk_in_force(contact.desk), timezone.now()
    own = used_by_person(contact, at=at)
    full = refused_whatever_it_is(desk, own)
    context = frame(
        contact,
        used=[used_in_words(desk, one) for one in used_by(contact.organisation, at=at)],
        own=[used_in_words(desk, one) for one in own],
        full=in_words(full, "requester") if full else "",
        questions=questions,
        values=stated.values,
        errors=stated.errors,
        kept=uploads.kept,
        files_error=uploads.error,
        limits=limits(),
        refusal=refusal,
        key=client_key(request),
        wrong=wrong,
        place=place_of_new_case(contact),
        outside=outside_dates(desk, at=at),
    )
    return render(request, "portal/new_case.html", context, status=422 if wrong else 200)
