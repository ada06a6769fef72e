"""What is put into an answer while it is written: ready answers, and articles after them."""

from collections.abc import Iterator
from itertools import chain

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.knowledge.markdown import as_letter
from deskbook.knowledge.reading import readable, reader_for
from deskbook.knowledge.search import find
from deskbook.people.access import NoAccess, of_desk
from deskbook.people.models import Agent
from deskbook.tickets.drafts import draft_at, keep_draft
from deskbook.tickets.models import Ticket
from deskbook.tickets.ready_answer_models import ReadyAnswer
from deskbook.tickets.ready_answers import filled_ready_answer, ready_answers_for
from deskbook.web.acts.act import client_key
from deskbook.web.acts.whom import words_of
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import ticket_url
from deskbook.web.console.shared.suggestions import options
from deskbook.web.console.shared.trail import trail_of
from deskbook.web.console.ticket.drafts import keep_typed
from deskbook.web.console.ticket.ticket import draft_place
from deskbook.web.shared.article_addresses import address_of
from deskbook.web.shared.entering import on_a_ticket
from deskbook.web.shared.languages import language_name
from deskbook.web.uploads import OF_AGENTS, take_uploads

MOST_ANSWERS = 6
MOST_ARTICLES = 6


@require_safe
@on_a_ticket
def offered(request: HttpRequest, agent: Agent, ticket: Ticket) -> HttpResponse:
    """Returns ready answers that hold what is typed, and articles the requester may read that fit
    it, in their language where they are; without words, those that fit the subject.
    """
    words = request.GET.get("q", "").strip()
    return options(chain(_answers(agent, words), _articles(ticket, words or ticket.subject)))


def _answers(agent: Agent, words: str) -> Iterator[tuple[str, str, str]]:
    found = ready_answers_for(agent)
    for word in words_of(words):
        found = found.filter(name__icontains=word)
    for answer in found[:MOST_ANSWERS]:
        yield f"answer:{answer.pk}", answer.name, _kept_by(answer)


def _kept_by(answer: ReadyAnswer) -> str:
    return _("of the desk") if answer.owner_id is None else _("my own")


def _articles(ticket: Ticket, words: str) -> Iterator[tuple[str, str, str]]:
    reader = reader_for(ticket.requester)
    hits = find(
        ticket.desk_id,
        words,
        language=reader.language,
        audiences=reader.audiences,
        most=MOST_ARTICLES,
    )
    for hit in hits:
        yield f"article:{hit.text.pk}", str(hit.text), language_name(hit.text.language)


@require_safe
@on_a_ticket
def article(request: HttpRequest, agent: Agent, ticket: Ticket, text: int) -> HttpResponse:
    """Returns what goes into the answer: the title and address of an article, or (`?as=text`) all
    it says.
    """
    reader = reader_for(ticket.requester)
    row = readable(reader).select_related("article__desk").filter(pk=text).first()
    if row is None or row.published is None:
        raise NoAccess("no such article")
    version = row.published
    words = f"{version.title}\n{settings.DESKBOOK_SITE_URL}{address_of(row)}"
    if request.GET.get("as") == "text":
        words = f"{version.title}\n\n{as_letter(version.body)}"
    return _plain(words)


@on_a_ticket
def answer(request: HttpRequest, agent: Agent, ticket: Ticket, answer: int) -> HttpResponse:
    """Returns a ready answer filled in; a POST puts it below what was typed."""
    kept = of_desk(agent, ready_answers_for(agent), answer)
    words = filled_ready_answer(kept, ticket, by=agent)
    if request.method != "POST":
        return _plain(words)
    place = draft_place(ticket)
    draft = draft_at(agent.user.pk, place)
    typed = (draft.fields if draft else {}).get("text", "").rstrip()
    keep_draft(agent.user, place, {"text": f"{typed}\n\n{words}" if typed else words})
    return HttpResponseRedirect(ticket_url(ticket, trail_of(request)))


@on_a_ticket
def answers(request: HttpRequest, agent: Agent, ticket: Ticket) -> HttpResponse:
    """All ready answers as they would go into this case; a POST keeps what was typed first."""
    if request.method == "POST":
        place = draft_place(ticket)
        take_uploads(request, agent.user, place, OF_AGENTS, key=client_key(request))
        keep_typed(request, agent, place)
        return HttpResponseRedirect(request.get_full_path())
    trail = trail_of(request)
    return screen(
        request,
        agent,
        "insertions.html",
        current=trail.get("queue", ""),
        number=str(ticket),
        back=ticket_url(ticket, trail),
        trail=trail,
        answers=[
            (kept, _kept_by(kept), filled_ready_answer(kept, ticket, by=agent))
            for kept in ready_answers_for(agent)
        ],
    )


def _plain(words: str) -> HttpResponse:
    return HttpResponse(words, content_type="text/plain; charset=utf-8")
