"""A ticket on paper: everything that was said and done on it, nothing cut and nothing folded."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any, cast

from django.http import FileResponse, HttpRequest
from django.template import engines
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.tickets.going_on import absorbed_by
from deskbook.tickets.models import Message, Ticket
from deskbook.web.acts.subject import Subject
from deskbook.web.compiled import Templates
from deskbook.web.console.ticket.clocks import cards
from deskbook.web.console.ticket.facts import facts
from deskbook.web.console.ticket.recordings import recorded_on
from deskbook.web.console.ticket.story_pages import Before, page_of
from deskbook.web.console.ticket.ticket import related, shown
from deskbook.web.console.ticket.timeline import DID, WHOLE_AT_ONCE, Item, timeline
from deskbook.web.console.ticket.whatsapp_facts import on_ticket, with_marks
from deskbook.web.shared.entering import on_a_ticket


@require_safe
@on_a_ticket
def printed(request: HttpRequest, agent: Agent, ticket: Ticket) -> FileResponse:
    """Shows the whole ticket as a page to print.

    It is written to a file, some entries at a time, before any of it is sent: what broke off in the
    middle would look like all there is.
    """
    subject, at = Subject(ticket, agent), timezone.now()
    page = TemporaryFile()  # noqa: SIM115  # closed with the response
    paper = cast(Templates, engines["jinja2"]).env.get_template("console/print.html")
    paper.stream(
        desk=desk_in_force(agent.desk).title,
        ticket=shown(subject),
        clocks=cards(subject),
        facts=_facts(subject),
        related=related(ticket, subject.state, agent, {}),
        recorded=recorded_on(ticket),
        timeline=_whole_story(subject),
        printed_at=at,
        printed_by=agent,
    ).dump(page, encoding="utf-8")
    page.seek(0)
    return FileResponse(page, content_type="text/html; charset=utf-8")


def _facts(of: Subject) -> list[tuple[str, str]]:
    """Returns what stands beside the ticket, each once, whatever of it may be changed there."""
    stands = shown(of)
    first = [(_("Stage"), stands["stage"]["title"]), (_("Requester"), stands["requester"]["name"])]
    beside = [(str(fact.called), str(fact.stands())) for fact in facts(of)]
    return list(dict.fromkeys([*first, *stands["requester"]["facts"], *beside]))


def _whole_story(of: Subject) -> Iterator[Item]:
    """Gives every entry, the first of all first; at no time more than a page of them is read."""
    whatsapp = on_ticket(of.ticket, of.desk, at=timezone.now())
    for end in reversed(_ends_of_pages(of.ticket)):
        page = timeline(of.ticket, of.desk, before=end, whole=True)
        yield from (item for item in with_marks(page, whatsapp) if item.kind != "elsewhere")


def _ends_of_pages(ticket: Ticket) -> list[Before]:
    """Returns where each page ends that together are the story as it is now, the newest first."""
    rows: list[Any] = list(ticket.log.order_by("seq").values_list("seq", "at", named=True))
    absorbed: list[Any] = list(
        Message.objects.filter(
            ticket__desk=ticket.desk_id, ticket__number__in=absorbed_by(ticket), kind__in=DID
        )
        .order_by("pk")
        .values_list("id", "at", named=True)
    )
    last = absorbed[-1].id if absorbed else 0
    end: Before | None = Before(rows[-1].seq + 1 if rows else 0, last + 1)
    ends = []
    while end:
        ends.append(end)
        *_shown, end = page_of(rows, absorbed, end, WHOLE_AT_ONCE)
    return ends
