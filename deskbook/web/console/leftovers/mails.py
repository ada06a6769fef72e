"""One mail that was set aside, as it came; and all of a sender of whom too many came."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from deskbook.channels.all import sorts_of_left_over
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.set_aside import beginning_of, held_here, let_in, set_aside
from deskbook.delivery.left_over import LeftOver
from deskbook.delivery.states import Taken
from deskbook.people.models import Agent
from deskbook.web.console.leftovers.rows import shown_rows
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents

SHOWN = 40_000


@require_safe
@for_agents
def raw_mail(request: HttpRequest, agent: Agent, mail: int) -> HttpResponse:
    """The beginning of a mail as it came, as plain text: nothing of it is interpreted."""
    mails = set_aside(agent).select_related("raw", "ticket__desk").defer("raw__data", "search")
    found = _one_of(mails, mail)
    text = beginning_of(found, SHOWN).decode(errors="replace") if found.may_be_read else ""
    [row] = shown_rows([LeftOver(sorts_of_left_over()["mail-in"], found, found.received_at)], agent)
    return screen(
        request,
        agent,
        "raw_mail.html",
        current="left-over",
        mail=found,
        row=row,
        text=text,
        is_cut=found.raw.size > SHOWN,
        show="mail-in" if found.state == Taken.HELD else "left-out",
    )


@require_POST
@for_agents
def letting_in(request: HttpRequest, agent: Agent, mail: int) -> HttpResponse:
    """All that is held because too many came of this sender is read."""
    count = let_in(_one_of(held_here(agent), mail))
    words = ngettext("%(count)s mail is read.", "%(count)s mails are read.", count)
    messages.success(request, words % {"count": count})
    return HttpResponseRedirect(reverse("console-left-over"))


def _one_of(mails: QuerySet[InboundMail], number: int) -> InboundMail:
    found = mails.filter(pk=number).first()
    if found is None:
        raise Http404("no such mail")
    return found
