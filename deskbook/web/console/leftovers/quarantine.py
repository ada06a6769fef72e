"""Mail that became no ticket, and mail that was not sent: found again, retried, filed by hand,
discarded and taken back, sent after all. Leads decide for good.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from procrastinate.contrib.django import app

from deskbook.channels.email.held import (
    drop,
    held_mail,
    release,
    release_all,
    send_waiting,
    waiting_mail,
)
from deskbook.channels.email.intake import RECEIVE_JOB
from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.channels.email.set_aside import (
    beginning_of,
    discard,
    found_by,
    held_here,
    left_out,
    let_in,
    retry,
    set_aside,
    take_back,
)
from deskbook.delivery.states import Taken
from deskbook.jobs.given_up import by_kind, try_again
from deskbook.people.access import may, only_who_may
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.paging import page_behind
from deskbook.web.shared.seat import for_agents

PAGE = 50
_TAB_OF: Mapping[str, str] = {
    Taken.HELD: "held",
    Taken.IGNORED: "left-out",
    Taken.DROPPED: "left-out",
}
MOST_AT_ONCE = 500
SHOWN = 40_000
Mail = TypeVar("Mail", InboundMail, OutboundMail)


@dataclass(frozen=True, slots=True)
class Tab:
    """One list of the screen. What was left out needs nobody: it is not counted."""

    key: str
    title: str
    count: int | None


@require_safe
@for_agents
def quarantine(request: HttpRequest, agent: Agent) -> HttpResponse:
    """One list of mails page by page: the first that holds any, unless another is asked for."""
    tabs = _tabs(agent)
    shown = next((tab.key for tab in tabs if tab.key == request.GET.get("show")), None)
    shown = shown or next((tab.key for tab in tabs if tab.count), "held")
    words, after = request.GET.get("q", "").strip()[:200], request.GET.get("after", "")
    mails, more = _LISTS[shown](agent, words, after) if shown in _LISTS else ([], "")
    discarded = _numbers(request.GET.get("discarded", "").split(","))
    return screen(
        request,
        agent,
        "quarantine.html",
        current="quarantine",
        tabs=tabs,
        show=shown,
        mails=mails,
        more=more,
        paged=bool(after),
        words=words,
        may_discard=may(agent, "discard mail"),
        by=_names(mails),
        given_up=list(by_kind(agent)) if shown == "given-up" else [],
        discarded=discarded,
    )


def _tabs(agent: Agent) -> list[Tab]:
    tabs = [
        Tab("held", _("Held"), held_here(agent).count()),
        Tab("unsent", _("Not sent"), held_mail(agent).count()),
        Tab("waiting", _("Waiting to leave"), waiting_mail(agent).count()),
    ]
    if may(agent, "retry jobs"):
        tabs.append(
            Tab("given-up", _("Given up"), sum(times for _kind, _words, times in by_kind(agent)))
        )
    return [
        *(tab for tab in tabs if tab.count or tab.key == "held"),
        Tab("left-out", _("Left out"), None),
    ]


Listed = Callable[[Agent, str, str], tuple[Sequence[InboundMail | OutboundMail], str]]


def _inbound(mails: Callable[[Agent], QuerySet[InboundMail]]) -> Listed:
    def listed(agent: Agent, words: str, after: str) -> tuple[list[InboundMail], str]:
        found = found_by(words, mails(agent)).select_related("ticket__desk")
        return page_behind(found, "received_at", after, PAGE)

    return listed


_LISTS: Mapping[str, Listed] = {
    "held": _inbound(held_here),
    "left-out": _inbound(left_out),
    "unsent": lambda agent, words, after: page_behind(held_mail(agent), "queued_at", after, PAGE),
    "waiting": lambda agent, words, after: page_behind(
        waiting_mail(agent), "queued_at", after, PAGE, first=True
    ),
}


def _names(mails: Iterable[InboundMail | OutboundMail]) -> dict[str, str]:
    """Who discarded which, as people read it."""
    actors = {
        mail.dropped_by for mail in mails if isinstance(mail, InboundMail) and mail.dropped_by
    }
    seats = Agent.objects.filter(
        pk__in=_numbers(actor.partition(":")[2] for actor in actors)
    ).select_related("user")
    return {f"agent:{seat.pk}": str(seat.user) for seat in seats}


@require_safe
@for_agents
def raw_mail(request: HttpRequest, agent: Agent, mail: int) -> HttpResponse:
    """The beginning of a mail as it came, as plain text: nothing of it is interpreted."""
    found = _one_of(
        set_aside(agent).select_related("raw", "ticket__desk").defer("raw__data", "search"), mail
    )
    text = beginning_of(found, SHOWN).decode(errors="replace") if found.may_be_read else ""
    return screen(
        request,
        agent,
        "raw_mail.html",
        current="quarantine",
        mail=found,
        text=text,
        is_cut=found.raw.size > SHOWN,
        may_discard=may(agent, "discard mail"),
        by=_names([found]),
        show=_TAB_OF[found.state],
    )


@require_POST
@for_agents
def retrial(request: HttpRequest, agent: Agent, mail: int) -> HttpResponse:
    found = _one_of(held_here(agent), mail)
    with transaction.atomic():  # new without its job it would stand in no list
        retry(found)
        app.configure_task(RECEIVE_JOB, queue="intake").defer(inbound_id=found.pk)
    messages.success(request, _("The mail is read again. If it cannot be, it comes back here."))
    return _back("held")


@require_POST
@for_agents
def letting_in(request: HttpRequest, agent: Agent, mail: int) -> HttpResponse:
    """All that is held because too many came of this sender is read."""
    count = let_in(_one_of(held_here(agent), mail))
    words = ngettext("%(count)s mail is read.", "%(count)s mails are read.", count)
    messages.success(request, words % {"count": count})
    return _back("held")


@require_POST
@for_agents
def discarding(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads only. The mails chosen stay stored, marked with who discarded them; the next page
    offers to undo it.
    """
    only_who_may(agent, "discard mail")
    chosen = _numbers(request.POST.getlist("mail"))
    if not discard(agent, chosen):
        messages.info(request, _("Nothing was chosen that is still held."))
        return _back("held")
    return _back("held", discarded=",".join(map(str, chosen)))


@require_POST
@for_agents
def taking_back(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads only. What was discarded is held again."""
    only_who_may(agent, "discard mail")
    count = take_back(agent, _numbers(request.POST.getlist("mail")))
    words = ngettext("%(count)s mail is held again.", "%(count)s mails are held again.", count)
    messages.success(request, words % {"count": count})
    return _back("held")


@require_POST
@for_agents
def releasing(request: HttpRequest, agent: Agent, mail: int) -> HttpResponse:
    """Leads only. The mail leaves, whatever it was held for."""
    only_who_may(agent, "discard mail")
    unsent = _one_of(held_mail(agent), mail)
    if release(unsent, at=timezone.now(), by=agent):
        messages.success(request, _("It leaves now."))
    if unsent.ticket is not None and request.POST.get("back") == str(unsent.ticket):
        return HttpResponseRedirect(reverse("console-ticket", args=[str(unsent.ticket)]))
    return _back("unsent")


@require_POST
@for_agents
def releasing_all(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads only. All that was held or given up leaves, whatever for."""
    only_who_may(agent, "discard mail")
    count = release_all(agent, at=timezone.now())
    messages.success(
        request,
        ngettext("%(count)s mail leaves now.", "%(count)s mails leave now.", count)
        % {"count": count},
    )
    return _back("unsent")


@require_POST
@for_agents
def trying_now(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads only. What waits of their desk tries at once: somebody has put the mail server
    right.
    """
    only_who_may(agent, "discard mail")
    send_waiting(agent, at=timezone.now())
    messages.success(
        request, _("It is tried now. What the mail server still does not take goes on waiting.")
    )
    return _back("waiting")


@require_POST
@for_agents
def dropping(request: HttpRequest, agent: Agent, mail: int) -> HttpResponse:
    """Leads only. The mail never leaves; it stays stored, marked with who decided it."""
    only_who_may(agent, "discard mail")
    if drop(_one_of(held_mail(agent), mail), at=timezone.now(), by=agent):
        messages.success(request, _("Discarded."))
    return _back("unsent")


@require_POST
@for_agents
def trying_jobs(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Owners only. What was given up of their desk, or of none, is tried again; what fails again
    comes back here.
    """
    only_who_may(agent, "retry jobs")
    try_again(agent, at=timezone.now())
    messages.success(request, _("It is tried again. What fails again comes back here."))
    return _back("given-up")


def _back(show: str, **more: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("console-quarantine", query={"show": show, **more}))


def _numbers(typed: Iterable[str]) -> list[int]:
    return [int(one) for one in typed if one.isascii() and one.isdecimal() and len(one) < 18][
        :MOST_AT_ONCE
    ]


def _one_of(mails: QuerySet[Mail], number: int) -> Mail:
    found = mails.filter(pk=number).first()
    if found is None:
        raise Http404("no such mail")
    return found
