"""Mails nobody could make a ticket of: shown, retried, filed by hand, or discarded by a lead. And mails that were
not sent: leads send them after all, or drop them.
"""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from procrastinate.contrib.django import app

from deskbook.channels.email.held import drop, held_mail, release, release_all, send_waiting, waiting_mail
from deskbook.channels.email.intake import RECEIVE_JOB
from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.channels.email.receive import let_in, retry
from deskbook.jobs.given_up import by_kind, try_again
from deskbook.people.access import NoAccess, actor_of_agent, may
from deskbook.people.models import Agent
from deskbook.web.console.frame import quarantined, screen
from deskbook.web.console.seat import for_agents

MOST = 100
SHOWN = 40_000


@require_safe
@for_agents
def quarantine(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The mails that wait for a person, the latest first."""
    mails = list(quarantined(agent).order_by("-received_at")[:MOST])
    unsent, waiting = held_mail(agent), waiting_mail(agent)
    return screen(
        request, agent, "quarantine.html", current="quarantine", mails=mails, unsent=list(unsent[:MOST]),
        unsent_count=unsent.count(), waiting=list(waiting[:MOST]), waiting_count=waiting.count(),
        may_discard=may(agent, "discard mail"), given_up=list(by_kind()) if may(agent, "retry jobs") else [],
    )  # fmt: skip


@require_POST
@for_agents
def trying_jobs(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Owners only. Everything that was given up is tried again; what fails again comes back here."""
    if not may(agent, "retry jobs"):
        raise NoAccess("owners try jobs again")
    try_again(at=timezone.now())
    messages.success(request, _("It is tried again. What fails again comes back here."))
    return HttpResponseRedirect(reverse("console-quarantine"))


@require_safe
@for_agents
def raw_mail(request: HttpRequest, agent: Agent, mail: int) -> HttpResponse:
    """The beginning of a mail as it came, as plain text: nothing of it is interpreted."""
    found = _mail(agent, mail)
    text = bytes(found.raw.data)[:SHOWN].decode(errors="replace")
    return screen(request, agent, "raw_mail.html", current="quarantine", mail=found, text=text)


@require_POST
@for_agents
def retrial(request: HttpRequest, agent: Agent, mail: int) -> HttpResponse:
    found = _mail(agent, mail)
    with transaction.atomic():  # new without its job it would stand in no list
        retry(found)
        app.configure_task(RECEIVE_JOB, queue="intake").defer(inbound_id=found.pk)
    messages.success(request, _("The mail is read again. If it cannot be, it comes back here."))
    return HttpResponseRedirect(reverse("console-quarantine"))


@require_POST
@for_agents
def letting_in(request: HttpRequest, agent: Agent, mail: int) -> HttpResponse:
    """All that is held because too many came of this sender is read."""
    count = let_in(_mail(agent, mail))
    words = ngettext("%(count)s mail is read.", "%(count)s mails are read.", count)
    messages.success(request, words % {"count": count})
    return HttpResponseRedirect(reverse("console-quarantine"))


@require_POST
@for_agents
def discarding(request: HttpRequest, agent: Agent, mail: int) -> HttpResponse:
    """Leads only. The mail stays stored, marked with who discarded it."""
    if not may(agent, "discard mail"):
        raise NoAccess("leads discard mails")
    found = _mail(agent, mail)
    found.state, found.reason = InboundMail.State.IGNORED, f"Discarded by {actor_of_agent(agent)}. {found.reason}"
    found.save(update_fields=["state", "reason"])
    messages.success(request, _("Discarded."))
    return HttpResponseRedirect(reverse("console-quarantine"))


@require_POST
@for_agents
def releasing(request: HttpRequest, agent: Agent, mail: int) -> HttpResponse:
    """Leads only. The mail leaves, whatever it was held for."""
    unsent = _unsent(agent, mail)
    if release(unsent, at=timezone.now(), by=agent):
        messages.success(request, _("It leaves now."))
    from_ticket = unsent.ticket is not None and request.POST.get("back") == str(unsent.ticket)
    back = reverse("console-ticket", args=[str(unsent.ticket)]) if from_ticket else reverse("console-quarantine")
    return HttpResponseRedirect(back)


@require_POST
@for_agents
def releasing_all(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads only. All that was held or given up leaves, whatever for."""
    if not may(agent, "discard mail"):
        raise NoAccess("leads decide about held mails")
    count = release_all(agent, at=timezone.now())
    messages.success(
        request, ngettext("%(count)s mail leaves now.", "%(count)s mails leave now.", count) % {"count": count}
    )
    return HttpResponseRedirect(reverse("console-quarantine"))


@require_POST
@for_agents
def trying_now(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads only. What waits for the mail server tries at once: somebody has put it right."""
    if not may(agent, "discard mail"):
        raise NoAccess("leads decide about held mails")
    send_waiting(at=timezone.now())
    messages.success(request, _("It is tried now. What the mail server still does not take goes on waiting."))
    return HttpResponseRedirect(reverse("console-quarantine"))


@require_POST
@for_agents
def dropping(request: HttpRequest, agent: Agent, mail: int) -> HttpResponse:
    """Leads only. The mail never leaves; it stays stored, marked with who decided it."""
    if drop(_unsent(agent, mail), by=agent):
        messages.success(request, _("Discarded."))
    return HttpResponseRedirect(reverse("console-quarantine"))


def _unsent(agent: Agent, number: int) -> OutboundMail:
    if not may(agent, "discard mail"):
        raise NoAccess("leads decide about held mails")
    found = held_mail(agent).filter(pk=number).first()
    if found is None:
        raise Http404("no such mail")
    return found


def _mail(agent: Agent, number: int) -> InboundMail:
    found = quarantined(agent).select_related("raw").filter(pk=number).first()
    if found is None:
        raise Http404("no such mail")
    return found
