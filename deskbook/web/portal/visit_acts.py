"""Asking for a visit, answering its date, taking it into a calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.engine.desk import Desk
from deskbook.people.access import NoAccess, may_open_and_close
from deskbook.people.books import desk_in_force
from deskbook.people.models import Contact
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase
from deskbook.tickets.site_visits import open_visit_case
from deskbook.tickets.visit_calendar import calendar_of_visit
from deskbook.tickets.visit_models import DatedVisit
from deskbook.web.acts.own_case import OwnCase
from deskbook.web.acts.requesters import signed_in_by
from deskbook.web.acts.wishes import Wishes
from deskbook.web.portal.case import ticket_of
from deskbook.web.portal.frame import client_key, command_key, frame, named_colleagues
from deskbook.web.portal.questions import Question, questions_of
from deskbook.web.portal.statement import Statement, read_statement
from deskbook.web.shared.forms import sent
from deskbook.web.viewer import for_requesters


@for_requesters
def new_visit(request: HttpRequest, contact: Contact) -> HttpResponse:
    """Asks for a visit: one form that opens the case and says how many people, where and when."""
    desk = desk_in_force(contact.desk)
    if not desk.site_visits:
        raise NoAccess("this desk sends nobody out")
    if not may_open_and_close(contact):
        context = frame(contact, colleagues=named_colleagues(contact))
        return render(request, "portal/not_named.html", context, status=HTTPStatus.FORBIDDEN)
    questions = _questions(contact)
    if request.method == "POST":
        return _open(request, contact, questions)
    return _form(
        request, contact, questions, Statement({q.name: q.default for q in questions}), Wishes()
    )


@require_safe
@for_requesters
def calendar(request: HttpRequest, contact: Contact, number: str, visit: str) -> HttpResponse:
    """One visit as a file for a calendar."""
    ticket = ticket_of(contact, number)
    row = (
        DatedVisit.objects.filter(ticket=ticket, visit=visit).select_related("ticket__desk").first()
    )
    if row is None or not OwnCase(ticket, contact).reads_visit(visit):
        raise NoAccess("no such visit")
    file = calendar_of_visit(row, contact)
    response = HttpResponse(file.data, content_type=f"{file.content_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _questions(contact: Contact) -> tuple[Question, ...]:
    """The usual form without what a visit answers by itself: its type, its severity, when something
    is needed.
    """
    desk = desk_in_force(contact.desk)
    fixed = {
        f"facet {key}"
        for rule in desk.site_visits
        for key, values in rule.when.items()
        if len(values) == 1
    }
    asked = (
        q for q in questions_of(desk) if q.about not in fixed and q.kind not in ("level", "date")
    )
    named = {"subject": _("What is it for?"), "text": _("What shall people learn or settle?")}
    return tuple(
        replace(question, label=named[question.name], hint="")
        if question.name in named
        else question
        for question in asked
        if question.name in ("subject", "text")
        or question.required
        or question.about.startswith("facet ")
    )


def _open(request: HttpRequest, contact: Contact, questions: Sequence[Question]) -> HttpResponse:
    at, form = timezone.now(), Wishes(sent(request))
    stated = read_statement(questions, request.POST, at=at)
    if not form.is_valid() or stated.errors:
        return _form(request, contact, questions, stated, form)
    desk = desk_in_force(contact.desk)
    answers = {q.about: stated.values[q.name].strip() for q in questions}
    written = Written(answers["text"], sender=signed_in_by(contact))
    facets = _facets(desk, answers)
    case = NewCase(answers["subject"], written, "portal", desk.default_severity, facets)
    key = command_key(contact, request)
    try:
        opened = open_visit_case(contact, case, form.wish(), at=at, key=key)
    except Refused as refused:
        form.refusal = in_words(refused, "requester")
        return _form(request, contact, questions, stated, form)
    told = _("Your request is {number}. The desk decides and tells you.")
    messages.success(request, told.format(number=opened.ticket))
    return redirect("portal-case", contact.desk.key, str(opened.ticket))


def _facets(desk: Desk, answers: Mapping[str, str]) -> dict[str, str]:
    """What a visit is sorted by: what was chosen, and what the book takes visits for."""
    begins = "facet "
    facets = {
        about.removeprefix(begins): value
        for about, value in answers.items()
        if about.startswith(begins) and value
    }
    given = desk.site_visits[0].when.items()
    return facets | {key: next(iter(values)) for key, values in given if len(values) == 1}


def _form(
    request: HttpRequest,
    contact: Contact,
    questions: Sequence[Question],
    stated: Statement,
    form: Wishes,
) -> HttpResponse:
    wrong = bool(stated.errors or form.errors or form.refusal)
    context = frame(
        contact,
        questions=questions,
        values=stated.values,
        errors=stated.errors,
        form=form,
        wrong=wrong,
        refusal=form.refusal,
        key=client_key(request),
    )
    return render(request, "portal/new_visit.html", context, status=422 if wrong else 200)
