"""What a visitor's screen sends and asks while the chat goes on. Who they are says the secret in
the header.
"""

from itertools import islice

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from deskbook.channels.chat import talk, transcript
from deskbook.channels.chat.models import ChatSession
from deskbook.channels.chat.notices import tell
from deskbook.channels.chat.tries import too_much_said
from deskbook.jobs.mirroring import mirrored
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refusal, Refused
from deskbook.tickets.ratings import closing_of, may_rate, rating_token
from deskbook.web.chat_live import entry_in
from deskbook.web.client_address import client_address
from deskbook.web.public.chat.visitor import Place, in_their_chat, is_over, problem
from deskbook.web.shared.chat_lines import (
    THE_COPY,
    Shown,
    line_for_visitor,
    link_to,
    state_for_visitor,
)
from deskbook.web.shared.chat_writing import LineForm


@require_POST
@in_their_chat
def lines(request: HttpRequest, place: Place, session: ChatSession) -> HttpResponse:
    """Takes a line with its files. The same key again is the same line: a screen repeats what got
    no answer.
    """
    form = LineForm(request)
    if not form.is_valid():
        return problem(422, " ".join(form.sentences()))
    if too_much_said(session, client_address(request), *form.size, at=timezone.now()):
        return problem(429, in_words(Refusal("files: a day’s worth"), "requester"))
    if form("got") > session.got:
        talk.heard_of(session, at=timezone.now(), got=form("got"))
    try:
        at, watched = timezone.now(), mirrored(session.ticket_id)
        entry = talk.say(session, form.written(), at=at, key=form("key"), watched=watched)
    except Refused as refused:
        return _refused(refused)
    shown = _with_links(entry, place, session) if request.FILES else None
    return JsonResponse({"id": entry, "line": shown})


def _refused(refused: Refused) -> HttpResponse:
    if refused.rule == talk.NOT_THEIRS:
        return is_over()
    return problem(429 if refused.rule == "pace" else 409, in_words(refused, "requester"))


def _with_links(entry: int, place: Place, session: ChatSession) -> Shown | None:
    """A line with the links of its files; a line of words alone the screen knows itself."""
    line = transcript.line_said(entry)
    if line is None:
        return None
    return line_for_visitor(line, session.pk, session.contact_id, place.helpdesk.key)


@require_POST
@in_their_chat
def signals(request: HttpRequest, place: Place, session: ChatSession) -> HttpResponse:
    """Takes that the visitor types, which is stored nowhere, and how far they have read or got
    everything.
    """
    given = request.POST
    if "typing" in given and session.state == ChatSession.State.OPEN:
        tell(session, typing="visitor")
    if got := entry_in(given.get("got", "")):
        talk.heard_of(session, at=timezone.now(), got=got)
    if read := entry_in(given.get("read", "")):
        talk.read_up_to(session, read, by_visitor=True)
    return HttpResponse(status=204)


@require_safe
@in_their_chat
def events(request: HttpRequest, place: Place, session: ChatSession) -> HttpResponse:
    """Returns what was said after `?after=`, and where the chat is: for lines that let no stream
    through.
    """
    after = entry_in(request.GET.get("after", ""))
    talk.heard_of(session, at=timezone.now(), got=after)
    said = islice(transcript.lines_for(session, after=after), transcript.MOST_LINES)
    states = transcript.states_of(place.helpdesk.pk, chat=session.pk)
    busy = transcript.busy_at([place.helpdesk.pk])[place.helpdesk.pk]
    shown = [
        line_for_visitor(line, session.pk, session.contact_id, place.helpdesk.key) for line in said
    ]
    return JsonResponse(
        {"lines": shown, "state": state_for_visitor(states[0], busy) if states else _ended(session)}
    )


@require_POST
@in_their_chat
def ending(request: HttpRequest, place: Place, session: ChatSession) -> HttpResponse:
    """Ends the chat for the visitor; the ticket goes on."""
    talk.end(session, ChatSession.Ended.VISITOR, at=timezone.now())
    return afterwards_of(place, session)


@require_safe
@in_their_chat
def afterwards(request: HttpRequest, place: Place, session: ChatSession) -> HttpResponse:
    """Returns where a copy is, and where the case is rated once it is closed."""
    return afterwards_of(place, session)


def afterwards_of(place: Place, session: ChatSession) -> JsonResponse:
    closing = closing_of(session.ticket)
    rating = ""
    if closing and may_rate(closing, session.contact, at=timezone.now()):
        token = rating_token(closing, session.contact)
        address = reverse("portal-rating", args=[place.helpdesk.key, token])
        rating = f"{settings.DESKBOOK_SITE_URL}{address}"
    copy = reverse("chat-copy", args=[place.helpdesk.key, link_to(session.pk, THE_COPY)])
    return JsonResponse({"copy": copy, "rating": rating, "number": str(session.ticket)})


def _ended(session: ChatSession) -> dict[str, object]:
    operator = str(session.operator.user) if session.operator else ""
    return {
        "state": session.state,
        "ended_by": session.ended_by,
        "operator": operator,
        "place": 0,
        "operators": 0,
        "waits": None,
        "read": session.operator_read,
        "number": str(session.ticket),
    }
