"""The desk's WhatsApp number: what an owner enters, and what came that could not be read."""

import re
from collections.abc import Iterator, Mapping
from secrets import token_urlsafe

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import BinaryField
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from deskbook.channels.whatsapp.accounts import SECRETS, Entered, account_of, keep_account
from deskbook.channels.whatsapp.deliver import send_waiting
from deskbook.channels.whatsapp.media import fetch_again
from deskbook.channels.whatsapp.models import WhatsAppMedia, WhatsAppPayload
from deskbook.channels.whatsapp.receive import retry
from deskbook.delivery import inbox
from deskbook.delivery.states import Taken
from deskbook.people.access import of_desk, only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.typed import Typed, typed
from deskbook.web.shared.seat import for_agents

MOST_SHOWN = 30
_SHOWN_BYTES = 4_000


@require_http_methods(["GET", "POST"])
@for_agents
def account(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Owners: the account, its secrets never shown again."""
    only_who_may(agent, "connect gateways")
    if request.method == "GET":
        return _page(request, agent, Typed())
    given = {
        name: request.POST.get(name, "").strip()
        for name in ("phone_number_id", "display_number", *SECRETS)
    }
    problems = {name: [text] for name, text in _wrong(agent, given)}
    try:
        if not problems:
            with transaction.atomic():
                keep_account(agent.desk, Entered(**given), at=timezone.now(), by=agent)
                send_waiting(agent.desk, at=timezone.now())
    except IntegrityError:
        problems = {"phone_number_id": [_("Another desk has this number already.")]}
    if problems:
        return _page(request, agent, typed(request, "account", errors=problems), status=422)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("console-whatsapp-account"))


@require_POST
@for_agents
def payload(request: HttpRequest, agent: Agent, payload: int) -> HttpResponse:
    """Owners: a webhook that could not be read is tried again, or discarded."""
    only_who_may(agent, "connect gateways")
    row = of_desk(agent, WhatsAppPayload.objects.filter(state=Taken.HELD), payload)
    if "discard" in request.POST:
        inbox.drop(WhatsAppPayload.objects.filter(pk=row.pk), by=agent)
        messages.success(request, _("Discarded."))
    else:
        retry(row)
        messages.success(request, _("It is tried again."))
    return HttpResponseRedirect(reverse("console-whatsapp-account"))


@require_POST
@for_agents
def media(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Owners: files that could not be fetched are tried once more."""
    only_who_may(agent, "connect gateways")
    count = fetch_again(agent.desk, at=timezone.now())
    messages.success(request, _("Tried again: %(n)s files.") % {"n": count})
    return HttpResponseRedirect(reverse("console-whatsapp-account"))


def _page(request: HttpRequest, agent: Agent, form: Typed, status: int = 200) -> HttpResponse:
    found = account_of(agent.desk)
    held = WhatsAppPayload.objects.filter(desk=agent.desk_id, state=Taken.HELD)
    # Of 3 MB each.
    begins = held.annotate(begin=Substr("raw__data", 1, _SHOWN_BYTES, output_field=BinaryField()))
    rows = begins.order_by("-received_at", "-pk")[:MOST_SHOWN]
    shown = [(row, bytes(row.begin).decode(errors="replace")) for row in rows]
    lost = WhatsAppMedia.objects.filter(
        incoming__desk=agent.desk_id, state=WhatsAppMedia.State.FAILED
    )
    values = form.values if form.act else _values(agent)
    return screen(
        request,
        agent,
        "whatsapp/account.html",
        current="whatsapp",
        status=status,
        form=form,
        values=values,
        account=found,
        hook=f"{settings.DESKBOOK_SITE_URL}/hooks/whatsapp/{agent.desk.key}/",
        held=shown,
        lost=lost.count(),
        service=settings.DESKBOOK_WHATSAPP_URL,
        proposed=token_urlsafe(18),
        in_the_book=desk_in_force(agent.desk).channel_of("whatsapp") is not None,
    )


def _values(agent: Agent) -> dict[str, str]:
    found = account_of(agent.desk)
    names = ("phone_number_id", "display_number")
    return {name: getattr(found, name) for name in names} if found else dict.fromkeys(names, "")


def _wrong(agent: Agent, given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not given["phone_number_id"].isdecimal() or len(given["phone_number_id"]) > 32:
        yield (
            "phone_number_id",
            _("The phone number ID is the number of digits that the app's dashboard shows."),
        )
    if not re.fullmatch(r"\+?[\d\s()-]{6,30}", given["display_number"]):
        yield "display_number", _("Write the number as people dial it: +258 84 000 0100.")
    found = account_of(agent.desk)
    for name in SECRETS:
        if not given[name] and not (found and getattr(found, name)):
            yield name, _("This is needed once.")
        elif len(given[name]) > 1_000:
            yield name, _("This is longer than any such secret.")
