"""The phones of a demo: the texts that did not leave, and answering them as their readers would."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.channels.sms.incoming import Text, take_text
from deskbook.channels.sms.models import IncomingText, SmsGateway, TextMessage
from deskbook.channels.sms.reports import Report, take_report
from deskbook.delivery.states import State, Taken
from deskbook.people.models import HelpDesk
from deskbook.people.refusals import in_words
from deskbook.web.shared.fields import Sent
from deskbook.web.shared.forms import Pressed
from deskbook.web.viewer import in_their_language

MOST = 200
ON_ITS_WAY = (State.HANDED_OVER, State.DELIVERED, State.BOUNCED, State.GIVEN_UP)


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text on a phone, from the desk or to it."""

    id: int
    desk: str
    text: str
    at: datetime
    own: bool = False
    """The phone's owner wrote it."""
    state: str = ""
    parts: int = 1


@require_safe
@in_their_language
def phones(request: HttpRequest) -> HttpResponse:
    """Lists the phones that were texted, the latest first, each with its latest text."""
    latest = TextMessage.objects.filter(state__in=ON_ITS_WAY).order_by("-queued_at", "-pk")
    shown: dict[str, TextMessage] = {}
    for text in latest[:MOST]:
        shown.setdefault(text.number, text)
    return render(
        request, "demo/phones.html", {"desk": _("Demo phones"), "texts": list(shown.values())}
    )


@require_safe
@in_their_language
def phone(request: HttpRequest, number: str) -> HttpResponse:
    """Shows what one phone got and wrote, with what its owner may do."""
    bubbles = _bubbles(f"+{number}")
    if not bubbles:
        raise Http404("no such phone")
    desks = HelpDesk.objects.filter(
        pk__in=TextMessage.objects.filter(number=f"+{number}").values("desk")
    )
    choices = [(desk.key, desk.title) for desk in desks.order_by("title")]
    return render(
        request,
        "demo/phone.html",
        {"desk": _("Demo phones"), "number": number, "bubbles": bubbles, "desks": choices},
    )


@require_POST
@in_their_language
def report(request: HttpRequest, number: str, text: int) -> HttpResponse:
    """Reports, as the gateway would, that a text arrived or did not."""
    found = get_object_or_404(TextMessage, pk=text, number=f"+{number}", state__in=ON_ITS_WAY)
    gateway = get_object_or_404(SmsGateway.objects.select_related("desk"), desk=found.desk_id)
    status = "delivered" if request.POST.get("status") == "delivered" else "failed"
    take_report(gateway, Report(status, found.provider_id, found.reference), at=timezone.now())
    return redirect("demo-phone", number)


class Answer(Pressed):
    """What is written back, and to which desk."""

    text, desk = Sent(), Sent()


@require_POST
@in_their_language
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Sends a text to a desk as the phone's owner would."""
    form = Answer(request)
    words, helpdesk = form("text"), get_object_or_404(HelpDesk, key=form("desk"))
    if not TextMessage.objects.filter(number=f"+{number}", desk=helpdesk).exists():
        raise Http404("no such phone")
    if not words:
        messages.error(request, _("Write something, or add a file."))
        return redirect("demo-phone", number)
    row = take_text(
        helpdesk, Text(f"+{number}", words[:2_000], f"demo-{token_hex(8)}"), at=timezone.now()
    )
    if row.state == Taken.DONE:
        messages.success(request, _("It is on %(ticket)s.") % {"ticket": row.ticket})
    else:
        messages.error(request, in_words(row.reason))
    return redirect("demo-phone", number)


def _bubbles(number: str) -> list[Bubble]:
    came = (
        TextMessage.objects.filter(number=number, state__in=ON_ITS_WAY)
        .select_related("desk")
        .order_by("-pk")[:MOST]
    )
    went = IncomingText.objects.filter(number=number).select_related("desk").order_by("-pk")[:MOST]
    both = [
        *(
            Bubble(
                t.pk, t.desk.title, t.text, t.sent_at or t.queued_at, state=t.state, parts=t.parts
            )
            for t in came
        ),
        *(Bubble(t.pk, t.desk.title, t.text, t.came_at, own=True) for t in went),
    ]
    return sorted(both, key=lambda bubble: bubble.at)
