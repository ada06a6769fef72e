"""The chats of an operator, side by side: the queue, taking, answering, passing on, ending."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.channels.chat import queue, talk, transcript
from deskbook.channels.chat.models import ChatSession
from deskbook.channels.chat.notices import tell
from deskbook.jobs.mirroring import mirrored
from deskbook.people.access import of_desk
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.people.sight import hidden_from
from deskbook.refusals.refusal import Refused
from deskbook.web.chat_live import entries_in, entry_in
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.chat_lines import line_for_operator, state_for_operator
from deskbook.web.shared.chat_words import words_of_both
from deskbook.web.shared.chat_writing import LineForm, text_problem
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Sent
from deskbook.web.shared.forms import Pressed
from deskbook.web.uploads import OF_AGENTS, too_much_today


@require_safe
@for_agents
def chats(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The screen. What is on it comes by the stream, or by asking."""
    desk = desk_in_force(agent.desk)
    channel = desk.channel_of("chat")
    if channel:
        queue.be_there(agent, at=timezone.now())
    shown = state_for_operator(_states(agent), agent.pk, at=timezone.now())
    teams = [(team.key, team.title) for team in desk.teams.values()]
    is_open = (
        bool(channel) and desk.channel_hours(channel).is_open(timezone.now()) if channel else False
    )
    return screen(
        request,
        agent,
        "chats.html",
        current="chats",
        channel=channel,
        state=shown,
        words=words(),
        teams=teams,
        page=reverse("chat", args=[agent.desk.key]),
        is_open=is_open,
        me=agent.pk,
    )


@require_safe
@for_agents
def events(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Returns the queue, the agent's chats, and what was said in them, for lines that let no stream
    through.
    """
    at = timezone.now()
    queue.be_there(agent, at=at)
    states = _states(agent)
    known = entries_in(request.GET.get("after", ""))
    own = {s.ticket_id: s.id for s in states if s.operator_id == agent.pk and s.state != "waiting"}
    lines = (
        transcript.lines_after({ticket: known.get(chat, 0) for ticket, chat in own.items()})
        if own
        else []
    )
    shown = [line_for_operator(line, own[line.ticket_id]) for line in lines]
    return JsonResponse({"lines": shown, "state": state_for_operator(states, agent.pk, at=at)})


def _states(agent: Agent) -> list[transcript.State]:
    hidden = hidden_from(agent)
    return [one for one in transcript.states_of(agent.desk_id) if not hidden.hides(one)]


@require_safe
@for_agents
def colleagues(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Returns whom a chat may be passed to: who is at the chats now."""
    there = queue.others_there(agent, at=timezone.now())
    return JsonResponse({"people": [{"id": other.pk, "name": str(other.user)} for other in there]})


def in_a_chat(act: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """Gives an act the viewer's seat and a chat of their desk; what is refused is a sentence for
    the screen.
    """

    @require_POST
    @for_agents
    @wraps(act)
    def entered(request: HttpRequest, agent: Agent, chat: int) -> HttpResponse:
        rows = ChatSession.objects.select_related(
            "ticket__desk", "desk", "contact", "operator__user"
        )
        session = of_desk(agent, rows, chat)
        try:
            return act(request, agent, session)
        except Refused as refused:
            return JsonResponse({"error": in_words(refused)}, status=409)

    return entered


@require_POST
@for_agents
def taking_next(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Takes the chat that waits longest."""
    session = queue.take_next(at=timezone.now(), by=agent)
    if session is None:
        return JsonResponse({"chat": None, "error": _("Nobody waits for you or your teams.")})
    return JsonResponse({"chat": session.pk})


@in_a_chat
def taking(request: HttpRequest, agent: Agent, session: ChatSession) -> HttpResponse:
    """Takes one chat; of two who take it at once one gets it."""
    return JsonResponse({"chat": queue.take(session, at=timezone.now(), by=agent).pk})


@in_a_chat
def lines(request: HttpRequest, agent: Agent, session: ChatSession) -> HttpResponse:
    """Sends an answer; the same key again is the same answer."""
    form = LineForm(request)
    if not form.is_valid():
        return JsonResponse({"error": " ".join(form.sentences())}, status=422)
    if too_much := too_much_today(request.FILES.getlist("files"), agent.user, OF_AGENTS):
        return JsonResponse({"error": in_words(too_much)}, status=429)
    told = {"key": form("key"), "watched": mirrored(session.ticket_id)}
    entry = talk.answer(session, form.written(), at=timezone.now(), by=agent, **told)
    line = transcript.line_said(entry) if request.FILES else None
    return JsonResponse(
        {"id": entry, "line": line_for_operator(line, session.pk) if line else None}
    )


@in_a_chat
def signals(request: HttpRequest, agent: Agent, session: ChatSession) -> HttpResponse:
    """Takes that the operator types, which is stored nowhere, and how far they have read."""
    if session.operator_id != agent.pk:
        return HttpResponse(status=204)
    if "typing" in request.POST:
        tell(session, typing="operator")
    if read := entry_in(request.POST.get("read", "")):
        talk.read_up_to(session, read, by_visitor=False)
    return HttpResponse(status=204)


class PassedOn(Pressed):
    """To "team:l2" or "person:7", and why."""

    to, reason = Sent(), Sent()


@in_a_chat
def passing(request: HttpRequest, agent: Agent, session: ChatSession) -> HttpResponse:
    """Passes the chat on to a team or to somebody who is there."""
    form, at = PassedOn(request), timezone.now()
    kind, _colon, whom = form("to").partition(":")
    said = form("reason")
    if problem := text_problem(said):
        return JsonResponse({"error": problem}, status=422)
    if kind == "team" and whom in desk_in_force(agent.desk).teams:
        queue.pass_to_team(session, whom, said, at=at, by=agent)
    elif kind == "person" and entry_in(whom):
        queue.pass_to_person(
            session, of_desk(agent, Agent.objects.all(), entry_in(whom)), said, at=at, by=agent
        )
    else:
        return JsonResponse({"error": _("Choose whom to pass it to.")}, status=422)
    return HttpResponse(status=204)


@in_a_chat
def ending(request: HttpRequest, agent: Agent, session: ChatSession) -> HttpResponse:
    """Ends the chat; its ticket goes on until it is closed as any other."""
    if session.operator_id != agent.pk:
        return JsonResponse({"error": _("This chat is not yours any more.")}, status=409)
    talk.end(session, ChatSession.Ended.OPERATOR, at=timezone.now())
    return HttpResponse(status=204)


def words() -> dict[str, str]:
    """Returns what chats.js says."""
    return {
        **words_of_both(),
        "take": _("Take"),
        "waiting": _("Waiting"),
        "nobody": _("Nobody waits."),
        "there": _("Connected"),
        "away": _("Line cut; what you write goes by mail if they do not come back"),
        "waits": _("Not sent yet; it goes out when the line is back."),
        "ended": _("The chat has ended."),
        "ended_visitor": _("{who} has ended the chat."),
        "ended_gone": _("{who} was gone for long."),
        "for_you": _("passed to you"),
        "for_other": _("passed to a colleague"),
        "since": _("{minutes} min"),
        "open": _("Open the ticket"),
        "pass": _("Pass on"),
        "end": _("End"),
        "send": _("Send"),
        "file": _("File"),
        "answer": _("Answer {who}"),
        "put_away": _("Put away"),
        "unread": _("{n} unread"),
        "lost": _("No live line to the desk. Asking every few seconds."),
        "sound": _("Sound"),
        "elsewhere": _("{n} with colleagues"),
        "now": _("now"),
        "chat": _("Chat with {who}"),
        "new_line": _("{who} wrote"),
    }
