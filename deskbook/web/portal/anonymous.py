"""Writing without a name: the form, the number with its secret, and the way back to the case."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from deskbook.engine.anonymous import Nameless, taken_by
from deskbook.engine.desk import Desk
from deskbook.people.access import NoAccess, split_number
from deskbook.people.anonymous import contact_without_a_name, has_the_secret, secret_of
from deskbook.people.books import desk_in_force
from deskbook.people.limits import too_often
from deskbook.people.models import Contact, HelpDesk
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.web.client_address import client_address
from deskbook.web.portal.frame import client_key
from deskbook.web.portal.questions import Question, questions_of
from deskbook.web.portal.statement import Statement, case_of, read_statement
from deskbook.web.shared.campaign import outside_dates
from deskbook.web.signing_in import begin_nameless_session
from deskbook.web.typed import key_of
from deskbook.web.viewer import in_their_language, in_zone

AN_HOUR = timedelta(hours=1)
MOST_OF_AN_ADDRESS, MOST_OF_A_DESK = 10, 300
"""Cases without a name in an hour: a hall shares one address."""
MOST_SECRETS = 30
"""Tries of a secret from one address in an hour."""


@never_cache
@require_http_methods(["GET", "POST"])
@in_their_language
def anonymous(request: HttpRequest, key: str) -> HttpResponse:
    """Shows the form and takes the case; 404 where the book takes none without a name here. What
    was taken is shown with its secret, which is shown again only for the same form.
    """
    helpdesk, desk = _desk(key)
    with in_zone(desk.zone):
        questions = _questions(desk)
        if request.method == "POST":
            return _take(request, helpdesk, questions)
        typed = Statement({one.name: one.default for one in questions})
        return _form(request, desk, questions, typed)


def _desk(key: str) -> tuple[HelpDesk, Desk]:
    helpdesk = get_object_or_404(HelpDesk, key=key)
    desk = desk_in_force(helpdesk)
    if not takes_nameless(desk):
        raise Http404("no cases without a name")
    return helpdesk, desk


def takes_nameless(desk: Desk) -> bool:
    """Whether who gives no name may write to this desk in the portal."""
    return bool(_lines(desk))


def _portal(desk: Desk) -> str:
    """The book's own word for the channel that these pages are; empty where it has none."""
    portal = desk.channel_of("portal")
    return portal.key if portal else ""


def _lines(desk: Desk) -> Sequence[Nameless]:
    key = _portal(desk)
    return taken_by(desk.anonymous, key) if key else ()


def _questions(desk: Desk) -> tuple[Question, ...]:
    """What the form asks; of a facet that decides whether a case is taken, what is taken alone."""
    lines = _lines(desk)
    return tuple(_narrowed(one, lines) for one in questions_of(desk))


def _narrowed(question: Question, lines: Sequence[Nameless]) -> Question:
    taken = [line.when.get(question.about.removeprefix("facet ")) for line in lines]
    if not question.options or not all(taken):
        return question
    values = frozenset[str]().union(*filter(None, taken))
    options = tuple(one for one in question.options if one.value in values)
    default = options[0].value if len(options) == 1 else ""
    return replace(question, options=options, default=default, required=True)


def _take(request: HttpRequest, helpdesk: HelpDesk, questions: Sequence[Question]) -> HttpResponse:
    at, desk = timezone.now(), desk_in_force(helpdesk)
    stated = read_statement(questions, request.POST, at=at)
    if stated.errors:
        return _form(request, desk, questions, stated)
    if _many(request, helpdesk, at):
        said = _("Too many have come from here within an hour. Nothing is lost: try again later.")
        return _form(request, desk, questions, stated, refusal=said)
    key = f"portal {helpdesk.pk} {key_of(request, client_key(request))}"
    try:
        case = case_of(questions, stated, (), channel=_portal(desk))
        ticket = _opened(helpdesk, key, case, at)
    except Refused as refused:
        said = in_words(refused, "requester")
        return _form(request, desk, questions, stated, refusal=said)
    context = {"desk": desk.title, "desk_key": helpdesk.key}
    context |= {"number": str(ticket), "secret": secret_of(key)}
    return render(request, "portal/anonymous_taken.html", context)


@transaction.atomic
def _opened(helpdesk: HelpDesk, key: str, case: NewCase, at: datetime) -> Ticket:
    contact = contact_without_a_name(helpdesk, key, translation.get_language() or "")
    return open_ticket(contact, case, at=at, by=contact, key=f"nameless:{contact.pk}").ticket


def _many(request: HttpRequest, helpdesk: HelpDesk, at: datetime) -> bool:
    """Counted for an address and for the desk; an address is kept as a hash, for a day."""
    here = f"nameless {helpdesk.pk} {client_address(request)}"
    return too_often(here, MOST_OF_AN_ADDRESS, AN_HOUR, at=at) or too_often(
        f"nameless {helpdesk.pk}", MOST_OF_A_DESK, AN_HOUR, at=at
    )


def _form(
    request: HttpRequest,
    desk: Desk,
    questions: Sequence[Question],
    stated: Statement,
    *,
    refusal: str = "",
) -> HttpResponse:
    wrong = bool(stated.errors or refusal)
    context = {
        "desk": desk.title,
        "desk_key": desk.key,
        "questions": questions,
        "values": stated.values,
        "errors": stated.errors,
        "refusal": refusal,
        "key": client_key(request),
        "wrong": wrong,
        "outside": outside_dates(desk, at=timezone.now()),
    }
    return render(request, "portal/anonymous.html", context, status=422 if wrong else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@in_their_language
def follow(request: HttpRequest, key: str) -> HttpResponse:
    """Asks for the number and the secret, and leads to the case. A wrong secret is not told from a
    number that is none.
    """
    helpdesk = get_object_or_404(HelpDesk, key=key)
    number = (request.POST.get("number") or request.GET.get("number") or "").strip()[:30]
    error = ""
    if request.method == "POST":
        contact, error = _whose(request, helpdesk, number)
        if contact is not None and contact.user is not None:
            begin_nameless_session(request, contact.user)
            return redirect("portal-case", key, number.upper())
    context = {
        "desk": helpdesk.title,
        "desk_key": key,
        "number": number,
        "error": error,
        "writes": takes_nameless(desk_in_force(helpdesk)),
    }
    return render(request, "portal/anonymous_follow.html", context, status=422 if error else 200)


def _whose(request: HttpRequest, helpdesk: HelpDesk, number: str) -> tuple[Contact | None, str]:
    at, here = timezone.now(), f"{helpdesk.pk} {client_address(request)}"
    if too_often(f"secrets {here}", MOST_SECRETS, AN_HOUR, at=at):
        return None, _("This was tried too often. Try again in an hour.")
    ticket = _named(helpdesk, number)
    if ticket and has_the_secret(ticket.requester, request.POST.get("secret", "")[:100]):
        return ticket.requester, ""
    return None, _("This number and this secret do not belong together. Look at both again.")


def _named(helpdesk: HelpDesk, number: str) -> Ticket | None:
    try:
        prefix, count = split_number(number.upper())
    except NoAccess:
        return None
    found = Ticket.objects.filter(desk=helpdesk, desk__prefix=prefix, number=count)
    return found.select_related("requester__user").first()
