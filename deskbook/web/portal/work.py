"""The acts of requesters in the portal: their addresses, and what becomes of one refused."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone

from deskbook.people.access import NoAccess
from deskbook.people.models import Contact
from deskbook.web.acts.doing import How, do
from deskbook.web.acts.own_case import OwnCase
from deskbook.web.acts.registry import REQUESTERS_ACTS
from deskbook.web.acts.requesters import OfRequester
from deskbook.web.portal.acting import acts_on_a_case
from deskbook.web.portal.case import show_case, ticket_of
from deskbook.web.portal.frame import command_key
from deskbook.web.shared.forms import sent


def addresses() -> list[URLPattern]:
    """Returns the addresses of all acts."""
    on_a_case = "<slug:key>/cases/<str:number>"
    return [
        path(f"{on_a_case}/{act.address}", _view_of(act), name=f"portal-{key}")
        for key, act in REQUESTERS_ACTS.items()
    ]


def _view_of(act: type[OfRequester]) -> Callable[..., HttpResponse]:
    """Makes the view of an act: done it says so; refused, the case comes back with the reason."""

    @acts_on_a_case
    def view(request: HttpRequest, contact: Contact, number: str, /, **parts: str) -> HttpResponse:
        of = OwnCase(ticket_of(contact, number), contact)
        form = act(of, sent(request), **parts)
        form.files = request.FILES
        if not form.allowed:
            raise NoAccess(act.denied)
        key = command_key(contact, request)
        done = do(form, How(at=timezone.now(), by=contact, key=key))
        if done is None:
            return show_case(request, contact, of.ticket, again=form)
        messages.success(request, str(done))
        return redirect("portal-case", contact.desk.key, str(of.ticket))

    return view
